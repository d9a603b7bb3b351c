"""What the solver finds in a docket's pack, asked once for each state of the pack and kept for its user."""

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
    """Tell a person of rules that contradict each other, records that no rule answers, and rules that never decide.

    None of it stops an audit. What was found is kept in the user's own cache, so that the next audit by the same law
    need not ask again; without the solver it is said that nothing was asked.
    """
    pins = _pins(opened)
    kept = recall(pins)
    for told in _asked(opened, pins) if kept is None else json.loads(kept):
        say(told, end="\n\n", file=sys.stderr)


def _asked(opened: Opened, pins: dict[str, str]) -> list[str]:
    """What the solver finds, as it is printed."""
    from custodiet.proofs.pack_proofs import prove_pack

    with Bar("proving") as bar:
        proved = prove_pack(opened.pack, progress=bar)
    if proved.not_proved:
        return [f"the pack is not proved: {proved.not_proved}"]
    found = [*(problem.shown() for problem in proved.problems), *_undecided(proved)]
    # With more memory it may come further another time; the bound on steps is the same each time.
    if all(each.why != MEMORY for each in proved.undecided):
        keep(pins, json.dumps(found))
    return found


def _undecided(proved: "Proved") -> Iterator[str]:
    """In a sentence, that questions came to no end."""
    if proved.undecided:
        number = f"{len(proved.undecided):,} of {proved.questions:,} questions about all records are undecided"
        yield f"the pack is not wholly proved: {number}; `custodiet check` lists them, and --steps takes it further"


def _pins(opened: Opened) -> dict[str, str]:
    """All that what is found, and how it is told, depends on."""
    return {
        "pack": opened.pack.hash,
        "folder": str(opened.docket.pack),
        "program": _program(),
        "solver": _solver(),
    }


def _program() -> str:
    """The program's version and the hash of its sources: between two versions it may find something else."""
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
