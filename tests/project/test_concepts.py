"""The pages about concepts say what the code does: their tables are its tables, and their examples run."""

import doctest
import operator
from collections.abc import Callable

import pytest

from custodiet.base.truth import Truth
from custodiet.policy.evaluation.result import Outcome
from tests.house import ROOT, pages

PAGES = [page for page in pages() if ">>> " in (ROOT / page).read_text(encoding="utf-8")]
THREE_VALUES = (ROOT / "docs/concepts/three-values.md").read_text(encoding="utf-8")


def table(text: str, corner: str) -> list[list[str]]:
    """The rows of the table whose first cell is `corner`, without bold marks."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {corner} |"))
    end = next(number for number in range(start, len(lines)) if not lines[number].startswith("|"))
    rows = [line.strip("|").replace("*", "").split("|") for line in lines[start:end] if "---" not in line]
    return [[cell.strip() for cell in row] for row in rows]


@pytest.mark.parametrize(("word", "combine"), [("and", operator.and_), ("or", operator.or_)])
def test_the_tables_of_and_and_or_are_those_of_the_code(word: str, combine: Callable[[Truth, Truth], Truth]) -> None:
    columns, *rows = table(THREE_VALUES, word)
    said = {(row[0], column): cell for row in rows for column, cell in zip(columns[1:], row[1:], strict=True)}
    assert said == {
        (one.name.lower(), two.name.lower()): combine(one, two).name.lower() for one in Truth for two in Truth
    }


def test_the_table_of_not_is_that_of_the_code() -> None:
    rows = table(THREE_VALUES, "x")
    said = dict(zip(rows[0][1:], rows[1][1:], strict=True))
    assert said == {each.name.lower(): (~each).name.lower() for each in Truth}


def test_the_outcomes_stand_in_the_order_in_which_a_result_is_counted() -> None:
    text = (ROOT / "docs/concepts/results-and-findings.md").read_text(encoding="utf-8")
    assert [row[0] for row in table(text, "outcome")[1:]] == [outcome.value for outcome in Outcome]


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    outcomes = [doctest.testfile(str(ROOT / page), module_relative=False, encoding="utf-8") for page in PAGES]
    assert sum(outcome.attempted for outcome in outcomes) >= 5
    assert sum(outcome.failed for outcome in outcomes) == 0
