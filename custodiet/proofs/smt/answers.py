"""The answer that a version of a rule gives, as formulas, and where two answers are the same.

Mirrors `evaluation/answers.py`. If everything is known, a record has one answer: that of any standing version, unless
two contradict each other. So there are no sets of answers, no bounds and no words for them; *no rule* and *conflict*
are where no version stands and where two do not agree (`evaluate`). Payers are compared here and not in `combine`,
because whether two payers are one person is a formula too, and part of whether two answers are the same.
"""

from dataclasses import dataclass

import z3

from custodiet.policy.language.ast import Payer, Version
from custodiet.proofs.smt.values import NO, YES, Formula, Term, all_of, any_of, negated, same


@dataclass(frozen=True, slots=True)
class Who:
    """A payer: a body by its name, or a person by the path as written and whom it leads to."""

    payer: Payer
    person: Term | None

    def is_(self, other: "Who") -> Formula:
        """Whether both are the same body, or the same person; where nobody is named, the same path."""
        if self.person is None or other.person is None:
            return YES if self.payer == other.payer else NO
        one, two, one_path = self.person, other.person, self.payer.path == other.payer.path
        if one_path and one.value.eq(two.value) and one.none.eq(two.none):
            return YES
        # One path leads to two persons where two laws define a name on it differently.
        one_person = all_of([negated(one.none), negated(two.none), same(one.value, two.value)])
        return any_of([one_person, all_of([one.none, two.none])]) if one_path else one_person


@dataclass(frozen=True, eq=False, slots=True)
class Owed:
    """What one payer owes, in minor units."""

    payer: Who
    amount: z3.ArithRef
    liable: Who | None = None
    """Who else is liable for it."""

    def makes_liable_otherwise(self, other: "Owed") -> Formula:
        """Whether another part asks the same payer for something, and makes somebody else liable for it."""
        if self.liable == other.liable:
            return NO
        others = YES if other.liable is None else negated(self.makes_liable(other.liable))
        return all_of([self.payer.is_(other.payer), others, self.amount != 0, other.amount != 0])

    def makes_liable(self, who: Who) -> Formula:
        """Whether it makes somebody liable too; nobody is, where nothing is due."""
        if self.liable is None:
            return NO
        return all_of([self.liable.is_(who), self.amount != 0])


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """The answer of one version to a record that it covers."""

    version: Version
    owed: tuple[Owed, ...]
    open: Formula
    """Where an amount is open."""

    @property
    def total(self) -> z3.ArithRef:
        """What all payers owe together."""
        return z3.Sum([z3.IntVal(0), *(each.amount for each in self.owed)])

    def owed_by(self, who: Who) -> z3.ArithRef:
        """All that one payer owes."""
        return z3.Sum([z3.IntVal(0), *(z3.If(each.payer.is_(who), each.amount, 0) for each in self.owed)])

    @property
    def faulty(self) -> Formula:
        """Where some payer owes less than zero."""
        return any_of([self.owed_by(each.payer) < 0 for each in self.owed])

    def differs(self, other: "Answer") -> Formula:
        """Where another answer differs in permission, in class, or in what somebody owes."""
        one, two = self.version, other.version
        if (one.permission, one.classified) != (two.permission, two.classified):
            return YES
        payers = [each.payer for each in (*self.owed, *other.owed)]
        sums = ((self.owed_by(each), other.owed_by(each)) for each in payers)
        return any_of([mine != theirs for mine, theirs in sums if not mine.eq(theirs)])

    def makes_liable_otherwise(self, other: "Answer") -> Formula:
        """Where another answer makes different people liable for what somebody owes."""
        return any_of([one.makes_liable_otherwise(two) for one in self.owed for two in other.owed])

    def answers_otherwise(self, other: "Answer") -> Formula:
        """Where another answer is not the same, if each is the only one; who else is liable is part of it.

        *Nothing due* differs from saying nothing about money.
        """
        silent = self.version.permission is None and (self.version.owes is None) != (other.version.owes is None)
        nothing_due = all_of([negated(self.total > 0), negated(other.total > 0)]) if silent else NO
        return any_of([self.differs(other), self.makes_liable_otherwise(other), nothing_due])
