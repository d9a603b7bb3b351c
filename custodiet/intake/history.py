"""What the ledger already holds: one pass over its entries, continued as an import adds more."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from custodiet.ledger.amendments import TYPE as AMENDMENT
from custodiet.ledger.entry import SOURCE, Amendment, ExhibitKept, RecordMade, Table, Vouching
from custodiet.ledger.log import Kept, Ledger
from custodiet.ledger.table import ids, rows
from custodiet.records import cell


@dataclass(frozen=True, slots=True)
class First:
    """Where a record was first recorded."""

    file: str
    """The file of its table; its source, for a record that a person entered."""
    type: str


class History:
    """The entries of one ledger, sorted by subject.

    Each entry is sorted once. Every query first reads what was added since the last one, so that answers are right
    inside a batch too. The bytes of a table are read only for a query about its ids or rows.
    """

    def __init__(self, ledger: Ledger) -> None:
        """Begin before the first entry of a ledger."""
        self._ledger = ledger
        self._size = 0
        self._tables: list[Table] = []
        self._versions: dict[str, list[Table]] = defaultdict(list)
        self._exhibits: list[Kept] = []
        self._amendments: list[Kept] = []
        self._vouchings: dict[str, list[Vouching]] = defaultdict(list)
        self._telling: list[Kept] = []
        """Entries with records whose ids are not yet in `_told`."""
        self._told: dict[str, First] = {}

    @property
    def tables(self) -> Sequence[Table]:
        """Every version of every file, in order of entry."""
        self._read_on()
        return tuple(self._tables)

    def versions(self, file: str) -> Sequence[Table]:
        """The versions of a file that were entered, oldest first."""
        self._read_on()
        return tuple(self._versions.get(file, ()))

    @property
    def exhibits(self) -> Sequence[Kept]:
        """The entries of exhibits, in order."""
        self._read_on()
        return tuple(self._exhibits)

    @property
    def amendments(self) -> Sequence[Kept]:
        """The entries of amendments and of the versions of their list, in order."""
        self._read_on()
        return tuple(self._amendments)

    @property
    def vouchings(self) -> Mapping[str, Sequence[Vouching]]:
        """What was vouched for each register, oldest first."""
        self._read_on()
        return {type_name: tuple(vouchings) for type_name, vouchings in self._vouchings.items()}

    @property
    def told(self) -> Mapping[str, First]:
        """Every id, with where its record was first recorded; it grows with the ledger, at the next query."""
        self._read_on()
        for kept in self._telling:
            match kept.entry.body:
                case Table() as table:
                    first = First(table.file, table.type)
                    for id_ in ids(table, self._ledger.custody.read(table.sha256)):
                        self._told.setdefault(id_, first)
                case RecordMade() as made:
                    self._told[made.id] = First(kept.entry.source, made.type)
        self._telling.clear()
        return self._told

    def rows_of(self, file: str) -> dict[str, dict[str, str]]:
        """The rows of all versions of a file (id → name → text), each as last recorded; read again on every call."""
        told: dict[str, dict[str, str]] = defaultdict(dict)
        types = self._ledger.types
        for table in self.versions(file):
            if not table.rows or table.type not in types:
                continue
            names = [name for _, name in table.columns if name not in ("id", SOURCE)]
            for row in rows(table, self._ledger.custody.read(table.sha256), types[table.type]):
                before = told[row.id]
                for name in names:
                    before.pop(name, None)
                before |= {name: cell(value) for name, value in row.values.items()}
                if table.columns[-1][1] == SOURCE:
                    before[SOURCE] = row.source
        return told

    def _read_on(self) -> None:
        for kept in self._ledger.entries_from(self._size):
            self._sort(kept)
            self._size += 1

    def _sort(self, kept: Kept) -> None:
        match kept.entry.body:
            case Table() as table:
                self._tables.append(table)
                self._versions[table.file].append(table)
                if table.type in self._ledger.types and table.rows:
                    self._telling.append(kept)
                if table.type == AMENDMENT:
                    self._amendments.append(kept)
            case RecordMade():
                self._telling.append(kept)
            case Amendment():
                self._amendments.append(kept)
            case ExhibitKept():
                self._exhibits.append(kept)
            case Vouching() as vouching:
                self._vouchings[vouching.type].append(vouching)
