"""Enter a table of records: an exhibit, and an entry that maps it; a changed table amends what it said before."""

import hashlib
import io
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from custodiet.intake.outcome import Tally
from custodiet.intake.recorder import Clerk
from custodiet.intake.tables import GoodRow, Reading, read_table
from custodiet.ledger.entry import SOURCE, Amendment, Table, committed
from custodiet.ledger.log import Batch
from custodiet.ledger.rows import RowLeaves
from custodiet.records import UNKNOWN
from custodiet.verify.merkle import EMPTY_ROOT, root

CHANGED = "the table was changed"
"""The reason given when a new version of a table amends a field."""

Tick = Callable[[int, int], None]


def enter_table(clerk: Clerk, tally: Tally, file: str, data: bytes, tick: Tick) -> None:
    """Enter one file of `records/` in one transaction; a file that the ledger already holds adds nothing."""
    with clerk.ledger.batch() as batch:
        versions = clerk.history.versions(file)
        sha256 = hashlib.sha256(data).hexdigest()
        same = bool(versions) and versions[-1].sha256 == sha256
        if same and versions[-1].columns:
            _tell_again(tally, versions[-1])
            return
        type_name = PurePosixPath(file).stem
        reading = read_table(file, data, type_name, clerk.docket.types, clerk.docket.currency, clerk.history.told, tick)
        # A file of which nothing could be read is read again: the pack may define its type or its columns now.
        if same and not reading.columns:
            _tell_again(tally, versions[-1])
            return
        before = clerk.history.rows_of(file)
        table = _table(clerk, reading, file, type_name, sha256, before)
        clerk.ledger.custody.keep(io.BytesIO(data))
        clerk.enter_file(batch, table)
        amended = _amend(batch, clerk, table, reading, before, len(versions))
    touched = {id_ for id_, _ in amended}
    again = sum(1 for row in reading.rows if row.id in before)
    tally.added += len(reading.rows) - again
    tally.amended += len(amended)
    tally.unchanged += again - len(touched)
    tally.tell_wrong(table)
    dropped = {name for _, name in versions[-1].columns} - set(reading.columns) if versions and reading.columns else ()
    tally.notes += [f"{file}: the column {name} is gone; its values stay recorded" for name in sorted(dropped)]


def enter_absence(clerk: Clerk, tally: Tally, file: str) -> None:
    """Enter that a file is gone from the docket; its records stay."""
    with clerk.ledger.batch() as batch:
        last = clerk.history.versions(file)[-1]
        if last.sha256:
            vanished = tuple(sorted(clerk.history.rows_of(file))) if last.type in clerk.docket.types else ()
            last = Table(file, last.type, (), (), last.currency, 0, EMPTY_ROOT.hex(), "", vanished=vanished)
            clerk.enter_file(batch, last)
    tally.notes.append(f"{file} is gone from the docket; its records stay")
    tally.tell_wrong(last)


def _tell_again(tally: Tally, table: Table) -> None:
    tally.unchanged += table.rows
    tally.tell_wrong(table)


def _table(
    clerk: Clerk, reading: Reading, file: str, type_name: str, sha256: str, before: Mapping[str, object]
) -> Table:
    private = committed(clerk.docket.types, type_name, reading.columns)
    leaves = RowLeaves(clerk.key, file, sha256, type_name, reading.columns[1:], private)
    present = {row.id for row in reading.rows} | reading.ids_set_aside
    return Table(
        file=file,
        type=type_name,
        columns=tuple((name, name) for name in reading.columns),
        committed=private,
        currency=clerk.docket.currency,
        rows=len(reading.rows),
        rows_root=root(leaves.leaf(row.line, row.id, row.cells) for row in reading.rows).hex(),
        sha256=sha256,
        set_aside=reading.set_aside,
        vanished=tuple(sorted(set(before) - present)),
        form=reading.form,
    )


def _amend(
    batch: Batch, clerk: Clerk, table: Table, reading: Reading, before: Mapping[str, Mapping[str, str]], version: int
) -> list[tuple[str, str]]:
    """Amend every field that earlier versions of the table gave differently, whatever amended it since.

    Otherwise the next change anywhere in a table would undo the corrections in amendments.csv.
    """
    amended = []
    for row in reading.rows:
        if row.id in before:
            for name, value in _differences(reading, row, before[row.id]):
                body = Amendment(table.type, row.id, name, value, CHANGED)
                clerk.enter(batch, ["row", table.file, version, row.id, name], f"{table.file}#{row.line}", body)
                amended.append((row.id, name))
    return amended


def _differences(reading: Reading, row: GoodRow, before: Mapping[str, str]) -> list[tuple[str, str]]:
    # The row's own source comes first, so that each amended field is shown with its new place.
    names = sorted(reading.columns[1:], key=lambda name: name != SOURCE)
    told = {name: row.cells.get(name, "" if name == SOURCE else UNKNOWN.value) for name in names}
    return [
        (name, told[name]) for name in names if told[name] != before.get(name, "" if name == SOURCE else UNKNOWN.value)
    ]
