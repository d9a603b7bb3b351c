"""What the solver finds in a docket's pack, asked once for each version of the pack and cached for the user."""

import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.cache import keep, recall
from custodiet.cli.open_docket import Opened
from custodiet.cli.printing import say
from custodiet.cli.progress import Bar
from custodiet.proofs.smt.budget import MEMORY

if TYPE_CHECKING:
    from custodiet.proofs.pack_proofs import Proved


def print_proof(opened: Opened) -> None:
    """Print which rules contradict each other, which records no rule answers, and which rules never decide.

    None of it stops an audit. The findings are kept in the user's own cache, so that the next audit by the same law
    need not ask again. Without the solver, a notice says that the pack is not proved.
    """
    pins = _pins(opened)
    kept = recall(pins)
    for told in _asked(opened, pins) if kept is None else json.loads(kept):
        say(told, end="\n\n", file=sys.stderr)


def _asked(opened: Opened, pins: dict[str, str]) -> list[str]:
    """The solver's findings, as they are printed."""
    from custodiet.proofs.pack_proofs import prove_pack

    with Bar("proving") as bar:
        proved = prove_pack(opened.pack, progress=bar)
    if proved.not_proved:
        return [f"the pack is not proved: {proved.not_proved}"]
    found = [*(problem.shown() for problem in proved.problems), *_undecided(proved)]
    # With more memory the solver may get further another time; the limit on steps is the same each time.
    if all(each.why != MEMORY for each in proved.undecided):
        keep(pins, json.dumps(found))
    return found


def _undecided(proved: "Proved") -> Iterator[str]:
    """A sentence for questions that are undecided, if there are any."""
    if proved.undecided:
        number = f"{len(proved.undecided):,} of {proved.questions:,} questions about all records are undecided"
        yield f"the pack is not completely proved: {number}; `custodiet check` lists them; give it more with --steps"


def _pins(opened: Opened) -> dict[str, str]:
    """Everything that the findings and their wording depend on."""
    return {
        "pack": opened.pack.hash,
        "folder": str(opened.docket.pack),
        "program": _program(),
        "solver": _solver(),
    }


def _program() -> str:
    """The program's version and the hash of its sources: another version may find something else."""
    import custodiet
    from custodiet.audit.version import program_version

    folder = Path(custodiet.__file__).parent
    sources = sorted(each for kind in ("py", "lark") for each in folder.rglob(f"*.{kind}"))
    return f"{program_version()} {sha256(b''.join(map(Path.read_bytes, sources))).hexdigest()}"


def _solver() -> str:
    from importlib import metadata

    try:
        return f"z3 {metadata.version('z3-solver')}"
    except metadata.PackageNotFoundError:
        return "none"
