"""What keeps none and zero out of arithmetic: what fields allow, and what a condition excludes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import and_, or_

from custodiet.base.money import Range, greatest, least
from custodiet.policy.analysis.intervals import computed
from custodiet.policy.analysis.resolve import Meaning, Vocabulary
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
    Rate,
    RateTable,
)
from custodiet.records import Field

Scope = tuple[str, ...]
ZERO = Range.point(0)


@dataclass(frozen=True, slots=True)
class Guards:
    """What is certain in the place of an expression."""

    not_none: frozenset[Path] = frozenset()
    not_zero: frozenset[Expression] = frozenset()

    def __or__(self, other: "Guards") -> "Guards":
        """What is certain if both hold."""
        return Guards(self.not_none | other.not_none, self.not_zero | other.not_zero)

    def __and__(self, other: "Guards") -> "Guards":
        """What is certain if at least one of the two holds."""
        return Guards(self.not_none & other.not_none, self.not_zero & other.not_zero)

    def without(self, hidden: Callable[[Expression], bool]) -> "Guards":
        """The guards that do not mention hidden names."""
        return Guards(
            frozenset(each for each in self.not_none if not hidden(each)),
            frozenset(each for each in self.not_zero if not hidden(each)),
        )


NO_GUARDS = Guards()


@dataclass(frozen=True, slots=True)
class Possible:
    """The values that the fields allow an expression to have, in its scope."""

    names: Vocabulary
    scope: Scope

    def never_none(self, part: Expression) -> bool:
        """Whether an expression is known never to be none, without looking into definitions."""
        if isinstance(part, Path):
            meaning = self.names.meaning(part, self.scope)
            return isinstance(meaning, Meaning) and isinstance(meaning.end, Field) and not meaning.may_be_none
        return isinstance(part, Literal)

    def never_zero(self, part: Expression, guards: Guards) -> bool:
        """Whether zero is kept out of an expression, or out of the parts that it is made of."""
        if part in guards.not_zero or not self.numbers(part).holds(0):
            return True
        match part:
            case Arithmetic("+", left, right) if _from_zero(self.numbers(left)) and _from_zero(self.numbers(right)):
                return self.never_zero(left, guards) or self.never_zero(right, guards)
            case Arithmetic("*", left, right):
                return self.never_zero(left, guards) and self.never_zero(right, guards)
            case Arithmetic("/", left, _):
                return self.never_zero(left, guards)
            case Extreme(_, parts):
                return all(self.never_zero(each, guards) for each in parts)
        return False

    def numbers(self, part: Expression) -> Range:
        """The numbers that an expression can be, by what its fields allow."""
        match part:
            case Literal(Fraction() as value):
                return Range.point(value)
            case Arithmetic(operator, left, right):
                return computed(operator, self.numbers(left), self.numbers(right))
            case Extreme(which, parts):
                return (least if which == "min" else greatest)(*(self.numbers(each) for each in parts))
            case Over():
                return Range(self._least_in_all(part), None)
            case Rate(table, column) if table in self.names.rates:
                return Range(_least_rate(self.names.rates[table], column), None)
            case Path():
                meaning = self.names.meaning(part, self.scope)
                if isinstance(meaning, Meaning) and isinstance(meaning.end, Definition):
                    return Possible(self.names, (meaning.owner,)).numbers(meaning.end.meaning)
                if isinstance(meaning, Meaning) and isinstance(meaning.end, Field):
                    return Range(meaning.end.least, None)
        return Range(None, None)

    def _least_in_all(self, part: Over) -> Fraction | None:
        """The least count or sum over a set: zero, unless what is summed can be negative."""
        if part.summed is None:
            return Fraction(0)
        found = self.names.set_of(part, self.scope)
        if found is None:
            return None
        each = Possible(self.names, (found[1].type, *self.scope)).numbers(part.summed)
        return Fraction(0) if _from_zero(each) else None


def _from_zero(numbers: Range) -> bool:
    return numbers.low is not None and numbers.low >= 0


def _up_to_zero(numbers: Range) -> bool:
    return numbers.high is not None and numbers.high <= 0


def _least_rate(table: RateTable, column: str) -> Fraction:
    """The least rate in a column of a table."""
    place = [name for name, _ in table.columns].index(column)
    return min((row.values[place] for row in table.rows), default=Fraction(0))


def guarded(part: Expression, possible: Possible, *, holds: bool = True) -> Guards:
    """What is neither none nor zero if a condition holds (or fails)."""
    match part:
        case And(parts) | Or(parts):
            each = [guarded(inner, possible, holds=holds) for inner in parts]
            both = isinstance(part, And) == holds
            return reduce(or_ if both else and_, each)
        case Not(inner):
            return guarded(inner, possible, holds=not holds)
        case IsNone(path) if not holds:
            return Guards(frozenset((path,)))
        case Compare():
            return Guards(_not_none(part, possible) if holds else frozenset(), _not_zero(part, possible, holds=holds))
        case Path() if holds:
            return Guards(frozenset((part,)))
    return NO_GUARDS


def _not_none(part: Compare, possible: Possible) -> frozenset[Path]:
    """What is not none if a comparison holds: an order comparison with none is no, and none equals only none."""
    if part.operator == "=" and not (possible.never_none(part.left) or possible.never_none(part.right)):
        return frozenset()
    return frozenset((*paths(part.left), *paths(part.right)))


def _not_zero(part: Compare, possible: Possible, *, holds: bool) -> frozenset[Expression]:
    """What a comparison with something of which enough is known keeps from being zero, as `x > 0`, `x < 0`, `x != 0`.

    Where two values differ, so does their difference from zero.
    """
    one, other = part.left, part.right
    operator = part.operator
    if not holds:
        operator = {"<": "<=", "<=": "<", "=": "!="}[operator]
        one, other = other, one
    low, high = possible.numbers(one), possible.numbers(other)
    apart = {Arithmetic("-", one, other), Arithmetic("-", other, one)}
    match operator:
        case "=":
            found = {(one, not high.holds(0)), (other, not low.holds(0))}
        case "!=":
            found = {(one, high == ZERO), (other, low == ZERO)}
        case "<":
            found = {(one, _up_to_zero(high)), (other, _from_zero(low))}
        case _:
            found = {(one, _up_to_zero(high) and not high.holds(0)), (other, _from_zero(low) and not low.holds(0))}
    kept = frozenset(each for each, is_kept in found if is_kept)
    return kept | apart if operator in ("<", "!=") else kept


def paths(part: Expression) -> Iterator[Path]:
    """Every path of an arithmetic expression."""
    match part:
        case Path():
            yield part
        case Arithmetic(_, left, right):
            yield from paths(left)
            yield from paths(right)
        case Extreme(_, parts):
            for each in parts:
                yield from paths(each)
        case Rate(_, _, keys, on):
            for each in (*keys, on):
                yield from paths(each)
