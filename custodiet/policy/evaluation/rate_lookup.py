"""The rate in a dated table for a key and a day, as far as these are known.

If one row certainly applies, the rate is known. If several may apply and together they cover every possible key and
day, it lies between their rates; otherwise it is only known not to be negative.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from custodiet.base.currencies import minor_digits
from custodiet.base.dates import Days
from custodiet.base.money import Range
from custodiet.base.text import lookalike, quoted
from custodiet.base.truth import Truth, all_of, any_of, truth
from custodiet.policy.analysis.intervals import Number, Open, Term, ordinals
from custodiet.policy.analysis.plan import Arithmetic, Count, Fact, Named, Rate
from custodiet.policy.analysis.plan import Term as Planned
from custodiet.policy.language.ast import Literal, RateRow, RateTable
from custodiet.records import UNKNOWN, Field, Kind, cell

ANY_RATE = Range(Fraction(0), None)
"""The range of a rate about which nothing is known."""
ONE_DAY = Fraction(1)


@dataclass(frozen=True, slots=True)
class Texts:
    """A text key: the texts it can be; None for any text."""

    each: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number key: its range, and the step from one possible number to the next."""

    range: Range
    step: Fraction | None = None
    """None if every number in between is possible."""


Sought = Texts | Numbers


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a look-up."""

    row: RateRow | None
    """The row that certainly applies, if there is one."""
    rate: Range | None
    """The range of the rate; None if no row applies under any possible key and day."""


def look_up(table: RateTable, column: str, sought: Sequence[Sought], on: Days) -> Found:
    """The rate in a column of a table for the given keys and day."""
    place = [name for name, _ in table.columns].index(column)
    may = [(row, holds) for row in table.rows if (holds := _holds(row, sought, on)) is not Truth.NO]
    for row, holds in may:
        if holds is Truth.YES:
            return Found(row, Range.point(row.values[place]))
    if not may:
        return Found(None, None)
    rows = [row for row, _ in may]
    if not _covered([*sought, Numbers(ordinals(on), ONE_DAY)], [(*row.keys, ordinals(row.in_force)) for row in rows]):
        return Found(None, ANY_RATE)
    rates = [row.values[place] for row in rows]
    return Found(None, Range(min(rates), max(rates)))


def only_in_form(table: RateTable, sought: Sequence[Sought]) -> str:
    """A remark on a text that is not a key of the table but resembles one; else empty.

    The row of such a text may just be spelt differently.
    """
    for place, each in enumerate(sought):
        keys = {key for row in table.rows if isinstance(key := row.keys[place], str)}
        for text in each.each or () if isinstance(each, Texts) else ():
            alike = sorted(key for key in keys if lookalike(key) == lookalike(text))
            if alike and text not in keys:
                return f" (the table has {quoted(alike[0])}, from which {quoted(text)} differs only in form)"
    return ""


def sought(key: Planned, term: Term, currency: str) -> Sought:
    """What is known of a key by which a row is looked up."""
    if isinstance(term, Number):
        return Numbers(term.range, step(key, currency))
    if isinstance(term, str):
        return Texts((term,))
    return Texts(key.field.values or None if isinstance(key, Fact) else None)


def step(part: Planned, currency: str) -> Fraction | None:
    """The step from one value that a term can have to the next; None if it can have any in between."""
    match part:
        case Count():
            return Fraction(1)
        case Literal(Fraction() as value):
            return Fraction(1, value.denominator)
        case Arithmetic("+" | "-", left, right):
            one, other = step(left, currency), step(right, currency)
            return one if one == other else None
        case Named(_, defined):
            return step(defined.meaning, currency)
        case Fact(_, Field(kind=Kind.MONEY)) if currency:
            return Fraction(1, 10 ** minor_digits(currency))
        case Fact(_, Field(kind=Kind.DATE)) | Fact(_, Field(kind=Kind.NUMBER, whole=True)):
            return Fraction(1)
        case _:
            return None


def _holds(row: RateRow, sought: Sequence[Sought], on: Days) -> Truth:
    """Whether a row applies to the keys on the day."""
    keys = (_meets(key, each) for key, each in zip(row.keys, sought, strict=True))
    return all_of([row.in_force.holds(on), *keys])


def _meets(key: str | Range, sought: Sought) -> Truth:
    if isinstance(sought, Texts):
        if sought.each is None:
            return Truth.UNKNOWN
        fits = [truth(key == each) for each in sought.each]
        return all_of(fits) | (any_of(fits) & Truth.UNKNOWN)
    if isinstance(key, str) or key.meets(sought.range) is None:
        return Truth.NO
    return Truth.YES if _within(sought.range, key) else Truth.UNKNOWN


def _within(inner: Range, outer: Range) -> bool:
    above = outer.low is None or (inner.low is not None and inner.low >= outer.low)
    below = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return above and below


def _covered(sought: Sequence[Sought], rows: Sequence[tuple[str | Range, ...]]) -> bool:
    """Whether the rows together cover every possible combination, key by key."""
    if not rows or not sought:
        return bool(rows)
    first, *others = sought
    if isinstance(first, Texts):
        return first.each is not None and all(
            _covered(others, [tuple(rest) for key, *rest in rows if key == each]) for each in first.each
        )
    bands = [(_on_steps(key, first.step), rest) for key, *rest in rows if isinstance(key, Range)]
    return all(
        _covered(others, [tuple(rest) for band, rest in bands if _within(stretch, band)])
        for stretch in _stretches(first, [band for band, _ in bands])
    )


def _stretches(sought: Numbers, bands: Sequence[Range]) -> list[Range]:
    """The range that a number lies in, cut wherever one of some bands begins or has ended."""
    whole, step = _on_steps(sought.range, sought.step), sought.step
    if step is None:
        return [whole]
    cuts = {band.low for band in bands} | {None if band.high is None else band.high + step for band in bands}
    inside = sorted(cut for cut in cuts if cut is not None and _cuts(whole, cut))
    starts, ends = [whole.low, *inside], [*(cut - step for cut in inside), whole.high]
    return [Range(low, high) for low, high in zip(starts, ends, strict=True)]


def _cuts(whole: Range, at: Fraction) -> bool:
    return (whole.low is None or whole.low < at) and (whole.high is None or at <= whole.high)


def _on_steps(band: Range, step: Fraction | None) -> Range:
    """The possible numbers of a band: a band to 499.99 holds whole numbers to 499."""
    if step is None:
        return band
    low = None if band.low is None else ceil(band.low / step) * step
    high = None if band.high is None else floor(band.high / step) * step
    return Range(low, high)


def name_of(rate: Rate, terms: Sequence[Term]) -> str:
    """Which rate is looked up, with what is known of the key: `per_diem.meals for Albany`."""
    keys = ", ".join(_shown(term) for term, _ in zip(terms, rate.keys, strict=False))
    return f"{rate.table.name}.{rate.column}" + (f" for {keys}" if keys else "")


def _shown(term: Term) -> str:
    """The known part of a key, as a cell would show it."""
    if isinstance(term, Number):
        return cell(term.range.value) if term.range.known else UNKNOWN.value
    return UNKNOWN.value if isinstance(term, Open) else cell(term)
