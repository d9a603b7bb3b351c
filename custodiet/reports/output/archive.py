"""The archive of an audit: one file with all that one edition may see, which a stranger can check without us.

The same audit gives the same bytes on any machine: nothing in it is a time of writing, and `verify.archive` knows one
way only to write the same files. What is in it, and the formulas, are in docs/reference/bundle.md.
"""

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path

from custodiet.audit.version import program_version
from custodiet.base.errors import Refused
from custodiet.base.files import read_file
from custodiet.ledger.log import Ledger
from custodiet.reports.editions.disclosed_ledger import DisclosedLedger
from custodiet.reports.editions.disclosure import Disclosure
from custodiet.reports.editions.redacted_rows import columns
from custodiet.reports.output.csv_and_parquet import csv_of, write_parquet
from custodiet.reports.output.html import page
from custodiet.reports.report.model import Report
from custodiet.reports.result_table import FIGURES
from custodiet.verify import archive
from custodiet.verify.canonical import canonical
from custodiet.verify.check import ENTRIES, EXHIBITS, FORMAT, KEY, LEAVES, MANIFEST, PACK, PINS, ROWS, closing_hash

ARCHIVE = "audit.zip"
CSV, PARQUET, PAGE = "results.csv", "results.parquet", "report/index.html"


def report_files(disclosure: Disclosure) -> dict[str, bytes]:
    """The page and the results of one edition, by the names they have in the archive and beside it."""
    report = Report(disclosure)
    names = {**columns(disclosure.edition), **FIGURES}
    with tempfile.TemporaryDirectory() as folder:
        parquet = Path(folder, PARQUET)
        write_parquet(names, report.rows, parquet)
        return {
            CSV: results_csv(report).encode(),
            PARQUET: read_file(parquet),
            PAGE: page(report).encode(),
        }


def results_csv(report: Report) -> str:
    """The results of one edition as CSV, each row with the numbers of the figures that it is in."""
    return csv_of((*columns(report.edition), *FIGURES), report.rows)


def archive_of(disclosure: Disclosure, report: Mapping[str, bytes], ledger: Ledger, key: bytes) -> bytes:
    """The archive of one edition of an audit, as bytes; `key` is the docket's.

    Raises Refused if the ledger or an exhibit was changed, the key is another docket's, or no archive holds so much.
    """
    audit = disclosure.audit
    told = DisclosedLedger(disclosure, ledger.rows(audit.view.as_of.size), ledger.custody, key)
    files = {
        **report,
        PINS: canonical(pins(disclosure)),
        LEAVES: told.leaves,
        ENTRIES: told.entries,
        ROWS: told.rows,
        **{f"{EXHIBITS}{sha256}": content for sha256, content in told.exhibits.items()},
        **{f"{PACK}{file.path}": file.content for file in audit.pack.files},
    }
    if disclosure.everything:
        files[KEY] = f"{key.hex()}\n".encode()
    try:
        return archive.write({**files, MANIFEST: manifest(files)})
    except ValueError as wrong:
        # What the ledger tells, and a name in a pack, are known only when they are laid out.
        message = f"no archive can be written: {wrong}"
        raise Refused(message) from wrong


def pins(disclosure: Disclosure) -> dict[str, object]:
    """From what the audit was computed, who may read this edition of it, and what is withheld from them."""
    audit = disclosure.audit
    as_of = audit.view.as_of
    undefined = [{"type": name} for name in audit.view.undefined] if disclosure.everything else []
    return {
        **({"undefined": undefined} if undefined else {}),
        "format": FORMAT,
        "edition": disclosure.edition.value,
        "docket": audit.title,
        "currency": audit.currency,
        "as_of": {"size": as_of.size, "root": as_of.root, "recorded_at": as_of.recorded_at},
        "pack": {"name": audit.pack.name, "hash": audit.pack.hash},
        "program": program_version(),
        "withheld": [
            {
                "code": each.code,
                "what": each.what,
                "law": each.row.law if each.row else "",
                "decided_by": each.row.decided_by if each.row else "",
                "ends": each.row.ends if each.row else "",
                "object_to": each.row.object_to if each.row else "",
            }
            for each in disclosure.codes
        ],
    }


def manifest(files: Mapping[str, bytes]) -> bytes:
    """The list of all files, each with its size and SHA-256, closed by a hash over itself."""
    listed: dict[str, object] = {
        "format": FORMAT,
        "files": [
            {"path": path, "sha256": hashlib.sha256(files[path]).hexdigest(), "size": len(files[path])}
            for path in sorted(files, key=str.encode)
        ],
    }
    return canonical({**listed, "closing": closing_hash(listed)})
