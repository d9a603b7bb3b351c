"""What the solver finds in a docket's pack, asked once for each state of the pack and kept beside the ledger."""

import json
import sys
from pathlib import Path

from custodiet.cli.open_docket import Opened
from custodiet.cli.progress import Bar
from custodiet.cli.said import say

FILE = "proved.json"


def print_proof(opened: Opened) -> None:
    """Tell a person of rules that contradict each other, records that no rule answers, and rules that never decide.

    None of it stops an audit. What was found is kept with the pack's hash and the program's version, so that the next
    audit by the same law need not ask again; without the solver it is said that nothing was asked.
    """
    kept = opened.docket.ledger_folder / FILE
    pins = _pins(opened)
    found = _kept(kept, pins)
    if found is None:
        found = _asked(opened)
        kept.write_text(json.dumps({**pins, "found": found}, indent=1) + "\n", encoding="utf-8")
    for told in found:
        say(told, end="\n\n", file=sys.stderr)


def _asked(opened: Opened) -> list[str]:
    """What the solver finds, as it is printed."""
    from custodiet.policy.proved import prove_pack

    with Bar("proving") as bar:
        proved = prove_pack(opened.pack, progress=bar)
    if proved.not_proved:
        return [f"the pack is not proved: {proved.not_proved}"]
    return [problem.shown() for problem in proved.problems]


def _kept(file: Path, pins: dict[str, str]) -> list[str] | None:
    """What was found before, if it was the same pack in the same place, and the same program."""
    if not file.is_file():
        return None
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return None  # Half a file, of a run that was stopped: the solver is asked again.
    found = kept.get("found") if isinstance(kept, dict) else None
    same = isinstance(found, list) and all(kept.get(name) == value for name, value in pins.items())
    return [str(told) for told in found] if same and isinstance(found, list) else None


def _pins(opened: Opened) -> dict[str, str]:
    from importlib.util import find_spec

    from custodiet.audit.version import program_version

    solver = "z3" if find_spec("z3") is not None else "none"
    return {
        "pack": opened.pack.hash,
        "folder": str(opened.docket.pack),
        "program": program_version(),
        "solver": solver,
    }
