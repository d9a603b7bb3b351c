"""`custodiet decide` against a query written by hand, on the same records, each in a process of its own.

    python -m benchmarks.decide RECORDS.parquet --yardstick FOLDER [--runs N]

RECORDS and FOLDER are those of `benchmarks.bulk`. The records are first written once more with the names and types that
a flat table of ours has: money as DECIMAL, lists in our words. Both sides read Parquet and write Parquet (zstd); ours
checks every row before and writes why besides. They are run in turn; read the ratio of the CPU times.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.fixtures.tables import registers
from benchmarks.fixtures.types import BENCH_TYPES
from custodiet.records import Kind

PACK = Path(__file__).resolve().parent / "fixtures" / "pack"
OURS = "from custodiet.cli.main import main; import sys; sys.exit(main(sys.argv[1:]))"
BY_HAND = (
    "import duckdb, sys; c = duckdb.connect(); c.execute('SET threads = 2'); "
    "c.read_parquet(sys.argv[1]).create_view('uses'); "
    "c.sql(open(sys.argv[2]).read().replace(\"'records.parquet'\", 'uses').strip().rstrip(';'))"
    ".write_parquet(sys.argv[3], compression='zstd')"
)


def flat(records: Path, out: Path) -> None:
    """The records as a flat table of ours."""
    columns = ["id::VARCHAR AS id"]
    for name, held in registers(nothing_known=True)["use"].columns.items():
        kind = BENCH_TYPES["use"].field(name).kind
        value = f'"{held.name}"'
        if kind is Kind.LIST:
            words = " ".join(f"WHEN '{stored}' THEN '{ours}'" for ours, stored in held.stored.items())
            value = f"CASE {value}::VARCHAR {words} ELSE {value}::VARCHAR END" if words else f"{value}::VARCHAR"
        elif kind is Kind.MONEY:
            value = f"CAST({value} AS DECIMAL(18, 2)) / 100"
            value = f"CAST({value} AS DECIMAL(18, 2))"
        columns.append(f'{value} AS "{name}"')
    with duckdb.connect() as connection:
        connection.read_parquet(str(records)).create_view("uses")
        connection.sql(f"SELECT {', '.join(columns)} FROM uses").write_parquet(str(out), compression="zstd")  # noqa: S608 - our names


def cpu(*words: str) -> tuple[float, float]:
    """The CPU seconds and the peak memory in MiB of a program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


def main() -> None:
    """Run both in turn and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("--yardstick", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.records.parent) as folder:
        table, out = Path(folder, "flat.parquet"), Path(folder, "answers.parquet")
        flat(asked.records, table)
        policy = next((PACK / "policies").glob("*.md")).stem
        hand, ours, peak = [], [], 0.0
        for _ in range(asked.runs):
            took, _ = cpu(BY_HAND, str(asked.records), str(asked.yardstick / "handwritten.sql"), str(out))
            hand.append(took)
            took, peak = cpu(OURS, "decide", str(PACK / policy), str(table), "--out", str(out))
            ours.append(took)
    by_hand, decided = statistics.median(hand), statistics.median(ours)
    print(
        f"by hand {by_hand:.2f} s, decide {decided:.2f} s of CPU, {decided / by_hand:.2f} times; peak {peak:,.0f} MiB"
    )


if __name__ == "__main__":
    main()
