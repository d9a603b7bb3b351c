"""The decision on all records with one signature, made once, by the code that decides a single record.

In an explanation every record is named by its way from the one asked about, and an amount is given as the shares that
make it up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from custodiet.bulk.explain.record_paths import Given, Relative, way_of
from custodiet.bulk.grouping.open_members import OpenMembers
from custodiet.bulk.sql.amounts import Form, forms
from custodiet.policy.analysis.plan import Fact, Named
from custodiet.policy.evaluation.answers import Answer
from custodiet.policy.evaluation.evaluate import Evaluator, WithAlternatives
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language.ast import Policy, Version
from custodiet.records import Field
from custodiet.records.facts import Facts
from custodiet.records.record import Record


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why records with one signature are decided as they are."""

    number: int
    result: Result
    """The answer for one of them, its records called by their ways."""
    debts: tuple[tuple[Form, ...], ...]
    """For each debt: the shares that make it up."""
    totals: tuple[tuple[int, ...], ...]
    """For each possible answer with an amount: the versions that give it, by number."""
    payers: Mapping[str, Fact | Named]
    """By the way that names a payer or liable person in the result: the fact through which the policy names them."""
    cases: tuple[tuple[int, ...], ...]
    """The versions whose amounts were read, in order: those that stand in any case."""


class Explainer:
    """Decides one record for all records with its signature."""

    def __init__(
        self, evaluator: Evaluator, policy: Policy, facts: Facts, value: Given, ways: Iterable[Sequence[Field]]
    ) -> None:
        """Decide among these facts.

        `value` is what other policies give, `ways` the references by which the policy reaches other records.
        """
        self._evaluator, self._policy, self._facts = evaluator, policy, facts
        self._value, self._ways = value, tuple(ways)
        plan = evaluator.plan(policy)
        self._given = [field for field in plan.names.given if field in plan.read]
        self._form = {
            id(planned.share): form
            for version, each in zip(plan.versions, forms(plan), strict=True)
            for planned, form in zip(version.shares, each, strict=True)
        }
        self._planned = {id(version.version): version for version in plan.versions}

    def explain(self, number: int, record: Record, members: OpenMembers) -> Explanation:
        """The decision on a record, and so on all records with its signature."""
        seen = Relative(self._facts, record, self._given, self._value, self._ways, members)
        evaluator = self._evaluator.among(seen)
        weighed = evaluator.weigh(self._policy, seen.asked)
        reading = evaluator.reading(self._policy)
        return self._explanation(number, weighed, lambda payer: reading.person(payer, seen.asked))

    def _explanation(
        self, number: int, weighed: WithAlternatives, person: Callable[[Fact | Named], str | None]
    ) -> Explanation:
        said = [answer for answer in weighed.possible.each if answer.kind is None]
        owed = said[0].owed if weighed.result.debts else ()
        payers: dict[str, Fact | Named] = {}
        for each in self._named(said) if weighed.result.debts else ():
            payers.setdefault(way_of(person(each) or "") or "", each)
        return Explanation(
            number,
            weighed.result,
            tuple(tuple(self._form[id(share)] for share in each.shares) for each in owed),
            tuple(
                self._numbers(version for version in answer.standing[0] if version.owes is not None)
                for answer in said
                if answer.total is not None
            ),
            payers,
            tuple(self._numbers(each) for answer in said for each in answer.standing),
        )

    def _named(self, said: Iterable[Answer]) -> Iterator[Fact | Named]:
        """Whom the rules name by a path that give some answers."""
        for version in (version for answer in said for version in chain(*answer.standing)):
            for share in self._planned[id(version)].shares:
                for payer in (share.payer, share.liable):
                    if payer is not None and payer.person is not None:
                        yield payer.person

    def _numbers(self, versions: Iterable[Version]) -> tuple[int, ...]:
        return tuple(self._planned[id(version)].number for version in versions)
