"""A policy document against a query written by hand, on the same records in the same process.

    python -m benchmarks.bulk RECORDS.parquet --yardstick FOLDER [--runs N] [--check] [--growth] [--single]

FOLDER holds the task: `generate.py` makes the records, `handwritten.sql` is the yardstick, which explains nothing, and
`oracle.py` decides one record in plain Python. Both sides read the same Parquet and write Parquet (zstd); ours writes
the number of each record's explanation besides. Once only the threat basis may be unknown, once nothing is declared
known. Read the CPU time and the ratio: a busy machine changes them little.
"""

import argparse
import importlib.util
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from benchmarks.fixtures.growth import FURTHER, OTHER, with_more_rules
from benchmarks.fixtures.tables import registers
from benchmarks.fixtures.types import BENCH_TYPES
from custodiet.bulk.decide_table import decide_table
from custodiet.bulk.fetch import records_of
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.language.ast import Policy
from custodiet.policy.packs.pack import read_pack
from custodiet.records.facts import Facts

HERE = Path(__file__).resolve().parent
SINGLE = 5_000
SCHEMAS = {"only the threat basis may be unknown": False, "nothing is declared known": True}
PAYERS = {"occupant": "passenger", "protectee": "principal", "campaign": "campaign"}
"""Our words for who pays, in the words of the task."""


@dataclass(frozen=True, slots=True)
class Took:
    """What one run took, in seconds."""

    cpu: float
    wall: float


def took(work: Callable[[], object]) -> Took:
    """Run something and take its time."""
    used, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return Took(cpu, time.perf_counter() - began)


def middle(runs: list[Took]) -> Took:
    """The median of several runs."""
    return Took(statistics.median(each.cpu for each in runs), statistics.median(each.wall for each in runs))


class Bench:
    """The records, the policy and the yardstick, on one connection."""

    def __init__(self, records: Path, yardstick: Path, written: Path) -> None:
        self.records, self.yardstick, self.written = records, yardstick, written
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 2")
        self.connection.read_parquet(str(records)).create_view("uses")
        self.rows = self.connection.execute("SELECT count(*) FROM uses").fetchall()[0][0]

    def by_hand(self) -> None:
        """The yardstick's own query."""
        query = (
            (self.yardstick / "handwritten.sql").read_text().replace("'records.parquet'", "uses").strip().rstrip(";")
        )
        self.connection.sql(query).write_parquet(str(self.written / "by_hand.parquet"), compression="zstd")

    def ours(self, policy: Policy, *, nothing_known: bool) -> int:
        """Decide all records by the policy; the number of explanations."""
        decided = decide_table(self.connection, policy, registers(nothing_known=nothing_known), BENCH_TYPES)
        decided.rows.write_parquet(str(self.written / "ours.parquet"), compression="zstd")
        return len(decided.explanations)

    def differences(self, policy: Policy) -> Iterator[tuple[dict[str, Any], tuple[Any, ...], tuple[Any, ...]]]:
        """The records of which the oracle says otherwise: the record, what we say, what it says."""
        oracle = _loaded(self.yardstick / "oracle.py")
        ours = str(self.written / "ours.parquet")
        query = f"SELECT uses.*, o.outcome, o.payer, o.due, o.rule FROM uses JOIN '{ours}' o USING (id)"  # noqa: S608 - our own file
        found = self.connection.execute(query)
        names = [each[0] for each in found.description or ()]
        while rows := found.fetchmany(100_000):
            for row in rows:
                record = dict(zip(names, row, strict=True))
                said = _in_words_of_the_task(record, policy)
                record["date"] = record["date"].isoformat()
                expected = oracle.decide(record)
                if said != expected:
                    yield record, said, expected

    def single(self, policy: Policy) -> Took:
        """Decide some records one at a time, by the evaluator."""
        register = registers(nothing_known=False)["use"]
        definition = BENCH_TYPES["use"]
        records = tuple(records_of(self.connection, definition, register, policy.currency, range(SINGLE)))
        evaluator = Evaluator((policy,), Facts(records, types=BENCH_TYPES))
        return took(lambda: [evaluator.decide(policy, record) for record in records])


def _in_words_of_the_task(record: dict[str, Any], policy: Policy) -> tuple[str, str, int, str]:
    """What we say of a record; the task names a payer for an amount of nothing too: the one that the rule names."""
    outcome, payer, rule = record["outcome"], record["payer"], record["rule"]
    if outcome == "undetermined":
        return outcome, "unknown", 0, rule
    if rule.startswith(FURTHER):
        rule = OTHER
    (share,) = policy.rule(rule).versions[0].owes or (None,)
    named = payer or ("" if share is None or share.payer is None else share.payer.body)
    return outcome, PAYERS[named] if named else "agency", record["due"], rule


def _loaded(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        sys.exit(f"{file} is no module; the task's oracle was expected")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compare(bench: Bench, policy: Policy, runs: int) -> None:
    """Both sides in turn, so that both meet the same neighbours on the machine."""
    taken: dict[str, list[Took]] = {name: [] for name in ("by hand", *SCHEMAS)}
    for _ in range(runs):
        taken["by hand"].append(took(bench.by_hand))
        for name, nothing_known in SCHEMAS.items():
            taken[name].append(took(lambda known=nothing_known: bench.ours(policy, nothing_known=known)))  # type: ignore[misc]
    yardstick = middle(taken["by hand"])
    print(f"{bench.rows:,} records, medians of {runs}")
    for name, each in taken.items():
        found = middle(each)
        ratio = f"{found.cpu / yardstick.cpu:5.2f} x CPU  {found.wall / yardstick.wall:5.2f} x wall"
        print(f"  {name:38} {found.cpu:7.2f} s CPU  {found.wall:7.2f} s wall  {ratio}")


def memory(records: Path, yardstick: Path, *, nothing_known: bool) -> None:
    """The most memory that one run of ours held, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bulk", str(records), "--yardstick", str(yardstick), "--once"]
    command += ["--nothing-known"] if nothing_known else []
    subprocess.run(command, check=True)


def growth(bench: Bench, policy: Policy, *, check: bool) -> None:
    """What more rules cost: the task's twelve, 50, 200; the rule for all others is not counted."""
    for rules in (len(policy.rules) - 1, 50, 200):
        larger = with_more_rules(policy, rules + 1)
        for name, nothing_known in SCHEMAS.items():
            groups = 0

            def decide(larger: Policy = larger, nothing_known: bool = nothing_known) -> None:
                nonlocal groups
                groups = bench.ours(larger, nothing_known=nothing_known)

            found = took(decide)
            times = f"{found.cpu:7.2f} s CPU  {found.wall:7.2f} s wall"
            print(f"  {rules:4} rules, {name:38} {times}  {groups:,} explanations", flush=True)
            if check:
                print(f"    the oracle decides {len(list(bench.differences(larger))):,} otherwise", flush=True)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("--yardstick", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--check", action="store_true", help="hold every record against the oracle")
    parser.add_argument("--growth", action="store_true", help="more rules")
    parser.add_argument("--single", action="store_true", help="single decisions per second")
    parser.add_argument("--once", action="store_true", help="decide once and tell the memory that took")
    parser.add_argument("--nothing-known", action="store_true", help="with --once: nothing is declared known")
    asked = parser.parse_args()
    pack = read_pack(HERE / "fixtures" / "pack")
    if pack.problems:
        sys.exit("\n".join(problem.shown() for problem in pack.problems))
    (policy,) = pack.policies
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(asked.records, asked.yardstick, Path(folder))
        if asked.once:
            groups = bench.ours(policy, nothing_known=asked.nothing_known)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"  {bench.rows:,} records, {groups} explanations: at most {peak:,.0f} MiB of memory")
            return
        # The system counts what the process that starts another one holds, so this is asked first.
        for nothing_known in SCHEMAS.values() if asked.runs else ():
            memory(asked.records, asked.yardstick, nothing_known=nothing_known)
        if asked.check:
            for name, nothing_known in SCHEMAS.items():
                bench.ours(policy, nothing_known=nothing_known)
                different = list(bench.differences(policy))
                print(f"  {name}: of {bench.rows:,} records the oracle decides {len(different):,} otherwise")
                for each in different[:5]:
                    print("   ", *each)
        if asked.single:
            found = bench.single(policy)
            print(f"  single decisions: {SINGLE / found.cpu:,.0f} per second of CPU")
        if asked.runs:
            compare(bench, policy, asked.runs)
        if asked.growth:
            growth(bench, policy, check=asked.check)


if __name__ == "__main__":
    main()
