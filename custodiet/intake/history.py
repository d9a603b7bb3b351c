"""What the ledger was told before: every id with where it stands, and each row as its table told it last."""

from collections import defaultdict

from custodiet.ledger.entry import SOURCE, RecordMade, Table
from custodiet.ledger.log import Ledger
from custodiet.ledger.table import ids, rows
from custodiet.records import TYPES, cell


class Known:
    """The ids of all records in a ledger; read from its tables when first asked."""

    def __init__(self, ledger: Ledger) -> None:
        """Ask a ledger."""
        self._ledger = ledger
        self._read = 0
        self._files: dict[str, str] = {}
        self._types: dict[str, str] = {}

    @property
    def files(self) -> dict[str, str]:
        """Every id, with the file that told it first (its source, for a record that a person entered)."""
        self._read_on()
        return self._files

    @property
    def types(self) -> dict[str, str]:
        """Every id, with the type of its record."""
        self._read_on()
        return self._types

    def rows_of(self, file: str) -> dict[str, dict[str, str]]:
        """The rows of all versions of a file: id → name → text, each as it was told last."""
        told: dict[str, dict[str, str]] = defaultdict(dict)
        for kept in self._ledger.entries():
            table = kept.entry.body
            if isinstance(table, Table) and table.file == file and table.rows:
                names = [name for _, name in table.columns if name not in ("id", SOURCE)]
                for row in rows(table, self._ledger.custody.read(table.sha256)):
                    before = told[row.id]
                    for name in names:
                        before.pop(name, None)
                    before |= {name: cell(value) for name, value in row.values.items()}
                    if table.columns[-1][1] == SOURCE:
                        before[SOURCE] = row.source
        return told

    def _read_on(self) -> None:
        entries = self._ledger.entries()
        for kept in entries[self._read :]:
            match kept.entry.body:
                case Table() as table if table.type in TYPES and table.rows:
                    for id_ in ids(table, self._ledger.custody.read(table.sha256)):
                        self._files.setdefault(id_, table.file)
                        self._types.setdefault(id_, table.type)
                case RecordMade() as made:
                    self._files[made.id] = kept.entry.source
                    self._types[made.id] = made.type
        self._read = len(entries)
