"""What the report says, section by section, before any form is given to it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from custodiet.audit.context import Contexts
from custodiet.audit.explain import RuleText, rule_texts
from custodiet.audit.questions import Request, asked, requests
from custodiet.audit.run import Audit, Questioned, questioned
from custodiet.audit.totals import Total, Totals, plural, totals, unvouched
from custodiet.audit.version import program_version
from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Money
from custodiet.policy.ast import Policy
from custodiet.policy.result import Missing, Outcome, Result
from custodiet.reports.words import amounts, at_stake, debt_in_words, described, happened

LONGEST = 50
"""How many rows of one total, and how many totals of one side, the page shows; results.csv holds all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as a row under a total or an answer."""

    record: str
    what: str
    """What the record is, in a few words."""
    policy: str
    amount: str
    rules: tuple[tuple[str, str], ...]
    """The deciding rules: number, and the key of the rule's text on the page."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A line that opens to its rows."""

    name: str
    note: str
    """What the name stands for, where it says little by itself."""
    amount: Money | None
    results: int
    rows: tuple[Shown, ...]
    more: int
    """How many rows have no room on the page."""


@dataclass(frozen=True, slots=True)
class Side:
    """The questioned amounts by one side."""

    by: str
    totals: tuple[Opened, ...]
    more: int
    sums: tuple[Money, ...]
    """What all its totals come to, per currency."""
    leaves_out: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What one policy answered, from the most frequent answer to the rarest."""

    policy: Policy
    records: str
    answers: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """An undetermined result: what hangs on it and what to ask."""

    record: str
    policy: str
    at_stake: str
    questions: tuple[tuple[str, str], ...]
    """Holder, and what to ask."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A rule that decided, or on which an answer turns, in all its versions."""

    key: str
    title: str
    texts: tuple[RuleText, ...]
    results: int
    """How many results it decided."""


@dataclass(frozen=True, slots=True)
class Basis:
    """How many records that the policies decide are known in one way."""

    name: str
    records: int
    undetermined: int
    """How many of them have an undetermined result."""


class Report:
    """The report on one audit."""

    def __init__(self, audit: Audit) -> None:
        """Take the audit; each section is made when it is asked for."""
        self.audit = audit
        self.program = program_version()

    @cached_property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """Each outcome and how many results have it."""
        return tuple((outcome.value, count) for outcome, count in self.audit.by_outcome.items())

    @cached_property
    def questioned(self) -> tuple[Questioned, ...]:
        """What each payer would owe."""
        return questioned(self.audit.results)

    @cached_property
    def sums(self) -> tuple[Money, ...]:
        """All that is questioned, per currency."""
        return _sums(each.amount for each in self.questioned)

    @cached_property
    def answers(self) -> tuple[Answers, ...]:
        """What each policy answered."""
        by_policy: dict[str, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
        for result in self.audit.results:
            by_policy[result.policy][_answer(result)].append(result)
        return tuple(
            Answers(
                self.audit.policy(name),
                plural(self.audit.policy(name).for_each),
                tuple(
                    self._opened(answer, results)
                    for answer, results in sorted(answers.items(), key=lambda pair: (-len(pair[1]), pair[0]))
                ),
            )
            for name, answers in by_policy.items()
        )

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """The questioned amounts by payer, trip, cost class, character and basis."""
        return tuple(self._side(each) for each in totals(self.audit))

    @cached_property
    def bases(self) -> tuple[Basis, ...]:
        """How the records that the policies decide are known."""
        contexts = Contexts(self.audit)
        known: dict[tuple[str, str], tuple[str, bool]] = {}
        for result in self.audit.results:
            key = (result.type, result.record)
            name, open_ = known.get(key) or (contexts.of(result).basis, False)
            known[key] = (name, open_ or result.outcome is Outcome.UNDETERMINED)
        records = Counter(name for name, _ in known.values())
        undetermined = Counter(name for name, open_ in known.values() if open_)
        return tuple(Basis(name, count, undetermined[name]) for name, count in records.most_common())

    @cached_property
    def undetermined(self) -> tuple[Open, ...]:
        """The undetermined results with most at stake."""
        return tuple(
            Open(result.record, result.policy, at_stake(result), tuple(self._question(fact) for fact in result.missing))
            for result in self.audit.undetermined[: 2 * LONGEST]
        )

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """What to ask each holder for."""
        return requests(self.audit.undetermined, self.audit.type_of, self.audit.view.facts.types)

    @cached_property
    def decided(self) -> tuple[Decided, ...]:
        """The rules that decided something, with their text, in the order of the pack."""
        counts = Counter((result.policy, rule) for result in self.audit.results for rule in result.because)
        unsettled = {(result.policy, rule) for result in self.audit.results for rule in result.unsettled}
        return tuple(
            Decided(
                _key(policy.name, rule.number),
                f"{policy.name} {rule.number} — {rule.title}",
                rule_texts(policy, (rule.number,), None),
                counts[policy.name, rule.number],
            )
            for policy in sorted(self.audit.pack.policies, key=lambda policy: policy.name)
            for rule in policy.rules
            if (policy.name, rule.number) in counts or (policy.name, rule.number) in unsettled
        )

    @cached_property
    def registers(self) -> tuple[str, ...]:
        """What is known of the completeness of each register that counts, in sentences."""
        vouched = [
            f"The register of {plural(each.type)} is vouched complete {_for(each.during)} by {each.by}."
            for each in sorted(self.audit.view.facts.vouched, key=lambda each: each.type)
        ]
        return (
            *vouched,
            *(f"Nobody vouches that the register of {plural(kind)} is complete." for kind in unvouched(self.audit)),
        )

    def _side(self, side: Totals) -> Side:
        shown = side.totals[:LONGEST]
        return Side(
            side.by,
            tuple(self._total(side.by, total) for total in shown),
            len(side.totals) - len(shown),
            _sums(total.amount for total in side.totals),
            side.leaves_out,
        )

    def _total(self, by: str, total: Total) -> Opened:
        rows = tuple(self._shown(line.result, debt_in_words(line.debt)) for line in total.lines[:LONGEST])
        note = self._trip(total.name) if by == "trip" else ""
        return Opened(total.name, note, total.amount, total.results, rows, len(total.lines) - len(rows))

    def _opened(self, name: str, results: Sequence[Result]) -> Opened:
        most = sorted(results, key=lambda result: (-sum(debt.amount.minor for debt in result.debts), result.record))
        rows = tuple(self._shown(result, amounts(result) or at_stake(result)) for result in most[:LONGEST])
        return Opened(name, "", None, len(results), rows, len(results) - len(rows))

    def _trip(self, trip: str) -> str:
        """Where and when a trip went."""
        facts = self.audit.view.facts
        record = facts.find("trip", trip)
        destination = record.value("destination")
        return ", ".join([*([destination] if isinstance(destination, str) else []), *happened(facts, record)])

    def _shown(self, result: Result, amount: str) -> Shown:
        facts = self.audit.view.facts
        numbers = result.because or result.unsettled
        rules = tuple((number, _key(result.policy, number)) for number in numbers)
        what = described(facts, facts.find(result.type, result.record))
        return Shown(result.record, what, result.policy, amount, rules)

    def _question(self, fact: Missing) -> tuple[str, str]:
        return fact.held_by, asked(fact, self.audit.type_of(fact.record), self.audit.view.facts.types)


def _answer(result: Result) -> str:
    return result.classified if result.outcome is Outcome.CLASSIFIED and result.classified else result.outcome.value


def _key(policy: str, number: str) -> str:
    """Where a rule's text stands on the page.

    >>> _key("model-code/seat-fare", "4.2")
    'rule-model-code-seat-fare-4.2'
    """
    return f"rule-{policy.replace('/', '-')}-{number}"


def _for(period: Days) -> str:
    """How long a register is vouched for.

    >>> _for(Days.read("2024-01/2024-04")), _for(ANY_DAY)
    ('for 2024-01-01 to 2024-04-30', 'for all time')
    """
    return "for all time" if period == ANY_DAY else f"for {str(period).replace('/', ' to ')}"


def _sums(parts: Iterable[Money]) -> tuple[Money, ...]:
    """Some amounts added up, one sum per currency.

    >>> _sums([Money(100, "EUR"), Money(5, "USD"), Money(50, "EUR")])
    (Money.read('1.50 EUR'), Money.read('0.05 USD'))
    """
    sums: Counter[str] = Counter()
    for part in parts:
        sums[part.currency] += part.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))
