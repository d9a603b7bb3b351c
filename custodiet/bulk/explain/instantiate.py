"""An explanation applied to one record: ways become the record's ids, and shares its amounts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.base.truth import Truth
from custodiet.bulk.explain.explanation import Explanation
from custodiet.bulk.explain.lineage import Read, Walk, asked_by
from custodiet.bulk.explain.record_paths import renamed, way_of
from custodiet.bulk.grouping.open_members import OpenMembers
from custodiet.bulk.sql.amounts import Form, forms
from custodiet.policy.analysis.plan import Fact, Named, Term
from custodiet.policy.analysis.resolve import ISSUER
from custodiet.policy.evaluation.derivation import working
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Bounds, Debt, FactRead, Missing, Result
from custodiet.policy.language.ast import Policy
from custodiet.records import Kind
from custodiet.records.facts import Facts
from custodiet.records.record import Record

Bound = tuple[int | None, int | None]
"""The least and the greatest amount, in minor units; None for no bound."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amounts of one record."""

    shares: Mapping[Form, Bound]
    totals: Mapping[int, Bound]
    """By version."""


class Teller:
    """Applies the explanations of one policy to single records."""

    def __init__(self, evaluator: Evaluator, policy: Policy, facts: Facts) -> None:
        """Apply them to these facts, whose single records `evaluator` decides."""
        self._evaluator, self._policy, self._facts = evaluator, policy, facts
        self._plan = plan = evaluator.plan(policy)
        self._walk = Walk(evaluator, policy, facts)
        self._by_date: dict[Days, tuple[Term, ...]] = {}
        self._forms = forms(plan)
        self._shares = {
            form: planned
            for version, each in zip(plan.versions, self._forms, strict=True)
            for planned, form in zip(version.shares, each, strict=True)
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
        self, debt: Debt, some: tuple[Form, ...], record: Record, amounts: Amounts, payers: Mapping[str, Fact | Named]
    ) -> Debt:
        due = sum(amounts.shares[form][0] or 0 for form in some)
        planned = self._shares[some[0]]
        worked = working(planned.amount, (record,), self._evaluator.reading(self._policy))
        reading = self._evaluator.reading(self._policy)

        def person(way: str) -> str:
            return reading.person(payers[way], record) or ""

        return Debt(
            renamed(debt.payer, person),
            Money(due, self._policy.currency),
            renamed(debt.liable, person),
            f"rest of {worked}" if planned.share.rest else worked,
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
        """A missing fact; for a field that another policy gives, the facts missing to that policy."""
        way = way_of(fact.record)
        record = around.at(way or "")
        given = self._plan.names.given.get((record.type, fact.field))
        if given is not None and fact.held_by == ISSUER and fact.field not in record.values:
            yield from self._evaluator.decide(given[1], record).missing or [Missing(record.id, fact.field, ISSUER)]
        else:
            yield Missing(record.id, fact.field, fact.held_by)

    # What was read

    def _read(self, explanation: Explanation, record: Record, amounts: Amounts) -> tuple[FactRead, ...]:
        """Every fact that the conditions in force and the amounts read, in the order of reading."""
        read: Read = {}
        self._walk.along(self._plan.on, (record,), read)
        for part in self._asked_on_its_day(record):
            self._walk.along(part, (record,), read)
        for standing in explanation.cases:
            for number in standing:
                self._read_amounts(number, record, amounts, read)
        return tuple(read.values())

    def _asked_on_its_day(self, record: Record) -> tuple[Term, ...]:
        """The conditions and terms of the versions in force on any possible day of the record."""
        date = self._evaluator.reading(self._policy).date(self._plan.on, record)
        if date not in self._by_date:
            self._by_date[date] = asked_by(
                each.when
                for each in self._plan.versions
                if each.when is not None and each.version.in_force.holds(date) is not Truth.NO
            )
        return self._by_date[date]

    def _read_amounts(self, number: int, record: Record, amounts: Amounts, read: Read) -> None:
        for planned, form in zip(self._plan.versions[number].shares, self._forms[number], strict=True):
            self._walk.along(planned.amount, (record,), read)
            if amounts.shares[form] != (0, 0):
                for payer in (planned.payer, planned.liable):
                    if payer is not None and payer.person is not None:
                        self._walk.along(payer.person, (record,), read)


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
    """The intersection of some amounts; the first of them if it is empty."""
    low = max((low for low, _ in several if low is not None), default=None)
    high = min((high for _, high in several if high is not None), default=None)
    return several[0] if low is not None and high is not None and low > high else (low, high)
