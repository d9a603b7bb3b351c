"""What is undetermined: what depends on it, what to ask, and whom."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from custodiet.audit.questions import Request, requests
from custodiet.reports.report.charts import Chart, Span, chart
from custodiet.reports.report.figures import Figure, Figures, Line
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.result_rows import ResultRow
from custodiet.verify.page.formula import HANGING, HANGS_ON

LONGEST = 100
"""How many undetermined rows the page shows, those with most at stake first; results.csv holds all."""
_RECORDS = 200
"""How many records one request names on the page."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What to ask one holder, in one letter."""

    held_by: str
    asks: str
    records: tuple[str, ...]
    more: int
    rows: Figure
    """How many undetermined rows depend on it."""


@dataclass(frozen=True, slots=True)
class Undetermined:
    """Everything that a missing fact leaves open."""

    rows: tuple[ResultRow, ...]
    more: int
    letters: tuple[Letter, ...]
    chart: Chart


def undetermined(reader: Reader, figures: Figures, rows: Sequence[ResultRow]) -> Undetermined:
    """The undetermined rows, those with most at stake first."""
    open_rows = sorted((row for row in rows if row.open), key=lambda row: row.stake)
    shown = tuple(open_rows[:LONGEST])
    spans = [_span(row) for row in shown if row.bounds is not None and (row.bounds.low or row.bounds.high)]
    return Undetermined(
        shown,
        len(open_rows) - len(shown),
        _letters(reader, figures, open_rows),
        chart("Between which sums the answer lies", spans),
    )


def _span(row: ResultRow) -> Span:
    low, high = (None, None) if row.bounds is None else (row.bounds.low, row.bounds.high)
    ends = low.exact if low else Fraction(0), high.exact if high else None
    return Span(row.name, row.at_stake, *ends, f"row-{row.place} stake")


def _requests(reader: Reader) -> tuple[Request, ...]:
    audit = reader.audit
    return requests(audit.undetermined, audit.type_of, audit.view.facts, audit.pack.judgments)


def _letters(reader: Reader, figures: Figures, rows: Sequence[ResultRow]) -> tuple[Letter, ...]:
    if reader.everything:
        by_result = {(row.policy, row.name): row for row in rows}
        return tuple(
            Letter(
                each.held_by,
                each.asks,
                each.records[:_RECORDS],
                max(0, len(each.records) - _RECORDS),
                _hanging(figures, each.asks, [by_result[result] for result in each.hanging]),
            )
            for each in _requests(reader)
        )
    hanging: dict[tuple[str, str], list[ResultRow]] = defaultdict(list)
    for row in rows:
        for question in row.questions:
            hanging[question].append(row)
    ordered = sorted(hanging.items(), key=lambda pair: (-len(pair[1]), *pair[0]))
    return tuple(
        Letter(holder, question, (), 0, _hanging(figures, question, members)) for (holder, question), members in ordered
    )


def _hanging(figures: Figures, asks: str, rows: Sequence[ResultRow]) -> Figure:
    return figures.named(
        f"{HANGS_ON}{asks}",
        [Line(row) for row in sorted(rows, key=lambda row: row.place)],
        HANGING,
        "To ask first for the fact that most results depend on.",
        "Every undetermined row that depends on it, alone or with other facts.",
    )
