"""Exact money: integer minor units with an ISO 4217 currency, exact fractions and ranges inside a formula.

There is no binary floating point here: amounts are read from text, computed as
fractions, rounded once by a named rule, and kept as whole minor units.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from custodiet.base.currencies import CURRENCIES, minor_digits

_PLAIN = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,2000})(?:\.(?P<part>[0-9]{1,2000}))?(?: (?P<currency>[A-Z]{3}))?")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact sum: whole minor units (cents) of one currency.

    >>> Money.read("412.50 EUR") + Money(50, "EUR")
    Money.read('413.00 EUR')
    """

    minor: int
    currency: str

    @classmethod
    def read(cls, text: str, currency: str | None = None) -> "Money":
        """An amount as people write it: `412`, `412.00` or `412.00 EUR`; the currency may be given beside it.

        Raises ValueError, saying what to write, for anything else: grouping commas, more
        digits than the currency has, another currency than the one given.

        >>> Money.read("412", "EUR").minor
        41200
        """
        match = _PLAIN.fullmatch(text)
        if match is None:
            hint = ", without grouping and with a point" if "," in text else ""
            message = f"write an amount such as 412.00{hint}"
            raise ValueError(message)
        code = match["currency"] or currency
        if code is None or code not in CURRENCIES:
            message = f"write a currency of ISO 4217, such as EUR, not {code or 'none'}"
            raise ValueError(message)
        if currency is not None and code != currency:
            message = f"write an amount in {currency}, not in {code}"
            raise ValueError(message)
        digits, part = minor_digits(code), match["part"] or ""
        if len(part) > digits:
            message = f"write at most {digits} digits after the point for {code}"
            raise ValueError(message)
        minor = int(match["whole"] + part.ljust(digits, "0"))
        return cls(-minor if match["sign"] else minor, code)

    @classmethod
    def of(cls, exact: Fraction, currency: str) -> "Money":
        """An exact number of major units as money; ValueError if it is not a whole number of minor units."""
        minor = exact * 10 ** minor_digits(currency)
        if minor.denominator != 1:
            message = f"{exact} {currency} is not a whole number of minor units: round it first"
            raise ValueError(message)
        return cls(minor.numerator, currency)

    @property
    def exact(self) -> Fraction:
        """The amount in major units, as an exact fraction."""
        return Fraction(self.minor, 10 ** minor_digits(self.currency))

    @property
    def digits(self) -> str:
        """The amount with all its minor digits and no grouping, as contracts print it.

        >>> Money(31979420, "USD").digits, Money(-5, "EUR").digits
        ('319794.20', '-0.05')
        """
        places = minor_digits(self.currency)
        padded = str(abs(self.minor)).rjust(places + 1, "0")
        text = padded if places == 0 else f"{padded[:-places]}.{padded[-places:]}"
        return f"-{text}" if self.minor < 0 else text

    def __add__(self, other: "Money") -> "Money":
        """Add; ValueError for two currencies."""
        if self.currency != other.currency:
            message = f"{self} and {other} are in two currencies"
            raise ValueError(message)
        return Money(self.minor + other.minor, self.currency)

    def __str__(self) -> str:
        """For people: grouped by thousands, with the currency.

        >>> str(Money(31979420, "USD"))
        '319,794.20 USD'
        """
        whole, point, part = self.digits.partition(".")
        sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        return f"{sign}{int(whole):,}{point}{part} {self.currency}"

    def __repr__(self) -> str:
        """The call that makes it."""
        return f"Money.read('{self.digits} {self.currency}')"


class Rounding(Enum):
    """How a fraction of a minor unit is rounded; a policy names one in its head."""

    HALF_UP = "half up"
    HALF_EVEN = "half even"
    HALF_DOWN = "half down"
    UP = "up"
    DOWN = "down"

    def whole(self, exact: Fraction) -> int:
        """An exact number rounded to a whole one; up and down mean away from and towards zero.

        >>> [Rounding.HALF_UP.whole(Fraction(5, 2)), Rounding.HALF_EVEN.whole(Fraction(5, 2))]
        [3, 2]
        >>> [Rounding.UP.whole(Fraction(-21, 10)), Rounding.DOWN.whole(Fraction(-21, 10))]
        [-3, -2]
        """
        size = abs(exact)
        below, rest = divmod(size.numerator, size.denominator)
        twice = 2 * rest - size.denominator
        match self:
            case Rounding.HALF_UP:
                above = twice >= 0
            case Rounding.HALF_DOWN:
                above = twice > 0
            case Rounding.HALF_EVEN:
                above = twice > 0 or (twice == 0 and below % 2 == 1)
            case Rounding.UP:
                above = rest > 0
            case Rounding.DOWN:
                above = False
        magnitude = below + above
        return -magnitude if exact < 0 else magnitude


def rounded(exact: Fraction, currency: str, rounding: Rounding, step: int = 1) -> Money:
    """An exact number of major units as money, rounded once to a multiple of `step` minor units.

    >>> rounded(Fraction(100, 3), "EUR", Rounding.HALF_UP)
    Money.read('33.33 EUR')
    """
    return Money(rounding.whole(exact * 10 ** minor_digits(currency) / step) * step, currency)


def split(whole: Money, weights: Sequence[int]) -> list[Money]:
    """Split a sum by weights so that the parts add up to it, by largest remainder (ties to the earlier part).

    Raises ValueError for no weights, a negative one, or none above zero.

    >>> [part.minor for part in split(Money(100, "EUR"), [1, 1, 1])]
    [34, 33, 33]
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        message = "weights must be at least zero, and one of them above zero"
        raise ValueError(message)
    exact = [Fraction(whole.minor * weight, total) for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: whole.minor - sum(parts)]:
        parts[place] += 1
    return [Money(part, whole.currency) for part in parts]


@dataclass(frozen=True, slots=True)
class Range:
    """What is known about a number: it lies between two bounds, both included; None means no bound.

    >>> Range.point(3) + Range(Fraction(0), None)
    Range(3, ∞)
    """

    low: Fraction | None
    high: Fraction | None

    @classmethod
    def point(cls, value: Fraction | int) -> "Range":
        """One known number."""
        exact = Fraction(value)
        return cls(exact, exact)

    @property
    def known(self) -> bool:
        """Whether only one number is possible."""
        return self.low is not None and self.low == self.high

    @property
    def value(self) -> Fraction:
        """The one number of a known range; ValueError otherwise."""
        if self.low is None or self.low != self.high:
            message = f"{self} is not one number"
            raise ValueError(message)
        return self.low

    def holds(self, number: int) -> bool:
        """Whether a number is possible."""
        return (self.low is None or self.low <= number) and (self.high is None or self.high >= number)

    def meets(self, other: "Range") -> "Range | None":
        """The numbers possible in both, or None if there is none.

        >>> Range(Fraction(0), Fraction(5)).meets(Range(Fraction(4), None))
        Range(4, 5)
        """
        low = max((bound for bound in (self.low, other.low) if bound is not None), default=None)
        high = min((bound for bound in (self.high, other.high) if bound is not None), default=None)
        return None if low is not None and high is not None and low > high else Range(low, high)

    def __add__(self, other: "Range") -> "Range":
        """Interval addition."""
        return Range(_plus(self.low, other.low), _plus(self.high, other.high))

    def __neg__(self) -> "Range":
        """Interval negation."""
        return Range(None if self.high is None else -self.high, None if self.low is None else -self.low)

    def __sub__(self, other: "Range") -> "Range":
        """Interval subtraction."""
        return self + -other

    def __mul__(self, other: "Range") -> "Range":
        """Interval multiplication; a missing bound is infinite, and zero times it is zero."""
        ends = [_times(one, two) for one in _ends(self) for two in _ends(other)]
        return Range(min(ends, key=_order).finite, max(ends, key=_order).finite)

    def __truediv__(self, other: "Range") -> "Range":
        """Interval division; division by a range that contains zero has no bounds."""
        if other.holds(0):
            return Range(None, None)
        return self * Range(
            Fraction(0) if other.high is None else 1 / other.high,
            Fraction(0) if other.low is None else 1 / other.low,
        )

    def __repr__(self) -> str:
        """Both bounds, for messages and doctests."""
        return f"Range({'-∞' if self.low is None else self.low}, {'∞' if self.high is None else self.high})"


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a range: a number, or unlimited in the direction of `sign`."""

    sign: int
    finite: Fraction | None


def _ends(each: Range) -> tuple[_End, _End]:
    return _End(-1, each.low), _End(1, each.high)


def _plus(one: Fraction | None, two: Fraction | None) -> Fraction | None:
    return None if one is None or two is None else one + two


def _times(one: _End, two: _End) -> _End:
    if one.finite is not None and two.finite is not None:
        return _End(0, one.finite * two.finite)
    sign = _direction(one) * _direction(two)
    return _End(0, Fraction(0)) if sign == 0 else _End(sign, None)


def _direction(end: _End) -> int:
    return end.sign if end.finite is None else (end.finite > 0) - (end.finite < 0)


def _order(end: _End) -> tuple[int, Fraction]:
    return (0, end.finite) if end.finite is not None else (end.sign, Fraction(0))


def least(*ranges: Range) -> Range:
    """The smallest of some numbers, each known to a range.

    >>> least(Range.point(412), Range(Fraction(0), None))
    Range(0, 412)
    """
    lows = [bound.low for bound in ranges]
    highs = [bound.high for bound in ranges if bound.high is not None]
    low = None if None in lows else min(bound for bound in lows if bound is not None)
    return Range(low, min(highs, default=None))


def greatest(*ranges: Range) -> Range:
    """The largest of some numbers, each known to a range."""
    return -least(*(-bound for bound in ranges))
