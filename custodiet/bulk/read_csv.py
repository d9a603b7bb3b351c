"""A flat table as CSV, with cells as every table of ours has them, made into typed columns.

A blank cell, or `unknown`, is what nobody recorded; `none` is what is known to be absent; `yes` and `no`, ISO dates and
plain numbers are what they are. A period is written as two columns: the first day in `x`, the last in `x_last`.
"""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.base.currencies import minor_digits
from custodiet.base.errors import Refused
from custodiet.base.text import escaped, quoted
from custodiet.policy.analysis.plan import Plan
from custodiet.policy.language.ast import Policy
from custodiet.records import Field, Kind

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FEW = 5
_LONGEST_HEADER = 1_000_000
_ID, _IS_NONE, _LAST = "id", "_is_none", "_last"


def typed(connection: "DuckDBPyConnection", file: Path, plan: Plan, kept: Path) -> Path:
    """Write a CSV file's rows to a Parquet file, each column of the type that its field has.

    Raises Refused, with the first lines that show it, for a cell that its field cannot hold. A column of no field keeps
    its texts, for whoever reads the columns to refuse.
    """
    names, separator = _header(file)
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise Refused(
            f"{escaped(file.name)}: the column {quoted(twice)} is there twice\nhelp: leave one of the two out"
        )
    if _ID not in names:
        there = ", ".join(map(quoted, names)) or "no columns"
        raise Refused(
            f"{escaped(file.name)} has no column `{_ID}`; it has {there}\nhelp: add one with an id for each row"
        )
    texts = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in names)
    # Nothing is guessed: a row with a cell too many is refused with its line, and never taken for the header.
    source = (
        f"read_csv({_text(str(file))}, auto_detect = false, header = true, delim = {_text(separator)}, quote = '\"', "
        f"escape = '\"', nullstr = '', columns = {{{texts}}})"
    )
    columns, checks = [], []
    for name in names:
        cell = f"nullif(nullif(trim({_quoted(name)}), ''), 'unknown')"
        definition = _field(plan, name.removesuffix(_IS_NONE).removesuffix(_LAST))
        if name == _ID or definition is None:
            columns.append(f"{cell} AS {_quoted(name)}")
        elif name.endswith(_IS_NONE):
            columns.append(f"{_read(Kind.YES_NO, cell, 0)} AS {_quoted(name)}")
            checks.append((name, f"{cell} IS NULL OR {cell} NOT IN ('yes', 'no')", "yes or no"))
        else:
            digits = _digits(connection, source, name, definition, plan.policy)
            value = f"nullif({cell}, 'none')" if definition.may_be_none else cell
            columns.append(f"{_read(definition.kind, value, digits)} AS {_quoted(name)}")
            if definition.may_be_none and not name.endswith(_LAST) and f"{name}{_IS_NONE}" not in names:
                columns.append(f"coalesce({cell} = 'none', FALSE) AS {_quoted(name + _IS_NONE)}")
            checks.append((name, f"{value} IS NOT NULL AND NOT ({_fits(definition, value, digits)})", definition.shape))
    for name, wrong, wanted in checks:
        _refuse(connection, file, source, name, wrong, wanted)
    query = f"SELECT {', '.join(columns)} FROM {source}"  # noqa: S608 - names are quoted
    connection.execute(f"COPY ({query}) TO '{_sql(str(kept))}' (FORMAT parquet)")
    return kept


def _header(file: Path) -> tuple[list[str], str]:
    """The names of the columns, and what separates them: commas, or the semicolons or tabs of a line without any."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            line = opened.readline(_LONGEST_HEADER)
    except UnicodeDecodeError as wrong:
        raise Refused(f"{escaped(file.name)} is not text in UTF-8\nhelp: save it as CSV in UTF-8") from wrong
    separator = next((each for each in (",", ";", "\t") if each in line), ",")
    return [each.strip() for each in next(csv.reader([line], delimiter=separator), [])], separator


def _refuse(connection: "DuckDBPyConnection", file: Path, source: str, name: str, wrong: str, wanted: str) -> None:
    query = f"SELECT {_quoted(_ID)}, {_quoted(name)} FROM {source} WHERE {wrong} LIMIT {FEW}"  # noqa: S608 - names are quoted
    rows = connection.execute(query).fetchall()
    if rows:
        told = "\n".join(f"  id {escaped(str(id_))}, {name} {quoted(str(cell or ''))}" for id_, cell in rows)
        raise Refused(
            f"{escaped(file.name)}: cells of {quoted(name)} that cannot be read\n{told}\nhelp: write {wanted}"
        )


def _field(plan: Plan, path: str) -> Field | None:
    """The field of a path; None where there is none."""
    *climbs, last = path.split(".")
    types = plan.names.types
    definition = types[plan.policy.for_each]
    for name in climbs:
        if name not in definition.names or definition.field(name).kind is not Kind.REFERENCE:
            return None
        definition = types[definition.field(name).refers_to]
    return definition.field(last) if last in definition.names else None


def _digits(connection: "DuckDBPyConnection", source: str, name: str, definition: Field, policy: Policy) -> int:
    """How many digits a column's numbers have after the point."""
    if definition.kind is Kind.MONEY:
        return minor_digits(policy.currency) if policy.currency else 2
    if definition.kind is not Kind.NUMBER or definition.whole:
        return 0
    query = f"SELECT max(length(split_part({_quoted(name)}, '.', 2))) FROM {source}"  # noqa: S608 - names are quoted
    (longest,) = connection.execute(query).fetchall()[0]
    return min(int(longest or 0), 9)


def _fits(definition: Field, cell: str, digits: int) -> str:
    """Whether a text is one that a field can hold, in SQL; a blank fits."""
    match definition.kind:
        case Kind.YES_NO:
            return f"{cell} IN ('yes', 'no')"
        case Kind.LIST:
            return f"{cell} IN ({', '.join(_text(each) for each in definition.values)})"
        case Kind.DATE:
            written = f"regexp_full_match({cell}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
            return f"({written} AND try_cast({cell} AS DATE) IS NOT NULL)"
        case Kind.MONEY | Kind.NUMBER:
            fraction = f"(\\.[0-9]{{1,{digits}}})?" if digits else ""
            return f"regexp_full_match({cell}, '-?[0-9]{{1,18}}{fraction}')"
        case _:
            return f"{cell} <> 'none'"


def _read(kind: Kind, cell: str, digits: int) -> str:
    match kind:
        case Kind.YES_NO:
            return f"({cell} = 'yes')"
        case Kind.DATE:
            return f"try_cast({cell} AS DATE)"
        case Kind.MONEY | Kind.NUMBER:
            return f"try_cast({cell} AS DECIMAL(38, {digits}))" if digits else f"try_cast({cell} AS BIGINT)"
        case _:
            return cell


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return f"'{_sql(value)}'"


def _sql(text: str) -> str:
    return text.replace("'", "''")
