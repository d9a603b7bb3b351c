"""The meaning of a policy as formulas: which rules cover a record, which of them stand, and what they answer.

Mirrors `evaluation/evaluate.py`, for records of which all is known. There every way in which what is unknown can turn
out is taken in turn; here the solver takes all records at once, so there are no ways to count, and nothing to name that
an answer turns on. What can be open all the same is a division by zero, a rate that is in no row, or a policy without
an answer: where it is, *covers* and *may cover* are two formulas, and so are *stands* and *may stand*. What a record
displaces and what was read of it is not said, for the evaluator says it of every example.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import z3

from custodiet.base.dates import Days
from custodiet.policy.analysis.precedence import Cycle, Structure, in_force, stretches, structure
from custodiet.policy.analysis.resolve import Vocabulary
from custodiet.policy.language.ast import Policy
from custodiet.proofs.smt.budget import PART
from custodiet.proofs.smt.combine import pairs_of, said
from custodiet.proofs.smt.expressions import NOTHING_SUPPOSED, Reading, Supposed
from custodiet.proofs.smt.values import YES, Condition, Formula, Term, all_of, any_of, either, negated, within
from custodiet.proofs.smt.worlds import Thing, World


class Evaluator:
    """Answers the questions of some policies about the records of a world.

    The policies are in order of dependence, as `Pack.policies` has them, and have no problems.
    """

    def __init__(
        self, policies: Sequence[Policy], world: World, law: str = "", supposed: Supposed = NOTHING_SUPPOSED
    ) -> None:
        """Prepare to decide records of this world; `law` tells the policies of two laws in one world apart."""
        self._world, self._law, self._supposed = world, law, supposed
        self._names = {policy.name: Vocabulary.of(policy, policies, world.types) for policy in policies}
        self._readings: dict[str, Reading] = {}
        self._given: dict[tuple[str, Thing], Term] = {}

    def decide(self, policy: Policy, thing: Thing) -> Term:
        """What a policy gives for one record."""
        key = policy.name, thing
        if key not in self._given:
            self._given[key] = given_value(self.weigh(policy, thing), self._supposed)
        return self._given[key]

    def weigh(self, policy: Policy, thing: Thing) -> "Evaluation":
        """What a policy answers for one record, and where."""
        return Evaluation(policy, thing, self._reading(policy))

    def _reading(self, policy: Policy) -> Reading:
        """The reading of one policy's expressions, the same for all records."""
        if policy.name not in self._readings:
            names = self._names[policy.name]
            self._readings[policy.name] = Reading(self._world, names, self.decide, self._supposed, self._law)
        return self._readings[policy.name]


@dataclass(frozen=True, eq=False, slots=True)
class _Turn:
    """How a version turns out in one of its places, on the days of one stretch."""

    version: int
    covers: Formula
    may_cover: Formula
    stands: Formula
    may_stand: Formula


class Evaluation:
    """One policy and one record."""

    def __init__(self, policy: Policy, thing: Thing, reading: Reading) -> None:
        """Read every version of every rule."""
        self.policy, self.thing, self.reading = policy, thing, reading
        self.world = reading.world
        self.on = reading.term(policy.on, (thing,)).value
        self.conditions = [
            Condition.settled(YES) if version.when is None else reading.holds(version.when, (thing,))
            for version in policy.versions
        ]
        """Whether each version's condition holds."""
        self.said = [said(policy, thing, version, reading) for version in policy.versions]
        """What each version answers where it stands."""
        self._stretches = [days for days in stretches(policy) if in_force(policy, days)]
        self._turns = [turn for days in self._stretches for turn in self._take(days)]
        self._differ: dict[tuple[int, int], Formula] = {}

    # Which rules cover and stand

    def _take(self, days: Days) -> Iterator[_Turn]:
        """How the versions turn out that are in force in one stretch of days, each in each of its places."""
        now, laid_out = within(days, self.on), self._laid_out(days)
        self.world.spend(PART * sum(map(len, (*laid_out.upwards, *laid_out.displacers))))
        own = laid_out.own
        covers = [all_of([self.conditions[own[each]].yes for each in up]) for up in laid_out.upwards]
        may_cover = [all_of([self.conditions[own[each]].perhaps for each in up]) for up in laid_out.upwards]
        for place, displacers in enumerate(laid_out.displacers):
            alone = all_of([covers[place], *(negated(may_cover[each]) for each in displacers)])
            perhaps = all_of([may_cover[place], *(negated(covers[each]) for each in displacers)])
            yield _Turn(
                own[place],
                *(all_of([now, each]) for each in (covers[place], may_cover[place], alone, perhaps)),
            )

    def _laid_out(self, days: Days) -> Structure:
        """How the versions are laid out that are in force on every one of some days."""
        laid_out = structure(self.policy, in_force(self.policy, days))
        if isinstance(laid_out, Cycle):
            raise TypeError(laid_out.versions)
        return laid_out

    def _of_each(self, what: Callable[[_Turn], Formula]) -> list[Formula]:
        """By version: where something is so of it, in any of its places and on any days."""
        found: list[list[Formula]] = [[] for _ in self.said]
        for turn in self._turns:
            found[turn.version].append(what(turn))
        return [any_of(turns) for turns in found]

    @cached_property
    def covers(self) -> list[Formula]:
        """By version: where it covers, whatever is open."""
        return self._of_each(lambda turn: turn.covers)

    @cached_property
    def may_cover(self) -> list[Formula]:
        """By version: where it covers, or may because something is open."""
        return self._of_each(lambda turn: turn.may_cover)

    @cached_property
    def stands(self) -> list[Formula]:
        """By version: where it stands, whatever is open."""
        return self._of_each(lambda turn: turn.stands)

    @cached_property
    def may_stand(self) -> list[Formula]:
        """By version: where it stands, or may because something is open."""
        return self._of_each(lambda turn: turn.may_stand)

    @cached_property
    def live(self) -> Formula:
        """Some rule of the policy is in force."""
        return any_of([within(days, self.on) for days in self._stretches])

    @cached_property
    def conditions_closed(self) -> Formula:
        """Of every version it is sure whether it stands; a condition on which nothing turns may be open."""
        return all_of([
            any_of([stands, negated(may_stand)])
            for stands, may_stand in zip(self.stands, self.may_stand, strict=True)
            if not stands.eq(may_stand)
        ])  # fmt: skip

    # What they answer

    @cached_property
    def closed(self) -> Formula:
        """Nothing divides by zero and no rate is missing in any condition or amount on which the answer turns."""
        each = zip(self.stands, self.said, strict=True)
        amounts = (any_of([negated(stands), negated(said.open)]) for stands, said in each)
        return all_of([self.conditions_closed, *amounts])

    @cached_property
    def gap(self) -> Formula:
        """No rule stands, whatever is open."""
        return negated(any_of(self.may_stand))

    def contradict(self, one: int, other: int) -> Formula:
        """Two versions stand and do not agree."""
        if (one, other) not in self._differ:
            parts = len(self.said[one].owed) + len(self.said[other].owed)
            self.world.spend(PART * (1 + parts**2))
            self._differ[one, other] = self.said[one].differs(self.said[other])
        return all_of([self.stands[one], self.stands[other], self._differ[one, other]])

    @cached_property
    def conflict(self) -> Formula:
        """Some two rules stand and do not agree."""
        return any_of([self.contradict(*pair) for pair in pairs_of(self.policy)])

    def below_zero(self, number: int) -> Formula:
        """A version stands by which somebody owes less than nothing."""
        return all_of([self.stands[number], self.said[number].faulty])

    @cached_property
    def faulty(self) -> Formula:
        """Some version stands by which somebody owes less than nothing."""
        return any_of([self.below_zero(number) for number in range(len(self.said))])

    @cached_property
    def settled(self) -> Formula:
        """Nothing on which the answer turns is open, and no amount is below zero."""
        return all_of([self.closed, any_of([self.conflict, negated(self.faulty)])])

    @cached_property
    def answered(self) -> Formula:
        """The rules answer: some stand, they agree, and every amount is one."""
        return all_of([self.closed, negated(self.gap), negated(self.conflict), negated(self.faulty)])

    def answers_otherwise(self, other: "Evaluation") -> Formula:
        """Both readings have an answer, that no rule stands and that rules differ included, and not the same."""
        agree = [negated(self.conflict), negated(other.conflict)]
        self.world.spend(PART * len(self.said) * len(other.said))
        other_answer = any_of([
            all_of([mine, theirs, one.answers_otherwise(two)])
            for mine, one in zip(self.stands, self.said, strict=True)
            for theirs, two in zip(other.stands, other.said, strict=True)
        ])  # fmt: skip
        differ = [either(self.gap, other.gap), either(self.conflict, other.conflict), all_of([*agree, other_answer])]
        return all_of([self.settled, other.settled, any_of(differ)])


def weighed(
    policy: Policy, policies: Sequence[Policy], world: World, law: str = "", supposed: Supposed = NOTHING_SUPPOSED
) -> Evaluation:
    """What one of some policies answers for the record that a world is drawn around."""
    return Evaluator(policies, world, law, supposed).weigh(policy, world.root)


def given_value(rules: Evaluation, supposed: Supposed) -> Term:
    """What the answer of a policy that gives a field makes of that field: its class, or none where no rule stands."""
    world, policy = rules.world, rules.policy
    value = world.code(policy.classes[-1])
    for version, stands in zip(policy.versions, rules.stands, strict=True):
        value = z3.If(stands, world.code(version.classified or ""), value)
    none = all_of([rules.closed, rules.gap])
    # Where rules are at odds, or something that they turn on is open, nobody knows what they give.
    unknown = all_of([rules.thing.there, negated(any_of([rules.answered, none]))])
    match supposed.given:
        case None:
            return Term(value, none, unknown)
        case int(place):
            return Term(z3.If(unknown, world.code(policy.classes[place]), value), none)
        case _:
            return Term(value, any_of([none, unknown]))
