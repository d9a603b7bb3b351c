"""`custodiet replay`: one pack applied to several dockets, side by side, each with what is not known."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, folder_with, law_of, takes_format, takes_law_of, takes_pack
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.cli.open_docket import Recorded
    from custodiet.cli.options import Commands


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "replay",
        "apply one pack to several dockets and compare the results",
        "Prints a column for each docket, in the order given, with what is not known in each. It ranks nobody: "
        "differences in the records kept are not differences in conduct. For the inspector and the unit only.",
        "custodiet replay packs/model-code dockets/model-city/complete dockets/model-city/as-found",
    )
    takes_pack(parser)
    parser.add_argument("dockets", metavar="DOCKET", type=Path, nargs="+", help="the folder that holds docket.toml")
    takes_law_of(parser)
    takes_format(parser, "table", "json", "csv")


def run(arguments: argparse.Namespace) -> Exit:
    """Decide every docket by the given pack; results never change the exit code, rows set aside do."""
    from custodiet.audit.replay import Column, Replay
    from custodiet.audit.run import refuse_other_currency, refuse_unsound
    from custodiet.cli.notices import print_held_over, print_set_aside
    from custodiet.cli.open_docket import audited_by, by_law_of
    from custodiet.policy.packs.pack import read_pack
    from custodiet.reports.output.replay_table import SideBySide

    day = law_of(arguments)
    pack = read_pack(folder_with(arguments.pack, "pack.toml", "pack"))
    refuse_unsound(pack)
    dockets = _opened(arguments.dockets)
    for each in dockets:
        refuse_other_currency(pack, each.docket.currency)
    replay = Replay(pack, tuple(Column(by_law_of(day, audited_by(pack, each))) for each in dockets))
    told = SideBySide(replay, day)
    form = {"json": lambda: as_json(told.contract()), "csv": told.csv, "table": told.words}
    say(form[arguments.format]())
    for each in dockets:
        print_set_aside(each.view)
        print_held_over(each.view)
    return NO if any(each.view.set_aside for each in dockets) else DONE


def _opened(folders: list[Path]) -> "list[Recorded]":
    from custodiet.base.errors import WrongCall
    from custodiet.base.files import resolved
    from custodiet.cli.open_docket import open_records

    places = [resolved(folder) for folder in folders]
    for folder, place in zip(folders, places, strict=True):
        if places.count(place) > 1:
            raise WrongCall(f"{folder}: the docket is named twice; name each docket once")
    return [open_records(folder) for folder in folders]
