"""What the house tests look at: the project's files, the program's commands, the pages of the documentation."""

import argparse
import fnmatch
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from custodiet.records.definitions import Types, types_with

ROOT = Path(__file__).resolve().parent.parent


def _ignored() -> list[str]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    return [".git", *(line.rstrip("/") for line in lines if line and not line.startswith("#"))]


def files() -> Iterator[Path]:
    """Every file that git keeps or would keep, as paths from the root; git itself need not be there."""
    ignored = _ignored()
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored):
                continue
            if path.is_dir():
                folders.append(path)
            else:
                yield path.relative_to(ROOT)


@cache
def every_type() -> Types:
    """The program's record types with those that all packs here bring; one that two packs bring counts once."""
    documents = {path.stem: path for path in sorted((ROOT / "packs").glob("*/records/*.md"))}
    return types_with({str(path): path.read_bytes() for path in documents.values()}).types


def only_in_totals(types: Types) -> frozenset[str]:
    """The types of which the public sees no single record."""
    return frozenset(name for name, definition in types.items() if definition.totals_only is not None)


def copy_to(folder: Path) -> Path:
    """A copy of the project in which an example may do what it likes."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*_ignored()))
    return folder


def pages() -> list[Path]:
    """The pages of the documentation, README.md first, as paths from the root."""
    return [Path("README.md"), *sorted(path for path in files() if path.parts[0] == "docs" and path.suffix == ".md")]


def commands() -> dict[str, argparse.ArgumentParser]:
    """Each command of `custodiet` with its parser; a command within a command is `case open`."""
    from custodiet.cli.main import parser

    return dict(_below("", parser()))


def _below(name: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:  # noqa: SLF001 (argparse has no public way to list its commands)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for word, below in action.choices.items():
                command = f"{name} {word}".strip()
                yield command, below
                yield from _below(command, below)


def options(parser: argparse.ArgumentParser) -> list[str]:
    """The long options of one command, `--help` left out."""
    found = [option for action in parser._actions for option in action.option_strings]  # noqa: SLF001
    return [option for option in found if option.startswith("--") and option != "--help"]
