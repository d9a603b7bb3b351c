"""Conditions and terms of a policy in SQL: `evaluation.expressions` for every record of a table at once.

A condition is TRUE, FALSE or NULL, which SQL joins as Kleene did. A set below a record is a query of its own,
grouped by the record and joined to it.
"""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import prod

from sqlglot import exp

from custodiet.base.dates import Days
from custodiet.bulk.sql import rates
from custodiet.bulk.sql.exact_arithmetic import Exact, Whole, named
from custodiet.bulk.sql.intervals import (
    Number,
    Plain,
    Term,
    arithmetic,
    compare,
    extreme,
    is_none,
    literal,
    with_zero,
)
from custodiet.bulk.sql.joins import Below, Frame, NotInBulk, Place, Reached, Scope
from custodiet.bulk.sql.outcomes import Outcomes
from custodiet.bulk.sql.syntax import (
    NO,
    UNKNOWN,
    YES,
    Sql,
    as_type,
    binary,
    both,
    case,
    column,
    day,
    either,
    equal,
    is_no,
    is_unknown,
    never_null,
    number,
    opposite,
    or_no,
    or_yes,
)
from custodiet.bulk.sql.tables import Column
from custodiet.policy.analysis.plan import (
    And,
    Arithmetic,
    Atom,
    Compare,
    Condition,
    Count,
    Defined,
    Exists,
    Extreme,
    Fact,
    Holds,
    IsNone,
    Members,
    Named,
    Not,
    Or,
    Rate,
    Route,
    Sum,
    Test,
    is_condition,
)
from custodiet.policy.analysis.plan import Term as Planned
from custodiet.policy.language.ast import Literal, RateTable
from custodiet.records import Field, Kind

UNCOUNTED = 1_000_000
"""The ways of a set, which nobody counts beforehand."""

Asked = Exists | Count | Sum
"""A question about a set."""

FIRST_DAY = Days.read("1970-01-01").day


class Climbed:
    """Where a route ends in the rows of a frame."""

    def __init__(self, reached: Reached, place: Place, route: Route) -> None:
        self.reached, self.place, self.route = reached, place, route

    @property
    def none(self) -> Sql:
        """Whether the path is none because a reference on the way is."""
        return self.reached.none

    def may_be_none(self, *, in_itself: bool) -> Sql:
        """Where the path is not known: whether it may be none, in itself or because a reference is open."""
        if in_itself:
            return YES
        climbs = self.route.climbs
        open_to_it = (
            stuck for place, stuck in enumerate(self.reached.stuck) if any(each.may_be_none for each in climbs[place:])
        )
        return either(*open_to_it)


def place_of(route: Route, scope: Scope) -> Place:
    """The place at the end of a route."""
    start = scope[route.outwards]
    return Place(start.level, (*start.climbed, *(reference.name for reference in route.climbs)))


class Compiler:
    """Conditions and terms of one policy's plan over some tables."""

    def __init__(self, outcomes: Outcomes) -> None:
        """Compile nothing yet; `outcomes` says where a row is asked how a test turns out."""
        self.outcomes = outcomes
        self.rates: dict[str, RateTable] = {}
        """The dated tables that the queries read, by name."""
        self._defined_once: dict[tuple[Frame, Place, Defined], Term] = {}
        """What definitions come to where they have been read: a name that is used often is worked out once."""
        self._open: dict[object, int] = {}
        """What may be open in some row, by what it is about: in how many ways it can turn out."""

    @property
    def most_ways(self) -> int:
        """No record has more ways than this in which what was compiled so far can turn out."""
        return prod(self._open.values())

    def climb(self, route: Route, scope: Scope, frame: Frame) -> Climbed:
        """Follow a route through the joins of a frame."""
        start = scope[route.outwards]
        return Climbed(self._reach(start, route.climbs, frame), place_of(route, scope), route)

    def _reach(self, start: Place, climbs: tuple[Field, ...], frame: Frame) -> Reached:
        """The place that some references lead to; what was unknown before the start is not asked again."""
        before = frame.reached[start]
        place, reached = start, before
        for number_, reference in enumerate(climbs, 1):
            place = Place(place.level, (*place.climbed, reference.name))
            reached = frame.at(place, (*frame.references[start], *climbs[:number_]))
        return reached

    # Conditions

    def holds(self, condition: Condition, scope: Scope, frame: Frame) -> Sql:
        """Whether a condition holds; NULL where that is unknown."""
        return frame.let(self._holds(condition, scope, frame))

    def _holds(self, condition: Condition, scope: Scope, frame: Frame) -> Sql:
        match condition:
            case Atom():
                return self._tested(condition, scope, frame)
            case And(parts):
                return both(*(self.holds(part, scope, frame) for part in parts))
            case Or(parts):
                return either(*(self.holds(part, scope, frame) for part in parts))
            case Not(part):
                return opposite(self.holds(part, scope, frame))

    def _tested(self, atom: Atom, scope: Scope, frame: Frame) -> Sql:
        match atom.test:
            case Compare(operator, left, right):
                one, other = self.term(left, scope, frame), self.term(right, scope, frame)
                holds = self._asked(compare(operator, one, other), atom, scope)
                return self.outcomes.of(holds, self._value_tested(atom.test, holds, scope))
            case IsNone(of):
                return self.outcomes.of(self._asked(is_none(self.term(of, scope, frame)), atom, scope))
            case Holds(term):
                holds = compare("=", self.term(term, scope, frame), Plain(YES))
                return self.outcomes.of(holds, self._value_tested(atom.test, holds, scope))
            case Exists():
                return self._any(atom.number, atom.test, scope, frame)

    def _value_tested(self, test: Test, holds: Sql, scope: Scope) -> object:
        """The one value on which a test alone hangs, so that at most one of all tests of it holds; None for others."""
        match test:
            case (
                Compare("=", Fact() as fact, Literal())
                | Compare("=", Literal(), Fact() as fact)
                | Holds(Fact() as fact)
            ):
                # A range may be apart from one literal and not from the next.
                alike = never_null(holds) or fact.field.kind not in (Kind.NUMBER, Kind.MONEY, Kind.DATE)
                return (place_of(fact.route, scope), fact.field.name) if alike else None
            case _:
                return None

    def _asked(self, holds: Sql, atom: Atom, scope: Scope) -> Sql:
        if not never_null(holds):
            self._open[atom.number, scope] = 2
        return holds

    # Terms

    def term(self, planned: Planned, scope: Scope, frame: Frame) -> Term:
        """The value of a term, as far as it is known."""
        return _let(self._term(planned, scope, frame), frame)

    def _term(self, planned: Planned, scope: Scope, frame: Frame) -> Term:
        match planned:
            case Literal(Days() as days):
                return Number.point(Exact(Whole.of(days.day.toordinal()), Whole.of(1)))
            case Literal(value) if not isinstance(value, Days):
                return literal(value)
            case Fact(route, field):
                return self._field(field, self.climb(route, scope, frame), frame)
            case Named(route, defined):
                return self._named(defined, self.climb(route, scope, frame), frame)
            case Arithmetic(operator, left, right):
                one, other = self.number(left, scope, frame), self.number(right, scope, frame)
                return arithmetic(operator, one, other, frame.let)
            case Extreme(which, parts):
                return extreme(which, [self.number(part, scope, frame) for part in parts], frame.let)
            case Count() | Sum():
                return self._count_or_sum(planned, scope, frame)
            case Rate():
                return self._rate(planned, scope, frame)
            case And() | Or() | Not() | Atom():
                return Plain(self.holds(planned, scope, frame))
        raise TypeError(planned)

    def number(self, planned: Planned, scope: Scope, frame: Frame) -> Number:
        """A term that is a number."""
        term = self.term(planned, scope, frame)
        if not isinstance(term, Number):
            raise NotInBulk("a formula computes with something that is not a number")
        return term

    def _named(self, defined: Defined, climbed: Climbed, frame: Frame) -> Term:
        where = frame, climbed.place, defined
        if where not in self._defined_once:
            self._defined_once[where] = self._defined(defined, climbed, frame)
        return self._defined_once[where]

    def _defined(self, defined: Defined, climbed: Climbed, frame: Frame) -> Term:
        term = self.term(defined.meaning, (climbed.place,), frame)
        stuck, none = climbed.reached.unreached, climbed.none
        if not climbed.reached.optional:
            return term
        if isinstance(term, Number) or not is_condition(defined.meaning):
            frame.decide_singly(stuck)
            return replace(term, none=either(none, term.none), may_be_none=both(opposite(none), term.may_be_none))
        if not is_no(stuck):
            # Of a record that is not known it is a question of its own, whatever it asks of records that are.
            self._open[climbed.place, defined] = 2
        return Plain(case((either(none, stuck), UNKNOWN), otherwise=term.value), none, YES)

    def _field(self, field: Field, climbed: Climbed, frame: Frame) -> Term:
        held = frame.column(climbed.reached, field.name)
        none = either(climbed.none, frame.marked_none(climbed.reached, held))
        known = not held.may_be_unknown and is_no(climbed.reached.unreached)
        value = column(held.name, climbed.reached.alias, known=known and is_no(none))
        open_to_none = climbed.may_be_none(in_itself=field.may_be_none)
        match field.kind:
            case Kind.NUMBER | Kind.MONEY:
                return _number(field, held, value, none, known, open_to_none)
            case Kind.DATE:
                return _date(held, climbed.reached.alias, none, known, open_to_none)
            case _:
                if not known:
                    self._open[climbed.place, field.name] = 1 + (len(field.values) or 2)
                return Plain(value, none, NO if known else open_to_none, held.stored)

    # Rates

    def _rate(self, rate: Rate, scope: Scope, frame: Frame) -> Number:
        """What a dated table says: known where a row certainly applies; the evaluator reports all that is open."""
        if any(self._names_record(key) for key in rate.keys):
            raise NotInBulk(f"{rate.table.name} is looked up by the id of a record")
        table = rate.table
        keys = [self.term(key, scope, frame) for key in rate.keys]
        on = self.number(rate.on, scope, frame)
        asked = (table.name, rate.keys, rate.on, scope)
        alias = frame.looked_up.get(asked)
        if alias is None:
            alias = f"t{len(frame.looked_up)}"
            holds = frame.spelled_out(rates.holds(table, alias, keys, on))
            frame.join(rates.table_name(table.name), alias, holds, outer=True)
            frame.looked_up[asked] = alias
            self.rates[table.name] = table
            frame.decide_singly(rates.unsettled(alias, [*keys, on]))
        return rates.value(table, rate.column, alias, either(*(term.none for term in (*keys, on))))

    def _names_record(self, key: Planned) -> bool:
        """Whether a key is the id of a record, by which no explanation may call it."""
        if isinstance(key, Named):
            return self._names_record(key.defined.meaning)
        return isinstance(key, Fact) and key.field.kind is Kind.REFERENCE

    # Sets of records

    def members(self, of: Members, scope: Scope, frame: Frame) -> tuple[Climbed, Frame]:
        """The record above a set, and a frame with one row for each of its members."""
        climbed = self.climb(of.route, scope, frame)
        below = Below(climbed.place, frame.references[climbed.place], of.name, of.type)
        return climbed, Frame(frame.registers, frame.asked, (*frame.levels, below))

    def complete(self, question: Asked, scope: Scope, frame: Frame) -> Sql:
        """Whether nothing that may be lacking in a set would meet a question about it.

        No set at all lacks nothing; one of a record that is not known may lack anything.
        """
        climbed, inside = self.members(question.members, scope, frame)
        reached, below = climbed.reached, replace(inside.levels[-1], lacking=True)
        lacks: Sql = NO
        if frame.set_below(reached, below.name).unrecorded:
            about = "lacking", question.members, question.where, scope
            alias = frame.made.get(about)
            if alias is None:
                apart = Frame(frame.registers, frame.asked, (*frame.levels, below))
                meets = or_yes(self._where(question, scope, apart))
                alias = self._joined(about, frame, apart, {"found": exp.LogicalOr(this=meets)})
            lacks = or_no(column("found", alias))
        return either(climbed.none, both(opposite(reached.unreached), opposite(lacks)))

    def _any(self, number_: int, question: Exists, scope: Scope, frame: Frame) -> Sql:
        _, inside = self.members(question.members, scope, frame)
        alias = frame.made.get((number_, scope))
        if alias is None:
            meets = self.meets(question, scope, inside)
            found = exp.LogicalOr(this=meets)
            doubtful = exp.LogicalOr(this=is_unknown(meets))
            alias = self._joined((number_, scope), frame, inside, {"found": found, "doubtful": doubtful})
        self._open[number_, scope] = UNCOUNTED
        complete = self.complete(question, scope, frame)
        some, perhaps = (or_no(column(name, alias)) for name in ("found", "doubtful"))
        return case((some, YES), (either(perhaps, opposite(complete)), UNKNOWN), otherwise=NO)

    def meets(self, question: Asked, scope: Scope, inside: Frame) -> Sql:
        """Whether a member belongs to a set and meets the condition."""
        return both(column("belongs", f"m{len(inside.levels)}"), self._where(question, scope, inside))

    def _where(self, question: Asked, scope: Scope, inside: Frame) -> Sql:
        """Whether a member meets the condition of a question about its set."""
        member = Place(len(inside.levels))
        return YES if question.where is None else self.holds(question.where, (member, *scope), inside)

    def _count_or_sum(self, question: Count | Sum, scope: Scope, frame: Frame) -> Number:
        _, inside = self.members(question.members, scope, frame)
        each = Number.point(Exact.of(Fraction(1)))
        if isinstance(question, Sum):
            each = self.number(question.summed, (Place(len(inside.levels)), *scope), inside)
        under = _one_denominator(each)
        alias = frame.made.get((question.number, scope))
        if alias is None:
            meets = self.meets(question, scope, inside)
            alias = self._joined((question.number, scope), frame, inside, _added_up(each, meets))
        complete = self.complete(question, scope, frame)
        low_bound = _bound(alias, "low", under)
        high_bound = _bound(alias, "high", under)
        never_negative = _never_negative(each)
        least = 0 if never_negative else None
        low = Whole(low_bound.over.sql, least, nullable=not never_negative)
        high = Whole(case((opposite(complete), _null()), otherwise=high_bound.over.sql), least)
        return Number(Exact(low, low_bound.under), Exact(high, high_bound.under))

    def _joined(self, about: object, frame: Frame, inside: Frame, totals: dict[str, Sql]) -> str:
        """Join what a question about a set comes to for each row."""
        alias = f"o{len(frame.made)}"
        keys = frame.keys
        if not is_no(inside.singly):
            totals["singly"] = exp.LogicalOr(this=inside.singly)
            frame.decide_singly(or_no(column("singly", alias)))
        named = [exp.alias_(key, f"k{place}", quoted=True) for place, key in enumerate(inside.keys[:-1])]
        totalled = [exp.alias_(total, name, quoted=True) for name, total in totals.items()]
        query = inside.layered([*named, *totalled])
        query.group_by(*(number(place) for place in range(1, len(named) + 1)), copy=False)
        on = both(*(equal(column(f"k{place}", alias), key) for place, key in enumerate(keys)))
        frame.join_query(query, alias, on)
        frame.made[about] = alias
        return alias


def _let(term: Term, frame: Frame) -> Term:
    """A term whose parts have names of their own."""
    if isinstance(term, Plain):
        return replace(
            term, value=frame.let(term.value), none=frame.let(term.none), may_be_none=frame.let(term.may_be_none)
        )
    low = _let_bound(term.low, frame)
    high = low if term.low is term.high else _let_bound(term.high, frame)
    return Number(low, high, frame.let(term.none), frame.let(term.may_be_none))


def _let_bound(bound: Exact | None, frame: Frame) -> Exact | None:
    return None if bound is None else named(bound, frame.let)


def _null() -> Sql:
    return exp.cast(exp.Null(), exp.DataType.build("DECIMAL(38, 0)"))


def _number(field: Field, held: Column, value: Sql, none: Sql, known: bool, open_to_none: Sql) -> Number:
    scale = Whole.of(10**held.digits)
    domain = None if field.least is None else int(field.least * 10**held.digits)
    least = held.least if held.least is not None else domain
    plain = Whole(UNKNOWN, least, held.most, nullable=not known or not is_no(none))
    typed = as_type(value, "BIGINT" if plain.narrow else "DECIMAL(38, 0)")
    over = Whole(typed, plain.least, plain.most, plain.nullable)
    if known:
        return Number.point(Exact(over, scale), none)
    may_be_none = both(opposite(none), is_unknown(value), open_to_none)
    if domain is None:
        return Number(Exact(over, scale), _copy(Exact(over, scale)), none, may_be_none)
    floor = exp.Coalesce(this=typed, expressions=[number(domain)])
    low = Whole(floor, min(domain, domain if least is None else least), over.most, nullable=False)
    return Number(Exact(low, scale), Exact(over, scale), none, may_be_none)


def _copy(one: Exact) -> Exact:
    """The same bound as an object of its own: only a point has one object for both."""
    return Exact(one.over, one.under)


def _date(held: Column, alias: str, none: Sql, known: bool, open_to_none: Sql) -> Number:
    there = known and is_no(none)
    first = _ordinal(held, column(held.name, alias, known=there), there)
    if known and not held.last:
        return Number.point(first, none)
    last = _ordinal(held, column(held.last or held.name, alias, known=there), there)
    unknown = both(is_unknown(first.over.sql), is_unknown(last.over.sql))
    may_be_none = NO if known else both(opposite(none), unknown, open_to_none)
    return Number(first, last, none, may_be_none)


def _ordinal(held: Column, value: Sql, known: bool) -> Exact:
    least, most = held.least or 1, held.most or date.max.toordinal()
    if held.ordinal:
        return Exact(Whole(as_type(value, "BIGINT"), least, most, nullable=not known), Whole.of(1))
    since = binary(exp.Sub, value, day(FIRST_DAY))
    days = binary(exp.Add, since, number(FIRST_DAY.toordinal()))
    return Exact(Whole(days, least, most, nullable=not known, day=value), Whole.of(1))


def _one_denominator(each: Number) -> Whole:
    unders = {bound.under.fixed for bound in (each.low, each.high) if bound is not None} or {1}
    under = unders.pop()
    if unders or under is None:
        raise NotInBulk("a sum adds up what is divided by a field")
    return Whole.of(under)


def _never_negative(each: Number) -> bool:
    return each.low is not None and each.low.never_negative and not each.low.over.nullable


def _added_up(each: Number, meets: Sql) -> dict[str, Sql]:
    """The least and the greatest sum over the members: what may not count adds nothing at the least."""
    perhaps = with_zero(each)
    sums: dict[str, Sql] = {}
    for name, sure, doubtful in (("low", each.low, perhaps.low), ("high", each.high, perhaps.high)):
        counted = case(
            (meets, _or_null(sure)), (is_unknown(meets), _or_null(doubtful)), otherwise=Whole.of(0).wide_sql
        )  # fmt: skip
        # SUM skips NULL, which here is no bound: then the sum has none either.
        sums |= {name: exp.Sum(this=counted), f"{name}_open": exp.LogicalOr(this=is_unknown(counted))}
    return sums


def _or_null(bound: Exact | None) -> Sql:
    return _null() if bound is None else bound.over.wide_sql


def _bound(alias: str, name: str, under: Whole) -> Exact:
    nought = Whole.of(0).wide_sql
    total = exp.Coalesce(this=column(name, alias), expressions=[nought])
    return Exact(Whole(case((or_no(column(f"{name}_open", alias)), _null()), otherwise=total)), under)
