"""What an expression says of a record, as a formula, node by node.

Mirrors `evaluation/expressions.py`, for records of which all is known: no field is unknown and every register is
complete, so a reading notes neither what is missing nor which questions are open, and one test need not be told from
another. What can be open all the same is `Supposed`, the counterpart of a way. What was read and which rates are cited
is not noted, for the evaluator reads every example again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import z3

from custodiet.policy.analysis.resolve import Meaning, Members, Vocabulary
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Compare,
    Definition,
    Expression,
    Extreme,
    IsNone,
    Literal,
    Not,
    Or,
    Over,
    Path,
    Policy,
    Rate,
)
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
    """What is put in the place of what is open: so one of the ways in which it can turn out."""

    rate: Fraction | None = None
    """The rate of a key and a day for which a table has no row."""
    quotient: Fraction | None = None
    """What a division by zero comes to."""
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
"""What is put in the place of what is open: an answer that the evaluator settles is the same in every such way."""
RATES = tuple(Supposed(rate=rate, given=given) for rate, given in ((Fraction(1), NONE), (MUCH, 0)))
"""The same where only divisions by zero are left open."""

Scope = tuple[Thing, ...]
"""The record read, then those around it from the inside out."""


class Reading:
    """Reads the expressions of one policy in one world."""

    def __init__(
        self,
        world: World,
        names: Vocabulary,
        given: Callable[[Policy, Thing], Term],
        supposed: Supposed = NOTHING_SUPPOSED,
        law: str = "",
    ) -> None:
        """Read in this world.

        `given` answers what other policies give; `supposed` settles what is open; `law` tells what is given under one
        of two laws in one world from what is under the other.
        """
        self.world, self.names, self.given, self.supposed, self.law = world, names, given, supposed, law
        self.rates_missing: list[Formula] = []
        """Where a rate is read that is in no row."""
        self._named: dict[tuple[str, str, Thing], Term] = {}
        self._shown: dict[tuple[Over, Scope], Condition] = {}
        self._numbers: dict[tuple[Over, Scope], Term] = {}

    # Conditions

    def holds(self, condition: Expression, scope: Scope) -> Condition:
        """Where a condition holds of a record."""
        self.world.spend(PART)
        match condition:
            case And(parts):
                return every([self.holds(part, scope) for part in parts])
            case Or(parts):
                return some([self.holds(part, scope) for part in parts])
            case Not(part):
                return ~self.holds(part, scope)
            case Compare(operator, left, right):
                return compare(operator, self.term(left, scope), self.term(right, scope))
            case IsNone(path):
                return is_none(self.term(path, scope))
            case Over("all", of, where):
                denied = Literal(value=False) if where is None else Not(where)
                return ~self._any(Over("any", of, denied), scope)
            case Over("any"):
                return self._any(condition, scope)
            case _:
                return as_condition(self.term(condition, scope))

    # Terms

    def term(self, expression: Expression, scope: Scope) -> Term:
        """The value of a term."""
        self.world.spend(PART)
        match expression:
            case Literal(value):
                return literal_term(value, self.world.code, self.world.scale)
            case Path():
                return self._path(expression, scope)
            case Arithmetic(operator, left, right):
                one, other = self.term(left, scope), self.term(right, scope)
                if operator in "*/":
                    self._note_factor(other if operator == "/" else one, other)
                return arithmetic(operator, one, other, self.supposed.quotient)
            case Extreme(which, parts):
                return extreme(which, [self.term(part, scope) for part in parts])
            case Over(which) if which in ("count", "sum"):
                return self._count_or_sum(expression, scope)
            case Rate():
                return self._rate(expression, scope)
            case _:
                return as_term(self.holds(expression, scope))

    def _note_factor(self, *terms: Term) -> None:
        """Remember what a product or quotient turns on, so that the search can begin with simple numbers there."""
        for term in terms:
            if z3.is_const(term.value) and not z3.is_int_value(term.value) and not z3.is_rational_value(term.value):
                self.world.factors.append(term.value)

    def _path(self, path: Path, scope: Scope) -> Term:
        climbed = self._climb(path, scope)
        match climbed.end:
            case Definition() as definition:
                term = self._defined(definition, climbed.thing)
            case Field() as field:
                term = self._value(climbed.thing, field)
            case _:
                raise TypeError(path)
        if is_no(climbed.absent):
            return term
        none, open_ = any_of([climbed.absent, term.none]), all_of([negated(climbed.absent), term.open])
        return Term(term.value, none, open_, term.minor)

    def _defined(self, definition: Definition, thing: Thing) -> Term:
        """What a named fact of a record comes to, worked out once."""
        key = definition.type, definition.name, thing
        if key not in self._named:
            self._named[key] = self.term(definition.meaning, (thing,))
        return self._named[key]

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
        found = look_up(self.names.rates[rate.table], rate.column, keys, on, self.world, self.supposed.rate)
        none = any_of([on.none, *(key.none for key in keys)])
        missing = all_of([negated(found.row), negated(none)])
        self.rates_missing.append(missing)
        open_ = any_of([NO if self.supposed.rate is not None else missing, on.open, *(key.open for key in keys)])
        return Term(found.rate.value, none, open_, found.rate.minor)

    # Paths

    def _climb(self, path: Path, scope: Scope) -> "_Climbed":
        """Go up the references of a path."""
        meaning = self.names.meaning(path, tuple(thing.type for thing in scope))
        if not isinstance(meaning, Meaning):
            raise TypeError(path)
        thing, absent = scope[meaning.outwards], list[Formula]()
        for reference in meaning.climbs:
            absent.append(self.world.field(thing, reference).none)
            thing = self.world.up(thing, reference)
        return _Climbed(thing, meaning.end, any_of(absent))

    # Sets of records

    def _any(self, question: Over, scope: Scope) -> Condition:
        """Whether some record of a set meets a condition, worked out once."""
        if (question, scope) not in self._shown:
            members = self._members(question.of, question, scope)
            meets = [self._within(question.where, member, scope) for member in members.each]
            self._shown[question, scope] = some(meets) if meets else Condition.settled(NO)
        return self._shown[question, scope]

    def _count_or_sum(self, question: Over, scope: Scope) -> Term:
        """How many records of a set meet a condition, or what a field of these adds up to, worked out once."""
        if (question, scope) not in self._numbers:
            summed = question.of.names[-1] if question.which == "sum" else None
            of = question.of if summed is None else Path(question.of.names[:-1])
            self._numbers[question, scope] = self._number(self._members(of, question, scope), summed, question, scope)
        return self._numbers[question, scope]

    def _number(self, members: "SetRead", summed: str | None, question: Over, scope: Scope) -> Term:
        meets = [self._within(question.where, member, scope) for member in members.each]
        open_ = any_of([each.open for each in meets])
        if summed is None:
            parts = [Term(member.thing.many) for member in members.each]
        else:
            parts = [self._summed(member.thing, summed, scope) for member in members.each]
        value = _sum(meets, [part.value for part in parts])
        minors = [part.minor for part in parts if part.minor is not None]
        minor = _sum(meets, minors) if summed is not None and len(minors) == len(parts) else None
        if not self.world.told_apart(members.above, members.name):
            return self._free(question, Term(value, open=open_), any_of([each.yes for each in meets]))
        if (question.which, question.where, members.above.type, members.name) == ("count", None, "trip", "day"):
            self.world.assume(value == self.world.length_of(members.above))
        return Term(value, open=open_, minor=minor)

    def _summed(self, thing: Thing, name: str, scope: Scope) -> Term:
        """What a name comes to over all the records that one stands for."""
        path, inner = Path((name,)), (thing, *scope)
        end = self._climb(path, inner).end
        least = end.least if isinstance(end, Field) else None
        return self.world.total(thing, name, self._path(path, inner), least)

    def _free(self, question: Over, least: Term, shown: Formula) -> Term:
        """A number of which is known only that it is not below what the drawn records show, and zero without any."""
        value = self.world.number(question.which, least.value, shown)
        self.world.assume(z3.Implies(negated(shown), value == 0))
        if question.which == "count":
            self.world.assume(value >= least.value)
            self.world.assume(z3.Implies(shown, value >= 1))
        return Term(value, open=least.open)

    def _within(self, where: Expression | None, member: Member, scope: Scope) -> Condition:
        """Whether a record belongs to the set and meets a condition."""
        if is_no(member.belongs):
            return Condition.settled(NO)
        belongs = Condition.settled(member.belongs)
        return belongs if where is None else every([belongs, self.holds(where, (member.thing, *scope))])

    def _members(self, of: Path, question: Over, scope: Scope) -> "SetRead":
        """The records that may belong to the set that a question is about."""
        climbed = self._climb(of, scope)
        if not isinstance(climbed.end, Members):
            raise TypeError(of)
        above, name = climbed.thing, climbed.end.name
        self.world.ask(above, name, (question, scope), counted=question.which in ("count", "sum"))
        return SetRead(above, name, self.world.members(above, name))


@dataclass(frozen=True, eq=False, slots=True)
class _Climbed:
    """Where a path's references lead, what the last name means there, and where one of the references is none."""

    thing: Thing
    end: Field | Definition | Members
    absent: Formula


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
