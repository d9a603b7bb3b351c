"""The amounts of the shares of a policy's rules, in whole minor units: `evaluation.combine` for a whole column."""

from dataclasses import dataclass, replace
from functools import reduce

from custodiet.base.currencies import minor_digits
from custodiet.bulk.sql.exact_arithmetic import Exact, Whole, below, chosen, minus, plus, rounded, same_whole
from custodiet.bulk.sql.expressions import Compiler
from custodiet.bulk.sql.intervals import Number, as_null, sign
from custodiet.bulk.sql.joins import ASKED, Frame
from custodiet.bulk.sql.syntax import NO, YES, Sql, both, case, either, is_no, is_unknown, opposite
from custodiet.policy.analysis.plan import Plan, PlannedShare, PlannedVersion


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in whole minor units: the least and the greatest it can be. One object for both: it is known."""

    low: Whole | None
    high: Whole | None

    @classmethod
    def known(cls, value: Whole) -> "Amount":
        """An amount that is known in every row."""
        return cls(value, value)

    @property
    def settled(self) -> Sql:
        """Whether only one amount is possible; never NULL."""
        if self.low is None or self.high is None:
            return NO
        if self.low is self.high:
            return opposite(is_unknown(self.low.sql)) if self.low.nullable else YES
        return case((same_whole(self.low, self.high), YES), otherwise=NO)

    @property
    def zero(self) -> Sql:
        """Whether it is known to be zero; never NULL where it is settled."""
        if self.low is None or self.high is None:
            return NO
        return both(self.settled, sign(self.low)[0])

    @property
    def negative(self) -> Sql:
        """Whether it is known to be below zero; never NULL where it is settled."""
        if self.low is None or self.high is None:
            return NO
        return both(self.settled, sign(self.low)[1])

    def apart(self, other: "Amount") -> Sql:
        """Whether two amounts cannot be equal; never NULL."""
        return either(_under(self.high, other.low), _under(other.high, self.low))

    def touches(self, other: "Amount") -> Sql:
        """Whether the greatest of one is the least of the other; never NULL."""
        return either(_level(self.high, other.low), _level(other.high, self.low))

    def __add__(self, other: "Amount") -> "Amount":
        """Both together."""
        low = None if self.low is None or other.low is None else plus(self.low, other.low)
        if self.low is self.high and other.low is other.high:
            return Amount(low, low)
        return Amount(low, None if self.high is None or other.high is None else plus(self.high, other.high))

    def __sub__(self, other: "Amount") -> "Amount":
        """One less another."""
        low = None if self.low is None or other.high is None else minus(self.low, other.high)
        if self.low is self.high and other.low is other.high:
            return Amount(low, low)
        return Amount(low, None if self.high is None or other.low is None else minus(self.high, other.low))


def _under(one: Whole | None, other: Whole | None) -> Sql:
    if one is None or other is None:
        return NO
    return case((below(Exact(one, Whole.of(1)), Exact(other, Whole.of(1))), YES), otherwise=NO)


def _level(one: Whole | None, other: Whole | None) -> Sql:
    return NO if one is None or other is None else case((same_whole(one, other), YES), otherwise=NO)


NOTHING = Amount.known(Whole.of(0))

Form = int
"""The formula of a share, by number: shares with the same form have the same amount."""


def forms(plan: Plan) -> tuple[tuple[Form, ...], ...]:
    """For each version, the form of every share; what is left of a whole has the shares before it in its formula."""
    numbers: dict[object, Form] = {}
    found: list[tuple[Form, ...]] = []
    for version in plan.versions:
        before: list[Form] = []
        for planned in version.shares:
            formula = (planned.amount, *before) if planned.share.rest else planned.amount
            before.append(numbers.setdefault(formula, len(numbers)))
        found.append(tuple(before))
    return tuple(found)


class Amounts:
    """The amounts of one policy, each compiled once."""

    def __init__(self, plan: Plan, compiler: Compiler, frame: Frame) -> None:
        """Compile every share of every version."""
        self.policy, self.compiler, self.frame = plan.policy, compiler, frame
        self._of: dict[Form, Amount] = {}
        self._totals: dict[int, Amount] = {}
        self._sums: dict[tuple[Form, ...], Amount] = {}
        self.forms = forms(plan)
        """By version, in the order of the document."""
        for version in plan.versions:
            self._compile(version)

    @property
    def distinct(self) -> tuple[Form, ...]:
        """Every form, once."""
        return tuple(self._of)

    def amount(self, form: Form) -> Amount:
        """The amount of one share."""
        return self._of[form]

    def together(self, some: tuple[Form, ...]) -> Amount:
        """The amounts of several shares."""
        if some not in self._sums:
            self._sums[some] = self._let(reduce(lambda one, form: one + self._of[form], some, NOTHING))
        return self._sums[some]

    def total(self, place: int) -> Amount:
        """What a version says is owed in all."""
        return self._totals[place]

    def _compile(self, version: PlannedVersion) -> None:
        spent, total = NOTHING, NOTHING
        for planned, form in zip(version.shares, self.forms[version.number], strict=True):
            whole = self._rounded(planned)
            if planned.share.rest:
                self._of.setdefault(form, self._let(_left(whole, spent)))
                total = whole
            else:
                self._of.setdefault(form, whole)
                total, spent = total + whole, spent + whole
        self._totals[version.number] = self._let(total)

    def _rounded(self, planned: PlannedShare) -> Amount:
        term = self.compiler.number(planned.amount, (ASKED,), self.frame)
        low = self._bound(term, term.low)
        return self._let(Amount(low, low if term.is_point else self._bound(term, term.high)))

    def _let(self, amount: Amount) -> Amount:
        """An amount under names of its own, unless it is known in every row: then it is worked out where it is due."""
        if amount.low is amount.high:
            return amount
        low, high = (
            None if bound is None else replace(bound, inner=self.frame.let(bound.inner))
            for bound in (amount.low, amount.high)
        )
        return Amount(low, high)

    def _bound(self, term: Number, bound: Exact | None) -> Whole | None:
        if bound is None:
            return None
        policy = self.policy
        whole = rounded(bound, minor_digits(policy.currency), policy.rounding, policy.step)
        if is_no(term.none):
            return whole
        # What is none has no bounds, as in `evaluation.combine`.
        return chosen(term.none, Whole(as_null(), 0, 0), whole)


def _left(whole: Amount, spent: Amount) -> Amount:
    """What is left of a whole: bounded by it, and never below nothing unless it is known to be."""
    left = whole - spent
    if left.low is left.high:
        return left
    nought = Whole.of(0)
    if left.low is None:
        return Amount(nought, left.high)
    negative = either(is_unknown(left.low.sql), sign(left.low)[1])
    floored = chosen(both(opposite(left.settled), case((negative, YES), otherwise=NO)), nought, left.low)
    return Amount(floored, left.high)
