"""Whether the archive of an audit is whole, and whether what it discloses is what the ledger's root stands for.

`check` needs no network, no database and nothing of the program that wrote the archive. The layout and the formulas are
in docs/reference/bundle.md; each step below is one sentence of what it prints.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from custodiet.verify.archive import Damaged, read
from custodiet.verify.canonical import canonical
from custodiet.verify.canonical import read as read_json
from custodiet.verify.labels import INTERNAL, misshapen, odd_files, undefined, wrong_edition, wrong_pins
from custodiet.verify.merkle import leaf_hash, root
from custodiet.verify.quoting import Misread, named, on_one_line

FORMAT = "custodiet audit 1"
MANIFEST = "manifest.json"
PINS = "audit.json"
LEAVES = "proofs/leaves.txt"
ENTRIES = "ledger/entries.jsonl"
ROWS = "ledger/rows.jsonl"
KEY = "ledger/salt.key"
PACK = "pack/"
EXHIBITS = "exhibits/"
NEEDED = (PINS, LEAVES, ENTRIES, ROWS, "pack/pack.toml", "results.csv", "results.parquet", "report/index.html")
_LINE = 65
"""The length of a line of `proofs/leaves.txt`: a hash in hexadecimal and a line break."""
_OPENED = {"salt", "value"}
_KEY_FILE = re.compile(rb"[0-9a-f]{64}\n")


class _Wrong(Exception):  # noqa: N818 - it names the outcome
    """A sentence on what a step found wrong."""

    def __init__(self, sentence: str) -> None:
        super().__init__(on_one_line(sentence))


@dataclass
class Checked:
    """What was checked, in sentences, and what was found wrong."""

    sentences: list[str] = field(default_factory=list)
    """What fits."""
    wrong: list[str] = field(default_factory=list)
    """What does not; empty for an archive that is whole."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The files of the archive; empty if its bytes are not in order."""
    pins: Mapping[str, Any] = field(default_factory=dict)
    """From what the audit was computed, as the archive states it."""
    closing: str = ""
    """The hash of the whole archive: anyone who has it from elsewhere knows that this is the same archive."""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong


def check(archive: bytes) -> Checked:
    """Check every byte of an archive, and every proof in it.

    If its bytes are not in order, nothing else is checked. Otherwise every step is taken, and everything wrong is
    reported. Whether the labels fit the contents is checked only if the contents fit together.
    """
    checked = Checked()
    try:
        files = read(archive)
        checked.closing = _manifest(files)
        checked.pins = pins_in(files)
    except (Damaged, _Wrong) as wrong:
        checked.wrong.append(str(wrong))
        return checked
    checked.files = files
    checked.sentences.append(
        f"The archive holds {len(files)} files, each as the manifest lists it, and not a byte more."
    )
    disclosed = _Disclosed()
    proofs: _Steps = {
        PACK: lambda: _pack(files, checked.pins),
        LEAVES: lambda: _tree(files, checked.pins, disclosed),
        ENTRIES: lambda: _entries(files, disclosed),
        ROWS: lambda: _rows(files, disclosed),
        EXHIBITS: lambda: _exhibits(files, disclosed),
        KEY: lambda: _key(files, checked.pins, disclosed),
    }
    labels: _Steps = {
        "pack/pack.toml": lambda: _stated(files, checked.pins, disclosed),
        PINS: lambda: _edition(files, checked.pins, disclosed),
    }
    _take(proofs, checked)
    if checked.whole:
        _take(labels, checked)
    return checked


_Steps = Mapping[str, Callable[[], str]]
"""The steps, each with the file that it is mainly about."""


def _take(steps: _Steps, checked: Checked) -> None:
    for about, step in steps.items():
        try:
            checked.sentences.append(step())
        except _Wrong as wrong:
            checked.wrong.append(str(wrong))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as wrong:
            why = f" ({on_one_line(str(wrong))})" if isinstance(wrong, Misread) else ""
            where = f"{about}, or what it names{why}"
            checked.wrong.append(f"A file of the audit is not laid out as it should be: {where}.")


def commitment(salt: bytes, name: str, value: object) -> str:
    """The commitment in place of a withheld value: hex SHA-256(salt ‖ canonical JSON of [name, value])."""
    return hashlib.sha256(salt + canonical([name, value])).hexdigest()


def closing_hash(manifest: Mapping[str, object]) -> str:
    """The hash that closes a manifest: SHA-256 over its canonical JSON without `closing`."""
    return hashlib.sha256(canonical({name: manifest[name] for name in manifest if name != "closing"})).hexdigest()


def pack_hash(files: Mapping[str, bytes]) -> str:
    r"""The hash of a pack: SHA-256 over one line `sha256␠path\n` per file, sorted by the bytes of the paths."""
    ordered = sorted(files, key=str.encode)
    lines = "".join(f"{hashlib.sha256(files[path]).hexdigest()} {path}\n" for path in ordered)
    return hashlib.sha256(lines.encode()).hexdigest()


@dataclass
class _Disclosed:
    """What the steps before have read."""

    leaves: list[bytes] = field(default_factory=list)
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By index: the leaf, and the opened fields."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """The rows of every disclosed table; of a withheld row, its hash."""


def _manifest(files: Mapping[str, bytes]) -> str:
    """Check every file against the manifest, and the manifest against itself; its closing hash."""
    if MANIFEST not in files:
        raise _Wrong(f"There is no {MANIFEST}.")
    try:
        told = read_json(files[MANIFEST])
    except ValueError as wrong:
        raise _Wrong(f"{MANIFEST} cannot be read: {wrong}.") from wrong
    if not isinstance(told, dict) or set(told) != {"closing", "files", "format"} or told["format"] != FORMAT:
        raise _Wrong(f"{MANIFEST} is not a manifest of `{FORMAT}`.")
    closing = closing_hash(told)
    if told["closing"] != closing:
        raise _Wrong(
            f"{MANIFEST} does not match its own closing hash: it states {named(told['closing'])}, but has {closing}."
        )
    found = [
        {"path": path, "sha256": hashlib.sha256(files[path]).hexdigest(), "size": len(files[path])}
        for path in sorted(files, key=str.encode)
        if path != MANIFEST
    ]
    if canonical(found) != canonical(told["files"]):
        raise _Wrong(_differences(found, told["files"]))
    missing = [name for name in NEEDED if name not in files]
    if missing:
        raise _Wrong(f"Every audit has {', '.join(missing)}, but this one does not.")
    odd = odd_files(files, (*NEEDED, MANIFEST, KEY))
    if odd:
        raise _Wrong(f"This archive has {', '.join(map(named, odd))}, which no audit has.")
    return closing


def _differences(found: list[dict[str, Any]], listed: object) -> str:
    if not isinstance(listed, list) or not all(isinstance(each, dict) and "path" in each for each in listed):
        return f"{MANIFEST} does not list files."
    here = {each["path"]: each for each in found}
    there = {each["path"]: each for each in listed}
    added = [f"{named(path)} is not in the manifest" for path in here if path not in there]
    gone = [f"{named(path)} is in the manifest but not here" for path in there if path not in here]
    changed = [f"{named(path)} was changed" for path in here if path in there and here[path] != there[path]]
    return f"{'; '.join([*added, *gone, *changed]) or 'The manifest lists a file twice or out of order'}."


def pins_in(files: Mapping[str, bytes]) -> Mapping[str, Any]:
    """The pins of an audit, from its `audit.json`; Damaged if that does not state them."""
    if PINS not in files:
        raise Damaged(f"There is no {PINS}.")
    try:
        pins = read_json(files[PINS])
    except ValueError as wrong:
        raise Damaged(f"{PINS} cannot be read: {wrong}.") from wrong
    if not isinstance(pins, dict) or pins.get("format") != FORMAT:
        raise Damaged(f"{PINS} is not one of `{FORMAT}`.")
    other = misshapen(pins)
    if other:
        raise Damaged(f"{PINS} does not state exactly what an audit states: {other}.")
    return pins


def _pack(files: Mapping[str, bytes], pins: Mapping[str, Any]) -> str:
    law = {path.removeprefix(PACK): content for path, content in files.items() if path.startswith(PACK)}
    found, stated = pack_hash(law), pins["pack"]["hash"]
    if found != stated:
        raise _Wrong(f"The pack's {len(law)} files have the hash {found}, but the audit states {named(stated)}.")
    return f"The pack's {len(law)} files have the hash that the audit states."


def _tree(files: Mapping[str, bytes], pins: Mapping[str, Any], disclosed: _Disclosed) -> str:
    text = files[LEAVES].decode("ascii")
    disclosed.leaves = [bytes.fromhex(text[at : at + _LINE - 1]) for at in range(0, len(text), _LINE)]
    if "".join(f"{leaf.hex()}\n" for leaf in disclosed.leaves) != text:
        raise _Wrong(f"{LEAVES} does not hold exactly one hash per line.")
    size, stated = pins["as_of"]["size"], pins["as_of"]["root"]
    found = root(disclosed.leaves).hex()
    if len(disclosed.leaves) != size or found != stated:
        raise _Wrong(
            f"The {len(disclosed.leaves)} leaves have the root {found}; the audit states {named(stated)} for "
            f"{named(size)} entries."
        )
    return f"The {size} leaves of the ledger have the root that the audit states."


def _entries(files: Mapping[str, bytes], disclosed: _Disclosed) -> str:
    before = -1
    opened = 0
    for line in _lines(files, ENTRIES):
        _expect(line, {"index", "leaf", "opened"}, ENTRIES)
        index, leaf = line["index"], line["leaf"]
        if type(index) is not int or index <= before:
            raise _Wrong(f"Entry {index} of {ENTRIES} is out of order.")
        if leaf_hash(canonical(leaf)) != disclosed.leaves[index]:
            raise _Wrong(f"Entry {index} of {ENTRIES} does not have the leaf that the ledger has there.")
        opened += _opened(line, f"entry {index}")
        disclosed.entries[index], before = line, index
    told, size = len(disclosed.entries), len(disclosed.leaves)
    return (
        f"{told} of {size} entries are disclosed, each with its leaf in the tree; {opened} of their fields are opened, "
        "each with the value it was committed to."
    )


def _rows(files: Mapping[str, bytes], disclosed: _Disclosed) -> str:
    tables: dict[int, list[dict[str, Any]]] = {}
    for line in _lines(files, ROWS):
        place, table = line["place"], line["table"]
        if type(place) is not int or type(table) is not int or place != len(tables.setdefault(table, [])):
            raise _Wrong(f"A row of {ROWS} is out of order.")
        tables[table].append(line)
    opened = told = 0
    for index, lines in tables.items():
        entry = disclosed.entries[index]["leaf"]
        about = entry["about"]
        hashes = []
        disclosed.rows += lines
        for line in lines:
            if "hash" in line:
                _expect(line, {"table", "place", "hash"}, ROWS)
                hashes.append(bytes.fromhex(line["hash"]))
                continue
            _expect(line, {"table", "place", "leaf", "opened"}, ROWS)
            leaf = line["leaf"]
            if leaf["kind"] != "record" or leaf["source"].rpartition("#")[0] != about["file"]:
                raise _Wrong(f"A row of {ROWS} says that it is in another table than that of entry {index}.")
            hashes.append(leaf_hash(canonical(leaf)))
            opened += _opened(line, leaf["source"])
            told += 1
        if entry["kind"] != "table" or len(hashes) != about["rows"] or root(hashes).hex() != about["rows_root"]:
            raise _Wrong(
                f"The rows of {named(about['file'])} are not the {about['rows']} rows that entry {index} commits to."
            )
    return (
        f"{told} rows of {len(tables)} tables are disclosed, each in the tree that its table's entry states; {opened} "
        "of their fields are opened, each with the value it was committed to."
    )


def _exhibits(files: Mapping[str, bytes], disclosed: _Disclosed) -> str:
    kept = {path.removeprefix(EXHIBITS): content for path, content in files.items() if path.startswith(EXHIBITS)}
    for sha256, content in kept.items():
        if hashlib.sha256(content).hexdigest() != sha256:
            raise _Wrong(f"The exhibit {sha256} does not have the hash that is its name.")
    told = {sha256 for line in disclosed.entries.values() if (sha256 := value_of(line, "sha256"))}
    if told != set(kept):
        odd = ", ".join(sorted(told ^ set(kept)))
        raise _Wrong(f"Either an exhibit or the entry with its hash is missing: {odd}.")
    return f"{len(kept)} exhibits are here, each with the hash that an entry states."


def _key(files: Mapping[str, bytes], pins: Mapping[str, Any], disclosed: _Disclosed) -> str:
    if KEY not in files:
        return "The docket's key is not in this edition."
    if pins["edition"] != INTERNAL:
        raise _Wrong(f"It says that it is the {named(pins['edition'])} edition, but holds the docket's key.")
    if not _KEY_FILE.fullmatch(files[KEY]):
        raise _Wrong(f"{KEY} does not hold a key.")
    key = bytes.fromhex(files[KEY].decode("ascii"))
    for line in (row for row in disclosed.rows if "leaf" in row):
        table = disclosed.entries[line["table"]]
        at = f"{value_of(table, 'sha256')}#{line['leaf']['source'].rpartition('#')[2]}"
        for name, told in line["opened"].items():
            if hmac.digest(key, canonical([at, name]), "sha256").hex() != told["salt"]:
                raise _Wrong(
                    f"The salt of {named(name)} in {named(line['leaf']['source'])} is not made from the docket's key."
                )
    return "The salts of all rows are made from the docket's key."


def _stated(files: Mapping[str, bytes], pins: Mapping[str, Any], disclosed: _Disclosed) -> str:
    entries, size = list(disclosed.entries.values()), len(disclosed.leaves)
    _refuse(wrong_pins(pins, files["pack/pack.toml"], size, entries))
    if len(entries) == size:
        return "The pack's name, the currency and the time of the last entry are those that the audit states."
    return (
        "The pack's name and the currency of what is disclosed are those that the audit states, and no disclosed entry "
        "is later than it states."
    )


def _edition(files: Mapping[str, bytes], pins: Mapping[str, Any], disclosed: _Disclosed) -> str:
    entries = list(disclosed.entries.values())
    _refuse(wrong_edition(pins, len(disclosed.leaves), entries, disclosed.rows, key=KEY in files))
    if undefined(pins):
        types = ", ".join(named(each) for each in undefined(pins))
        return (
            f"It is the {pins['edition']} edition. No definition said how to read records of these types, so their "
            f"rows are in no result, and in the kept files alone: {types}."
        )
    if pins["edition"] == INTERNAL:
        return "It is the internal edition: no entry, row, field or exhibit is withheld."
    return f"The {pins['edition']} edition holds nothing that belongs only in another edition."


def _refuse(wrong: Iterable[str]) -> None:
    told = " ".join(wrong)
    if told:
        raise _Wrong(told)


def _expect(line: Mapping[str, Any], names: set[str], where: str) -> None:
    if set(line) != names:
        raise _Wrong(
            f"A line of {where} holds {', '.join(map(named, sorted(line)))} instead of {', '.join(sorted(names))}."
        )


def value_of(line: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - a value of JSON
    """The value that a disclosed entry has under a name, open or opened; None if it is withheld."""
    opened = line["opened"].get(name)
    return opened["value"] if opened is not None else line["leaf"]["fields"].get(name)


def _opened(line: Mapping[str, Any], what: str) -> int:
    committed = line["leaf"]["committed"]
    for name, told in line["opened"].items():
        _expect(told, _OPENED, what)
        if name not in committed or commitment(bytes.fromhex(told["salt"]), name, told["value"]) != committed[name]:
            raise _Wrong(f"The field {named(name)} of {named(what)} does not hold the value it was committed to.")
    return len(line["opened"])


def _lines(files: Mapping[str, bytes], path: str) -> Iterator[dict[str, Any]]:
    text = files[path]
    if text and not text.endswith(b"\n"):
        raise _Wrong(f"{path} does not end with a line break.")
    # One by one: a list of all lines would take a hundred times the room of a file of line breaks.
    start, number = 0, 1
    while start < len(text):
        end = text.index(b"\n", start)
        try:
            line = read_json(text[start:end])
        except ValueError as wrong:
            raise _Wrong(f"{path}, line {number}: {wrong}.") from wrong
        if not isinstance(line, dict):
            raise _Wrong(f"{path}, line {number}, is not a JSON object.")
        yield line
        start, number = end + 1, number + 1
