"""`custodiet audit`: decide every record of a docket by the law of its pack."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import command, takes_as_of, takes_docket, takes_format

if TYPE_CHECKING:
    from custodiet.audit.run import Audit
    from custodiet.cli.options import Commands
    from custodiet.intake.docket import Docket


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        "audit",
        "decide every record of a docket by the law of its pack",
        "First imports what the ledger lacks. What it prints is computed, not decided: people decide.",
        "custodiet audit dockets/model-city/complete --out build/model-city --readers internal",
    )
    takes_docket(parser)
    takes_format(parser, "table", "json", "csv")
    takes_as_of(parser)
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="also write results.parquet, results.csv, report/index.html and audit.zip there; takes --readers",
    )
    parser.add_argument(
        "--readers",
        choices=("internal", "respondent", "public"),
        help="for whom the files in DIR are: the edition decides what is in them",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> Exit:
    """Audit a docket; the results alone never change the exit code."""
    from custodiet.audit.run import audit
    from custodiet.base.errors import WrongCall
    from custodiet.cli.open_docket import open_docket, print_problems, print_set_aside
    from custodiet.cli.progress import Bar

    if (arguments.out is None) != (arguments.readers is None):
        raise WrongCall("--out and --readers come together: what is written is written for somebody")
    opened = open_docket(arguments.docket, arguments.as_of)
    with Bar("deciding") as progress:
        done = audit(opened.docket.title, opened.docket.currency, opened.pack, opened.view, progress)
    print_problems(done.pack.problems)
    print_set_aside(done.view)
    if arguments.out is not None:
        _write(done, opened.docket, arguments.out, arguments.readers)
    print(_answer(done, arguments.format))
    if arguments.out is not None:
        print(f"the page is {arguments.out / 'report' / 'index.html'}", file=sys.stderr)
        print(f"the whole {arguments.readers} edition is {arguments.out / 'audit.zip'}", file=sys.stderr)
    return NO if done.view.set_aside else DONE


def _answer(done: "Audit", form: str) -> str:
    if form == "json":
        import json

        from custodiet.audit.contract import contract

        return json.dumps(contract(done), indent=2, ensure_ascii=False)
    if form == "csv":
        from custodiet.reports.open_data import as_csv

        return as_csv(done).removesuffix("\n")
    from custodiet.reports.summary import summary

    return summary(done)


def _write(done: "Audit", docket: "Docket", folder: Path, readers: str) -> None:
    from custodiet.intake.salt import docket_key
    from custodiet.ledger.log import Ledger
    from custodiet.reports.bundle import ARCHIVE, archive_of, report_files
    from custodiet.reports.editions import Disclosure, Edition

    disclosure = Disclosure(done, Edition(readers))
    files = report_files(disclosure)
    with Ledger.open(docket.ledger_folder, create=False) as ledger:
        files[ARCHIVE] = archive_of(disclosure, files, ledger, docket_key(docket, ledger))
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
