"""The page of the exact meaning holds the tables that the code computes, and the page of the language all of it."""

import re

import pytest

from custodiet.policy.language.boxes import BOXES, CLAIM_KEYS, JUDGMENT_KEYS, KEYS
from custodiet.policy.language.document import HEAD_KEYS, read_document
from custodiet.policy.language.formatter import formatted
from custodiet.policy.language.parser import grammar
from custodiet.policy.testing.examples import EXPECTED
from scripts.truth_tables import PAGE, TABLES, filled
from tests.house import ROOT
from tests.policy_documents import problems_of

LANGUAGE = (ROOT / "docs" / "reference" / "language.md").read_text(encoding="utf-8")
LINES_OF_A_PAGE = 70


def test_the_tables_of_the_exact_meaning_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == filled(page), "run: python -m scripts.truth_tables"
    assert sorted(re.findall(r"<!-- table: (.*?) -->", page)) == sorted(TABLES)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("and", "| **unknown** | unknown | unknown | no |"),
        ("or", "| **unknown** | yes | unknown | unknown |"),
        ("equal numbers", "| **none** | no | no | no | no | unknown | yes |"),
        ("equal words", "| **unknown** | unknown | unknown | unknown | unknown | no |"),
        ("less", "| **none** | no | no | no | no | no | no |"),
        ("is none", "| **x is none** | no | no | no | no | unknown | yes |"),
        ("sets", "| **one that meets it** | yes | yes | yes | unknown | 1 | at least 1 |"),
        ("computed", "| **6 / y** | 3 | any number | 2 to 6 | none |"),
        ("in force", "| **2024-01-15 .. 2024-02-29** | no | yes | yes | yes | unknown | no | unknown |"),
        ("rounding", "| **half even** | 2 | 2 | 3 | 4 | -2 |"),
    ],
)
def test_a_row_worked_out_by_hand_stands_in_its_table(table: str, row: str) -> None:
    assert row in TABLES[table]()


def test_a_table_that_differs_from_the_code_is_replaced() -> None:
    page = "before\n\n<!-- table: not -->\n| x | yes |\n<!-- end -->\n\nafter\n"
    assert filled(page).splitlines()[2:-2] == ["<!-- table: not -->", "", *TABLES["not"](), "", "<!-- end -->"]


def test_the_language_stands_on_one_page() -> None:
    assert len(LANGUAGE.splitlines()) <= LINES_OF_A_PAGE


def test_the_page_of_the_language_names_all_that_can_be_written() -> None:
    of_the_grammar = {
        word for terminal in grammar().terminals for word in re.findall("[a-z]{2,}", str(terminal.pattern))
    }
    assert {"where", "rate", "else", "rest", "of"} <= of_the_grammar  # else we have looked in the wrong place
    words = {*HEAD_KEYS, *BOXES, *KEYS, *JUDGMENT_KEYS, *CLAIM_KEYS, *EXPECTED, *of_the_grammar}
    signs = {"=", "!=", "<", "<=", ">", ">=", "+ - * /"}
    untold = [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", LANGUAGE) is None]
    assert [*untold, *(sign for sign in signs if f"`{sign}`" not in LANGUAGE)] == []


def test_the_example_on_the_page_of_the_language_is_in_order_and_comes_out_as_written() -> None:
    box = re.search(r"````markdown\n(.*?)````\n", LANGUAGE, re.DOTALL)
    assert box is not None
    assert [problem.shown() for problem in problems_of(box[1])] == []
    policy = read_document(box[1], "page.md").policy
    assert policy is not None
    assert len(policy.examples) == 2
    assert formatted(box[1], "page.md") == box[1]
