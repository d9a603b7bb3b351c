"""What was received towards one debt by a day, what of it was taken back, and what is held as a deposit."""

from dataclasses import dataclass

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Range
from custodiet.base.truth import Truth, any_of, truth
from custodiet.cases.case import Case, date_reached, happened_by, when
from custodiet.cases.possible import added, from_zero, range_of, where
from custodiet.records.facts import Record


@dataclass(frozen=True, slots=True)
class Received:
    """The payments towards the acts of one debt, as they stand at a day."""

    case: Case
    acts: tuple[Record, ...]
    on: Days
    only: bool
    """Whether the case has no other debt, so that a payment that does not say for what is for this one."""

    @property
    def paid(self) -> Range:
        """Received by the day and not taken back, deposits left out."""
        return added(where(belongs & ~self._held(payment), self._net(payment)) for payment, belongs in self._payments())

    @property
    def deposited(self) -> Range:
        """Received while a review was open that is still open."""
        return added(where(belongs & self._held(payment), self._net(payment)) for payment, belongs in self._payments())

    def under(self, act: Record) -> Range:
        """What was paid for one act, such as a settlement."""
        return added(
            where(belongs & ~self._held(payment), self._net(payment))
            for payment, belongs in self._payments()
            if self._asked_by(payment) == act.id
        )

    def _payments(self) -> list[tuple[Record, Truth]]:
        """The payments that are for this debt, or may be."""
        ids = {act.id for act in self.acts}
        unsaid = Truth.YES if self.only else Truth.UNKNOWN
        received = [each for each in self.case.of("payment") if not isinstance(each.value("reverses"), str)]
        named = [(payment, self._asked_by(payment)) for payment in received]
        belongs = [(payment, truth(act in ids) if act else unsaid) for payment, act in named]
        return [(payment, holds) for payment, holds in belongs if holds is not Truth.NO]

    def _asked_by(self, payment: Record) -> str:
        """The order or settlement that a payment is for; empty where nothing says."""
        receivable = payment.value("receivable")
        record = self.case.find("receivable", receivable) if isinstance(receivable, str) else payment
        named = (record.value(name) for name in ("settlement", "order"))
        return next((act for act in named if isinstance(act, str)), "")

    def _net(self, payment: Record) -> Range:
        """What came in by the day, less what was taken back by then."""
        back = added(
            where(happened_by(each, self.on), range_of(each.value("amount")))
            for each in self.case.of("payment")
            if each.value("reverses") == payment.id
        )
        return from_zero(where(happened_by(payment, self.on), range_of(payment.value("amount"))) - back)

    def _held(self, payment: Record) -> Truth:
        """Whether it is a deposit at the day: made while a review of the order was open that is open still.

        A payment under a settlement is none: what is agreed is not under review.
        """
        act, paid_on = self._asked_by(payment), when(payment) or ANY_DAY
        if any(each.id == act and each.type == "settlement" for each in self.acts):
            return Truth.NO
        reviews = reviews_of(self.case, self.acts)
        during = any_of(happened_by(review, paid_on) & is_open(review, self.on) for review in reviews)
        released = any_of(date_reached(review, "decided_on", self.on) for review in reviews)
        return during | (truth(payment.value("deposit") is True) & ~released)


def reviews_of(case: Case, acts: tuple[Record, ...]) -> tuple[Record, ...]:
    """The reviews of some orders."""
    ids = {act.id for act in acts}
    return tuple(review for review in case.of("review") if review.value("order") in ids)


def is_open(review: Record, on: Days) -> Truth:
    """Whether a review was asked for by a day and had not ended by then."""
    return happened_by(review, on) & ~date_reached(review, "decided_on", on)
