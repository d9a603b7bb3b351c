"""Dates that are known to a day or only to a period, and periods in which something is in force.

Both ends of a period count. An end that is None is open. A month (`2019-05`) or a year (`2019`)
written in place of a day says that the day is known to lie within it (ISO 8601-1:2019, 5.2.2 and 5.5).
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from custodiet.base.truth import Truth

_PART = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Days:
    """All the days from the first to the last, both included; None is an open end.

    Read as a date, it says that the date is one of these days.

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
            message = f"a period that begins before it ends was expected, not {text}"
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
    def empty(self) -> bool:
        """Whether no day is left."""
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
        """What is left of the period before and after another.

        >>> Days.read("2024").without(Days.read("2024-02/2024-11"))
        (Days.read('2024-01-01/2024-01-31'), Days.read('2024-12-01/2024-12-31'))
        """
        one = timedelta(days=1)
        earlier = [] if other.first in (None, date.min) else [Days(None, other.first - one)]
        later = [] if other.last in (None, date.max) else [Days(other.last + one, None)]
        return tuple(rest for rest in map(self.meets, [*earlier, *later]) if not rest.empty)

    def holds(self, when: "Days") -> Truth:
        """Whether a date lies in this period: yes if on every possible day, no if on none, else unknown.

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
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)

    def __str__(self) -> str:
        """As people write it."""
        if self.first is not None and self.first == self.last:
            return self.first.isoformat()
        return f"{self.first or '..'}/{self.last or '..'}"

    def __repr__(self) -> str:
        """The call that makes it."""
        return f"Days.read('{self}')"


ANY_DAY = Days(None, None)

YEARS = range(1900, 2200)
"""The years in which a date can lie: 0023 for 2023 would make a trip of seven hundred thousand days."""


def _part(text: str) -> tuple[date, date]:
    match = _PART.fullmatch(text)
    if match is None:
        message = "a date such as 2019-05-17, a month such as 2019-05 or a period such as 2019-05/2019-09 was expected"
        raise ValueError(message)
    year, month, day = (None if part is None else int(part) for part in match.groups())
    if year not in YEARS:
        message = f"a year from {YEARS.start} to {YEARS.stop - 1} was expected, not {match[1]}"
        raise ValueError(message)
    try:
        if day is not None:
            only = date(year or 0, month or 0, day)
            return only, only
        if month is not None:
            return date(year or 0, month, 1), date(year or 0, month, calendar.monthrange(year or 0, month)[1])
        return date(year or 0, 1, 1), date(year or 0, 12, 31)
    except (ValueError, calendar.IllegalMonthError) as wrong:
        message = f"a date that exists was expected, not {text}"
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
