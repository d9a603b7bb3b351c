"""Which rules cover and which stand, for every combination of answers to the open questions of a record.

A *turn* reads which versions are in force together and how they displace one another (the layout of a stretch of
days), and whether each version's condition holds; it reads nothing else. Once the known facts of a record are put
into a policy, what remains, its *residual*, is exactly those two things: the layout of each stretch that the policy's
date may lie in, and each version's truth as a table over the questions that are open to it. Two records with the same
residual therefore have the same turns, whatever else they hold: this is why `memo` and `bulk` may compute the turns
of a residual once. What the standing rules *answer* also depends on amounts and payers; these are not part of it and
are computed for each record.

Open questions are numbered by what they are about: a field of a record, so that two comparisons with one fact, and two
paths to one record, ask one question; or, where that is not enough, a whole test. Two paths to one set stay two
questions, which makes completions more and never fewer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, product
from math import prod
from operator import mul

from custodiet.base.truth import Truth
from custodiet.policy.analysis.precedence import Structure
from custodiet.policy.evaluation.result import Displaced


@dataclass(frozen=True, slots=True)
class Table:
    """The truth of one version, for every combination of answers to the questions that are open to it."""

    questions: tuple[int, ...]
    truths: tuple[Truth, ...]
    """In the order of `itertools.product` over the answers to its questions."""


@dataclass(frozen=True, slots=True)
class Residual:
    """What remains of a policy's rules once the known facts of a record are put in."""

    layouts: tuple[Structure, ...]
    """How the versions in force displace one another, for each stretch of days that the date may lie in."""
    sizes: tuple[int, ...]
    """How many answers each open question has; question 0 asks which stretch applies."""
    versions: tuple[Table, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """The outcome of one completion, with versions by number."""

    truths: tuple[Truth, ...]
    """Each version's own truth: in force, and its condition holds."""
    standing: frozenset[int]
    displaced: frozenset[Displaced]
    carrying: frozenset[int]
    """The versions that stand, and those that they are exceptions to: without any of them something else would
    stand."""
    against: frozenset[tuple[int, int]]
    """Pairs: a version that covers, or one that it is an exception to, and a version that what covers displaces."""

    def rests_on(self, version: int, other: "Turn") -> bool:
        """Whether it takes a version for what stands here, or for displacing what stands under another turn."""
        return version in self.carrying or any((version, stands) in self.against for stands in other.standing)


@dataclass(frozen=True)
class Turns:
    """How every completion of a residual turns out."""

    sizes: tuple[int, ...]
    each: tuple[Turn, ...]
    """For every combination of answers, in the order of `itertools.product`; equal turns are one object."""

    @cached_property
    def different(self) -> tuple[Turn, ...]:
        """The distinct turns."""
        return tuple(dict.fromkeys(self.each))

    @cached_property
    def ways_to_stand(self) -> frozenset[frozenset[int]]:
        """Every set of versions that stand together in some turn."""
        return frozenset(turn.standing for turn in self.different)

    @cached_property
    def neighbours(self) -> tuple[frozenset[tuple[Turn, Turn]], ...]:
        """For each question: the pairs of different turns that differ in its answer only."""
        return tuple(frozenset(self._pairs(question)) for question in range(len(self.sizes)))

    def _pairs(self, question: int) -> Iterator[tuple[Turn, Turn]]:
        step = prod(self.sizes[question + 1 :])
        for place, one in enumerate(self.each):
            answered = place // step % self.sizes[question]
            for other in self.each[place + step : place + step * (self.sizes[question] - answered) : step]:
                if one is not other:
                    yield one, other


@dataclass(frozen=True, slots=True)
class Pivots:
    """What an undetermined answer depends on: versions by number, and whether the policy's own date."""

    versions: frozenset[int]
    date: bool


def turns_of(residual: Residual) -> Turns:
    """How every completion of a residual turns out."""
    each: list[Turn] = []
    found: dict[tuple[int, tuple[Truth, ...]], Turn] = {}
    steps = [_steps(table, residual.sizes) for table in residual.versions]
    for answers in product(*map(range, residual.sizes)):
        truths = tuple(
            table.truths[sum(answers[question] * step for question, step in zip(table.questions, by, strict=True))]
            for table, by in zip(residual.versions, steps, strict=True)
        )
        key = answers[0], truths
        if key not in found:
            found[key] = turn_of(residual.layouts[answers[0]], truths)
        each.append(found[key])
    return Turns(residual.sizes, tuple(each))


def turn_of(layout: Structure, truths: tuple[Truth, ...]) -> Turn:
    """Which rules cover and which stand, once the truth of every version is settled.

    A rule covers if it is in force, its condition holds and, for an exception, the rule that it is an exception to
    covers. It stands if no exception to it and no rule that outranks it covers.
    """
    holding = {number for number, truth in enumerate(truths) if truth is Truth.YES}
    covering = {place for place, around in enumerate(layout.around) if around <= holding}
    standing = {place for place in covering if covering.isdisjoint(layout.displacers[place])}
    own, around = layout.own, layout.around
    rule = {place: layout.places[place].version.rule for place in covering}
    deciding = {rule[place] for place in standing}
    displacing = [(place, by) for place in covering for by in covering.intersection(layout.displacers[place])]
    return Turn(
        truths,
        frozenset(own[place] for place in standing),
        frozenset(Displaced(rule[place], rule[by]) for place, by in displacing if rule[place] not in deciding),
        frozenset(version for place in standing for version in around[place]),
        frozenset((version, own[place]) for place, by in displacing for version in around[by]),
    )


def pivots_of(turns: Turns, answers: Mapping[frozenset[int], object]) -> Pivots:
    """What the answer turns on: where two completions differ in one question only, and in what they answer.

    The versions named are those whose truth differs there, and on which the standing versions of one of the two turns
    rest. `answers` says what each set of standing versions answers.
    """
    versions: set[int] = set()
    date = False
    for question, pairs in enumerate(turns.neighbours):
        for one, other in pairs:
            if answers[one.standing] != answers[other.standing]:
                date |= question == 0
                versions.update(_turning(one, other))
    return Pivots(frozenset(versions), date)


def _turning(one: Turn, other: Turn) -> Iterator[int]:
    """The versions whose truth differs, and on which the standing versions of one of two turns rest."""
    for number, (left, right) in enumerate(zip(one.truths, other.truths, strict=True)):
        if left is not right:
            covers, does_not = (one, other) if left is Truth.YES else (other, one)
            if covers.rests_on(number, does_not):
                yield number


def _steps(table: Table, sizes: Sequence[int]) -> list[int]:
    """How far apart in a table two answers to each of its questions lie."""
    own = [sizes[question] for question in table.questions]
    return list(accumulate(reversed(own[1:]), mul, initial=1))[::-1] if own else []
