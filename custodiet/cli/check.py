"""`custodiet check`: whether a pack can be used, and what is wrong with it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, folder_with, takes_format, takes_pack

if TYPE_CHECKING:
    from custodiet.base.errors import Problem
    from custodiet.cli.options import Commands
    from custodiet.policy.pack import Pack


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "check",
        "read a pack, run its examples and list its problems",
        "Every problem of a document is listed at once, with its place and what was expected there.",
        "custodiet check packs/model-code",
    )
    takes_pack(parser)
    takes_format(parser, "table", "json")


def run(arguments: argparse.Namespace) -> Exit:
    """Check a pack; problems are exit code 1."""
    from custodiet.policy.pack import read_pack

    folder = folder_with(arguments.pack, "pack.toml", "pack")
    pack = read_pack(folder)
    problems = _problems(pack, folder)
    if arguments.format == "json":
        print(as_json(contract(pack, problems)))
    else:
        for problem in problems:
            print(problem.shown(), end="\n\n", file=sys.stderr)
        print(_as_words(pack, problems))
    return NO if problems else DONE


def _problems(pack: "Pack", folder: Path) -> "tuple[Problem, ...]":
    """What is wrong with a pack's documents and its procedure; a pack without a document decides nothing."""
    from custodiet.base.errors import Problem, Span
    from custodiet.cases.procedure import procedure_of

    procedure = procedure_of(pack)
    problems = (*pack.problems, *(procedure.problems if procedure is not None else ()))
    if any(file.path.startswith("policies/") for file in pack.files):
        return problems
    expected = "a document that answers a question, such as policies/seat-fare.md, was expected"
    return (*problems, Problem("syntax", "the pack has no policies", Span(str(folder / "policies"), 1), expected))


def contract(pack: "Pack", problems: "tuple[Problem, ...]") -> dict[str, object]:
    """The check as the JSON that other tools rely on (DESIGN §8)."""
    return {
        "policies": len(pack.policies),
        "rules": _rules(pack),
        "examples": {"passed": pack.examples.passed, "failed": pack.examples.failed},
        "proved": False,
        "problems": [_problem(problem) for problem in problems],
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


def _as_words(pack: "Pack", problems: "tuple[Problem, ...]") -> str:
    from custodiet.audit.totals import many

    policies = many(len(pack.policies), "policy", "policies") if pack.policies else "no policies"
    lines = [
        f"{pack.title} ({pack.name}), SHA-256 {pack.hash}",
        f"  {policies}, {many(_rules(pack), 'rule')}",
        f"  examples: {pack.examples.passed} passed, {pack.examples.failed} failed",
        f"  problems: {len(problems)}" if problems else "  no problems found",
        "  conflicts and gaps were not searched for",
    ]
    lines += [f"  not read: {note}" for note in pack.not_read]
    return "\n".join(lines)
