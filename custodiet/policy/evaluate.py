"""The meaning of a policy: which rules cover a record, which of them stand, and what they answer.

This file is the authority (DESIGN §5, *Meaning*). It is kept short and plain and is not tuned; whatever
else computes results is tested against it.

A rule *covers* a record if it is in force, its condition holds and, for an exception, the rule it lives
in covers. It *stands* if no exception to it and no rule that outranks it covers. The rules that stand
answer. Where facts are unknown, every way in which they can turn out is taken.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, product
from math import prod

from custodiet.base.dates import Days
from custodiet.base.truth import Truth, all_of
from custodiet.policy.answer import CONFLICT, NO_RULE, Answer, Answers, answers_of
from custodiet.policy.ast import Policy, Version
from custodiet.policy.names import ISSUER, Vocabulary
from custodiet.policy.reading import ON, Question, Reading, Way
from custodiet.policy.result import Displaced, FactRead, Missing, Outcome, Result
from custodiet.policy.structure import Cycle, Structure, structure
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
        self._names = {each.name: Vocabulary(facts.types, each.definitions, policies) for each in policies}
        self._structures = {each.name: structure(each) for each in policies}
        self._given: dict[tuple[str, str], Result] = {}

    def decide(self, policy: Policy, record: Record) -> Result:
        """What a policy answers for one record, and why."""
        key = policy.name, record.id
        if key in self._given:
            return self._given[key]
        laid_out = self._structures[policy.name]
        if isinstance(laid_out, Cycle):
            raise TypeError(laid_out.rules)
        result = _Asked(policy, record, laid_out, self._facts, self._names[policy.name], self.decide).result()
        if policy.gives is not None:
            self._given[key] = result
        return result


@dataclass(frozen=True, slots=True)
class _Turn:
    """How one way turns out: each version's own truth, and the places that cover and that stand."""

    truths: tuple[Truth, ...]
    covering: frozenset[int]
    standing: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Plain:
    """A version read with no question settled: its truth, whether it is in force, and what was read."""

    truth: Truth
    in_force: Truth
    reading: Reading


class _Asked:
    """One policy and one record."""

    def __init__(
        self,
        policy: Policy,
        record: Record,
        laid_out: Structure,
        facts: Facts,
        names: Vocabulary,
        give: Callable[[Policy, Record], Result],
    ) -> None:
        self.policy, self.record, self.structure = policy, record, laid_out
        self._facts, self._names, self._give = facts, names, give
        dated = self._reading({})
        self.date = dated.date(policy.on, record)
        self.on, self.on_missing, self.on_read = dated.on, tuple(dated.missing), dated.read
        self.plain = [self._read(version) for version in policy.versions]

    def result(self) -> Result:
        """Take every way, and say what they come to."""
        questions = self._questions()
        if prod(len(answers) for answers in questions.values()) > MOST_WAYS:
            return self._over_all_that_may_cover()
        ways = list(product(*questions.values()))
        decisions = {way: self._decide(dict(zip(questions, way, strict=True))) for way in ways}
        possible = {
            standing: self._answers(standing) for standing in {decision.standing for decision in decisions.values()}
        }
        together = Answers.of(possible.values())
        if together.only is not None and not together.only.faulty:
            return self._determined(together.only, frozenset().union(*possible), decisions.values())
        return self._undetermined(together, self._turning(ways, decisions, possible))

    # What each rule says by itself

    def _reading(self, way: Way, on: Question | None = None) -> Reading:
        return Reading(self._facts, self._names, self._give, way, on)

    def _read(self, version: Version) -> "_Plain":
        """A version read with no question settled."""
        reading = self._reading({}, self.on)
        in_force = version.in_force.holds(self.date)
        holds = Truth.YES
        if version.when is not None and in_force is not Truth.NO:
            holds = reading.holds(version.when, (self.record,))
        return _Plain(in_force & holds, in_force, reading)

    def _truth(self, version: Version, plain: "_Plain", way: Way) -> Truth:
        if plain.truth is not Truth.UNKNOWN:
            return plain.truth
        stretch = way.get(ON, self.date)
        in_force = version.in_force.holds(stretch) if isinstance(stretch, Days) else plain.in_force
        if version.when is None or in_force is Truth.NO:
            return in_force
        return in_force & self._reading(way, self.on).holds(version.when, (self.record,))

    def _questions(self) -> dict[Question, tuple[object, ...]]:
        """Everything that the rules whose truth is unknown leave open, each with the ways it can turn out."""
        open_now = [plain for plain in self.plain if plain.truth is Truth.UNKNOWN]
        questions = dict(question for plain in open_now for question in plain.reading.questions)
        if any(plain.in_force is Truth.UNKNOWN for plain in open_now):
            return {ON: tuple(self._stretches()), **questions}
        return questions

    def _stretches(self) -> Iterator[Days]:
        """The stretches of the possible days on which the same rules are in force."""
        one = timedelta(days=1)
        starts = {version.in_force.first for version in self.policy.versions}
        starts |= {None if end is None else end + one for end in (each.in_force.last for each in self.policy.versions)}
        cuts = sorted(day for day in starts if day is not None and Days(day, None).holds(self.date) is Truth.UNKNOWN)
        for first, following in zip([self.date.first, *cuts], [*cuts, None], strict=True):
            yield Days(first, self.date.last if following is None else following - one)

    # Which rules cover and stand

    def _decide(self, way: Way) -> _Turn:
        pairs = zip(self.policy.versions, self.plain, strict=True)
        truths = tuple(self._truth(version, plain, way) for version, plain in pairs)
        own = dict(zip(map(id, self.policy.versions), truths, strict=True))
        covering = {
            number
            for number, place in enumerate(self.structure.places)
            if all(own[id(around.version)] is Truth.YES for around in place.upwards)
        }
        standing = frozenset(number for number in covering if covering.isdisjoint(self.structure.displacers[number]))
        return _Turn(truths, frozenset(covering), standing)

    def _answers(self, places: Iterable[int]) -> Answers:
        numbers = {id(self.structure.places[number].version) for number in places}
        versions = [version for version in self.policy.versions if id(version) in numbers]
        return answers_of(self.policy, self.record, versions, lambda: self._reading({}, self.on))

    def _over_all_that_may_cover(self) -> Result:
        """The answer when there are too many ways to take each: what every rule that may cover says by itself."""
        own = {id(version): plain.truth for version, plain in zip(self.policy.versions, self.plain, strict=True)}
        reach = [all_of(own[id(around.version)] for around in place.upwards) for place in self.structure.places]
        may_cover = frozenset(number for number, covers in enumerate(reach) if covers is not Truth.NO)
        each = [self._answers({number}) for number in sorted(may_cover)]
        together = Answers.of(each if Truth.YES in reach else [*each, Answers((NO_RULE,))])
        if len(together.each) > 1:
            together = Answers.of([together, Answers((CONFLICT,))])
        open_now = {number for number, plain in enumerate(self.plain) if plain.truth is Truth.UNKNOWN}
        return self._undetermined(together, open_now)

    # What to say of it

    def _determined(self, answer: Answer, standing: frozenset[int], decisions: Iterable[_Turn]) -> Result:
        return Result(
            self.policy.name,
            self.record.type,
            self.record.id,
            answer.outcome,
            debts=answer.debts(self.policy.currency),
            permission=answer.permission,
            classified=answer.classified,
            because=self._rules(self.structure.places[number].version for number in sorted(standing)),
            displaced=self._displaced(decisions),
            read=self._facts_read([answer]),
        )

    def _undetermined(self, possible: Answers, turning: Iterable[int]) -> Result:
        unsettled = sorted(turning)
        missing = {fact for number in unsettled for fact in self.plain[number].reading.missing}
        if any(self.plain[number].in_force is Truth.UNKNOWN for number in unsettled):
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
            unsettled=self._rules(self.policy.versions[number] for number in unsettled),
            missing=tuple(sorted(missing)) or (Missing(self.record.id, self.policy.name, ISSUER),),
            read=self._facts_read(possible.each),
        )

    def _turning(
        self,
        ways: Sequence[tuple[object, ...]],
        decide: Mapping[tuple[object, ...], _Turn],
        possible: Mapping[frozenset[int], Answers],
    ) -> set[int]:
        """The versions on which the answer turns.

        These are the ones whose truth differs between two ways that differ in one question only and in
        what they answer.
        """
        turning: set[int] = set()
        for place in range(len(ways[0])):
            neighbours: dict[tuple[object, ...], list[_Turn]] = {}
            for way in ways:
                neighbours.setdefault((*way[:place], *way[place + 1 :]), []).append(decide[way])
            for one, other in (pair for group in neighbours.values() for pair in combinations(group, 2)):
                if possible[one.standing] != possible[other.standing]:
                    differing = zip(one.truths, other.truths, strict=True)
                    turning.update(number for number, (left, right) in enumerate(differing) if left is not right)
        return turning

    def _rules(self, versions: Iterable[Version]) -> tuple[str, ...]:
        named = {version.rule for version in versions}
        return tuple(rule.number for rule in self.policy.rules if rule.number in named)

    def _displaced(self, decisions: Iterable[_Turn]) -> tuple[Displaced, ...]:
        rule = [place.version.rule for place in self.structure.places]
        pairs = {
            Displaced(rule[number], rule[by])
            for decision in decisions
            for number in decision.covering - decision.standing
            for by in decision.covering.intersection(self.structure.displacers[number])
        }
        return tuple(sorted(pairs))

    def _facts_read(self, answers: Iterable[Answer]) -> tuple[FactRead, ...]:
        read = dict(self.on_read)
        for plain in self.plain:
            read |= plain.reading.read
        for answer in answers:
            read |= dict(answer.read)
        return tuple(FactRead(record, name, cell(value)) for (record, name), value in read.items())
