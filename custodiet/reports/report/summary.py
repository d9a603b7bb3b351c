"""The main figures of the report, and what kind of figures these are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from custodiet.audit.run import Audit
from custodiet.base.money import Money
from custodiet.policy.evaluation.result import HINDSIGHT, Bounds, Outcome
from custodiet.reports.report.charts import Chart, amounts
from custodiet.reports.report.figures import Counted, Figure, Figures, Line, sums
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.result_rows import ResultRow
from custodiet.reports.report.totals import by_trip
from custodiet.verify.page.formula import key_figures

OUTCOMES = {
    Outcome.OWES: "a rule says that somebody owes a sum",
    Outcome.NOTHING_DUE: "a rule applies, and nothing is due",
    Outcome.PERMITTED: "a rule permits the use",
    Outcome.FORBIDDEN: "a rule forbids the use",
    Outcome.CLASSIFIED: "a rule says what kind of use it was",
    Outcome.UNDETERMINED: "the answer depends on a missing fact",
    Outcome.NO_RULE: "no rule applied",
    Outcome.CONFLICT: "rules in force give different answers",
}


_TOTALS_ONLY = (
    "Everything on this page is public: each fact with its source and date, and beside each claim the answer of the "
    "person it is about, if one was read. The cost is public only as totals. The published total cannot be derived "
    "again from public rows: no trip, leg, seat, day or voucher behind it is public, and none is invented here. Each "
    "total is entered as a published figure, with what it counts, what it leaves out, how exact it is and where it was "
    "read. Only one of them, the total that an order adopted, is tested against a rule; every other is compared with "
    "it. None is judged, and none is added to another."
)
_SUMS_ONLY = (
    "These figures are sums over the records of the docket. The records themselves are withheld here, under the "
    "codes below; anyone with the internal edition of the same root can add up every sum again from them."
)
_SCOPE_PUBLIC = (
    "Every imported record that a policy of the pack decides, if its trip ended long enough ago for its delay to be "
    "over. Records within the delay are in no sum here."
)
_ANSWERS_PUBLIC = (
    "Every policy that reads no sealed fact, applied to every record of its type that is not within the delay; a row "
    "adds up all identical answers."
)


@dataclass(frozen=True, slots=True)
class Summary:
    """The first page."""

    kind: tuple[str | Counted, ...]
    """What kind of figures these are."""
    questioned: Figure
    decided: Figure
    undetermined: Figure
    at_stake: Figure
    outcomes: tuple[tuple[Figure, str], ...]
    chart: Chart


def summary(reader: Reader, figures: Figures, rows: Sequence[ResultRow]) -> Summary:
    """What is questioned, how much was decided and how much was not."""
    unit = "rows" if reader.public else "results"
    public = reader.public
    answered = [row for row in rows if row.policy]
    everything = [Line(row) for row in answered]
    open_rows = [Line(row) for row in rows if row.open]
    asked = [Line(row) for row in rows if row.bounds is not None]
    by_outcome = Counter(row.outcome for row in answered)
    first, second, third, fourth = key_figures(public=public)
    questioned = figures.total(
        first.name,
        by_trip(rows),
        first.where,
        "To show what the written rules ask for, if the records are right.",
        _SCOPE_PUBLIC if public else "Every imported record that a policy of the pack decides.",
    )
    at_stake = figures.bounds(
        second.name,
        stakes(rows),
        asked,
        second.where,
        "To show the sums between which the answers can lie, once the missing facts are known.",
        "Only undetermined results; they are in no other sum.",
    )
    decided = figures.count(
        third.name,
        everything,
        third.where,
        "To show how much was examined.",
        _ANSWERS_PUBLIC if public else "Every policy of the pack, applied to every record of its type.",
    )
    undetermined = figures.count(
        fourth.name,
        open_rows,
        fourth.where,
        "To show how much cannot be known from these records.",
        "As above.",
    )
    outcomes = tuple(
        (
            figures.count(
                outcome.value,
                [line for line in everything if line.row.outcome == outcome.value],
                (("outcome", "is", outcome.value), *third.where),
                "To show how the answers are distributed; each result counts once.",
                "As above.",
            ),
            meaning,
        )
        for outcome, meaning in OUTCOMES.items()
        if by_outcome[outcome.value]
    )
    named = [(figure.name, figure.value, Fraction(by_outcome[figure.name]), figure.id) for figure, _ in outcomes]
    return Summary(
        (*kind_of_figures(reader.audit, rows, public=public), *_hindsight(rows)),
        questioned,
        decided,
        undetermined,
        at_stake,
        outcomes,
        amounts(f"{unit.capitalize()} by outcome", named),
    )


def _hindsight(rows: Sequence[ResultRow]) -> tuple[str | Counted, ...]:
    """The note beside the figures if a law was applied to acts of another time."""
    marked = sum(row.hindsight for row in rows)
    if not marked:
        return ()
    noun = "row" if marked == 1 else "rows"
    return (
        " ",
        Counted(marked, (("hindsight", "is", "yes"),)),
        f" {noun} of results.csv, each marked so, by {HINDSIGHT}.",
    )


def stakes(rows: Sequence[ResultRow]) -> str:
    """The least and the greatest sum of all undetermined results, per currency; and how many have no bound."""
    bounds = [row.bounds for row in rows if row.bounds is not None]
    if not bounds:
        return "nothing"
    endless = sum(each.high is None for each in bounds)
    lows = {each.currency: each for each in sums(each.low for each in bounds if each.low)}
    highs = {each.currency: each for each in sums(each.high for each in bounds if each.high)}
    words = [
        str(Bounds(lows.get(code, Money(0, code)), highs.get(code, Money(0, code)))) for code in sorted({*lows, *highs})
    ]
    return " and ".join(words or ["any amount"]) + (f", and {endless:,} more without a bound" if endless else "")


def kind_of_figures(audit: Audit, rows: Sequence[ResultRow], *, public: bool) -> tuple[str | Counted, ...]:
    """The sentence on where the figures come from, printed before them."""
    totals_only = [result for result in audit.with_outcome(Outcome.OWES) if result.type == "published_figure"]
    if totals_only:
        return (_TOTALS_ONLY,)
    if public:
        return (_SUMS_ONLY,)
    known = Counter(row.basis for row in rows).most_common()
    by_basis = [
        (", " if place else "", Counted(count, (("basis", "is", basis),)), f" {basis or 'not known how'}")
        for place, (basis, count) in enumerate(known)
    ]
    return (
        "These figures are added up from ",
        Counted(len(rows), ()),
        " results, each about a single record. By how that record is known: ",
        *(part for parts in by_basis for part in parts),
        ". Each figure can be added up again from its rows, and each row leads to its record.",
    )
