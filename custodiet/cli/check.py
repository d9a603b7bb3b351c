"""`custodiet check`: whether a pack can be used, and what is wrong with it."""

import argparse
import sys
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import command, folder_with, takes_format, takes_pack

if TYPE_CHECKING:
    from custodiet.base.errors import Problem
    from custodiet.cli.options import Commands
    from custodiet.policy.pack import Pack


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        "check",
        "read a pack, run its examples and list its problems",
        "Every problem of a document is listed at once, with its place and what was expected there.",
        "custodiet check packs/model-code",
    )
    takes_pack(parser)
    takes_format(parser, "table", "json")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> Exit:
    """Check a pack; problems are exit code 1."""
    from custodiet.policy.pack import read_pack

    pack = read_pack(folder_with(arguments.pack, "pack.toml", "pack"))
    if arguments.format == "json":
        import json

        print(json.dumps(contract(pack), indent=2, ensure_ascii=False))
    else:
        for problem in pack.problems:
            print(problem.shown(), end="\n\n", file=sys.stderr)
        print(_as_words(pack))
    return NO if pack.problems else DONE


def contract(pack: "Pack") -> dict[str, object]:
    """The check as the JSON that other tools rely on (DESIGN §8)."""
    return {
        "policies": len(pack.policies),
        "rules": sum(len(policy.rules) for policy in pack.policies),
        "examples": {"passed": pack.examples.passed, "failed": pack.examples.failed},
        "proved": False,
        "problems": [_problem(problem) for problem in pack.problems],
    }


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


def _as_words(pack: "Pack") -> str:
    summary = contract(pack)
    problems = len(pack.problems)
    lines = [
        f"{pack.title} ({pack.name}), SHA-256 {pack.hash}",
        f"  {summary['policies']} policies, {summary['rules']} rules",
        f"  examples: {pack.examples.passed} passed, {pack.examples.failed} failed",
        f"  problems: {problems}" if problems else "  no problems found",
        "  conflicts and gaps were not searched for",
    ]
    lines += [f"  not read: {note}" for note in pack.not_read]
    return "\n".join(lines)
