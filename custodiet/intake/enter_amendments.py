"""`amendments.csv` into the ledger: each row corrects one field of one record, and says why and by whom."""

import io
from collections import Counter
from collections.abc import Iterator, Mapping

from custodiet.base.errors import did_you_mean
from custodiet.intake.clerk import Clerk
from custodiet.intake.imported import Tally, Vanished
from custodiet.intake.known import Known
from custodiet.intake.lists import Complaint, List, ListRow, read_list
from custodiet.ledger.as_of import Moment
from custodiet.ledger.entry import Amendment, Json, Table, canonical
from custodiet.ledger.log import Batch
from custodiet.records import TYPES, cell, read_cell
from custodiet.verify.merkle import root

FILE = "amendments.csv"
TYPE = "amendment"
COLUMNS = ("record", "field", "value", "why", "by", "recorded_at")


def enter_amendments(clerk: Clerk, known: Known, tally: Tally, data: bytes) -> None:
    """Enter every amendment that the ledger does not hold yet, in order of recording, in one transaction."""
    types = known.types
    told = read_list(FILE, data, COLUMNS, lambda cells: _complaints(clerk, types, cells))
    with clerk.ledger.batch() as batch:
        before = {
            kept.key: (kept.leaf, kept.entry.body.record)
            for kept in clerk.ledger.entries()
            if isinstance(kept.entry.body, Amendment) and kept.key.startswith(f'["{TYPE}",')
        }
        leaves: dict[str, bytes] = {}
        for key, row in _keyed(told):
            written = canonical(key).decode()
            leaves[written] = before[written][0] if written in before else _enter(batch, clerk, key, row, types)
        table = Table(
            file=FILE,
            type=TYPE,
            columns=tuple((name, name) for name in COLUMNS) if told.rows else (),
            currency=clerk.docket.currency,
            rows=len(told.rows),
            rows_root=root(leaves.values()).hex(),
            sha256=clerk.ledger.custody.keep(io.BytesIO(data)),
            set_aside=told.set_aside,
            vanished=tuple(sorted(record for key, (_, record) in before.items() if key not in leaves)),
        )
        clerk.enter_file_if_new(batch, table)
    tally.amended += len(leaves.keys() - before.keys())
    tally.unchanged += len(leaves.keys() & before.keys())
    tally.set_aside += told.set_aside
    tally.vanished += [Vanished(FILE, id_) for id_ in table.vanished]


def _keyed(told: List) -> Iterator[tuple[list[Json], ListRow]]:
    """The rows in order of recording, each with its idempotency key: what it says, and which copy of that it is."""
    copies: Counter[tuple[str, ...]] = Counter()
    for row in sorted(told.rows, key=lambda row: Moment.read(row.cells["recorded_at"]).first):
        content = tuple(row.cells[name] for name in COLUMNS)
        yield [TYPE, *content, copies[content]], row
        copies[content] += 1


def _enter(batch: Batch, clerk: Clerk, key: list[Json], row: ListRow, types: Mapping[str, str]) -> bytes:
    cells = row.cells
    type_name = types[cells["record"]]
    value = read_cell(TYPES[type_name].field(cells["field"]), cells["value"], clerk.docket.currency)
    body = Amendment(type_name, cells["record"], cells["field"], cell(value), cells["why"])
    recorded_at = Moment.read(cells["recorded_at"]).text
    return clerk.enter(batch, key, f"{FILE}#{row.line}", body, cells["by"], recorded_at)


def _complaints(clerk: Clerk, types: Mapping[str, str], cells: Mapping[str, str]) -> list[Complaint]:
    complaints: list[Complaint] = []
    type_name = types.get(cells["record"])
    if type_name is None:
        complaints.append(("record", "the id of a record in this docket was expected"))
    elif cells["field"] not in TYPES[type_name].names:
        names = TYPES[type_name].names
        expected = f"a field of a {type_name.replace('_', ' ')} was expected: {', '.join(names)}"
        complaints.append(("field", f"{did_you_mean(cells['field'], names)} {expected}".strip()))
    else:
        try:
            read_cell(TYPES[type_name].field(cells["field"]), cells["value"], clerk.docket.currency)
        except ValueError as wrong:
            complaints.append(("value", str(wrong)))
    if not cells["why"]:
        complaints.append(("why", "the reason was expected"))
    if not cells["by"]:
        complaints.append(("by", "who amends it was expected"))
    complaints += _time_complaints(clerk, cells["recorded_at"])
    return complaints


def _time_complaints(clerk: Clerk, text: str) -> list[Complaint]:
    try:
        recorded = Moment.read(text)
    except ValueError as wrong:
        return [("recorded_at", str(wrong))]
    if recorded.last < Moment.read(clerk.docket.recorded_at).first:
        return [("recorded_at", f"a time not before the docket's ({clerk.docket.recorded_at}) was expected")]
    return []
