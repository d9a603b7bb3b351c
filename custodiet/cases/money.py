"""The money of a case at a day: ordered, settled, paid, scheduled and outstanding, each by itself.

Nothing erases what was ordered. What is owed is said by the last act in force: an order, the
settlement that took its place, or what revived when a default was recorded. Every figure lies
between two bounds, which are one where everything it rests on is known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Range, greatest, least
from custodiet.base.truth import Truth
from custodiet.cases.case import STEPS, Case, happened_by, when
from custodiet.cases.in_force import InForce, in_force
from custodiet.cases.order import total_of
from custodiet.cases.possible import FROM_ZERO, ZERO, bounds, either, from_zero, where
from custodiet.cases.received import Received
from custodiet.policy.result import Bounds
from custodiet.records.facts import Record


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of one debt by a day: an order with everything that followed it.

    owed + overpaid + not counted = paid + deposited + outstanding + scheduled + stayed, wherever all
    of these are known.
    """

    acts: tuple[str, ...]
    """The orders, settlements and defaults of this debt, in their order; later ones than the day too."""
    on: date
    ordered: Bounds
    """What the last order came to on the day it was made; nothing after takes it away."""
    settled: Bounds | None
    """What the last settlement came to; None if there was none by then."""
    owed: Bounds
    """What the act in force asks in all, with the interest that a cited rule adds."""
    interest: Bounds
    paid: Bounds
    """Received by the day and not taken back; deposits are not in it."""
    deposited: Bounds
    """Received while a review was open that is open still."""
    not_counted: Bounds
    """Paid under a settlement in default, where that does not count towards what revived."""
    scheduled: Bounds
    """Owed, and due only after the day."""
    outstanding: Bounds
    """Due by the day and not paid."""
    stayed: Bounds
    """Due, but nothing can be demanded while a review is open."""
    overpaid: Bounds
    """Received beyond what is owed: to be given back."""
    later_payments_unknown: bool
    """Whether nobody vouches for the register of payments up to that day; then `paid` has no upper bound."""


def balances(case: Case, on: date, currency: str) -> tuple[Balance, ...]:
    """The balance of every debt of a case at a day, as far as payments are known."""
    debts = debts_of(case)
    return tuple(_balance(Received(case, acts, Days.on(on), only=len(debts) == 1), currency) for acts in debts)


def payments_known_until(case: Case, first: date) -> date | None:
    """The last day up to which somebody vouches for every payment since a first day; None if nobody does."""
    periods = [each.during for each in case.facts.vouched if each.type == "payment"]
    return max((period.last for period in periods if period.last and period.covers(Days.on(first))), default=None)


def debts_of(case: Case) -> tuple[tuple[Record, ...], ...]:
    """The acts of each debt: an order, the orders and settlements in its place, and their defaults, in their order.

    An act whose day is unknown comes after the act it follows.
    """
    acts = {act.id: act for act in case.timeline if act.type in ("order", "settlement", "default")}
    trails = {id_: _trail(acts, id_) for id_ in acts}
    debts: dict[str, list[Record]] = {}
    for id_ in sorted(acts, key=lambda each: _place(acts, trails[each])):
        debts.setdefault(trails[id_][0], []).append(acts[id_])
    return tuple(tuple(debt) for debt in debts.values())


def _trail(acts: Mapping[str, Record], id_: str) -> tuple[str, ...]:
    """An act and those it follows, the first of them first."""
    trail = [id_]
    while True:
        act = acts[trail[0]]
        above = act.value("settlement" if act.type == "default" else "replaces")
        if not isinstance(above, str) or above not in acts or above in trail:
            return tuple(trail)
        trail.insert(0, above)


def _place(acts: Mapping[str, Record], trail: tuple[str, ...]) -> tuple[date, int, int, str]:
    days = [(when(acts[id_]) or ANY_DAY).first for id_ in trail]
    return max((day for day in days if day), default=date.max), len(trail), STEPS.index(acts[trail[-1]].type), trail[-1]


def _balance(received: Received, currency: str) -> Balance:
    acts, on = received.acts, received.on
    first = when(acts[0]) or ANY_DAY
    vouched = received.case.facts.is_vouched("payment", Days(first.first, on.last))
    ways = list(_ways(acts, on))
    settlements = [[act for act in way if act.type == "settlement"] for way in ways]
    orders = [[act for act in way if act.type == "order"] for way in ways]
    paid = received.paid if vouched else received.paid + FROM_ZERO
    states = [_stand(state, paid, received.deposited) for way in ways for state in in_force(received, way)]
    settled = either(total_of(each[-1]) if each else ZERO for each in settlements) if any(settlements) else None
    return Balance(
        tuple(act.id for act in acts),
        on.day,
        bounds(either(total_of(each[-1]) if each else ZERO for each in orders), currency),
        None if settled is None else bounds(settled, currency),
        bounds(either(each.owed for each in states), currency),
        bounds(either(each.interest for each in states), currency),
        bounds(paid, currency),
        bounds(received.deposited, currency),
        bounds(either(each.not_counted for each in states), currency),
        bounds(either(each.scheduled for each in states), currency),
        bounds(either(each.outstanding for each in states), currency),
        bounds(either(each.stayed for each in states), currency),
        bounds(either(each.overpaid for each in states), currency),
        not vouched,
    )


def _ways(acts: tuple[Record, ...], on: Days) -> Iterator[list[Record]]:
    """The acts that happened by a day: one way for each answer to what is unknown of their days.

    No act happened before the one it follows.
    """
    truths = [happened_by(act, on) for act in acts]
    answers = [(True, False) if each is Truth.UNKNOWN else (each is Truth.YES,) for each in truths]
    ids = {act.id: place for place, act in enumerate(acts)}
    trails = [[ids[id_] for id_ in _trail({act.id: act for act in acts}, each.id)] for each in acts]
    for way in product(*answers):
        if all(way[above] for place, trail in enumerate(trails) if way[place] for above in trail):
            yield [act for act, happened in zip(acts, way, strict=True) if happened]


@dataclass(frozen=True, slots=True)
class _Stand:
    """How what was received stands to what is in force, in one way."""

    owed: Range
    interest: Range
    not_counted: Range
    scheduled: Range
    outstanding: Range
    stayed: Range
    overpaid: Range


def _stand(state: InForce, paid: Range, deposited: Range) -> _Stand:
    met = from_zero(paid - state.not_counted) + deposited
    due = least(state.due, state.owed)
    not_met = from_zero(due - met)
    return _Stand(
        state.owed,
        state.interest,
        state.not_counted,
        scheduled=from_zero(state.owed - greatest(met, due)),
        outstanding=where(~state.stayed, not_met),
        stayed=where(state.stayed, not_met),
        overpaid=from_zero(met - state.owed),
    )
