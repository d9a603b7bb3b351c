"""Records read from the tables of a database, as the evaluator reads them."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.base.money import Money
from custodiet.bulk.sql.syntax import Sql, as_type, column, equal, written
from custodiet.bulk.sql.tables import Column, Register, Registers
from custodiet.records import NONE, Field, Kind, RecordType, Types, Value
from custodiet.records.record import Record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WANTED = "custodiet_wanted"
"""The table of the ids of records to be read."""


def records_around(
    connection: "DuckDBPyConnection",
    types: Types,
    registers: Registers,
    asked: str,
    ids: Iterable[Any],
    ways: Iterable[Sequence[Field]],
    currency: str,
) -> Iterator[Record]:
    """The records of some ids, and those that ways of references lead to from them.

    Every part of a way is a way too. Raises Refused for an id that two rows have.
    """
    found: dict[tuple[str, ...], tuple[Record, ...]] = {
        (): tuple(records_of(connection, types[asked], registers[asked], currency, ids))
    }
    for references in sorted(filter(None, ways), key=len):
        names = tuple(reference.name for reference in references)
        below, above = found[names[:-1]], references[-1].refers_to
        targets = {record.value(names[-1]) for record in below}
        called = sorted(target for target in targets if isinstance(target, str))
        found[names] = tuple(records_of(connection, types[above], registers[above], currency, called))
    for records in found.values():
        yield from records


def records_of(
    connection: "DuckDBPyConnection", definition: RecordType, register: Register, currency: str, ids: Iterable[Any]
) -> Iterator[Record]:
    """The records of some ids; amounts are in the currency.

    Raises Refused for an id that two rows have.
    """
    wanted = list(ids)
    # Numbers are looked up as they are, for the table asked about is large; all else by how it is written.
    numbered = bool(wanted) and all(isinstance(each, int) for each in wanted)
    listed = exp.Explode(this=as_type(exp.Placeholder(), "BIGINT[]" if numbered else "VARCHAR[]"))
    table = exp.Create(
        this=exp.to_table(WANTED), kind="TABLE", replace=True,
        expression=exp.Select().select(exp.alias_(listed, "id", quoted=True), copy=False),
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )  # fmt: skip
    connection.execute(written(table), [wanted if numbered else [str(each) for each in wanted]])
    fields = [(definition.field(name), held) for name, held in register.columns.items()]
    key = column(register.key, "t")
    called = key if numbered else as_type(key, "VARCHAR")
    columns: list[Sql] = [key]
    for _, held in fields:
        columns += [column(name, "t") for name in (held.name, held.none, held.last) if name]
    query = exp.Select().from_(exp.to_table(register.table).as_("t")).select(*columns, copy=False)
    query.append("joins", exp.Join(this=exp.to_table(WANTED).as_("w"), on=equal(column("id", "w"), called)))
    read: set[str] = set()
    for row in connection.execute(written(query)).fetchall():
        record = _record(definition, fields, row, currency)
        if record.id in read:
            raise Refused(f"{register.table}: two rows have the same {register.key}, {record.id}")
        read.add(record.id)
        yield record


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
        # A policy without a currency reads an amount as a number.
        case Kind.MONEY if currency:
            return Money.of(Fraction(int(value), 10**held.digits), currency)
        case Kind.NUMBER | Kind.MONEY:
            return Fraction(int(value), 10**held.digits)
        case Kind.DATE:
            return Days(value, last)
        case Kind.LIST:
            words = {stored: ours for ours, stored in held.stored.items()}
            return words.get(value, str(value))
        case _:
            return str(value)
