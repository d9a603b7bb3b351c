"""A table of records, read and checked: good rows, and every row that cannot be read, with what to write instead."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from custodiet.base.errors import did_you_mean
from custodiet.base.table import Line, in_one_form, lines
from custodiet.base.text import bounded
from custodiet.intake.history import First
from custodiet.ledger.entry import SOURCE, SetAside
from custodiet.ledger.table import Column
from custodiet.records import NONE, UNKNOWN, RecordType, Types, one
from custodiet.records.impossible import checked, impossible
from custodiet.records.names import unseen, unseen_in, unseen_in_id


@dataclass(frozen=True, slots=True)
class GoodRow:
    """One row that was read: the texts of its known fields, and its own source if it states one."""

    line: int
    id: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table holds."""

    columns: tuple[str, ...]
    """The names of its columns; none if the whole file is set aside."""
    rows: tuple[GoodRow, ...]
    set_aside: tuple[SetAside, ...]
    ids_set_aside: frozenset[str]
    """The ids of the rows that were set aside, where they have one."""
    form: str = ""
    """The Unicode normalization form that its texts were put in; empty if nothing had to be changed."""


def read_table(
    file: str,
    data: bytes,
    type_name: str,
    types: Types,
    currency: str,
    known: Mapping[str, First],
    tick: Callable[[int, int], None],
) -> Reading:
    """Read the table of a type; `known` maps every id to where it was first recorded, in this file or another.

    A row with an unreadable cell is set aside whole, with all its unreadable cells. An unreadable header sets the whole
    file aside, since the meaning of its rows is not known. `tick` is called now and then with the number of rows done
    and the number of all rows.
    """
    told = list(lines(data))
    if not told:
        return _whole_file(file, (), "", "", "the file is empty; write a header: id, names of fields, source")
    header, body = told[0], told[1:]
    definition = types.get(type_name)
    if definition is None or definition.derived:
        return _whole_file(file, told, "", type_name, _no_such_type(type_name, types))
    wrong = _header_problem(header, definition)
    if wrong is not None:
        return _whole_file(file, told, *wrong)
    read = _Rows(file, header.cells, definition, currency, known).read(body, tick)
    return replace(read, form="" if in_one_form(data) else "NFC")


class _Rows:
    """Reads the rows below a good header."""

    def __init__(
        self, file: str, names: tuple[str, ...], definition: RecordType, currency: str, known: Mapping[str, First]
    ) -> None:
        self._file, self._names, self._known = file, names, known
        self._definition, self._checked = definition, checked(definition)
        self._lines_of: dict[str, int] = {}
        self._columns = [None if name in ("id", SOURCE) else Column(definition.field(name), currency) for name in names]

    def read(self, body: Sequence[Line], tick: Callable[[int, int], None]) -> Reading:
        rows: list[GoodRow] = []
        aside: list[SetAside] = []
        ids_aside: set[str] = set()
        for done, line in enumerate(body):
            if done % 1000 == 0:
                tick(done, len(body))
            problems = self._whole_line(line)
            cells: dict[str, str] = {}
            if not problems:
                cells, problems = self._cells(line)
            if problems:
                aside += [
                    SetAside(self._file, line.number, column, bounded(value), expected, 1 if place == 0 else 0)
                    for place, (column, value, expected) in enumerate(problems)
                ]
                ids_aside.add(line.id)
            else:
                self._lines_of[line.cells[0]] = line.number
                rows.append(GoodRow(line.number, line.cells[0], cells))
        return Reading(self._names, tuple(rows), tuple(aside), frozenset(ids_aside))

    def _whole_line(self, line: Line) -> list[tuple[str, str, str]]:
        """What is wrong with a line before its cells are read: column, value, what to write instead."""
        if line.expected:
            column = self._names[line.wrong] if 0 <= line.wrong < len(self._names) else ""
            return [(column, line.cells[line.wrong], line.expected)]
        wrong = line.width_problem(len(self._names))
        return [("", line.text.strip(), wrong)] if wrong else []

    def _cells(self, line: Line) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
        cells: dict[str, str] = {}
        problems = self._id_problems(line.cells[0])
        for name, column, text in zip(self._names, self._columns, line.cells, strict=True):
            if column is None:
                if name == SOURCE and text:
                    cells[name] = text
                    problems += [(name, text, expected) for expected in unseen(text)]
                continue
            try:
                written = column.text(text)
            except ValueError as wrong:
                problems.append((name, text, str(wrong)))
                continue
            if written:
                cells[name] = written
                problems += [(name, text, expected) for expected in unseen_in(self._definition.field(name), text)]
        if not problems:
            problems += self._impossible(cells)
        return cells, problems

    def _impossible(self, cells: Mapping[str, str]) -> list[tuple[str, str, str]]:
        values = {
            column.name: column.read(cells[column.name])
            for column in self._columns
            if column is not None and column.name in self._checked and column.name in cells
        }
        return [(each.field, each.value, each.expected) for each in impossible(self._definition, values)]

    def _id_problems(self, id_: str) -> list[tuple[str, str, str]]:
        if id_ in ("", NONE.value, UNKNOWN.value):
            return [("id", id_, "write the record's own id")]
        if wrong := unseen_in_id(id_):
            return [("id", id_, wrong[0])]
        if id_ in self._lines_of:
            return [("id", id_, f"line {self._lines_of[id_]} already has this id; write another")]
        first = self._known.get(id_)
        if first is not None and first.file != self._file:
            return [("id", id_, f"a record of {first.file} already has this id; write another")]
        return []


def _header_problem(header: Line, definition: RecordType) -> tuple[str, str, str] | None:
    """Why a table cannot be read by its header: column, value, what to write instead."""
    names = header.cells
    if header.expected:
        return "", names[header.wrong], header.expected
    if names[0] != "id":
        return names[0], names[0], "the first column must be id"
    known = (*definition.names, SOURCE)
    for place, name in enumerate(names):
        if name in names[:place]:
            return name, name, f"the column {name} is there twice; delete or rename one"
        if name == SOURCE and place != len(names) - 1:
            after = names[place + 1] or "a column without a name"
            return name, name, f"{SOURCE} must be the last column, but {bounded(after)} follows it"
        if place and name not in known:
            hint = did_you_mean(name, known)
            fields = f"the fields of {one(definition.name)} are {', '.join(definition.names)}"
            return name, name, f"{hint} {fields}" if hint else fields
    return None


def _no_such_type(type_name: str, types: Types) -> str:
    registers = [definition.name for definition in types.values() if not definition.derived]
    hint = did_you_mean(type_name, registers)
    names = f"the types are {', '.join(registers)}"
    return f"{hint} {names}" if hint else names


def _whole_file(file: str, told: Sequence[Line], column: str, value: str, expected: str) -> Reading:
    """A file without a single readable row."""
    count = max(0, len(told) - 1)
    number = told[0].number if told else 1
    aside = SetAside(file, number, bounded(column), bounded(value), f"{expected} ({rows_aside(count)})", count)
    ids = frozenset(line.id for line in islice(told, 1, None))
    return Reading((), (), (aside,), ids)


def rows_aside(count: int) -> str:
    """What becomes of the rows of a file that cannot be read.

    >>> rows_aside(0), rows_aside(1), rows_aside(12)
    ('it has no rows', 'its only row is set aside', 'all its 12 rows are set aside')
    """
    if count == 0:
        return "it has no rows"
    return "its only row is set aside" if count == 1 else f"all its {count} rows are set aside"
