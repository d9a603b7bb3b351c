"""What was computed again, compared with what an archive holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from custodiet.audit.run import Audit
from custodiet.audit.version import program_version
from custodiet.base.text import escaped
from custodiet.reports.editions.disclosure import Disclosure, Edition
from custodiet.reports.editions.redacted_rows import columns
from custodiet.reports.output.archive import CSV, PAGE, PARQUET, report_files
from custodiet.reports.output.archive import pins as pins_of
from custodiet.reports.output.csv_and_parquet import csv_lines
from custodiet.reports.output.stored_rows import Bounds, Unreadable, stored_rows
from custodiet.reports.result_table import FIGURES
from custodiet.verify.check import PINS
from custodiet.verify.quoting import named

SHOWN = 10
"""How many differing results are told."""
_LINE = 400
"""How much of a line of results.csv is told."""


@dataclass(frozen=True, slots=True)
class Differences:
    """What of an internal archive is not what the audit gives, or could not be compared, in sentences."""

    results: tuple[str, ...]
    """Of the results, as CSV and as Parquet."""
    beside: tuple[str, ...]
    """Of the page and of what the archive says it was computed from."""


def differences(audit: Audit, files: Mapping[str, bytes], pins: Mapping[str, Any]) -> Differences:
    """What in an internal archive's results, pins and page is not what the audit gives; nothing if everything is.

    Only the version of the program that wrote a page writes the same one again. Whoever forges an archive can name any
    version in it; so a page that could not be compared is told like one that differs.
    """
    disclosure = Disclosure(audit, Edition.INTERNAL)
    found = report_files(disclosure)
    results = _lines(found[CSV], files[CSV])
    results += _parquet(found, files)
    here = program_version()
    again = {**pins_of(disclosure), "program": pins["program"]}
    names = sorted({*again, *pins})
    other = [name for name in names if pins.get(name) != again.get(name)]
    beside = [f"{PINS} states another `{name}` than the audit gives" for name in other]
    if pins["program"] != here:
        beside.append(
            f"{PAGE} was NOT compared: the archive says that {named(pins['program'])} made it, and this is {here}; "
            "recompute with that version"
        )
    elif found[PAGE] != files[PAGE]:
        beside.append(f"{PAGE} is not the page that {here} writes of these results")
    return Differences(tuple(results), tuple(beside))


def _lines(again: bytes, held: bytes) -> list[str]:
    """The lines of results.csv that differ, in words."""
    computed, stated = again.decode().splitlines(), held.decode("utf-8", "replace").splitlines()
    if again == held:
        return []
    told = [
        f"{CSV}, line {number}, holds {escaped(was, _LINE)}, and the pack gives {escaped(now, _LINE)}"
        for number, (now, was) in enumerate(zip(computed, stated, strict=False), 1)
        if now != was
    ]
    if len(computed) != len(stated):
        told.append(f"{CSV} holds {len(stated)} lines, and the pack gives {len(computed)}")
    return told[:SHOWN] or [f"{CSV} is written otherwise than the program writes it"]


def _parquet(found: Mapping[str, bytes], files: Mapping[str, bytes]) -> list[str]:
    names, bounds = {**columns(Edition.INTERNAL), **FIGURES}, Bounds.of(found[CSV])
    pairs = zip_longest(stored_rows(found[PARQUET], names, bounds), stored_rows(files[PARQUET], names, bounds))
    try:
        same = all(computed == held for computed, held in pairs)
    except Unreadable as wrong:
        return [f"{PARQUET} {wrong}"]
    return [] if same else [f"{PARQUET} does not hold the results that the pack gives"]


def tables(files: Mapping[str, bytes], edition: Edition) -> str:
    """Where results.csv is not, byte for byte, what the values of results.parquet write; empty if it is."""
    names, text = {**columns(edition), **FIGURES}, files[CSV]
    place = 0
    try:
        for number, line in enumerate(csv_lines(names, stored_rows(files[PARQUET], names, Bounds.of(text)))):
            written = line.encode()
            if not text.startswith(written, place):
                there = text[place : place + len(written)].decode("utf-8", "replace")
                held = escaped(there) if there else "nothing"
                where = f"row {number}" if number else "its header"
                return f"{CSV}, {where}: it holds {held}, and {PARQUET} holds {escaped(line.removesuffix(chr(10)))}"
            place += len(written)
    except Unreadable as wrong:
        return f"{PARQUET} {wrong}"
    return f"{CSV} holds more rows than {PARQUET}" if place != len(text) else ""
