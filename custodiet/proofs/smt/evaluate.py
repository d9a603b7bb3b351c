"""The meaning of a policy as formulas: which rules cover a record, which of them stand, and what they answer.

Mirrors `evaluation/evaluate.py`, for fully known records. The evaluator tries every completion; the solver treats all
records at once, so there are no completions to count and no pivots to name. Only a division by zero, a rate that is
in no row, or a policy without an answer can be open: then *covers* and *may cover* are two formulas, and so are
*stands* and *may stand*. What is displaced and what was read is left to the evaluator, which reads every example
again.
"""

from functools import cached_property

import z3

from custodiet.policy.analysis.plan import Plan, Plans
from custodiet.policy.language.ast import Policy
from custodiet.proofs.smt.budget import PART
from custodiet.proofs.smt.combine import pairs_of, said
from custodiet.proofs.smt.expressions import NOTHING_SUPPOSED, Reading, Supposed
from custodiet.proofs.smt.turns import Turns
from custodiet.proofs.smt.values import YES, Condition, Formula, Term, all_of, any_of, either, negated
from custodiet.proofs.smt.worlds import Thing, World


class Evaluator:
    """Answers the questions of some policies about the records of a world."""

    def __init__(self, plans: Plans, world: World, law: str = "", supposed: Supposed = NOTHING_SUPPOSED) -> None:
        """Prepare to decide records of this world; `law` tells the policies of two laws in one world apart."""
        self._plans, self._world, self._law, self._supposed = plans, world, law, supposed
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
        reading = self._reading(policy)
        return Evaluation(reading.plan, thing, reading)

    def _reading(self, policy: Policy) -> Reading:
        """The reading of one policy's expressions, the same for all records."""
        if policy.name not in self._readings:
            plan = self._plans.of(policy)
            self._readings[policy.name] = Reading(self._world, plan, self.decide, self._supposed, self._law)
        return self._readings[policy.name]


class Evaluation:
    """One policy and one record."""

    def __init__(self, plan: Plan, thing: Thing, reading: Reading) -> None:
        """Read every version of every rule."""
        self.plan, self.policy, self.thing, self.reading = plan, plan.policy, thing, reading
        self.world = reading.world
        self.on = reading.term(plan.on, (thing,)).value
        self.conditions = [
            Condition.settled(YES) if version.when is None else reading.holds(version.when, (thing,))
            for version in plan.versions
        ]
        """Whether each version's condition holds."""
        self.said = [said(self.policy, thing, version, reading) for version in plan.versions]
        """What each version answers where it stands."""
        self.turns = Turns(plan, self.on, self.conditions, self.world.spend)
        self._differ: dict[tuple[int, int], Formula] = {}

    # What they answer

    @cached_property
    def closed(self) -> Formula:
        """Nothing divides by zero and no rate is missing in any condition or amount on which the answer turns."""
        each = zip(self.turns.stands, self.said, strict=True)
        amounts = (any_of([negated(stands), negated(said.open)]) for stands, said in each)
        return all_of([self.turns.closed, *amounts])

    @cached_property
    def gap(self) -> Formula:
        """No rule stands, whatever is open."""
        return negated(any_of(self.turns.may_stand))

    def contradict(self, one: int, other: int) -> Formula:
        """Two versions stand and disagree."""
        if (one, other) not in self._differ:
            parts = len(self.said[one].owed) + len(self.said[other].owed)
            self.world.spend(PART * (1 + parts**2))
            self._differ[one, other] = self.said[one].differs(self.said[other])
        return all_of([self.turns.stands[one], self.turns.stands[other], self._differ[one, other]])

    @cached_property
    def conflict(self) -> Formula:
        """Two standing rules disagree."""
        return any_of([self.contradict(*pair) for pair in pairs_of(self.policy)])

    def below_zero(self, number: int) -> Formula:
        """A version under which somebody owes less than zero stands."""
        return all_of([self.turns.stands[number], self.said[number].faulty])

    @cached_property
    def faulty(self) -> Formula:
        """Some version under which somebody owes less than zero stands."""
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
            for mine, one in zip(self.turns.stands, self.said, strict=True)
            for theirs, two in zip(other.turns.stands, other.said, strict=True)
        ])  # fmt: skip
        differ = [either(self.gap, other.gap), either(self.conflict, other.conflict), all_of([*agree, other_answer])]
        return all_of([self.settled, other.settled, any_of(differ)])


def weighed(
    policy: Policy, plans: Plans, world: World, law: str = "", supposed: Supposed = NOTHING_SUPPOSED
) -> Evaluation:
    """What one of some policies answers for the record that a world is drawn around."""
    return Evaluator(plans, world, law, supposed).weigh(policy, world.root)


def given_value(rules: Evaluation, supposed: Supposed) -> Term:
    """What the answer of a policy that gives a field makes of that field: its class, or none where no rule stands."""
    world, policy = rules.world, rules.policy
    value = world.code(policy.classes[-1])
    for version, stands in zip(policy.versions, rules.turns.stands, strict=True):
        value = z3.If(stands, world.code(version.classified or ""), value)
    none = all_of([rules.closed, rules.gap])
    # If rules contradict each other, or depend on something open, the given value is unknown.
    unknown = all_of([rules.thing.there, negated(any_of([rules.answered, none]))])
    match supposed.given:
        case None:
            return Term(value, none, unknown)
        case int(place):
            return Term(z3.If(unknown, world.code(policy.classes[place]), value), none)
        case _:
            return Term(value, any_of([none, unknown]))
