"""`custodiet decide`: one policy over a flat table of any size, from a file into a file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from custodiet.cli.exits import DONE, Exit
from custodiet.cli.options import as_json, command, takes_format
from custodiet.cli.printing import say

if TYPE_CHECKING:
    from custodiet.bulk.decide_file import Answers
    from custodiet.cli.options import Commands


def add_to(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = command(
        commands,
        run,
        "decide",
        "decide every row of a table by one policy",
        "The table is a Parquet or CSV file with a column id and a column for each fact, named by its path, such as "
        "role or leg.purpose. The answers, with the rules that decide and what is missing, go into a file. Millions of "
        "rows take seconds. docs/guides/decide-a-table.md shows how.",
        "custodiet decide packs/model-code/recorded-in-time legs.csv --out answers.csv",
    )
    parser.add_argument("policy", metavar="PACK/POLICY", type=Path, help="a pack's folder, and the name of its policy")
    parser.add_argument("table", metavar="TABLE", type=Path, help="the table: a .parquet or .csv file")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="the answers: a .parquet or .csv file")
    parser.add_argument(
        "--known",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a column that is never blank; the table is refused if it is (may be given several times)",
    )
    parser.add_argument(
        "--memory",
        metavar="AMOUNT",
        default="2GB",
        help="how much memory the database may take; what does not fit lies beside the output (default: %(default)s)",
    )
    takes_format(parser, "table", "json")


def run(arguments: argparse.Namespace) -> Exit:
    """Decide the table; the answers never change the exit code."""
    from custodiet.audit.run import refuse_unsound
    from custodiet.bulk.decide_file import decide, policy_of
    from custodiet.cli.options import folder_with
    from custodiet.cli.progress import Bar
    from custodiet.policy.packs.pack import read_pack

    pack = read_pack(folder_with(arguments.policy.parent, "pack.toml", "pack"))
    refuse_unsound(pack)
    policy = policy_of(pack, arguments.policy.name)
    with Bar("") as progress:
        answers = decide(
            pack,
            policy,
            arguments.table,
            arguments.out,
            known=arguments.known,
            memory=arguments.memory,
            progress=progress,
        )
    say(as_json(_told(answers, pack.hash)) if arguments.format == "json" else _as_words(answers))
    return DONE


def _told(answers: "Answers", pack_hash: str) -> dict[str, object]:
    return {
        "policy": answers.policy.name,
        "pack": {"hash": pack_hash},
        "rows": answers.rows,
        "by_outcome": answers.by_outcome,
        "explanations": answers.explanations,
        "out": str(answers.out),
    }


def _as_words(answers: "Answers") -> str:
    each = ", ".join(f"{number:,} {outcome}" for outcome, number in answers.by_outcome.items())
    rows = "1 row" if answers.rows == 1 else f"{answers.rows:,} rows"
    return (
        f"{answers.policy.question}  ({answers.policy.name})\n"
        f"  {rows}, computed, not decided: {each or 'no answers'}\n"
        f"  {answers.explanations:,} different explanations\n"
        f"the answers are in {answers.out}"
    )
