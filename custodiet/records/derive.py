"""Records that are made from others: one for each calendar day of a record that has a first and a last day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from custodiet.base.dates import Days, before
from custodiet.base.truth import Truth
from custodiet.records.field import Field, RecordType
from custodiet.records.record import Record
from custodiet.records.value import Value

MOST_OPEN_DAYS = 1_100
"""How many days may lie within a record or not and still be told one by one, three years; beyond, it is open which it
has."""


class Daily:
    """A type of which there is one record for each day of another record, with the types around it.

    >>> from custodiet.records import core_types
    >>> daily = Daily(core_types()["day"], core_types())
    >>> daily.above.name, daily.reference.name, daily.on.name, sorted(daily.sets)
    ('trip', 'trip', 'date', ['event'])
    """

    def __init__(self, definition: RecordType, types: Mapping[str, RecordType]) -> None:
        """ValueError for a type that is not made from another."""
        if definition.derived is None:
            raise ValueError(f"{definition.name} is entered, not derived")
        self.definition = definition
        self.reference: Field = definition.field(definition.derived.days_of)
        """The reference to the record whose days they are."""
        self.above: RecordType = types[self.reference.refers_to]
        """The type of that record."""
        self.on: Field = definition.field(definition.derived.on)
        """The field that holds the day."""
        self.sets: tuple[str, ...] = definition.derived.sets
        """The sets below the record above of which each day has the records that touch it."""

    def days_of(self, above: Record) -> list[Record]:
        """One record for each day that certainly lies within a record; none for one longer than it can be.

        >>> from custodiet.records import core_types
        >>> trip = Record("trip", "T1", {"departed_on": Days.read("2024-02-28"), "returned_on": Days.read("2024-03-01")})
        >>> [day.id for day in Daily(core_types()["day"], core_types()).days_of(trip)]
        ['T1/2024-02-28', 'T1/2024-02-29', 'T1/2024-03-01']
        """
        spans = self._spans(above)
        if spans is None or not self._fits(spans):
            return []
        return [self._day_of(above, day) for day in spans.surely.each()]

    def possible_days_of(self, above: Record) -> list[Record]:
        """One record for each day of which it is open whether it lies within a record, as far as they are laid out.

        >>> from custodiet.records import core_types
        >>> until = Days.read("2024-02-29/2024-03-02")
        >>> trip = Record("trip", "T1", {"departed_on": Days.read("2024-02-28"), "returned_on": until})
        >>> [day.id for day in Daily(core_types()["day"], core_types()).possible_days_of(trip)]
        ['T1/2024-03-01', 'T1/2024-03-02']
        """
        spans = self._spans(above)
        if spans is None or not self._laid_out(spans):
            return []
        return [self._day_of(above, day) for day in spans.perhaps.each() if not spans.surely.covers(Days.on(day))]

    def bounded(self, above: Record) -> bool:
        """Whether there is a record for each day that lies, or may lie, within a record.

        It is not, where the record has no first and last day that anybody knows, or more open days than are told.
        """
        spans = self._spans(above)
        # A record that ends before it begins has no days that anybody knows.
        return spans is not None and not spans.perhaps.empty and self._laid_out(spans)

    def _laid_out(self, spans: "_Spans") -> bool:
        return self._fits(spans) and (spans.perhaps.length or 0) - spans.sure <= MOST_OPEN_DAYS

    def _fits(self, spans: "_Spans") -> bool:
        return self.above.longest is None or spans.sure <= self.above.longest

    def _day_of(self, above: Record, day: date) -> Record:
        values: dict[str, Value] = {self.reference.name: above.id, self.on.name: Days.on(day)}
        return Record(self.definition.name, f"{above.id}/{day.isoformat()}", values)

    def _spans(self, above: Record) -> "_Spans | None":
        first, last = (above.value(name) for name in (self.above.dated_by[0], self.above.dated_by[-1]))
        if not (isinstance(first, Days) and isinstance(last, Days)):
            return None
        return _Spans(Days(first.last, last.first), Days(first.first, last.last))


def daily_types(types: Mapping[str, RecordType]) -> dict[str, Daily]:
    """The types that are made from others, by name."""
    return {each.name: Daily(each, types) for each in types.values() if each.derived is not None}


def touches(definition: RecordType, record: Record, on: Value) -> Truth:
    """Whether a record's period touches a day; how long it lasted is open while an end of it is unknown.

    >>> from custodiet.records import core_types
    >>> rally = Record("event", "E1", {"starts_on": Days.read("2024-03-01")})
    >>> [touches(core_types()["event"], rally, Days.read(day)).name for day in ("2024-02-29", "2024-03-01", "2024-03-02")]
    ['NO', 'YES', 'UNKNOWN']
    """
    starts, ends = record.value(definition.dated_by[0]), record.value(definition.dated_by[-1])
    if not isinstance(on, Days):
        return Truth.UNKNOWN
    # Nothing ends before it begins, so each end that is known bounds the other.
    begun = starts if isinstance(starts, Days) else Days(None, ends.last if isinstance(ends, Days) else None)
    over = ends if isinstance(ends, Days) else Days(starts.first if isinstance(starts, Days) else None, None)
    started, ended = ~before(on, begun), before(over, on)
    return started & ~ended


@dataclass(frozen=True, slots=True)
class _Spans:
    """The days that certainly lie within a record, and those that may; there may be none of either."""

    surely: Days
    perhaps: Days

    @property
    def sure(self) -> int:
        return max(0, self.surely.length or 0)
