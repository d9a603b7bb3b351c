"""What a ledger requires of its storage: rows that are only ever added, all or none of a transaction."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from custodiet.verify.merkle import Frontier


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is kept."""

    index: int
    """Its place in the log, from 0."""
    key: str
    """The idempotency key it was written under; no two rows have the same."""
    plain: bytes
    """The entry's canonical JSON."""
    leaf: bytes
    """The hash of its leaf."""
    salts: Mapping[str, bytes]
    """The salt of each committed field."""


class Store(Protocol):
    """The promise. Every method raises base.errors.Refused, saying what to do, if the storage fails."""

    def transaction(self) -> AbstractContextManager[None]:
        """Take the write lock; on leaving, keep everything added inside for good or, after an error, nothing.

        Once it is left without an error, what was added survives a loss of power.
        """

    def frontier(self, size: int | None = None) -> Frontier:
        """The state of the tree at a size, or now."""

    def find(self, key: str) -> Row | None:
        """The row written under a key."""

    def add(self, row: Row, frontier: Frontier) -> None:
        """Add a row, and the state of the tree with its leaf; only inside a transaction."""

    def rows(self, first: int, size: int) -> Sequence[Row]:
        """The rows from an index up to, not including, another, in order."""

    def close(self) -> None:
        """Let go of the place."""
