"""What was received towards one debt by a day, what of it is held as a deposit, and what was received for no debt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Range, least
from custodiet.base.truth import Truth, any_of, truth
from custodiet.cases.case import Case, date_reached, happened_by, when
from custodiet.cases.debts import Purpose
from custodiet.cases.payers import Account, taken_by
from custodiet.cases.receipts import Receipt, Receipts, total
from custodiet.cases.uncertain_amounts import FROM_ZERO, ZERO, added, bounds, from_zero
from custodiet.policy.evaluation.result import Bounds
from custodiet.records import UNKNOWN
from custodiet.records.record import Record


@dataclass(frozen=True)
class Received:
    """The payments towards the acts of one debt, as they stand at a day."""

    receipts: Receipts
    acts: tuple[Record, ...]
    on: Days

    @property
    def vouched(self) -> bool:
        """Whether somebody vouches for every payment from the first act to the day."""
        first = when(self.acts[0]) or ANY_DAY
        return self.receipts.case.vouches("payment", Days(first.first, self.on.last))

    @property
    def paid(self) -> Range:
        """Received by the day and not taken back, deposits left out; without bound if nobody vouches for the rest."""
        return self._total(lambda receipt: ~self._held(receipt)) + self._unrecorded

    @property
    def deposited(self) -> Range:
        """Received as a deposit, such as while a review was open that is still open."""
        return self._total(self._held)

    def under(self, settlement: Record | None) -> Range:
        """What was paid under a settlement; nothing for none."""
        if settlement is None:
            return ZERO
        return self._total(lambda receipt: self.receipts.purpose(receipt).under(settlement)) + self._unrecorded

    def met(self, accounts: tuple[Account, ...], without: Record | None) -> Range:
        """What counts towards the debt, deposits included; what was paid under a settlement left out does not.

        Where several payers answer for accounts of their own, what was paid for one counts up to what it asks.
        """
        in_all = self._total(lambda receipt: self._counts(receipt, without))
        rest = self._total(
            lambda receipt: self._counts(receipt, without) & ~any_of(taken_by(accounts, receipt.payment).values())
        )
        counted = added([rest, *(least(self._for(each, accounts, without), each.asks) for each in accounts)])
        return least(in_all, counted) + self._unrecorded

    def surplus(self, accounts: tuple[Account, ...], without: Record | None) -> Range:
        """What was paid for accounts beyond what they ask: it pays nothing that another payer owes."""
        return added(from_zero(self._for(each, accounts, without) - each.asks) for each in accounts)

    def _for(self, account: Account, accounts: tuple[Account, ...], without: Record | None) -> Range:
        return self._total(
            lambda receipt: self._counts(receipt, without) & taken_by(accounts, receipt.payment).get(account, Truth.NO)
        )

    def _counts(self, receipt: Receipt, without: Record | None) -> Truth:
        return Truth.YES if without is None else ~self.receipts.purpose(receipt).under(without)

    def _total(self, holds: Callable[[Receipt], Truth]) -> Range:
        """What is here of the receipts that are for this debt, or may be, and of which something holds."""
        return total([*self._belonging], self.on, lambda receipt: self._belonging[receipt] & holds(receipt))

    @property
    def _unrecorded(self) -> Range:
        return ZERO if self.vouched else FROM_ZERO

    @cached_property
    def _belonging(self) -> Mapping[Receipt, Truth]:
        return {each: self.receipts.purpose(each).within(self.acts) for each in self.receipts.towards(self.acts)}

    @cached_property
    def _reviews(self) -> tuple[tuple[Record, Truth], ...]:
        return reviews_of(self.receipts.case, self.acts)

    def _held(self, receipt: Receipt) -> Truth:
        """Whether it is a deposit at the day: made while a review of the order was open that is open still.

        A payment under a settlement is none: what is agreed is not under review.
        """
        paid_on = when(receipt.payment) or ANY_DAY
        during = any_of(
            belongs & happened_by(review, paid_on) & is_open(review, self.on) for review, belongs in self._reviews
        )
        released = any_of(belongs & date_reached(review, "decided_on", self.on) for review, belongs in self._reviews)
        agreed = any_of(self.receipts.purpose(receipt).under(act) for act in self.acts if act.type == "settlement")
        return (during | (truth(receipt.payment.value("deposit") is True) & ~released)) & ~agreed


def reviews_of(case: Case, acts: tuple[Record, ...]) -> tuple[tuple[Record, Truth], ...]:
    """The reviews of some orders, each with whether it is one of them; what it reviews may be unknown."""
    ids = {act.id for act in acts}
    found = ((review, review.value("order")) for review in case.of("review"))
    asked = (
        (each, Truth.UNKNOWN if of is UNKNOWN and not _of_another(each) else truth(of in ids)) for each, of in found
    )
    return tuple((review, belongs) for review, belongs in asked if belongs is not Truth.NO)


def _of_another(review: Record) -> bool:
    """Whether a review is of guidance or of a finding: it is of one thing."""
    return any(isinstance(review.value(name), str) for name in ("guidance", "finding"))


def is_open(review: Record, on: Days) -> Truth:
    """Whether a review was asked for by a day and had not ended by then."""
    return happened_by(review, on) & ~date_reached(review, "decided_on", on)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of what came in, with the receipts that it is the sum of."""

    amount: Bounds
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class ForNoDebt:
    """The money that came in by a day, and what of it no order and no settlement of the case is known to ask for."""

    in_all: Share
    """Received and not taken back, whatever for."""
    for_no_order: Share
    """Known to be for no receivable, no order and no settlement, such as a voluntary payment."""
    unsaid: Share
    """Nothing says for what: the balance of every debt that it may be for has bounds."""
    not_recorded: Share
    """For an order or a settlement that is not recorded; bounds where it may be for one that is."""


def received_for_no_debt(receipts: Receipts, on: date, currency: str) -> ForNoDebt:
    """What came in by a day, apart from what each debt took."""
    case, day = receipts.case, Days.on(on)
    acts = {act.id for name in ("order", "settlement") for act in case.of(name)}
    firsts = [(when(each) or ANY_DAY).first for each in receipts.payments.values()]
    first = None if None in firsts else min((each for each in firsts if each), default=on)
    unrecorded = ZERO if case.vouches("payment", Days(first, on)) else FROM_ZERO

    def share(holds: Callable[[Purpose], Truth]) -> Share:
        found = tuple(each for each in receipts.all if holds(receipts.purpose(each)) is not Truth.NO)
        amount = total(receipts.all, day, lambda receipt: holds(receipts.purpose(receipt)))
        return Share(bounds(amount + unrecorded if found else amount, currency), found)

    return ForNoDebt(
        share(lambda _: Truth.YES),
        share(lambda purpose: truth(not purpose.act and not purpose.unsaid)),
        share(lambda purpose: truth(purpose.unsaid)),
        share(lambda purpose: truth(purpose.act not in {"", *acts}) & (Truth.UNKNOWN if purpose.beside else Truth.YES)),
    )
