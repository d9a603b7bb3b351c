"""Records in tables of a database, laid out as another program might keep them, and not as the program itself does."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import duckdb

from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.bulk.sql.tables import Column, Register
from custodiet.records import NONE, Field, Kind, Types, Value
from custodiet.records.facts import Facts

TYPES_OF_COLUMNS: Mapping[Kind, str] = {
    Kind.YES_NO: "BOOLEAN", Kind.MONEY: "BIGINT", Kind.NUMBER: "INTEGER", Kind.DATE: "DATE"
}  # fmt: skip


def tables_of(connection: duckdb.DuckDBPyConnection, facts: Facts) -> dict[str, Register]:
    """Write down the records of every type; where they stand.

    A list's values are written in capitals, what is none is marked so in a column of its own, and a date has two.
    """
    return {name: _table_of(connection, facts, name, facts.types) for name in facts.types}


def _table_of(connection: duckdb.DuckDBPyConnection, facts: Facts, name: str, types: Types) -> Register:
    fields = types[name].fields
    columns = {each.name: _column(each) for each in fields}
    declared = ["id VARCHAR"]
    for field in fields:
        held, kind = columns[field.name], TYPES_OF_COLUMNS.get(field.kind, "VARCHAR")
        declared += [f"{held.name} {kind}"]
        declared += [f"{held.last} {kind}"] if held.last else []
        declared += [f"{held.none} BOOLEAN"] if held.none else []
    connection.execute(f"CREATE TABLE all_{name} ({', '.join(declared)})")
    rows = [
        [
            record.id,
            *(cell for field in fields for cell in _cells(field, columns[field.name], record.value(field.name))),
        ]
        for record in facts.of(name)
    ]
    if rows:
        listed = ", ".join(f"unnest(?::{each.partition(' ')[2]}[])" for each in declared)
        connection.execute(f"INSERT INTO all_{name} SELECT {listed}", [list(each) for each in zip(*rows, strict=True)])
    return Register(f"all_{name}", "id", columns)


def _column(field: Field) -> Column:
    return Column(
        f"its_{field.name}",
        none=f"{field.name}_is_none" if field.may_be_none else "",
        last=f"{field.name}_last" if field.kind is Kind.DATE else "",
        digits=2 if field.kind is Kind.MONEY else 0,
        stored={each: each.upper() for each in field.values},
    )


def _cells(field: Field, held: Column, value: Value) -> list[Any]:
    cells = [value.first, value.last] if isinstance(value, Days) else [_cell(field, value)]
    cells += [None] if held.last and len(cells) == 1 else []
    return [*cells, value is NONE] if held.none else cells


def _cell(field: Field, value: Value) -> bool | str | int | None:
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, str):
        return value.upper() if field.values else value
    if isinstance(value, Fraction):
        return int(value)
    return value if isinstance(value, bool) else None
