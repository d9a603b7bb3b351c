"""The log: entries are only ever added, each with its leaf, and every earlier state can be read."""

import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from custodiet.base.errors import Refused, WrongCall
from custodiet.ledger.as_of import AsOf
from custodiet.ledger.custody import Custody, cannot_write
from custodiet.ledger.entry import Entry, leaf_of
from custodiet.ledger.sqlite import SqliteStore
from custodiet.ledger.store import Row, Store
from custodiet.records import Types
from custodiet.verify.merkle import Frontier

SALT_BYTES = 32

SaltOf = Callable[[str], bytes]
"""The salt of a committed field, by its name."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The writer's proof that an entry is kept: its index, and the hash of its leaf in hex."""

    index: int
    leaf: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry in the log, read back and checked against its leaf."""

    index: int
    key: str
    entry: Entry
    leaf: bytes


def random_salt(_: str) -> bytes:
    """A salt that nobody can guess, for what a person enters; erasing it erases what it covers."""
    return secrets.token_bytes(SALT_BYTES)


class Batch:
    """Entries that are added together or not at all; their receipts exist once they are kept."""

    def __init__(self, store: Store, types: Types) -> None:
        """Add to a store that is in a transaction; what is not public by these definitions is committed."""
        self._store, self._types = store, types
        self._frontier = store.frontier()
        self._receipts: list[Receipt] = []
        self._kept = False

    def add(self, entry: Entry, key: str, salt_of: SaltOf = random_salt) -> bytes:
        """Add an entry under an idempotency key; its leaf's hash. A key that was used for this entry adds nothing.

        Raises Refused if the key was used for another entry.
        """
        before = self._store.find(key)
        plain = entry.plain()
        if before is not None:
            if before.plain != plain:
                message = f"the key {key} was used for another entry, {before.index}; nothing was added"
                raise Refused(message)
            self._receipts.append(Receipt(before.index, before.leaf.hex()))
            return before.leaf
        salts = {name: salt_of(name) for name in sorted(entry.private(self._types))}
        leaf = leaf_of(plain, salts)
        index, self._frontier = self._frontier.size, self._frontier.with_leaf(leaf)
        self._store.add(Row(index, key, plain, leaf, salts), self._frontier)
        self._receipts.append(Receipt(index, leaf.hex()))
        return leaf

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """One receipt per entry, in order; WrongCall before the batch is kept: nothing is acknowledged until then."""
        if not self._kept:
            message = "a batch has receipts once it is kept"
            raise WrongCall(message)
        return tuple(self._receipts)

    def acknowledge(self) -> None:
        """Mark the transaction as over and everything in it as kept."""
        self._kept = True


class Ledger:
    """One docket's ledger: the log of entries and the exhibits beside it."""

    def __init__(self, store: Store, custody: Custody, types: Types) -> None:
        """Read and write entries in a store, and exhibits in their custody, by the definitions of record types."""
        self._store = store
        self.types = types
        self.custody = custody
        self._read: list[Kept] = []
        self._seen = Frontier()

    @classmethod
    def open(cls, folder: Path, types: Types, create: bool = True, wait_ms: int = 5000) -> "Ledger":
        """Open the ledger in a folder (`DOCKET/.custodiet`), or begin one there.

        `types` are the definitions by which what is added from now on is entered.

        `wait_ms` is how many milliseconds another program may take to end its writing. Raises Refused, saying
        what to do, if the folder or the file cannot be used, or if there is no ledger and none is to be made.
        """
        file = folder / "ledger.db"
        if create:
            _make(folder)
        elif not file.exists():
            message = f"{folder} holds no ledger; `custodiet import` begins one"
            raise Refused(message)
        return cls(SqliteStore(file, wait_ms, create=create), Custody(folder / "exhibits"), types)

    @property
    def size(self) -> int:
        """How many entries it holds."""
        return self._store.frontier().size

    @property
    def root(self) -> str:
        """The root of the tree over all entries, in hex."""
        return self._store.frontier().root.hex()

    def root_at(self, size: int) -> str:
        """The root of the tree over the first entries, in hex; WrongCall for a size the ledger never had."""
        if not 0 <= size <= self.size:
            message = f"the ledger never had {size} entries; write a number from 0 to {self.size}"
            raise WrongCall(message)
        return self._store.frontier(size).root.hex()

    def append(self, entry: Entry, key: str, salt_of: SaltOf = random_salt) -> Receipt:
        """Add one entry under an idempotency key; the receipt comes once it is kept for good.

        The same entry under the same key is added once, and gets the same receipt again.
        """
        with self.batch() as batch:
            batch.add(entry, key, salt_of)
        return batch.receipts[0]

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Take the write lock, and add entries that are kept together or not at all."""
        try:
            with self._store.transaction():
                batch = Batch(self._store, self.types)
                yield batch
        except BaseException:
            # Entries read inside the batch may not have been kept.
            self._read, self._seen = [], Frontier()
            raise
        batch.acknowledge()

    def entries(self, as_of: AsOf | None = None) -> tuple[Kept, ...]:
        """The entries of the ledger now or as of an earlier state, in order.

        As of a time: all entries before the first that was recorded later. Each entry is checked against
        its leaf, and the leaves against the tree. Raises Refused, naming the first entry that does not
        fit, and WrongCall for a size the ledger never had.
        """
        self._read_on()
        if as_of is None:
            return tuple(self._read)
        if as_of.size is not None:
            if as_of.size > len(self._read):
                message = f"the ledger never had {as_of.size} entries; write a number from 0 to {len(self._read)}"
                raise WrongCall(message)
            return tuple(self._read[: as_of.size])
        until = as_of.until
        later = (kept.index for kept in self._read if until and kept.entry.recorded.first > until.last)
        return tuple(self._read[: next(later, len(self._read))])

    def entries_from(self, first: int) -> tuple[Kept, ...]:
        """The entries of the ledger now from an index on, in order; checked, and refused, as by `entries`."""
        self._read_on()
        return tuple(self._read[first:])

    def rows(self, size: int) -> tuple[Row, ...]:
        """The first entries as they are kept, with the salts of their committed fields: for an edition to open them.

        Raises Refused, as `entries` does, if one was changed, and WrongCall for a size the ledger never had.
        """
        self.entries(AsOf(size=size))
        return tuple(self._store.rows(0, size))

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def __enter__(self) -> Self:
        """Use the ledger for as long as the block lasts."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        self.close()

    def _read_on(self) -> None:
        """Read and check what was added since the last reading."""
        frontier = self._store.frontier()
        for row in self._store.rows(len(self._read), frontier.size):
            if row.index != len(self._read) or not _fits(row):
                message = f"entry {len(self._read)} of the ledger has changed since it was kept; restore a backup"
                raise Refused(message)
            self._read.append(Kept(row.index, row.key, Entry.read(row.plain), row.leaf))
            self._seen = self._seen.with_leaf(row.leaf)
        if self._seen != frontier:
            message = f"the {frontier.size} entries of the ledger do not have the root that it states; restore a backup"
            raise Refused(message)


def _fits(row: Row) -> bool:
    try:
        return hmac.compare_digest(leaf_of(row.plain, row.salts), row.leaf)
    except (ValueError, KeyError):
        return False


def _make(folder: Path) -> None:
    """Make the folder of a ledger, with a file that tells git to ignore it."""
    ignore = folder / ".gitignore"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as wrong:
        raise cannot_write(folder, wrong) from wrong
