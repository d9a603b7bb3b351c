"""The audit of an archive, recomputed from the pack and the ledger inside it."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from custodiet.audit.run import Audit, Progress, audit, silent
from custodiet.base.errors import Refused
from custodiet.base.text import escaped
from custodiet.ledger.custody import Custody
from custodiet.ledger.entry import canonical, leaf_of
from custodiet.ledger.log import Ledger
from custodiet.ledger.sqlite import SqliteStore
from custodiet.ledger.store import Row
from custodiet.ledger.view import View, view
from custodiet.policy.packs.pack import read_pack
from custodiet.verify.check import ENTRIES, EXHIBITS, PACK
from custodiet.verify.merkle import Frontier


def audit_again(files: Mapping[str, bytes], pins: Mapping[str, Any], progress: Progress = silent) -> Audit:
    """What the pack inside an archive answers for the ledger inside it.

    Takes the files of an archive of the internal edition that `verify.check` found whole; other editions withhold
    facts. Raises Refused if the pack, the ledger or an exhibit inside cannot be used.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _unpack(folder / "pack", PACK, files)
        _unpack(folder / "exhibits", EXHIBITS, files)
        store = SqliteStore(folder / "ledger.db", 0, create=True)
        pack = read_pack(folder / "pack")
        with Ledger(store, Custody(folder / "exhibits"), pack.types) as ledger:
            seen = _view(ledger, store, files[ENTRIES], pins["currency"])
            return audit(pins["docket"], pins["currency"], pack, seen, progress)


def _view(ledger: Ledger, store: SqliteStore, entries: bytes, currency: str) -> View:
    try:
        _refill(store, entries)
        return view(ledger, currency)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        # The hashes of a forged ledger can fit although its entries make no sense.
        message = f"an entry inside is not one that a ledger can hold ({escaped(repr(wrong))})"
        raise Refused(message) from wrong


def _unpack(folder: Path, below: str, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, content in files.items():
        if name.startswith(below):
            path = folder / name.removeprefix(below)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _refill(store: SqliteStore, entries: bytes) -> None:
    """A ledger with the entries of an archive; their idempotency keys are not in it, and nothing is added to it."""
    frontier = Frontier()
    with store.transaction():
        for line in entries.splitlines():
            told = json.loads(line)
            row = _row(told)
            if told["index"] != frontier.size:
                message = f"entry {frontier.size} is withheld, so the results cannot be recomputed"
                raise Refused(message)
            frontier = frontier.with_leaf(row.leaf)
            store.add(row, frontier)


def _row(told: Mapping[str, Any]) -> Row:
    leaf, opened = told["leaf"], told["opened"]
    if set(leaf["committed"]) != set(opened):
        message = f"a field of entry {told['index']} is withheld, so the results cannot be recomputed"
        raise Refused(message)
    fields = leaf["fields"] | {name: each["value"] for name, each in opened.items()}
    plain = canonical({**{name: leaf[name] for name in leaf if name != "committed"}, "fields": fields})
    salts = {name: bytes.fromhex(each["salt"]) for name, each in opened.items()}
    return Row(told["index"], str(told["index"]), plain, leaf_of(plain, salts), salts)
