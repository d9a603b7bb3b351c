"""One view over everything in the ledger: rows of tables and single entries, with every amendment applied."""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.base.text import lookalike, one_form, written_out
from custodiet.ledger.amendments import FILE as AMENDMENTS
from custodiet.ledger.amendments import Amendments
from custodiet.ledger.as_of import AsOf, Moment
from custodiet.ledger.definitions import Definitions
from custodiet.ledger.entry import LISTS, SOURCE, Amendment, ExhibitKept, RecordMade, SetAside, Table, Vouching
from custodiet.ledger.log import Kept, Ledger
from custodiet.ledger.table import Column, ids_set_aside, rows
from custodiet.records import UNKNOWN, Kind, RecordType, Types, Value, cell, one
from custodiet.records.definitions import both, is_defined
from custodiet.records.facts import Facts, Vouched
from custodiet.records.impossible import Impossible, checked, impossible
from custodiet.records.record import Record


@dataclass(frozen=True, slots=True)
class State:
    """The state of the ledger that a view is of."""

    size: int
    root: str
    recorded_at: str
    """The latest time of recording in it; empty for no entries."""

    @property
    def recorded_on(self) -> date | None:
        """The day to which delays and time limits are counted.

        None if there are no entries, or if the latest time is outside the calendar: a time that must be mistyped ends
        no delay.
        """
        moment = Moment.of_entry(self.recorded_at) if self.recorded_at else None
        return moment.first.date() if moment is not None and moment.in_calendar else None


@dataclass(frozen=True, slots=True)
class Origin:
    """One statement of one field of one record: the entry, the file and line, and the text."""

    index: int
    source: str
    """The file and line: `records/seat.csv#12`."""
    place: str
    """The row's own source, exhibit#place; empty if none is given."""
    value: str
    """The text of a cell."""
    by: str
    recorded_at: str
    why: str = ""
    """Why it was amended; empty for the first statement."""


@dataclass(frozen=True, slots=True)
class Dangling:
    """A reference to a record that the ledger does not have; the fact stays unknown."""

    type: str
    record: str
    field: str
    refers_to: str
    value: str
    looks_like: str = ""
    """The id of a record of that type that looks the same to a reader; empty if there is none."""


@dataclass(frozen=True, slots=True)
class HeldOver:
    """Something that is counted at an earlier value: its row can no longer be read, or is gone from its file.

    It is a record, or one field of it as an amendment left it.
    """

    record: str
    type: str
    file: str
    line: int | None
    """The line of the row that is set aside now; None if the file no longer has it."""
    entry: int
    """The index of the last entry with the record, or with the amendment."""
    field: str = ""
    """The field whose amendment it is; empty for a record."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A record as it was first recorded."""

    type: str
    values: dict[str, Value]
    kept: Kept
    source: str
    place: str
    names: frozenset[str]
    """The fields that were asked for: the columns of the table, or what the entry holds."""


class View:
    """The records in the ledger, and the origin of each of their fields."""

    def __init__(self, ledger: Ledger, currency: str, as_of: AsOf | None) -> None:
        """Read everything up to a state of the ledger."""
        self._currency = currency
        self._told: dict[str, _Told] = {}
        self._tables: dict[str, Table] = {}
        """Each file as it was brought in last."""
        self._every_table: list[Table] = []
        self._aside: dict[str, dict[str, int]] = {}
        """For each table as it was brought in last: the ids of the rows set aside, each with its line."""
        self._told_twice: list[SetAside] = []
        self._not_defined: dict[str, list[SetAside]] = {}
        """For each file as it was brought in last: what of it no definition says how to read."""
        self._committed: set[tuple[str, str]] = set()
        self._vouchings: dict[str, Vouching] = {}
        entries = ledger.entries(as_of)
        self.types = _defined_in(entries, ledger.types)
        """The definitions by which its records are read."""
        amendments = Amendments(self.types)
        for kept in entries:
            amendments.read(kept, ledger)
            self._read(kept, ledger)
        self._amendments = dict(amendments.in_order())
        latest = max(entries, key=lambda kept: kept.entry.recorded.last, default=None)
        recorded_at = "" if latest is None else latest.entry.recorded_at
        self.authors = tuple(sorted({written_out(kept.entry.author) for kept in entries}))
        self.as_of = State(len(entries), ledger.root_at(len(entries)), recorded_at)
        self.facts = Facts(self._records(), self.types, self._vouched())

    def under(self, law: Types) -> "View":
        """The same view for a law with record types of its own; Refused as `Facts.under`."""
        facts = self.facts.under(law)
        if facts is self.facts:
            return self
        seen = copy(self)
        seen.facts = facts
        return seen

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """What could not be read in the files as they were brought in last, and rows whose id another one has.

        What no definition says how to read is kept, and counted here.
        """
        return (
            *(each for file in sorted(self._tables) for each in self._tables[file].set_aside),
            *(each for file in sorted(self._not_defined) for each in self._not_defined[file]),
            *self._told_twice,
        )

    @property
    def undefined(self) -> tuple[str, ...]:
        """The record types of tables that were read once and that no definition says how to read now."""
        tables = (table for table in self._every_table if table.rows and table.type not in LISTS)
        return tuple(sorted({table.type for table in tables} - self.types.keys()))

    @property
    def committed(self) -> frozenset[tuple[str, str]]:
        """The fields, by type and name, that were not public when a table with them was brought in."""
        return frozenset(self._committed)

    @cached_property
    def held_over(self) -> tuple[HeldOver, ...]:
        """What is counted at an earlier value, because its row can no longer be read or is gone, by file and id."""
        last = {id_: told.kept.index for id_, told in self._told.items()}
        for (id_, _), amendments in self._amendments.items():
            last[id_] = max(last[id_], amendments[-1].kept.index)
        records = (
            HeldOver(id_, self._told[id_].type, file, line, last[id_])
            for file, table in sorted(self._tables.items())
            if table.type in self.types
            for id_, line in sorted({**dict.fromkeys(table.vanished), **self._aside.get(file, {})}.items())
            if id_ in self._told
        )
        amended = (
            HeldOver(id_, self._told[id_].type, AMENDMENTS, held.aside, held.kept.index, field)
            for (id_, field), amendments in sorted(self._amendments.items())
            if (held := amendments[-1]).gone
        )
        return (*amended, *records)

    @property
    def unreadable(self) -> frozenset[str]:
        """The tables of which no row was read, because of their name or their header."""
        return frozenset(file for file, table in self._tables.items() if table.set_aside and not table.columns)

    def resting_on(self, exhibit: str) -> tuple[str, ...]:
        """The ids of the records whose source is a place in this exhibit."""
        return tuple(
            id_ for id_, told in sorted(self._told.items()) if self._source(id_, told).partition("#")[0] == exhibit
        )

    def type_of(self, record_id: str) -> str:
        """The type of a record; KeyError if the ledger does not have it."""
        return self._told[record_id].type

    def origins(self, record_id: str, field: str) -> tuple[Origin, ...]:
        """The statements of a field of a record, oldest first; the last one holds. KeyError for an unknown record.

        A blank cell in the field's column states that the field is unknown.
        """
        told = self._told[record_id]
        origins = []
        if field in told.names:
            origins.append(_origin(told.kept, told.source, told.place, cell(told.values.get(field, UNKNOWN))))
        for each in self._amendments.get((record_id, field), ()):
            place = self._place(record_id, each.kept)
            origins.append(_origin(each.kept, each.kept.entry.source, place, one_form(each.body.value), each.body.why))
        return tuple(origins)

    @cached_property
    def impossible(self) -> tuple[tuple[str, Impossible], ...]:
        """Values that no table could introduce today, each with its record's id: they are older than the check."""
        return tuple(
            (record.id, each)
            for definition in self.types.values()
            if not definition.derived and checked(definition)
            for record in self.facts.of(definition.name)
            for each in impossible(definition, record.values)
        )

    @cached_property
    def dangling(self) -> tuple[Dangling, ...]:
        """References to records that the ledger does not have, by type and id."""
        known = {
            (definition.name, record.id)
            for definition in self.types.values()
            for record in self.facts.of(definition.name)
        }
        seen = {(type_name, lookalike(id_)): id_ for type_name, id_ in sorted(known, reverse=True)}
        return tuple(
            Dangling(
                definition.name, record.id, field.name, field.refers_to, target,
                seen.get((field.refers_to, lookalike(target)), ""),
            )
            for definition in self.types.values()
            if not definition.derived
            for field in definition.fields
            if field.kind is Kind.REFERENCE
            for record in self.facts.of(definition.name)
            if isinstance(target := record.value(field.name), str) and (field.refers_to, target) not in known
        )  # fmt: skip

    @cached_property
    def lookalikes(self) -> tuple[tuple[str, ...], ...]:
        """Ids of different records that look the same to a reader, each group in order."""
        alike: dict[str, list[str]] = defaultdict(list)
        for id_ in self._told:
            alike[lookalike(id_)].append(id_)
        return tuple(tuple(sorted(ids)) for ids in alike.values() if len(ids) > 1)

    def told_at(self, record_id: str) -> str:
        """The file and line, or the source, where a record was first recorded; KeyError if the ledger lacks it."""
        return self._told[record_id].source

    def _read(self, kept: Kept, ledger: Ledger) -> None:
        match kept.entry.body:
            case Table() as table:
                self._read_table(kept, table, ledger)
            case RecordMade() as made:
                if made.type not in self.types:
                    source = written_out(kept.entry.source)
                    self._not_defined.setdefault(source, []).append(_no_type(source, made.type, 1))
                    return
                definition = self.types[made.type]
                values = {
                    name: self._value(kept, definition, name, text)
                    for name, text in made.fields.items()
                    if name in definition.names
                }
                told = _Told(made.type, values, kept, written_out(kept.entry.source), "", frozenset(values))
                self._tell(_name(made.id), told)
            case Vouching() as vouching:
                self._vouchings[vouching.type] = vouching
            case Amendment() | ExhibitKept() | Definitions():
                pass

    def _read_table(self, kept: Kept, table: Table, ledger: Ledger) -> None:
        self._tables[table.file], self._aside[table.file] = table, {}
        self._every_table.append(table)
        self._not_defined[table.file] = list(self._without_definition(table))
        if table.type not in self.types or not table.sha256:
            return
        self._committed |= {(table.type, name) for name in table.committed}
        data = ledger.custody.read(table.sha256)
        aside = ids_set_aside(table, data)
        # The second row with an id is set aside while the first is read; so is one whose id another file has.
        known = {id_ for id_ in aside if id_ in self._told and self._told[id_].source.startswith(f"{table.file}#")}
        self._aside[table.file] = {id_: line for id_, line in aside.items() if id_ in known}
        if not table.rows:
            return
        if table.currency != self._currency:
            message = f"{table.file} was imported with amounts in {table.currency}, not in {self._currency}"
            raise Refused(message)
        names = frozenset(name for _, name in table.columns) & {*self.types[table.type].names}
        file = written_out(table.file)
        here: set[str] = set()
        for row in rows(table, data, self.types[table.type]):
            self._aside[table.file].pop(row.id, None)
            id_, source = row.id, f"{file}#{row.line}"
            # A later version of a table changes a known record by amendments, which are entries of their own.
            if id_ not in self._told:
                self._tell(id_, _Told(table.type, row.values, kept, source, row.source, names))
            elif id_ in here or self._told[id_].source.rpartition("#")[0] != file:
                # Entered when the two forms of a letter still made two ids.
                first = self._told[id_].source
                expected = f"{first} already has this id, in another Unicode form; write another"
                self._told_twice.append(SetAside(file, row.line, "id", id_, expected))
            here.add(id_)

    def _without_definition(self, table: Table) -> Iterable[SetAside]:
        """What of a table, read when it was brought in, no definition says how to read now."""
        if table.type in LISTS or not table.rows:
            return
        if table.type not in self.types:
            yield _no_type(written_out(table.file), table.type, table.rows)
            return
        known = {"id", SOURCE, *self.types[table.type].names}
        for name in (each for _, each in table.columns if each not in known):
            said = (
                f"{one(table.type)} has no such field in the pack, so this column is kept and not read; define it there"
            )
            yield SetAside(written_out(table.file), 1, written_out(name), "", said, 0)

    def _tell(self, id_: str, told: _Told) -> None:
        if id_ in self._told:
            message = f"two records have the id {id_}: {self._told[id_].source} and {told.source}"
            raise Refused(message)
        self._told[id_] = told

    def _records(self) -> Iterable[Record]:
        amended: dict[str, dict[str, Value]] = {}
        for (id_, name), amendments in self._amendments.items():
            told = self._told.get(id_)
            if told is not None and is_defined(self.types, told.type, name):
                values = amended.setdefault(id_, dict(told.values))
                last = amendments[-1]
                values[name] = self._value(last.kept, self.types[told.type], name, last.body.value)
        for id_, told in self._told.items():
            yield Record(told.type, id_, amended.get(id_, told.values))

    def _value(self, kept: Kept, definition: RecordType, name: str, text: str) -> Value:
        """What an entry says of one field; Refused, as for a table's row, if it cannot be read any more."""
        try:
            return Column(definition.field(name), self._currency, shown=True).read(one_form(text))
        except ValueError as wrong:
            what = f"{written_out(kept.entry.source)}: {name} of {one(definition.name)}"
            message = f"{what} could be read when it was recorded, but not now: {wrong}"
            raise Refused(message) from wrong

    def _source(self, id_: str, told: _Told) -> str:
        """The source that a record's row states now."""
        amended = self._amendments.get((id_, SOURCE))
        return written_out(amended[-1].body.value) if amended else told.place

    def _vouched(self) -> Iterable[Vouched]:
        for vouching in self._vouchings.values():
            for during, by in vouching.periods:
                yield Vouched(vouching.type, read_period(during), written_out(by))

    def _place(self, record_id: str, kept: Kept) -> str:
        """The source that a table states for the row by which it amends a record."""
        told = self._told[record_id]
        if kept.entry.source.rpartition("#")[0] != told.source.rpartition("#")[0]:
            return ""
        amended = self._amendments.get((record_id, SOURCE), ())
        stated = [each.body.value for each in amended if each.kept.index <= kept.index]
        return written_out(stated[-1]) if stated else told.place


def _origin(kept: Kept, source: str, place: str, value: str, why: str = "") -> Origin:
    """An origin, with each of its texts on one line."""
    author, recorded_at = kept.entry.author, kept.entry.recorded_at
    shown = (written_out(text) for text in (source, place, value, author, recorded_at, why))
    return Origin(kept.index, *shown)


def _defined_in(entries: Iterable[Kept], types: Types) -> Types:
    """The definitions of today, with those that entries keep of the days on which they were made.

    Raises Refused where an entry and today's define a field with different kinds.
    """
    for kept in entries:
        if isinstance(kept.entry.body, Definitions):
            types = both(kept.entry.body.record_types(), types)
    return types


def _no_type(file: str, type_name: str, rows: int) -> SetAside:
    """Rows of a type that nobody defines: they are kept, and nothing is computed from them."""
    name = written_out(type_name)
    how_many = "its row is" if rows == 1 else f"its {rows:,} rows are"
    said = f"the pack defines no record type {name}, so {how_many} kept and not read; add records/{name}.md to the pack"
    return SetAside(file, 1, "", name, said, rows)


def _name(id_: str) -> str:
    """An id in one form, with invisible characters, which older entries may hold, written out."""
    return written_out(one_form(id_))


def read_period(text: str) -> Days:
    """A period as entries write it: `2024-01-01/2024-04-30`, with `..` for an open end; `str(Days)` writes it.

    >>> read_period("2024-01-01/..") == Days(Days.read("2024-01-01").first, None)
    True
    """
    left, slash, right = text.partition("/")
    first, last = (None if part == ".." else Days.read(part).day for part in (left, right if slash else left))
    return Days(first, last)


def view(ledger: Ledger, currency: str, as_of: AsOf | None = None) -> View:
    """Everything in the ledger, now or as of an earlier state.

    Raises Refused if an entry or a kept table was changed, and WrongCall for a state the ledger never had.
    """
    return View(ledger, currency, as_of)
