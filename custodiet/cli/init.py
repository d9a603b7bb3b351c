"""`custodiet init`: write a first docket with a first pack, or a pack alone."""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.base.files import resolved
from custodiet.cli.exits import DONE, Exit
from custodiet.cli.options import command
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custodiet.cli.options import Commands


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "init",
        "write a first docket of ten rows and a pack of one policy",
        "They run at once and are meant to be changed; their results include owes, nothing due, undetermined and no "
        "rule. The folder must be new or empty.",
        "custodiet init first-docket && custodiet audit first-docket",
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder to write; it must be new or empty")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--example",
        action="store_true",
        help="write Model City, a fictional docket of some hundred records as an inspector found them, with its pack",
    )
    kind.add_argument(
        "--pack",
        action="store_true",
        help="write only a pack: everything in the language once, and a record type of the pack's own, each part "
        "explained beside it",
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Write the files; a docket gets a key of its own."""
    from custodiet.cli import example, start, start_pack
    from custodiet.intake.docket import read_docket
    from custodiet.intake.salt import make_key

    folder: Path = arguments.folder
    if arguments.pack:
        _write(start_pack.contents(), folder)
        say(f"{folder} is a pack of two policies, and of a record type of its own")
        say(f"next: custodiet test {folder}", file=sys.stderr)
        return DONE
    if arguments.example:
        _write(_example(example.contents), folder)
        say(f"{folder} is Model City as it was found, and {folder / 'pack'} its pack; both are fictional")
        say(f"next: custodiet audit {folder}", file=sys.stderr)
        return DONE
    _write(start.contents(), folder, lambda staged: make_key(read_docket(staged)))
    say(f"{folder} is a docket of ten rows, and {folder / 'pack'} a pack of one policy")
    say(f"next: custodiet audit {folder}", file=sys.stderr)
    return DONE


def _example(contents: "Callable[[], Mapping[str, bytes]]") -> "Mapping[str, bytes]":
    from custodiet.base.errors import Refused

    try:
        return contents()
    except FileNotFoundError as missing:
        raise Refused(f"the program was installed without its example; {missing} is not there") from None


def _write(files: "Mapping[str, bytes]", folder: Path, finish: "Callable[[Path], object]" = lambda _: None) -> None:
    """Write files to a new or an empty folder, all of them or none; WrongCall if it is neither.

    They are written to a folder beside it, `finish` completes them, and that folder then takes its place.
    """
    from custodiet.base.errors import WrongCall

    if folder.exists() and not folder.is_dir():
        raise WrongCall(f"{folder} is a file; name a new or an empty folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise WrongCall(f"{folder} is not empty; name a new or an empty folder")
    place = resolved(folder)
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as beside:
        staged = Path(beside, place.name)
        for name, content in files.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        finish(staged)
        staged.rename(place)
