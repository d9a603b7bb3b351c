"""The value of an expression for a record, as a formula, node by node.

Mirrors `evaluation/expressions.py`, for fully known records: no field is unknown and every register is complete, so a
reading notes neither missing facts nor open questions, and tests need no identity. The few values that can be open
are `Supposed`, the counterpart of a completion. What was read and which rates are cited is left to the evaluator,
which reads every example again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import z3

from custodiet.policy.analysis.plan import (
    And,
    Arithmetic,
    Atom,
    Compare,
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
    Plan,
    Rate,
    Route,
    Sum,
)
from custodiet.policy.analysis.plan import Condition as Planned
from custodiet.policy.analysis.plan import Term as PlannedTerm
from custodiet.policy.language.ast import Literal, Policy
from custodiet.proofs.smt.budget import PART
from custodiet.proofs.smt.rate_lookup import look_up
from custodiet.proofs.smt.values import (
    NO,
    Condition,
    Formula,
    Term,
    all_of,
    any_of,
    arithmetic,
    as_condition,
    as_term,
    compare,
    every,
    extreme,
    is_no,
    is_none,
    literal_term,
    negated,
    some,
)
from custodiet.proofs.smt.worlds import Drawing, Member, Thing, World
from custodiet.records import NONE, Field, Mark


@dataclass(frozen=True, slots=True)
class Supposed:
    """An assumption about the open values: one of the ways in which they can turn out."""

    rate: Fraction | None = None
    """The assumed rate for a key and a day without a row."""
    quotient: Fraction | None = None
    """The assumed result of a division by zero."""
    given: int | Mark | None = None
    """What a policy gives that has no answer: which of its classes, from either end, or NONE."""


NOTHING_SUPPOSED = Supposed()
MUCH = Fraction(10**9)
"""More than any rate or quotient is compared with."""
WAYS = (
    Supposed(Fraction(0), Fraction(0), NONE),
    Supposed(MUCH, MUCH, 0),
    Supposed(Fraction(1), -MUCH, -1),
)
"""The assumptions about open values: an answer the evaluator determines is the same under all of them."""
RATES = tuple(Supposed(rate=rate, given=given) for rate, given in ((Fraction(1), NONE), (MUCH, 0)))
"""The same where only divisions by zero are left open."""

Scope = tuple[Thing, ...]
"""The record being read, then the records around it, innermost first."""


class Reading:
    """Reads the expressions of one policy in one world."""

    def __init__(
        self,
        world: World,
        plan: Plan,
        given: Callable[[Policy, Thing], Term],
        supposed: Supposed = NOTHING_SUPPOSED,
        law: str = "",
    ) -> None:
        """Read in this world.

        `given` answers what other policies give; `supposed` settles what is open; `law` tells what is given under one
        of two laws in one world from what is under the other.
        """
        self.world, self.plan, self.given, self.supposed, self.law = world, plan, given, supposed, law
        self.names = plan.names
        self.rates_missing: list[Formula] = []
        """Where a rate is read that is in no row."""
        self._meant: dict[tuple[str, str, Thing], Term] = {}
        self._shown: dict[tuple[int, Scope], Condition] = {}
        self._numbers: dict[tuple[int, Scope], Term] = {}

    # Conditions

    def holds(self, condition: Planned, scope: Scope) -> Condition:
        """Where a condition holds of a record."""
        self.world.spend(PART)
        match condition:
            case Atom():
                return self._tested(condition, scope)
            case And(parts):
                return every([self.holds(part, scope) for part in parts])
            case Or(parts):
                return some([self.holds(part, scope) for part in parts])
            case Not(part):
                return ~self.holds(part, scope)

    def _tested(self, atom: Atom, scope: Scope) -> Condition:
        match atom.test:
            case Compare(operator, left, right):
                return compare(operator, self.term(left, scope), self.term(right, scope))
            case IsNone(of):
                return is_none(self.term(of, scope))
            case Holds(term):
                return as_condition(self.term(term, scope))
            case Exists():
                return self._any(atom.number, atom.test, scope)

    # Terms

    def term(self, planned: PlannedTerm, scope: Scope) -> Term:
        """The value of a term."""
        self.world.spend(PART)
        match planned:
            case Literal(value):
                return literal_term(value, self.world.code, self.world.scale)
            case Fact():
                return self._fact(planned, scope)
            case Named():
                return self._named(planned, scope)
            case Arithmetic(operator, left, right):
                one, other = self.term(left, scope), self.term(right, scope)
                if operator in "*/":
                    self._note_factor(other if operator == "/" else one, other)
                return arithmetic(operator, one, other, self.supposed.quotient)
            case Extreme(which, parts):
                return extreme(which, [self.term(part, scope) for part in parts])
            case Count() | Sum():
                return self._count_or_sum(planned, scope)
            case Rate():
                return self._rate(planned, scope)
            case _:
                return as_term(self.holds(planned, scope))

    def _note_factor(self, *terms: Term) -> None:
        """Remember what a product or quotient turns on, so that the search can begin with simple numbers there."""
        for term in terms:
            if z3.is_const(term.value) and not z3.is_int_value(term.value) and not z3.is_rational_value(term.value):
                self.world.factors.append(term.value)

    def _fact(self, fact: Fact, scope: Scope) -> Term:
        climbed = self._climb(fact.route, scope)
        return climbed.reached(self._value(climbed.thing, fact.field))

    def _named(self, named: Named, scope: Scope) -> Term:
        climbed = self._climb(named.route, scope)
        return climbed.reached(self.meant(named.defined, climbed.thing))

    def meant(self, defined: Defined, thing: Thing) -> Term:
        """The value of a named fact of a record, worked out once."""
        key = defined.type, defined.name, thing
        if key not in self._meant:
            self._meant[key] = self.term(defined.meaning, (thing,))
        return self._meant[key]

    def _value(self, thing: Thing, field: Field) -> Term:
        """What a record's field holds: what another policy gives there, or what the world has."""
        given = self.names.given.get((thing.type, field.name))
        if given is None or given[0] is not field:
            return self.world.field(thing, field)
        if self.world.drawing is Drawing.ROUGH:
            return self.world.given(thing, field, self.law)
        return self.given(given[1], thing)

    # Rates

    def _rate(self, rate: Rate, scope: Scope) -> Term:
        """What a table says for a key and a day; a rate that is in no row is a missing fact, so it is open."""
        keys = [self.term(key, scope) for key in rate.keys]
        on = self.term(rate.on, scope)
        found = look_up(rate.table, rate.column, keys, on, self.world, self.supposed.rate)
        none = any_of([on.none, *(key.none for key in keys)])
        missing = all_of([negated(found.row), negated(none)])
        self.rates_missing.append(missing)
        open_ = any_of([NO if self.supposed.rate is not None else missing, on.open, *(key.open for key in keys)])
        return Term(found.rate.value, none, open_, found.rate.minor)

    # Paths

    def _climb(self, route: Route, scope: Scope) -> "_Climbed":
        """Go up the references of a path."""
        thing, absent = scope[route.outwards], list[Formula]()
        for reference in route.climbs:
            absent.append(self.world.field(thing, reference).none)
            thing = self.world.up(thing, reference)
        return _Climbed(thing, any_of(absent))

    # Sets of records

    def _any(self, number: int, question: Exists, scope: Scope) -> Condition:
        """Whether some record of a set meets a condition, worked out once."""
        if (number, scope) not in self._shown:
            members = self._members(question.members, scope)
            meets = [self._within(question.where, member, scope) for member in members.each]
            self.world.ask(members.above, members.name, meets, counted=False)
            self._shown[number, scope] = some(meets) if meets else Condition.settled(NO)
        return self._shown[number, scope]

    def _count_or_sum(self, question: Count | Sum, scope: Scope) -> Term:
        """How many records of a set meet a condition, or what a field of these adds up to, worked out once."""
        if (question.number, scope) not in self._numbers:
            self._numbers[question.number, scope] = self._number(
                self._members(question.members, scope), question, scope
            )
        return self._numbers[question.number, scope]

    def _number(self, members: "SetRead", question: Count | Sum, scope: Scope) -> Term:
        meets = [self._within(question.where, member, scope) for member in members.each]
        self.world.ask(members.above, members.name, meets, counted=True)
        parts = [self._counted(question, member.thing, scope) for member in members.each]
        may_add = (all_of([each.perhaps, part.open]) for each, part in zip(meets, parts, strict=True))
        open_ = any_of([*(each.open for each in meets), *may_add])
        value = _sum(meets, [part.value for part in parts])
        minors = [part.minor for part in parts if part.minor is not None]
        minor = _sum(meets, minors) if isinstance(question, Sum) and len(minors) == len(parts) else None
        if not self.world.told_apart(members.above, members.name):
            return self._free(question, Term(value, open=open_), any_of([each.yes for each in meets]))
        if isinstance(question, Count) and question.where is None and self.world.types[question.members.type].derived:
            self.world.assume(value == self.world.length_of(members.above))
        return Term(value, open=open_, minor=minor)

    def _counted(self, question: Count | Sum, thing: Thing, scope: Scope) -> Term:
        """What all the records add that one stands for: how many they are, or what a name of theirs adds up to."""
        if isinstance(question, Count):
            return Term(thing.many)
        summed = question.summed
        least = summed.field.least if isinstance(summed, Fact) else None
        each = self._fact(summed, (thing, *scope)) if isinstance(summed, Fact) else self._named(summed, (thing, *scope))
        return self.world.total(thing, str(summed.route), each, least)

    def _free(self, question: Count | Sum, least: Term, shown: Formula) -> Term:
        """A number of which is known only that it is not below what the drawn records show, and zero without any."""
        counts = isinstance(question, Count)
        value = self.world.number("count" if counts else "sum", least.value, shown)
        self.world.assume(z3.Implies(negated(shown), value == 0))
        if counts:
            self.world.assume(value >= least.value)
            self.world.assume(z3.Implies(shown, value >= 1))
        return Term(value, open=least.open)

    def _within(self, where: Planned | None, member: Member, scope: Scope) -> Condition:
        """Whether a record belongs to the set and meets a condition."""
        if is_no(member.belongs):
            return Condition.settled(NO)
        belongs = Condition.settled(member.belongs)
        return belongs if where is None else every([belongs, self.holds(where, (member.thing, *scope))])

    def _members(self, members: Members, scope: Scope) -> "SetRead":
        """The records that may belong to a set."""
        above = self._climb(members.route, scope).thing
        return SetRead(above, members.name, self.world.members(above, members.name))


@dataclass(frozen=True, eq=False, slots=True)
class _Climbed:
    """Where a path's references lead, and where one of them is none."""

    thing: Thing
    absent: Formula

    def reached(self, term: Term) -> Term:
        """What a term of the record is by that path: none where a reference is."""
        if is_no(self.absent):
            return term
        none, open_ = any_of([self.absent, term.none]), all_of([negated(self.absent), term.open])
        return Term(term.value, none, open_, term.minor)


@dataclass(frozen=True, eq=False, slots=True)
class SetRead:
    """The records that may belong to a set."""

    above: Thing
    """The record that the set is below."""
    name: str
    each: tuple[Member, ...]


def _sum(meets: list[Condition], values: list[z3.ArithRef]) -> z3.ArithRef:
    """The sum of the values of the records that meet a condition."""
    return z3.Sum([z3.IntVal(0), *(z3.If(each.yes, value, 0) for each, value in zip(meets, values, strict=True))])
