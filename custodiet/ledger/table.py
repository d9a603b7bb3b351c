"""The rows of a kept table, read through the mapping of its entry."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from custodiet.base.errors import Refused
from custodiet.base.table import lines
from custodiet.base.text import on_one_line, one_form, written_out
from custodiet.ledger.entry import SOURCE, Table
from custodiet.records import UNKNOWN, Field, Kind, RecordType, Value, cell, read_cell


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a kept table, read."""

    line: int
    id: str
    values: dict[str, Value]
    """The fields whose value is known."""
    source: str
    """The row's own source, exhibit#place; empty if the table has none."""


def rows(table: Table, data: bytes, definition: RecordType, *, as_recorded: bool = False) -> Iterator[TableRow]:
    """The rows of a kept table that were not set aside, read through its mapping, each text in `one_form`.

    A column of a field that the definition does not have is passed over.

    Invisible characters are written out, and prose is put on one line, so that no text can pass for the program's own
    wherever it is shown. With `as_recorded` the texts are those that the leaves were made of; a table whose entry
    states no form was entered as its file has it.

    Raises Refused if the table does not hold what its entry says.
    """
    if not table.columns:
        return
    form = str if as_recorded and not table.form else one_form
    named = str if as_recorded else written_out
    columns = [
        Column(definition.field(name), table.currency, shown=not as_recorded) if name in definition.names else None
        for _, name in table.columns
    ]
    sourced = table.columns[-1][1] == SOURCE
    aside = {each.row for each in table.set_aside}
    count = 0
    for line in islice(lines(data, form), 1, None):
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
            message = f"{table.file}, line {line.number}, could be read when it was imported, but not now: {wrong}"
            raise Refused(message) from wrong
        yield TableRow(line.number, named(line.cells[0]), values, named(line.cells[-1]) if sourced else "")
    if count != table.rows:
        message = f"{table.file} has {count} rows, but {table.rows} were read when it was imported"
        raise Refused(message)


def ids(table: Table, data: bytes) -> list[str]:
    """The ids of the rows of a kept table that were not set aside."""
    aside = {each.row for each in table.set_aside}
    rows_ = (line for line in islice(lines(data), 1, None) if table.columns and line.number not in aside)
    return [written_out(line.cells[0]) for line in rows_]


def ids_set_aside(table: Table, data: bytes) -> dict[str, int]:
    """The ids of the rows of a kept table that were set aside, as far as one can tell, each with its line."""
    aside = {each.row for each in table.set_aside}
    body = islice(lines(data), 1, None) if aside else ()
    return {line.id: line.number for line in body if line.number in aside or not table.columns}


class Column:
    """The reader of one column, which reads each different text once."""

    def __init__(self, field: Field, currency: str, *, shown: bool = False) -> None:
        """Read cells of this field; with `shown`, texts as they can be printed anywhere."""
        self.name = field.name
        self._field = field
        texts = shown and field.kind in (Kind.TEXT, Kind.REFERENCE)
        self._shown: Callable[[str], str] = str if not texts else on_one_line if field.prose else written_out
        self._currency = currency
        self._read: dict[str, Value] = {}
        self._texts: dict[str, str] = {}

    def read(self, text: str) -> Value:
        """The value of a cell; ValueError, saying what is wrong, as records.read_cell."""
        value = self._read.get(text)
        if value is None:
            value = self._read[text] = read_cell(self._field, self._shown(text), self._currency)
        return value

    def text(self, text: str) -> str:
        """The one way to write what a cell says, or nothing if it says unknown; ValueError as `read`."""
        written = self._texts.get(text)
        if written is None:
            value = self.read(text)
            written = self._texts[text] = "" if value is UNKNOWN else cell(value)
        return written
