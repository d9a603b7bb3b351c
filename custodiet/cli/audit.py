"""`custodiet audit`: decide every record of a docket by the law of its pack."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, folder_with, takes_as_of, takes_docket, takes_format, takes_readers
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.audit.run import Audit
    from custodiet.cli.options import Commands
    from custodiet.intake.docket import Docket


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "audit",
        "decide every record of a docket by the law of its pack",
        "First imports whatever the ledger lacks. The results are computed, not decided: people decide.",
        "custodiet audit dockets/model-city/complete --out build/model-city --readers internal",
    )
    takes_docket(parser)
    takes_format(parser, "table", "json", "csv")
    takes_as_of(parser)
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="also write results.parquet, results.csv, report/index.html and audit.zip to this folder, all at once; "
        "requires --readers. DIR must not exist yet, must be empty, or must hold the audit of the same docket for the "
        "same readers, which is replaced; other files in it are kept",
    )
    takes_readers(parser, required=False)


def run(arguments: argparse.Namespace) -> Exit:
    """Audit a docket; the results alone never change the exit code."""
    from custodiet.base.errors import WrongCall
    from custodiet.cli.notices import LONGEST, print_held_over, print_not_read, print_notes, print_set_aside
    from custodiet.cli.open_docket import audited, open_docket, print_problems, refuse_unfounded_findings
    from custodiet.cli.proof_on_record import print_proof

    if (arguments.out is None) != (arguments.readers is None):
        raise WrongCall("--out and --readers go together; name both, or neither")
    if arguments.readers == "internal":
        _refuse_too_large(arguments.docket)
    opened = open_docket(arguments.docket, arguments.as_of)
    if arguments.out is not None:
        _refuse_another(opened.docket, arguments.out, arguments.readers)
    done = audited(opened)
    if arguments.out is not None:
        refuse_unfounded_findings(done, arguments.readers)
    print_problems(done.pack.problems)
    print_proof(opened)
    print_set_aside(done.view)
    print_held_over(done.view)
    print_not_read(opened.imported)
    print_notes(done.view, opened.imported, LONGEST)
    if arguments.out is not None:
        _write(done, opened.docket, arguments.out, arguments.readers)
    say(_answer(done, arguments.format))
    if arguments.out is not None:
        say(f"report: {arguments.out / 'report' / 'index.html'}", file=sys.stderr)
        say(f"the whole {arguments.readers} edition: {arguments.out / 'audit.zip'}", file=sys.stderr)
    return NO if done.view.set_aside else DONE


def _answer(done: "Audit", form: str) -> str:
    if form == "json":
        from custodiet.audit.json_contract import contract

        return as_json(contract(done))
    if form == "csv":
        from custodiet.reports.editions.disclosure import Disclosure, Edition
        from custodiet.reports.output.archive import results_csv
        from custodiet.reports.report.model import Report

        return results_csv(Report(Disclosure(done, Edition.INTERNAL))).removesuffix("\n")
    from custodiet.reports.output.terminal import summary

    return summary(done)


def _refuse_too_large(folder: Path) -> None:
    from custodiet.cli.output import refuse_too_large
    from custodiet.intake.docket import read_docket

    refuse_too_large(folder, read_docket(folder_with(folder, "docket.toml", "docket")).ledger_folder / "exhibits")


def _refuse_another(docket: "Docket", folder: Path, readers: str) -> None:
    from custodiet.cli.output import refuse_another
    from custodiet.reports.output.archive import ARCHIVE

    refuse_another(folder, ARCHIVE, docket.title, readers)


def _write(done: "Audit", docket: "Docket", folder: Path, readers: str) -> None:
    from custodiet.cli.notices import print_lawless
    from custodiet.cli.output import put
    from custodiet.intake.salt import docket_key
    from custodiet.ledger.log import Ledger
    from custodiet.reports.editions.disclosure import Disclosure, Edition
    from custodiet.reports.output.archive import ARCHIVE, archive_of, report_files

    disclosure = Disclosure(done, Edition(readers))
    files = report_files(disclosure)
    with Ledger.open(docket.ledger_folder, docket.types, create=False) as ledger:
        files[ARCHIVE] = archive_of(disclosure, files, ledger, docket_key(docket, ledger))
    put(files, folder)
    print_lawless(disclosure)
