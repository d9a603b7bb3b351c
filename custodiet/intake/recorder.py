"""Enters the contents of a docket, under its author and time, with keys and salts that are the same on any machine."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

from custodiet.intake.docket import Docket
from custodiet.intake.history import History
from custodiet.intake.lists import List
from custodiet.ledger.entry import Body, Entry, Json, Table, canonical, committed
from custodiet.ledger.log import Batch, Ledger
from custodiet.ledger.rows import derived_salt
from custodiet.verify.merkle import root


class Clerk:
    """Enters the contents of one docket into one ledger."""

    def __init__(self, docket: Docket, ledger: Ledger, history: History, key: bytes) -> None:
        """Enter whatever the ledger's history lacks; every salt is made from the docket's `key`."""
        self.docket = docket
        self.ledger = ledger
        self.history = history
        self.key = key

    def enter(
        self, batch: Batch, key: list[Json], source: str, body: Body, author: str = "", recorded_at: str = ""
    ) -> bytes:
        """Add an entry under an idempotency key (written as canonical JSON); its leaf's hash.

        Author and time are the docket's unless given. The salt of a committed field is
        HMAC-SHA-256(docket key, canonical JSON of [idempotency key, name]).
        """
        entry = Entry(author or self.docket.recorded_by, recorded_at or self.docket.recorded_at, source, body)
        written = canonical(key).decode()
        return batch.add(entry, written, lambda name: derived_salt(self.key, written, name))

    def enter_file(self, batch: Batch, table: Table) -> None:
        """Add the next version of a file."""
        self.enter(batch, ["table", table.file, len(self.history.versions(table.file))], table.file, table)

    def enter_list(
        self,
        batch: Batch,
        name: tuple[str, str],
        columns: Sequence[str],
        data: bytes,
        told: List,
        leaves: Iterable[bytes],
        vanished: Iterable[str],
    ) -> Table:
        """Add the next version of a list, by its file and type, unless the last one says the same; its table."""
        file, type_name = name
        read = tuple(columns) if told.rows else ()
        table = Table(
            file=file,
            type=type_name,
            columns=tuple((column, column) for column in read),
            committed=committed(self.docket.types, type_name, read),
            currency=self.docket.currency,
            rows=len(told.rows),
            rows_root=root(leaves).hex(),
            sha256=self.ledger.custody.keep(io.BytesIO(data)),
            set_aside=told.set_aside,
            vanished=tuple(sorted(vanished)),
        )
        versions = self.history.versions(file)
        if not versions or _unworded(versions[-1]) != _unworded(table):
            self.enter_file(batch, table)
        return table


def _unworded(table: Table) -> Table:
    """A table without the sentences on its unreadable rows: in other words they say the same of the same cells."""
    return replace(table, set_aside=tuple(replace(each, expected="") for each in table.set_aside))
