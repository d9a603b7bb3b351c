"""What the rules of a policy say of a record, as formulas: which of them stand, and whether they agree.

The same meaning as `evaluation.evaluate` and `evaluation.combine`, for records of which all is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import z3

from custodiet.policy.analysis.precedence import Cycle, in_force, stretches, structure
from custodiet.policy.analysis.resolve import Vocabulary
from custodiet.policy.language.ast import Payer, Policy, Share, Version
from custodiet.proofs.smt.budget import PART
from custodiet.proofs.smt.expressions import NOTHING_SUPPOSED, Expressions, Supposed, within
from custodiet.proofs.smt.values import (
    NO,
    YES,
    Condition,
    Formula,
    Term,
    all_of,
    any_of,
    either,
    negated,
    rounded,
    same,
)
from custodiet.proofs.smt.worlds import Thing, World


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """What one version says that one payer owes, in minor units."""

    payer: Payer
    person: Term | None
    """Who a path leads to."""
    amount: z3.ArithRef
    liable: tuple[Payer, Term | None] | None = None
    """Who is liable for it too, and to whom a path leads there."""

    def is_of(self, payer: Payer, person: Term | None) -> Formula:
        """Whether it is of that payer: the same body, or the same person; where nobody is named, the same path."""
        if self.person is None or person is None:
            return YES if self.payer == payer else NO
        if self.payer.path == payer.path:
            return YES
        return all_of([negated(self.person.none), negated(person.none), same(self.person.value, person.value)])

    def makes_liable_otherwise(self, other: "Part") -> Formula:
        """Whether another part asks the same payer for something, and makes somebody else liable for it."""
        if self.liable == other.liable:
            return NO
        others = YES if other.liable is None else negated(self.makes_liable(*other.liable))
        return all_of([self.is_of(other.payer, other.person), others, self.amount != 0, other.amount != 0])

    def makes_liable(self, payer: Payer, person: Term | None) -> Formula:
        """Whether it makes somebody liable too; nobody is, where nothing is due."""
        if self.liable is None:
            return NO
        return all_of([Part(*self.liable, self.amount).is_of(payer, person), self.amount != 0])


@dataclass(frozen=True, eq=False, slots=True)
class Said:
    """What one version says of a record that it covers."""

    version: Version
    parts: tuple[Part, ...]
    open: Formula
    """Where an amount is open."""

    def owed_by(self, payer: Payer, person: Term | None) -> z3.ArithRef:
        """All that one payer owes by it."""
        return z3.Sum([z3.IntVal(0), *(z3.If(part.is_of(payer, person), part.amount, 0) for part in self.parts)])

    @property
    def owed(self) -> z3.ArithRef:
        """All that is owed by it."""
        return z3.Sum([z3.IntVal(0), *(part.amount for part in self.parts)])

    @property
    def below_zero(self) -> Formula:
        """Where some payer owes less than nothing."""
        return any_of([self.owed_by(part.payer, part.person) < 0 for part in self.parts])

    def differs(self, other: "Said") -> Formula:
        """Where two versions answer otherwise: in permission, in class, or in what somebody owes."""
        one, two = self.version, other.version
        if (one.permission, one.classified) != (two.permission, two.classified):
            return YES
        parts = (*self.parts, *other.parts)
        sums = ((self.owed_by(each.payer, each.person), other.owed_by(each.payer, each.person)) for each in parts)
        return any_of([mine != theirs for mine, theirs in sums if not mine.eq(theirs)])

    def makes_liable_otherwise(self, other: "Said") -> Formula:
        """Where two versions make different people liable for what somebody owes."""
        return any_of([one.makes_liable_otherwise(two) for one in self.parts for two in other.parts])

    def answers_otherwise(self, other: "Said") -> Formula:
        """Where two versions answer otherwise, if each alone answers; nothing due differs from no word about money.

        Who else is liable is part of the answer.
        """
        silent = self.version.permission is None and (self.version.owes is None) != (other.version.owes is None)
        nothing_due = all_of([negated(self.owed > 0), negated(other.owed > 0)]) if silent else NO
        return any_of([self.differs(other), self.makes_liable_otherwise(other), nothing_due])


class Rules:
    """One policy, asked about one record of a world."""

    def __init__(self, policy: Policy, thing: Thing, expressions: Expressions) -> None:
        """Read every version of every rule."""
        self.policy, self.thing, self.expressions = policy, thing, expressions
        self.world = expressions.world
        scope = (thing,)
        self.on = expressions.term(policy.on, scope).value
        self.conditions = [
            Condition.settled(YES) if version.when is None else expressions.holds(version.when, scope)
            for version in policy.versions
        ]
        self.said = [self._said(version) for version in policy.versions]
        self.stretches = [(days, numbers) for days in stretches(policy) if (numbers := in_force(policy, days))]
        self._covers: list[list[Formula]] = [[] for _ in policy.versions]
        self._stands: list[list[Formula]] = [[] for _ in policy.versions]
        self._may_cover: list[list[Formula]] = [[] for _ in policy.versions]
        self._may_stand: list[list[Formula]] = [[] for _ in policy.versions]
        self._differ: dict[tuple[int, int], Formula] = {}
        for days, numbers in self.stretches:
            self._lay_out(within(days, self.on), numbers)

    def _lay_out(self, now: Formula, numbers: frozenset[int]) -> None:
        """Note which versions cover and stand in one stretch of days."""
        laid_out = structure(self.policy, numbers)
        if isinstance(laid_out, Cycle):
            raise TypeError(laid_out.versions)
        self.world.spend(PART * sum(map(len, (*laid_out.upwards, *laid_out.displacers))))
        number = {id(version): place for place, version in enumerate(self.policy.versions)}
        covers = [
            all_of([self.conditions[number[id(around.version)]].yes for around in place.upwards])
            for place in laid_out.places
        ]
        may_cover = [
            all_of([self.conditions[number[id(around.version)]].perhaps for around in place.upwards])
            for place in laid_out.places
        ]
        for here, (place, displacers) in enumerate(zip(laid_out.places, laid_out.displacers, strict=True)):
            version = number[id(place.version)]
            self._covers[version].append(all_of([now, covers[here]]))
            self._may_cover[version].append(all_of([now, may_cover[here]]))
            alone = all_of([covers[here], *(negated(may_cover[each]) for each in displacers)])
            self._stands[version].append(all_of([now, alone]))
            perhaps = all_of([may_cover[here], *(negated(covers[each]) for each in displacers)])
            self._may_stand[version].append(all_of([now, perhaps]))

    @cached_property
    def covers(self) -> list[Formula]:
        """By version: where it surely covers."""
        return [any_of(ways) for ways in self._covers]

    @cached_property
    def may_cover(self) -> list[Formula]:
        """By version: where it may cover, whatever is open."""
        return [any_of(ways) for ways in self._may_cover]

    @cached_property
    def stands(self) -> list[Formula]:
        """By version: where it surely stands."""
        return [any_of(ways) for ways in self._stands]

    @cached_property
    def may_stand(self) -> list[Formula]:
        """By version: where it may stand, whatever is open."""
        return [any_of(ways) for ways in self._may_stand]

    @cached_property
    def live(self) -> Formula:
        """Some rule of the policy is in force."""
        return any_of([within(days, self.on) for days, _ in self.stretches])

    @cached_property
    def conditions_closed(self) -> Formula:
        """Of every version it is sure whether it stands; a condition on which nothing turns may be open."""
        return all_of([
            any_of([stands, negated(may_stand)])
            for stands, may_stand in zip(self.stands, self.may_stand, strict=True)
            if not stands.eq(may_stand)
        ])  # fmt: skip

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
            parts = len(self.said[one].parts) + len(self.said[other].parts)
            self.world.spend(PART * (1 + parts**2))
            self._differ[one, other] = self.said[one].differs(self.said[other])
        return all_of([self.stands[one], self.stands[other], self._differ[one, other]])

    @cached_property
    def conflict(self) -> Formula:
        """Some two rules stand and do not agree."""
        return any_of([self.contradict(*pair) for pair in pairs_of(self.policy)])

    def below_zero(self, number: int) -> Formula:
        """A version stands by which somebody owes less than nothing."""
        return all_of([self.stands[number], self.said[number].below_zero])

    @cached_property
    def faulty(self) -> Formula:
        """A version stands by which somebody owes less than nothing."""
        return any_of([self.below_zero(number) for number in range(len(self.said))])

    @cached_property
    def settled(self) -> Formula:
        """Nothing on which the answer turns is open, and no amount lies below zero."""
        return all_of([self.closed, any_of([self.conflict, negated(self.faulty)])])

    @cached_property
    def answers(self) -> Formula:
        """The rules answer: some stand, they agree, and every amount is one."""
        return all_of([self.closed, negated(self.gap), negated(self.conflict), negated(self.faulty)])

    def answers_otherwise(self, other: "Rules") -> Formula:
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

    def _said(self, version: Version) -> Said:
        parts: list[Part] = []
        spent: z3.ArithRef = z3.IntVal(0)
        open_: list[Formula] = []
        for share in version.owes or ():
            amount = self._amount(share, open_)
            amount, spent = (amount - spent, spent) if share.rest else (amount, spent + amount)
            if share.payer is not None:
                liable = None if share.liable is None else (share.liable, self._person(share.liable))
                parts.append(Part(share.payer, self._person(share.payer), amount, liable))
        return Said(version, tuple(parts), any_of(open_))

    def _amount(self, share: Share, open_: list[Formula]) -> z3.ArithRef:
        term = self.expressions.term(share.amount, (self.thing,))
        open_.append(term.open)
        return rounded(term, self.world.scale, self.policy.rounding, self.policy.step)

    def _person(self, payer: Payer) -> Term | None:
        return None if payer.path is None else self.expressions.term(payer.path, (self.thing,))


def pairs_of(policy: Policy) -> list[tuple[int, int]]:
    """Every two versions, by number, that are ever in force together."""
    together = (sorted(in_force(policy, days)) for days in stretches(policy))
    return sorted({pair for numbers in together for pair in combinations(numbers, 2)})


class Law:
    """Some policies of a pack in one world, each read for the records it is asked about."""

    def __init__(
        self, world: World, policies: Sequence[Policy], name: str = "", supposed: Supposed = NOTHING_SUPPOSED
    ) -> None:
        """Take the policies in order of dependence, as `Pack.policies` does; two laws in one world have two names."""
        self.world, self.name, self.supposed = world, name, supposed
        self._names = {policy.name: Vocabulary.of(policy, policies, world.types) for policy in policies}
        self._expressions: dict[str, Expressions] = {}
        self._given: dict[tuple[str, Thing], Term] = {}

    def expressions(self, policy: Policy) -> Expressions:
        """The expressions of one policy."""
        if policy.name not in self._expressions:
            self._expressions[policy.name] = Expressions(
                self.world, self._names[policy.name], self._give, self.name, self.supposed
            )
        return self._expressions[policy.name]

    def rules(self, policy: Policy) -> Rules:
        """A policy, asked about the record that the world is drawn around."""
        return Rules(policy, self.world.root, self.expressions(policy))

    def _give(self, policy: Policy, thing: Thing) -> Term:
        """What a policy gives for a record: the class that its rules agree on, or none where no rule stands."""
        key = policy.name, thing
        if key not in self._given:
            rules = Rules(policy, thing, self.expressions(policy))
            value = self.world.code(policy.classes[-1])
            for version, stands in zip(policy.versions, rules.stands, strict=True):
                value = z3.If(stands, self.world.code(version.classified or ""), value)
            none = all_of([rules.closed, rules.gap])
            # Where rules are at odds, or something that they turn on is open, nobody knows what they give.
            unknown = all_of([thing.there, negated(any_of([rules.answers, none]))])
            match self.supposed.given:
                case None:
                    self._given[key] = Term(value, none, unknown)
                case int(place):
                    class_ = self.world.code(policy.classes[place])
                    self._given[key] = Term(z3.If(unknown, class_, value), none)
                case _:
                    self._given[key] = Term(value, any_of([none, unknown]))
        return self._given[key]


def currency_of(policies: Sequence[Policy]) -> str:
    """The currency that some policies count in; empty if none speaks of money."""
    return next((policy.currency for policy in policies if policy.currency), "")
