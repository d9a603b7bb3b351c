"""The CPU time of `custodiet --help`, beside that of a Python that does nothing.

    python -m benchmarks.help_time [RUNS]

CPU time of the process and not the time on the clock: a busy machine changes it little. The aim is 100 ms.
"""

import os
import statistics
import sys
from pathlib import Path

HELP = [sys.executable, "-m", "custodiet.cli.main", "--help"]
YARDSTICK = [sys.executable, "-c", "pass"]


def cpu_milliseconds(command: list[str]) -> float:
    """The user and system time of one run of a command, whose output is thrown away."""
    silence = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    process = os.posix_spawn(command[0], command, os.environ, file_actions=[silence])
    _, status, used = os.wait4(process, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"failed: {' '.join(command)}")
    return (used.ru_utime + used.ru_stime) * 1000


def main(runs: int) -> None:
    """Run both in turn, so that both meet the same neighbours on the machine, and print the medians."""
    os.chdir(Path(__file__).resolve().parent.parent)
    pairs = [(cpu_milliseconds(HELP), cpu_milliseconds(YARDSTICK)) for _ in range(runs)]
    ours, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"custodiet --help  {ours:6.1f} ms CPU (median of {runs})")
    print(f"python -c pass    {bare:6.1f} ms CPU")
    print(f"ratio             {ours / bare:6.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
