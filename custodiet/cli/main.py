"""The command `custodiet`: its parser and its handling of errors."""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from custodiet.base.text import bounded, escaped, written_out
from custodiet.cli import ask, audit, case, check, decide, diff, explain, import_, init, prove, replay, report, verify
from custodiet.cli import format as format_
from custodiet.cli import test as test_
from custodiet.cli.exits import MEANINGS, Exit
from custodiet.cli.streams import speak_data, speak_to_any_terminal

COMMANDS = (
    init,
    import_,
    check,
    prove,
    test_,
    format_,
    ask,
    decide,
    audit,
    explain,
    diff,
    replay,
    case,
    report,
    verify,
)
_LONG_WORD = re.compile(r"\S{121,}")
_LONGEST_ERROR = 2_000
DATA = ("json", "csv")
"""Formats for other tools."""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    whole = _Parser(
        prog="custodiet",
        description="The record of a publicly paid protective detail, decided under written rules, to the cent. "
        "The program computes; people decide.",
        epilog=f"{MEANINGS} Begin with: custodiet init first-docket",
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="print the program's version and exit")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return whole


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; a call that argparse cannot read raises SystemExit(2)."""
    try:
        return _run(argv)
    except (Exception, KeyboardInterrupt) as raised:  # noqa: BLE001 - everything that a command did not foresee ends here
        from custodiet.cli.failures import ending

        return ending(raised)


def _run(argv: Sequence[str] | None) -> Exit:
    speak_to_any_terminal()
    arguments, rest = parser().parse_known_args(argv)
    if rest:
        # The command's own usage, where argparse would print that of the whole program.
        arguments.parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if getattr(arguments, "format", None) in DATA:
        speak_data()
    code: Exit = arguments.run(arguments)
    sys.stdout.flush()
    return code


class _Parser(argparse.ArgumentParser):
    """The parser of the program and of each command.

    A message about a wrong call is never longer than a screen. Help is printed like any other answer, because argparse
    ignores an output that cannot be written.
    """

    def print_help(self, file: Any = None) -> None:  # noqa: ANN401 - whatever argparse takes
        """Print the help, or raise OSError."""
        print(self.format_help(), end="", file=file or sys.stdout)
        sys.stdout.flush()

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with a call; every word that does not fit on a line is shortened."""
        super().error(bounded(_LONG_WORD.sub(lambda word: escaped(word[0]), written_out(message)), _LONGEST_ERROR))


class _Version(argparse.Action):
    """Look up the version only when it is asked for: that takes longer than all of `--help`."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from custodiet.audit.version import program_version

        print(program_version())
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
