"""`custodiet verify`: whether an archive is whole, and what it proves."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, takes_format
from custodiet.cli.said import say

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
        "Needs no network and no docket. It says what was checked; what that shows, and what it cannot show, is in "
        "docs/guides/for-journalists.md.",
        "custodiet verify build/model-city/audit.zip",
    )
    parser.add_argument("archive", metavar="AUDIT.ZIP", type=Path, help="the file that `custodiet audit --out` wrote")
    parser.add_argument(
        "--again",
        action="store_true",
        help="also compute the results again from the pack and the ledger inside, and compare them",
    )
    takes_format(parser, "table", "json")


def run(arguments: argparse.Namespace) -> Exit:
    """Check an archive; anything wrong is exit code 1."""
    from custodiet.verify.check import check

    checked = check(_content(arguments.archive))
    if arguments.again and checked.whole:
        _again(checked)
    say(as_json(_told(checked)) if arguments.format == "json" else _as_words(checked))
    return DONE if checked.whole else NO


def _content(archive: Path) -> bytes:
    """The bytes of the archive; WrongCall if what is named is not a file that can be read."""
    from custodiet.base.errors import WrongCall
    from custodiet.base.files import read_file

    try:
        return read_file(archive)
    except FileNotFoundError:
        raise WrongCall(f"{archive}: there is no such file; name the audit.zip to check") from None
    except OSError as wrong:
        raise WrongCall(f"{archive} cannot be read: {wrong.strerror}") from wrong


def _again(checked: "Checked") -> None:
    """Compute the results again, and add what comes of it."""
    from custodiet.audit.again import audit_again
    from custodiet.base.errors import Refused
    from custodiet.cli.progress import Bar
    from custodiet.reports.compared import differences

    if checked.pins["edition"] != "internal":
        checked.sentences.append(
            f"No result was computed again: each is read from facts that the {checked.pins['edition']} edition "
            "withholds. Whoever has the internal edition of the same root can do it."
        )
        return
    try:
        with Bar("deciding") as progress:
            audit = audit_again(checked.files, checked.pins, progress)
        found = differences(audit, checked.files, checked.pins)
    except Refused as refused:
        checked.wrong.append(f"The results cannot be computed again: {refused}")
        return
    checked.wrong += [*found.results, *found.beside]
    count = f"{len(audit.results):,}"
    if not found.results:
        checked.sentences.append(
            f"Computed again from the pack and the ledger inside, all {count} results are the same."
        )
    if not found.beside:
        checked.sentences.append("The page and the pins are those that this version writes for what is inside.")


def _told(checked: "Checked") -> dict[str, object]:
    return {
        "whole": checked.whole,
        "edition": checked.pins.get("edition", ""),
        "docket": checked.pins.get("docket", ""),
        "root": checked.pins.get("as_of", {}).get("root", ""),
        "closing": checked.closing,
        "checked": checked.sentences,
        "wrong": checked.wrong,
    }


def _as_words(checked: "Checked") -> str:
    from custodiet.base.text import escaped
    from custodiet.verify.said import named, on_one_line

    pins = checked.pins
    lines = [f"“{escaped(pins['docket'])}”, the {named(pins['edition'])} edition"] if pins else []
    lines += [f"  fits   {on_one_line(sentence)}" for sentence in checked.sentences]
    lines += [f"  WRONG  {on_one_line(sentence)}" for sentence in checked.wrong]
    if checked.whole:
        lines += [
            "Nothing is wrong. That this is the archive which was published, and not another one made as carefully, is",
            "shown only by comparing these two with what the publisher and the witnesses state:",
            f"  closing hash  {checked.closing}",
            f"  root          {pins['as_of']['root']} of {pins['as_of']['size']} entries",
        ]
    else:
        lines.append("This archive is not to be relied on.")
    return "\n".join(lines)
