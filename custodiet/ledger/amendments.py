"""The amendments of a field in the order in which they hold, and those whose rows are gone from `amendments.csv`.

An amendment in the list holds from the time at which it was recorded; amendments of the same time hold in the order of
their rows. A corrected row replaces its earlier version; a row that is gone, or can no longer be read, still holds. A
changed table amends at the time of its import: it comes after everything that the list held then, and after any row of
the list that is older than one of these or gives the same value in its place.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from custodiet.base.table import lines
from custodiet.base.text import one_form, written_out
from custodiet.ledger.as_of import Moment
from custodiet.ledger.entry import Amendment, Table
from custodiet.ledger.log import Kept, Ledger
from custodiet.ledger.table import Column
from custodiet.records import Types
from custodiet.records.definitions import is_defined

FILE = "amendments.csv"
TYPE = "amendment"
COLUMNS = ("record", "field", "value", "why", "by", "recorded_at")

_Field = tuple[str, str]
"""The id of a record and the name of a field."""
_Told = tuple[str, str, str, str]
"""What an amendment says of its field: value, why, by whom, and when it was recorded."""
_Row = tuple[int, _Told]
"""The line of a row of the list, and its cells."""


@dataclass(slots=True, eq=False)
class Amending:
    """One amendment of a field, as an entry keeps it."""

    kept: Kept
    body: Amendment
    listed: bool
    """Whether it was entered from the list."""
    changes: int
    """How many changes of its field by other entries, such as a changed table, come before it."""
    row: int
    """The line of its row in the list that had it last."""
    new: bool = True
    """Whether the list has not been imported since it was entered."""
    gone: bool = False
    """Whether the list, as last imported, lacks its row or has it in a form that cannot be read."""
    aside: int | None = None
    """The line of its row, if that can no longer be read."""
    corrected_by: "Amending | None" = None
    """The row that was written in its place."""

    @property
    def order(self) -> tuple[int, bool, datetime, int, int, bool, int]:
        """Where it comes among the amendments of its field; the last one holds."""
        last = self
        while last.corrected_by is not None:
            last = last.corrected_by
        recorded = last.kept.entry.recorded.first
        return last.changes, not last.listed, recorded, last.row, last.kept.index, self is last, self.kept.index

    def says(self, types: Types, currency: str) -> _Told:
        """What it says, to be compared with a row of the list."""
        entry = self.kept.entry
        return _in_one_form(
            types, self.body, (self.body.value, self.body.why, entry.author, entry.recorded_at), currency
        )


class Amendments:
    """All amendments of a ledger, by record and field."""

    def __init__(self, types: Types) -> None:
        """Begin with none; values are read by these definitions."""
        self._types = types
        self._of: dict[_Field, list[Amending]] = defaultdict(list)

    def read(self, kept: Kept, ledger: Ledger) -> None:
        """Take in the next entry of a ledger, of whatever kind."""
        match kept.entry.body:
            case Amendment() as body:
                found = self._of[written_out(one_form(body.record)), body.field]
                file, _, line = kept.entry.source.rpartition("#")
                listed = file == FILE and line.isdecimal()
                changes = sum(not each.listed for each in found)
                found.append(Amending(kept, body, listed, changes, int(line) if listed else 0))
            case Table() as table if table.type == TYPE:
                data = ledger.custody.read(table.sha256) if table.sha256 else b""
                self.bring_in(data, {each.row for each in table.set_aside}, table.currency)

    def bring_in(self, data: bytes, aside: AbstractSet[int], currency: str) -> None:
        """Take in the next version of the list, less the lines that are set aside."""
        rows: dict[_Field, list[_Row]] = defaultdict(list)
        for field, row in _rows(data):
            rows[field].append(row)
        header = None if rows else min(aside, default=None)
        for field, amendings in self._of.items():
            listed = [each for each in amendings if each.listed]
            _match(self._types, listed, rows.get(field, []), aside, currency)
            for each in listed:
                each.aside = each.aside or (header if each.gone else None)

    def in_order(self) -> Iterator[tuple[_Field, list[Amending]]]:
        """The amendments of every amended field; the last of them holds."""
        for field, amendings in self._of.items():
            yield field, sorted(amendings, key=lambda each: each.order)

    def gone(self) -> list[Amending]:
        """The amendments whose rows are no longer in the list and were not replaced by others."""
        return [
            each
            for amendings in self._of.values()
            for each in amendings
            if each.gone and each.aside is None and each.corrected_by is None
        ]


def _match(types: Types, amendings: list[Amending], rows: list[_Row], aside: AbstractSet[int], currency: str) -> None:
    """Find the row of each amendment of one field in a version of the list, and which rows replace which."""
    says = {id(each): each.says(types, currency) for each in amendings}
    left = list(amendings)
    written: list[Amending] = []
    for line, cells in reversed(rows):
        # Entered twice is what was written in two ways, such as 100 and 100.00: the later entry is the row's.
        alike = (each for each in reversed(left) if says[id(each)] == _in_one_form(types, each.body, cells, currency))
        match = None if line in aside else next(alike, None)
        if match is not None:
            left.remove(match)
            written += [match] if match.new or match.gone else []
            match.row, match.gone, match.aside, match.corrected_by = line, False, None, None
    gone = [each for each in left if each.corrected_by is None]
    for each in left:
        each.gone, each.aside = True, None
    for each in amendings:
        each.new = False
    for line, cells in rows:
        if line in aside and gone:
            each = _nearest(gone, says, cells)
            each.aside = line
            gone.remove(each)
    for match in sorted(written, key=lambda each: each.row):
        if gone:
            before = _nearest(gone, says, says[id(match)])
            before.corrected_by = match
            gone.remove(before)
            if says[id(before)][0] == says[id(match)][0]:
                match.changes = before.changes
    _before_later_ones(amendings)


def _before_later_ones(amendings: list[Amending]) -> None:
    """Put each row of the list before whatever the rows that were recorded after it come before."""
    present = sorted(
        (each for each in amendings if not each.gone), key=lambda each: (each.kept.entry.recorded.first, each.row)
    )
    for each, later in reversed(list(pairwise(present))):
        each.changes = min(each.changes, later.changes)


def _rows(data: bytes) -> Iterator[tuple[_Field, _Row]]:
    """Each row of the list, as far as it has cells, with the field it speaks of; none if the header is another."""
    names: list[str] = []
    for line in lines(data):
        if not names:
            names = [name.replace(" ", "_") for name in line.cells]
            if sorted(names) != sorted(COLUMNS):
                return
        else:
            cells = dict.fromkeys(names, "") | dict(zip(names, line.cells, strict=False))
            told = cells["value"], cells["why"], cells["by"], cells["recorded_at"]
            yield (written_out(cells["record"]), cells["field"]), (line.number, told)


def _in_one_form(types: Types, body: Amendment, told: _Told, currency: str) -> _Told:
    """The value given to a field, in its one written form; an unreadable cell is kept, and its row set aside."""
    value, why, by, recorded_at = (one_form(text) for text in told)
    with suppress(ValueError):
        if is_defined(types, body.type, body.field):
            value = Column(types[body.type].field(body.field), currency, shown=True).text(value)
    with suppress(ValueError):
        recorded_at = Moment.read(recorded_at).text
    return value, why, by, recorded_at


def _nearest(gone: list[Amending], says: Mapping[int, _Told], told: _Told) -> Amending:
    """The amendment with the most cells like these."""
    return max(gone, key=lambda each: sum(a == b for a, b in zip(says[id(each)], told, strict=True)))
