"""An explanation told of one record: its ways become the record's own ids, its shares the record's own amounts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.base.truth import Truth
from custodiet.bulk.explain.explanation import Explanation
from custodiet.bulk.explain.lineage import Read, Walk, asked_by
from custodiet.bulk.explain.record_paths import renamed, way_of
from custodiet.bulk.grouping.open_members import OpenMembers
from custodiet.bulk.sql.amounts import Form, forms
from custodiet.policy.analysis.plan import Plan
from custodiet.policy.analysis.resolve import ISSUER, Vocabulary
from custodiet.policy.evaluation.derivation import working
from custodiet.policy.evaluation.expressions import Reading
from custodiet.policy.evaluation.result import Bounds, Debt, FactRead, Missing, Result
from custodiet.policy.language.ast import Expression, Path, Policy
from custodiet.records import Kind
from custodiet.records.facts import Facts, Record

Bound = tuple[int | None, int | None]
"""The least and the greatest of an amount, in minor units; None for no bound."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one record's amounts come to."""

    shares: Mapping[Form, Bound]
    totals: Mapping[int, Bound]
    """By version."""


class Teller:
    """Tells one policy's explanations of single records."""

    def __init__(
        self, policy: Policy, facts: Facts, names: Vocabulary, answer: Callable[[Policy, Record], Result]
    ) -> None:
        """Tell of these facts; `answer` is what the policies answer that give a field."""
        self._policy, self._facts, self._names, self._answer = policy, facts, names, answer
        self._plan = Plan(policy, names)
        self._walk = Walk(facts, self._plan, answer)
        self._by_date: dict[Days, tuple[Expression, ...]] = {}
        self._forms = [forms(version) for version in policy.versions]
        self._shares = {
            form: share
            for version, each in zip(policy.versions, self._forms, strict=True)
            for share, form in zip(version.owes or (), each, strict=True)
        }

    def result(self, explanation: Explanation, record: Record, amounts: Amounts, members: OpenMembers) -> Result:
        """The result of one record."""
        told = explanation.result
        around = _Around(self._facts, record, members)
        missing = {each for fact in told.missing for each in self._missing(fact, around)}
        return replace(
            told,
            record=record.id,
            debts=tuple(
                self._debt(debt, some, record, amounts, explanation.payers)
                for debt, some in zip(told.debts, explanation.debts, strict=True)
            ),
            between=self._between(explanation, amounts),
            missing=tuple(sorted(missing)),
            read=self._read(explanation, record, amounts),
        )

    def _debt(
        self, debt: Debt, some: tuple[Form, ...], record: Record, amounts: Amounts, payers: Mapping[str, Path]
    ) -> Debt:
        due = sum(amounts.shares[form][0] or 0 for form in some)
        share = self._shares[some[0]]
        worked = working(self._plan.term(share.amount, self._plan.asked), (record,), self._reading())
        reading = self._reading()

        def person(way: str) -> str:
            return reading.person(self._plan.path(payers[way], self._plan.asked), record) or ""

        return Debt(
            renamed(debt.payer, person),
            Money(due, self._policy.currency),
            renamed(debt.liable, person),
            f"rest of {worked}" if share.rest else worked,
        )

    def _between(self, explanation: Explanation, amounts: Amounts) -> Bounds | None:
        if explanation.result.between is None:
            return None
        ranges = [_met([amounts.totals[version] for version in each]) for each in explanation.totals]
        lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
        low = None if None in lows else min(each for each in lows if each is not None)
        high = None if None in highs else max(each for each in highs if each is not None)
        return Bounds(*(None if bound is None else Money(bound, self._policy.currency) for bound in (low, high)))

    def _missing(self, fact: Missing, around: "_Around") -> Iterator[Missing]:
        """A missing fact; for a field that another policy gives, the facts that policy misses."""
        way = way_of(fact.record)
        record = around.at(way or "")
        given = self._names.given.get((record.type, fact.field))
        if given is not None and fact.held_by == ISSUER and fact.field not in record.values:
            yield from self._answer(given[1], record).missing or [Missing(record.id, fact.field, ISSUER)]
        else:
            yield Missing(record.id, fact.field, fact.held_by)

    def _reading(self) -> Reading:
        return Reading(self._facts, self._plan, self._answer, {})

    # What was read

    def _read(self, explanation: Explanation, record: Record, amounts: Amounts) -> tuple[FactRead, ...]:
        """Every fact that the conditions in force and the amounts read, in the order of reading."""
        read: Read = {}
        self._walk.along(self._policy.on, (record,), read)
        for part in self._asked_on_its_day(record):
            self._walk.along(part, (record,), read)
        for standing in explanation.cases:
            for number in standing:
                self._read_amounts(number, record, amounts, read)
        return tuple(read.values())

    def _asked_on_its_day(self, record: Record) -> tuple[Expression, ...]:
        """What the versions ask for that are in force on some day that the record's date may be."""
        date = self._reading().date(self._plan.on, record)
        if date not in self._by_date:
            self._by_date[date] = asked_by(
                version.when
                for version in self._policy.versions
                if version.when is not None and version.in_force.holds(date) is not Truth.NO
            )
        return self._by_date[date]

    def _read_amounts(self, number: int, record: Record, amounts: Amounts, read: Read) -> None:
        for share, form in zip(self._policy.versions[number].owes or (), self._forms[number], strict=True):
            self._walk.along(share.amount, (record,), read)
            if amounts.shares[form] != (0, 0):
                for payer in (share.payer, share.liable):
                    if payer is not None and payer.path is not None:
                        self._walk.along(payer.path, (record,), read)


class _Around:
    """The records around one, by their ways."""

    def __init__(self, facts: Facts, asked: Record, members: OpenMembers) -> None:
        self._facts, self._members = facts, members
        self._found: dict[str, Record] = {"": asked}

    def at(self, way: str) -> Record:
        """The record that a way leads to."""
        if way not in self._found:
            self._found[way] = self._climb(way)
        return self._found[way]

    def _climb(self, way: str) -> Record:
        if way in self._members.by_way:
            return self._facts.find(*self._members.by_way[way])
        above, _, name = way.rpartition(".")
        parent = self.at(above)
        reference = self._facts.types[parent.type].field(name)
        target = parent.value(name)
        if reference.kind is not Kind.REFERENCE or not isinstance(target, str):
            raise TypeError(way)
        return self._facts.find(reference.refers_to, target)


def _met(several: list[Bound]) -> Bound:
    """What some amounts have in common; the first of them if they have nothing in common."""
    low = max((low for low, _ in several if low is not None), default=None)
    high = min((high for _, high in several if high is not None), default=None)
    return several[0] if low is not None and high is not None and low > high else (low, high)
