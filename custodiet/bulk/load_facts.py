"""Loads facts into the tables of a database in memory, where they can be queried all at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from custodiet.base.currencies import minor_digits
from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.base.truth import Truth
from custodiet.bulk.explain.record_paths import Given
from custodiet.bulk.sql.joins import NotInBulk
from custodiet.bulk.sql.rates import laid_out, table_name
from custodiet.bulk.sql.syntax import Sql, as_type, written
from custodiet.bulk.sql.tables import Column, Register, SetBelow, unrecorded
from custodiet.policy.analysis.references import expressions_of, used_by
from custodiet.policy.analysis.resolve import Meaning, Members, Vocabulary
from custodiet.policy.language.ast import Judgment, Policy, RateTable
from custodiet.records import NONE, UNKNOWN, Field, Kind, RecordType, Value
from custodiet.records.facts import Facts, Unrecorded
from custodiet.records.record import Record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TOO_LARGE = 10**38
"""The least number that has more digits than an engine counts exactly."""


class FactTables(Mapping[str, Register]):
    """The tables of the records that one policy may read, each made when it is first asked for."""

    def __init__(
        self, connection: "DuckDBPyConnection", facts: Facts, policy: Policy, names: Vocabulary, given: Given
    ) -> None:
        """Prepare the tables of a policy; `given` is what other policies give."""
        self._connection, self._facts, self._policy, self._names, self._given = connection, facts, policy, names, given
        self._made: dict[str, Register] = {}
        used = used_in(policy, names)
        self._sets = {meaning.owner: set[str]() for meaning in used}
        for meaning in used:
            if isinstance(meaning.end, Members):
                self._sets[meaning.owner].add(meaning.end.name)
        self._read = {(meaning.owner, meaning.end.name) for meaning in used}
        self._referred = _referred_to(facts)
        self._lacking = self._all_lacking()

    def __getitem__(self, name: str) -> Register:
        """The table of a type, or of what may be lacking of it."""
        if name not in self._made:
            lacking = self._lacking.get(name)
            records = self._known(name) if lacking is None else list(lacking.values())
            self._made[name] = self._make(name, records)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Every type."""
        return iter(self._facts.types)

    def __len__(self) -> int:
        """How many types there are."""
        return len(self._facts.types)

    def _make(self, name: str, records: Sequence[Record]) -> Register:
        definition = self._facts.types[records[0].type if records else name]
        columns: dict[str, Column] = {}
        listed: dict[str, tuple[str, list[Any]]] = {"id": ("VARCHAR", [record.id for record in records])}
        for field, values in self._values(definition, records):
            columns[field.name] = _listed(field, values, self._policy.currency, listed)
        sets = {each: self._make_set(name, each, records) for each in sorted(self._sets.get(definition.name, ()))}
        table = f"{name} table"
        create(self._connection, table, listed)
        return Register(table, "id", columns, sets)

    def _known(self, name: str) -> list[Record]:
        """The records of a type, and those that are only referred to."""
        known = self._facts.of(name)
        only_referred_to = self._referred.get(name, set()) - {record.id for record in known}
        records = [*known, *(self._facts.find(name, id_) for id_ in sorted(only_referred_to))]
        possible = (days for (type_name, _), days in self._facts.possible_days.items() if type_name == name)
        return [*records, *(day for days in possible for day in days)]

    def _all_lacking(self) -> dict[str, dict[str, Unrecorded]]:
        """What the sets that the policy asks about may lack, by what their register is called and by id."""
        found: dict[str, dict[str, Unrecorded]] = {}
        for owner, sets in self._sets.items():
            for record in (*self._known(owner), Unrecorded(owner, "")) if sets else ():
                for each in (each for name in sets for each in self._facts.unrecorded(record, name)):
                    found.setdefault(unrecorded(each.type), {})[each.id] = each
        return found

    def _values(self, definition: RecordType, records: Sequence[Record]) -> Iterator[tuple[Field, list[Value]]]:
        """Each field with what it holds for each record: those of the type, and what policies and judgments give."""
        for field in definition.fields:
            yield field, [record.value(field.name) for record in records]
        for (owner, name), (field, _) in self._names.given.items():
            if owner == definition.name and (owner, name) in self._read:
                yield field, [self._given_or_stated(record, name) for record in records]
        for (owner, name), (field, judgment) in self._names.judgments.items():
            if owner == definition.name and (owner, name) in self._read:
                yield field, [self._judged(record, name, judgment) for record in records]

    def _given_or_stated(self, record: Record, name: str) -> Value:
        if name in record.values or isinstance(record, Unrecorded):
            return record.value(name)
        return self._given(record.type, name, record.id)

    def _judged(self, record: Record, name: str, judgment: Judgment) -> Value:
        value = record.value(name)
        if value is not UNKNOWN or isinstance(record, Unrecorded):
            return value
        return self._facts.judged(record.id, judgment.asks)

    def _make_set(self, register: str, name: str, records: Sequence[Record]) -> SetBelow:
        parents: list[str] = []
        members: list[str] = []
        belongs: list[bool | None] = []
        lacking_parents: list[str] = []
        lacking: list[str] = []
        for record in records:
            below = self._facts.below(record, name)
            for member, holds in below.members:
                parents.append(record.id)
                members.append(member.id)
                belongs.append(None if holds is Truth.UNKNOWN else holds is Truth.YES)
            lacking_parents += [record.id] * len(below.unrecorded)
            lacking += [each.id for each in below.unrecorded]
        table, unrecorded_table = f"{name} of {register} table", f"unrecorded {name} of {register} table"
        create(self._connection, table, {
            "parent": ("VARCHAR", parents), "member": ("VARCHAR", members), "belongs": ("BOOLEAN", belongs),
        })  # fmt: skip
        create(self._connection, unrecorded_table, {
            "parent": ("VARCHAR", lacking_parents), "member": ("VARCHAR", lacking),
        })  # fmt: skip
        return SetBelow(table, unrecorded_table if lacking else "")


def create(connection: "DuckDBPyConnection", table: str, columns: Mapping[str, tuple[str, list[Any]]]) -> None:
    """Make a table of some columns, each with its type and values."""
    selected: list[Sql] = [
        exp.alias_(exp.Explode(this=as_type(exp.Placeholder(), f"{kind}[]")), name, quoted=True)
        for name, (kind, _) in columns.items()
    ]
    made = exp.Create(
        this=exp.Table(this=exp.to_identifier(table, quoted=True)), kind="TABLE", replace=True,
        expression=exp.Select().select(*selected, copy=False),
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )  # fmt: skip
    connection.execute(written(made), [values for _, values in columns.values()])


def create_rates(connection: "DuckDBPyConnection", tables: Iterable[RateTable]) -> None:
    """Make a table of each dated table of a pack, to be joined to the records."""
    for table in tables:
        create(connection, table_name(table.name), laid_out(table))


def used_in(policy: Policy, names: Vocabulary) -> tuple[Meaning, ...]:
    """The meanings of the paths of a policy."""
    return tuple(meaning for part, scope in expressions_of(policy) for meaning in used_by(part, scope, names))


def _referred_to(facts: Facts) -> dict[str, set[str]]:
    """The ids to which records refer, by type; for some of them there is no record."""
    found: dict[str, set[str]] = {}
    for definition in facts.types.values():
        references = [field for field in definition.fields if field.kind is Kind.REFERENCE]
        for record in facts.of(definition.name) if references else ():
            for field in references:
                target = record.values.get(field.name)
                if isinstance(target, str):
                    found.setdefault(field.refers_to, set()).add(target)
    return found


def _listed(field: Field, values: list[Value], currency: str, listed: dict[str, tuple[str, list[Any]]]) -> Column:
    """Add the values of a field to the columns of a table, and return their column."""
    none = ""
    if any(value is NONE for value in values):
        none = f"{field.name} is none"
        listed[none] = ("BOOLEAN", [value is NONE for value in values])
    unknown = any(value is UNKNOWN for value in values)
    if field.kind is Kind.DATE:
        return _days_listed(
            field, [value if isinstance(value, Days) else None for value in values], none, unknown, listed
        )
    if field.kind in (Kind.MONEY, Kind.NUMBER):
        return _numbers_listed(field, values, currency, none, unknown, listed)
    kind = "BOOLEAN" if field.kind is Kind.YES_NO else "VARCHAR"
    listed[field.name] = (kind, [value if isinstance(value, bool | str) else None for value in values])
    return Column(field.name, unknown, none)


def _days_listed(
    field: Field, days: list[Days | None], none: str, unknown: bool, listed: dict[str, tuple[str, list[Any]]]
) -> Column:
    first = [each.first.toordinal() if each is not None and each.first is not None else None for each in days]
    last = [each.last.toordinal() if each is not None and each.last is not None else None for each in days]
    listed[field.name] = ("INTEGER", first)
    both_ends = [end for end in (*first, *last) if end is not None]
    least, most = min(both_ends, default=None), max(both_ends, default=None)
    unknown |= any(each is not None and None in (each.first, each.last) for each in days)
    if first == last:
        return Column(field.name, unknown, none, ordinal=True, least=least, most=most)
    listed[f"{field.name} to"] = ("INTEGER", last)
    return Column(field.name, unknown, none, f"{field.name} to", ordinal=True, least=least, most=most)


def _numbers_listed(
    field: Field, values: list[Value], currency: str, none: str, unknown: bool, listed: dict[str, tuple[str, list[Any]]]
) -> Column:
    exact = [_exact(value, currency) for value in values]
    digits = (
        minor_digits(currency)
        if field.kind is Kind.MONEY and currency
        else _digits(each for each in exact if each is not None)
    )
    whole = [None if each is None else int(each * 10**digits) for each in exact]
    known = [each for each in whole if each is not None]
    if any(abs(each) >= TOO_LARGE for each in known):
        raise NotInBulk(f"{field.name} has more digits than a query can hold")
    listed[field.name] = ("DECIMAL(38, 0)", whole)
    return Column(
        field.name, unknown, none, digits=digits, least=min(known, default=None), most=max(known, default=None)
    )


def _exact(value: Value, currency: str) -> Fraction | None:
    if isinstance(value, Money):
        if currency not in ("", value.currency):
            raise ValueError(f"{value} is in the records of a policy in {currency}")
        return value.exact
    return value if isinstance(value, Fraction) else None


def _digits(numbers: Iterable[Fraction]) -> int:
    """The decimal places that write all of some numbers exactly."""
    digits = 0
    for each in numbers:
        while (each * 10**digits).denominator != 1:
            digits += 1
    return digits
