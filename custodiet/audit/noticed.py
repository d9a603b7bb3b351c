"""What an audit notices in the records besides its results: worth a look, and an accusation of nobody."""

from collections.abc import Iterator
from dataclasses import dataclass

from custodiet.base.money import Money
from custodiet.base.text import escaped
from custodiet.records.facts import Facts


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing worth a look: the record it is about, and a sentence that says what its fields hold."""

    record: str
    sentence: str


def noticed(facts: Facts) -> tuple[Noticed, ...]:
    """Everything worth a look, by record."""
    return tuple(_more_back_than_paid(facts))


def _more_back_than_paid(facts: Facts) -> Iterator[Noticed]:
    """Vouchers of which more came back than was paid: one of the two amounts may belong to another voucher.

    >>> from custodiet.records.facts import Record
    >>> paid, back = Money.read("500.00 EUR"), Money.read("620.00 EUR")
    >>> [each.sentence for each in noticed(Facts([Record("voucher", "V1", {"paid": paid, "recovered": back})]))]
    ["V1: 500.00 EUR was paid and 620.00 EUR came back, 120.00 EUR more: is either misread, or another voucher's?"]
    """
    for voucher in facts.of("voucher"):
        paid, back = voucher.value("paid"), voucher.value("recovered")
        if isinstance(paid, Money) and isinstance(back, Money) and back.currency == paid.currency:
            more = Money(back.minor - paid.minor, paid.currency)
            if more.minor > 0:
                told = f"{escaped(voucher.id)}: {paid} was paid and {back} came back, {more} more"
                yield Noticed(voucher.id, f"{told}: is either misread, or another voucher's?")
