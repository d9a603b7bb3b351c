"""`custodiet test`: whether a pack's examples pass and its claims hold, and what no example shows."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, NO, Exit
from custodiet.cli.options import as_json, command, folder_with, takes_format, takes_pack, takes_steps
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.base.errors import Problem
    from custodiet.cli.example_results import Tested
    from custodiet.cli.options import Commands
    from custodiet.policy.packs.pack import Pack
    from custodiet.policy.testing.coverage import Coverage, Point


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "test",
        "run a pack's examples and claims, and say what no example shows",
        "A rule, exception, rank or part of a condition is shown if an example would come out differently without it. "
        "For what is not shown, it proposes a row that would show it; the answer of that row you must read in the law.",
        "custodiet test packs/model-code",
    )
    takes_pack(parser)
    takes_steps(parser)
    takes_format(parser, "table", "json", "csv")
    parser.add_argument("--junit", metavar="FILE", type=Path, help="also write the results as JUnit XML")
    parser.add_argument(
        "--require-coverage",
        action="store_true",
        help="also exit with 1 if a rule, exception, rank, part of a condition, definition or judgment is not shown",
    )


def run(arguments: argparse.Namespace) -> Exit:
    """Test a pack; a failed example, or a claim that is refuted or said of nothing, is exit code 1."""
    from custodiet.cli.example_results import FAILED, as_junit, contract
    from custodiet.cli.output import JUNIT, put_file, refuse_file
    from custodiet.policy.packs.pack import read_pack

    if arguments.junit is not None:
        refuse_file(arguments.junit, JUNIT)
    pack = read_pack(folder_with(arguments.pack, "pack.toml", "pack"))
    in_the_way = _in_the_way(pack)
    covered, tested = ([], []) if in_the_way else _tested(pack, arguments.steps)
    if arguments.junit is not None:
        results = as_junit(pack, in_the_way, tested, required=arguments.require_coverage)
        put_file(results, arguments.junit, b"<testsuites ", "it does not hold test results", JUNIT)
    for problem in in_the_way:
        say(problem.shown(), end="\n\n", file=sys.stderr)
    if arguments.format == "json":
        say(as_json(contract(pack, in_the_way, covered, tested)))
    elif arguments.format == "csv":
        _print_csv(tested)
    else:
        _print_table(pack, in_the_way, covered, tested)
    incomplete = arguments.require_coverage and not all(coverage.complete for coverage in covered)
    return NO if in_the_way or incomplete or any(each.came_out in FAILED for each in tested) else DONE


def _in_the_way(pack: "Pack") -> "list[Problem]":
    """The problems that prevent any example from being run."""
    readable = {policy.name for policy in pack.policies}
    return [
        problem
        for problem in pack.refusable
        if not (problem.policy in readable and (problem.kind == "example" or problem.code == "column_unknown"))
    ]


def _tested(pack: "Pack", steps: int | None) -> "tuple[list[Coverage], list[Tested]]":
    from custodiet.cli.example_results import tested_claims, tested_examples
    from custodiet.cli.progress import Bar
    from custodiet.policy.testing.coverage import coverage
    from custodiet.proofs.smt.budget import Budget

    budget = Budget(steps)
    giving = [policy for policy in pack.policies if policy.gives is not None]
    covered: list[Coverage] = []
    tested: list[Tested] = []
    with Bar("testing") as progress:
        for done, policy in enumerate(pack.policies):
            progress(done, len(pack.policies), policy.name)
            covered.append(coverage(policy, giving, pack.types))
            tested += tested_examples(covered[-1])
            if policy.claims:
                tested += tested_claims(policy, pack, budget.share())
    return covered, tested


def _print_csv(tested: "Sequence[Tested]") -> None:
    from custodiet.cli.example_results import COLUMNS
    from custodiet.reports.output.csv_and_parquet import csv_of

    lines = ({column: getattr(each, column) for column in COLUMNS} for each in tested)
    say(csv_of(COLUMNS, lines), end="")


def _print_table(
    pack: "Pack", in_the_way: "Sequence[Problem]", covered: "Sequence[Coverage]", tested: "Sequence[Tested]"
) -> None:
    from custodiet.audit.totals import many
    from custodiet.cli.example_results import FAILED, VERDICTS, counted, number

    failed = [each for each in tested if each.came_out in FAILED]
    for each in failed:
        say(each.told, end="\n\n", file=sys.stderr)
    # Failed examples come first: what no example shows is printed only once all of them pass.
    for coverage in covered if not failed else ():
        say("".join(f"{told}\n\n" for told in _not_shown(coverage)), end="")
    say(pack.heading)
    if in_the_way:
        say(f"  nothing was tested: {many(len(in_the_way), 'problem')} to mend first")
        return
    say(f"  examples: {number(tested, 'example', 'passed')} passed, {number(tested, 'example', 'failed')} failed")
    verdicts = [f"{count} {verdict}" for verdict in VERDICTS if (count := number(tested, "claim", verdict))]
    if verdicts:
        say(f"  claims: {', '.join(verdicts)}")
    for sort, counts in counted(covered).items():
        if counts["of"]:
            say(f"  {PLURAL[sort]}: {counts['shown']} of {counts['of']} shown")
    beyond = sum(len(each.beyond) for each in covered)
    if beyond:
        say(f"  not testable by a row: {beyond}, about sets of records; test them with a docket")


PLURAL = {
    "rule": "rules", "exception": "exceptions", "rank": "ranks", "condition": "turns of conditions",
    "definition": "definitions", "judgment": "answers to judgments", "rate": "rows of rates",
    "period": "days around a change of law",
}  # fmt: skip


def _not_shown(coverage: "Coverage") -> Iterator[str]:
    """What no example shows: the parts of one line together, and only the first of a table's rows.

    For a definition that no example reaches, its parts are not listed.
    """
    idle = {point.key[1:] for point in coverage.of("definition") if point.key not in coverage.shown_by}
    together: dict[object, list[Point]] = {}
    for point in coverage.not_shown:
        if not (point.sort == "condition" and point.key[1:3] in idle):
            by = {"rate": point.key[1], "condition": point.span}.get(point.sort, point.key)
            together.setdefault((point.sort, by), []).append(point)
    for points in together.values():
        yield _told(coverage, points)


def _told(coverage: "Coverage", points: "Sequence[Point]") -> str:
    first, *others = points
    if first.sort == "rate" and others:
        return f"{coverage.problem(first).shown()}\n   and {len(others)} more of its rows"
    if not others:
        return coverage.problem(first).shown()
    whose = first.what.removesuffix(f" {first.turn}")
    rows = (coverage.rows.get(point.key) for point in points)
    turns = zip(points, rows, strict=True)
    lines = [f"   {point.turn}" + (f": {row.in_words} would show it" if row else "") for point, row in turns]
    return "\n".join([replace(coverage.problem(first), message=f"no example shows {whose}", help="").shown(), *lines])
