"""Sums that are not wholly known, as ranges of major units."""

from collections.abc import Iterable

from custodiet.base.money import Money, Range, greatest
from custodiet.base.truth import Truth
from custodiet.policy.evaluation.result import Bounds
from custodiet.records import NONE, Value

ZERO = Range.point(0)
FROM_ZERO = Range(ZERO.low, None)


def range_of(value: Value) -> Range:
    """The range of an amount: none is zero, unknown is anything from zero.

    >>> range_of(Money.read("412 EUR")), range_of(NONE)
    (Range(412, 412), Range(0, 0))
    """
    if isinstance(value, Money):
        return Range.point(value.exact)
    return ZERO if value is NONE else FROM_ZERO


def where(holds: Truth, amount: Range) -> Range:
    """An amount that counts only if something holds.

    >>> where(Truth.UNKNOWN, Range.point(5)), where(Truth.UNKNOWN, Range.point(-5))
    (Range(0, 5), Range(-5, 0))
    """
    if holds is Truth.YES:
        return amount
    return ZERO if holds is Truth.NO else either((ZERO, amount))


def added(amounts: Iterable[Range]) -> Range:
    """The sum of some amounts."""
    return sum(amounts, ZERO)


def from_zero(amount: Range) -> Range:
    """What is left of an amount; never less than zero."""
    return greatest(ZERO, amount)


def either(ways: Iterable[Range]) -> Range:
    """An amount of which one of several possibilities is right, and it is not known which.

    >>> either([Range.point(5), Range.point(2)])
    Range(2, 5)
    """
    all_ways = list(ways)
    lows = [way.low for way in all_ways if way.low is not None]
    highs = [way.high for way in all_ways if way.high is not None]
    return Range(min(lows) if len(lows) == len(all_ways) else None, max(highs) if len(highs) == len(all_ways) else None)


def bounds(amount: Range, currency: str) -> Bounds:
    """The least and the greatest sum of money, for people and contracts."""
    low, high = (None if end is None else Money.of(end, currency) for end in (amount.low, amount.high))
    return Bounds(low, high)


def shown(amount: Range, currency: str) -> str:
    """A sum in a message, as it is written everywhere else.

    >>> shown(Range.point(Money.read("1412.50 EUR").exact), "EUR"), shown(FROM_ZERO, "EUR")
    ('1,412.50 EUR', 'at least 0.00 EUR, without upper bound')
    """
    return str(bounds(amount, currency))
