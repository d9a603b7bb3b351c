"""`custodiet report`: only the page of an audit, for one circle of readers."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, Exit
from custodiet.cli.options import command, takes_as_of, takes_docket, takes_readers
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.cli.options import Commands


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "report",
        "write the report on a docket as one page",
        "It is the same page that `custodiet audit --out` writes, without the open data and the archive.",
        "custodiet report dockets/nyc-2019 --readers public --out build/nyc-2019.html",
    )
    takes_docket(parser)
    takes_readers(parser, required=True)
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        required=True,
        help="the file to write: a new file, or the page of the same docket for the same readers, which is replaced",
    )
    takes_as_of(parser)


def run(arguments: argparse.Namespace) -> Exit:
    """Write the page."""
    from custodiet.cli.notices import print_held_over, print_lawless, print_set_aside
    from custodiet.cli.open_docket import audited, open_docket, refuse_unfounded_findings
    from custodiet.cli.output import PAGE, put_page, refuse_file
    from custodiet.reports.editions.disclosure import Disclosure, Edition
    from custodiet.reports.output.html import page
    from custodiet.reports.report.model import Report

    refuse_file(arguments.out, PAGE)
    done = audited(open_docket(arguments.docket, arguments.as_of))
    # A finding may lack its notice only because one cell of the notice's row has yet to be mended.
    print_set_aside(done.view)
    print_held_over(done.view)
    refuse_unfounded_findings(done, arguments.readers)
    disclosure = Disclosure(done, Edition(arguments.readers))
    put_page(page(Report(disclosure)), arguments.out)
    print_lawless(disclosure)
    say(f"report: {arguments.out}", file=sys.stderr)
    return DONE
