"""A flat table: one row for each record that is decided, one column for each fact, named by its path from the record.

The first column that counts is `id`. `leg.purpose` is the purpose of the row's leg. Beside a column `x` stand

* `x_is_none`: whether x is known to be absent (yes or no, never blank), where the field may be none;
* `x_last`: the last possible day, for a date that is known only to a period; its first is in `x`.

A blank is what nobody recorded, and so is a fact without a column. A reference that columns climb (`leg`) leads to a
record of the row's own; a column `leg_is_none` says where there is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from custodiet.base.currencies import minor_digits
from custodiet.base.errors import Refused, did_you_mean
from custodiet.base.text import escaped, quoted
from custodiet.bulk.load_facts import used_in
from custodiet.bulk.sql.tables import Column, Register, Registers
from custodiet.policy.analysis.plan import Plan
from custodiet.policy.analysis.resolve import Members
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.language.ast import Policy
from custodiet.policy.packs.pack import Pack
from custodiet.records import Field, Kind, Types, one
from custodiet.records.document import with_added
from custodiet.records.facts import Facts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ID, IS_NONE, LAST = "id", "_is_none", "_last"
FEW = 5
"""How many of the rows that show a mistake are told."""

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")
_FLOATS = ("FLOAT", "DOUBLE", "REAL")
_MOST_DIGITS = 15
"""How many digits an amount or a count can have before the point."""


@dataclass(slots=True)
class _Held:
    """One fact: its field and the columns that hold it."""

    field: Field
    path: str
    value: str = ""
    none: str = ""
    last: str = ""


@dataclass(slots=True)
class _Node:
    """A record as the columns reach it, by the references climbed from the row's own."""

    type: str
    path: tuple[str, ...]
    facts: dict[str, _Held] = field(default_factory=dict)


def quote(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


class FlatTable:
    """A flat table of records of one type, checked against the definitions, as the registers that a query reads."""

    def __init__(self, connection: "DuckDBPyConnection", table: str, plan: Plan, known: Sequence[str] = ()) -> None:
        """Read the columns of a table or view; `known` are paths that are said to be never blank.

        Raises Refused, with the first rows that show it, for a table that is not what it has to be.
        """
        self._connection, self._table, self._plan = connection, table, plan
        self._types: Types = plan.names.types
        described = connection.execute(f"DESCRIBE {quote(table)}").fetchall()
        self._kinds = {str(row[0]): str(row[1]) for row in described}
        self._known = tuple(known)
        self._nodes: dict[tuple[str, ...], _Node] = {(): _Node(plan.policy.for_each, ())}
        self._refuse_header()
        for name in self._kinds:
            if name != ID:
                self._place(name)
        self._complete()

    @property
    def registers(self) -> Registers:
        """The registers of the types that the policy reads, made of the table's columns; every row is checked first."""
        self._refuse_ids()
        for node in self._nodes.values():
            for held in node.facts.values():
                self._refuse_values(held)
        return dict(self._registers())

    # The columns

    def _refuse_header(self) -> None:
        if ID not in self._kinds:
            there = ", ".join(quoted(name) for name in self._kinds)
            raise Refused(f"the table has no column `{ID}`; it has {there}\nhelp: add one with an id of its own a row")
        unknown = [path for path in self._known if path not in self._kinds]
        if unknown:
            hint = did_you_mean(unknown[0], list(self._kinds))
            raise Refused(f"`{escaped(unknown[0])}` is said to be known and is not a column of the table; {hint}")

    def _place(self, name: str) -> None:
        """Find the field that a column holds, or marks."""
        for suffix, put in (("", "value"), (IS_NONE, "none"), (LAST, "last")):
            path = name.removesuffix(suffix) if suffix else name
            found = self._field(path) if not suffix or path != name else None
            if found is None:
                continue
            node, definition = found
            held = node.facts.setdefault(definition.name, _Held(definition, path))
            self._refuse_kind(name, put, definition)
            setattr(held, put, name)
            return
        paths = sorted(self._paths())
        hint = did_you_mean(name, paths)
        what = one(self._plan.policy.for_each)
        message = f"column {quoted(name)}: neither a fact of {what} nor of what it refers to"
        raise Refused(f"{message}\nhelp: {hint or 'name it by its path, such as ' + paths[0]}; or leave it out")

    def _field(self, path: str) -> tuple[_Node, Field] | None:
        """The record and the field of a path; its references become records of the row's own."""
        *climbs, last = path.split(".")
        type_name = self._plan.policy.for_each
        for name in climbs:
            definition = self._types[type_name]
            if name not in definition.names or definition.field(name).kind is not Kind.REFERENCE:
                return None
            type_name = definition.field(name).refers_to
        if last not in self._types[type_name].names:
            return None
        node = self._nodes.setdefault(tuple(climbs), _Node(type_name, tuple(climbs)))
        return node, self._types[type_name].field(last)

    def _paths(self) -> Iterator[str]:
        """The paths that a column can be named by: those of the record and of what it refers to."""
        definition = self._types[self._plan.policy.for_each]
        for each in definition.fields:
            yield each.name
            if each.kind is Kind.REFERENCE:
                yield from (f"{each.name}.{below.name}" for below in self._types[each.refers_to].fields)

    def _complete(self) -> None:
        """Every reference on the way to a record is a fact of the record below it."""
        for path in sorted((path for path in self._nodes if path), key=len, reverse=True):
            for depth in range(len(path)):
                below = path[:depth]
                if below not in self._nodes:
                    type_name = self._plan.policy.for_each
                    for name in below:
                        type_name = self._types[type_name].field(name).refers_to
                    self._nodes[below] = _Node(type_name, below)
                node, name = self._nodes[below], path[depth]
                node.facts.setdefault(name, _Held(self._types[node.type].field(name), ".".join(path[: depth + 1])))

    def _refuse_kind(self, name: str, put: str, definition: Field) -> None:
        """Raise Refused for a column whose type cannot hold what it is said to hold exactly."""
        kind = self._kinds[name].upper()
        base = kind.partition("(")[0]
        wanted: tuple[str, ...]
        help_ = ""
        if put == "none" or definition.kind is Kind.YES_NO:
            wanted, help_ = ("BOOLEAN",), "make it a column of yes and no"
        elif definition.kind is Kind.DATE:
            wanted, help_ = ("DATE",), f"CAST({name} AS DATE)"
        elif definition.kind in (Kind.MONEY, Kind.NUMBER):
            wanted, help_ = ("DECIMAL", *_WHOLE), f"CAST({name} AS DECIMAL(18, 2))"
        elif definition.kind is Kind.REFERENCE:
            wanted, help_ = ("VARCHAR", "ENUM", "UUID", *_WHOLE), f"CAST({name} AS VARCHAR)"
        else:
            wanted, help_ = ("VARCHAR", "ENUM"), f"CAST({name} AS VARCHAR)"
        if put == "last" and definition.kind is not Kind.DATE:
            raise Refused(f"column {quoted(name)}: only a date has a last possible day\nhelp: leave the column out")
        if put == "none" and not definition.may_be_none:
            raise Refused(f"column {quoted(name)}: {definition.name} is never none\nhelp: leave the column out")
        if base not in wanted and base != '"NULL"':
            why = "; a float does not hold cents exactly" if base in _FLOATS else ""
            raise Refused(f"column {quoted(name)} holds {kind}, and {definition.shape} is wanted{why}\nhelp: {help_}")

    # The rows

    def _shown(self, where: str, names: Sequence[str]) -> list[tuple[object, ...]]:
        """The first rows of which something is true, by their ids."""
        columns = ", ".join(quote(name) for name in (ID, *names))
        query = f"SELECT {columns} FROM {quote(self._table)} WHERE {where} ORDER BY {quote(ID)} LIMIT {FEW}"  # noqa: S608 - names are quoted
        return self._connection.execute(query).fetchall()

    def _refuse(self, where: str, names: Sequence[str], what: str, help_: str) -> None:
        rows = self._shown(where, names)
        if rows:
            told = "\n".join(
                f"  {ID} {escaped(str(row[0]))}"
                + "".join(f", {name} {_cell(value)}" for name, value in zip(names, row[1:], strict=True))
                for row in rows
            )
            raise Refused(f"{what}\n{told}\nhelp: {help_}")

    def _refuse_ids(self) -> None:
        self._refuse(f"{quote(ID)} IS NULL", (), f"rows without an {ID}", "give every row an id of its own")
        grouped = f"SELECT {quote(ID)}, count(*) FROM {quote(self._table)} GROUP BY 1"  # noqa: S608 - names are quoted
        query = f"{grouped} HAVING count(*) > 1 ORDER BY 1 LIMIT {FEW}"
        twice = self._connection.execute(query).fetchall()
        if twice:
            told = "\n".join(f"  {ID} {escaped(str(id_))}, in {count} rows" for id_, count in twice)
            raise Refused(f"ids that more than one row has\n{told}\nhelp: give every row an id of its own")

    def _refuse_values(self, held: _Held) -> None:
        """Raise Refused for the first values that the field cannot have."""
        definition, path = held.field, held.path
        if held.none:
            marked = quote(held.none)
            self._refuse(f"{marked} IS NULL", (held.none,), f"{held.none} is blank", "write yes or no in every row")
            if held.value:
                both = f"{marked} AND {quote(held.value)} IS NOT NULL"
                self._refuse(both, (held.value,), f"{path} is none and has a value", "leave the value blank")
        if not held.value:
            return
        value = quote(held.value)
        if held.value in self._known:
            unmarked = f" AND NOT {quote(held.none)}" if held.none else ""
            what = f"{path} is said to be known, and is blank"
            self._refuse(f"{value} IS NULL{unmarked}", (), what, f"leave out `--known {path}`, or fill it in")
        if held.last:
            upside_down = f"{quote(held.last)} < {value}"
            self._refuse(upside_down, (held.value, held.last), f"{path} ends before it begins", "exchange the two days")
        match definition.kind:
            case Kind.LIST:
                listed = ", ".join("'" + each.replace("'", "''") + "'" for each in definition.values)
                what = f"{path} has a value that is not on its list"
                self._refuse(f"{value}::VARCHAR NOT IN ({listed})", (held.value,), what, f"write {definition.shape}")
            case Kind.MONEY | Kind.NUMBER:
                self._refuse_numbers(held, value)
            case Kind.DATE:
                outside = f"year({value}) NOT BETWEEN 1900 AND 2199"
                what = f"{path} is outside the years 1900 to 2199"
                self._refuse(outside, (held.value,), what, "write the day on which it happened")

    def _refuse_numbers(self, held: _Held, value: str) -> None:
        definition, path = held.field, held.path
        if definition.least is not None:
            what = f"{path} is less than {definition.least}"
            self._refuse(f"{value} < {definition.least}", (held.value,), what, f"write {definition.shape}")
        most = 10**_MOST_DIGITS if definition.greatest is None else int(definition.greatest) + 1
        self._refuse(f"{value} >= {most}", (held.value,), f"{path} is too great", f"write {definition.shape}")
        digits = self._digits(definition)
        if definition.kind is Kind.MONEY or definition.whole:
            what = f"{path} has more than {digits} digits after the point"
            self._refuse(f"{value} <> trunc({value}, {digits})", (held.value,), what, "round it first, and say how")

    def _digits(self, definition: Field) -> int:
        if definition.kind is Kind.MONEY:
            return minor_digits(self._plan.policy.currency) if self._plan.policy.currency else 2
        return 0

    # The registers

    def _registers(self) -> Iterator[tuple[str, Register]]:
        by_type: dict[str, list[_Node]] = {name: [] for name in self._reachable()}
        for node in self._nodes.values():
            by_type.setdefault(node.type, []).append(node)
        for type_name, nodes in by_type.items():
            definition = self._types[type_name]
            read = {name for owner, name in self._plan.read if owner == type_name}
            stated = {name for node in nodes for name in node.facts}
            fields = [each for each in definition.fields if each.name in read | stated or each.kind is Kind.REFERENCE]
            scaled = {each.name: self._scale(each, nodes) for each in fields}
            view = f"custodiet_flat_{type_name}"
            # Of what no column leads to there is no record: every reference to it is unknown.
            nowhere = f"{self._select(_Node(type_name, ()), fields, scaled, alone=True)} WHERE FALSE"
            selects = [self._select(node, fields, scaled, alone=len(nodes) == 1) for node in nodes] or [nowhere]
            self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {quote(view)} AS {' UNION ALL '.join(selects)}")
            columns = {
                each.name: Column(
                    f"f_{each.name}",
                    none=f"n_{each.name}" if each.may_be_none else "",
                    last=f"l_{each.name}" if any(self._held(node, each).last for node in nodes) else "",
                    digits=scaled[each.name],
                )
                for each in fields
            }
            yield type_name, Register(view, "id", columns)

    def _reachable(self) -> Iterator[str]:
        """The types that the policy reaches by references."""
        names = {each.name for meaning in used_in(self._plan.policy, self._plan.names) for each in meaning.climbs}
        found, left = set[str](), [self._plan.policy.for_each]
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                yield name
                fields = self._types[name].fields
                left += [each.refers_to for each in fields if each.kind is Kind.REFERENCE and each.name in names]

    def _scale(self, definition: Field, nodes: Sequence[_Node]) -> int:
        """The digits after the point by which a column of whole numbers is scaled."""
        if definition.kind is Kind.NUMBER and not definition.whole:
            kinds = (self._kinds.get(self._held(node, definition).value, "") for node in nodes)
            return max(
                (int(kind.rstrip(")").rpartition(",")[2]) for kind in kinds if kind.startswith("DECIMAL(")), default=0
            )
        return self._digits(definition)

    def _held(self, node: _Node, definition: Field) -> _Held:
        return node.facts.get(definition.name, _Held(definition, ".".join((*node.path, definition.name))))

    def _select(self, node: _Node, fields: Sequence[Field], scaled: Mapping[str, int], *, alone: bool) -> str:
        """The records that the rows reach by one path; a row's own record of a path has the row's id."""
        key = self._key(node.path, alone=alone)
        columns = [f"{key} AS id"]
        for each in fields:
            held = self._held(node, each)
            columns.append(f"{self._value(node, held, scaled[each.name])} AS {quote('f_' + each.name)}")
            if each.may_be_none:
                mark = quote(held.none) if held.none else "FALSE"
                columns.append(f"{mark} AS {quote('n_' + each.name)}")
            if held.last:
                last = f"coalesce({quote(held.last)}, {quote(held.value)})" if held.value else quote(held.last)
                columns.append(f"{last} AS {quote('l_' + each.name)}")
        return f"SELECT {', '.join(columns)} FROM {quote(self._table)}"  # noqa: S608 - names are quoted

    def _key(self, path: tuple[str, ...], *, alone: bool) -> str:
        """The id of the record that a path reaches; where several reach one type, each has ids of its own."""
        if alone or not path:
            return quote(ID)
        return f"'{'.'.join(path)} of ' || {quote(ID)}::VARCHAR"

    def _value(self, node: _Node, held: _Held, digits: int) -> str:
        climbed = (*node.path, held.field.name)
        if climbed in self._nodes:
            alone = sum(each.type == held.field.refers_to for each in self._nodes.values()) == 1
            key = self._key(climbed, alone=alone)
            return f"CASE WHEN {quote(held.none)} THEN NULL ELSE {key} END" if held.none else key
        if not held.value:
            return f"CAST(NULL AS {_NULLS[held.field.kind]})"
        if held.field.kind in (Kind.MONEY, Kind.NUMBER):
            return f"CAST({quote(held.value)} * {10**digits} AS BIGINT)"
        return quote(held.value)


_NULLS = {
    Kind.YES_NO: "BOOLEAN",
    Kind.LIST: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.REFERENCE: "VARCHAR",
    Kind.NUMBER: "BIGINT",
    Kind.MONEY: "BIGINT",
    Kind.DATE: "DATE",
}


def _cell(value: object) -> str:
    return "blank" if value is None else quoted(str(value))


def with_columns_for_all(policy: Policy, pack: Pack) -> Plan:
    """The plan of a policy for a flat table, where what another policy gives or a person judges is a fact like others.

    Raises Refused for a policy that asks about a set, with its name: a flat table has one row a record.
    """
    plan = Evaluator(pack.policies, Facts((), pack.types)).plan(policy)
    types = dict(pack.types)
    for (owner, name), end in plan.read.items():
        if isinstance(end, Members):
            raise Refused(
                f"{policy.name} asks about the set `{owner}.{name}`, and a flat table has one row a record\n"
                "help: bring the records into a docket and use `custodiet audit`"
            )
        given = plan.names.given.get((owner, name)) or plan.names.judgments.get((owner, name))
        if given is not None:
            types[owner] = with_added(types[owner], [given[0]])
    return Evaluator((replace(policy, judgments=()),), Facts((), types)).plan(replace(policy, judgments=()))
