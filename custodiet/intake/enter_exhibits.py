"""`exhibits/` into custody: each document that exhibits.csv lists is checked against its hash, kept and entered."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.base.files import open_file
from custodiet.base.text import escaped, one_form
from custodiet.intake.lists import Complaint, List, ListRow, read_list
from custodiet.intake.outcome import Tally
from custodiet.intake.recorder import Clerk
from custodiet.ledger.entry import ExhibitKept, Json, canonical
from custodiet.ledger.log import Batch
from custodiet.records.names import unseen

FOLDER = "exhibits"
FILE = "exhibits/exhibits.csv"
TYPE = "exhibit"
COLUMNS = ("file", "sha256", "received_from", "by", "on")


def enter_exhibits(clerk: Clerk, tally: Tally, data: bytes) -> None:
    """Keep every document that the ledger does not hold yet, and enter from whom it came, in one transaction."""
    altered: list[str] = []
    told = read_list(FILE, data, COLUMNS, lambda cells: _complaints(clerk, cells, altered))
    twice = _listed_twice(told)
    told = _each_once(told)
    with clerk.ledger.batch() as batch:
        before = {
            one_form(kept.key): (kept.leaf, kept.entry.body)
            for kept in clerk.history.exhibits
            if isinstance(kept.entry.body, ExhibitKept)
        }
        leaves: dict[str, bytes] = {}
        for row in told.rows:
            key: list[Json] = [TYPE, *(row.cells[name] for name in COLUMNS)]
            written = canonical(key).decode()
            leaves[written] = before[written][0] if written in before else _enter(batch, clerk, key, row)
        gone = (body.file for key, (_, body) in before.items() if key not in leaves)
        table = clerk.enter_list(batch, (FILE, TYPE), COLUMNS, data, told, leaves.values(), gone)
    kept_before = {(one_form(body.file), body.sha256) for _, body in before.values()}
    tally.exhibits += len({(row.cells["file"], row.cells["sha256"].lower()) for row in told.rows} - kept_before)
    tally.tell_wrong(table)
    tally.altered += altered
    tally.notes += [*twice, *_unlisted(clerk, told)]


def _enter(batch: Batch, clerk: Clerk, key: list[Json], row: ListRow) -> bytes:
    cells = row.cells
    path = clerk.docket.inside(f"{FOLDER}/{_on_disk(clerk, cells['file'])}")
    with open_file(path) as document:
        sha256 = clerk.ledger.custody.keep(document)
    if sha256 != cells["sha256"].lower():
        message = f"{path} was changed while it was being imported. Run the command again"
        raise Refused(message)
    body = ExhibitKept(cells["file"], sha256, cells["received_from"], cells["by"], cells["on"])
    return clerk.enter(batch, key, f"{FILE}#{row.line}", body)


def _complaints(clerk: Clerk, cells: Mapping[str, str], altered: list[str]) -> list[Complaint]:
    """What is wrong with a row; files that do not have the stated hash are added to `altered`."""
    complaints: list[Complaint] = []
    name = PurePosixPath(_on_disk(clerk, cells["file"]))
    path = clerk.docket.folder / FOLDER / name
    if not cells["file"] or name.is_absolute() or ".." in name.parts or not path.is_file():
        complaints.append(("file", f"there is no such file in {FOLDER}/; write the name of one"))
    else:
        found = _sha256(clerk.docket.inside(f"{FOLDER}/{name}"))
        if found != cells["sha256"].lower():
            altered.append(cells["file"])
            complaints.append(("sha256", f"the file's own SHA-256 is {found}"))
    if not cells["received_from"]:
        complaints.append(("received_from", "it is blank; write who the document came from"))
    if not cells["by"]:
        complaints.append(("by", "it is blank; write who received the document"))
    complaints += [
        (column, expected) for column in ("file", "received_from", "by") for expected in unseen(cells[column])
    ]
    try:
        Days.read(cells["on"])
    except ValueError as wrong:
        complaints.append(("on", str(wrong)))
    return complaints


def _on_disk(clerk: Clerk, listed: str) -> str:
    """The name of a listed file in the folder, where it may be in another Unicode form."""
    folder = clerk.docket.folder / FOLDER
    if listed.isascii() or (folder / listed).exists():
        return listed
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return next((name for name in found if one_form(name) == listed), listed)


def _sha256(path: Path) -> str:
    try:
        with open_file(path) as document:
            return hashlib.file_digest(document, "sha256").hexdigest()
    except OSError as wrong:
        message = f"the exhibit {path} cannot be read: {wrong.strerror}"
        raise Refused(message) from wrong


def _each_once(told: List) -> List:
    """The list without rows that repeat every cell of one above."""
    first = {tuple(row.cells[name] for name in COLUMNS): row for row in reversed(told.rows)}
    return replace(told, rows=tuple(sorted(first.values(), key=lambda row: row.line)))


def _listed_twice(told: List) -> list[str]:
    """The rows that list a file which an earlier row already lists."""
    first: dict[str, int] = {}
    for row in told.rows:
        first.setdefault(row.cells["file"], row.line)
    return [
        f"{FILE}:{row.line} lists {escaped(row.cells['file'])}, which line {line} already lists; it is kept once. "
        "Delete one of the two rows, or correct the name of the file"
        for row in told.rows
        if (line := first[row.cells["file"]]) != row.line
    ]


def _unlisted(clerk: Clerk, told: List) -> list[str]:
    """Documents in exhibits/ that no row lists, not even one that was set aside."""
    folder = clerk.docket.folder / FOLDER
    listed = {row.cells["file"] for row in told.rows}
    aside = {each.row for each in told.set_aside}
    found = sorted(one_form(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file())
    if aside:
        return []
    return [
        f"{FOLDER}/{escaped(name)} is not in {FILE} and was not kept"
        for name in found
        if name not in listed and f"{FOLDER}/{name}" != FILE and not PurePosixPath(name).name.startswith(".")
    ]
