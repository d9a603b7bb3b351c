"""The truth about one city: every record that a perfect observer would have, as the cells of its tables."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

Row = dict[str, str]

CODE_IN_FORCE = date(2024, 1, 15)
AMENDED = date(2024, 3, 1)

PREFIXES = {
    "affiliation": "AF",
    "assignment": "AS",
    "authorization": "AU",
    "entitlement": "EN",
    "event": "E",
    "guidance": "G",
    "leg": "L",
    "load": "B",
    "seat": "S",
    "threat_assessment": "TA",
    "trip": "T",
    "voucher": "V",
}
DIGITS = {"leg": 3, "seat": 3, "voucher": 3}

NOBODY_ASKED = {"asked_by": "none", "directed_by": "none", "offered_or_accepted": "none", "approved_by": "none"}


@dataclass
class City:
    """All records of the city by type, and the chance that made them."""

    random: Random
    records: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, type_name: str, id_: str = "", **cells: str) -> Row:
        """Add a record; its id is the next of its type unless one is given."""
        rows = self.records.setdefault(type_name, [])
        number = str(len(rows) + 1).rjust(DIGITS.get(type_name, 2), "0")
        row = {"id": id_ or f"{PREFIXES[type_name]}{number}", "basis": "log written at the time"} | cells
        rows.append(row)
        return row

    def of(self, type_name: str) -> list[Row]:
        """Every record of a type, in the order in which they were added."""
        return self.records.get(type_name, [])

    def find(self, type_name: str, id_: str) -> Row:
        """The record of that id."""
        return next(row for row in self.of(type_name) if row["id"] == id_)

    def chance(self, percent: int) -> bool:
        """Whether something that happens so often happens now."""
        return self.random.randrange(100) < percent

    def euros(self, least: int, most: int) -> int:
        """A price in cents, between two whole numbers of euros."""
        return self.random.randrange(least * 100, most * 100 + 1)

    def workday(self, first: date, last: date) -> date:
        """A day from Monday to Friday in a period."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return self.random.choice([day for day in days if day.isoweekday() <= 5])


def day(text: str) -> date:
    """A day of 2024, by month and day: `02-05`."""
    return date.fromisoformat(f"2024-{text}")


def amount(cents: int) -> str:
    """Cents as a cell holds them."""
    return f"{cents // 100}.{cents % 100:02d}"


def cents(cell: str) -> int:
    """The cents of a cell."""
    whole, _, part = cell.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))
