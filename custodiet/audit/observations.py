"""What an audit notices in the records besides its results: worth a look, and an accusation against nobody."""

from collections.abc import Iterator
from dataclasses import dataclass

from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.base.text import escaped
from custodiet.records import Kind
from custodiet.records.facts import Facts


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing worth a look: the record it is about, and a sentence that says what its fields hold."""

    record: str
    sentence: str


def noticed(facts: Facts) -> tuple[Noticed, ...]:
    """Everything worth a look, by record."""
    return (*_more_back_than_paid(facts), *_dates_as_amounts(facts))


def _more_back_than_paid(facts: Facts) -> Iterator[Noticed]:
    """Vouchers on which more was recovered than paid: one of the two amounts may belong to another voucher.

    >>> from custodiet.records import core_types
    >>> from custodiet.records.record import Record
    >>> paid, back = Money.read("500.00 EUR"), Money.read("620.00 EUR")
    >>> voucher = Record("voucher", "V1", {"paid": paid, "recovered": back})
    >>> [each.sentence for each in noticed(Facts([voucher], core_types()))]
    ["V1: 500.00 EUR was paid but 620.00 EUR came back, 120.00 EUR more: is either misread, or another voucher's?"]
    """
    for voucher in facts.of("voucher"):
        paid, back = voucher.value("paid"), voucher.value("recovered")
        if isinstance(paid, Money) and isinstance(back, Money) and back.currency == paid.currency:
            more = Money(back.minor - paid.minor, paid.currency)
            if more.minor > 0:
                told = f"{escaped(voucher.id)}: {paid} was paid but {back} came back, {more} more"
                yield Noticed(voucher.id, f"{told}: is either misread, or another voucher's?")


def _dates_as_amounts(facts: Facts) -> Iterator[Noticed]:
    """Amounts whose digits are those of a date: the date may have been typed into the wrong column.

    >>> from custodiet.records import core_types
    >>> from custodiet.records.record import Record
    >>> voucher = Record("voucher", "V1", {"paid": Money.read("20240509 EUR")})
    >>> [each.sentence for each in noticed(Facts([voucher], core_types()))]
    ['V1: paid is 20,240,509.00 EUR, and 20240509 is how the date 2024-05-09 is often typed: is it an amount?']
    """
    for definition in facts.types.values():
        amounts = [field.name for field in definition.fields if field.kind is Kind.MONEY]
        for record in facts.of(definition.name) if amounts and not definition.derived else ():
            for name in amounts:
                amount = record.value(name)
                day = _as_a_date(amount) if isinstance(amount, Money) else None
                if day is not None:
                    digits = str(day).replace("-", "")
                    told = (
                        f"{escaped(record.id)}: {name} is {amount}, and {digits} is how the date {day} is often typed"
                    )
                    yield Noticed(record.id, f"{told}: is it an amount?")


def _as_a_date(amount: Money) -> Days | None:
    """The day that the digits of a whole amount write without hyphens (ISO 8601-1:2019, 5.2.2.1); None if none."""
    whole = amount.exact
    if whole.denominator != 1 or len(digits := str(whole.numerator)) != 8:  # noqa: PLR2004 - YYYYMMDD
        return None
    try:
        return Days.read(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}")
    except ValueError:
        return None
