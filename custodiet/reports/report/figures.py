"""The figures of a report: each with a number, its derivation, and its working paper."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from custodiet.base.money import Money
from custodiet.policy.evaluation.result import Debt
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.result_rows import ResultRow
from custodiet.reports.wording import debt_in_words
from custodiet.verify.page.formula import Where, formula

LONGEST = 50
"""The most rows of one figure that the page shows; results.csv holds all of them, under the figure's number."""


@dataclass(frozen=True, slots=True)
class Line:
    """One debt of one row, or a row without one."""

    row: ResultRow
    debt: Debt | None = None

    @property
    def amount(self) -> Money | None:
        """What is owed."""
        return None if self.debt is None else self.debt.amount


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of rows of results.csv that meet some conditions, as printed in a sentence."""

    rows: int
    where: Where


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many rows of a figure one rule decided."""

    name: str
    key: str
    """The anchor of the rule's text on the page."""
    rows: int
    where: Where
    """Which rows of the figure these are."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row under a figure: a row of results.csv, or a record that the figure was read from."""

    name: str
    what: str
    amount: str
    policy: str
    rules: tuple[tuple[str, str], ...]
    """The rules that decided it: number, and anchor of the text."""
    place: int | None = None
    """The place of the row in results.csv, from 0; None for a record."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The working paper of a figure."""

    purpose: str
    source: str
    scope: str
    result: str
    prepared_by: str
    reviewed_by: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the report."""

    id: str
    """Its number, as on the page and in the column `figures` of results.csv."""
    name: str
    value: str
    formula: str
    rules: tuple[RuleCount, ...]
    rows: tuple[Evidence, ...]
    """Those with most money first."""
    total_rows: int
    in_results: bool
    """Whether its rows are rows of results.csv; otherwise they are records of the case."""
    paper: Paper
    adds: str = ""
    """What it adds up over its rows (`custodiet.verify.page.formula`); empty for one read from records."""
    where: Where | None = None
    """The conditions that its rows and no others meet; None if only its number says which they are."""

    @property
    def more(self) -> int:
        """How many of its rows the page does not show."""
        return self.total_rows - len(self.rows)


class Figures:
    """The figures of one report, numbered in the order in which they are made."""

    def __init__(self, reader: Reader) -> None:
        """Start with none."""
        self._reader = reader
        self._made: list[Figure] = []
        self._members: dict[int, list[str]] = defaultdict(list)
        self._titles = {
            (policy.name, rule.number): rule.title for policy in reader.audit.pack.policies for rule in policy.rules
        }

    @property
    def all(self) -> tuple[Figure, ...]:
        """Every figure, by its number."""
        return tuple(self._made)

    @property
    def members(self) -> Mapping[int, Sequence[str]]:
        """The numbers of the figures that each row of results.csv is in, by the row's place."""
        return self._members

    def total(self, name: str, lines: Sequence[Line], where: Where, purpose: str, scope: str) -> Figure:
        """A sum of money over the rows that meet some conditions."""
        value = in_words(sums(line.amount for line in lines if line.amount is not None))
        return self._of_lines(name, value, "amounts", where, lines, purpose, scope)

    def count(self, name: str, lines: Sequence[Line], where: Where, purpose: str, scope: str) -> Figure:
        """The number of rows that meet some conditions."""
        return self._of_lines(name, f"{_distinct(lines):,}", "rows", where, lines, purpose, scope)

    def named(self, name: str, lines: Sequence[Line], formula: str, purpose: str, scope: str) -> Figure:
        """The number of rows that no condition selects: only their column `figures` names them."""
        return self._of_lines(name, f"{_distinct(lines):,}", "rows", None, lines, purpose, scope, formula)

    def bounds(self, name: str, value: str, lines: Sequence[Line], where: Where, purpose: str, scope: str) -> Figure:
        """The least and the greatest possible sum of some undetermined rows."""
        return self._of_lines(name, value, "bounds", where, lines, purpose, scope)

    def read(
        self, name: str, value: str, formula: str, evidence: Sequence[Evidence], source: str, purpose: str, scope: str
    ) -> Figure:
        """A figure read from records of the case, and not from results."""
        return self._keep(
            name, value, formula, (), tuple(evidence), len(evidence), source, purpose, scope, within=False
        )

    def _of_lines(
        self,
        name: str,
        value: str,
        adds: str,
        where: Where | None,
        lines: Sequence[Line],
        purpose: str,
        scope: str,
        in_words: str = "",
    ) -> Figure:
        most = sorted(lines, key=lambda line: (-(line.amount.minor if line.amount else 0), line.row.place))
        figure = self._keep(
            name,
            value,
            in_words or formula(adds, where or ()),
            self._counts(lines),
            tuple(_evidence(line) for line in most[:LONGEST]),
            len(lines),
            f"results.csv, the rows with {self._next} in the column `figures`; each leads to its record.",
            purpose,
            scope,
            within=True,
            adds=adds,
            where=where,
        )
        for place in sorted({line.row.place for line in lines}):
            self._members[place].append(figure.id)
        return figure

    def _keep(
        self,
        name: str,
        value: str,
        formula: str,
        rules: tuple[RuleCount, ...],
        rows: tuple[Evidence, ...],
        total_rows: int,
        source: str,
        purpose: str,
        scope: str,
        *,
        within: bool,
        adds: str = "",
        where: Where | None = None,
    ) -> Figure:
        paper = Paper(purpose, source, scope, value, self._reader.prepared_by, "not recorded")
        figure = Figure(self._next, name, value, formula, rules, rows, total_rows, within, paper, adds, where)
        self._made.append(figure)
        return figure

    @property
    def _next(self) -> str:
        return f"fig-{len(self._made) + 1}"

    def _counts(self, lines: Iterable[Line]) -> tuple[RuleCount, ...]:
        seen = {(line.row.place, line.row.policy, number) for line in lines for number in line.row.rules}
        counts = Counter((policy, number) for _, policy, number in seen)
        return tuple(
            RuleCount(
                f"{policy} {number} — {self._titles.get((policy, number), '')}",
                rule_key(policy, number),
                rows,
                decided_by(policy, number),
            )
            for (policy, number), rows in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        )


def owed(rows: Iterable[ResultRow]) -> tuple[Line, ...]:
    """Every amount that a row says is owed, one line each."""
    return tuple(Line(row, debt) for row in rows if row.owes for debt in row.debts)


def sums(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """Some amounts added up, one sum per currency.

    >>> sums([Money(100, "EUR"), Money(5, "USD"), Money(50, "EUR")])
    (Money.read('1.50 EUR'), Money.read('0.05 USD'))
    """
    added: Counter[str] = Counter()
    for amount in amounts:
        added[amount.currency] += amount.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(added.items()))


def in_words(amounts: Iterable[Money]) -> str:
    """Sums in words, one per currency.

    >>> in_words([Money(100, "EUR")]), in_words([])
    ('1.00 EUR', 'nothing')
    """
    return " and ".join(str(amount) for amount in amounts) or "nothing"


def rule_key(policy: str, number: str) -> str:
    """The anchor of a rule's text on the page.

    >>> rule_key("model-code/seat-fare", "4.2")
    'rule-model-code-seat-fare-4.2'
    """
    return f"rule-{policy.replace('/', '-')}-{number}"


def decided_by(policy: str, number: str) -> Where:
    """Which rows one rule decided."""
    return (("policy", "is", policy), ("because", "has", number))


def _distinct(lines: Iterable[Line]) -> int:
    return len({line.row.place for line in lines})


def _evidence(line: Line) -> Evidence:
    row = line.row
    numbers = row.rules or row.unsettled
    if line.debt is not None:
        said = debt_in_words(line.debt)
    elif row.owes:
        said = "; ".join(map(debt_in_words, row.debts))
    else:
        said = row.at_stake if row.open else row.said
    rules = tuple((each, rule_key(row.policy, each)) for each in numbers)
    return Evidence(row.name, row.what, said, row.policy, rules, row.place)
