"""The meaning of a policy: which rules cover a record, which of them stand, and what they answer.

With `expressions` and `turns`, this file is the authority (DESIGN §5, *Meaning*). It is kept short and plain and is
not tuned for speed: repeated questions are cached elsewhere (`evaluation.memo`), and every other engine is tested
against it.

A rule *covers* a record if it is in force, its condition holds and, for an exception, the rule it is an exception to
covers. It *stands* if no exception to it and no rule that outranks it covers. The rules that stand answer. Where
facts are unknown, every completion is tried: every combination of answers to the open questions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import product
from math import prod

from custodiet.base.dates import Days
from custodiet.base.truth import Truth, all_of
from custodiet.policy.analysis.plan import Plan, PlannedVersion, Plans
from custodiet.policy.analysis.resolve import ISSUER
from custodiet.policy.evaluation.answers import CONFLICT, NO_RULE, Answer, Answers
from custodiet.policy.evaluation.combine import answers_of
from custodiet.policy.evaluation.expressions import ON, Completion, Question, Reading
from custodiet.policy.evaluation.memo import Memo, Memory, Remembering, Supposing
from custodiet.policy.evaluation.result import FactRead, Missing, Outcome, Result
from custodiet.policy.evaluation.turns import Pivots, Residual, Table, Turns, pivots_of, turns_of
from custodiet.policy.language.ast import OpenGap, Policy
from custodiet.records import cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record

MOST_COMPLETIONS = 4096
"""Above this number of completions the answer is undetermined over all rules that may cover."""
AS_READ: Completion = {}
"""No question settled."""


class Evaluator:
    """Answers the questions of policies about a set of facts.

    The policies are in order of dependence, like `Pack.policies`, and have no problems.
    """

    def __init__(self, policies: Sequence[Policy], facts: Facts, *, remember: bool = True) -> None:
        """Prepare to decide records among these facts; without `remember`, nothing is cached."""
        self._facts, self._plans = facts, Plans(policies, facts.types)
        self._memos: dict[str, Memo] | None = {} if remember else None
        self._given: dict[tuple[str, str], Result] = {}

    def among(self, facts: Facts) -> "Evaluator":
        """An evaluator of the same policies for other facts of the same types; their plans are reused."""
        other = copy(self)
        other._facts, other._given = facts, {}  # noqa: SLF001 - it is one of us
        return other

    def take_over(self, results: Iterable[Result]) -> None:
        """Use results found elsewhere for the fields that policies give, instead of computing them again."""
        self._given.update(((result.policy, result.record), result) for result in results)

    def decide(self, policy: Policy, record: Record) -> Result:
        """The answer of a policy for one record, and why."""
        key = policy.name, record.id
        if key in self._given:
            return self._given[key]
        result = self.weigh(policy, record).result
        if policy.gives is not None:
            self._given[key] = result
        return result

    def weigh(self, policy: Policy, record: Record) -> "WithAlternatives":
        """The answer of a policy for one record, with every answer that was possible."""
        return Evaluation(self.plan(policy), record, self._facts, self.decide, self._memo(policy)).weighed()

    def left_open(self, policy: Policy, record: Record) -> tuple[OpenGap, ...]:
        """The intended gaps that certainly contain a record for which no rule answers."""
        if not policy.gaps or self.decide(policy, record).outcome is not Outcome.NO_RULE:
            return ()
        reading = self.reading(policy)
        return tuple(gap for gap, when in reading.plan.gaps if reading.holds(when, (record,)) is Truth.YES)

    def reading(self, policy: Policy) -> Reading:
        """A reading of a policy's terms and conditions among these facts, with no question settled."""
        return Reading(self._facts, self.plan(policy), self.decide, AS_READ)

    def plan(self, policy: Policy) -> Plan:
        """The plan of one of the policies."""
        return self._plans.of(policy)

    def _memo(self, policy: Policy) -> Memo | None:
        if self._memos is not None and policy.name not in self._memos:
            self._memos[policy.name] = Memo.of(self.plan(policy))
        return None if self._memos is None else self._memos[policy.name]


@dataclass(frozen=True, slots=True)
class WithAlternatives:
    """A result, and the possible answers behind it."""

    result: Result
    possible: Answers
    completions: int = 1
    """How many completions were evaluated individually."""


@dataclass(frozen=True, slots=True)
class _AsRead:
    """A version read with no question settled: its truth, whether it is in force, and what was read."""

    truth: Truth
    in_force: Truth
    reading: Reading


class Evaluation:
    """The evaluation of one policy for one record."""

    def __init__(
        self, plan: Plan, record: Record, facts: Facts, give: Callable[[Policy, Record], Result], memo: Memo | None
    ) -> None:
        """Read the policy's date, and every version with no question settled."""
        self.plan, self.policy, self.record = plan, plan.policy, record
        self.facts, self.give, self._memo = facts, give, memo
        dated = Reading(facts, plan, give, AS_READ)
        self.date = dated.date(plan.on, record)
        self.on, self.on_missing, self.on_read = dated.on, tuple(dated.missing), dated.read
        self._read_all(inside=True)

    def weighed(self) -> WithAlternatives:
        """Evaluate every completion and combine their answers."""
        if self.completions > MOST_COMPLETIONS:
            # Too many facts inside sets to try each value: the question about each set is then treated as one.
            self._read_all(inside=False)
        if self.completions > MOST_COMPLETIONS:
            return self._over_all_that_may_cover()
        residual = self.residual()
        turns = turns_of(residual) if self._memo is None else self._memo.turns_of(residual)
        possible = {standing: self._answers(standing) for standing in turns.ways_to_stand}
        together = Answers.of(possible.values())
        if together.only is not None and not together.only.faulty:
            result = self._determined(together.only, turns)
        else:
            result = self._undetermined(together, pivots_of(turns, possible))
        return WithAlternatives(result, together, len(turns.each))

    @property
    def completions(self) -> int:
        """The number of combinations of answers to the open questions."""
        return prod(len(answers) for answers in self.questions.values())

    # Each rule on its own

    def _read_all(self, *, inside: bool) -> None:
        """Read every version with no question settled; `inside` says whether facts inside sets are asked one by one."""
        self.inside = inside
        self.memory = None if self._memo is None else Memory(self.record, self._memo)
        self.versions = [self._read(version) for version in self.plan.versions]
        open_now = [version.reading for version in self.versions if version.truth is Truth.UNKNOWN]
        dated = any(version.in_force is Truth.UNKNOWN for version in self.versions)
        self.stretches = self.plan.stretches_in(self.date) if dated else (self.date,)
        # The first question is always which stretch of days applies, even if there is only one.
        self.questions: dict[Question, tuple[object, ...]] = {ON: self.stretches}
        self.questions.update(question for reading in open_now for question in reading.questions)

    def _read(self, planned: PlannedVersion) -> _AsRead:
        reading = self._reading(AS_READ)
        in_force = planned.version.in_force.holds(self.date)
        holds = Truth.YES
        if planned.when is not None and in_force is not Truth.NO:
            holds = reading.holds(planned.when, (self.record,))
        return _AsRead(in_force & holds, in_force, reading)

    def _reading(self, completion: Completion) -> Reading:
        if self.memory is None:
            return Reading(self.facts, self.plan, self.give, completion, self.on, inside=self.inside)
        if completion:
            return Supposing(self.facts, self.plan, self.give, completion, self.memory, self.on, inside=self.inside)
        return Remembering(self.facts, self.plan, self.give, self.memory, self.on, inside=self.inside)

    # What remains open

    def residual(self) -> Residual:
        """The rules after the known facts of the record are put in."""
        number = {question: place for place, question in enumerate(self.questions)}
        layouts = tuple(self.plan.layout(days) for days in self.stretches)
        sizes = tuple(len(answers) for answers in self.questions.values())
        versions = zip(self.plan.versions, self.versions, strict=True)
        return Residual(layouts, sizes, tuple(self._table(planned, read, number) for planned, read in versions))

    def _table(self, planned: PlannedVersion, read: _AsRead, number: Mapping[Question, int]) -> Table:
        """A version's truth, for every answer to the questions that it asks."""
        if read.truth is not Truth.UNKNOWN:
            return Table((), (read.truth,))
        asked = dict(read.reading.questions)
        truths = tuple(
            self._truth(planned, stretch, {ON: stretch, **dict(zip(asked, answers, strict=True))})
            for stretch in self.stretches
            for answers in product(*asked.values())
        )
        return Table((number[ON], *(number[question] for question in asked)), truths)

    def _truth(self, planned: PlannedVersion, stretch: Days, completion: Completion) -> Truth:
        """A version's truth on a stretch of days, under a completion of the questions that it asks."""
        in_force = planned.version.in_force.holds(stretch)
        if planned.when is None or in_force is Truth.NO:
            return in_force
        return in_force & self._reading(completion).holds(planned.when, (self.record,))

    # What the rules answer

    def _answers(self, numbers: Iterable[int]) -> Answers:
        versions = [self.plan.versions[number] for number in sorted(numbers)]
        return answers_of(self.policy, self.record, versions, lambda: self._reading(AS_READ))

    def _over_all_that_may_cover(self) -> WithAlternatives:
        """The answer if there are too many completions: what each rule that may cover says on its own."""
        may_cover: set[int] = set()
        in_every_case = True
        for days in self.plan.stretches_in(self.date):
            layout = self.plan.layout(days)
            reach = [all_of(self.versions[number].truth for number in around) for around in layout.around]
            may_cover |= {own for own, covers in zip(layout.own, reach, strict=True) if covers is not Truth.NO}
            in_every_case &= Truth.YES in reach
        each = [self._answers({number}) for number in sorted(may_cover)]
        together = Answers.of(each if in_every_case else [*each, Answers((NO_RULE,))])
        if len(together.each) > 1:
            together = Answers.of([together, Answers((CONFLICT,))])
        open_now = frozenset(number for number, read in enumerate(self.versions) if read.truth is Truth.UNKNOWN)
        return WithAlternatives(self._undetermined(together, Pivots(open_now, date=not in_every_case)), together)

    # What to say of it

    def _determined(self, answer: Answer, turns: Turns) -> Result:
        return Result(
            self.policy.name,
            self.record.type,
            self.record.id,
            answer.outcome,
            debts=answer.debts(self.policy.currency),
            permission=answer.permission,
            classified=answer.classified,
            because=self._rules(number for standing in turns.ways_to_stand for number in standing),
            displaced=tuple(sorted({each for turn in turns.different for each in turn.displaced})),
            read=self._facts_read([answer]),
        )

    def _undetermined(self, possible: Answers, pivots: Pivots) -> Result:
        missing = {fact for number in pivots.versions for fact in self.versions[number].reading.missing}
        if pivots.date or any(self.versions[number].in_force is Truth.UNKNOWN for number in pivots.versions):
            missing.update(self.on_missing)
        missing.update(fact for answer in possible.each for fact in answer.missing)
        # With nothing missing, the fault is the formula's: an amount below zero, or a division by a known zero.
        return Result(
            self.policy.name,
            self.record.type,
            self.record.id,
            Outcome.UNDETERMINED,
            between=possible.bounds(self.policy.currency),
            otherwise=possible.otherwise,
            unsettled=self._rules(pivots.versions),
            missing=tuple(sorted(missing)) or (Missing(self.record.id, self.policy.name, ISSUER),),
            read=self._facts_read(possible.each),
        )

    def _rules(self, numbers: Iterable[int]) -> tuple[str, ...]:
        named = {self.policy.versions[number].rule for number in numbers}
        return tuple(rule.number for rule in self.policy.rules if rule.number in named)

    def _facts_read(self, answers: Iterable[Answer]) -> tuple[FactRead, ...]:
        read = dict(self.on_read)
        for version in self.versions:
            read |= version.reading.read
        for answer in answers:
            read |= dict(answer.read)
        return tuple(FactRead(record, name, cell(value)) for (record, name), value in read.items())
