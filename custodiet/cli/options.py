"""Options and arguments that several commands take, so that each is named and explained once."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import Exit

if TYPE_CHECKING:
    from datetime import date

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - its only name
    """What a command adds itself to."""
    Run = Callable[[argparse.Namespace], Exit]
    """What a command does."""


def command(
    commands: "Commands", run: "Run", name: str, sentence: str, more: str, example: str
) -> argparse.ArgumentParser:
    """The parser of a command: one sentence, whatever else a user needs to know, and an example to copy."""
    parser = commands.add_parser(
        name,
        help=sentence,
        description=f"{sentence[0].upper()}{sentence[1:]}. {more}",
        epilog=f"example:\n  {example}",
        formatter_class=_Help,
    )
    parser.set_defaults(run=run, parser=parser)
    return parser


class _Help(argparse.RawDescriptionHelpFormatter):
    """Wraps the description, and leaves the example as it is."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith("example:"):
            return super()._fill_text(text, width, indent)
        return argparse.HelpFormatter._fill_text(self, text, width, indent)  # noqa: SLF001 - there is no public way


def takes_docket(parser: argparse.ArgumentParser) -> None:
    """Take a docket's folder."""
    parser.add_argument("docket", metavar="DOCKET", type=Path, help="the folder that holds docket.toml")


def takes_pack(parser: argparse.ArgumentParser) -> None:
    """Take a pack's folder."""
    parser.add_argument("pack", metavar="PACK", type=Path, help="the folder that holds pack.toml")


def takes_steps(parser: argparse.ArgumentParser) -> None:
    """Take how far the solver may go."""
    parser.add_argument(
        "--steps",
        metavar="N",
        type=_number_of_steps,
        help="how many steps the solver may take for one question; all questions together may take at most 5 times as "
        "many, and a question not answered by then is undecided (default: 10000000, about a minute at most in all)",
    )


_DIGITS_MOST = 15


def _number_of_steps(text: str) -> int:
    """At least one: with none the solver would not start, and some solvers read zero as no limit."""
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS_MOST or int(text) == 0:
        from custodiet.base.text import quoted

        instead = f"write a whole number from 1 up, of at most {_DIGITS_MOST} digits"
        raise argparse.ArgumentTypeError(f"{quoted(text)} is not a number of steps; {instead}")
    return int(text)


def takes_as_of(parser: argparse.ArgumentParser) -> None:
    """Take an earlier state to ask about."""
    parser.add_argument(
        "--as-of",
        metavar="STATE",
        help="an earlier state of the ledger: a number of entries (12) or a time of recording (2024-05-01)",
    )


def takes_law_of(parser: argparse.ArgumentParser) -> None:
    """Take a day whose law is applied to every act."""
    parser.add_argument(
        "--law-of",
        metavar="DAY",
        help="apply the law of this day (2024-06-01) to every act, whatever its own day; "
        "an answer that the law did not give when the act happened is marked as hindsight",
    )


def law_of(arguments: argparse.Namespace) -> "date | None":
    """The day whose law is asked for; None for the law of each act's own day."""
    from custodiet.base.dates import read_day
    from custodiet.base.errors import WrongCall
    from custodiet.base.text import quoted

    if arguments.law_of is None:
        return None
    try:
        return read_day(arguments.law_of)
    except ValueError as wrong:
        raise WrongCall(f"--law-of: {quoted(arguments.law_of)} is not a date; write one as 2024-06-01") from wrong


def takes_format(parser: argparse.ArgumentParser, *formats: str) -> None:
    """Take the format of the answer on stdout; the first is the one for people."""
    parser.add_argument(
        "--format",
        choices=formats,
        default=formats[0],
        help="the format of the answer on stdout, for people or for other tools (default: %(default)s)",
    )


def as_json(told: object) -> str:
    """A command's answer to other tools."""
    import json

    from custodiet.base.text import in_json

    return in_json(json.dumps(told, indent=2, ensure_ascii=False))


def takes_readers(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Take the readers that the output is written for."""
    parser.add_argument(
        "--readers",
        choices=("internal", "respondent", "public"),
        required=required,
        help="who will read the output; each edition holds only what its readers may see",
    )


def folder_with(folder: Path, file: str, what: str) -> Path:
    """The folder, if it holds the file that makes it one; WrongCall otherwise."""
    from custodiet.base.errors import WrongCall

    if folder.is_file():
        raise WrongCall(f"{folder} is a file; name the folder of a {what}")
    if not folder.is_dir():
        raise WrongCall(f"{folder}: there is no such folder; name the folder of a {what}")
    if not (folder / file).is_file():
        raise WrongCall(f"{folder} is not a {what}: it has no {file}; {_instead(folder, what)}")
    return folder


def _instead(folder: Path, what: str) -> str:
    """What the folder is instead, and what to do."""
    if (folder / "docket.toml").is_file():
        return "it is a docket, and its docket.toml says where its pack is"
    if (folder / "pack.toml").is_file():
        return "it is a pack, and the docket.toml of a docket names one; `custodiet init` writes a first docket"
    return f"`custodiet init{' --pack' if what == 'pack' else ''}` writes a first {what}"
