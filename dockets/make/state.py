"""One state of the records: what somebody who opens the files sees, and the papers behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dockets.make.city import Row

UNKNOWN = ""
OPEN = ("", "")
FOUR_MONTHS = ("2024-01-01", "2024-04-30")


@dataclass(frozen=True)
class Amendment:
    """A field that was entered wrongly and put right later; the right value is in the state's tables."""

    record: str
    field: str
    entered: str
    value: str
    why: str


@dataclass
class Exhibit:
    """One paper: from whom it came, and its numbered lines."""

    received_from: str
    lines: list[str] = field(default_factory=list)


@dataclass
class State:
    """The tables as they read after all amendments, the registers vouched complete, and the exhibits."""

    name: str
    title: str
    tables: dict[str, list[Row]]
    complete: dict[str, tuple[tuple[str, str], str]]
    """Register → the period for which it is complete, and who vouches for it."""
    amendments: list[Amendment] = field(default_factory=list)
    exhibits: dict[str, Exhibit] = field(default_factory=dict)

    def of(self, type_name: str) -> list[Row]:
        """Every record of a type."""
        return self.tables.get(type_name, [])

    def vouches(self, type_name: str, first: str, last: str) -> bool:
        """Whether somebody vouches that the register is complete from one day to another."""
        if type_name not in self.complete:
            return False
        begins, ends = self.complete[type_name][0]
        return (not begins or begins <= first) and (not ends or last <= ends)

    def say(self, file: str, received_from: str, line: str) -> str:
        """Add a line to an exhibit; the place where it stands."""
        exhibit = self.exhibits.setdefault(file, Exhibit(received_from))
        exhibit.lines.append(line)
        return f"{file}#{len(exhibit.lines)}"

    def amend(self, type_name: str, rows: Sequence[Row], name: str, entered: str, why: str) -> None:
        """Let the first of these records that is known, and holds something else, have been entered wrongly."""
        shown = {row["id"]: row for row in self.of(type_name)}
        for row in rows:
            value = shown.get(row["id"], {}).get(name, UNKNOWN)
            taken = any(each.record == row["id"] for each in self.amendments)
            if value not in (UNKNOWN, entered) and not taken:
                self.amendments.append(Amendment(row["id"], name, entered, value, why))
                return
