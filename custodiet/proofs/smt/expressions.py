"""What an expression says of a record, as a formula: the same meaning as `evaluation.expressions`, node by node."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import z3

from custodiet.base.dates import Days
from custodiet.base.money import Range
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
    RateRow,
    RateTable,
)
from custodiet.proofs.smt.budget import PART
from custodiet.proofs.smt.values import (
    NO,
    YES,
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
    exactly,
    extreme,
    is_no,
    is_none,
    negated,
    same,
    some,
)
from custodiet.proofs.smt.worlds import Drawing, Member, Thing, World
from custodiet.records import Field, Mark

Scope = tuple[Thing, ...]
"""The record read, then those around it from the inside out."""

Give = Callable[[Policy, Thing], Term]
"""What another policy gives for a record, worked out."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is put in the place of what is open: so one of the ways in which it can turn out."""

    rate: Fraction | None = None
    """The rate of a key and a day for which a table has no row."""
    quotient: Fraction | None = None
    """What a division by zero comes to."""
    given: "int | Mark | None" = None
    """What a policy gives that has no answer: which of its classes, from either end, or NONE."""


NOTHING_SUPPOSED = Supposed()


class Expressions:
    """Reads the expressions of one policy in one world."""

    def __init__(
        self, world: World, names: Vocabulary, give: Give, law: str = "", supposed: Supposed = NOTHING_SUPPOSED
    ) -> None:
        """Read with these names; `give` works out what other policies give; `law` tells two laws in one world apart."""
        self.world, self.names, self.law, self.supposed = world, names, law, supposed
        self._give = give
        self._defined: dict[tuple[str, str, Thing], Term] = {}
        self._over: dict[tuple[Over, Scope], Condition | Term] = {}
        self.rates_missing: list[Formula] = []
        """Where a rate is read that stands in no row."""

    # Conditions

    def holds(self, condition: Expression, scope: Scope) -> Condition:
        """When a condition holds of a record."""
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
            case Over("any"):
                return self._any(condition, scope)
            case Over("all", of, where):
                denied = Literal(value=False) if where is None else Not(where)
                return ~self._any(Over("any", of, denied), scope)
            case _:
                return as_condition(self.term(condition, scope))

    # Terms

    def term(self, expression: Expression, scope: Scope) -> Term:
        """What a term comes to."""
        self.world.spend(PART)
        match expression:
            case Literal(value):
                return self._literal(value)
            case Path():
                return self._path(expression, scope)
            case Arithmetic(operator, left, right):
                one, other = self.term(left, scope), self.term(right, scope)
                if operator in "*/":
                    self._note_factor(other if operator == "/" else one, other)
                return arithmetic(operator, one, other, self.supposed.quotient)
            case Extreme(which, parts):
                return extreme(which, [self.term(part, scope) for part in parts])
            case Rate():
                return self._rate(expression, scope)
            case Over("count"):
                return self._number(expression, scope)
            case Over("sum"):
                return self._number(expression, scope)
            case _:
                return as_term(self.holds(expression, scope))

    def _literal(self, value: Fraction | str | bool | Days) -> Term:
        match value:
            case bool():
                return Term(YES if value else NO)
            case str():
                return Term(self.world.code(value))
            case Days():
                return Term(z3.IntVal(value.day.toordinal()))
            case _:
                minor = value * self.world.scale
                return Term(exactly(value), minor=exactly(minor) if minor.denominator == 1 else None)

    def _note_factor(self, *terms: Term) -> None:
        """Remember what a product or quotient turns on, so that the search can begin with simple numbers there."""
        for term in terms:
            if z3.is_const(term.value) and not z3.is_int_value(term.value) and not z3.is_rational_value(term.value):
                self.world.factors.append(term.value)

    # Paths

    def _path(self, path: Path, scope: Scope) -> Term:
        climbed = self.climb(path, scope)
        match climbed.end:
            case Definition() as definition:
                term = self._definition(definition, climbed.thing)
            case Field() as field if self.names.given.get((climbed.thing.type, field.name), (None,))[0] is field:
                term = self._given(field, climbed.thing)
            case Field() as field:
                term = self.world.field(climbed.thing, field)
            case _:
                raise TypeError(path)
        if is_no(climbed.absent):
            return term
        none, open_ = any_of([climbed.absent, term.none]), all_of([negated(climbed.absent), term.open])
        return Term(term.value, none, open_, term.minor)

    def _definition(self, definition: Definition, thing: Thing) -> Term:
        key = definition.type, definition.name, thing
        if key not in self._defined:
            self._defined[key] = self.term(definition.meaning, (thing,))
        return self._defined[key]

    def _given(self, field: Field, thing: Thing) -> Term:
        if self.world.drawing is Drawing.ROUGH:
            return self.world.given(thing, field, self.law)
        return self._give(self.names.given[thing.type, field.name][1], thing)

    def climb(self, path: Path, scope: Scope) -> "Climbed":
        """Go up the references of a path."""
        meaning = self.names.meaning(path, tuple(thing.type for thing in scope))
        if not isinstance(meaning, Meaning):
            raise TypeError(path)
        thing, absent = scope[meaning.outwards], list[Formula]()
        for reference in meaning.climbs:
            absent.append(self.world.field(thing, reference).none)
            thing = self.world.up(thing, reference)
        return Climbed(thing, meaning.end, any_of(absent))

    # Rates

    def _rate(self, rate: Rate, scope: Scope) -> Term:
        """The rate of the row that fits; open where none does, for then a fact is missing."""
        table = self.names.rates[rate.table]
        column = [name for name, _ in table.columns].index(rate.column)
        keys = [self.term(key, scope) for key in rate.keys]
        on = self.term(rate.on, scope)
        supposed = self._literal(self.supposed.rate or Fraction(0))
        value, minor = supposed.value, supposed.minor
        whole, fits = minor is not None, NO
        for row, here in zip(reversed(table.rows), reversed(self._fitting(table, keys, on)), strict=True):
            amount = self._literal(row.values[column])
            value = z3.If(here, amount.value, value)
            whole = whole and amount.minor is not None
            minor = z3.If(here, amount.minor, minor) if whole else minor
            fits = any_of([fits, here])
        none = any_of([on.none, *(key.none for key in keys)])
        no_row = all_of([negated(fits), negated(none)])
        self.rates_missing.append(no_row)
        unknown = any_of([NO if self.supposed.rate is not None else no_row, on.open, *(key.open for key in keys)])
        return Term(value, none, unknown, minor if whole else None)

    def _fitting(self, table: RateTable, keys: list[Term], on: Term) -> list[Formula]:
        """For each row of a table, whether it fits: drawn once in a world, whatever is supposed of what is open."""
        sought = [each for term in (*keys, on) for each in (term.value, term.none)]
        asked = (id(table), *(each.get_id() for each in sought))
        if asked not in self.world.fitting:
            # The formulas are kept with what was drawn of them: an address is free for another once a formula is gone.
            self.world.spend(PART * len(table.rows))
            self.world.fitting[asked] = sought, [self._fits(row, keys, on) for row in table.rows]
        return self.world.fitting[asked][1]

    def _fits(self, row: RateRow, keys: list[Term], on: Term) -> Formula:
        matching = [negated(on.none), within(row.in_force, on.value)]
        for wanted, key in zip(row.keys, keys, strict=True):
            matching.append(negated(key.none))
            if isinstance(wanted, Range):
                low, high = wanted.low, wanted.high
                matching += [key.value >= exactly(low)] if low is not None else []
                matching += [key.value <= exactly(high)] if high is not None else []
            else:
                matching.append(same(key.value, self.world.code(wanted)))
        return all_of(matching)

    # Sets of records

    def _any(self, question: Over, scope: Scope) -> Condition:
        known = self._over.get((question, scope))
        if not isinstance(known, Condition):
            thing, name = self._set(question.of, scope)
            self.world.ask(thing, name, (question, scope), counted=False)
            found = [self._found(member, question, scope) for member in self.world.members(thing, name)]
            self._over[question, scope] = known = some(found) if found else Condition.settled(NO)
        return known

    def _found(self, member: Member, question: Over, scope: Scope) -> Condition:
        """Whether a record belongs to the set and meets the condition."""
        if is_no(member.belongs):
            return Condition.settled(NO)
        belongs = Condition.settled(member.belongs)
        if question.where is None:
            return belongs
        return every([belongs, self.holds(question.where, (member.thing, *scope))])

    def _number(self, question: Over, scope: Scope) -> Term:
        """`count` or `sum`."""
        known = self._over.get((question, scope))
        if not isinstance(known, Term):
            self._over[question, scope] = known = self._counted(question, scope)
        return known

    def _counted(self, question: Over, scope: Scope) -> Term:
        summed = question.which == "sum"
        thing, name = self._set(Path(question.of.names[:-1]) if summed else question.of, scope)
        self.world.ask(thing, name, (question, scope), counted=True)
        members = self.world.members(thing, name)
        found = [self._found(member, question, scope) for member in members]
        open_ = any_of([each.open for each in found])
        if summed:
            parts = [self._summed(member.thing, question.of.names[-1], scope) for member in members]
        else:
            parts = [Term(member.thing.many) for member in members]
        value = _sum(found, [part.value for part in parts])
        minors = [part.minor for part in parts if part.minor is not None]
        minor = _sum(found, minors) if summed and len(minors) == len(parts) else None
        if not self.world.told_apart(thing, name):
            return self._free(question, Term(value, open=open_), any_of([each.yes for each in found]))
        if question.where is None and not summed and thing.type == "trip" and name == "day":
            self.world.assume(value == self.world.length_of(thing))
        return Term(value, open=open_, minor=minor)

    def _summed(self, thing: Thing, name: str, scope: Scope) -> Term:
        """What a name comes to over all the records that one stands for."""
        path, inner = Path((name,)), (thing, *scope)
        end = self.climb(path, inner).end
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

    def _set(self, of: Path, scope: Scope) -> tuple[Thing, str]:
        climbed = self.climb(of, scope)
        if not isinstance(climbed.end, Members):
            raise TypeError(of)
        return climbed.thing, climbed.end.name


def _sum(found: list[Condition], values: list[z3.ArithRef]) -> z3.ArithRef:
    """The sum of the values of which something was found to hold."""
    return z3.Sum([z3.IntVal(0), *(z3.If(each.yes, value, 0) for each, value in zip(found, values, strict=True))])


@dataclass(frozen=True, eq=False, slots=True)
class Climbed:
    """Where a path's references lead, what the last name means there, and when one of the references is none."""

    thing: Thing
    end: Field | Definition | Members
    absent: Formula


def within(days: Days, on: z3.ArithRef) -> Formula:
    """Whether a day lies in a period; both ends count."""
    first = [] if days.first is None else [on >= days.first.toordinal()]
    # A sum of days need not be whole: half a day after midnight is the same day.
    last = [] if days.last is None else [on < days.last.toordinal() + 1]
    return all_of([*first, *last])
