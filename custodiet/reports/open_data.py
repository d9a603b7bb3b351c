"""Every result as a row: results.csv for people and spreadsheets, results.parquet for other tools."""

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from custodiet.audit.context import Contexts
from custodiet.audit.contract import missing
from custodiet.audit.run import Audit
from custodiet.base.text import csv_cell
from custodiet.policy.result import Missing

# Amounts stand as DECIMAL(38,4): ISO 4217 has no currency with more than four digits after the point.
AMOUNT = "DECIMAL(38,4)"
COLUMNS: Mapping[str, str] = {
    "record": "VARCHAR",
    "type": "VARCHAR",
    "policy": "VARCHAR",
    "outcome": "VARCHAR",
    "payers": "VARCHAR[]",
    "amounts": f"{AMOUNT}[]",
    "liable": "VARCHAR[]",
    "currency": "VARCHAR",
    "class": "VARCHAR",
    "permission": "VARCHAR",
    "because": "VARCHAR[]",
    "displaced": "VARCHAR[]",
    "asks_amount": "BOOLEAN",
    "least": AMOUNT,
    "greatest": AMOUNT,
    "or": "VARCHAR[]",
    "unsettled": "VARCHAR[]",
    "missing": "STRUCT(record VARCHAR, field VARCHAR, held_by VARCHAR)[]",
    "trip": "VARCHAR",
    "character": "VARCHAR",
    "cost_class": "VARCHAR",
    "basis": "VARCHAR",
    "hindsight": "BOOLEAN",
    "doubtful": "VARCHAR[]",
}
"""Each column with its type in results.parquet.

`payers`, `amounts` and `liable` have one place per debt. `asks_amount` says of an undetermined
result that an amount is asked; `least` and `greatest` are its bounds, and no value means no bound. `hindsight` says
that the law in force when the act happened did not surely say the same; an ordinary audit never does. `doubtful` names
the rules among `because` and `unsettled` of which the pack's `open.md` says that a source says otherwise.
"""

FIGURES: Mapping[str, str] = {"figures": "VARCHAR[]"}
"""The last column of what is written beside a report: the numbers of the figures on its page that the row is in."""

Row = dict[str, object]


def rows(audit: Audit) -> Iterator[Row]:
    """One row per result, in the audit's order; amounts are exact texts."""
    contexts = Contexts(audit)
    for result in audit.results:
        context = contexts.of(result)
        low, high = (result.between.low, result.between.high) if result.between else (None, None)
        asked = [debt.amount for debt in result.debts] + [bound for bound in (low, high) if bound]
        yield {
            "record": result.record,
            "type": result.type,
            "policy": result.policy,
            "outcome": result.outcome.value,
            "payers": [debt.payer for debt in result.debts],
            "amounts": [debt.amount.digits for debt in result.debts],
            "liable": [debt.liable for debt in result.debts],
            "currency": asked[0].currency if asked else None,
            "class": result.classified,
            "permission": result.permission,
            "because": list(result.because),
            "displaced": [f"{each.rule} by {each.by}" for each in result.displaced],
            "asks_amount": result.between is not None,
            "least": low.digits if low else None,
            "greatest": high.digits if high else None,
            "or": list(result.otherwise),
            "unsettled": list(result.unsettled),
            "missing": [missing(each) for each in result.missing],
            "trip": context.trip,
            "character": context.character,
            "cost_class": context.cost_class,
            "basis": context.basis,
            "hindsight": result.hindsight,
            "doubtful": doubtful(audit, result.policy, (*result.because, *result.unsettled)),
        }


def doubtful(audit: Audit, policy: str, numbers: Iterable[str]) -> list[str]:
    """The rules among some rules of a policy about which the pack lists a doubt."""
    listed = {number for doubt in audit.policy(policy).doubts for number in doubt.rules}
    return [number for number in numbers if number in listed]


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
