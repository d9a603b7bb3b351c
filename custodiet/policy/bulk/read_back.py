"""Records read from the tables of a database, as the evaluator reads them."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.policy.to_sql.forms import Sql, as_type, column, equal, written
from custodiet.policy.to_sql.relation import Column, Register
from custodiet.records import NONE, Field, Kind, RecordType, Value
from custodiet.records.facts import Record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WANTED = "custodiet_wanted"
"""The table of the ids of records to be read."""


def records_of(
    connection: "DuckDBPyConnection", definition: RecordType, register: Register, currency: str, ids: Iterable[Any]
) -> Iterator[Record]:
    """The records of some ids; amounts are in the currency."""
    wanted = list(ids)
    listed = exp.Explode(
        this=as_type(exp.Placeholder(), "BIGINT[]" if wanted and isinstance(wanted[0], int) else "VARCHAR[]")
    )
    table = exp.Create(
        this=exp.to_table(WANTED), kind="TABLE", replace=True,
        expression=exp.Select().select(exp.alias_(listed, "id", quoted=True), copy=False),
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )  # fmt: skip
    connection.execute(written(table), [wanted])
    fields = [(definition.field(name), held) for name, held in register.columns.items()]
    key = column(register.key, "t")
    columns: list[Sql] = [key]
    for _, held in fields:
        columns += [column(name, "t") for name in (held.name, held.none, held.last) if name]
    query = exp.Select().from_(exp.to_table(register.table).as_("t")).select(*columns, copy=False)
    query.append("joins", exp.Join(this=exp.to_table(WANTED).as_("w"), on=equal(column("id", "w"), key)))
    for row in connection.execute(written(query)).fetchall():
        yield _record(definition, fields, row, currency)


def _record(definition: RecordType, fields: list[tuple[Field, Column]], row: tuple[Any, ...], currency: str) -> Record:
    cells = iter(row[1:])
    values: dict[str, Value] = {}
    for field, held in fields:
        value = next(cells)
        none = bool(held.none) and next(cells)
        last = next(cells) if held.last else value
        if none:
            values[field.name] = NONE
        elif value is not None or last is not None:
            values[field.name] = _value(field, held, value, last, currency)
    return Record(definition.name, str(row[0]), values)


def _value(field: Field, held: Column, value: Any, last: Any, currency: str) -> Value:  # noqa: ANN401 - what a table holds
    match field.kind:
        case Kind.YES_NO:
            return bool(value)
        case Kind.MONEY:
            return Money.of(Fraction(int(value), 10**held.digits), currency)
        case Kind.NUMBER:
            return Fraction(int(value), 10**held.digits)
        case Kind.DATE:
            return Days(value, last)
        case Kind.LIST:
            words = {stored: ours for ours, stored in held.stored.items()}
            return words.get(value, str(value))
        case _:
            return str(value)
