"""`custodiet import`: bring a docket's tables into its ledger."""

import argparse
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, folder_with, takes_docket, takes_format
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.cli.options import Commands
    from custodiet.intake.outcome import Imported


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "import",
        "bring a docket's tables into its ledger",
        "Rows that cannot be read are set aside, each with the reason, and the rest are imported. "
        "A changed table amends what was recorded before, and both are kept. Run again, it adds nothing.",
        "custodiet import dockets/model-city/complete",
    )
    takes_docket(parser)
    takes_format(parser, "table", "json")


def run(arguments: argparse.Namespace) -> Exit:
    """Import, and say what was added, amended and set aside."""
    from custodiet.cli.notices import print_held_over, print_impossible, print_notes
    from custodiet.cli.open_docket import import_into
    from custodiet.intake.docket import read_docket
    from custodiet.ledger.log import Ledger
    from custodiet.ledger.view import view

    docket = read_docket(folder_with(arguments.docket, "docket.toml", "docket"))
    with Ledger.open(docket.ledger_folder, docket.types) as ledger:
        imported = import_into(ledger, docket)
        seen = view(ledger, docket.currency)
    print_impossible(seen)
    print_held_over(seen, None)
    print_notes(seen, imported)
    say(as_json(_told(imported)) if arguments.format == "json" else _as_words(docket.title, imported))
    return NO if imported.set_aside else DONE


def _told(imported: "Imported") -> dict[str, object]:
    return {
        "added": imported.added,
        "amended": imported.amended,
        "unchanged": imported.unchanged,
        "exhibits": imported.exhibits,
        "vanished": [{"file": gone.file, "id": gone.id} for gone in imported.vanished],
        "notes": list(imported.notes),
        "set_aside": [
            {"file": row.file, "row": row.row, "column": row.column, "value": row.value, "expected": row.expected}
            for row in imported.set_aside
        ],
    }


def _as_words(title: str, imported: "Imported") -> str:
    from custodiet.base.text import written_out
    from custodiet.cli.notices import set_aside_in_words
    from custodiet.ledger.amendments import FILE as AMENDMENTS

    lines = [
        title,
        f"  added      {imported.added:>7,} rows",
        f"  amended    {imported.amended:>7,} fields",
        f"  unchanged  {imported.unchanged:>7,} rows",
    ]
    lines += [f"  exhibits   {imported.exhibits:>7,} newly kept"] if imported.exhibits else []
    lines += [f"  set aside  {imported.rows_set_aside:>7,} rows"] if imported.set_aside else []
    lines += [f"    {set_aside_in_words(row)}" for row in imported.set_aside]
    gone = [
        f"{'an amendment of ' if each.file == AMENDMENTS else ''}{each.id} is gone from {each.file}; it stays recorded"
        for each in imported.vanished
    ]
    lines += [f"  vanished: {written_out(each)}" for each in gone]
    lines += [f"  note: {written_out(note)}" for note in imported.notes]
    return "\n".join(lines)
