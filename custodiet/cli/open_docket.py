"""Open a docket for a command: read it, import what its ledger lacks, read its pack, view its records."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from custodiet.audit.retroactive import audit_by_law_of
from custodiet.audit.run import Audit, audit
from custodiet.base.errors import Problem, Refused, WrongCall
from custodiet.cli.notices import print_impossible
from custodiet.cli.options import folder_with
from custodiet.cli.printing import say
from custodiet.cli.progress import Bar
from custodiet.intake.docket import Docket, read_docket
from custodiet.intake.import_docket import bring_in
from custodiet.intake.outcome import Imported
from custodiet.ledger.as_of import AsOf
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import View, view
from custodiet.policy.packs.pack import Pack, read_pack


@dataclass(frozen=True, slots=True)
class Opened:
    """A docket with its law and its facts."""

    docket: Docket
    pack: Pack
    view: View
    imported: Imported


@dataclass(frozen=True, slots=True)
class Recorded:
    """A docket's facts alone, to be decided by a law that is not its own."""

    docket: Docket
    view: View
    imported: Imported


def open_docket(folder: Path, as_of: str | None = None) -> Opened:
    """The docket in a folder, its tables imported, as of an earlier state or as it is now."""
    docket = read_docket(folder_with(folder, "docket.toml", "docket"))
    if not (docket.pack / "pack.toml").is_file():
        where = f"{folder / 'docket.toml'}: its pack is not at {docket.pack}"
        raise Refused(f"{where}; write the path of a folder that holds pack.toml")
    pack = read_pack(docket.pack)
    recorded = _recorded(docket, as_of)
    return Opened(docket, pack, recorded.view, recorded.imported)


def open_records(folder: Path, as_of: str | None = None) -> Recorded:
    """The same without the docket's own pack, which may be missing."""
    return _recorded(read_docket(folder_with(folder, "docket.toml", "docket")), as_of)


def _recorded(docket: Docket, as_of: str | None) -> Recorded:
    state = _state(as_of)
    with Ledger.open(docket.ledger_folder, docket.types) as ledger:
        imported = import_into(ledger, docket)
        seen = view(ledger, docket.currency, state)
    print_impossible(seen)
    return Recorded(docket, seen, imported)


def audited(opened: Opened) -> Audit:
    """What the docket's pack answers for its records, with a progress bar."""
    with Bar("deciding") as progress:
        return audit(opened.docket.title, opened.docket.currency, opened.pack, opened.view, progress)


def audited_by(pack: Pack, recorded: Recorded) -> Audit:
    """What a pack answers for a docket's records, each by the law of its own day."""
    docket = recorded.docket
    with Bar(f"deciding {docket.title}") as progress:
        return audit(docket.title, docket.currency, pack, recorded.view, progress)


def by_law_of(day: date | None, own: Audit) -> Audit:
    """The same records, all by the law of one day; the audit as it is if no day is named."""
    if day is None:
        return own
    with Bar(f"deciding {own.title} by the law of {day}") as progress:
        return audit_by_law_of(day, own, progress)


def refuse_unfounded_findings(done: Audit, readers: str) -> None:
    """Refuse to publish findings that the pack's procedure does not let anyone make yet.

    One unreadable cell does not block the internal edition: while a step's row is set aside, the page is written with
    what stands against the findings and with the row itself. No other reader is shown them before it is mended.
    """
    from custodiet.cases.case import Case
    from custodiet.cases.steps import refuse_unfounded
    from custodiet.policy.packs.procedure import STEPS

    procedure = done.pack.procedure
    waiting = any(PurePosixPath(row.file).stem in STEPS for row in done.view.set_aside)
    if procedure is not None and not (waiting and readers == "internal"):
        refuse_unfounded(Case(done.view.facts), procedure, done.results)


def _state(as_of: str | None) -> AsOf | None:
    try:
        return None if as_of is None else AsOf.read(as_of)
    except ValueError as wrong:
        raise WrongCall(f"--as-of: {wrong}") from wrong


def import_into(ledger: Ledger, docket: Docket) -> Imported:
    """Import what a docket's ledger lacks, with a progress bar."""
    with Bar("importing") as progress:
        return bring_in(docket, ledger, progress)


def print_problems(problems: tuple[Problem, ...]) -> None:
    """Print problems that stop nothing."""
    for problem in problems:
        say(problem.shown(), end="\n\n", file=sys.stderr)
