"""Write the pages of docs/reference that are made from the program itself: records, commands and messages.

    python -m scripts.reference

`tests/project/test_reference.py` fails while a page differs from what this writes.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from custodiet.base.source import EVERY_DOCUMENT
from custodiet.cli.main import parser
from custodiet.policy.analysis.diagnostics import CHECKING
from custodiet.policy.language.diagnostics import READING
from custodiet.policy.packs.diagnostics import OPENING
from custodiet.policy.testing.diagnostics import TRYING
from custodiet.proofs.diagnostics import PROVING
from custodiet.records import RecordType, core_types
from custodiet.records.diagnostics import DEFINING
from custodiet.records.facts import sets_below
from custodiet.records.kinds import written_kind

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"


def records() -> str:
    """The page of record types and fields."""
    lines = [
        "# Records",
        "",
        "Every record type and every field of the program, as forms, tables, policies and open data read them.",
        "Each type is a document in `custodiet/records/core/`; a pack brings types of its own, and adds fields to",
        "these, in `records/*.md` ([how](../guides/bring-your-own-records.md)). A field that may be none can be known",
        "to be absent; every field can be unknown. What is not public enters the ledger as a salted commitment.",
        "A cell holds money as `412.00`, a date as `2019-05-17` or a period as `2019-05/2019-09`; for a record type,",
        "an id.",
    ]
    for record in core_types().values():
        lines += ["", f"## {record.name}", "", f"{record.sentence} Kept by {record.held_by}. {_to_the_public(record)}"]
        if record.derived:
            lines += ["Derived from other records, never entered."]
        lines += ["", "| field | meaning | kind | held by | who may read |", "|---|---|---|---|---|"]
        lines += [
            f"| `{field.name}` | {field.sentence} | {written_kind(field)} | {field.held_by} "
            f"| {field.sensitivity.value} |"
            for field in record.fields
        ]
        below = sets_below(core_types(), record.name)
        if below:
            sets = ", ".join(f"`{name}` ({child})" for name, (child, _) in sorted(below.items()))
            lines += ["", f"Sets below it: {sets}."]
    return "\n".join(lines) + "\n"


def _to_the_public(record: RecordType) -> str:
    if record.totals_only is None:
        return "The public sees each record, as far as its fields are public."
    return f"The public sees totals only{f': {record.totals_only}' if record.totals_only else ''}."


def commands() -> str:
    """The page of the command line, as `--help` prints it."""
    lines = ["# Commands", "", "What each command prints with `--help`, at 100 columns."]
    lines += ["", "## custodiet", "", "```text", _help(parser()), "```"]
    for name, command in _commands():
        lines += ["", f"## custodiet {name}", "", "```text", _help(command), "```"]
    return "\n".join(lines) + "\n"


def _commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser()._actions:  # noqa: SLF001 - argparse has no public way to list its commands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - the same
            yield from action.choices.items()


def _help(command: argparse.ArgumentParser) -> str:
    os.environ["COLUMNS"] = "100"
    return "\n".join(line.rstrip() for line in command.format_help().rstrip().splitlines())


def messages() -> str:
    """The page of every message of `custodiet check`."""
    lines = [
        "# Messages of the checker",
        "",
        "Each has a document that provokes it under `tests/policies/bad/` or `tests/records/bad/`.",
        "A pack with a problem of kind syntax, name,",
        "type, cycle, period or example cannot be used for an audit; the others are printed.",
        "",
        "| message | kind | what it says | what it shows | help |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{each.code}` | {each.kind} | {_cell(each.what)} | {_cell(each.note)} | {_cell(each.help)} |"
        for each in (EVERY_DOCUMENT | DEFINING | READING | CHECKING | TRYING | OPENING | PROVING).values()
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "; ")


PAGES = {"records.md": records, "commands.md": commands, "messages.md": messages}


def main() -> None:
    """Write every page and print its name."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
