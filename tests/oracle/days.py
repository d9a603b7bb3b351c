"""Words of policies that ask for the rides of some days: a register may be vouched for these and for no others."""

from dataclasses import replace

from custodiet.base.dates import Days
from custodiet.policy.language.ast import And, Compare, Expression, Literal, Or, Over, Path

from .strategies import RIDE_WORDS, TOUR_WORDS, amount, is_, less, path


def _on_days(rides: str) -> tuple[Expression, ...]:
    """Conditions on the rides of some days, which a register that is vouched for these days is enough to settle."""
    taken, starts = path("taken_on"), path("tour.starts_on")
    first_half = And((_not_before("2020-01-01", taken), _not_after(taken, "2020-06-30")))
    return (
        Compare("<=", amount("1"), Over("count", path(rides), Compare("=", taken, starts))),
        Over("any", path(rides), And((Path(("on_duty",)), less(taken, _day("2020-07-01"))))),
        Compare("<", Over("sum", path(f"{rides}.fare"), first_half), amount("40")),
        Over("all", path(rides), Or((less(taken, _day("2021-03-15")), Path(("on_duty",))))),
        Over("any", path(rides), And((less(starts, taken), Compare("<=", taken, path("certified_on"))))),
        Over("any", path(rides), And((path("tour.cancelled"), is_("purpose", "work")))),
    )


def _day(date: str) -> Literal:
    return Literal(Days.read(date))


def _not_before(date: str, what: Expression) -> Compare:
    return Compare("<=", _day(date), what)


def _not_after(what: Expression, date: str) -> Compare:
    return Compare("<=", what, _day(date))


DAY_WORDS = tuple(
    replace(
        words,
        categories=words.categories[:2],
        measures=_on_days(rides),
        counts=_on_days(rides),
        amounts=(
            Over("sum", path(f"{rides}.fare"), Compare("=", path("taken_on"), path("tour.starts_on"))),
            amount("10"),
        ),
    )
    for words, rides in ((RIDE_WORDS, "tour.ride"), (TOUR_WORDS, "ride"))
)
"""For a ride and for a tour: what asks for the rides of some days."""
