"""`custodiet check`: whether a pack can be used, and what is wrong with it."""

import argparse
import sys
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, folder_with, takes_format, takes_pack, takes_steps
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.base.errors import Problem
    from custodiet.cli.options import Commands
    from custodiet.policy.packs.pack import Pack
    from custodiet.proofs.pack_proofs import Proved, Undecided


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "check",
        "read a pack, run its examples, prove its rules and list its problems",
        "All problems of a document are listed at once, each with its place and what to write instead. For documents "
        "without problems it proves that their rules never contradict one another and leave no record unanswered, "
        "that each rule can decide, and that no amount divides by zero or falls below zero.",
        "custodiet check packs/model-code",
    )
    takes_pack(parser)
    takes_steps(parser)
    takes_format(parser, "table", "json")
    parser.add_argument(
        "--plan",
        action="store_true",
        help="prove nothing; print each policy as it is planned: its numbered tests, its rules in terms of them, and "
        "which rules displace which on which days (for people only)",
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Check a pack; problems are exit code 1."""
    from custodiet.base.errors import WrongCall
    from custodiet.cli.progress import Bar
    from custodiet.policy.packs.pack import read_pack
    from custodiet.proofs.pack_proofs import prove_pack

    if arguments.plan and arguments.format != "table":
        raise WrongCall("--plan prints text for people; leave out --format json")
    pack = read_pack(folder_with(arguments.pack, "pack.toml", "pack"))
    if arguments.plan:
        return _print_plans(pack)
    with Bar("proving") as bar:
        proved = prove_pack(pack, steps=arguments.steps, progress=bar)
    problems = (*proved.unsettled(pack.problems), *proved.problems)
    if arguments.format == "json":
        say(as_json(contract(pack, problems, proved)))
    else:
        for problem in problems:
            say(problem.shown(), end="\n\n", file=sys.stderr)
        say(_as_words(pack, problems, proved))
    return NO if problems else DONE


def _print_plans(pack: "Pack") -> Exit:
    """Print the plan of each policy, or the problems that keep the pack from being planned."""
    from custodiet.policy.analysis.plan import Plans
    from custodiet.policy.analysis.plan_shown import shown

    for problem in pack.refusable:
        say(problem.shown(), end="\n\n", file=sys.stderr)
    # Somebody whose example fails wants to see the plan.
    if all(problem.kind == "example" for problem in pack.refusable):
        plans = Plans(pack.policies, pack.types)
        say("\n\n".join(shown(plans.of(policy)) for policy in pack.policies))
    return NO if pack.refusable else DONE


def contract(pack: "Pack", problems: "tuple[Problem, ...]", proved: "Proved") -> dict[str, object]:
    """The check as the JSON that other tools rely on (DESIGN §8)."""
    return {
        "policies": len(pack.policies),
        "rules": _rules(pack),
        "examples": {"passed": pack.examples.passed, "failed": pack.examples.failed},
        "proved": proved.whole,
        "problems": [_problem(problem) for problem in problems],
        "undecided": [
            {
                "policy": each.policy,
                "kind": each.kind,
                "rules": list(each.rules),
                "claim": each.claim,
                "why": each.why,
            }
            for each in proved.undecided
        ],
    }


def _rules(pack: "Pack") -> int:
    return sum(len(policy.rules) for policy in pack.policies)


def _problem(problem: "Problem") -> dict[str, object]:
    return {
        "kind": problem.kind,
        "policy": problem.policy,
        "rules": list(problem.rules),
        "example": dict(problem.example),
        "message": problem.message,
        "file": problem.span.file,
        "line": problem.span.line,
    }


def _as_words(pack: "Pack", problems: "tuple[Problem, ...]", proved: "Proved") -> str:
    from custodiet.audit.totals import many
    from custodiet.base.text import written_out

    policies = many(len(pack.policies), "policy", "policies") if pack.policies else "no policies"
    lines = [
        f"{pack.heading}, SHA-256 {pack.hash}",
        f"  {policies}, {many(_rules(pack), 'rule')}",
        f"  examples: {pack.examples.passed} passed, {pack.examples.failed} failed",
        f"  problems: {len(problems)}" if problems else "  no problems found",
        *_as_proved(proved),
    ]
    lines += [f"  not read: {written_out(note)}" for note in pack.not_read]
    return "\n".join(lines)


def _as_proved(proved: "Proved") -> list[str]:
    """What the solver was asked, and what it left open."""
    if proved.not_proved:
        return [f"  not proved: {proved.not_proved}"]
    undecided = len(proved.undecided)
    of_nothing = sum(each.code == "claim_of_nothing" for each in proved.problems)
    refuted = len(proved.problems) - of_nothing
    good = proved.questions - refuted - of_nothing - undecided
    told = f"{good:,} proved, {refuted:,} refuted, {undecided:,} undecided"
    told += f", {of_nothing:,} said of nothing" if of_nothing else ""
    return [f"  questions about all records: {told}", *(f"  undecided: {_open(each)}" for each in proved.undecided)]


def _open(question: "Undecided") -> str:
    rules = f", rule {' and '.join(question.rules)}" if question.rules else ""
    claim = f" “{question.claim}”" if question.claim else ""
    return f"{question.policy}, {question.kind}{rules}{claim}: {question.why}"
