"""Charts: bars whose lengths are exact, beside the table that says the same in figures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

LONGEST = 12
"""How many bars a chart has at most; the table beside it holds all."""
_LABEL = 40
"""How many characters of a label stand over a bar at most."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it begins and how long it is, in percent of the longest with two decimals."""

    label: str
    value: str
    start: str
    width: str
    open_end: bool
    """Whether it has no upper bound, and ends where the chart does."""
    of: str
    """The number of the figure, or the row of results.csv, whose value it shows."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart with its title; it says nothing that the table beside it does not say."""

    title: str
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """In pixels: a label and a bar each."""
        return 46 * len(self.bars)


@dataclass(frozen=True, slots=True)
class Span:
    """What one bar shows: from an amount to another, or to no known end."""

    label: str
    value: str
    low: Fraction
    high: Fraction | None
    of: str = ""


def chart(title: str, spans: Sequence[Span]) -> Chart:
    """The longest bars of a chart.

    >>> spans = [Span("a", "4", Fraction(0), Fraction(4)), Span("b", "1", Fraction(0), Fraction(1))]
    >>> chart("Sums", spans).bars[1].width
    '25.00'
    """
    shown = spans[:LONGEST]
    most = max((each.high or each.low for each in shown), default=Fraction(0)) or Fraction(1)
    return Chart(title, tuple(_bar(each, most) for each in shown))


def amounts(title: str, named: Iterable[tuple[str, str, Fraction, str]]) -> Chart:
    """A chart of amounts from zero: label, the amount in words, the amount, the figure it is."""
    return chart(title, [Span(label, words, Fraction(0), amount, of) for label, words, amount, of in named])


def _bar(span: Span, most: Fraction) -> Bar:
    start = span.low / most
    end = Fraction(1) if span.high is None else span.high / most
    label = span.label if len(span.label) <= _LABEL else f"{span.label[: _LABEL - 1]}…"
    return Bar(label, span.value, percent(start), percent(max(end - start, Fraction(0))), span.high is None, span.of)


def percent(share: Fraction) -> str:
    """A share in percent, with two decimals, cut off.

    >>> percent(Fraction(1, 3))
    '33.33'
    """
    hundredths = share.numerator * 10_000 // share.denominator
    return f"{hundredths // 100}.{hundredths % 100:02}"
