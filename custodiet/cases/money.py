"""The money of a case on a day: ordered, settled, paid, scheduled and outstanding, each by itself.

Nothing erases what was ordered. What is owed depends on the last act in force: an order, the settlement that replaced
it, or the debt that a default revived. Every figure has a lower and an upper bound, which are equal if everything that
the figure rests on is known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from custodiet.base.dates import Days
from custodiet.base.money import Range, greatest, least
from custodiet.base.truth import Truth
from custodiet.cases.amount_due import InForce, in_force
from custodiet.cases.case import Case, happened_by
from custodiet.cases.debts import debts_of, follows
from custodiet.cases.order import total_of
from custodiet.cases.payments import Received
from custodiet.cases.receipts import Receipts
from custodiet.cases.uncertain_amounts import ZERO, bounds, either, from_zero, where
from custodiet.policy.evaluation.result import Bounds
from custodiet.records.record import Record


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of one debt by a day: an order with everything that followed it.

    owed + overpaid + not counted = paid + deposited + outstanding + scheduled + stayed, if all of these are known.
    """

    acts: tuple[str, ...]
    """The orders, settlements and defaults of this debt, in their order; also those after that day."""
    on: date
    ordered: Bounds
    """The total of the last order on the day it was made; nothing later takes it away."""
    settled: Bounds | None
    """The total of the last settlement; None if there was none by then."""
    owed: Bounds
    """What the act in force asks in all, with the interest that a cited rule adds."""
    interest: Bounds
    paid: Bounds
    """Received by that day and not reversed, without deposits; below zero if more was reversed than received."""
    deposited: Bounds
    """Received while a review was open that is still open."""
    not_counted: Bounds
    """Paid under a settlement in default, if that does not count towards the revived debt."""
    scheduled: Bounds
    """Owed, and due only after the day."""
    outstanding: Bounds
    """Due by the day and not paid."""
    stayed: Bounds
    """Due, but nothing can be demanded while a review is open."""
    overpaid: Bounds
    """Received beyond what is owed, or beyond what its own payer owes; to be given back."""
    later_payments_unknown: bool
    """Whether nobody vouches for the register of payments up to that day; then `paid` has no upper bound."""


def balances(case: Case, on: date, currency: str) -> tuple[Balance, ...]:
    """The balance of every debt of a case on a day, as far as payments are known."""
    receipts = Receipts(case)
    return tuple(_balance(Received(receipts, acts, Days.on(on)), currency) for acts in debts_of(case))


def payments_known_until(case: Case, first: date) -> date | None:
    """The last day up to which somebody vouches for every payment since a first day; None if nobody does."""
    periods = [each.during for each in case.facts.vouched if each.type == "payment"]
    return max((period.last for period in periods if period.last and period.covers(Days.on(first))), default=None)


def _balance(received: Received, currency: str) -> Balance:
    acts, on = received.acts, received.on
    ways = _ways(acts, on)
    orders, settlements = (_last_of(type_name, ways) for type_name in ("order", "settlement"))
    stands = [_stand(state, received) for way in ways for state in in_force(received.receipts.case, way, on)]

    def in_all_ways(part: Callable[[_Stand], Range]) -> Bounds:
        return bounds(either(part(each) for each in stands), currency)

    return Balance(
        tuple(act.id for act in acts),
        on.day,
        ordered=_asked(orders, currency),
        settled=_asked(settlements, currency) if any(settlements) else None,
        owed=in_all_ways(lambda each: each.owed),
        interest=in_all_ways(lambda each: each.interest),
        paid=bounds(received.paid, currency),
        deposited=bounds(received.deposited, currency),
        not_counted=in_all_ways(lambda each: each.not_counted),
        scheduled=in_all_ways(lambda each: each.scheduled),
        outstanding=in_all_ways(lambda each: each.outstanding),
        stayed=in_all_ways(lambda each: each.stayed),
        overpaid=in_all_ways(lambda each: each.overpaid),
        later_payments_unknown=not received.vouched,
    )


def _last_of(type_name: str, ways: Sequence[Sequence[Record]]) -> list[Record | None]:
    """For each possibility, the last act of a type; None if there is none."""
    return [next((act for act in reversed(way) if act.type == type_name), None) for way in ways]


def _asked(acts: Sequence[Record | None], currency: str) -> Bounds:
    """The total that one of some acts asks for; nothing if there is none."""
    return bounds(either(ZERO if act is None else total_of(act) for act in acts), currency)


def _ways(acts: tuple[Record, ...], on: Days) -> list[list[Record]]:
    """The acts that happened by a day: one possibility for each answer to what is unknown about their days.

    No act happened before the one it follows: a later act shows that the earlier one had happened.
    """
    happened = {act.id: happened_by(act, on) for act in acts}
    for act in reversed(acts):
        above = follows(act)
        if isinstance(above, str) and happened.get(above) is Truth.UNKNOWN:
            happened[above] |= happened[act.id]
    ways: list[list[Record]] = [[]]
    for act in acts:
        if happened[act.id] is Truth.YES:
            ways = [[*way, act] for way in ways]
        elif happened[act.id] is Truth.UNKNOWN:
            above = follows(act)
            may = (way for way in ways if above not in happened or any(each.id == above for each in way))
            ways += [[*way, act] for way in may]
    return ways


@dataclass(frozen=True, slots=True)
class _Stand:
    """The balance of what was received against what is in force, under one possibility."""

    owed: Range
    interest: Range
    not_counted: Range
    scheduled: Range
    outstanding: Range
    stayed: Range
    overpaid: Range


def _stand(state: InForce, received: Received) -> _Stand:
    met = received.met(state.accounts, state.not_counting)
    due = least(state.due, state.owed)
    not_met = from_zero(due - met)
    return _Stand(
        state.owed,
        state.interest,
        received.under(state.not_counting),
        scheduled=from_zero(state.owed - greatest(met, due)),
        outstanding=where(~state.stayed, not_met),
        stayed=where(state.stayed, not_met),
        overpaid=from_zero(met - state.owed) + received.surplus(state.accounts, state.not_counting),
    )
