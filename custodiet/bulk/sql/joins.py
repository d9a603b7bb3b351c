"""The rows that a query reads: one for each record asked about, or for each member of a set below it.

A *place* is a record as it is reached from the one asked about: a level (0 is the record asked about, 1 a
member of a set below something on level 0, and so on) and the references climbed from there. A *frame* is the
joins that bring all places of some levels into one row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlglot import exp

from custodiet.bulk.sql.syntax import NO, Sql, both, column, either, equal, is_no, is_unknown, never_null, opposite
from custodiet.bulk.sql.tables import Column, Register, Registers, SetBelow, unrecorded
from custodiet.records import Field


@dataclass(frozen=True, slots=True)
class Place:
    """A record as it is reached: a level, and the references climbed from it."""

    level: int
    climbed: tuple[str, ...] = ()


LAYER = "v"
"""What the rows of a layered query are called."""

SHORT = 12
"""What is made of no more parts than this is not worth a name."""

ASKED = Place(0)
Scope = tuple[Place, ...]
"""The record read, then those around it from the inside out."""


@dataclass(frozen=True, slots=True)
class Below:
    """A set below a place: what a frame's next level holds."""

    parent: Place
    climbs: tuple[Field, ...]
    """The references climbed to the parent."""
    name: str
    type: str
    lacking: bool = False
    """Whether the level holds, in place of the members, what may be lacking among them."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A place in the rows of a frame."""

    type: str
    alias: str
    none: Sql = NO
    """Whether a reference on the way is none; never NULL."""
    stuck: tuple[Sql, ...] = ()
    """For each reference on the way: whether it is the first that is unknown; never NULL."""
    recorded: bool = True
    """Whether it is a record, not what may be lacking in a set."""

    @property
    def register(self) -> str:
        """The alias of its table."""
        return self.type if self.recorded else unrecorded(self.type)

    @property
    def unreached(self) -> Sql:
        """Whether a reference on the way is unknown."""
        return either(*self.stuck)

    @property
    def optional(self) -> bool:
        """Whether there are rows in which it is not reached."""
        return not is_no(self.none) or not is_no(self.unreached)


class NotInBulk(Exception):  # noqa: N818 - no error: such policies are decided record by record
    """Why the answers of a policy are not computed by a query; `bulk.facts.Decider` lists what can be the reason."""


class Frame:
    """The joins for one level after another, and whatever is joined to them."""

    def __init__(self, registers: Registers, asked: str, levels: Sequence[Below] = ()) -> None:
        """Start with the table of the type asked about, and one join for each further level."""
        self.registers = registers
        self.asked = asked
        self.levels = tuple(levels)
        self.joins: list[exp.Join] = []
        self.reached: dict[Place, Reached] = {ASKED: Reached(asked, "r0")}
        self.references: dict[Place, tuple[Field, ...]] = {ASKED: ()}
        self.named: dict[str, Sql] = {}
        """What is worked out once for each row, by its name."""
        self._named: dict[Sql, str] = {}
        self.made: dict[object, str] = {}
        """The alias of each question about a set that has been joined, by what it is about."""
        self.looked_up: dict[object, str] = {}
        """The alias of each dated table that has been joined, by the keys and the day it is looked up by."""
        self.singly: Sql = NO
        """Which rows are for the evaluator to decide, or a set below a record that it decides; never NULL."""
        for level, below in enumerate(self.levels, 1):
            self._enter(level, below)

    def register(self, type_name: str) -> Register:
        """The table of a type; NotInBulk if there is none."""
        if type_name not in self.registers:
            raise NotInBulk(f"there is no table of {type_name}")
        return self.registers[type_name]

    def column(self, reached: Reached, field: str) -> Column:
        """The column of a field; NotInBulk if the table has none."""
        columns = self.register(reached.register).columns
        if field not in columns:
            raise NotInBulk(f"the table of {reached.type} has no column for {field}")
        return columns[field]

    def set_below(self, reached: Reached, name: str) -> SetBelow:
        """The tables of a set below the record reached; NotInBulk if there are none."""
        sets = self.register(reached.register).sets
        if name not in sets:
            raise NotInBulk(f"the table of {reached.type} has no set {name}")
        return sets[name]

    def key(self, reached: Reached) -> Sql:
        """The id of the record reached; NULL if it is not."""
        return column(self.register(reached.register).key, reached.alias, known=not reached.optional)

    @property
    def keys(self) -> tuple[Sql, ...]:
        """What tells one row from another: the ids of the record asked about and of the members around."""
        return tuple(self.key(self.reached[Place(level)]) for level in range(len(self.levels) + 1))

    @property
    def ways(self) -> list[tuple[Field, ...]]:
        """The references by which records are reached from the one asked about."""
        return [references for place, references in self.references.items() if place.level == 0]

    def at(self, place: Place, references: Sequence[Field]) -> Reached:
        """A place in the rows of this frame, joined if it is not there yet; `references` are what is climbed to it."""
        found = self.reached.get(place)
        if found is not None:
            return found
        *_, reference = references
        parent = self.at(Place(place.level, place.climbed[:-1]), references[:-1])
        held = self.column(parent, reference.name)
        known = not (held.may_be_unknown or held.none or parent.optional)
        target = column(held.name, parent.alias, known=known)
        none = self.marked_none(parent, held)
        unknown = both(opposite(parent.none), opposite(parent.unreached), opposite(none), is_unknown(target))
        alias = f"r{len(self.reached)}"
        above = self.register(reference.refers_to)
        self.join(above.table, alias, equal(column(above.key, alias), target), outer=True)
        stuck = unknown if held.may_be_unknown else NO
        above_none = self.let(either(parent.none, none))
        reached = Reached(reference.refers_to, alias, above_none, (*parent.stuck, self.let(stuck)))
        self.reached[place], self.references[place] = reached, tuple(references)
        return reached

    def marked_none(self, reached: Reached, held: Column) -> Sql:
        """Whether a field of the record reached is marked none; never NULL."""
        if not held.none:
            return NO
        there = not reached.optional
        mark = column(held.none, reached.alias, known=there)
        return mark if there else exp.Coalesce(this=mark, expressions=[NO])

    def decide_singly(self, where: Sql) -> None:
        """Leave the records to which a condition applies to the evaluator: they are rare and make a query long."""
        self.singly = either(self.singly, where)

    def join(self, table: str, alias: str, on: Sql, *, outer: bool) -> None:
        """Join a table."""
        self.joins.append(_join(exp.to_table(table).as_(alias), on, outer=outer))

    def join_query(self, query: exp.Select, alias: str, on: Sql) -> None:
        """Join the rows of another query."""
        self.joins.append(_join(query.subquery(alias, copy=False), on, outer=True))

    def rows(self) -> exp.Select:
        """The query of this frame's rows, with nothing selected yet."""
        asked = exp.to_table(self.register(self.asked).table).as_("r0")
        query = exp.Select().from_(asked)
        query.set("joins", [join.copy() for join in self.joins])
        return query

    def let(self, value: Sql) -> Sql:
        """A value under a name of its own, so that it is worked out once for each row; what is short stays as it is."""
        if next(islice(value.walk(), SHORT, None), None) is None:
            return value
        found = self._named.get(value)
        if found is None:
            found = f"x{len(self._named)}"
            self._named[value] = found
            self.named[found] = value
        return column(found, LAYER, known=never_null(value))

    def spelled_out(self, value: Sql) -> Sql:
        """A value in terms of the innermost tables, for use in a join."""
        return spelled_out(value, self.named, {})

    def layered(self, selected: Sequence[Sql], joined: tuple[str, str, Sql] | None = None) -> exp.Select:
        """The query of some columns over this frame's rows, perhaps joined to a table, under a name, by a condition.

        What has a name of its own is worked out in layers below the columns, each upon the one below it.
        """
        beside = set() if joined is None else {joined[1]}
        base: dict[str, Sql] = {}

        def lifted(value: Sql) -> Sql:
            def lift(node: exp.Expr) -> exp.Expr:
                if not isinstance(node, exp.Column) or node.table == LAYER or node.table in beside:
                    return node
                name = f"{node.table}.{node.name}"
                base.setdefault(name, exp.alias_(node.copy(), name, quoted=True))
                return column(name, LAYER)

            return value.copy().transform(lift, copy=False)

        above = [lifted(each) for each in selected]
        on = None if joined is None else lifted(joined[2])
        layers = [
            [exp.alias_(lifted(self.named[name]), name, quoted=True) for name in layer]
            for layer in self._layers(above if on is None else [*above, on])
        ]
        query = self.rows().select(*base.values(), copy=False)
        for layer in layers:
            query = exp.Select().from_(query.subquery(LAYER, copy=False)).select(exp.Star(), *layer, copy=False)
        query = exp.Select().from_(query.subquery(LAYER, copy=False)).select(*above, copy=False)
        if joined is not None:
            query.append("joins", exp.Join(this=exp.to_table(joined[0]).as_(joined[1]), on=on))
        return query

    def _layers(self, selected: Sequence[Sql]) -> list[list[str]]:
        """The names that some columns call, and those that these call, from the bottom up."""
        depth: dict[str, int] = {}

        def deep(value: Sql) -> int:
            return max((reach(each.name) for each in value.find_all(exp.Column) if each.table == LAYER), default=0)

        def reach(name: str) -> int:
            if name in self.named and name not in depth:
                depth[name] = 1 + deep(self.named[name])
            return depth.get(name, 0)

        highest = max((deep(each) for each in selected), default=0)
        return [[name for name in depth if depth[name] == level] for level in range(1, highest + 1)]

    def _enter(self, level: int, below: Below) -> None:
        parent = self.at(below.parent, below.climbs)
        listed = self.set_below(parent, below.name)
        reached = Reached(below.type, f"c{level}", recorded=not below.lacking)
        table, members, child = (
            listed.unrecorded if below.lacking else listed.table,
            f"m{level}",
            self.register(reached.register),
        )
        self.join(table, members, equal(column("parent", members), self.key(parent)), outer=False)
        member = equal(column(child.key, reached.alias), column("member", members))
        self.join(child.table, reached.alias, member, outer=False)
        self.reached[Place(level)], self.references[Place(level)] = reached, ()


def spelled_out(value: Sql, named: Mapping[str, Sql], known: dict[str, Sql]) -> Sql:
    """A value in which what has a name of its own is written out; `known` keeps what was written out before."""

    def spelled(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.table == LAYER:
            if node.name not in known:
                known[node.name] = exp.Paren(this=spelled_out(named[node.name], named, known))
            return known[node.name].copy()
        return node

    return value.copy().transform(spelled, copy=False)


def _join(what: exp.Expr, on: Sql, *, outer: bool) -> exp.Join:
    join = exp.Join(this=what, on=on)
    if outer:
        join.set("side", "LEFT")
    return join
