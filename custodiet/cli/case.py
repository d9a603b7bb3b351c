"""`custodiet case`: the steps of a docket's case, who was in time, and what became of the money."""

import argparse
import sys
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, takes_as_of, takes_docket, takes_format
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.cli.options import Commands
    from custodiet.ledger.view import View
    from custodiet.reports.report.money import MoneyOfTheCase
    from custodiet.reports.report.timeline import Step, Timeline

WHOSE = (
    "this is the internal edition, and shows what other readers may not see. "
    "For them, write a report: custodiet report DOCKET --readers public --out FILE"
)


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "case",
        "show the steps of a case, its time limits, and what became of the money",
        "What was ordered, settled, paid and scheduled are separate figures; nothing erases what was ordered.",
        "custodiet case dockets/nyc-2019",
    )
    takes_docket(parser)
    takes_format(parser, "table", "json")
    takes_as_of(parser)


def run(arguments: argparse.Namespace) -> Exit:
    """Print the case; exit code 1 if anything stands against a step."""
    from custodiet.cli.notices import print_held_over, print_set_aside
    from custodiet.cli.open_docket import audited, open_docket
    from custodiet.reports.editions.disclosure import Disclosure, Edition
    from custodiet.reports.report.figures import Figures
    from custodiet.reports.report.money import money
    from custodiet.reports.report.reader import Reader
    from custodiet.reports.report.timeline import timeline

    done = audited(open_docket(arguments.docket, arguments.as_of))
    reader = Reader(Disclosure(done, Edition.INTERNAL))
    say(WHOSE, file=sys.stderr)
    print_set_aside(done.view)
    print_held_over(done.view)
    steps, sums = timeline(reader), money(reader, Figures(reader))
    say(
        as_json(_told(steps, sums, done.view))
        if arguments.format == "json"
        else "\n".join([done.title, *_as_words(steps, sums)])
    )
    return NO if steps.against else DONE


def _told(steps: "Timeline", sums: "MoneyOfTheCase", seen: "View") -> dict[str, object]:
    from dataclasses import asdict

    from custodiet.audit.rejected_rows import held_over_in_json
    from custodiet.reports.report.money import TYPES_OF_MONEY
    from custodiet.reports.report.timeline import TYPES_OF_STEPS

    rests_on = {*TYPES_OF_STEPS, *TYPES_OF_MONEY}
    return {
        **asdict(steps),
        "ordered": [
            {"order": each.order, "kind": each.kind, "amount": each.figure.value, "legal_basis": each.legal_basis}
            for each in sums.asked
        ],
        "debts": [
            {"acts": debt.acts, "on": debt.on, "figures": {each.name: each.value for each in debt.figures}}
            for debt in sums.debts
        ],
        "for_no_debt": {each.name: each.value for each in sums.for_no_debt},
        "set_aside": sums.unread,
        "held_over": [held_over_in_json(each) for each in seen.held_over if each.type in rests_on],
    }


def _as_words(steps: "Timeline", sums: "MoneyOfTheCase") -> list[str]:
    lines = ["", "Steps"]
    lines += [f"  {step.when:<36} {_step(step)}" for step in steps.steps] or ["  none recorded"]
    lines += [f"  {each}" for each in steps.held_over]
    if steps.acting:
        lines += ["", "Who acts"]
        lines += [
            f"  {each.name}: {each.case_role}, appointed by {each.appointed_by}, recused {each.recused}"
            for each in steps.acting
        ]
    if steps.limits:
        lines += ["", "Time limits"]
        lines += [f"  {each.step} by {each.last_day}: {each.done}, {each.late} ({each.who})" for each in steps.limits]
    if steps.against:
        lines += ["", "What stands against a step"]
        lines += [f"  {each.record}: {each.message}" for each in steps.against]
    if sums.asked:
        lines += ["", "Ordered, by kind"]
        lines += [f"  {each.figure.value:>20}  {each.kind} ({each.legal_basis})" for each in sums.asked]
    for debt in sums.debts:
        lines += ["", f"The debt of {debt.acts}, at {debt.on}"]
        lines += [f"  {each.value:>20}  {each.name}" for each in debt.figures]
        if debt.later_payments_unknown:
            lines += ["  Not every payment up to that day is known: more may have been paid, or reversed."]
    if sums.for_no_debt:
        lines += ["", f"Money received, at {sums.received_until}"]
        lines += [f"  {each.value:>20}  {each.name}" for each in sums.for_no_debt]
    lines += ["", sums.unread] if sums.unread else []
    return lines


def _step(step: "Step") -> str:
    """One step on a line; money with its sum and with what it reverses."""
    words = f": {step.words}" if step.what in ("payment", "reversal") else ""
    return f"{step.what} {step.record}{words}"
