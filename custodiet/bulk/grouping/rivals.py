"""Which versions can answer together, or one in one case and another in another: what they say is compared."""

from collections.abc import Sequence

from custodiet.policy.analysis.exclusion import demands_of, exclusive
from custodiet.policy.analysis.plan import Plan


class Rivals:
    """The versions of a policy that can meet, by number."""

    def __init__(self, plan: Plan, *, settled: Sequence[bool], dated: bool) -> None:
        """See how the versions of a plan displace one another.

        `settled` says of each version whether it is known in every row how it covers, `dated` whether the date always
        tells which versions are in force.
        """
        self._settled, self._dated = settled, dated
        self._demands = [demands_of(each, plan) for each in plan.versions]
        self._layouts = [plan.layout(days) for days in plan.stretches_in()]
        self._together: dict[tuple[int, int], bool] = {}

    def together(self, one: int, other: int) -> bool:
        """Whether two versions can answer together."""
        if (one, other) not in self._together:
            self._together[one, other] = not exclusive(self._demands[one], self._demands[other]) and any(
                not (displaced or displaces) for displaced, displaces in self._meetings(one, other)
            )
        return self._together[one, other]

    def by_turns(self, one: int, other: int) -> bool:
        """Whether one version can answer in one way and another in another: not where what displaces is settled."""
        if self.together(one, other):
            return False
        if not self._dated:
            return True
        turned = [(displaces and self._settled[one]) or (displaced and self._settled[other])
                  for displaced, displaces in self._meetings(one, other)]  # fmt: skip
        return not turned or not all(turned)

    def _meetings(self, one: int, other: int) -> list[tuple[bool, bool]]:
        """For each place of two versions in each stretch: whether one is displaced by the other, and displaces it."""
        found: list[tuple[bool, bool]] = []
        for layout in self._layouts:
            firsts, seconds = ([place for place, own in enumerate(layout.own) if own == each] for each in (one, other))
            found += [
                (layout.displaces(second, first), layout.displaces(first, second))
                for first in firsts
                for second in seconds
            ]
        return found
