"""What is questioned, grouped in each way; and what each policy answered."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from custodiet.audit.totals import SIDES, leaves_out
from custodiet.base.money import Money
from custodiet.reports.editions.redacted_rows import ALL_PAYERS, ALL_TRIPS
from custodiet.reports.report.charts import Chart, amounts
from custodiet.reports.report.figures import Figure, Figures, Line, in_words, owed, sums
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.result_rows import ResultRow
from custodiet.verify.page.formula import WITHOUT_WITHHELD, Where

OWED = ("outcome", "is", "owes")
"""The rows that say somebody owes a sum."""
_REMARKS = {side.by: side.remark for side in SIDES}

_BY: dict[str, tuple[str, Callable[[Line], str]]] = {
    "payer": ("payers", lambda line: line.debt.payer if line.debt else ""),
    "cost class": ("cost_class", lambda line: line.row.cost_class),
    "character": ("character", lambda line: line.row.character),
    "basis": ("basis", lambda line: line.row.basis),
}
"""Each side: its column in results.csv, and what a line is by it. By trip is a section of its own."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything that is questioned, by one side."""

    by: str
    figures: tuple[Figure, ...]
    all: str
    """Their sum, which is the same by each side: what is questioned in all."""
    but: str
    """What is said behind it."""
    chart: Chart
    remark: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What one policy answered, from the most frequent answer to the rarest."""

    policy: str
    question: str
    figures: tuple[Figure, ...]


def totals(reader: Reader, figures: Figures, rows: Sequence[ResultRow]) -> tuple[Totals, ...]:
    """The questioned amounts by payer, cost class, character and basis; each side adds up to the same sum."""
    found = []
    for by, (column, side) in _BY.items():
        if by == "basis" and reader.public:
            continue
        lines = by_payer(rows) if by == "payer" else by_trip(rows)
        grouped = groups(lines, side)
        shown = tuple(
            figures.total(
                name,
                members,
                _where(reader, by, column, name, sum_of(members).currency),
                f"To add up what is questioned by {by}.",
                "Every row that says somebody owes a sum"
                + ("; of a split debt, only this payer's part" if by == "payer" else "")
                + f"{_but_withheld(reader)}.",
            )
            for name, members in grouped
        )
        bars = [
            (name, figure.value, sum_of(members).exact, figure.id)
            for (name, members), figure in zip(grouped, shown, strict=True)
            if sum_of(members).currency == reader.audit.currency
        ]
        total = in_words(sums(line.amount for line in lines if line.amount))
        chart = amounts(f"Questioned by {by}", bars)
        found.append(Totals(by, shown, total, _but_withheld(reader), chart, _REMARKS[by]))
    return tuple(found)


def _where(reader: Reader, by: str, column: str, name: str, currency: str) -> Where:
    """Which rows a total by one side adds up; the public's rows hold each amount by trip and again by payer."""
    of_currency = (OWED, ("currency", "is", currency))
    if by == "payer":
        return (*of_currency, ("payer", "is", name) if reader.public else (column, "has", name))
    once = (("trip", "is not", ALL_TRIPS),) if reader.public else ()
    return (*of_currency, *once, (column, "is", name))


def by_trip(rows: Sequence[ResultRow]) -> tuple[Line, ...]:
    """Every amount that is owed, once; the public's rows hold it by trip and again by payer."""
    return tuple(line for line in owed(rows) if line.row.trip != ALL_TRIPS)


def by_payer(rows: Sequence[ResultRow]) -> tuple[Line, ...]:
    """Every amount that is owed, once, with who owes it."""
    return tuple(line for line in owed(rows) if line.debt is None or line.debt.payer != ALL_PAYERS)


def _but_withheld(reader: Reader) -> str:
    return f", {WITHOUT_WITHHELD}" if reader.public else ""


def not_counted(reader: Reader) -> str:
    """What no total counts, for those who may know how many results there are."""
    return "" if reader.public else leaves_out(reader.audit, named=reader.everything)


def answers(reader: Reader, figures: Figures, rows: Sequence[ResultRow]) -> tuple[Answers, ...]:
    """What each policy answered."""
    by_policy: dict[str, list[ResultRow]] = defaultdict(list)
    for row in rows:
        if row.policy:
            by_policy[row.policy].append(row)
    questions = {policy.name: policy.question for policy in reader.audit.pack.policies}
    found = []
    for policy, mine in sorted(by_policy.items()):
        said: dict[str, list[ResultRow]] = defaultdict(list)
        for row in mine:
            said[row.said].append(row)
        counted = tuple(
            figures.count(
                name,
                [Line(row) for row in members],
                (("policy", "is", policy), ("answer", "is", name)),
                "To show what the policy answered.",
                f"Every record that {policy} asks about.",
            )
            for name, members in sorted(said.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        )
        found.append(Answers(policy, questions[policy], counted))
    return tuple(found)


def groups(lines: Sequence[Line], side: Callable[[Line], str]) -> list[tuple[str, list[Line]]]:
    """Lines by one side, those with most money first; one group never mixes currencies."""
    found: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.amount is not None:
            found[line.amount.currency, side(line)].append(line)
    ordered = sorted(found.items(), key=lambda pair: (pair[0][0], -sum_of(pair[1]).minor, pair[0][1]))
    return [(name, members) for (_, name), members in ordered]


def sum_of(lines: Sequence[Line]) -> Money:
    """The sum of some lines of one currency."""
    added = sums(line.amount for line in lines if line.amount is not None)
    return added[0]
