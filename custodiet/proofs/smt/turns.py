"""Which rules cover and which stand, as formulas.

Mirrors `evaluation/turns.py`. There every completion of what is open is a turn of its own; a formula holds for all
records at once, so none is enumerated, nothing is remembered of one record for another, and nothing is named that an
answer turns on. Where something is open, *covers* and *may cover* are two formulas, and so are *stands* and *may
stand*.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import z3

from custodiet.base.dates import Days
from custodiet.policy.analysis.plan import Plan
from custodiet.policy.analysis.precedence import in_force
from custodiet.proofs.smt.budget import PART
from custodiet.proofs.smt.values import Condition, Formula, all_of, any_of, negated, within


@dataclass(frozen=True, eq=False, slots=True)
class Turn:
    """How a version turns out in one of its places, on the days of one stretch."""

    version: int
    covers: Formula
    may_cover: Formula
    stands: Formula
    may_stand: Formula


class Turns:
    """How the versions of a policy turn out, given where each one's condition holds."""

    def __init__(
        self, plan: Plan, on: z3.ArithRef, conditions: Sequence[Condition], spend: Callable[[int], None]
    ) -> None:
        """Take every stretch of days on which some version is in force; `on` is the policy's date."""
        self._plan, self._on, self._conditions, self._spend = plan, on, conditions, spend
        self._stretches = [days for days in plan.stretches_in() if in_force(plan.policy, days)]
        self._each = [turn for days in self._stretches for turn in self._take(days)]

    def _take(self, days: Days) -> Iterator[Turn]:
        """How the versions turn out that are in force in one stretch of days, each in each of its places."""
        now, laid_out = within(days, self._on), self._plan.layout(days)
        self._spend(PART * sum(map(len, (*laid_out.upwards, *laid_out.displacers))))
        own = laid_out.own
        covers = [all_of([self._conditions[own[each]].yes for each in up]) for up in laid_out.upwards]
        may_cover = [all_of([self._conditions[own[each]].perhaps for each in up]) for up in laid_out.upwards]
        for place, displacers in enumerate(laid_out.displacers):
            alone = all_of([covers[place], *(negated(may_cover[each]) for each in displacers)])
            perhaps = all_of([may_cover[place], *(negated(covers[each]) for each in displacers)])
            yield Turn(
                own[place],
                *(all_of([now, each]) for each in (covers[place], may_cover[place], alone, perhaps)),
            )

    def _of_each(self, what: Callable[[Turn], Formula]) -> list[Formula]:
        """By version: where something is so of it, in any of its places and on any days."""
        found: list[list[Formula]] = [[] for _ in self._conditions]
        for turn in self._each:
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
        return any_of([within(days, self._on) for days in self._stretches])

    @cached_property
    def closed(self) -> Formula:
        """Of every version it is sure whether it stands; a condition on which nothing turns may be open."""
        return all_of([
            any_of([stands, negated(may_stand)])
            for stands, may_stand in zip(self.stands, self.may_stand, strict=True)
            if not stands.eq(may_stand)
        ])  # fmt: skip
