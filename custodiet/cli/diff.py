"""`custodiet diff`: how two versions of a law differ, and what that changes for real records."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import (
    as_json,
    command,
    folder_with,
    law_of,
    takes_as_of,
    takes_format,
    takes_law_of,
    takes_steps,
)
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from datetime import date

    from custodiet.audit.impact import Changed
    from custodiet.cli.options import Commands
    from custodiet.policy.packs.pack import Pack
    from custodiet.proofs.impact import Turning


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "diff",
        "show how two versions of a law differ",
        "Lists, in words, the rules, definitions, judgments and rates that were added, removed or changed; for each "
        "question, the smallest record whose answer changes; and, with --docket, how many real records change, and by "
        "how much money.",
        "custodiet diff packs/model-code draft/model-code --docket dockets/model-city/complete",
    )
    parser.add_argument("old", metavar="OLD", type=Path, help="the folder of the present law (it holds pack.toml)")
    parser.add_argument("new", metavar="NEW", type=Path, help="the folder of the changed law")
    parser.add_argument("--docket", metavar="DOCKET", type=Path, help="a docket whose records are decided under both")
    takes_law_of(parser)
    takes_as_of(parser)
    takes_steps(parser)
    takes_format(parser, "table", "json", "csv")


def run(arguments: argparse.Namespace) -> Exit:
    """Compare two packs; a difference never changes the exit code."""
    from custodiet.audit.run import refuse_unsound
    from custodiet.base.errors import WrongCall
    from custodiet.cli.notices import print_held_over, print_set_aside
    from custodiet.policy.packs.diff import difference
    from custodiet.policy.packs.pack import read_pack
    from custodiet.reports.output.diff_table import LawChanges

    if arguments.docket is None and (arguments.law_of or arguments.as_of):
        raise WrongCall("--law-of and --as-of apply to a docket's records; name the docket with --docket")
    day = law_of(arguments)
    old, new = (read_pack(folder_with(folder, "pack.toml", "pack")) for folder in (arguments.old, arguments.new))
    for pack in (old, new):
        refuse_unsound(pack)
    changed = None if arguments.docket is None else _changed(old, new, arguments, day)
    changes = LawChanges(old, new, difference(old, new), _turnings(old, new, arguments.steps), changed, day)
    form = {"json": lambda: as_json(changes.contract()), "csv": changes.csv, "table": changes.words}
    say(form[arguments.format]())
    if changed is None:
        return DONE
    print_set_aside(changed.after.view)
    print_held_over(changed.after.view)
    return NO if changed.after.view.set_aside else DONE


def _turnings(old: "Pack", new: "Pack", steps: int | None) -> "tuple[Turning, ...]":
    from custodiet.cli.progress import Bar
    from custodiet.proofs.impact import turnings

    with Bar("proving") as progress:
        return turnings(old, new, steps=steps, progress=progress)


def _changed(old: "Pack", new: "Pack", arguments: argparse.Namespace, day: "date | None") -> "Changed":
    """A docket under the present law, each act by the law of its own day, and under the changed law."""
    from custodiet.audit.impact import Changed
    from custodiet.cli.open_docket import audited_by, by_law_of, open_records

    recorded = open_records(arguments.docket, arguments.as_of)
    before = audited_by(old, recorded)
    # The same pack given twice, with --law-of, is decided only once by the law of each act's own day.
    own = before if new.hash == old.hash else audited_by(new, recorded)
    return Changed(before, by_law_of(day, own))
