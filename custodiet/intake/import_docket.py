"""Bring a docket into its ledger: exhibits, tables, vouched registers and amendments, each step whole or not at all."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from custodiet.base.dates import Days
from custodiet.base.errors import Refused, did_you_mean
from custodiet.base.files import LARGE, is_text, read_file
from custodiet.base.text import escaped
from custodiet.intake import docket as docket_file
from custodiet.intake import enter_amendments, enter_exhibits, salt
from custodiet.intake.docket import Docket
from custodiet.intake.enter_tables import enter_absence, enter_table
from custodiet.intake.history import History
from custodiet.intake.outcome import Imported, Tally
from custodiet.intake.recorder import Clerk
from custodiet.ledger.entry import Json, Vouching
from custodiet.ledger.log import Ledger

Progress = Callable[[int, int, str], None]
"""Called with how much is done, of how much, and what is being done."""

TABLES = "records"


def bring_in(docket: Docket, ledger: Ledger, progress: Progress | None = None) -> Imported:
    """Enter whatever the docket holds and the ledger does not; run again, it adds nothing.

    Rows that cannot be read are set aside, and the rest are entered. The same docket gives the same root on any
    machine: times are the docket's, files are read in order of their names' bytes, and salts are made from the
    docket's key. Each table is entered in one transaction, so that an interrupted import resumes where it stopped.
    Raises Refused, saying what to do, if the ledger or the docket cannot be used; what was entered before that stays.
    """
    history, tally = History(ledger), Tally()
    _same_currency(docket, history)
    clerk = Clerk(docket, ledger, history, salt.docket_key(docket, ledger))
    _enter_list(docket, enter_exhibits.FILE, partial(enter_exhibits.enter_exhibits, clerk, tally))
    files = _tables(docket, tally)
    _enter_tables(clerk, tally, files, progress or _silent)
    _enter_vouched(clerk)
    _enter_list(docket, enter_amendments.FILE, partial(enter_amendments.enter_amendments, clerk, tally))
    present = {
        *files,
        *(file for file in (enter_exhibits.FILE, enter_amendments.FILE) if (docket.folder / file).exists()),
    }
    for file in sorted({table.file for table in history.tables} - present):
        enter_absence(clerk, tally, file)
    tally.notes += _not_read(docket)
    return tally.closed()


def _silent(_done: int, _total: int, _what: str) -> None:
    """Report no progress."""


def _same_currency(docket: Docket, history: History) -> None:
    for table in history.tables:
        if table.currency != docket.currency:
            message = (
                f"{docket.folder / docket_file.FILE} says {docket.currency}, but the ledger holds {table.file} with "
                f"amounts in {table.currency}. A docket keeps its currency: restore it, or begin another docket"
            )
            raise Refused(message)


def _read(path: Path) -> bytes:
    try:
        return read_file(path, LARGE)
    except OSError as wrong:
        message = f"{path} cannot be read: {wrong.strerror}"
        raise Refused(message) from wrong


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as wrong:
        message = f"{path} cannot be read: {wrong.strerror}"
        raise Refused(message) from wrong


def _enter_list(docket: Docket, file: str, enter: Callable[[bytes], None]) -> None:
    path = docket.inside(file)
    if os.path.lexists(path):  # a link that leads nowhere is a list that cannot be read, not a missing one
        enter(_read(path))


def _tables(docket: Docket, tally: Tally) -> list[str]:
    """The tables of a docket in order of their names' bytes."""
    folder = docket.inside(TABLES)
    if not folder.is_dir():
        tally.notes.append(f"{docket.folder} has no folder {TABLES}/, so it has no records")
        return []
    files = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name.encode("utf-8", "surrogateescape")):
        if path.name.startswith("."):
            continue
        if not is_text(path.name):
            tally.notes.append(f"{TABLES}/{escaped(path.name)} was not read: its name is not text in UTF-8; rename it")
        elif path.suffix.lower() == ".csv":
            files.append(f"{TABLES}/{path.name}")
        else:
            tally.notes.append(f"{TABLES}/{path.name} is not a table (<type>.csv) and was not read")
    return files


def _enter_tables(clerk: Clerk, tally: Tally, files: list[str], progress: Progress) -> None:
    sizes = [_size(clerk.docket.inside(file)) for file in files]
    for place, file in enumerate(files):
        tick = partial(_tick, progress, file, sum(sizes[:place]), sizes[place], sum(sizes))
        tick(0, 1)
        enter_table(clerk, tally, file, _read(clerk.docket.inside(file)), tick)
    if files:
        progress(sum(sizes), sum(sizes), TABLES)


def _tick(progress: Progress, file: str, before: int, size: int, total: int, done: int, rows: int) -> None:
    """Report how many bytes of all tables are done, once some rows of one are."""
    progress(before + size * done // max(1, rows), total, file)


def _enter_vouched(clerk: Clerk) -> None:
    """Enter the vouched periods of each register that are not those entered last."""
    told: dict[str, list[tuple[str, str]]] = {}
    for vouched in clerk.docket.complete:
        told.setdefault(vouched.type, []).append((_period(vouched.during), vouched.by))
    with clerk.ledger.batch() as batch:
        before = clerk.history.vouchings
        for type_name in sorted({*told, *before}):
            vouching = Vouching(type_name, tuple(told.get(type_name, ())))
            earlier = before.get(type_name, (Vouching(type_name, ()),))
            if earlier[-1] != vouching:
                key: list[Json] = ["vouching", type_name, len(before.get(type_name, ()))]
                clerk.enter(batch, key, docket_file.FILE, vouching)


def _period(during: Days) -> str:
    return f"{during.first or '..'}/{during.last or '..'}"


def _not_read(docket: Docket) -> list[str]:
    """Files beside docket.toml that look as if they were meant to be read."""
    known = (docket_file.FILE, enter_amendments.FILE, salt.FILE, TABLES, enter_exhibits.FOLDER)
    notes = []
    for path in sorted(docket.folder.iterdir()):
        hint = did_you_mean(path.name, known)
        if path.name not in known and not path.name.startswith(".") and (path.suffix == ".csv" or hint):
            notes.append(f"{escaped(path.name)} is not part of a docket and was not read{f'; {hint}' if hint else ''}")
    return notes
