"""`custodiet format`: a pack's policy documents, formatted."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import command, folder_with, takes_pack
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.cli.options import Commands


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "format",
        "format a pack's policy documents",
        "The order and alignment of keys, line breaks and example tables follow one style; quotations, commentary and "
        "the meaning of the rules stay as they are. If a document cannot be read, no file is changed.",
        "custodiet format packs/model-code --check",
    )
    takes_pack(parser)
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; show what would change, and exit with 1 if anything would",
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Format the documents of a pack; with --check, a document that would change is exit code 1."""
    from custodiet.audit.totals import many
    from custodiet.base.errors import Refused
    from custodiet.base.files import resolved, write_file
    from custodiet.base.text import written_out

    folder = folder_with(arguments.pack, "pack.toml", "pack")
    home = resolved(folder)
    found = sorted((folder / "policies").glob("*.md"))
    files = [path for path in found if path.is_file() and resolved(path).is_relative_to(home)]
    if not files:
        raise Refused(f"{folder}: the pack has no policies; write one as a document such as policies/seat-fare.md")
    changed = {path: both for path in files if (both := _before_and_after(path))[0] != both[1]}
    for path, (before, after) in changed.items():
        if arguments.check:
            _show(path, before, after)
        else:
            write_file(path, after)
            say(f"{written_out(str(path))}: formatted")
    would = "would change" if arguments.check else "changed"
    say(f"{many(len(files), 'document')}, {len(changed)} {would}", file=sys.stderr)
    return NO if arguments.check and changed else DONE


def _before_and_after(path: Path) -> tuple[bytes, bytes]:
    """A document as it is and as formatted; Refused if it cannot be read."""
    from custodiet.base.errors import Refused
    from custodiet.base.files import read_file
    from custodiet.policy.language.formatter import formatted

    before = read_file(path)
    try:
        text = before.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Refused(f"{path} is not UTF-8 text, so it is left as it is; save it as UTF-8") from wrong
    return before, formatted(text, str(path)).encode()


def _show(path: Path, before: bytes, after: bytes) -> None:
    import difflib

    from custodiet.base.text import written_out

    old, new = (each.decode("utf-8").split("\n") for each in (before, after))
    name = written_out(str(path))
    for line in difflib.unified_diff(old, new, name, f"{name}, formatted", lineterm=""):
        say(line)
