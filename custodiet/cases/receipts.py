"""Money received, with its reversals: a cheque not honoured, the reversal of that reversal, and so on."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from custodiet.base.dates import Days
from custodiet.base.money import Range
from custodiet.base.truth import Truth
from custodiet.cases.case import Case, happened_by
from custodiet.cases.debts import Purpose, purpose_of
from custodiet.cases.uncertain_amounts import ZERO, added, either, range_of, where
from custodiet.records import NONE
from custodiet.records.record import Record


@dataclass(frozen=True, slots=True)
class Receipt:
    """One payment received, and every entry that reversed or restored it."""

    payment: Record
    came_in: Truth
    """Unknown if nobody recorded whether the payment reverses another."""
    entries: tuple[Record, ...]
    """The payment first, then each entry after the one that it reverses."""

    def net(self, on: Days) -> Range:
        """What of it is here on a day, in major units; less than zero where more went back than came in.

        Nothing is taken back before it came: what took an entry back shows that the entry had happened.
        """
        back: dict[str, Range] = defaultdict(lambda: ZERO)
        followed: dict[str, Truth] = defaultdict(lambda: Truth.NO)
        stands = ZERO
        for entry in reversed(self.entries):
            by = happened_by(entry, on)
            happened = by if by is Truth.NO else by | followed[entry.id]
            stands = where(happened, range_of(entry.value("amount")) - back[entry.id])
            above = str(entry.value("reverses"))
            back[above], followed[above] = back[above] + stands, followed[above] | happened
        return stands


@dataclass(frozen=True)
class Receipts:
    """The payments of a case; each is in one receipt, or in none if what it reverses was never received."""

    case: Case

    @cached_property
    def all(self) -> tuple[Receipt, ...]:
        """The receipts, by the day on which the money came in and then by id."""
        came_in = [each for each in self.payments.values() if not isinstance(each.value("reverses"), str)]
        chains = [(each, self._chain(each)) for each in came_in]
        return tuple(
            Receipt(each, self._came_in(each, alone=len(chain) == len(self.payments)), chain) for each, chain in chains
        )

    def towards(self, acts: Iterable[Record]) -> tuple[Receipt, ...]:
        """The receipts that are for one of some orders and settlements, or may be, or may take back what is."""
        named = [each for act in acts for each in self._by_act.get(act.id, ())]
        others = [each for each in self._unsure if self.purpose(each).act not in {act.id for act in acts}]
        return (*named, *others)

    def purpose(self, receipt: Receipt) -> Purpose:
        """What a receipt is for, as the payment that came in says."""
        return self._purposes[receipt.payment.id]

    @cached_property
    def _purposes(self) -> Mapping[str, Purpose]:
        return {each.payment.id: purpose_of(self.case, each.payment) for each in self.all}

    @cached_property
    def _unsure(self) -> tuple[Receipt, ...]:
        """Those whose purpose is not known, or of which it is not known whether they reverse another."""
        return tuple(
            each
            for each in self.all
            if self.purpose(each).unsaid or self.purpose(each).beside or each.came_in is Truth.UNKNOWN
        )

    @cached_property
    def _by_act(self) -> Mapping[str, list[Receipt]]:
        found: dict[str, list[Receipt]] = defaultdict(list)
        for each in self.all:
            found[self.purpose(each).act].append(each)
        return found

    @cached_property
    def payments(self) -> Mapping[str, Record]:
        """Every payment by its id, by date."""
        return {each.id: each for each in self.case.of("payment")}

    @cached_property
    def reversals(self) -> Mapping[str, list[Record]]:
        """The reversals of each payment, by its id."""
        found: dict[str, list[Record]] = defaultdict(list)
        for each in self.payments.values():
            if isinstance(above := each.value("reverses"), str):
                found[above].append(each)
        return found

    def _chain(self, payment: Record) -> tuple[Record, ...]:
        entries = [payment]
        for entry in entries:  # It grows while it is read: what takes back may be taken back, without end.
            entries += self.reversals.get(entry.id, ())
        return tuple(entries)

    @staticmethod
    def _came_in(payment: Record, *, alone: bool) -> Truth:
        # A payment beside which there is none but its own reversals takes nothing back.
        return Truth.YES if payment.value("reverses") is NONE or alone else Truth.UNKNOWN


def total(receipts: Sequence[Receipt], on: Days, holds: Callable[[Receipt], Truth]) -> Range:
    """The money left on a day of the receipts that satisfy a condition, less possible reversals by others."""
    shares = [(receipt, holds(receipt)) for receipt in receipts]
    members = [receipt for receipt, share in shares if share is not Truth.NO]
    return added(
        _share(receipt, share, on, takes_back=members not in ([], [receipt]))
        for receipt, share in shares
        if share is not Truth.NO or receipt.came_in is Truth.UNKNOWN
    )


def _share(receipt: Receipt, share: Truth, on: Days, *, takes_back: bool) -> Range:
    """What a receipt adds to a sum; one that may take back another of the sum may lower it, or raise it again."""
    net = receipt.net(on)
    if receipt.came_in is Truth.YES:
        return where(share, net)
    return either((ZERO, where(share, net), *((-net, net) if takes_back else ())))
