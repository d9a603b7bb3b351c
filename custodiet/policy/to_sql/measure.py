"""What is certain of the tables that records stand in, found by asking the tables themselves."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from custodiet.base.errors import Refused
from custodiet.policy.to_sql.forms import Sql, column, written
from custodiet.policy.to_sql.relation import Register
from custodiet.records import Kind, RecordType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ORDERED = (Kind.NUMBER, Kind.MONEY, Kind.DATE)


def measured(connection: "DuckDBPyConnection", register: Register, definition: RecordType) -> Register:
    """What is certain of a table as it stands: which columns are known in every row, and how large their numbers are.

    Raises Refused where the table breaks what was said of it.
    """
    ordered = {field for field in register.columns if definition.field(field).kind in ORDERED}
    names = {field: [name for name in (held.name, held.last) if name] for field, held in register.columns.items()}
    # Asked apart, for counts and extremes are answered from different statistics of a file.
    counts = [(exp.Count, name) for each in names.values() for name in each]
    ends = [(kind, name) for field in names if field in ordered for name in names[field] for kind in (exp.Min, exp.Max)]
    found = _asked(connection, register, counts) | _asked(connection, register, ends)
    rows = _asked(connection, register, [(exp.Count, "")])[exp.Count, ""]
    columns = {}
    for field, held in register.columns.items():
        unknown = rows - min(found[exp.Count, name] for name in names[field])
        if unknown and not (held.may_be_unknown or held.none):
            raise Refused(f"{register.table}: {held.name} is said to be always known, and in {unknown} rows it is not")
        lows, highs = ([_whole(found.get((kind, name))) for name in names[field]] for kind in (exp.Min, exp.Max))
        columns[field] = replace(
            held,
            may_be_unknown=held.may_be_unknown and bool(unknown),
            least=min((low for low in lows if low is not None), default=held.least),
            most=max((high for high in highs if high is not None), default=held.most),
        )
    return replace(register, columns=MappingProxyType(columns))


_Measure = tuple[type[exp.Expr], str]


def _asked(connection: "DuckDBPyConnection", register: Register, measures: Sequence[_Measure]) -> dict[_Measure, Any]:
    """Counts and extremes of columns; all rows are counted where no column is named."""
    select: list[Sql] = [kind(this=column(name, "t") if name else exp.Star()) for kind, name in measures]
    if not select:
        return {}
    query = exp.Select().from_(exp.to_table(register.table).as_("t")).select(*select, copy=False)
    row = connection.execute(written(query)).fetchone() or ()
    return dict(zip(measures, row, strict=True))


def _whole(value: object) -> int | None:
    """A number or a day as a whole number; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    toordinal: Callable[[], int] | None = getattr(value, "toordinal", None)
    return None if toordinal is None else toordinal()
