"""An entry: what was recorded, by whom, when and from which source; and its leaf, which gives nothing private away.

An entry is canonical JSON (RFC 8785) with five names:

* `author`, `recorded_at`, `source`: who recorded it, when, and where it comes from (for a table, file and line);
* `kind`: record, amendment, exhibit, table, vouching or definitions;
* `about`: what it is about, open to every reader of the leaf: types, ids, names of fields and files;
* `fields`: what it says, by name. A record's field holds the text of a cell; an unknown field is left out.

In the bytes that are hashed into the leaf, every field that is not public is replaced by a commitment: it moves from
`fields` to `committed`, where its name has the value of `commitment(salt, name, value)`. A field that is not declared
public is not public: for an amendment to such a field, the reason is committed too, and for an exhibit, its hash.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

import rfc8785

from custodiet.ledger.as_of import Moment
from custodiet.ledger.definitions import Definitions
from custodiet.records import Sensitivity, Types
from custodiet.verify.merkle import leaf_hash

LISTS = frozenset({"amendment", "exhibit"})
"""The types of tables that hold no records."""

Json = str | int | list[Any] | dict[str, Any]

SOURCE = "source"
"""The name of a row's own source (exhibit#place), which is kept beside its fields."""


def canonical(value: Json) -> bytes:
    """The one way to write a JSON value down (RFC 8785).

    >>> canonical({"b": 1, "a": "é"}).decode()
    '{"a":"é","b":1}'
    """
    return rfc8785.dumps(value)


def commitment(salt: bytes, name: str, value: Json) -> str:
    """The commitment in place of a private value in a leaf: hex SHA-256(salt ‖ canonical JSON of [name, value]).

    The salt is 32 bytes, so that its end is known and the value cannot be guessed; the name is in
    it, so that the commitment to one field cannot be shown as another's.

    >>> commitment(bytes(32), "role", "guest") == commitment(bytes(32), "purpose", "guest")
    False
    """
    return hashlib.sha256(salt + canonical([name, value])).hexdigest()


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that could not be read, and why: where it is, what it holds and what to write instead."""

    file: str
    row: int
    """The line of the file, from 1; the header's where the whole file is set aside."""
    column: str
    value: str
    expected: str
    rows: int = 1
    """How many rows this sets aside: 0 for a further unreadable cell of a row that is already set aside."""


@dataclass(frozen=True, slots=True)
class RecordMade:
    """A record, entered by a person."""

    kind: ClassVar[str] = "record"
    type: str
    id: str
    fields: Mapping[str, str]

    def about(self) -> dict[str, Json]:
        """Which record it is."""
        return {"type": self.type, "id": self.id}

    def says(self) -> dict[str, Json]:
        """What is known of it: name of the field → text of a cell."""
        return dict(self.fields)

    def private(self, types: Types) -> frozenset[str]:
        """The fields that are not public."""
        return frozenset(committed(types, self.type, self.fields))


@dataclass(frozen=True, slots=True)
class Amendment:
    """One field of one record, corrected; its earlier value stays where it was entered."""

    kind: ClassVar[str] = "amendment"
    type: str
    record: str
    field: str
    value: str
    """The text of a cell; `unknown` takes back what was recorded."""
    why: str

    def about(self) -> dict[str, Json]:
        """Which field of which record."""
        return {"type": self.type, "record": self.record, "field": self.field}

    def says(self) -> dict[str, Json]:
        """The new value, and why."""
        return {"value": self.value, "why": self.why}

    def private(self, types: Types) -> frozenset[str]:
        """Both, unless the field is public: a reason reveals the value."""
        return frozenset() if is_public(types, self.type, self.field) else frozenset({"value", "why"})


@dataclass(frozen=True, slots=True)
class ExhibitKept:
    """That a document is kept, by its SHA-256; from whom it came, who received it, and when."""

    kind: ClassVar[str] = "exhibit"
    file: str
    sha256: str
    received_from: str
    received_by: str
    received_on: str

    def about(self) -> dict[str, Json]:
        """The name of the file."""
        return {"file": self.file}

    def says(self) -> dict[str, Json]:
        """Its hash and where it came from."""
        return {
            "sha256": self.sha256,
            "received_from": self.received_from,
            "received_by": self.received_by,
            "received_on": self.received_on,
        }

    def private(self, types: Types) -> frozenset[str]:
        """All of it: a file does not say whether its document is public."""
        del types
        return frozenset({"sha256", "received_from", "received_by", "received_on"})


@dataclass(frozen=True, slots=True)
class Table:
    """That a table is kept as an exhibit, and how its rows are read.

    The view reads the rows from the kept bytes through this mapping; `rows_root` is the root of the
    Merkle tree over them (`rows.RowLeaves` makes its leaves), so that each can be proved alone.
    """

    kind: ClassVar[str] = "table"
    file: str
    """Its place in the docket: `records/seat.csv`."""
    type: str
    """The type of its records; `amendment` or `exhibit` for a list of those; empty where the type is not known."""
    columns: tuple[tuple[str, str], ...]
    """Each column with the field that it fills; none where the whole file is set aside."""
    committed: tuple[str, ...]
    """The fields that were not public when the table was brought in, by name: its rows recompute from this list."""
    currency: str
    rows: int
    """How many rows were read."""
    rows_root: str
    sha256: str
    """The hash of the file; empty for a file that is gone from the docket."""
    set_aside: tuple[SetAside, ...] = ()
    vanished: tuple[str, ...] = ()
    """Ids that earlier versions of the file held; their records stay."""
    form: str = ""
    """The Unicode normalization form of its rows' texts, NFC, where the file holds some in another form.

    Empty where nothing had to be changed, and for a table entered by a version that changed nothing.
    """

    def about(self) -> dict[str, Json]:
        """The mapping, the count of rows and their root, and which columns stand as commitments."""
        form: dict[str, Json] = {"form": self.form} if self.form else {}
        return form | {
            "file": self.file,
            "type": self.type,
            "columns": [list(column) for column in self.columns],
            "committed": list(self.committed),
            "currency": self.currency,
            "rows": self.rows,
            "rows_root": self.rows_root,
        }

    def says(self) -> dict[str, Json]:
        """The file's hash, what could not be read, and what is gone."""
        return {
            "sha256": self.sha256,
            "set_aside": [
                {
                    "row": each.row,
                    "column": each.column,
                    "value": each.value,
                    "expected": each.expected,
                    "rows": each.rows,
                }
                for each in self.set_aside
            ],
            "vanished": list(self.vanished),
        }

    def private(self, types: Types) -> frozenset[str]:
        """All of it, unless every column is public."""
        del types
        public = self.columns and not self.committed
        return frozenset() if public else frozenset({"sha256", "set_aside", "vanished"})


@dataclass(frozen=True, slots=True)
class Vouching:
    """That somebody vouches for a register being complete over some periods; the latest one for a type holds."""

    kind: ClassVar[str] = "vouching"
    type: str
    periods: tuple[tuple[str, str], ...]
    """Each period, as `2024-01-01/2024-04-30` with `..` for an open end, with who vouches for it."""

    def about(self) -> dict[str, Json]:
        """Which register."""
        return {"type": self.type}

    def says(self) -> dict[str, Json]:
        """The periods, and who vouches."""
        return {"periods": [{"during": during, "by": by} for during, by in self.periods]}

    def private(self, types: Types) -> frozenset[str]:
        """None of it."""
        del types
        return frozenset()


Body = RecordMade | Amendment | ExhibitKept | Table | Vouching | Definitions


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was recorded: by whom, when, from which source, and what."""

    author: str
    recorded_at: str
    """A date, or a time in UTC, as `Moment` writes it; ValueError for another text."""
    source: str
    body: Body
    recorded: Moment = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read the time of recording once."""
        recorded = Moment.of_entry(self.recorded_at)
        if recorded.text != self.recorded_at:
            message = f"the time of recording is {self.recorded_at}; write it as {recorded.text}"
            raise ValueError(message)
        object.__setattr__(self, "recorded", recorded)

    def plain(self) -> bytes:
        """The whole entry in canonical JSON, as the ledger stores it."""
        return canonical({**self._frame(), "fields": self.body.says()})

    def private(self, types: Types) -> frozenset[str]:
        """The names of the fields that are commitments in the leaf, by these definitions; each needs a salt."""
        return self.body.private(types)

    def _frame(self) -> dict[str, Json]:
        return {
            "author": self.author,
            "recorded_at": self.recorded_at,
            "source": self.source,
            "kind": self.body.kind,
            "about": self.body.about(),
        }

    @classmethod
    def read(cls, plain: bytes) -> "Entry":
        """The entry that canonical JSON holds; `plain` wrote it."""
        told = json.loads(plain)
        body = _READERS[told["kind"]](told["about"], told["fields"])
        return cls(told["author"], told["recorded_at"], told["source"], body)


def leaf_bytes(plain: bytes, salts: Mapping[str, bytes]) -> bytes:
    """The canonical JSON that is hashed into the leaf: fields with a salt are replaced by commitments."""
    told = json.loads(plain)
    says: dict[str, Json] = told["fields"]
    told["fields"] = {name: value for name, value in says.items() if name not in salts}
    told["committed"] = {name: commitment(salt, name, says[name]) for name, salt in salts.items()}
    return canonical(told)


def leaf_of(plain: bytes, salts: Mapping[str, bytes]) -> bytes:
    """The leaf of an entry: SHA-256(0x00 ‖ leaf_bytes)."""
    return leaf_hash(leaf_bytes(plain, salts))


def is_public(types: Types, type_name: str, name: str) -> bool:
    """Whether a field is declared public; a field that is not declared is not public."""
    definition = types.get(type_name)
    if definition is None or name not in definition.names:
        return name == "id" and definition is not None
    return definition.field(name).sensitivity is Sensitivity.PUBLIC


def committed(types: Types, type_name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of some fields that are not public, in order of their names."""
    return tuple(sorted(name for name in names if not is_public(types, type_name, name)))


def _record(about: dict[str, Any], says: dict[str, Any]) -> RecordMade:
    return RecordMade(about["type"], about["id"], says)


def _amendment(about: dict[str, Any], says: dict[str, Any]) -> Amendment:
    return Amendment(about["type"], about["record"], about["field"], says["value"], says["why"])


def _exhibit(about: dict[str, Any], says: dict[str, Any]) -> ExhibitKept:
    return ExhibitKept(about["file"], says["sha256"], says["received_from"], says["received_by"], says["received_on"])


def _table(about: dict[str, Any], says: dict[str, Any]) -> Table:
    return Table(
        file=about["file"],
        type=about["type"],
        columns=tuple(cast("tuple[str, str]", tuple(column)) for column in about["columns"]),
        committed=tuple(about["committed"]),
        currency=about["currency"],
        rows=about["rows"],
        rows_root=about["rows_root"],
        sha256=says["sha256"],
        set_aside=tuple(SetAside(file=about["file"], **each) for each in says["set_aside"]),
        vanished=tuple(says["vanished"]),
        form=about.get("form", ""),
    )


def _vouching(about: dict[str, Any], says: dict[str, Any]) -> Vouching:
    return Vouching(about["type"], tuple((each["during"], each["by"]) for each in says["periods"]))


def _definitions(about: dict[str, Any], says: dict[str, Any]) -> Definitions:
    del says
    return Definitions.read(about)


_READERS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Body]] = {
    "record": _record,
    "amendment": _amendment,
    "exhibit": _exhibit,
    "table": _table,
    "vouching": _vouching,
    "definitions": _definitions,
}
