"""Values and conditions as the solver knows them, and what is computed with them.

Everything here is about records of which everything is known. A value is a formula with a mark for *none*. It is
*open* where a formula divides by zero or a table has no rate: what depends on it is then neither yes nor no.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import z3

from custodiet.base.dates import Days
from custodiet.base.money import Rounding

Formula: TypeAlias = z3.BoolRef
YES = z3.BoolVal(True)
NO = z3.BoolVal(False)


def is_yes(part: Formula) -> bool:
    """Whether a formula is settled, and holds."""
    # The solver keeps one node for each of the two: to compare addresses spares several calls into it.
    return bool(part.ast.value == YES.ast.value)


def is_no(part: Formula) -> bool:
    """Whether a formula is settled, and does not hold."""
    return bool(part.ast.value == NO.ast.value)


def all_of(parts: Iterable[Formula]) -> Formula:
    """Every part; the parts that are settled are left out, so that formulas stay small."""
    kept: list[Formula] = []
    for part in parts:
        if is_no(part):
            return NO
        if not is_yes(part):
            kept.append(part)
    return YES if not kept else kept[0] if len(kept) == 1 else z3.And(*kept)


def any_of(parts: Iterable[Formula]) -> Formula:
    """Some part."""
    kept: list[Formula] = []
    for part in parts:
        if is_yes(part):
            return YES
        if not is_no(part):
            kept.append(part)
    return NO if not kept else kept[0] if len(kept) == 1 else z3.Or(*kept)


def negated(part: Formula) -> Formula:
    """The opposite."""
    if is_yes(part):
        return NO
    if is_no(part):
        return YES
    return part.arg(0) if z3.is_not(part) else z3.Not(part)


def either(one: Formula, other: Formula) -> Formula:
    """Exactly one of the two."""
    return any_of([all_of([one, negated(other)]), all_of([negated(one), other])])


def same(one: z3.ExprRef, other: z3.ExprRef) -> Formula:
    """Whether two values of one sort are the same."""
    if z3.is_int_value(one) and z3.is_int_value(other):
        return YES if one.as_long() == other.as_long() else NO
    return YES if one.eq(other) else one == other


def exactly(number: Fraction) -> z3.ArithRef:
    """A number as the solver writes it."""
    return z3.IntVal(number.numerator) if number.denominator == 1 else z3.Q(number.numerator, number.denominator)


def real(number: z3.ArithRef) -> z3.ArithRef:
    """A number as one that need not be whole."""
    if z3.is_int_value(number):
        return z3.RealVal(number.as_long())
    return z3.ToReal(number) if z3.is_int(number) else number


@dataclass(frozen=True, eq=False, slots=True)
class Term:
    """A value: what it is, whether it is none, whether it is open."""

    value: z3.ExprRef
    """A truth, a number, a date's ordinal, or the code of a text, a list's value or a record."""
    none: Formula = NO
    open: Formula = NO
    minor: z3.ArithRef | None = None
    """The same number in minor units of the policy's currency, where it is certainly a whole number of them."""


@dataclass(frozen=True, eq=False, slots=True)
class Condition:
    """When it holds, and when it does not; where it is open, neither."""

    yes: Formula
    no: Formula

    @classmethod
    def settled(cls, yes: Formula) -> "Condition":
        """One that is never open."""
        return cls(yes, negated(yes))

    def __invert__(self) -> "Condition":
        """It does not hold."""
        return Condition(self.no, self.yes)

    @property
    def perhaps(self) -> Formula:
        """Where it holds or is open."""
        return self.yes if is_no(self.open) else negated(self.no)

    @property
    def open(self) -> Formula:
        """Where it is neither yes nor no."""
        if z3.is_not(self.no) and self.no.arg(0).eq(self.yes):
            return NO
        return all_of([negated(self.yes), negated(self.no)])


def every(parts: Sequence[Condition]) -> Condition:
    """`and`: no if one is no, even where another is open."""
    return _joined(all_of([part.yes for part in parts]), any_of([part.no for part in parts]), parts)


def some(parts: Sequence[Condition]) -> Condition:
    """`or`: yes if one is yes, even where another is open."""
    return _joined(any_of([part.yes for part in parts]), all_of([part.no for part in parts]), parts)


def _joined(yes: Formula, no: Formula, parts: Sequence[Condition]) -> Condition:
    """Where no part can be open, no is the opposite of yes, which is said in one formula."""
    return Condition.settled(yes) if all(is_no(part.open) for part in parts) else Condition(yes, no)


def compare(operator: str, one: Term, other: Term) -> Condition:
    """`=`, `<` or `<=`: none equals none, and an order comparison with none is no."""
    absent = any_of([one.none, other.none])
    if operator == "=":
        equal = _equal(one, other)
        holds = any_of([all_of([one.none, other.none]), all_of([negated(absent), equal])])
    else:
        holds = all_of([negated(absent), _ordered(operator, one, other)])
    closed = any_of([negated(any_of([one.open, other.open])), absent])
    if is_yes(closed):
        return Condition.settled(holds)
    return Condition(all_of([closed, holds]), all_of([closed, negated(holds)]))


def _equal(one: Term, other: Term) -> Formula:
    if one.minor is not None and other.minor is not None:
        return same(one.minor, other.minor)
    return same(one.value, other.value)


def _ordered(operator: str, one: Term, other: Term) -> Formula:
    left, right = one.value, other.value
    if one.minor is not None and other.minor is not None:
        left, right = one.minor, other.minor
    return left < right if operator == "<" else left <= right


def is_none(term: Term) -> Condition:
    """`x is none`; what is open may be none or not."""
    if is_no(term.open):
        return Condition.settled(term.none)
    return Condition(term.none, all_of([negated(term.none), negated(term.open)]))


def as_condition(term: Term) -> Condition:
    """A yes/no value as a condition; none does not hold."""
    holds = all_of([negated(term.none), term.value])
    return Condition.settled(holds) if is_no(term.open) else Condition(
        all_of([negated(term.open), holds]), all_of([negated(term.open), negated(holds)])
    )  # fmt: skip


def as_term(condition: Condition) -> Term:
    """A condition as a yes/no value."""
    return Term(condition.yes, open=condition.open)


def literal_term(value: Fraction | str | bool | Days, code: Callable[[str], z3.ArithRef], scale: int) -> Term:
    """The term of a value written in a policy, with the code of a text and the minor units of the currency."""
    match value:
        case bool():
            return Term(YES if value else NO)
        case str():
            return Term(code(value))
        case Days():
            return Term(z3.IntVal(value.day.toordinal()))
        case _:
            minor = value * scale
            return Term(exactly(value), minor=exactly(minor) if minor.denominator == 1 else None)


def within(days: Days, on: z3.ArithRef) -> Formula:
    """Whether a day lies in a period; both ends count."""
    first = [] if days.first is None else [on >= days.first.toordinal()]
    # A sum of days need not be whole: half a day after midnight is the same day.
    last = [] if days.last is None else [on < days.last.toordinal() + 1]
    return all_of([*first, *last])


def arithmetic(operator: str, one: Term, other: Term, by_nothing: Fraction | None = None) -> Term:
    """`+ - * /`; with none the result is none, with zero below the line it is open or, if one is named, that number."""
    none, open_ = any_of([one.none, other.none]), any_of([one.open, other.open])
    match operator:
        case "+":
            return Term(one.value + other.value, none, open_, _minor_sum(one, other, 1))
        case "-":
            return Term(one.value - other.value, none, open_, _minor_sum(one, other, -1))
        case "*":
            return Term(one.value * other.value, none, open_, _minor_product(one, other))
        case _:
            by_zero = all_of([same(other.value, exactly(Fraction(0))), negated(other.none)])
            quotient = real(one.value) / real(other.value)
            if by_nothing is not None:
                return Term(z3.If(by_zero, real(exactly(by_nothing)), quotient), none, open_)
            return Term(quotient, none, any_of([open_, by_zero]))


def _minor_sum(one: Term, other: Term, sign: int) -> z3.ArithRef | None:
    if one.minor is None or other.minor is None:
        return None
    return one.minor + other.minor if sign > 0 else one.minor - other.minor


def _minor_product(one: Term, other: Term) -> z3.ArithRef | None:
    for amount, factor in ((one, other), (other, one)):
        if amount.minor is not None and z3.is_int(factor.value):
            return amount.minor * factor.value
    return None


def extreme(which: str, parts: Sequence[Term]) -> Term:
    """`min` or `max`; strict: with none or something open among the parts it is none or open."""
    none, open_ = any_of([part.none for part in parts]), any_of([part.open for part in parts])
    minors = [part.minor for part in parts if part.minor is not None]
    minor = _extreme(which, minors) if len(minors) == len(parts) else None
    return Term(_extreme(which, [part.value for part in parts]), none, open_, minor)


def _extreme(which: str, values: Sequence[z3.ArithRef]) -> z3.ArithRef:
    result = values[0]
    for value in values[1:]:
        result = z3.If(value < result if which == "min" else value > result, value, result)
    return result


def rounded(amount: Term, scale: int, rounding: Rounding, step: int) -> z3.ArithRef:
    """An amount in minor units, rounded once to a multiple of `step` by the policy's rule."""
    if amount.minor is not None and step == 1:
        return amount.minor
    exact = real(amount.minor) if amount.minor is not None else real(amount.value) * scale
    exact = z3.simplify(exact / step)
    whole = z3.If(exact >= 0, _whole(exact, rounding), -_whole(-exact, rounding))
    return whole if step == 1 else whole * step


def _whole(size: z3.ArithRef, rounding: Rounding) -> z3.ArithRef:
    """The whole number that a rule makes of a number of at least zero."""
    half, below = z3.Q(1, 2), z3.ToInt(size)
    match rounding:
        case Rounding.HALF_UP:
            return z3.ToInt(size + half)
        case Rounding.HALF_DOWN:
            return -z3.ToInt(half - size)
        case Rounding.HALF_EVEN:
            rest = size - real(below)
            up = z3.Or(rest > half, z3.And(rest == half, below % 2 == 1))
            return below + z3.If(up, 1, 0)
        case Rounding.UP:
            return -z3.ToInt(-size)
        case Rounding.DOWN:
            return below
