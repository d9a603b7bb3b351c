"""Recomputed results, compared with those in an archive."""

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
"""How many differing results are reported."""
_LINE = 400
"""How many characters of a line of results.csv are shown."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Sentences on what an internal archive holds differently from the audit, or what could not be compared."""

    results: tuple[str, ...]
    """On the results, as CSV and as Parquet."""
    beside: tuple[str, ...]
    """On the page and the pins."""


def differences(audit: Audit, files: Mapping[str, bytes], pins: Mapping[str, Any]) -> Differences:
    """How an internal archive's results, pins and page differ from what the audit gives; empty if they do not.

    Only the version of the program that wrote a page writes the same page again. A forger can name any version in an
    archive; so a page that could not be compared is reported like one that differs.
    """
    disclosure = Disclosure(audit, Edition.INTERNAL)
    found = report_files(disclosure)
    results = _lines(found[CSV], files[CSV])
    results += _parquet(found, files)
    here = program_version()
    again = {**pins_of(disclosure), "program": pins["program"]}
    names = sorted({*again, *pins})
    other = [name for name in names if pins.get(name) != again.get(name)]
    beside = [f"{PINS} states a different `{name}` from the one that the audit gives" for name in other]
    if pins["program"] != here:
        beside.append(
            f"{PAGE} was NOT compared: the archive says that {named(pins['program'])} made it, and this is {here}; "
            "recompute with that version"
        )
    elif found[PAGE] != files[PAGE]:
        beside.append(f"{PAGE} is not the page that {here} writes for these results")
    return Differences(tuple(results), tuple(beside))


def _lines(again: bytes, held: bytes) -> list[str]:
    """Sentences on the lines of results.csv that differ."""
    computed, stated = again.decode().splitlines(), held.decode("utf-8", "replace").splitlines()
    if again == held:
        return []
    told = [
        f"{CSV}, line {number}, holds {escaped(was, _LINE)}, but the pack gives {escaped(now, _LINE)}"
        for number, (now, was) in enumerate(zip(computed, stated, strict=False), 1)
        if now != was
    ]
    if len(computed) != len(stated):
        told.append(f"{CSV} holds {len(stated)} lines, but the pack gives {len(computed)}")
    return told[:SHOWN] or [f"{CSV} is not written as the program writes it"]


def _parquet(found: Mapping[str, bytes], files: Mapping[str, bytes]) -> list[str]:
    names, bounds = {**columns(Edition.INTERNAL), **FIGURES}, Bounds.of(found[CSV])
    pairs = zip_longest(stored_rows(found[PARQUET], names, bounds), stored_rows(files[PARQUET], names, bounds))
    try:
        same = all(computed == held for computed, held in pairs)
    except Unreadable as wrong:
        return [f"{PARQUET} {wrong}"]
    return [] if same else [f"{PARQUET} does not hold the results that the pack gives"]


def tables(files: Mapping[str, bytes], edition: Edition) -> str:
    """Where results.csv is not, byte for byte, what results.parquet gives when written as CSV; empty if it is."""
    names, text = {**columns(edition), **FIGURES}, files[CSV]
    place = 0
    try:
        for number, line in enumerate(csv_lines(names, stored_rows(files[PARQUET], names, Bounds.of(text)))):
            written = line.encode()
            if not text.startswith(written, place):
                there = text[place : place + len(written)].decode("utf-8", "replace")
                held = escaped(there) if there else "nothing"
                where = f"row {number}" if number else "its header"
                return f"{CSV}, {where}: it holds {held}, but {PARQUET} holds {escaped(line.removesuffix(chr(10)))}"
            place += len(written)
    except Unreadable as wrong:
        return f"{PARQUET} {wrong}"
    return f"{CSV} holds more rows than {PARQUET}" if place != len(text) else ""
