"""Exact numbers in SQL: whole numbers with the bounds proven for them, fractions of these, and rounding.

No engine divides decimals exactly, so nothing here divides before the one rounding at the end: a fraction is
two whole numbers, as in `fractions.Fraction`. A whole number counts in BIGINT where its bounds prove that it
fits, else in 38 digits; what does not fit there either is an error of the engine, never a wrong cent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

from sqlglot import exp

from custodiet.base.dates import numbered
from custodiet.base.money import Rounding
from custodiet.bulk.sql.syntax import (
    MOST,
    NO,
    UNKNOWN,
    YES,
    Sql,
    as_type,
    binary,
    case,
    day,
    equal,
    is_no,
    is_unknown,
    is_yes,
    least_or_greatest,
    less,
    number,
    opposite,
    widened,
)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in SQL, and what it is proven to lie between, where it is not NULL."""

    inner: Sql
    """The number, but for the factor that all its values have in common."""
    least: int | None = None
    most: int | None = None
    nullable: bool = True
    """Whether it may be NULL: not known, or no bound."""
    fixed: int | None = None
    """The number, if it is the same in every row."""
    day: Sql | None = None
    """For a date as a count of days: the date itself, which is compared as it is."""
    factor: int = 1
    """What it is multiplied by: kept apart so that it can be cancelled."""
    zero: Sql | None = None
    """For a quotient: whether it is 0, which is known without dividing."""

    @classmethod
    def of(cls, value: int) -> "Whole":
        """A fixed number."""
        return cls(number(value), value, value, nullable=False, fixed=value)

    @property
    def narrow(self) -> bool:
        """Whether it is proven to fit a BIGINT."""
        return self.least is not None and self.most is not None and self.least >= -MOST and self.most <= MOST

    @property
    def sql(self) -> Sql:
        """The number."""
        return self.inner if self.factor == 1 else binary(exp.Mul, self.inner, number(self.factor))

    @property
    def wide_sql(self) -> Sql:
        """The number with 38 digits."""
        wide = widened(self.inner)
        return wide if self.factor == 1 else binary(exp.Mul, wide, widened(number(self.factor)))

    def without(self, factor: int) -> "Whole":
        """The number divided by a factor that all its values have."""
        if self.fixed is not None:
            return Whole.of(self.fixed // factor)
        ends = [None if end is None else end // factor for end in (self.least, self.most)]
        return replace(self, factor=self.factor // factor, least=ends[0], most=ends[1])


def times(one: Whole, other: Whole) -> Whole:
    """A product."""
    if other.fixed == 1:
        return one
    if one.fixed == 1:
        return other
    for factor, scaled in ((other.fixed, one), (one.fixed, other)):
        if factor is not None and factor > 0 and scaled.fixed is None:
            low, high = (None if end is None else end * factor for end in (scaled.least, scaled.most))
            return replace(scaled, factor=scaled.factor * factor, least=low, most=high, day=None)
    ends = [one.least, one.most, other.least, other.most]
    if None in ends:
        known = one.least is not None and other.least is not None and min(one.least, other.least) >= 0
        return _computed(exp.Mul, one, other, 0 if known else None, None)
    products = [left * right for left in (one.least, one.most) for right in (other.least, other.most)]  # type: ignore[operator]
    return _computed(exp.Mul, one, other, min(products), max(products))


def plus(one: Whole, other: Whole) -> Whole:
    """A sum."""
    if one.fixed == 0:
        return other
    if other.fixed == 0:
        return one
    return _computed(exp.Add, one, other, _sum(one.least, other.least), _sum(one.most, other.most))


def minus(one: Whole, other: Whole) -> Whole:
    """A difference."""
    if other.fixed == 0:
        return one
    return _computed(exp.Sub, one, other, _difference(one.least, other.most), _difference(one.most, other.least))


def negated(one: Whole) -> Whole:
    """The number with the other sign."""
    return minus(Whole.of(0), one)


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _difference(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other


def _computed(kind: type[exp.Binary], one: Whole, other: Whole, low: int | None, high: int | None) -> Whole:
    if one.fixed is not None and other.fixed is not None and low is not None:
        return Whole.of(low)
    whole = Whole(UNKNOWN, low, high, one.nullable or other.nullable)
    narrow = whole.narrow and one.narrow and other.narrow
    left, right = (one.sql, other.sql) if narrow else (one.wide_sql, other.wide_sql)
    return replace(whole, inner=binary(kind, left, right))


def quotient(one: Whole, other: Whole) -> Whole:
    """A number from 0 up divided by one above 0, without the rest."""
    if other.fixed == 1:
        return one
    low = 0 if one.least is None or other.most is None else max(one.least // max(other.most, 1), 0)
    high = None if one.most is None else one.most // max(other.least or 1, 1)
    nullable = one.nullable or other.nullable
    if one.narrow and other.narrow:
        divided = binary(exp.IntDiv, one.sql, other.sql)
        return Whole(divided, low, high, nullable, zero=less(one.sql, other.sql))
    # The one place that is the engine's own: DuckDB divides whole numbers of 128 bits, decimals only as floats.
    divided = binary(exp.IntDiv, as_type(one.wide_sql, "INT128"), as_type(other.wide_sql, "INT128"))
    return Whole(widened(divided), low, high, nullable, zero=less(one.wide_sql, other.wide_sql))


def chosen(when: Sql, then: Whole, otherwise: Whole) -> Whole:
    """One number or another."""
    if is_yes(when):
        return then
    if is_no(when):
        return otherwise
    low = None if then.least is None or otherwise.least is None else min(then.least, otherwise.least)
    high = None if then.most is None or otherwise.most is None else max(then.most, otherwise.most)
    nullable = then.nullable or otherwise.nullable
    if then.narrow and otherwise.narrow:
        found = case((when, then.sql), otherwise=otherwise.sql)
        # An engine gives fixed numbers alone a type that may be too narrow for what is computed with them.
        fixed = then.fixed is not None and otherwise.fixed is not None
        return Whole(as_type(found, "BIGINT") if fixed else found, low, high, nullable)
    return Whole(case((when, then.wide_sql), otherwise=otherwise.wide_sql), low, high, nullable)


@dataclass(frozen=True, slots=True)
class Exact:
    """An exact fraction in SQL: a whole number over one above 0. A numerator that is NULL is no bound."""

    over: Whole
    under: Whole

    @classmethod
    def of(cls, value: Fraction) -> "Exact":
        """A fixed fraction."""
        return cls(Whole.of(value.numerator), Whole.of(value.denominator))

    @property
    def fixed(self) -> Fraction | None:
        """The fraction, if it is the same in every row."""
        if self.over.fixed is None or self.under.fixed is None:
            return None
        return Fraction(self.over.fixed, self.under.fixed)

    @property
    def never_negative(self) -> bool:
        """Whether it is proven to be 0 or more."""
        return self.over.least is not None and self.over.least >= 0

    @property
    def positive(self) -> bool:
        """Whether it is proven to be more than 0."""
        return self.over.least is not None and self.over.least > 0


def aligned(*fractions: Exact) -> tuple[tuple[Whole, ...], Whole]:
    """Fractions over one common denominator: the numerators, and what is under all of them."""
    factors = [each.under.fixed or each.under.factor for each in fractions]
    common = lcm(*factors)
    inners: list[Whole] = []
    for each in fractions:
        bare = each.under.without(each.under.factor)
        if each.under.fixed is None and bare not in inners:
            inners.append(bare)
    overs = []
    for each, factor in zip(fractions, factors, strict=True):
        bare = each.under.without(each.under.factor)
        others = [inner for inner in inners if each.under.fixed is not None or inner != bare]
        overs.append(reduce(times, [Whole.of(common // factor), *others], each.over))
    return tuple(overs), reduce(times, inners, Whole.of(common))


def added(one: Exact, other: Exact) -> Exact:
    """A sum of fractions."""
    (left, right), under = aligned(one, other)
    return Exact(plus(left, right), under)


def multiplied(one: Exact, other: Exact) -> Exact:
    """A product of fractions."""
    return Exact(times(one.over, other.over), times(one.under, other.under))


def inverted(one: Exact) -> Exact:
    """One divided by a fraction; the sign goes to the numerator. Of 0 it is any number, to be rejected."""
    if one.positive:
        return Exact(one.under, one.over)
    never = one.over.least is not None and one.over.least >= 0
    negative = NO if never else less(one.over.sql, number(0))
    size = chosen(negative, negated(one.over), one.over)
    most = None if size.most is None else max(size.most, 1)
    under = chosen(same_whole(one.over, Whole.of(0)), Whole.of(1), size)
    return Exact(chosen(negative, negated(one.under), one.under), replace(under, least=1, most=most))


Let = Callable[[Sql], Sql]
"""Gives a value a name, so that it is worked out once where it is used more than once."""


def unnamed(value: Sql) -> Sql:
    """A value as it is."""
    return value


def named(one: Exact, let: Let) -> Exact:
    """A fraction of two named numbers; a date stays as it is."""
    if one.over.day is not None and one.under.fixed == 1:
        return one
    over, under = (replace(each, inner=let(each.inner)) for each in (one.over, one.under))
    return Exact(over, under)


def outermost(which: str, fractions: Sequence[Exact], let: Let, *, strict: bool = False) -> Exact:
    """The least (`min`) or the greatest (`max`) of some fractions: NULL is skipped, or if `strict`, never is."""
    unders = {each.under for each in fractions if each.under.fixed is None}
    if strict or len(fractions) == 1 or (unders and len({each.under for each in fractions}) > 1):
        return reduce(lambda one, other: _outer(which, one, other, let, strict=strict), fractions)
    overs, under = aligned(*fractions)
    narrow = all(each.narrow for each in overs)
    kind = exp.Least if which == "min" else exp.Greatest
    found = least_or_greatest(kind, [each.sql if narrow else each.wide_sql for each in overs])
    least, most = _bounds(overs)
    nullable = all(each.nullable for each in overs)
    return Exact(Whole(found, _greater(least, _floor(which, overs)), most, nullable), under)


def _bounds(overs: Sequence[Whole]) -> tuple[int | None, int | None]:
    """Between which numbers some numerators lie together; None for no bound."""
    lows, highs = [each.least for each in overs], [each.most for each in overs]
    least = None if None in lows else min(each for each in lows if each is not None)
    most = None if None in highs else max(each for each in highs if each is not None)
    return least, most


def _outer(which: str, one: Exact, other: Exact, let: Let, *, strict: bool) -> Exact:
    first, second = (one, other) if which == "min" else (other, one)
    mine = not_above(first, second)
    if is_yes(mine) or is_no(mine):
        return one if is_yes(mine) else other
    missing = [is_unknown(each.over.sql) if each.over.nullable else NO for each in (one, other)]
    mine = let(case((missing[0], YES if strict else NO), (missing[1], NO if strict else YES), otherwise=mine))
    if one.under.fixed or other.under.fixed or one.under == other.under:
        (left, right), under = aligned(one, other)
    else:
        # Each keeps what is under it: a common denominator would grow with every step.
        left, right, under = one.over, other.over, chosen(mine, one.under, other.under)
    over = chosen(mine, left, right)
    nullable = over.nullable if strict else left.nullable and right.nullable
    # What a strict comparison skips is NULL in the result too.
    floor = _floor(which, [replace(each, nullable=False) for each in (left, right)] if strict else [left, right])
    return named(Exact(replace(over, least=_greater(over.least, floor), nullable=nullable), under), let)


def _floor(which: str, numerators: Sequence[Whole]) -> int | None:
    """What the numerator of the greatest is proven to reach: 1 or 0, if one that is never NULL always does."""
    if which == "min":
        return None
    always = (each.least for each in numerators if not each.nullable)
    return max((min(1, least) for least in always if least is not None and least >= 0), default=None)


def _greater(one: int | None, other: int | None) -> int | None:
    return max((end for end in (one, other) if end is not None), default=None)


def below(one: Exact, other: Exact) -> Sql:
    """Whether one fraction is less than another; NULL if either is not known."""
    (left, right), _ = aligned(one, other)
    if not (left.nullable or right.nullable):
        if left.most is not None and right.least is not None and left.most < right.least:
            return YES
        if left.least is not None and right.most is not None and left.least >= right.most:
            return NO
    return _by(less, left, right)


def not_above(one: Exact, other: Exact) -> Sql:
    """Whether one fraction is at most another; NULL if either is not known."""
    return opposite(below(other, one))


def same(one: Exact, other: Exact) -> Sql:
    """Whether two fractions are equal; NULL if either is not known."""
    (left, right), _ = aligned(one, other)
    return same_whole(left, right)


def same_whole(left: Whole, right: Whole) -> Sql:
    """Whether two whole numbers are equal; NULL if either is not known."""
    if not (left.nullable or right.nullable):
        if left == right:
            return YES
        apart = left.most is not None and right.least is not None and left.most < right.least
        if apart or (right.most is not None and left.least is not None and right.most < left.least):
            return NO
    for one, other in ((left, right), (right, left)):
        if one.zero is not None and other.fixed == 0:
            return one.zero
    return _by(equal, left, right)


def _by(by: Callable[[Sql, Sql], Sql], left: Whole, right: Whole) -> Sql:
    one, other = _as_day(left), _as_day(right)
    if one is not None and other is not None and (left.day is not None or right.day is not None):
        return by(one, other)
    if left.narrow and right.narrow:
        return by(left.sql, right.sql)
    return by(left.wide_sql, right.wide_sql)


def _as_day(number_: Whole) -> Sql | None:
    """A count of days as a date, if it is one."""
    if number_.fixed is not None and 1 <= number_.fixed <= date.max.toordinal():
        return day(numbered(number_.fixed))
    return number_.day


def rounded(exact: Exact, digits: int, rounding: Rounding, step: int) -> Whole:
    """A fraction of major units as whole minor units, rounded once to a multiple of `step` of them."""
    scale = Fraction(10**digits, step)
    fixed = exact.fixed
    if fixed is not None:
        return Whole.of(rounding.whole(fixed * scale) * step)
    over, under = times(exact.over, Whole.of(scale.numerator)), times(exact.under, Whole.of(scale.denominator))
    common = gcd(over.fixed or over.factor, under.fixed or under.factor)
    over, under = over.without(common), under.without(common)
    if under.fixed == 1:
        return times(over, Whole.of(step))
    if over.least is not None and over.least >= 0:
        return times(_rounded_size(over, under, rounding), Whole.of(step))
    negative = less(over.sql, number(0))
    size = chosen(negative, negated(over), over)
    magnitude = _rounded_size(replace(size, least=0), under, rounding)
    return times(chosen(negative, negated(magnitude), magnitude), Whole.of(step))


def _rounded_size(over: Whole, under: Whole, rounding: Rounding) -> Whole:
    """A fraction of at least 0, rounded to a whole number."""
    match rounding:
        case Rounding.DOWN:
            return quotient(over, under)
        case Rounding.UP:
            return quotient(plus(over, minus(under, Whole.of(1))), under)
        case Rounding.HALF_UP:
            return _to_nearest(over, under, less_a_half=False)
        case Rounding.HALF_DOWN:
            return _to_nearest(over, under, less_a_half=True)
        case Rounding.HALF_EVEN:
            return _to_even(over, under)


def _to_nearest(over: Whole, under: Whole, *, less_a_half: bool) -> Whole:
    if under.fixed is not None:
        half = (under.fixed - 1) // 2 if less_a_half else under.fixed // 2
        return quotient(plus(over, Whole.of(half)), under)
    two = Whole.of(2)
    doubled = plus(times(over, two), minus(under, Whole.of(1)) if less_a_half else under)
    return quotient(doubled, times(under, two))


def _to_even(over: Whole, under: Whole) -> Whole:
    """Halves go to the even neighbour: down from the upper of the two ways to round a half, if that is odd."""
    nearest = _to_nearest(over, under, less_a_half=False)
    lower = _to_nearest(over, under, less_a_half=True)
    odd = equal(binary(exp.Mod, nearest.sql, number(2)), number(1))
    return chosen(odd, lower, nearest)
