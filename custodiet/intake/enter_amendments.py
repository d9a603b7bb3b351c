"""`amendments.csv` into the ledger: each row corrects one field of one record, and says why and by whom."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import groupby

from custodiet.base.errors import did_you_mean
from custodiet.base.text import one_form
from custodiet.intake.history import First, History
from custodiet.intake.lists import Complaint, List, ListRow, read_list
from custodiet.intake.outcome import Tally
from custodiet.intake.recorder import Clerk
from custodiet.ledger import amendments as amended
from custodiet.ledger.amendments import COLUMNS, TYPE, Amendments
from custodiet.ledger.as_of import Moment
from custodiet.ledger.entry import Amendment, Json, SetAside, canonical
from custodiet.ledger.log import Batch
from custodiet.records import Types, Value, cell, one, read_cell
from custodiet.records.impossible import checked, impossible
from custodiet.records.names import unseen, unseen_in

FILE = amended.FILE


def enter_amendments(clerk: Clerk, tally: Tally, data: bytes) -> None:
    """Enter every amendment that the ledger does not hold yet, in order of recording, in one transaction."""
    known = clerk.history.told
    told = read_list(FILE, data, COLUMNS, lambda cells: _complaints(clerk, known, cells))
    told = _possible(told, clerk.history, clerk.docket.types, clerk.docket.currency)
    with clerk.ledger.batch() as batch:
        before = {
            one_form(kept.key): kept.leaf
            for kept in clerk.history.amendments
            if isinstance(kept.entry.body, Amendment) and kept.key.startswith(f'["{TYPE}",')
        }
        leaves: dict[str, bytes] = {}
        for key, row in _keyed(told):
            written = canonical(key).decode()
            leaves[written] = before[written] if written in before else _enter(batch, clerk, key, row, known)
        gone = [one_form(each.body.record) for each in _amendments(clerk, data, told).gone()]
        table = clerk.enter_list(batch, (FILE, TYPE), COLUMNS, data, told, leaves.values(), gone)
    tally.amended += len(leaves.keys() - before.keys())
    tally.unchanged += len(leaves.keys() & before.keys())
    tally.tell_wrong(table)


def _amendments(clerk: Clerk, data: bytes, told: List) -> Amendments:
    """The ledger's history, and the list as it is now."""
    amendments = Amendments(clerk.docket.types)
    for kept in clerk.history.amendments:
        amendments.read(kept, clerk.ledger)
    amendments.bring_in(data, {each.row for each in told.set_aside}, clerk.docket.currency)
    return amendments


def _possible(told: List, history: History, types: Types, currency: str) -> List:
    """The list without rows that would make a record impossible, such as one that ends before it begins.

    Rows about one record with the same time are applied together, so that both its dates can be moved at once.
    """
    known, rows_of = history.told, cache(history.rows_of)
    values: dict[str, dict[str, Value]] = {}
    aside: list[SetAside] = []
    for (id_, _), group in groupby(_by_time(told), key=lambda row: (row.cells["record"], row.cells["recorded_at"])):
        definition = types[known[id_].type]
        names = checked(definition)
        rows = [row for row in group if row.cells["field"] in names]
        if not rows:
            continue
        before = values.get(id_) or {
            name: read_cell(definition.field(name), text, currency)
            for name, text in rows_of(known[id_].file).get(id_, {}).items()
            if name in names
        }
        after = before | {
            row.cells["field"]: read_cell(definition.field(row.cells["field"]), row.cells["value"], currency)
            for row in rows
        }
        already = set(impossible(definition, before))
        wrong = next((each for each in impossible(definition, after) if each not in already), None)
        values[id_] = after if wrong is None else before
        if wrong is not None:
            said = f"{wrong.expected}: {wrong.field} of {id_} would be {wrong.value}"
            aside += [SetAside(FILE, row.line, "value", row.cells["value"], said) for row in rows]
    lines = {each.row for each in aside}
    rows_left = tuple(row for row in told.rows if row.line not in lines)
    return replace(told, rows=rows_left, set_aside=tuple(sorted((*told.set_aside, *aside), key=lambda each: each.row)))


def _by_time(told: List) -> list[ListRow]:
    """The rows in order of recording; those of one time grouped by record."""
    return sorted(told.rows, key=lambda row: (Moment.read(row.cells["recorded_at"]).first, row.cells["record"]))


def _keyed(told: List) -> Iterator[tuple[list[Json], ListRow]]:
    """The rows in order of recording, each with its idempotency key: its content, and which copy of it this is."""
    copies: Counter[tuple[str, ...]] = Counter()
    for row in sorted(told.rows, key=lambda row: Moment.read(row.cells["recorded_at"]).first):
        content = tuple(row.cells[name] for name in COLUMNS)
        yield [TYPE, *content, copies[content]], row
        copies[content] += 1


def _enter(batch: Batch, clerk: Clerk, key: list[Json], row: ListRow, known: Mapping[str, First]) -> bytes:
    cells = row.cells
    type_name = known[cells["record"]].type
    value = read_cell(clerk.docket.types[type_name].field(cells["field"]), cells["value"], clerk.docket.currency)
    body = Amendment(type_name, cells["record"], cells["field"], cell(value), cells["why"])
    recorded_at = Moment.read(cells["recorded_at"]).text
    return clerk.enter(batch, key, f"{FILE}#{row.line}", body, cells["by"], recorded_at)


def _complaints(clerk: Clerk, known: Mapping[str, First], cells: Mapping[str, str]) -> list[Complaint]:
    complaints: list[Complaint] = []
    first = known.get(cells["record"])
    if first is None:
        complaints.append(("record", "no record of this docket has that id; write the id of one"))
    elif cells["field"] not in (names := clerk.docket.types[first.type].names):
        fields = f"the fields of {one(first.type)} are {', '.join(names)}"
        complaints.append(("field", f"{did_you_mean(cells['field'], names)} {fields}".strip()))
    else:
        field = clerk.docket.types[first.type].field(cells["field"])
        try:
            read_cell(field, cells["value"], clerk.docket.currency)
        except ValueError as wrong:
            complaints.append(("value", str(wrong)))
        complaints += [("value", expected) for expected in unseen_in(field, cells["value"])]
    if not cells["why"]:
        complaints.append(("why", "it is blank; write the reason for the amendment"))
    if not cells["by"]:
        complaints.append(("by", "it is blank; write who makes the amendment"))
    complaints += [("by", expected) for expected in unseen(cells["by"])]
    complaints += _time_complaints(clerk, cells["recorded_at"])
    return complaints


def _time_complaints(clerk: Clerk, text: str) -> list[Complaint]:
    try:
        recorded = Moment.read(text)
    except ValueError as wrong:
        return [("recorded_at", str(wrong))]
    if recorded.last < Moment.read(clerk.docket.recorded_at).first:
        docket = f"it is before the docket's own recorded_at, {clerk.docket.recorded_at}"
        return [("recorded_at", f"{docket}; write a time that is not")]
    return []
