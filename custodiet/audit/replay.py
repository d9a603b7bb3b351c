"""One pack applied to several dockets, side by side, each with what is not known; it ranks nobody."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from custodiet.audit.questions import requests
from custodiet.audit.run import Audit, Questioned, questioned
from custodiet.audit.totals import decided
from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.base.truth import Truth, any_of
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.policy.language.ast import Policy
from custodiet.policy.packs.pack import Pack
from custodiet.records.record import Record

NO_RANKING = "Nothing here ranks anyone: differences in the records kept are not differences in conduct."
"""Printed beside every replay."""

FOR_WHOM = "For the inspector and the unit only: it counts records, and counts would tell the public about officers."
"""For whom a replay is."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one question of the law in one docket."""

    policy: str
    by_outcome: Mapping[Outcome, int]
    by_class: Mapping[str, int]
    """Of what is classified, how many of each class."""
    owed: tuple[Money, ...]
    """The sums of the results that say *owes*, one per currency; undetermined amounts are in none."""
    hindsight: int
    """How many results the law of the act's own day did not certainly give."""
    by_earlier_law: int
    """How many of these come from a law older than the act."""


@dataclass(frozen=True, slots=True)
class Register:
    """What one docket holds of one type of record."""

    type: str
    records: int
    known: Days | None
    """The first to the last day in its records; None if they contain none."""
    vouched: tuple[tuple[Days, str], ...]
    """The periods for which somebody vouches that it is complete, and who; empty if nobody does."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A precedent that a docket's case points to."""

    record: Record
    rule_then: Truth
    """Whether some rule of the replayed law was in force then; unknown also if only for part of the time."""


@dataclass(frozen=True)
class Column:
    """One docket under the law."""

    audit: Audit

    @cached_property
    def answers(self) -> tuple[Answers, ...]:
        """The answers to every question, by the name of its policy."""
        policies = sorted(self.audit.pack.policies, key=lambda policy: policy.name)
        return tuple(_answers(policy, self.audit) for policy in policies)

    @property
    def hindsight(self) -> tuple[Result, ...]:
        """The results that the law of the act's own day did not certainly give."""
        return tuple(result for result in self.audit.results if result.hindsight)

    @cached_property
    def missing(self) -> Mapping[tuple[str, str], int]:
        """The missing facts by holder and kind: how many undetermined results depend on each."""
        audit = self.audit
        found = requests(audit.undetermined, audit.type_of, audit.view.facts, audit.pack.judgments)
        return {(each.held_by, each.asks): each.results for each in found}

    @cached_property
    def registers(self) -> tuple[Register, ...]:
        """What the docket holds of every type that the law decides."""
        return tuple(_register(self.audit, name) for name in sorted(decided(self.audit)))

    @property
    def precedents(self) -> tuple[Claimed, ...]:
        """The precedents that are claimed in the docket, by id."""
        records = self.audit.view.facts.of("precedent")
        return tuple(Claimed(record, _rule_then(self.audit.pack, record)) for record in records)


@dataclass(frozen=True, slots=True)
class Replay:
    """One pack applied to several dockets: computed, not decided."""

    pack: Pack
    columns: tuple[Column, ...]
    """In the order in which the dockets were named."""

    @property
    def missing(self) -> Sequence[tuple[str, str]]:
        """Every kind of missing fact of any docket, by holder."""
        return sorted({asked for column in self.columns for asked in column.missing})


def _answers(policy: Policy, audit: Audit) -> Answers:
    results = [result for result in audit.results if result.policy == policy.name]
    outcomes = Counter(result.outcome for result in results)
    classes = Counter(result.classified for result in results if result.outcome is Outcome.CLASSIFIED)
    return Answers(
        policy.name,
        {outcome: outcomes[outcome] for outcome in Outcome if outcomes[outcome]},
        {name: classes[name] for name in policy.classes if classes[name]},
        _sums(questioned(results)),
        sum(result.hindsight for result in results),
        sum(result.by_earlier_law for result in results),
    )


def _sums(owed: Sequence[Questioned]) -> tuple[Money, ...]:
    sums: Counter[str] = Counter()
    for each in owed:
        sums[each.amount.currency] += each.amount.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))


def _register(audit: Audit, name: str) -> Register:
    facts = audit.view.facts
    records = facts.of(name)
    periods = [facts.period(record) for record in records]
    firsts = [period.first for period in periods if period.first is not None]
    lasts = [period.last for period in periods if period.last is not None]
    known = Days(min(firsts), max(lasts)) if firsts and lasts else None
    vouched = tuple((each.during, each.by) for each in facts.vouched if each.type == name)
    return Register(name, len(records), known, vouched)


def _rule_then(pack: Pack, precedent: Record) -> Truth:
    period = precedent.value("period")
    if not isinstance(period, Days):
        return Truth.UNKNOWN
    return any_of([version.in_force.holds(period) for policy in pack.policies for version in policy.versions])
