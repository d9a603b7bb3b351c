"""Dates known exactly or only to a period, and periods in which something is in force.

A period includes both ends. An end that is None is open. A month (`2019-05`) or a year (`2019`)
written in place of a day says that the day is known to lie within it (ISO 8601-1:2019, 5.2.2 and 5.5).

There is one calendar: every date that a record, a rule, a rate or a docket states lies in YEARS. A computed date may
lie beyond it; `shifted` and `numbered` then stop at the ends of the computer's calendar, which is harmless because no
stated period begins or ends there.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from custodiet.base.truth import Truth

YEARS = range(1900, 2200)
"""The years in which a date can lie: 0023 typed for 2023 would make a trip of seven hundred thousand days."""
FIRST_DAY = date(YEARS.start, 1, 1)
LAST_DAY = date(YEARS.stop - 1, 12, 31)

MOST_DAYS = 36_525
"""The greatest count of days, a hundred years: a date typed as 20240326, or a spreadsheet's day number, is more."""

_PART = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class BeyondCalendar(ValueError):  # noqa: N818 - it says where the date lies
    """A date outside YEARS; the caller adds what to write if there is no such day."""

    def __init__(self, found: str) -> None:
        """Give the range of years and the one found."""
        super().__init__(f"write a year from {YEARS.start} to {YEARS.stop - 1}, not {found}")


@dataclass(frozen=True, slots=True)
class Days:
    """All the days from the first to the last, both included; None is an open end.

    As a date, it means that the date is one of these days.

    >>> Days.read("2019-05/2019-09")
    Days.read('2019-05-01/2019-09-30')
    >>> Days.read("2019-05-17").known
    True
    """

    first: date | None
    last: date | None

    @classmethod
    def on(cls, day: date) -> "Days":
        """One day."""
        return cls(day, day)

    @classmethod
    def read(cls, text: str) -> "Days":
        """A date as people write it: `2019-05-17`, `2019-05`, `2019`, or two of these with `/` between.

        Raises ValueError for a date that does not exist, or a period that ends before it begins.
        """
        left, slash, right = text.partition("/")
        first, last = _part(left)
        if slash:
            last = _part(right)[1]
        if first > last:
            message = f"write a period that begins before it ends, not {text}"
            raise ValueError(message)
        return cls(first, last)

    @property
    def known(self) -> bool:
        """Whether only one day is possible."""
        return self.first is not None and self.first == self.last

    @property
    def day(self) -> date:
        """The one day of a known date; ValueError otherwise."""
        if self.first is None or self.first != self.last:
            message = f"{self} is not one day"
            raise ValueError(message)
        return self.first

    @property
    def too_late(self) -> bool:
        """Whether it lies beyond the calendar, as a computed date may."""
        return self.first is not None and self.first > LAST_DAY

    @property
    def in_calendar(self) -> "Days":
        """The same period, with ends beyond the calendar left open."""
        first = None if self.first is None or self.first < FIRST_DAY else self.first
        return Days(first, None if self.last is None or self.last > LAST_DAY else self.last)

    @property
    def length(self) -> int | None:
        """The number of days, below 1 if the period is empty; None for an open end."""
        if self.first is None or self.last is None:
            return None
        return self.last.toordinal() - self.first.toordinal() + 1

    @property
    def empty(self) -> bool:
        """Whether the period is empty."""
        return self.first is not None and self.last is not None and self.first > self.last

    def meets(self, other: "Days") -> "Days":
        """The days in both; it may be empty."""
        first = max((day for day in (self.first, other.first) if day is not None), default=None)
        last = min((day for day in (self.last, other.last) if day is not None), default=None)
        return Days(first, last)

    def covers(self, other: "Days") -> bool:
        """Whether every day of the other lies in this period."""
        begins = self.first is None or (other.first is not None and other.first >= self.first)
        ends = self.last is None or (other.last is not None and other.last <= self.last)
        return begins and ends

    def without(self, other: "Days") -> tuple["Days", ...]:
        """The parts of the period before and after another.

        >>> Days.read("2024").without(Days.read("2024-02/2024-11"))
        (Days.read('2024-01-01/2024-01-31'), Days.read('2024-12-01/2024-12-31'))
        """
        earlier = [] if other.first in (None, date.min) else [Days(None, shifted(other.first, -1))]
        later = [] if other.last in (None, date.max) else [Days(shifted(other.last, 1), None)]
        return tuple(rest for rest in map(self.meets, [*earlier, *later]) if not rest.empty)

    def holds(self, when: "Days") -> Truth:
        """Whether a date lies in this period: yes if all its possible days do, no if none does, otherwise unknown.

        >>> Days.read("2019").holds(Days.read("2019-05/2020-01"))
        Truth.UNKNOWN
        """
        if self.covers(when):
            return Truth.YES
        return Truth.NO if self.meets(when).empty else Truth.UNKNOWN

    def each(self) -> Iterator[date]:
        """Every day of a period with two ends, in order."""
        if self.first is None or self.last is None:
            message = f"{self} has an open end"
            raise ValueError(message)
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            yield date.fromordinal(ordinal)

    def __str__(self) -> str:
        """As people write it; a computed date beyond the calendar is described as such."""
        if self.too_late:
            return f"a day after {LAST_DAY}"
        if self.last is not None and self.last < FIRST_DAY:
            return f"a day before {FIRST_DAY}"
        first, last = self.in_calendar.first, self.in_calendar.last
        if first is not None and first == last:
            return first.isoformat()
        return f"{first or '..'}/{last or '..'}"

    def __repr__(self) -> str:
        """The call that makes it."""
        return f"Days.read('{self}')"


ANY_DAY = Days(None, None)


def read_day(text: str) -> date:
    """One day, as policies and tables write it: `2020-01-01`.

    Raises ValueError for anything else, and BeyondCalendar for a day outside YEARS.
    """
    first, last = _part(text)
    if first != last:
        message = f"write one day, such as 2020-01-01, not {text}"
        raise ValueError(message)
    return first


def shifted(day: date, days: int) -> date:
    """The day a number of days later, or earlier if it is negative.

    >>> shifted(date(2024, 2, 28), 2), shifted(date(2024, 3, 26), 20240326)
    (datetime.date(2024, 3, 1), datetime.date(9999, 12, 31))
    """
    return numbered(day.toordinal() + days)


def is_in_calendar(day: date) -> bool:
    """Whether a day lies in YEARS, so that a record can have it."""
    return FIRST_DAY <= day <= LAST_DAY


def numbered(ordinal: int) -> date:
    """The day of a proleptic Gregorian ordinal, which counts from 1 for the first day of the year 1."""
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def _part(text: str) -> tuple[date, date]:
    match = _PART.fullmatch(text)
    if match is None:
        message = "write a date such as 2019-05-17, a month such as 2019-05 or a period such as 2019-05/2019-09"
        raise ValueError(message)
    year, month, day = (None if part is None else int(part) for part in match.groups())
    if year not in YEARS:
        raise BeyondCalendar(match[1])
    try:
        if day is not None:
            only = date(year or 0, month or 0, day)
            return only, only
        if month is not None:
            return date(year or 0, month, 1), date(year or 0, month, calendar.monthrange(year or 0, month)[1])
        return date(year or 0, 1, 1), date(year or 0, 12, 31)
    except (ValueError, calendar.IllegalMonthError) as wrong:
        message = f"write a valid date; {text} is not one"
        raise ValueError(message) from wrong


def before(one: Days, other: Days) -> Truth:
    """Whether one date is earlier than another.

    >>> before(Days.read("2019-05"), Days.read("2019-06-01"))
    Truth.YES
    >>> before(Days.read("2019-05"), Days.read("2019-05-16"))
    Truth.UNKNOWN
    """
    if one.last is not None and other.first is not None and one.last < other.first:
        return Truth.YES
    if one.first is not None and other.last is not None and one.first >= other.last:
        return Truth.NO
    return Truth.UNKNOWN
