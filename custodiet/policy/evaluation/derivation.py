"""A formula with the values used, so that a figure can be recomputed by hand."""

from fractions import Fraction

from custodiet.policy.analysis.intervals import Number
from custodiet.policy.analysis.plan import Arithmetic, Count, Extreme, Fact, Named, Rate, Sum, Term
from custodiet.policy.evaluation.expressions import Reading, Scope
from custodiet.policy.language.ast import Literal
from custodiet.records import cell

SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def working(part: Term, scope: Scope, reading: Reading) -> str:
    """The formula of an amount, each fact with its value: `paid 54.11 × trip.campaign_days 2 ÷ trip.days 3`."""
    match part:
        case Arithmetic(operator, left, right):
            first = _bracketed(left, scope, reading, "+-" if operator in "*/" else "")
            second = _bracketed(right, scope, reading, {"+": "", "-": "+-", "*": "+-", "/": "+-*/"}[operator])
            return f"{first} {SIGNS[operator]} {second}"
        case Extreme(which, parts):
            return f"{which}({', '.join(working(each, scope, reading) for each in parts)})"
        case Literal(Fraction() as value):
            return cell(value)
        case Fact() | Named():
            return _valued(str(part.route), part, scope, reading)
        case Count() | Sum():
            return _valued(str(part), part, scope, reading)
        case Rate():
            return _valued(reading.rate_asked(part, scope), part, scope, reading)
        case _:
            raise TypeError(part)


def _valued(name: str, part: Term, scope: Scope, reading: Reading) -> str:
    """A fact with its value, and with the citations of the rates that the value rests on."""
    cited = len(reading.cited)
    term = reading.term(part, scope)
    value = cell(term.range.value) if isinstance(term, Number) and term.range.known else "(unknown)"
    sources = "; ".join(dict.fromkeys(reading.cited[cited:]))
    return f"{name} {value}" + (f" [{sources}]" if sources else "")


def _bracketed(part: Term, scope: Scope, reading: Reading, operators: str) -> str:
    """One side of a sum, in brackets if it would otherwise be read differently."""
    written = working(part, scope, reading)
    return f"({written})" if isinstance(part, Arithmetic) and part.operator in operators else written
