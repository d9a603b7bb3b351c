"""Whether what an archive says of itself fits what is inside: its files, its pins, and the edition it claims to be.

Pins that the ledger does not hold, the docket's title and the program, cannot be held against anything here; only the
closing hash binds them.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from custodiet.verify.quoting import named

INTERNAL, PUBLIC = "internal", "public"
EDITIONS = (INTERNAL, "respondent", PUBLIC)
_PINS: Mapping[str, object] = {
    "as_of": {"size": int, "root": str, "recorded_at": str},
    "currency": str,
    "docket": str,
    "edition": str,
    "format": str,
    "pack": {"name": str, "hash": str},
    "program": str,
    "withheld": [{"code": str, "what": str, "law": str, "decided_by": str, "ends": str, "object_to": str}],
}
"""What `audit.json` holds: names with the kind of their values; `withheld` is a list of objects of one kind."""
_MAY_HOLD: Mapping[str, object] = {"undefined": [{"type": str}]}
"""What it holds besides where there is any: record types that the ledger has and nobody defined any more."""
_FILE = re.compile(
    r"exhibits/[0-9a-f]{64}"
    r"|pack/(pack\.toml|open\.md|procedure\.csv|withholding\.csv|policies/[^/]+\.md|records/[^/]+\.md|rates/[^/]+\.csv)"
)
"""The files of an archive that not every one has: a pack's, and exhibits."""
_LISTS = ("amendment", "exhibit")
"""The types of those lists whose rows are entries of their own."""

Line = Mapping[str, Any]


def odd_files(paths: Collection[str], fixed: Collection[str]) -> list[str]:
    """The files that no archive has: beside the fixed ones there are the pack's, and exhibits named by their hash.

    >>> odd_files(["audit.json", "pack/open.md", "exhibits/note.txt", "notes.txt"], ["audit.json"])
    ['exhibits/note.txt', 'notes.txt']
    """
    return [path for path in paths if path not in fixed and not _FILE.fullmatch(path)]


def misshapen(pins: Mapping[str, Any]) -> str:
    """What of the pins is not there, is there besides, or is of another kind, in words; nothing if they are in shape.

    >>> misshapen({"as_of": 3})
    'it lacks currency, docket, edition, format, pack, program, withheld'
    """
    return _misshapen(pins, {**_PINS, **{name: kind for name, kind in _MAY_HOLD.items() if name in pins}})


def _misshapen(held: Mapping[str, Any], names: Mapping[str, object]) -> str:
    lacking, odd = sorted(set(names) - set(held)), sorted(set(held) - set(names))
    if lacking:
        return f"it lacks {', '.join(lacking)}"
    if odd:
        return f"it also holds {', '.join(map(ascii, odd))}"
    wrong = (_other_kind(name, held[name], kind) for name, kind in names.items())
    return next((words for words in wrong if words), "")


def _other_kind(name: str, value: object, kind: object) -> str:
    match kind:
        case dict():
            other = _misshapen(value, kind) if isinstance(value, dict) else "it is not an object"
            return other and f"in {name}, {other}"
        case list():
            if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
                return f"{name} is not a list of objects"
            return next((other for each in value if (other := _other_kind(name, each, kind[0]))), "")
        case _:
            return "" if type(value) is kind else f"{name} is not a {'text' if kind is str else 'whole number'}"


def wrong_pins(pins: Mapping[str, Any], pack_toml: bytes, size: int, entries: Sequence[Line]) -> Iterator[str]:
    """What of the pins is not what the pack and the told entries of a ledger of that size say, in sentences."""
    name = tomllib.loads(pack_toml.decode("utf-8-sig")).get("name")
    if name != pins["pack"]["name"]:
        yield f"The audit states the pack {named(pins['pack']['name'])}, but the pack inside is {named(name)}."
    yield from _wrong_time(pins["as_of"]["recorded_at"], size, entries)
    for line in entries:
        about = line["leaf"]["about"]
        if line["leaf"]["kind"] == "table" and about["currency"] != pins["currency"]:
            currency = named(about["currency"])
            yield f"The audit states {named(pins['currency'])}, but {named(about['file'])} is in {currency}."


def undefined(pins: Mapping[str, Any]) -> list[str]:
    """The record types that nobody defined when the audit was made: their rows are in the kept files alone."""
    return [each["type"] for each in pins.get("undefined", ())]


def wrong_edition(
    pins: Mapping[str, Any], size: int, entries: Sequence[Line], rows: Sequence[Line], *, key: bool
) -> Iterator[str]:
    """What is inside and not of the edition that the archive claims to be, or of it and not inside, in sentences.

    `rows` are all lines of the rows, those of withheld ones too; `key` says whether the docket's key is
    inside.
    """
    edition = pins["edition"]
    if edition not in EDITIONS:
        yield f"There is no {named(edition)} edition."
    elif edition == INTERNAL:
        yield from _withheld(pins, size, entries, rows, key=key)
    else:
        yield from _too_much(pins, entries, rows)


def _wrong_time(stated: str, size: int, entries: Sequence[Line]) -> Iterator[str]:
    times = [line["leaf"]["recorded_at"] for line in entries]
    latest = max(times, key=_instant, default="")
    if len(entries) == size:
        if stated != latest:
            was_at = f"it was at {latest or 'no time'}"
            yield f"The audit states that the last entry was recorded at {named(stated)}, but {was_at}."
    elif not stated or (latest and _instant(stated) < _instant(latest)):
        after = named(stated or "no time")
        yield f"The audit states that nothing was recorded after {after}, but an entry was recorded at {latest}."


def _instant(recorded_at: str) -> datetime:
    """The latest instant that a time of recording can be: a day lasts to its end."""
    if "T" in recorded_at:
        return datetime.fromisoformat(recorded_at)
    return datetime.combine(date.fromisoformat(recorded_at), time.max, UTC)


def _withheld(
    pins: Mapping[str, Any], size: int, entries: Sequence[Line], rows: Sequence[Line], *, key: bool
) -> Iterator[str]:
    """What the internal edition lacks: nothing may be withheld in it."""
    if not key:
        yield "It says that it is the internal edition, but the docket's key is not in it."
    if pins["withheld"]:
        yield "It says that it is the internal edition, but lists what is withheld."
    if len(entries) != size:
        yield f"It says that it is the internal edition, but withholds {size - len(entries)} of {size} entries."
    closed = sum(set(line["leaf"]["committed"]) != set(line["opened"]) for line in (*entries, *rows) if "leaf" in line)
    hidden = sum("leaf" not in line for line in rows)
    if closed or hidden:
        yield (
            f"It says that it is the internal edition, but withholds {hidden} rows, and fields of {closed} entries or "
            "rows."
        )
    told = {line["table"] for line in rows}
    in_files_alone = (*_LISTS, *undefined(pins))
    for line in entries:
        about = line["leaf"]["about"]
        of_records = line["leaf"]["kind"] == "table" and about["type"] not in in_files_alone
        if of_records and about["rows"] and line["index"] not in told:
            yield f"It says that it is the internal edition, but withholds the rows of {named(about['file'])}."


def _too_much(pins: Mapping[str, Any], entries: Sequence[Line], rows: Sequence[Line]) -> Iterator[str]:
    """What only the internal edition, or not the public one, may hold."""
    claim = f"It says that it is the {pins['edition']} edition"
    if not pins["withheld"]:
        yield f"{claim}, but does not list what is withheld."
    if any(
        line["leaf"]["kind"] == "exhibit" or (line["leaf"]["kind"] == "table" and line["opened"]) for line in entries
    ):
        yield f"{claim}, but discloses exhibits, which only the internal edition does."
    if pins["edition"] == PUBLIC and any(line.get("opened") for line in (*entries, *rows)):
        yield f"{claim}, but holds salts that open fields which are not public."
