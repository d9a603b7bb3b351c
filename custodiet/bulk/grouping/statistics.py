"""What is certain about the tables of records, found by querying the tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from custodiet.base.errors import Refused
from custodiet.bulk.sql.joins import Frame
from custodiet.bulk.sql.syntax import (
    Sql,
    both,
    column,
    either,
    equal,
    is_known,
    is_unknown,
    less,
    number,
    opposite,
    written,
)
from custodiet.bulk.sql.tables import Column, Register
from custodiet.records import Kind, RecordType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ORDERED = (Kind.NUMBER, Kind.MONEY, Kind.DATE)


def measured(connection: "DuckDBPyConnection", register: Register, definition: RecordType) -> Register:
    """What is certain about a table: which columns are known in every row, and how large their numbers are.

    Raises Refused if the table contradicts what was declared about it.
    """
    names = {field: [name for name in (held.name, held.last) if name] for field, held in register.columns.items()}
    marks = [held.none for held in register.columns.values() if held.none]
    ordered = [field for field in names if definition.field(field).kind in ORDERED]
    # Asked apart, for counts and extremes are answered from different statistics of a file.
    counts = [(exp.Count, name) for name in (register.key, *marks, *(name for each in names.values() for name in each))]
    ends = [(kind, name) for field in ordered for name in names[field] for kind in (exp.Min, exp.Max)]
    found = _asked(connection, register, counts) | _asked(connection, register, ends)
    rows = _asked(connection, register, [(exp.Count, "")])[exp.Count, ""]
    _refuse_blanks(register, (register.key, *marks), found, rows)
    columns = {
        field: _as_it_stands(register, held, found, rows, lambda held: _unmarked(connection, register, held))
        for field, held in register.columns.items()
    }
    return replace(register, columns=MappingProxyType(columns))


def _as_it_stands(
    register: Register, held: Column, found: "_Found", rows: int, unmarked: Callable[[Column], int]
) -> Column:
    """What is certain of one column; `unmarked` counts the rows in which it is blank, and not marked none either."""
    names = [name for name in (held.name, held.last) if name]
    unknown = rows - min(found[exp.Count, name] for name in names)
    if unknown and held.none:
        unknown = unmarked(held)
    if unknown and not held.may_be_unknown:
        raise Refused(f"{register.table}: {held.name} is said to be always known, and in {unknown} rows it is not")
    lows, highs = (_ends(register, kind, names, found) for kind in (exp.Min, exp.Max))
    least, most = min(lows, default=held.least), max(highs, default=held.most)
    return replace(held, may_be_unknown=bool(unknown), least=least, most=most)


def _refuse_blanks(register: Register, names: Sequence[str], found: "_Found", rows: int) -> None:
    """Raise Refused where a column is blank in some row that says in every row who or what it is about."""
    for name in names:
        if found[exp.Count, name] < rows:
            missing = rows - found[exp.Count, name]
            raise Refused(f"{register.table}: {name} is never blank, and in {missing} rows it is")


def _ends(register: Register, kind: type[exp.Expr], names: Sequence[str], found: "_Found") -> list[int]:
    """The least or the greatest whole numbers of some columns, as far as there are any."""
    each = (_whole(register, name, found.get((kind, name))) for name in names)
    return [number for number in each if number is not None]


_Measure = tuple[type[exp.Expr], str]
_Found = Mapping[_Measure, Any]


def _asked(connection: "DuckDBPyConnection", register: Register, measures: Sequence[_Measure]) -> dict[_Measure, Any]:
    """Counts and extremes of columns; all rows are counted where no column is named."""
    select: list[Sql] = [kind(this=column(name, "t") if name else exp.Star()) for kind, name in measures]
    if not select:
        return {}
    row = _row(connection, exp.Select().from_(exp.to_table(register.table).as_("t")).select(*select, copy=False))
    return dict(zip(measures, row, strict=True))


def _row(connection: "DuckDBPyConnection", query: exp.Select) -> tuple[Any, ...]:
    """The one row of a query that counts."""
    (row,) = connection.execute(written(query)).fetchall()
    return tuple(row)


def _unmarked(connection: "DuckDBPyConnection", register: Register, held: Column) -> int:
    """In how many rows a field is not known, and not marked none either."""
    unknown = either(*(is_unknown(column(name, "t")) for name in (held.name, held.last) if name))
    unmarked = both(unknown, opposite(column(held.none, "t")))
    query = exp.Select().from_(exp.to_table(register.table).as_("t")).select(exp.Count(this=exp.Star()), copy=False)
    (count,) = _row(connection, query.where(unmarked, copy=False))
    return int(count)


def _whole(register: Register, name: str, value: object) -> int | None:
    """A number or a day as a whole number; None where no row holds one.

    Raises Refused for a column of other numbers: what is scaled stands there as whole numbers.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal) and value.as_tuple().exponent == 0:
        return int(value)
    toordinal: Callable[[], int] | None = getattr(value, "toordinal", None)
    if toordinal is None and value is not None:
        raise Refused(f"{register.table}: {name} holds {value}; a column of numbers holds whole numbers, scaled")
    return None if toordinal is None else toordinal()


def linked(connection: "DuckDBPyConnection", frame: Frame) -> None:
    """Make sure that every reference which a frame follows leads to one row.

    Raises Refused for a reference to no row, and for two rows with one key.
    """
    followed = [references for references in frame.references.values() if references]
    for type_name in sorted({references[-1].refers_to for references in followed}):
        _unique(connection, frame.register(type_name))
    for references in followed:
        parent = references[-2].refers_to if references[1:] else frame.asked
        _found(connection, frame.register(parent), references[-1].name, frame.register(references[-1].refers_to))


def _unique(connection: "DuckDBPyConnection", register: Register) -> None:
    counted = [exp.alias_(column(register.key, "t"), "id"), exp.alias_(exp.Count(this=exp.Star()), "many")]
    by_key = exp.Select().from_(exp.to_table(register.table).as_("t")).select(*counted, copy=False)
    keys = by_key.group_by(number(1), copy=False).subquery("k")
    query = exp.Select().from_(keys).select(exp.Min(this=column("id", "k")), copy=False)
    (twice,) = _row(connection, query.where(less(number(1), column("many", "k")), copy=False))
    if twice is not None:
        raise Refused(f"{register.table}: two rows have the same {register.key}, {twice}")


def _found(connection: "DuckDBPyConnection", register: Register, reference: str, above: Register) -> None:
    target = column(register.columns[reference].name, "t")
    query = exp.Select().from_(exp.to_table(register.table).as_("t")).select(exp.Min(this=target), copy=False)
    on = equal(column(above.key, "a"), target)
    query.append("joins", exp.Join(this=exp.to_table(above.table).as_("a"), on=on, side="LEFT"))
    lost = both(is_known(target), is_unknown(column(above.key, "a")))
    (nowhere,) = _row(connection, query.where(lost, copy=False))
    if nowhere is not None:
        raise Refused(f"{register.table}: {reference} names {nowhere}, and no row of {above.table} is called so")
