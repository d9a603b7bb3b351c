"""The meaning of a policy: which rules cover a record, which of them stand, and what they answer.

This file is the authority (DESIGN §5, *Meaning*). It is kept short and plain and is not tuned; what it asks
twice is remembered elsewhere (`evaluation.memo`), and whatever else computes results is tested against it.

A rule *covers* a record if it is in force, its condition holds and, for an exception, the rule it lives
in covers. It *stands* if no exception to it and no rule that outranks it covers. The rules that stand
answer. Where facts are unknown, every way in which they can turn out is taken.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

from custodiet.base.dates import Days
from custodiet.base.truth import Truth, all_of
from custodiet.policy.analysis.precedence import Cycle, Structure, in_force, stretches, structure
from custodiet.policy.analysis.resolve import ISSUER, Vocabulary
from custodiet.policy.evaluation.answers import CONFLICT, NO_RULE, Answer, Answers
from custodiet.policy.evaluation.combine import answers_of
from custodiet.policy.evaluation.expressions import ON, Question, Reading, Way
from custodiet.policy.evaluation.memo import Comparisons, Memory, Remembering, Supposing, comparisons_of
from custodiet.policy.evaluation.result import Displaced, FactRead, Missing, Outcome, Result
from custodiet.policy.language.ast import OpenGap, Policy, Version
from custodiet.records import cell
from custodiet.records.facts import Facts, Record

MOST_WAYS = 4096
"""Above this number of ways the answer is undetermined over all rules that may cover."""


class Evaluator:
    """Answers the questions of some policies about some facts.

    The policies stand in order of dependence, as `Pack.policies` does, and have no problems.
    """

    def __init__(self, policies: Sequence[Policy], facts: Facts) -> None:
        """Prepare to decide records among these facts."""
        self._facts = facts
        self._names = {each.name: Vocabulary.of(each, policies, facts.types) for each in policies}
        self._structures: dict[tuple[str, frozenset[int]], Structure] = {}
        self._laid_out: dict[tuple[str, Days], Structure] = {}
        self._comparisons: dict[str, Comparisons] = {}
        self._given: dict[tuple[str, str], Result] = {}

    def among(self, facts: Facts) -> "Evaluator":
        """An evaluator of the same policies for other facts of the same types, which need not be prepared again."""
        other = copy(self)
        other._facts, other._given = facts, {}  # noqa: SLF001 - it is one of us
        return other

    def take_over(self, results: Iterable[Result]) -> None:
        """Rely on results that were found elsewhere for what a policy gives, in place of finding them again."""
        self._given.update(((result.policy, result.record), result) for result in results)

    def decide(self, policy: Policy, record: Record) -> Result:
        """What a policy answers for one record, and why."""
        key = policy.name, record.id
        if key in self._given:
            return self._given[key]
        result = self.weigh(policy, record).result
        if policy.gives is not None:
            self._given[key] = result
        return result

    def weigh(self, policy: Policy, record: Record) -> "Weighed":
        """What a policy answers for one record, and every answer that was possible."""
        names = self._names[policy.name]
        if policy.name not in self._comparisons:
            self._comparisons[policy.name] = comparisons_of(policy, names)
        compared = self._comparisons[policy.name]
        return _Asked(policy, record, self._facts, names, self.decide, self._structure, compared).weighed()

    def left_open(self, policy: Policy, record: Record) -> tuple[OpenGap, ...]:
        """The gaps of the pack in which a record that no rule answers surely lies."""
        if not policy.gaps or self.decide(policy, record).outcome is not Outcome.NO_RULE:
            return ()
        reading = Reading(self._facts, self._names[policy.name], self.decide, {})
        return tuple(gap for gap in policy.gaps if reading.holds(gap.when, (record,)) is Truth.YES)

    def _structure(self, policy: Policy, days: Days) -> Structure:
        """How the versions are laid out that are in force on every one of some days."""
        if (policy.name, days) not in self._laid_out:
            numbers = in_force(policy, days)
            if (policy.name, numbers) not in self._structures:
                laid_out = structure(policy, numbers)
                if isinstance(laid_out, Cycle):
                    raise TypeError(laid_out.versions)
                self._structures[policy.name, numbers] = laid_out
            self._laid_out[policy.name, days] = self._structures[policy.name, numbers]
        return self._laid_out[policy.name, days]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A result, and the answers among which it was found."""

    result: Result
    possible: Answers
    ways: int = 1
    """In how many ways the open questions can turn out that were taken, each on its own."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """How one way turns out, with versions by number."""

    truths: tuple[Truth, ...]
    """Each version's own truth: in force, and its condition holds."""
    standing: frozenset[int]
    displaced: frozenset[Displaced]
    carrying: frozenset[int]
    """The versions that stand, and those that they live in: without any of them something else would stand."""
    against: frozenset[tuple[int, int]]
    """Pairs: a version that covers, or that such a one lives in, and one that is displaced by what covers."""

    def rests_on(self, version: int, other: "_Turn") -> bool:
        """Whether it takes a version for what stands here, or for keeping down what stands in another way."""
        return version in self.carrying or any((version, stands) in self.against for stands in other.standing)


@dataclass(frozen=True, slots=True)
class _Plain:
    """A version read with no question settled: its truth, whether it is in force, and what was read."""

    truth: Truth
    in_force: Truth
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Pivots:
    """What an undetermined answer turns on: versions by number, and whether the policy's own date."""

    versions: frozenset[int]
    date: bool


class _Asked:
    """One policy and one record."""

    def __init__(
        self,
        policy: Policy,
        record: Record,
        facts: Facts,
        names: Vocabulary,
        give: Callable[[Policy, Record], Result],
        lay_out: Callable[[Policy, Days], Structure],
        compared: Comparisons,
    ) -> None:
        self.policy, self.record = policy, record
        self._facts, self._names, self._give, self._lay_out = facts, names, give, lay_out
        self.inside = True
        dated = self._reading({})
        self.date = dated.date(policy.on, record)
        self.on, self.on_missing, self.on_read = dated.on, tuple(dated.missing), dated.read
        self.versions = policy.versions
        self.memory = Memory(record, compared)
        self.plain = self._read_all()
        self.truths: dict[tuple[object, ...], Truth] = {}

    def weighed(self) -> Weighed:
        """Take every way, and say what they come to."""
        if _number_of_ways(self._questions()) > MOST_WAYS:
            # Too many facts inside sets to take each in turn: the question about each set is taken as one.
            self.inside = False
            self.memory = Memory(self.record, self.memory.comparisons)
            self.plain = self._read_all()
        questions = self._questions()
        if _number_of_ways(questions) > MOST_WAYS:
            return self._over_all_that_may_cover()
        ways = list(product(*questions.values()))
        turns = {way: self._take(dict(zip(questions, way, strict=True))) for way in ways}
        possible = {standing: self._answers(standing) for standing in {turn.standing for turn in turns.values()}}
        together = Answers.of(possible.values())
        if together.only is not None and not together.only.faulty:
            return Weighed(self._determined(together.only, turns.values()), together, len(ways))
        return Weighed(
            self._undetermined(together, self._pivots(list(questions), turns, possible)), together, len(ways)
        )

    # What each rule says by itself

    def _reading(self, way: Way, on: Question | None = None) -> Reading:
        return Reading(self._facts, self._names, self._give, way, on, inside=self.inside)

    def _read_all(self) -> list[_Plain]:
        """Every version read with no question settled."""
        return [self._read(version) for version in self.versions]

    def _read(self, version: Version) -> _Plain:
        reading = Remembering(self._facts, self._names, self._give, self.memory, self.on, inside=self.inside)
        in_force = version.in_force.holds(self.date)
        holds = Truth.YES
        if version.when is not None and in_force is not Truth.NO:
            holds = reading.holds(version.when, (self.record,))
        return _Plain(in_force & holds, in_force, reading)

    def _truth(self, version: Version, plain: _Plain, way: Way) -> Truth:
        if plain.truth is not Truth.UNKNOWN:
            return plain.truth
        # The same for all ways that differ only in what this version does not ask.
        asked = (id(version), way.get(ON), *(way.get(question) for question, _ in plain.reading.questions))
        if asked not in self.truths:
            in_force = version.in_force.holds(self._days(way))
            when = version.when if in_force is not Truth.NO else None
            holds = Truth.YES if when is None else self._supposing(way).holds(when, (self.record,))
            self.truths[asked] = in_force & holds
        return self.truths[asked]

    def _supposing(self, way: Way) -> Reading:
        return Supposing(self._facts, self._names, self._give, way, self.memory, self.on, inside=self.inside)

    def _days(self, way: Way) -> Days:
        stretch = way.get(ON)
        return stretch if isinstance(stretch, Days) else self.date

    def _questions(self) -> dict[Question, tuple[object, ...]]:
        """Everything that the rules whose truth is unknown leave open, each with the ways it can turn out."""
        open_now = [plain for plain in self.plain if plain.truth is Truth.UNKNOWN]
        questions = dict(question for plain in open_now for question in plain.reading.questions)
        if any(plain.in_force is Truth.UNKNOWN for plain in self.plain):
            return {ON: tuple(stretches(self.policy, self.date)), **questions}
        return questions

    # Which rules cover and stand

    def _take(self, way: Way) -> _Turn:
        """How one way turns out."""
        laid_out = self._lay_out(self.policy, self._days(way))
        truths = tuple(
            self._truth(version, plain, way) for version, plain in zip(self.versions, self.plain, strict=True)
        )
        holding = {number for number, truth in enumerate(truths) if truth is Truth.YES}
        covering = {place for place, around in enumerate(laid_out.around) if around <= holding}
        standing = {place for place in covering if covering.isdisjoint(laid_out.displacers[place])}
        own, around = laid_out.own, laid_out.around
        rule = {place: laid_out.places[place].version.rule for place in covering}
        deciding = {rule[place] for place in standing}
        displaced = {
            Displaced(rule[place], rule[by])
            for place in covering - standing
            if rule[place] not in deciding
            for by in covering.intersection(laid_out.displacers[place])
        }
        against = {
            (version, own[place])
            for place in covering
            for by in covering.intersection(laid_out.displacers[place])
            for version in around[by]
        }
        carrying = frozenset(version for place in standing for version in around[place])
        versions = frozenset(own[place] for place in standing)
        return _Turn(truths, versions, frozenset(displaced), carrying, frozenset(against))

    def _answers(self, numbers: Iterable[int]) -> Answers:
        versions = [self.versions[number] for number in sorted(numbers)]
        return answers_of(self.policy, self.record, versions, lambda: self._reading({}, self.on))

    def _over_all_that_may_cover(self) -> Weighed:
        """The answer when there are too many ways to take each: what every rule that may cover says by itself."""
        may_cover: set[int] = set()
        surely = True
        for days in stretches(self.policy, self.date):
            laid_out = self._lay_out(self.policy, days)
            reach = [all_of(self.plain[number].truth for number in around) for around in laid_out.around]
            may_cover |= {own for own, covers in zip(laid_out.own, reach, strict=True) if covers is not Truth.NO}
            surely &= Truth.YES in reach
        each = [self._answers({number}) for number in sorted(may_cover)]
        together = Answers.of(each if surely else [*each, Answers((NO_RULE,))])
        if len(together.each) > 1:
            together = Answers.of([together, Answers((CONFLICT,))])
        open_now = frozenset(number for number, plain in enumerate(self.plain) if plain.truth is Truth.UNKNOWN)
        return Weighed(self._undetermined(together, _Pivots(open_now, date=not surely)), together)

    # What to say of it

    def _determined(self, answer: Answer, turns: Collection[_Turn]) -> Result:
        standing = {number for turn in turns for number in turn.standing}
        return Result(
            self.policy.name,
            self.record.type,
            self.record.id,
            answer.outcome,
            debts=answer.debts(self.policy.currency),
            permission=answer.permission,
            classified=answer.classified,
            because=self._rules(standing),
            displaced=tuple(sorted({each for turn in turns for each in turn.displaced})),
            read=self._facts_read([answer]),
        )

    def _undetermined(self, possible: Answers, pivots: _Pivots) -> Result:
        missing = {fact for number in pivots.versions for fact in self.plain[number].reading.missing}
        if pivots.date or any(self.plain[number].in_force is Truth.UNKNOWN for number in pivots.versions):
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

    def _pivots(
        self,
        questions: Sequence[Question],
        turns: Mapping[tuple[object, ...], _Turn],
        possible: Mapping[frozenset[int], Answers],
    ) -> _Pivots:
        """What the answer turns on: where two ways differ in one question only, and in what they answer.

        The versions named are those whose truth differs there, and on which what stands in one of the two ways rests.
        """
        versions: set[int] = set()
        date = False
        for place, question in enumerate(questions):
            neighbours: dict[tuple[object, ...], list[_Turn]] = {}
            for way, turn in turns.items():
                neighbours.setdefault((*way[:place], *way[place + 1 :]), []).append(turn)
            for one, other in (pair for group in neighbours.values() for pair in combinations(group, 2)):
                if possible[one.standing] != possible[other.standing]:
                    date |= question == ON
                    differing = enumerate(zip(one.truths, other.truths, strict=True))
                    for number in (number for number, (left, right) in differing if left is not right):
                        covers, does_not = (one, other) if one.truths[number] is Truth.YES else (other, one)
                        if covers.rests_on(number, does_not):
                            versions.add(number)
        return _Pivots(frozenset(versions), date)

    def _rules(self, numbers: Iterable[int]) -> tuple[str, ...]:
        named = {self.versions[number].rule for number in numbers}
        return tuple(rule.number for rule in self.policy.rules if rule.number in named)

    def _facts_read(self, answers: Iterable[Answer]) -> tuple[FactRead, ...]:
        read = dict(self.on_read)
        for plain in self.plain:
            read |= plain.reading.read
        for answer in answers:
            read |= dict(answer.read)
        return tuple(FactRead(record, name, cell(value)) for (record, name), value in read.items())


def _number_of_ways(questions: Mapping[Question, tuple[object, ...]]) -> int:
    return prod(len(answers) for answers in questions.values())
