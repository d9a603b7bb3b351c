"""Decide every record by every policy for its type."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import count

from custodiet.audit.reconcile import Reconciliation, reconcile
from custodiet.base.errors import Refused
from custodiet.base.money import Money
from custodiet.ledger.view import View
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.policy.language.ast import Doubt, OpenGap, Policy
from custodiet.policy.packs.pack import Pack
from custodiet.records.record import Record

MANY = 2_000
"""From this many records of a type, a query takes less time than deciding them one by one."""

Progress = Callable[[int, int], None]
"""Called with how many records are decided, and of how many."""


def silent(done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Audit:
    """What the policies of one pack answer for the records of one view: computed, not decided.

    Title, pack and view are what it was computed from; together with the program's version they are its pins, from
    which anyone gets the same results again.
    """

    title: str
    """The docket's."""
    currency: str
    pack: Pack
    view: View
    results: tuple[Result, ...]
    """By policy, then by record: the same order every time."""

    def policy(self, name: str) -> Policy:
        """The policy of that name; KeyError if the pack has none."""
        return self._policies[name]

    def type_of(self, record_id: str) -> str:
        """The type of the record with that id; empty for an id without a record."""
        return self._types_by_id.get(record_id, "")

    @cached_property
    def _policies(self) -> Mapping[str, Policy]:
        return {policy.name: policy for policy in self.pack.policies}

    @cached_property
    def _types_by_id(self) -> Mapping[str, str]:
        facts = self.view.facts
        return {record.id: type_name for type_name in facts.types for record in facts.of(type_name)}

    @cached_property
    def reconciliations(self) -> tuple[Reconciliation, ...]:
        """Every difference between published figures and between statements, side by side."""
        return reconcile(self.view.facts)

    def with_outcome(self, outcome: Outcome) -> tuple[Result, ...]:
        """The results with that outcome."""
        return tuple(result for result in self.results if result.outcome is outcome)

    @cached_property
    def doubted(self) -> Mapping[tuple[str, Doubt], int]:
        """By policy and doubt: how many results a doubtful rule decides, or may decide once open facts are known."""
        counts: Counter[tuple[str, Doubt]] = Counter()
        for result in self.results:
            for doubt in self.policy(result.policy).doubts_about((*result.because, *result.unsettled)):
                counts[result.policy, doubt] += 1
        return counts

    @cached_property
    def left_open(self) -> Mapping[tuple[str, str], tuple[OpenGap, ...]]:
        """By policy and record, where no rule answers: the gaps of the pack that explain it, if any."""
        facts, evaluator = self.view.facts, Evaluator(self.pack.policies, self.view.facts)
        evaluator.take_over(self.results)

        def gaps(result: Result) -> tuple[OpenGap, ...]:
            return evaluator.left_open(self.policy(result.policy), facts.find(result.type, result.record))

        return {(each.policy, each.record): gaps(each) for each in self.with_outcome(Outcome.NO_RULE)}

    @cached_property
    def gaps(self) -> Mapping[tuple[str, OpenGap], int]:
        """By policy and gap: how many results without a rule the gap explains."""
        return Counter((policy, gap) for (policy, _), gaps in self.left_open.items() for gap in gaps)

    @property
    def rows_set_aside(self) -> int:
        """How many rows are in no result because they could not be read."""
        return sum(each.rows for each in self.view.set_aside)

    @property
    def by_outcome(self) -> dict[Outcome, int]:
        """The number of results of each outcome; each result counts once."""
        counts = Counter(result.outcome for result in self.results)
        return {outcome: counts[outcome] for outcome in Outcome if counts[outcome]}

    @property
    def undetermined(self) -> tuple[Result, ...]:
        """The results that depend on a missing fact, those with most at stake first."""
        return tuple(sorted(self.with_outcome(Outcome.UNDETERMINED), key=stake))


@dataclass(frozen=True, slots=True)
class Questioned:
    """What one payer would owe in one currency."""

    payer: str
    amount: Money


def audit(title: str, currency: str, pack: Pack, view: View, progress: Progress = silent) -> Audit:
    """Every record of the view, days of trips included, decided by every policy of the pack for its type.

    Raises Refused if the pack has a problem that leaves the meaning of its rules in doubt, or defines a field otherwise
    than the records do; results never cause that.
    """
    refuse_unsound(pack)
    refuse_other_currency(pack, currency)
    view = view.under(pack.types)
    policies = sorted(pack.policies, key=lambda policy: policy.name)
    todo = [(policy, record) for policy in policies for record in view.facts.of(policy.for_each)]
    done = count(1)
    decide = _decider(pack, view, policies, lambda: progress(next(done), len(todo)))
    return Audit(title, currency, pack, view, tuple(decide(policy, record) for policy, record in todo))


def _decider(
    pack: Pack, view: View, policies: Sequence[Policy], tick: Callable[[], None]
) -> Callable[[Policy, Record], Result]:
    """How records are decided: one by one or, if there are many of a type, together with all that are alike."""
    if any(len(view.facts.of(policy.for_each)) >= MANY for policy in policies):
        from custodiet.bulk.decide_facts import Decider

        together = Decider(pack.policies, view.facts, MANY, tick)
        return lambda policy, record: together.decide(policy)[record.id]
    evaluator = Evaluator(pack.policies, view.facts)

    def one_by_one(policy: Policy, record: Record) -> Result:
        result = evaluator.decide(policy, record)
        tick()
        return result

    return one_by_one


def refuse_unsound(pack: Pack) -> None:
    """Raise Refused for a pack whose problems leave its meaning in doubt."""
    problems = tuple(pack.refusable)
    if problems:
        count = f"{len(problems)} problems" if len(problems) > 1 else "a problem"
        named = f"the pack {pack.name}" if pack.name else "the pack"
        message = f"{named} has {count} to mend before it can decide anything; `custodiet check` lists them all"
        raise Refused(message, problems)


def refuse_other_currency(pack: Pack, currency: str) -> None:
    """Raise Refused for a pack with amounts in another currency than the docket's: the program never converts money."""
    other = [policy for policy in pack.policies if policy.currency not in ("", currency)]
    if other:
        message = (
            f"{other[0].name} has amounts in {other[0].currency}, but the docket's are in {currency}; "
            f"use a pack in {currency}"
        )
        raise Refused(message)


def questioned(results: Iterable[Result]) -> tuple[Questioned, ...]:
    """The sums of the results that say *owes*, per payer and currency, and nothing else.

    >>> from custodiet.policy.evaluation.result import Debt
    >>> fare = Result("p/fare", "seat", "S1", Outcome.OWES, (Debt("guest-1", Money(41200, "EUR")),))
    >>> questioned([fare, fare])
    (Questioned(payer='guest-1', amount=Money.read('824.00 EUR')),)
    """
    sums: Counter[tuple[str, str]] = Counter()
    for result in results:
        if result.outcome is Outcome.OWES:
            for debt in result.debts:
                sums[debt.payer, debt.amount.currency] += debt.amount.minor
    return tuple(Questioned(payer, Money(sums[payer, code], code)) for payer, code in sorted(sums))


def stake(result: Result) -> tuple[int, Fraction, str, str]:
    """The sort key of an undetermined result: those without a bound first, then by the greatest possible amount.

    >>> from custodiet.policy.evaluation.result import Bounds
    >>> open_ended = Result("p", "seat", "S1", Outcome.UNDETERMINED, between=Bounds(None, None))
    >>> bounded = Result("p", "seat", "S2", Outcome.UNDETERMINED, between=Bounds(None, Money(100, "EUR")))
    >>> no_amount = Result("p", "seat", "S3", Outcome.UNDETERMINED)
    >>> [result.record for result in sorted([no_amount, bounded, open_ended], key=stake)]
    ['S1', 'S2', 'S3']
    """
    if result.between is None:
        return (2, Fraction(0), result.policy, result.record)
    if result.between.high is None:
        return (0, Fraction(0), result.policy, result.record)
    return (1, -result.between.high.exact, result.policy, result.record)
