"""Asking for help is quick, because it loads nothing that only the work needs."""

import subprocess
import sys

import pytest

from tests.house import ROOT, commands

HEAVY = {"duckdb", "sqlglot", "z3", "lark", "jinja2"}


def help_of(*words: str) -> tuple[str, set[str]]:
    """What `custodiet WORDS --help` prints, and the packages that were loaded for it."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "custodiet.cli.main", *words, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = (line for line in run.stderr.splitlines() if line.startswith("import time:"))
    return run.stdout, {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}


def test_help_lists_every_command_and_loads_nothing_heavy() -> None:
    text, loaded = help_of()
    assert "argparse" in loaded  # else we have looked in the wrong place
    assert loaded & HEAVY == set()
    assert [command for command in commands() if command.split()[0] not in text] == []


@pytest.mark.parametrize("command", commands())
def test_help_on_a_command_says_what_it_does_and_loads_nothing_heavy(command: str) -> None:
    text, loaded = help_of(*command.split())
    assert f"custodiet {command}" in text
    assert loaded & HEAVY == set()
