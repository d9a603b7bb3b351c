"""What no record can say, whoever wrote it: rows, amendments, examples and planned uses all pass these checks.

`read_cell` says what the text of one cell means; here it is said what the values of one record cannot be together or at
all. The two are apart so that a ledger can be opened that holds such a value from before there was a check for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from custodiet.base.currencies import LAST_DAYS, minor_digits
from custodiet.base.dates import Days, before
from custodiet.base.money import Money
from custodiet.base.truth import Truth
from custodiet.records.derive import Daily
from custodiet.records.field import Kind, RecordType
from custodiet.records.value import Value, cell

BOARD, INSPECTOR = "the ethics board", "the inspector"

MOST_DIGITS = 15
"""How many digits an amount can have before the point; a rate can have as many."""


@dataclass(frozen=True, slots=True)
class Impossible:
    """One value that a record cannot have: its field, what it holds, and what to write instead."""

    field: str
    value: str
    expected: str


def checked(definition: RecordType) -> frozenset[str]:
    """The names of the fields that are looked at."""
    kinds = (Kind.NUMBER, Kind.MONEY)
    return frozenset((*definition.dated_by, *(each.name for each in definition.fields if each.kind in kinds)))


def impossible(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    """Everything that a record of a type cannot say.

    >>> from custodiet.records import core_types
    >>> trip = {"departed_on": Days.read("2024-03-05"), "returned_on": Days.read("2024-03-01")}
    >>> [each.expected for each in impossible(core_types()["trip"], trip)]
    ['write a date that is not before departed_on, 2024-03-05']
    >>> list(impossible(core_types()["trip"], {**trip, "departed_on": Days.read("2024-03")}))
    []
    """
    for check in CHECKS:
        yield from check(definition, values)


def in_money_of_its_day(definition: RecordType, name: str) -> bool:
    """Whether an amount is of the day of its record; orders of the board and the inspector's quotations may look back."""
    entered = name in definition.names and definition.field(name).kind is Kind.MONEY
    return entered and bool(definition.dated_by) and definition.held_by not in (BOARD, INSPECTOR)


def outside(daily: Daily, above: Mapping[str, Value], day: Mapping[str, Value]) -> Impossible | None:
    """What is wrong with a derived record of a day that certainly lies outside the record whose day it is.

    No table holds such records, so only an example can say so.
    """
    on, first, last = day.get(daily.on.name), *(above.get(name) for name in daily.above.dated_by)
    if not isinstance(on, Days):
        return None
    early = isinstance(first, Days) and before(on, first) is Truth.YES
    late = isinstance(last, Days) and before(last, on) is Truth.YES
    wanted = f"write a day of its {daily.above.name}"
    return Impossible(daily.on.name, cell(on), wanted) if early or late else None


def _ends_before_it_begins(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    """A record that certainly ended before it began was recorded wrongly."""
    if len(definition.dated_by) < 2:  # noqa: PLR2004 - the first and the last
        return
    began, ended = definition.dated_by[0], definition.dated_by[-1]
    first, last = values.get(began), values.get(ended)
    if isinstance(first, Days) and isinstance(last, Days) and before(last, first) is Truth.YES:
        yield Impossible(ended, cell(last), f"write a date that is not before {began}, {cell(first)}")


def _lasts_too_long(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    if definition.longest is None:
        return
    first, last = values.get(definition.dated_by[0]), values.get(definition.dated_by[-1])
    if isinstance(first, Days) and isinstance(last, Days):
        days = Days(first.last, last.first).length
        if days is not None and days > definition.longest:
            expected = f"write at most {definition.longest:,} days; from {first.last} on these are {days:,}"
            yield Impossible(definition.dated_by[-1], cell(last), expected)


def _counts_too_many(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    for name, value in values.items():
        if isinstance(value, Fraction):
            field = next((each for each in definition.fields if each.name == name), None)
            if field is not None and field.greatest is not None and value > field.greatest:
                yield Impossible(name, cell(value), f"write {field.shape}")


def _amounts_too_long(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    del definition
    for name, value in values.items():
        if isinstance(value, Money) and abs(value.minor) >= 10 ** (MOST_DIGITS + minor_digits(value.currency)):
            expected = f"write an amount of at most {MOST_DIGITS} digits before the point"
            yield Impossible(name, cell(value), expected)


def _in_a_currency_that_is_gone(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    """An amount in a currency that was withdrawn before the record can have happened."""
    for name, value in values.items():
        if not isinstance(value, Money) or value.currency not in LAST_DAYS or not in_money_of_its_day(definition, name):
            continue
        last, began = LAST_DAYS[value.currency], values.get(definition.dated_by[0])
        if isinstance(began, Days) and before(Days.on(last), began) is Truth.YES:
            expected = f"write an amount in the currency of {began}; {value.currency} was in use until {last}"
            yield Impossible(name, cell(value), expected)


CHECKS = (
    _ends_before_it_begins,
    _lasts_too_long,
    _counts_too_many,
    _amounts_too_long,
    _in_a_currency_that_is_gone,
)
