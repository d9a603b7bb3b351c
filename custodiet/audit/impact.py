"""What another law changes for a docket's records: which answers, from what to what, and whose debts by how much."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from custodiet.audit.run import Audit, questioned
from custodiet.base.money import Money
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.policy.packs.diff import questions

NOT_ASKED = "not asked"
"""Printed in place of an answer if a law does not ask the question."""


@dataclass(frozen=True, slots=True)
class Turned:
    """One record whose answer to one question differs under the new law."""

    question: str
    """The policy that asks it now, or that asked it last."""
    record: str
    before: Result | None
    """None if the old law does not ask the question."""
    after: Result | None
    """None if the new law does not ask it."""

    @property
    def turn(self) -> tuple[str, str]:
        """From what to what, as `said` says it."""
        return said(self.before), said(self.after)


@dataclass(frozen=True, slots=True)
class Moved:
    """What one payer would owe under either law."""

    payer: str
    before: Money
    after: Money

    @property
    def by(self) -> Money:
        """By how much more; below zero if it is less."""
        return Money(self.after.minor - self.before.minor, self.after.currency)


@dataclass(frozen=True)
class Changed:
    """One docket under two laws: computed, not decided."""

    before: Audit
    after: Audit

    @cached_property
    def turned(self) -> tuple[Turned, ...]:
        """Every record whose answer differs, by question and then by id."""
        old, new = _by_policy(self.before), _by_policy(self.after)
        return tuple(
            Turned(question.policy.name, record, was.get(record), now.get(record))
            for question in questions(self.before.pack, self.after.pack)
            for was in (old[question.old.name] if question.old else {},)
            for now in (new[question.new.name] if question.new else {},)
            for record in sorted({*was, *now})
            if _differ(was.get(record), now.get(record))
        )

    @property
    def by_turn(self) -> Mapping[tuple[str, str, str], tuple[Turned, ...]]:
        """The same by question, and from what to what."""
        groups: dict[tuple[str, str, str], list[Turned]] = defaultdict(list)
        for turned in self.turned:
            groups[turned.question, *turned.turn].append(turned)
        return {group: tuple(members) for group, members in groups.items()}

    @property
    def asked(self) -> int:
        """How many answers there are under the new law."""
        return len(self.after.results)

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Every payer who would owe more or less, by name; undetermined amounts are in no sum."""
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for place, audit in enumerate((self.before, self.after)):
            for each in questioned(audit.results):
                sums[each.payer, each.amount.currency][place] = each.amount.minor
        found = (Moved(payer, Money(was, code), Money(now, code)) for (payer, code), (was, now) in sorted(sums.items()))
        return tuple(each for each in found if each.by.minor)

    def hindsight(self) -> Iterator[Result]:
        """The results under the new law that the law of the act's own day did not certainly give."""
        return (result for result in self.after.results if result.hindsight)


def said(result: Result | None) -> str:
    """An answer in a word or two: the class where the outcome is one.

    >>> said(Result("p", "trip", "T1", Outcome.CLASSIFIED, classified="campaign")), said(None)
    ("'campaign'", 'not asked')
    """
    if result is None:
        return NOT_ASKED
    classified = result.outcome is Outcome.CLASSIFIED and result.classified is not None
    return f"'{result.classified}'" if classified else result.outcome.value


def _by_policy(audit: Audit) -> Mapping[str, Mapping[str, Result]]:
    found: dict[str, dict[str, Result]] = defaultdict(dict)
    for result in audit.results:
        found[result.policy][result.record] = result
    return found


def _differ(before: Result | None, after: Result | None) -> bool:
    if before is None or after is None:
        return before is not after
    return answer_of(before) != answer_of(after)


def answer_of(result: Result) -> object:
    """The answer of a result without the names of its rules, so that two answers can be compared."""
    debts = frozenset((debt.payer, debt.amount, debt.liable) for debt in result.debts)
    otherwise = frozenset(result.otherwise)
    return (result.outcome, debts, result.permission, result.classified, result.between, otherwise)
