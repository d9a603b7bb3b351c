"""The questions about a policy, as formulas that hold where the answer is yes."""

from collections.abc import Callable
from dataclasses import dataclass

from custodiet.proofs.claims import Claimed
from custodiet.proofs.smt.evaluate import Evaluation
from custodiet.proofs.smt.values import Condition, Formula, all_of, any_of, is_no, negated, within

FAULTS = ("conflict", "division", "negative amount")
"""The faults a record can have in place of an answer."""


@dataclass(frozen=True, eq=False, slots=True)
class Questions:
    """The questions about a policy, read in one world."""

    rules: Evaluation
    open: tuple[Condition, ...]
    claims: tuple[Claimed, ...]
    ways: tuple["Questions", ...] = ()
    """The same reading under other assumptions about the open values; a result the evaluator determines holds under
    every assumption. Empty if nothing can be open.
    """
    with_rates: tuple["Questions", ...] = ()
    """The same with assumed rates where there are none, so that only divisions by zero are open."""

    def in_all(self, what: Callable[["Questions"], Formula]) -> Formula:
        """Where something may hold: it holds under every assumption about the open values."""
        return all_of([what(each) for each in self.ways or (self,)])

    def in_all_with_rates(self, what: Callable[["Questions"], Formula]) -> Formula:
        """Where something may hold, if only divisions by zero are open."""
        return all_of([what(each) for each in self.with_rates or (self,)])

    @property
    def known(self) -> Formula:
        """Everything is known, and some rule is in force."""
        return all_of([self.rules.turns.live, self.rules.closed])

    @property
    def may_be_open(self) -> bool:
        """Whether a rate can be missing, a divisor zero, or another policy without an answer."""
        claims = [part for each in self.claims for part in (each.when.open, each.amount_open)]
        open_ = [negated(self.rules.closed), *claims, *(each.open for each in self.open)]
        return not all(is_no(part) for part in open_)

    @property
    def gap(self) -> Formula:
        """No rule answers, and the gap is not intended."""
        return all_of([self.known, self.rules.gap, *(negated(each.yes) for each in self.open)])

    def answered_in(self, entry: int) -> Formula:
        """Rules answer, or contradict each other, for records that an entry of `open.md` covers."""
        return all_of([self.rules.turns.live, self.rules.settled, negated(self.rules.gap), self.open[entry].yes])

    @property
    def conflict(self) -> Formula:
        """Two standing rules disagree."""
        return all_of([self.known, self.rules.conflict])

    def may_be_answered(self, number: int) -> Formula:
        """Where a record covered by a claim may have an answer: the same under every assumption."""
        ways = self.ways or (self,)
        others = [negated(ways[0].rules.answers_otherwise(each.rules)) for each in ways[1:]]
        return all_of([*(each.claims[number].answered for each in ways), *others])

    def below_zero(self, number: int) -> Formula:
        """A version under which somebody owes less than zero stands alone."""
        return all_of([self.known, negated(self.rules.conflict), self.rules.below_zero(number)])

    def fault(self, kind: str) -> Formula:
        """Where some version has the given fault, one of FAULTS."""
        match kind:
            case "conflict":
                return self.conflict
            case "division":
                return any_of([self.divides_by_zero(number) for number in range(len(self.rules.said))])
            case _:
                return any_of([self.below_zero(number) for number in range(len(self.rules.said))])

    def divides_by_zero(self, number: int) -> Formula:
        """A version's condition is open while it is in force, or it stands and its amount is; all rates are known."""
        rules = self.rules
        supposed = rules.reading.supposed.rate is not None
        rates = [] if supposed else [negated(missing) for missing in rules.reading.rates_missing]
        now = within(rules.policy.versions[number].in_force, rules.on)
        condition = all_of([now, rules.conditions[number].open])
        stands = rules.turns.may_stand[number] if supposed else all_of([rules.turns.closed, rules.turns.stands[number]])
        amount = all_of([stands, rules.said[number].open])
        return all_of([rules.turns.live, any_of([condition, amount]), *rates])
