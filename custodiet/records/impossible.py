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
from custodiet.records.field import Kind, RecordType
from custodiet.records.shared import BOARD, INSPECTOR
from custodiet.records.value import Value, cell

MOST_DIGITS = 15
"""How many digits an amount can have before the point; a rate can have as many."""


@dataclass(frozen=True, slots=True)
class Impossible:
    """One value that a record cannot have: its field, what it holds, and what was expected."""

    field: str
    value: str
    expected: str


def checked(definition: RecordType) -> frozenset[str]:
    """The names of the fields that are looked at."""
    kinds = (Kind.NUMBER, Kind.MONEY)
    return frozenset((*definition.dated_by, *(each.name for each in definition.fields if each.kind in kinds)))


def impossible(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    """Everything that a record of a type cannot say.

    >>> from custodiet.records import TYPES
    >>> trip = {"departed_on": Days.read("2024-03-05"), "returned_on": Days.read("2024-03-01")}
    >>> [each.expected for each in impossible(TYPES["trip"], trip)]
    ['a date that is not before departed_on, 2024-03-05, was expected']
    >>> list(impossible(TYPES["trip"], {**trip, "departed_on": Days.read("2024-03")}))
    []
    """
    for check in CHECKS:
        yield from check(definition, values)


def outside(trip: Mapping[str, Value], day: Mapping[str, Value]) -> Impossible | None:
    """What is wrong with a day that surely lies outside its trip; days are derived, so only an example can say so."""
    date, departed, returned = day.get("date"), trip.get("departed_on"), trip.get("returned_on")
    if not isinstance(date, Days):
        return None
    early = isinstance(departed, Days) and before(date, departed) is Truth.YES
    late = isinstance(returned, Days) and before(returned, date) is Truth.YES
    return Impossible("date", cell(date), "a day of its trip was expected") if early or late else None


def _ends_before_it_begins(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    """A record that surely ended before it began was written down wrongly."""
    if len(definition.dated_by) < 2:  # noqa: PLR2004 - the first and the last
        return
    began, ended = definition.dated_by[0], definition.dated_by[-1]
    first, last = values.get(began), values.get(ended)
    if isinstance(first, Days) and isinstance(last, Days) and before(last, first) is Truth.YES:
        yield Impossible(ended, cell(last), f"a date that is not before {began}, {cell(first)}, was expected")


def _lasts_too_long(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    if definition.longest is None:
        return
    first, last = values.get(definition.dated_by[0]), values.get(definition.dated_by[-1])
    if isinstance(first, Days) and isinstance(last, Days):
        days = Days(first.last, last.first).length
        if days is not None and days > definition.longest:
            expected = f"at most {definition.longest:,} days were expected, and from {first.last} on these are {days:,}"
            yield Impossible(definition.dated_by[-1], cell(last), expected)


def _counts_too_many(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    for name, value in values.items():
        if isinstance(value, Fraction):
            field = next((each for each in definition.fields if each.name == name), None)
            if field is not None and field.greatest is not None and value > field.greatest:
                yield Impossible(name, cell(value), f"{field.shape} was expected")


def _amounts_too_long(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    del definition
    for name, value in values.items():
        if isinstance(value, Money) and abs(value.minor) >= 10 ** (MOST_DIGITS + minor_digits(value.currency)):
            expected = f"an amount of at most {MOST_DIGITS} digits before the point was expected"
            yield Impossible(name, cell(value), expected)


def _in_a_currency_that_is_gone(definition: RecordType, values: Mapping[str, Value]) -> Iterator[Impossible]:
    """An amount in a currency that was withdrawn before the record can have happened.

    What the board orders and what the inspector quotes may state the money of an earlier day.
    """
    for name, value in values.items():
        if not isinstance(value, Money) or value.currency not in LAST_DAYS:
            continue
        last, began = LAST_DAYS[value.currency], values.get(definition.dated_by[0]) if definition.dated_by else None
        stated_later = definition.held_by in (BOARD, INSPECTOR)
        if isinstance(began, Days) and not stated_later and before(Days.on(last), began) is Truth.YES:
            expected = f"an amount in the currency of {began} was expected; {value.currency} was in use until {last}"
            yield Impossible(name, cell(value), expected)


CHECKS = (
    _ends_before_it_begins,
    _lasts_too_long,
    _counts_too_many,
    _amounts_too_long,
    _in_a_currency_that_is_gone,
)
