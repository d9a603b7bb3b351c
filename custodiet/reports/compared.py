"""Results that were computed again, compared with those that an archive holds."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from custodiet.audit.run import Audit
from custodiet.audit.version import program_version
from custodiet.reports.bundle import CSV, PAGE, PARQUET, report_files
from custodiet.reports.editions import Disclosure, Edition

SHOWN = 10
"""How many differing results are told."""


def differences(audit: Audit, files: Mapping[str, bytes], pins: Mapping[str, Any]) -> list[str]:
    """What in an internal archive's results and page is not what the audit gives; empty if everything is.

    The page is compared only if the same version of the program wrote it.
    """
    found = report_files(Disclosure(audit, Edition.INTERNAL))
    told = _lines(found[CSV], files[CSV])
    if _parquet(found[PARQUET]) != _parquet(files[PARQUET]):
        told.append(f"{PARQUET} does not hold the results that the pack gives")
    if pins["program"] == program_version() and found[PAGE] != files[PAGE]:
        told.append(f"{PAGE} is not the page that {pins['program']} writes of these results")
    return told


def _lines(again: bytes, held: bytes) -> list[str]:
    """The lines of results.csv that differ, in words."""
    computed, stated = again.decode().splitlines(), held.decode("utf-8", "replace").splitlines()
    if again == held:
        return []
    told = [
        f"{CSV}, line {number}, holds {was}, and the pack gives {now}"
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
