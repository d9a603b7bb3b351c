"""A formula with the values it was worked out from, so that a figure can be worked out again by hand."""

from fractions import Fraction

from custodiet.policy.ast import Arithmetic, Expression, Extreme, Literal, Over, Path
from custodiet.policy.reading import Reading, Scope
from custodiet.policy.terms import Number
from custodiet.records import cell

SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def working(part: Expression, scope: Scope, reading: Reading) -> str:
    """The formula of an amount, each fact with its value: `paid 54.11 × trip.campaign_days 2 ÷ trip.days 3`."""
    match part:
        case Arithmetic(operator, left, right):
            first = _bracketed(left, scope, reading, "+-" if operator in "*/" else "")
            second = _bracketed(right, scope, reading, {"+": "", "-": "+-", "*": "+-", "/": "+-*/"}[operator])
            return f"{first} {SIGNS[operator]} {second}"
        case Extreme(which, parts):
            return f"{which}({', '.join(working(each, scope, reading) for each in parts)})"
        case Literal(Fraction() as value):
            return number(value)
        case Path() | Over():
            named = str(part) if isinstance(part, Path) else f"{part.which}({part.of} …)"
            term = reading.term(part, scope)
            known = isinstance(term, Number) and term.range.known
            return f"{named} {number(term.range.value)}" if known and isinstance(term, Number) else f"{named} (unknown)"
        case _:
            raise TypeError(part)


def _bracketed(part: Expression, scope: Scope, reading: Reading, operators: str) -> str:
    """One side of a sum, in brackets where it would else be read otherwise."""
    written = working(part, scope, reading)
    return f"({written})" if isinstance(part, Arithmetic) and part.operator in operators else written


def number(value: Fraction) -> str:
    """A number in digits where its digits end, else as a fraction.

    >>> number(Fraction(5411, 100)), number(Fraction(2, 3))
    ('54.11', '2/3')
    """
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return cell(value) if rest == 1 else str(value)
