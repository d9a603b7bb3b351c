"""When something was recorded, and the earlier state of the ledger that a question is asked of."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from custodiet.base.dates import YEARS, BeyondCalendar
from custodiet.base.text import escaped

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?")
_DIGITS_MOST = 15
"""How many digits a number of entries can have."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of recording, known to the second or only to the day; in UTC.

    >>> Moment.read("2024-05-01T14:00:00+02:00").text
    '2024-05-01T12:00:00Z'
    >>> Moment.read("2024-05-01").text
    '2024-05-01'
    """

    text: str
    """As it is written down: a date, or a date and time ending in Z."""
    first: datetime
    """The earliest instant it can be."""
    last: datetime
    """The latest instant it can be."""

    @classmethod
    def read(cls, text: str) -> "Moment":
        """The moment that a date, or a date and time, denotes; a time without an offset is in UTC.

        Raises ValueError, saying what to write, for anything else, and BeyondCalendar for a time outside YEARS.
        """
        moment = cls.of_entry(text)
        if not moment.in_calendar:
            raise BeyondCalendar(moment.text[:4])
        return moment

    @classmethod
    def of_entry(cls, text: str) -> "Moment":
        """The same, but also for times outside the calendar, which a ledger may hold from before that was checked."""
        shown = escaped(text)
        expected = f"{shown} is not a time; write a date such as 2024-05-01, or a time such as 2024-05-01T12:00:00Z"
        if _MOMENT.fullmatch(text) is None:
            raise ValueError(expected)
        try:
            if "T" not in text:
                day = date.fromisoformat(text)
                return cls(text, datetime.combine(day, time.min, UTC), datetime.combine(day, time.max, UTC))
            when = datetime.fromisoformat(text)
            when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
        except (ValueError, OverflowError) as wrong:
            raise ValueError(expected) from wrong
        return cls(when.isoformat().replace("+00:00", "Z"), when, when)

    @property
    def in_calendar(self) -> bool:
        """Whether anything can have been recorded then: a mistyped 9999 is outside the calendar's years."""
        return self.first.year in YEARS


@dataclass(frozen=True, slots=True)
class AsOf:
    """An earlier state of the ledger: its first entries up to a tree size, or up to a time of recording.

    >>> AsOf.read("12").size
    12
    """

    size: int | None = None
    until: Moment | None = None

    @classmethod
    def read(cls, text: str) -> "AsOf":
        """The state that a person names: `12` is a tree size, `2024-05-01` what was recorded by the end of that day.

        Raises ValueError, saying what to write, for anything else.
        """
        if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MOST:
            return cls(size=int(text))
        try:
            return cls(until=Moment.read(text))
        except BeyondCalendar:
            raise
        except ValueError as wrong:
            message = (
                f"`{escaped(text)}` is not a state of the ledger; write a number of entries such as 12, a date such as "
                "2024-05-01, or a time such as 2024-05-01T12:00:00Z"
            )
            raise ValueError(message) from wrong
