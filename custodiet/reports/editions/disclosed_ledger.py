"""The ledger as one edition discloses it: entries and rows as their leaves, with the fields opened that it may show.

Anyone with the leaf can compute its hash, and anyone with the salt of a field can compute its commitment; so everything
disclosed can be proved to be in the root, and everything else is only a hash (docs/reference/bundle.md).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from custodiet.base.errors import Refused
from custodiet.ledger.custody import Custody
from custodiet.ledger.definitions import Definitions
from custodiet.ledger.entry import (
    SOURCE,
    Amendment,
    Entry,
    ExhibitKept,
    Json,
    RecordMade,
    Table,
    Vouching,
    leaf_bytes,
)
from custodiet.ledger.rows import RowLeaves, derived_salt
from custodiet.ledger.store import Row
from custodiet.ledger.table import TableRow, rows
from custodiet.records import cell
from custodiet.reports.editions.disclosure import Disclosure, Edition
from custodiet.reports.editions.sealed import sealed_types
from custodiet.verify.canonical import canonical
from custodiet.verify.merkle import leaf_hash, root


class DisclosedLedger:
    """What one edition discloses of the entries of one ledger."""

    def __init__(self, disclosure: Disclosure, kept: Sequence[Row], custody: Custody, key: bytes) -> None:
        """Take the entries of the audited state, the exhibits, and the docket's key, from which rows have salts."""
        self._disclosure = disclosure
        self._kept = kept
        self._custody = custody
        self._key = key
        self._facts = disclosure.audit.view.facts

    @property
    def leaves(self) -> bytes:
        """The hash of every entry's leaf, one per line."""
        return "".join(f"{row.leaf.hex()}\n" for row in self._kept).encode()

    @cached_property
    def entries(self) -> bytes:
        """Each disclosed entry, one per line."""
        return b"".join(_line(told) for told in self._entries())

    @cached_property
    def rows(self) -> bytes:
        """Every row of each disclosed table; of a withheld row, its hash."""
        return b"".join(_line(told) for index, lines in self._tables.items() for told in lines if index in self._told)

    @cached_property
    def exhibits(self) -> Mapping[str, bytes]:
        """The exhibits whose hash is disclosed, by their hash."""
        hashes = {
            body.sha256
            for row in self._kept
            if row.index in self._told
            for body in (Entry.read(row.plain).body,)
            if isinstance(body, ExhibitKept | Table) and body.sha256 and self._opens(body, "sha256")
        }
        return {sha256: self._custody.read(sha256) for sha256 in sorted(hashes)}

    @cached_property
    def _told(self) -> frozenset[int]:
        return frozenset(row.index for row in self._kept if self._tells(row))

    def _entries(self) -> Iterator[Json]:
        for row in self._kept:
            if row.index in self._told:
                body = Entry.read(row.plain).body
                says = json.loads(row.plain)["fields"]
                yield {
                    "index": row.index,
                    "leaf": json.loads(leaf_bytes(row.plain, row.salts)),
                    "opened": {
                        name: {"salt": salt.hex(), "value": says[name]}
                        for name, salt in row.salts.items()
                        if self._opens(body, name)
                    },
                }

    def _tells(self, row: Row) -> bool:
        """Whether an entry is disclosed at all, with the parts of its leaf that are open to everyone."""
        if self._disclosure.everything:
            return True
        match Entry.read(row.plain).body:
            case RecordMade() as made:
                return self._tells_leaf(made.type, made.id, made.fields.keys() - row.salts.keys())
            case Amendment() as amendment:
                return self._shows(amendment.type, amendment.record) and self._opens_cell(
                    amendment.type, amendment.field, amendment.value
                )
            case Vouching() as vouching:
                return vouching.type not in sealed_types(self._facts.types)
            case Table():
                return row.index in self._tables
            case Definitions() as definitions:
                # That records of a type are there can itself be what is withheld.
                return all(self._disclosure.shows_type(each.type) for each in definitions.types)
            case ExhibitKept():
                return False

    def _opens(self, body: object, name: str) -> bool:
        """Whether a committed field of a disclosed entry is opened."""
        if self._disclosure.everything:
            return True
        match body:
            case RecordMade() as made:
                return self._opens_cell(made.type, name, made.fields[name])
            case Amendment():
                return True
            case Table() as table:
                return bool(table.columns) and not table.committed
            case _:
                return False

    def _tells_leaf(self, type_name: str, id_: str, open_fields: Iterable[str]) -> bool:
        """Whether a record is shown, with everything that is open in its leaf."""
        return self._shows(type_name, id_) and (
            self._disclosure.everything or all(self._disclosure.shows_field(type_name, name) for name in open_fields)
        )

    def _shows(self, type_name: str, id_: str) -> bool:
        return self._disclosure.shows_record(self._facts.find(type_name, id_))

    def _may_say(self, type_name: str, name: str, text: str) -> bool:
        """Whether the text of a field names only those who may be named."""
        definition = self._facts.types[type_name]
        refers = name in definition.names and definition.field(name).refers_to == "person"
        return not refers or text in ("none", "unknown") or self._disclosure.may_name(text)

    @cached_property
    def _tables(self) -> Mapping[int, list[dict[str, Any]]]:
        """The lines of each table that can be told: of one with a row to tell and no row that its hash would betray.

        The public sees a table whole or not at all: its gaps would count what is withheld.
        """
        tables = {}
        for row in self._kept:
            body = Entry.read(row.plain).body
            if isinstance(body, Table) and body.rows and self._disclosure.shows_type(body.type):
                lines = list(self._rows_of(row.index, body))
                told = ["leaf" in line for line in lines]
                enough = all(told) if self._disclosure.edition is Edition.PUBLIC else any(told)
                if enough and not any(_betrayed(line) for line in lines):
                    tables[row.index] = [_without_guess(line) for line in lines]
        return tables

    def _rows_of(self, index: int, table: Table) -> Iterator[dict[str, Any]]:
        """One line per row, in order: its leaf and what is opened, or what its hash is made of."""
        names = tuple(name for _, name in table.columns if name != "id")
        leaves = RowLeaves(self._key, table.file, table.sha256, table.type, names, table.committed)
        definition = self._facts.types[table.type]
        hashes = []
        for place, row in enumerate(rows(table, self._custody.read(table.sha256), definition, as_recorded=True)):
            cells = _cells(row)
            leaf = leaves.leaf_bytes(row.line, row.id, cells)
            hashes.append(leaf_hash(leaf))
            told: dict[str, Any] = {"table": index, "place": place}
            if self._tells_leaf(table.type, row.id, cells.keys() - {*table.committed}):
                told |= {"leaf": json.loads(leaf), "opened": self._opened(table, row, cells)}
            else:
                told |= {"hash": hashes[-1].hex(), _GUESS: not json.loads(leaf)["committed"]}
            yield told
        if root(hashes).hex() != table.rows_root:
            message = f"{table.file} does not have the root over its rows that the ledger states: is salt.key its own?"
            raise Refused(message)

    def _opened(self, table: Table, row: TableRow, cells: Mapping[str, str]) -> dict[str, Any]:
        """The committed fields of a row that this edition may open, each with its salt."""
        place = f"{table.sha256}#{row.line}"
        return {
            name: {"salt": derived_salt(self._key, place, name).hex(), "value": text}
            for name, text in cells.items()
            if name in table.committed and self._opens_cell(table.type, name, text)
        }

    def _opens_cell(self, type_name: str, name: str, text: str) -> bool:
        if self._disclosure.everything:
            return True
        return self._disclosure.shows_field(type_name, name) and self._may_say(type_name, name, text)


_GUESS = "could be guessed"


def _betrayed(line: Mapping[str, Any]) -> bool:
    """Whether a withheld row has no salt in it, so that its hash would confirm a guess of its contents."""
    return bool(line.get(_GUESS))


def _without_guess(line: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in line.items() if name != _GUESS}


def _cells(row: TableRow) -> dict[str, str]:
    """The texts that a row's leaf is made of."""
    cells = {name: cell(value) for name, value in row.values.items()}
    return cells | {SOURCE: row.source} if row.source else cells


def _line(told: object) -> bytes:
    return canonical(told) + b"\n"
