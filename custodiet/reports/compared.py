"""What was computed again, compared with what an archive holds."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from custodiet.audit.run import Audit
from custodiet.audit.version import program_version
from custodiet.base.text import escaped
from custodiet.reports.bundle import CSV, PAGE, PARQUET, report_files
from custodiet.reports.bundle import pins as pins_of
from custodiet.reports.editions import Disclosure, Edition
from custodiet.verify.check import PINS
from custodiet.verify.said import named

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
    if _parquet(found[PARQUET]) != _parquet(files[PARQUET]):
        results.append(f"{PARQUET} does not hold the results that the pack gives")
    here = program_version()
    again = {**pins_of(disclosure), "program": pins["program"]}
    beside = [f"{PINS} states another `{name}` than the audit gives" for name in again if pins[name] != again[name]]
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


def _parquet(content: bytes) -> list[tuple[Any, ...]]:
    """The names, types and rows of a Parquet file; nothing of one that cannot be read."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder, "results.parquet")
        path.write_bytes(content)
        try:
            rows = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        except duckdb.Error:
            return []
        columns = [tuple(str(part) for part in column[:2]) for column in rows.description or ()]
        return [*columns, *rows.fetchall()]
