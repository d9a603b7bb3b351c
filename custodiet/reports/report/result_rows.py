"""The rows of an edition's results.csv, as the report adds them up: what is in no row is in no figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from custodiet.audit.questions import asked
from custodiet.base.money import Money
from custodiet.policy.evaluation.result import HINDSIGHT, Bounds, Debt, Missing, Outcome
from custodiet.reports.editions.redacted_rows import edited_rows
from custodiet.reports.report.reader import Reader
from custodiet.reports.result_table import Row
from custodiet.reports.wording import described


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row: a result, or in the public edition the sum of all results that are alike."""

    place: int
    """Its place in the file, from 0, the header not counted."""
    name: str
    """The record it is about, or the trip and cost class that it adds up."""
    what: str
    """What that is, in a few words."""
    record: str
    """The record's id; empty where the row is a sum or the id is withheld."""
    type: str
    policy: str
    outcome: str
    said: str
    """The answer: the class where the outcome is one, else the outcome."""
    debts: tuple[Debt, ...]
    rules: tuple[str, ...]
    unsettled: tuple[str, ...]
    bounds: Bounds | None
    otherwise: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]
    """Of a row that is undetermined: holder, and what to ask."""
    trip: str
    character: str
    cost_class: str
    basis: str
    """Empty where the edition does not say it."""
    hindsight: bool
    """Whether the law in force when the act happened did not certainly say the same."""

    @property
    def owes(self) -> bool:
        """Whether it says that somebody owes something."""
        return self.outcome == Outcome.OWES.value

    @property
    def open(self) -> bool:
        """Whether it depends on a missing fact."""
        return self.outcome == Outcome.UNDETERMINED.value

    @property
    def at_stake(self) -> str:
        """What depends on its missing facts."""
        parts = [str(self.bounds)] if self.bounds else []
        return ", or ".join([*parts, " or ".join(self.otherwise)] if self.otherwise else parts) or "no amount"

    @property
    def stake(self) -> tuple[int, Fraction, int]:
        """The sort key of rows: those without a bound first, then by the greatest possible amount."""
        if self.bounds is None:
            return (2, Fraction(0), self.place)
        if self.bounds.high is None:
            return (0, Fraction(0), self.place)
        return (1, -self.bounds.high.exact, self.place)


def rows_of(reader: Reader) -> tuple[tuple[Row, ...], tuple[ResultRow, ...]]:
    """The rows as they are written, and the same as the report reads them."""
    written = tuple(edited_rows(reader.disclosure))
    return written, tuple(_read(reader, place, row) for place, row in enumerate(written))


def _read(reader: Reader, place: int, row: Row) -> ResultRow:
    policy, record, outcome = _text(row, "policy"), _text(row, "record"), _text(row, "outcome")
    policies = {each.name: each.for_each for each in reader.audit.pack.policies}
    type_name = policies.get(policy, "")
    trip, cost_class = _text(row, "trip"), _text(row, "cost_class")
    known = bool(record and type_name) and reader.shows(type_name, record)
    what = described(reader.facts, reader.facts.find(type_name, record)) if known else type_name.replace("_", " ")
    hindsight = row["hindsight"] is True
    return ResultRow(
        place=place,
        name=record or f"{trip}, {cost_class}",
        what="; ".join(filter(None, (what, HINDSIGHT))) if hindsight else what,
        record=record if known else "",
        type=type_name,
        policy=policy,
        outcome=outcome,
        said=f"{_text(row, 'class') or outcome}{' (hindsight)' if hindsight else ''}",
        debts=_debts(row),
        rules=_texts(row, "because"),
        unsettled=_texts(row, "unsettled"),
        bounds=_bounds(row),
        otherwise=_texts(row, "or"),
        questions=_questions(reader, row),
        trip=trip,
        character=_text(row, "character"),
        cost_class=cost_class,
        basis=_text(row, "basis"),
        hindsight=hindsight,
    )


def _debts(row: Row) -> tuple[Debt, ...]:
    currency = _text(row, "currency")
    if "payers" in row:
        columns = (_texts(row, "payers"), _texts(row, "amounts"), _texts(row, "liable"))
        return tuple(
            Debt(payer, Money.read(f"{amount} {currency}"), liable)
            for payer, amount, liable in zip(*columns, strict=True)
        )
    if row["amount"] is None or not _text(row, "payer"):
        return ()
    return (Debt(_text(row, "payer"), Money.read(f"{row['amount']} {currency}"), _text(row, "liable")),)


def _bounds(row: Row) -> Bounds | None:
    if row["outcome"] != Outcome.UNDETERMINED.value or not row["asks_amount"]:
        return None
    ends = (_text(row, "least"), _text(row, "greatest"))
    low, high = (Money.read(f"{end} {row['currency']}") if end else None for end in ends)
    return Bounds(low, high)


def _questions(reader: Reader, row: Row) -> tuple[tuple[str, str], ...]:
    missing = row["missing"]
    found = []
    for each in missing if isinstance(missing, Sequence) else ():
        if isinstance(each, dict):
            fact = Missing(**each)
            type_name, judgments = reader.audit.type_of(fact.record), reader.audit.pack.judgments
            found.append((fact.held_by, asked(fact, type_name, reader.facts, judgments)))
        else:
            question, _, holder = str(each).removesuffix(")").rpartition(" (")
            found.append((holder, question))
    return tuple(found)


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _texts(row: Row, name: str) -> tuple[str, ...]:
    value = row.get(name)
    return tuple(str(each) for each in value) if isinstance(value, list) else ()
