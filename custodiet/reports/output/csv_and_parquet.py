"""The rows of results as files: results.csv for people and spreadsheets, results.parquet for other tools."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from custodiet.base.text import csv_cell
from custodiet.policy.evaluation.result import Missing
from custodiet.reports.result_table import AMOUNT, Row


def csv_of(columns: Iterable[str], lines: Iterable[Row]) -> str:
    """Some rows as CSV below a header (RFC 4180, but with LF); several values of a cell stand with `; ` between."""
    return "".join(csv_lines(columns, lines))


def csv_lines(columns: Iterable[str], lines: Iterable[Row]) -> Iterator[str]:
    """The same, a row after the other, the header first; a row has as many lines as its cells have breaks in them."""
    yield _csv_line(columns)
    for row in lines:
        yield _csv_line(_cell(value) for value in row.values())


def _csv_line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def write_parquet(columns: Mapping[str, str], rows: Iterable[Row], path: Path) -> None:
    """Some rows as a Parquet file, lists and structures kept; the same rows give the same bytes.

    `columns` maps each name to its type in DuckDB's words.
    """
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "results.ndjson")
        with lines.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        names = ", ".join(f"'{name}': '{_as_read(kind)}'" for name, kind in columns.items())
        cast = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns.items())
        source, target = quoted_path(lines), quoted_path(path)
        with duckdb.connect(config={"threads": 1, "preserve_insertion_order": True}) as connection:
            connection.execute(
                f"COPY (SELECT {cast} FROM read_json({source}, format = 'newline_delimited', "  # noqa: S608 - the
                f"columns = {{{names}}})) TO {target} (FORMAT parquet, COMPRESSION zstd)"  # names are our own
            )


def _as_read(kind: str) -> str:
    return kind.replace(AMOUNT, "VARCHAR")


def quoted_path(path: Path) -> str:
    """A path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def _cell(value: object) -> str:
    """A value as one cell, which no spreadsheet runs: each text in it is a `csv_cell`.

    >>> _cell(["4.2", "4.3"]), _cell([{"record": "L1", "field": "purpose", "held_by": "the unit"}]), _cell(None)
    ('4.2; 4.3', 'purpose of L1 (the unit)', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case dict():
            return csv_cell(in_words(Missing(**value)))
        case list():
            return "; ".join(_cell(each) for each in value)
        case _:
            return csv_cell(str(value))


def in_words(fact: Missing) -> str:
    """A missing fact and its holder, for a cell."""
    return f"{fact.field} of {fact.record} ({fact.held_by})"
