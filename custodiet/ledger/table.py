"""A table as bytes: its lines, each with what is wrong with it, and its rows read through the mapping of its entry.

Tables are CSV (RFC 4180) in UTF-8, with commas; a byte order mark and blank lines are passed over, and space around a
cell is no part of it.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from custodiet.base.errors import Refused
from custodiet.ledger.entry import SOURCE, Table
from custodiet.records import TYPES, UNKNOWN, Field, Value, cell, read_cell


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands in the file."""

    number: int
    """The line it begins on, from 1."""
    cells: tuple[str, ...]
    expected: str = ""
    """What was expected, where the line cannot be taken apart; empty for a good one."""
    wrong: int = 0
    """Which cell is the wrong one; -1 for the line as a whole, which is then its only cell."""

    @property
    def id(self) -> str:
        """The id that the line begins with, as far as one can tell."""
        return self.cells[0].partition(",")[0]


def lines(data: bytes) -> Iterator[Line]:
    r"""The rows of a table, the header first. A line that cannot be taken apart does not stop the next ones.

    >>> [line.cells for line in lines(b"id,name\nP1,\"Ann, mayor\"\n")]
    [('id', 'name'), ('P1', 'Ann, mayor')]
    """
    text = data.decode("utf-8-sig", "surrogateescape")
    in_utf8 = text.isascii() or _encodable(text)
    physical = list(io.StringIO(text, newline=""))
    begin = 0
    while begin < len(physical):
        reader = csv.reader(islice(physical, begin, None), strict=True, skipinitialspace=True)
        number = begin + 1
        try:
            for cells in reader:
                if cells:
                    yield _line(number, cells, in_utf8=in_utf8)
                number = begin + reader.line_num + 1
            begin = len(physical)
        except csv.Error:
            shown = _shown(physical[number - 1].strip())
            yield Line(
                number, (shown,), 'cells between commas, with every " of a quoted cell closed, were expected', -1
            )
            # Only the line itself is given up: an open quotation mark would else swallow the rest of the file.
            begin = number


def _line(number: int, cells: list[str], *, in_utf8: bool) -> Line:
    stripped = tuple(cell.strip() for cell in cells)
    if not in_utf8:
        for place, cell in enumerate(stripped):
            if not _encodable(cell):
                shown = tuple(_shown(each) for each in stripped)
                return Line(number, shown, "text in UTF-8 was expected", place)
    return Line(number, stripped)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(text: str) -> str:
    """Text in which bytes that are no UTF-8 are written out."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a kept table, read."""

    line: int
    id: str
    values: dict[str, Value]
    """The fields of which something is known."""
    source: str
    """The row's own source, exhibit#place; empty if the table has none."""


def rows(table: Table, data: bytes) -> Iterator[TableRow]:
    """The rows of a kept table that were not set aside, read through its mapping.

    Raises Refused if the table does not hold what its entry says.
    """
    if not table.columns:
        return
    definition = TYPES[table.type]
    columns = [
        Column(definition.field(name), table.currency) if name not in ("id", SOURCE) else None
        for _, name in table.columns
    ]
    sourced = table.columns[-1][1] == SOURCE
    aside = {each.row for each in table.set_aside}
    count = 0
    for line in islice(lines(data), 1, None):
        if line.number in aside:
            continue
        count += 1
        try:
            values = {
                column.name: value
                for column, text in zip(columns, line.cells, strict=True)
                if column is not None and (value := column.read(text)) is not UNKNOWN
            }
        except ValueError as wrong:
            message = (
                f"{table.file}, line {line.number}, was read when it was brought in and cannot be read now: {wrong}"
            )
            raise Refused(message) from wrong
        yield TableRow(line.number, line.cells[0], values, line.cells[-1] if sourced else "")
    if count != table.rows:
        message = f"{table.file} has {count} rows, and {table.rows} were read when it was brought in"
        raise Refused(message)


def ids(table: Table, data: bytes) -> list[str]:
    """The ids of the rows of a kept table that were not set aside."""
    aside = {each.row for each in table.set_aside}
    return [line.cells[0] for line in islice(lines(data), 1, None) if table.columns and line.number not in aside]


def ids_set_aside(table: Table, data: bytes) -> dict[str, int]:
    """The ids of the rows of a kept table that were set aside, as far as one can tell, each with its line."""
    aside = {each.row for each in table.set_aside}
    body = islice(lines(data), 1, None) if aside else ()
    return {line.id: line.number for line in body if line.number in aside or not table.columns}


class Column:
    """The reader of one column, which reads each different text once."""

    def __init__(self, field: Field, currency: str) -> None:
        """Read cells of this field."""
        self.name = field.name
        self._field = field
        self._currency = currency
        self._read: dict[str, Value] = {}
        self._texts: dict[str, str] = {}

    def read(self, text: str) -> Value:
        """The value of a cell; ValueError, saying what was expected, as records.read_cell."""
        value = self._read.get(text)
        if value is None:
            value = self._read[text] = read_cell(self._field, text, self._currency)
        return value

    def text(self, text: str) -> str:
        """The one way to write what a cell says, or nothing if it says unknown; ValueError as `read`."""
        written = self._texts.get(text)
        if written is None:
            value = self.read(text)
            written = self._texts[text] = "" if value is UNKNOWN else cell(value)
        return written
