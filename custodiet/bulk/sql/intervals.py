"""What is known about a single value, in SQL: `analysis.intervals` for a whole column.

A number is two columns, the least and the greatest it can be, NULL where there is no bound; a value that is
known in every row is one. None is a mark of its own, so that NULL always means unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

from sqlglot import exp

from custodiet.bulk.sql.exact_arithmetic import (
    Exact,
    Let,
    Whole,
    added,
    below,
    chosen,
    inverted,
    multiplied,
    named,
    negated,
    not_above,
    outermost,
    same,
    unnamed,
)
from custodiet.bulk.sql.syntax import (
    NO,
    UNKNOWN,
    YES,
    Sql,
    both,
    case,
    either,
    equal,
    is_no,
    is_null,
    is_unknown,
    is_yes,
    matching,
    number,
    opposite,
    text,
)

AS_WRITTEN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Plain:
    """A text, a reference, a yes/no or a list value; NULL where it is none or unknown."""

    value: Sql
    none: Sql = NO
    """Whether it is known to be none; never NULL."""
    may_be_none: Sql = NO
    """Where it is unknown: whether it may be none."""
    stored: Mapping[str, str] = field(default_factory=lambda: AS_WRITTEN, hash=False)
    """How the table writes a list's values, where it writes them otherwise."""

    @property
    def unknown(self) -> Sql:
        """Whether it is not known; never NULL."""
        return both(opposite(self.none), is_unknown(self.value))

    @property
    def read(self) -> Sql:
        """The value as policies write it."""
        if not self.stored:
            return self.value
        return matching(self.value, [(text(ours), text(word)) for word, ours in self.stored.items()], self.value)


@dataclass(frozen=True, slots=True)
class Number:
    """A number, an amount in major units, or a date as a count of days: between two bounds."""

    low: Exact | None
    high: Exact | None
    none: Sql = NO
    may_be_none: Sql = NO

    @classmethod
    def point(cls, value: Exact, none: Sql = NO) -> "Number":
        """A number that is known in every row in which it is not none."""
        return cls(value, value, none)

    @property
    def is_point(self) -> bool:
        """Whether it is known in every row in which it is not none."""
        return self.low is not None and self.low is self.high and is_no(self.may_be_none)

    @property
    def certain(self) -> Sql:
        """Whether only one value is possible; never NULL."""
        if self.is_point:
            return YES
        if self.low is None or self.high is None:
            return self.none
        settled = case((same(self.low, self.high), YES), otherwise=NO)
        return either(self.none, both(opposite(self.may_be_none), settled))


Term = Plain | Number


def compare(operator: str, one: Term, other: Term) -> Sql:
    """Whether `=`, `<` or `<=` holds; NULL where that is unknown."""
    if isinstance(one, Plain) and isinstance(other, Plain):
        return _equal_plain(one, other) if operator == "=" else NO
    if isinstance(one, Plain) or isinstance(other, Plain):
        raise TypeError(operator)
    return _equal_numbers(one, other) if operator == "=" else _ordered(operator, one, other)


def is_none(term: Term) -> Sql:
    """Whether a term is none; NULL where that is unknown."""
    open_to_it = both(term.unknown, term.may_be_none) if isinstance(term, Plain) else term.may_be_none
    return case((term.none, YES), (open_to_it, UNKNOWN), otherwise=NO)


def _equal_plain(one: Plain, other: Plain) -> Sql:
    nobody = either(one.none, other.none)
    settled = _same_value(one, other)
    if is_no(other.none) and is_no(both(other.may_be_none, other.unknown)):
        return both(opposite(one.none), settled)
    return case((nobody, both(is_none(one), is_none(other))), otherwise=settled)


def _same_value(one: Plain, other: Plain) -> Sql:
    for literal, column in ((one.value, other), (other.value, one)):
        if is_yes(literal):
            return column.value
        if is_no(literal):
            return opposite(column.value)
        if isinstance(literal, exp.Literal):
            return equal(column.value, text(column.stored.get(literal.this, literal.this)))
    return equal(one.read, other.read)


def _ordered(operator: str, one: Number, other: Number) -> Sql:
    strict = operator == "<"
    if one.low is not None and one.is_point and other.low is not None and other.is_point:
        holds = below(one.low, other.low) if strict else not_above(one.low, other.low)
        return both(opposite(one.none), opposite(other.none), holds)
    surely = _bounded(one.high, other.low, strict=strict)
    never = _bounded(other.high, one.low, strict=not strict)
    doubtful = either(one.may_be_none, other.may_be_none)
    yes = case((doubtful, UNKNOWN), otherwise=YES)
    return case((either(one.none, other.none), NO), (surely, yes), (never, NO), otherwise=UNKNOWN)


def _bounded(one: Exact | None, other: Exact | None, *, strict: bool) -> Sql:
    """Whether one bound lies below another, where both exist."""
    if one is None or other is None:
        return NO
    return below(one, other) if strict else not_above(one, other)


def _equal_numbers(one: Number, other: Number) -> Sql:
    nobody = either(one.none, other.none)
    together = both(is_none(one), is_none(other))
    if one.low is not None and one.is_point and other.low is not None and other.is_point:
        return case((nobody, together), otherwise=same(one.low, other.low))
    apart = either(_bounded(one.high, other.low, strict=True), _bounded(other.high, one.low, strict=True))
    perhaps_both_none = case((both(one.may_be_none, other.may_be_none), UNKNOWN), otherwise=NO)
    certain = both(one.certain, other.certain)
    return case((nobody, together), (apart, perhaps_both_none), (certain, YES), otherwise=UNKNOWN)


def arithmetic(operator: str, one: Number, other: Number, let: Let) -> Number:
    """Compute with two numbers; with none, the result is none."""
    none = either(one.none, other.none)
    may_be_none = both(opposite(none), either(one.may_be_none, other.may_be_none))
    match operator:
        case "+":
            low, high = _ends(one, other, added)
        case "-":
            minus = _negative(other)
            low, high = _ends(one, minus, added)
        case "*":
            low, high = _product(one, other, let)
        case _:
            low, high = _divided(one, other, let)
    return Number(low, high, none, may_be_none)


def _negative(one: Number) -> Number:
    low = None if one.low is None else Exact(negated(one.low.over), one.low.under)
    if one.low is one.high:
        return Number(low, low, one.none, one.may_be_none)
    high = None if one.high is None else Exact(negated(one.high.over), one.high.under)
    return Number(high, low, one.none, one.may_be_none)


_Ends = tuple[Exact | None, Exact | None]


def _ends(one: Number, other: Number, compute: Callable[[Exact, Exact], Exact]) -> _Ends:
    low = None if one.low is None or other.low is None else compute(one.low, other.low)
    if one.low is one.high and other.low is other.high:
        return low, low
    return low, None if one.high is None or other.high is None else compute(one.high, other.high)


def _product(one: Number, other: Number, let: Let) -> _Ends:
    if one.low is not None and one.low is one.high and other.low is not None and other.low is other.high:
        product = multiplied(one.low, other.low)
        return product, product
    if _from_nought(one) and _from_nought(other) and one.low is not None and other.low is not None:
        return multiplied(one.low, other.low), _largest(one.high, other.high)
    products = [_end_product(left, right) for left in (one.low, one.high) for right in (other.low, other.high)]
    ends = [named(each, let) for each in products if each is not None]
    downwards = either(
        _towards(one.low, other.high, positive=True), _towards(other.low, one.high, positive=True),
        _towards(one.high, other.low, positive=False), _towards(other.high, one.low, positive=False),
    )  # fmt: skip
    upwards = either(
        _towards(one.low, other.low, positive=False), _towards(other.low, one.low, positive=False),
        _towards(one.high, other.high, positive=True), _towards(other.high, one.high, positive=True),
    )  # fmt: skip
    return _outermost("min", ends, downwards, let), _outermost("max", ends, upwards, let)


def _from_nought(one: Number) -> bool:
    """Whether the lower bound is there in every row and proven to be 0 or more."""
    return one.low is not None and not one.low.over.nullable and one.low.never_negative


def _largest(one: Exact | None, other: Exact | None) -> Exact | None:
    """The greatest product of numbers from 0 up: without bound, unless one of them is 0."""
    nought = Exact.of(Fraction(0))
    if one is None or other is None:
        bound = one or other
        return None if bound is None else _if_zero(bound, nought, None)
    product = multiplied(one, other)
    zero = either(_is_zero(one), _is_zero(other))
    return Exact(chosen(zero, Whole.of(0), product.over), chosen(zero, Whole.of(1), product.under))


def _if_zero(bound: Exact, then: Exact, otherwise: Exact | None) -> Exact:
    missing = Whole(as_null(), then.over.least, then.over.most)
    other = missing if otherwise is None else otherwise.over
    return Exact(chosen(_is_zero(bound), then.over, other), then.under)


def as_null() -> Sql:
    """No number: no bound."""
    return exp.cast(exp.Null(), exp.DataType.Type.BIGINT)


def _is_zero(bound: Exact | None) -> Sql:
    return NO if bound is None else same(bound, Exact.of(Fraction(0)))


def _end_product(one: Exact | None, other: Exact | None) -> Exact | None:
    """The product of two bounds, 0 if one of them is 0; NULL without bound."""
    if one is None or other is None:
        bound = one or other
        return None if bound is None else _if_zero(bound, Exact.of(Fraction(0)), None)
    product = multiplied(one, other)
    zero = either(_is_zero(one), _is_zero(other))
    return Exact(chosen(zero, Whole.of(0), product.over), chosen(zero, Whole.of(1), product.under))


def _towards(open_end: Exact | None, factor: Exact | None, *, positive: bool) -> Sql:
    """Whether an end without bound meets a factor of that sign, or one without bound itself."""
    unbounded = YES if open_end is None else is_unknown(open_end.over.sql) if open_end.over.nullable else NO
    nought = Exact.of(Fraction(0))
    if factor is None:
        return unbounded
    signed = below(nought, factor) if positive else below(factor, nought)
    return both(unbounded, case((is_unknown(factor.over.sql), YES), otherwise=signed))


def _outermost(which: str, ends: Sequence[Exact], unbounded: Sql, let: Let) -> Exact:
    """The least or greatest of the products that have a bound, where no product goes beyond every bound."""
    # What has no bound is skipped: it lies at the other end.
    found = outermost(which, ends, let)
    over = Whole(case((unbounded, as_null()), otherwise=found.over.sql), found.over.least, found.over.most)
    return Exact(over, found.under)


def _divided(one: Number, other: Number, let: Let) -> _Ends:
    if other.low is None and other.high is None:
        return None, None
    low, high = _product(one, _inverse(other, let), let)
    holds_zero = _holds_zero(other)
    if is_no(holds_zero):
        return low, high
    bounded = [
        None if end is None else Exact(chosen(holds_zero, Whole(as_null(), 0, 0), end.over), end.under)
        for end in (low, high)
    ]
    return (bounded[0], bounded[0]) if low is high else (bounded[0], bounded[1])


def _holds_zero(one: Number) -> Sql:
    """Whether a range holds 0: then what is divided by it has no bound."""
    nought = Exact.of(Fraction(0))
    if one.low is not None and not one.low.over.nullable and one.low.never_negative:
        return NO if one.low.positive else same(one.low, nought)
    return both(
        YES if one.low is None else _or_unbounded(one.low, not_above(one.low, nought)),
        YES if one.high is None else _or_unbounded(one.high, not_above(nought, one.high)),
    )


def _or_unbounded(bound: Exact, holds: Sql) -> Sql:
    return either(is_unknown(bound.over.sql), holds) if bound.over.nullable else holds


def _inverse(one: Number, let: Let) -> Number:
    """One divided by a range on one side of 0; an end without bound leads to 0."""
    if one.low is not None and one.low is one.high:
        end = named(inverted(one.low), let)
        return Number(end, end)
    return Number(named(_inverse_end(one.high), let), named(_inverse_end(one.low), let))


def _inverse_end(bound: Exact | None) -> Exact:
    if bound is None:
        return Exact.of(Fraction(0))
    turned = inverted(bound)
    if not bound.over.nullable:
        return turned
    unbounded = is_unknown(bound.over.sql)
    over, under = chosen(unbounded, Whole.of(0), turned.over), chosen(unbounded, Whole.of(1), turned.under)
    return Exact(replace(over, nullable=False), replace(under, nullable=False))


def extreme(which: str, terms: list[Number], let: Let = unnamed) -> Number:
    """The least or greatest of some numbers; strict: a none among them leaves none."""
    none = either(*(term.none for term in terms))
    may_be_none = both(opposite(none), either(*(term.may_be_none for term in terms)))
    if all(term.low is term.high for term in terms):
        low = _strict(which, [term.low for term in terms], let)
        return Number(low, low, none, may_be_none)
    if which == "min":
        low, high = (
            _strict("min", [term.low for term in terms], let),
            _lenient("min", [term.high for term in terms], let),
        )
    else:
        low, high = (
            _lenient("max", [term.low for term in terms], let),
            _strict("max", [term.high for term in terms], let),
        )
    return Number(low, high, none, may_be_none)


def _strict(which: str, bounds: list[Exact | None], let: Let) -> Exact | None:
    """The outermost of some bounds; no bound if one of them is none."""
    found = [bound for bound in bounds if bound is not None]
    return outermost(which, found, let, strict=True) if len(found) == len(bounds) else None


def _lenient(which: str, bounds: list[Exact | None], let: Let) -> Exact | None:
    """The innermost of the bounds that exist; NULL is skipped, which is meant here."""
    found = [bound for bound in bounds if bound is not None]
    return outermost(which, found, let) if found else None


def literal(value: Fraction | str | bool) -> Term:
    """A value written in a policy."""
    if isinstance(value, bool):
        return Plain(YES if value else NO)
    if isinstance(value, str):
        return Plain(text(value))
    return Number.point(Exact.of(value))


def with_zero(one: Number) -> Number:
    """An amount that may also not count at all."""
    nought = Number.point(Exact.of(Fraction(0)))
    return Number(extreme("min", [one, nought]).low, extreme("max", [one, nought]).high)


def settled(condition: Sql) -> Sql:
    """Whether a condition is known; never NULL."""
    return NO if is_null(condition) else opposite(is_unknown(condition))


def sign(one: Whole) -> tuple[Sql, Sql]:
    """Whether a number is 0, and whether it is below 0."""
    exact, nought = Exact(one, Whole.of(1)), Exact(Whole.of(0), Whole.of(1))
    return same(exact, nought), below(exact, nought)


__all__ = ["Number", "Plain", "Term", "arithmetic", "compare", "extreme", "is_none", "literal", "number", "with_zero"]
