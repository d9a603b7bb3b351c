"""What is known about a single value, and how such values are compared and computed with.

A number, an amount or a date is a range: one point if it is known. Interval arithmetic keeps exactly the possible
values (for single operations); a comparison is unknown if the ranges leave it open.
"""

from dataclasses import dataclass
from fractions import Fraction

from custodiet.base.dates import Days, numbered
from custodiet.base.money import Range, greatest, least
from custodiet.base.truth import Truth, truth
from custodiet.records import NONE, Mark


@dataclass(frozen=True, slots=True)
class Number:
    """A number, an amount in major units, or a date as its ordinal: known to lie in a range."""

    range: Range
    may_be_none: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """An unknown text, reference, yes/no or list value."""

    may_be_none: bool = False
    asked: bool = False
    """Whether all its possible values are tried in turn, alike in all rules."""


Term = Number | Open | str | bool | Mark
"""A Mark here is always none: what is unknown is a range or open."""


def compare(operator: str, one: Term, other: Term) -> Truth:
    """Compare two terms: `=`, `<` or `<=`.

    None equals none; an order comparison with none is no, even against unknown.

    >>> compare("<", NONE, Number(Range(None, None)))
    Truth.NO
    >>> compare("=", "guest", Open())
    Truth.UNKNOWN
    """
    if operator == "=":
        return _equal(one, other)
    if not (isinstance(one, Number) and isinstance(other, Number)):
        return Truth.NO
    result = _ordered(operator, one.range, other.range)
    open_to_none = one.may_be_none or other.may_be_none
    return Truth.UNKNOWN if open_to_none and result is Truth.YES else result


def _ordered(operator: str, one: Range, other: Range) -> Truth:
    gap = other - one
    surely = gap.low is not None and (gap.low > 0 or (gap.low == 0 and operator == "<="))
    never = gap.high is not None and (gap.high < 0 or (gap.high == 0 and operator == "<"))
    return Truth.YES if surely else Truth.NO if never else Truth.UNKNOWN


def _equal(one: Term, other: Term) -> Truth:
    if one is NONE or other is NONE:
        return is_none(one) & is_none(other)
    both_may_be_none = _may_be_none(one) and _may_be_none(other)
    if isinstance(one, Number) and isinstance(other, Number):
        if one.range.meets(other.range) is None:
            return Truth.UNKNOWN if both_may_be_none else Truth.NO
        return truth(True) if certain(one) and certain(other) else Truth.UNKNOWN
    if isinstance(one, Open) or isinstance(other, Open):
        return Truth.UNKNOWN
    return truth(one == other)


def is_none(term: Term) -> Truth:
    """Whether a term is none."""
    if term is NONE:
        return Truth.YES
    return Truth.UNKNOWN if _may_be_none(term) else Truth.NO


def _may_be_none(term: Term) -> bool:
    return isinstance(term, Number | Open) and term.may_be_none


def certain(term: Term) -> bool:
    """Whether only one value is possible."""
    if isinstance(term, Number):
        return term.range.known and not term.may_be_none
    return not isinstance(term, Open)


def literal_term(value: Fraction | str | bool | Days) -> Term:
    """The term of a value written in a policy."""
    match value:
        case Days():
            return Number(ordinals(value))
        case Fraction():
            return Number(Range.point(value))
        case _:
            return value


def arithmetic(operator: str, one: Term, other: Term) -> Term:
    """Compute with two terms; if one is none, the result is none."""
    if not (isinstance(one, Number) and isinstance(other, Number)):
        return NONE
    return Number(computed(operator, one.range, other.range), one.may_be_none or other.may_be_none)


def computed(operator: str, one: Range, other: Range) -> Range:
    """Compute with two ranges."""
    match operator:
        case "+":
            return one + other
        case "-":
            return one - other
        case "*":
            return one * other
        case _:
            return one / other


def extreme(which: str, terms: list[Term]) -> Term:
    """The least or greatest of some terms; strict: if one is none, the result is none, never the extreme of the others.

    >>> extreme("min", [Number(Range.point(3)), NONE])
    Mark.NONE
    """
    ranges = [term.range for term in terms if isinstance(term, Number)]
    if len(ranges) < len(terms):
        return NONE
    return Number((least if which == "min" else greatest)(*ranges), any(_may_be_none(term) for term in terms))


def as_term(holds: Truth) -> Term:
    """A condition as a yes/no value; the open questions behind it have been asked."""
    return Open(asked=True) if holds is Truth.UNKNOWN else holds is Truth.YES


def ordinals(days: Days) -> Range:
    """A date as a number: the proleptic ordinal of its first and last possible day."""
    return Range(
        None if days.first is None else Fraction(days.first.toordinal()),
        None if days.last is None else Fraction(days.last.toordinal()),
    )


def as_days(numbers: Range) -> Days:
    """The date of an ordinal; one beyond the calendar lies in the same periods as the calendar's last day."""
    return Days(
        None if numbers.low is None else numbered(int(numbers.low)),
        None if numbers.high is None else numbered(int(numbers.high)),
    )


def with_zero(amount: Range) -> Range:
    """An amount that may also count as zero."""
    low = None if amount.low is None else min(amount.low, Fraction(0))
    high = None if amount.high is None else max(amount.high, Fraction(0))
    return Range(low, high)
