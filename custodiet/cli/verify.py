"""`custodiet verify`: whether an archive is whole, and what it proves."""

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, takes_format
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.cli.options import Commands
    from custodiet.verify.check import Checked


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "verify",
        "check every byte of an audit's archive, and every proof in it",
        "Needs no network and no docket. It says what was checked; docs/guides/for-journalists.md explains what that "
        "shows, and what it cannot show.",
        "custodiet verify build/model-city/audit.zip",
    )
    parser.add_argument("archive", metavar="AUDIT.ZIP", type=Path, help="the file that `custodiet audit --out` wrote")
    parser.add_argument(
        "--again",
        action="store_true",
        help="also recompute the results from the pack and the ledger inside, and compare them",
    )
    takes_format(parser, "table", "json")


def run(arguments: argparse.Namespace) -> Exit:
    """Check an archive; anything wrong is exit code 1."""
    from custodiet.verify.words import as_words

    checked = _read(arguments.archive)
    not_compared: list[str] = []
    if checked.whole:
        _tables(checked)
        not_compared = _page(checked)
        if arguments.again and _again(checked):
            not_compared = []
    told = as_json(_told(checked, not_compared)) if arguments.format == "json" else as_words(checked, not_compared)
    say(told)
    return DONE if checked.whole else NO


def _read(archive: Path) -> "Checked":
    """The findings about the archive; WrongCall if the path is not a file that can be read."""
    from custodiet.base.errors import WrongCall
    from custodiet.base.files import open_file
    from custodiet.base.text import escaped
    from custodiet.verify.archive import ARCHIVE_MAX
    from custodiet.verify.check import Checked, check

    try:
        with open_file(archive) as file:
            size = file.seek(0, io.SEEK_END)
            if size > ARCHIVE_MAX:
                too_large = f"It has {size:,} bytes; the archive of an audit has at most {ARCHIVE_MAX:,}."
                return Checked(wrong=[too_large])
            file.seek(0)
            return check(file.read())
    except FileNotFoundError:
        raise WrongCall(f"{escaped(str(archive))}: there is no such file; name the audit.zip to check") from None
    except OSError as wrong:
        raise WrongCall(f"{escaped(str(archive))} cannot be read: {wrong.strerror}") from wrong


def _tables(checked: "Checked") -> None:
    """Compare the two tables of results; a reader may open either."""
    import duckdb  # noqa: F401 - loaded before the bound, which is for the file

    from custodiet.cli.memory import GIB, at_most_more
    from custodiet.reports.editions.disclosure import Edition
    from custodiet.reports.output.reproduction import tables

    enough = False
    try:
        with at_most_more(GIB, least=GIB // 2) as enough:
            differs = tables(checked.files, Edition(checked.pins["edition"]))
    except MemoryError:
        if not enough:
            raise  # The machine ran out of memory, which says nothing about the file.
        differs = "results.parquet cannot be read within 1 GiB of memory"
    if differs:
        checked.wrong.append(f"The two tables do not hold the same results: {differs}.")
    else:
        checked.sentences.append("results.csv is, byte for byte, what results.parquet gives when it is written as CSV.")


def _page(checked: "Checked") -> list[str]:
    """Compare the page with the results; returns what cannot be compared."""
    from custodiet.verify.page.figures import check_page

    page = check_page(checked.files, checked.pins)
    checked.sentences += page.sentences
    checked.wrong += page.wrong
    return page.not_compared


def _again(checked: "Checked") -> bool:
    """Recompute the results and add the findings; returns whether every byte of the page was compared."""
    from custodiet.audit.recompute import audit_again
    from custodiet.base.errors import Refused
    from custodiet.cli.progress import Bar
    from custodiet.reports.output.reproduction import differences

    if checked.pins["edition"] != "internal":
        checked.sentences.append(
            f"No result was recomputed, because the {checked.pins['edition']} edition withholds the facts that results "
            "are read from. Anyone with the internal edition of the same root can recompute them."
        )
        return False
    try:
        with Bar("deciding") as progress:
            audit = audit_again(checked.files, checked.pins, progress)
        found = differences(audit, checked.files, checked.pins)
    except Refused as refused:
        checked.wrong.append(f"The results cannot be recomputed: {refused}")
        return False
    checked.wrong += [*found.results, *found.beside]
    count = f"{len(audit.results):,}"
    if not found.results:
        checked.sentences.append(f"Recomputed from the pack and the ledger inside, all {count} results are the same.")
    if not found.beside:
        checked.sentences.append("The page and the pins are those that this version writes for this pack and ledger.")
    return not found.beside


def _told(checked: "Checked", not_compared: list[str]) -> dict[str, object]:
    return {
        "whole": checked.whole,
        "edition": checked.pins.get("edition", ""),
        "docket": checked.pins.get("docket", ""),
        "root": checked.pins.get("as_of", {}).get("root", ""),
        "closing": checked.closing,
        "checked": checked.sentences,
        "not_compared": not_compared,
        "wrong": checked.wrong,
    }
