"""The policy's date in each row: which versions are in force on it, and in which stretch of days it lies."""

from custodiet.base.dates import ANY_DAY
from custodiet.bulk.sql.exact_arithmetic import Exact, Whole, below
from custodiet.bulk.sql.expressions import Compiler
from custodiet.bulk.sql.joins import ASKED, Frame
from custodiet.bulk.sql.syntax import NO, UNKNOWN, YES, Digit, Sql, both, case, either, is_no, is_unknown, opposite
from custodiet.policy.analysis.plan import Plan
from custodiet.policy.language.ast import Version


class PolicyDate:
    """The date by which a policy's rules are in force or not, over the rows of a frame."""

    def __init__(self, plan: Plan, compiler: Compiler, frame: Frame) -> None:
        """Compile the date."""
        self._plan, self._compiler, self._outcome = plan, compiler, compiler.outcomes.of
        self.stretches = plan.stretches_in()
        self._on = compiler.number(plan.on, (ASKED,), frame)
        self._cuts = [days.first.toordinal() for days in self.stretches[1:] if days.first is not None]
        """The first days of all stretches but the first."""

    def in_force(self, version: Version) -> Sql:
        """Whether a version is in force on the date; NULL where that is unknown."""
        days = version.in_force
        if days == ANY_DAY:
            return YES
        first, last = self._on.low, self._on.high
        begins = YES if days.first is None else self._not_before(first, days.first.toordinal())
        ends = YES if days.last is None else self._not_after(last, days.last.toordinal())
        if first is last and first is not None and not first.over.nullable and is_no(self._on.none):
            return both(begins, ends)
        over = NO if days.last is None else opposite(self._not_after(first, days.last.toordinal(), missing=YES))
        not_yet = NO if days.first is None else opposite(self._not_before(last, days.first.toordinal(), missing=YES))
        # A date that is none is any day, as it is for the evaluator: the policy's own date may not be none.
        known = opposite(self._outcome(self._on.none))
        return case((both(known, begins, ends), YES), (both(known, either(over, not_yet)), NO), otherwise=UNKNOWN)

    def crossing(self, frame: Frame) -> Sql:
        """Whether the date, read in the rows of a frame, leaves open which versions are in force; never NULL."""
        if not self._cuts:
            return NO
        on = self._compiler.number(self._plan.on, (ASKED,), frame)
        none = self._outcome(on.none)
        if on.low is on.high and on.low is not None and not on.low.over.nullable:
            return none
        apart = [
            both(opposite(self._not_before(on.low, cut)), self._not_before(on.high, cut, missing=YES))
            for cut in self._cuts
        ]
        return frame.let(either(none, *apart))

    def stretch(self) -> Digit:
        """In which stretch the date lies: the last of those whose first day it has reached."""
        return (YES, *(self._not_before(self._on.low, cut) for cut in reversed(self._cuts)))

    def stretches_of_ends(self) -> tuple[Digit, ...]:
        """The stretches in which the first and the last possible day lie."""
        bounds = (self._on.low, NO), (self._on.high, YES)
        return tuple((YES, self._not_before(bound, cut, missing)) for bound, missing in bounds for cut in self._cuts)

    def _not_before(self, bound: Exact | None, ordinal: int, missing: Sql = NO) -> Sql:
        """Whether a bound of a date has reached a day; `missing` where there is no bound."""
        if bound is None:
            return missing
        reached = opposite(below(bound, Exact(Whole.of(ordinal), Whole.of(1))))
        return self._outcome(case((is_unknown(bound.over.sql), missing), otherwise=reached))

    def _not_after(self, bound: Exact | None, ordinal: int, missing: Sql = NO) -> Sql:
        if bound is None:
            return missing
        passed = opposite(below(Exact(Whole.of(ordinal), Whole.of(1)), bound))
        return self._outcome(case((is_unknown(bound.over.sql), missing), otherwise=passed))
