"""The rows of a results.parquet that a stranger may have written: each is read only after what bounds it was checked.

A few hundred bytes of Parquet can say that they hold as many rows as a machine cannot keep. So the file's own account
of its rows is read first and held against what stands beside it, its columns must be those of an audit, and the rest
is read a few rows at a time, within a fixed memory, by a database that may open this one file and load nothing.
"""

import struct
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.base.currencies import minor_digits
from custodiet.reports.output.csv_and_parquet import quoted_path
from custodiet.reports.result_table import Row

if TYPE_CHECKING:
    import duckdb

MEMORY = "512 MB"
"""What the database may take to read one file."""
_AT_ONCE = 64
_ACCOUNT_MAX = 1 << 22
"""How many bytes a file's own account of its columns and rows has at most; 100,000 rows take some 4,000."""
_END = struct.Struct("<I4s")
"""The end of a Parquet file: how long its account before it is, and a mark (Parquet format, *File format*)."""


class Unreadable(Exception):  # noqa: N818 - it names the outcome
    """The file is not a results.parquet, or does not hold what it says; the message says so in a sentence's end."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a results.parquet can hold: no more rows and values than the results.csv beside it can."""

    rows: int
    size: int
    """In bytes, written out as CSV."""

    @classmethod
    def of(cls, csv: bytes) -> "Bounds":
        """Those of a results.csv: a row has a line at least, and a value a separator."""
        return cls(csv.count(b"\n"), len(csv))


def stored_rows(content: bytes, columns: Mapping[str, str], bounds: Bounds) -> Iterator[Row]:
    """The rows of a Parquet file with these columns, as `write_parquet` took them.

    Raises Unreadable, before anything is read, for a file that says of itself that it holds other columns or
    more rows; and later for one that then cannot be read, or that holds a sum its currency does not have. Raises
    MemoryError for one that takes more than MEMORY, and where the machine has less.
    """
    import duckdb

    length, mark = _END.unpack(content[-_END.size :].rjust(_END.size, b"\0"))
    if mark != b"PAR1" or not 0 < length <= min(len(content), _ACCOUNT_MAX):
        raise Unreadable("is not a Parquet file, or not one of results")
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(config={"threads": 1}) as connection:
        path = Path(folder, "results.parquet")
        path.write_bytes(content)
        try:
            _confine(connection, path)
            _refuse_more(connection, path, bounds)
            found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            held = {str(column[0]): str(column[1]) for column in found.description or ()}
            if list(held.items()) != list(columns.items()):
                raise Unreadable("has other columns than the results of this edition")
            while rows := found.fetchmany(_AT_ONCE):
                for row in rows:
                    yield _as_written(dict(zip(columns, row, strict=True)))
        except duckdb.OutOfMemoryException as wrong:
            raise MemoryError from wrong
        except duckdb.Error as wrong:
            raise Unreadable("cannot be read as a Parquet file") from wrong


def _confine(connection: "duckdb.DuckDBPyConnection", path: Path) -> None:
    """Let the database open one file, and take no other, no extension, no more memory and no room on the disk."""
    for setting in (
        f"allowed_paths = [{quoted_path(path)}]",
        "enable_external_access = false",
        f"memory_limit = '{MEMORY}'",
        "max_temp_directory_size = '0B'",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}")


def _refuse_more(connection: "duckdb.DuckDBPyConnection", path: Path, bounds: Bounds) -> None:
    """Raise Unreadable for a file that says of itself, in one place or another, that it holds more than it can."""
    row_counts = "SELECT DISTINCT row_group_id, row_group_num_rows AS counted FROM parquet_metadata(?)"
    for query, most, what in (
        ("SELECT num_rows FROM parquet_file_metadata(?)", bounds.rows, "rows"),
        (f"SELECT sum(counted) FROM ({row_counts})", bounds.rows, "rows"),  # noqa: S608 - the words are our own
        ("SELECT max(num_values) FROM parquet_metadata(?)", bounds.size, "values"),
        ("SELECT sum(total_uncompressed_size) FROM parquet_metadata(?)", 4 * bounds.size + _ACCOUNT_MAX, "bytes"),
    ):
        [[stated]] = connection.execute(query, [str(path)]).fetchall()
        if not 0 <= int(stated or 0) <= most:
            raise Unreadable(f"says that it holds {int(stated):,} {what}, where there can be {most:,}")


def _as_written(row: Row) -> Row:
    currency = row["currency"]
    return {name: _digits(value, currency) for name, value in row.items()}


def _digits(value: object, currency: object) -> object:
    """A sum with the digits of its currency, as the rows of an audit have it; other values as they are."""
    match value:
        case list():
            return [_digits(each, currency) for each in value]
        case Decimal():
            try:
                digits = minor_digits(str(currency))
            except (KeyError, ValueError) as wrong:
                raise Unreadable("holds a sum in no known currency") from wrong
            text = f"{value:.{digits}f}"
            if Decimal(text) != value:
                raise Unreadable(f"holds the sum {value}, which {currency} does not have")
            return text
        case _:
            return value
