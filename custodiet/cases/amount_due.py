"""What is owed after some acts: under the order, the settlement in its place, or the debt revived by default."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from custodiet.base.dates import Days
from custodiet.base.money import Range
from custodiet.base.truth import Truth, any_of
from custodiet.cases.case import Case, date_reached, no_later, says_yes
from custodiet.cases.order import interest_of, parts_of, receivables_of, total_of
from custodiet.cases.payers import Account, accounts_of
from custodiet.cases.payments import is_open, reviews_of
from custodiet.cases.uncertain_amounts import FROM_ZERO, ZERO, added, either, range_of, where
from custodiet.records import UNKNOWN, core_types
from custodiet.records.record import Record

ON_DEFAULT = core_types()["settlement"].field("on_default").values
ORDER_REVIVES, _, REST_IS_DUE, NOTHING_AGREED = ON_DEFAULT


@dataclass(frozen=True, slots=True)
class InForce:
    """How much is owed in all, how much of it is due, and what prevents asking for it."""

    owed: Range
    due: Range
    interest: Range = ZERO
    accounts: tuple[Account, ...] = ()
    """What each payer is asked for, if there are several."""
    not_counting: Record | None = None
    """The settlement in default under which what was paid does not count towards what revived."""
    stayed: Truth = Truth.NO


def in_force(case: Case, acts: list[Record], on: Days) -> Iterator[InForce]:
    """What is in force after these acts: one possibility, or several if the effect of a default is unknown.

    If the payer of a part is not known, that part may have a payer of its own or be owed by any of the others.
    """
    for state in _in_force(case, acts, on):
        yield state
        if any(not account.payer for account in state.accounts):
            yield replace(state, accounts=())


def _in_force(case: Case, acts: list[Record], on: Days) -> Iterator[InForce]:
    if not acts:
        yield InForce(ZERO, ZERO)
    elif acts[-1].type == "order":
        yield by_order(case, acts[-1], on)
    elif acts[-1].type == "settlement":
        yield by_settlement(case, acts[-1], on)
    else:
        broken = case.find("settlement", str(acts[-1].value("settlement")))
        agreed = broken.value("on_default")
        for way in ON_DEFAULT if agreed is UNKNOWN else (str(agreed),):
            yield from after_default(case, way, broken, acts, on)


def by_order(case: Case, order: Record, on: Days) -> InForce:
    """What an order asks, less whatever a review took away."""
    interest = _interest(case, order, on)
    owed, due = total_of(order) + interest, _due(case, order, on) + interest
    reviews = reviews_of(case, (order,))
    for review, belongs in reviews:
        ended = belongs & date_reached(review, "decided_on", on)
        if ended is Truth.NO or review.value("result") in ("confirmed", "withdrawn"):
            continue
        # An order that was changed asks what its replacement says; until that is recorded, it is unknown.
        left = ZERO if review.value("result") == "overturned" else FROM_ZERO
        owed, due = (left, left) if ended is Truth.YES else (either((owed, left)), either((due, left)))
    stayed = any_of(belongs & is_open(review, on) & says_yes(review, "stays_payment") for review, belongs in reviews)
    return InForce(owed, due, interest, accounts_of(case, order, on), stayed=stayed)


def by_settlement(case: Case, settlement: Record, on: Days) -> InForce:
    """What a settlement asks."""
    interest = _interest(case, settlement, on)
    owed, due = total_of(settlement) + interest, _due(case, settlement, on) + interest
    return InForce(owed, due, interest, accounts_of(case, settlement, on))


def after_default(case: Case, way: str, broken: Record, acts: list[Record], on: Days) -> Iterator[InForce]:
    """What is owed, as agreed, once a settlement's default is recorded; all of it is due at once."""
    kept = by_settlement(case, broken, on)
    if way == NOTHING_AGREED:
        yield kept
        return
    if way == REST_IS_DUE:
        yield replace(kept, due=kept.owed)
        return
    orders = [act for act in acts if act.type == "order"]
    if way == ORDER_REVIVES and orders:
        revived = by_order(case, orders[-1], on)
    else:
        stated = range_of(broken.value("revives"))
        revived = InForce(stated if stated != ZERO else FROM_ZERO, ZERO)
    counts = says_yes(broken, "payments_count")
    if counts is not Truth.NO:
        yield replace(revived, due=revived.owed)
    if counts is not Truth.YES:
        yield replace(revived, due=revived.owed, not_counting=broken)


def _due(case: Case, act: Record, on: Days) -> Range:
    """What can be asked for on a day: the parts due by then."""
    return added(where(no_later(part.due_on, on), part.amount) for part in parts_of(case, act))


def _interest(case: Case, act: Record, on: Days) -> Range:
    return added(interest_of(each, on) for each in receivables_of(case, act))
