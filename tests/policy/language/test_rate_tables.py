"""Reading a dated table: what it says, and everything that is wrong with it, at its lines."""

from datetime import timedelta
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.policy.language.rate_tables import MOST_OVERLAPS, read_rates
from tests.meaning import document
from tests.policy.evaluation.test_meaning_rates import LAST, START, spread
from tests.policy_documents import POLICIES, pack_of


def told(text: str) -> list[tuple[int, str]]:
    """Where and what is said of a table."""
    read = read_rates(text.encode(), "rates/table.csv")
    return [(problem.span.line, problem.message) for problem in read.problems]


def test_rates_are_exact_and_keys_are_texts_unless_a_band_stands_among_them() -> None:
    read = read_rates(
        b"zip,in force,meals,share,cite\n 10001 ,..,0.6550 USD,1,law\n10002,2024-01-01 ..,7 USD,.5,law\n", "a.csv"
    )
    assert [problem.message for problem in read.problems] == ["`.5` is not a rate"]
    assert read.table is not None
    assert read.table.columns == (("meals", "USD"), ("share", ""))
    [row] = read.table.rows
    assert (row.keys, row.values) == (("10001",), (Fraction("0.655"), Fraction(1)))


@settings(derandomize=True, deadline=None, database=None, max_examples=300)
@given(st.lists(st.tuples(st.sampled_from("ab"), spread(4), spread(LAST)), min_size=1, max_size=8))
def test_every_two_rows_that_hold_for_one_key_on_one_day_are_told(
    rows: list[tuple[str, tuple[int, int], tuple[int, int]]],
) -> None:
    written = [
        f"{text},{low} .. {high},{START + timedelta(first)} .. {START + timedelta(last)},1,law"
        for text, (low, high), (first, last) in rows
    ]
    covered = [
        {(text, number, day) for number in range(low, high + 1) for day in range(first, last + 1)}
        for text, (low, high), (first, last) in rows
    ]
    pairs = sorted((two + 2, one + 2) for one, two in combinations(range(len(rows)), 2) if covered[one] & covered[two])
    found = told("\n".join(["text,number,in force,rate,cite", *written]))
    assert sorted((line, int(said.split()[7])) for line, said in found) == pairs


@pytest.mark.parametrize(
    "row",
    ["a,{0} .. {0},..,1,law", "a,.. 9,{1} .. {1},1,law", "{0},..,..,1,law", "a,..,..,1,law"],
    ids=["numbers", "days", "texts", "all the same"],
)
def test_a_table_of_many_rows_is_read_in_a_time_that_grows_as_they_do(row: str) -> None:
    # Two at a time, all of them would take a minute.
    rows = [row.format(each, START + timedelta(each)) for each in range(8_000)]
    assert len(told("\n".join(["text,number,in force,rate,cite", *rows]))) <= MOST_OVERLAPS


def test_all_problems_of_a_table_come_back_at_once_with_their_lines() -> None:
    text = """fare,in force,share,cite
0 .. 10,2024-01-01 .. 2023-01-01,1,law
11,2024-02-30 ..,1,law
12 .. 20,2024,1 EUR,law

21 ..,..,,law
30 ..,..,2,law
"""
    assert told(text) == [
        (2, "the period ends before it begins"),
        (3, "`11` is not a band of numbers"),
        (3, "`2024-02-30` is not a valid date"),
        (4, "this is not a period"),
        (4, "the column `share` mixes plain numbers and EUR"),
        (6, "the cell of `share` is blank"),
    ]


PURPOSES = "purpose,in force,charge,cite\nofficial,..,0.00 EUR,law\npersonal,..,30.00 EUR,law\n"
BY_PURPOSE = "Rule 1\nowes rate(by_purpose.charge for leg.purpose on leg.departed_on) from occupant"


def told_of_pack(folder: Path, rules: str, **tables: str) -> list[tuple[str, int, str]]:
    """Where and what is said of a pack of one policy and some tables."""
    documents = {"page.md": document(rules, policy="small/page")}
    pack = pack_of(folder, "small", documents, {f"{name}.csv": text.encode() for name, text in tables.items()})
    return [(Path(each.span.file).name, each.span.line, each.message) for each in pack.problems]


def test_a_misspelt_key_of_a_list_is_told_where_it_stands_in_the_table(tmp_path: Path) -> None:
    assert told_of_pack(tmp_path / "right", BY_PURPOSE, by_purpose=PURPOSES) == []
    wrong = PURPOSES.replace("personal", "personnal")
    said = "`personnal` is not a value of `leg.purpose`, by which the table is looked up"
    assert told_of_pack(tmp_path / "wrong", BY_PURPOSE, by_purpose=wrong) == [("by_purpose.csv", 3, said)]


@pytest.mark.parametrize("mark", ["none", "unknown"])
def test_what_is_none_or_unknown_is_the_key_of_no_row(mark: str) -> None:
    assert told(PURPOSES.replace("personal", mark)) == [
        (3, f"`{mark}` cannot be a key: no rate is looked up for what is none or unknown")
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ("30.00 EUR", "thirty EUR", 3, "`thirty EUR` is not a rate"),
        ("official,..,0.00 EUR,law\npersonal,..,30.00 EUR", "personal,..,thirty", 2, "`thirty` is not a rate"),
        (",0.00 EUR", ",0", 3, "the column `charge` mixes plain numbers and EUR"),
        ("purpose,in force", "in force,purpose", 2, "this is not a period"),
    ],
)
def test_no_rule_is_held_against_what_is_left_of_a_table_that_could_not_be_read(
    tmp_path: Path, right: str, wrong: str, line: int, said: str
) -> None:
    for_one_purpose = BY_PURPOSE.replace("leg.purpose", "'personal'")
    for number, rules in enumerate((BY_PURPOSE, for_one_purpose)):
        problems = told_of_pack(tmp_path / str(number), rules, by_purpose=PURPOSES.replace(right, wrong))
        assert ("by_purpose.csv", line, said) in problems
        assert {file for file, _, _ in problems} == {"by_purpose.csv"}


def test_a_table_that_is_not_there_is_missed_beside_one_that_could_not_be_read(tmp_path: Path) -> None:
    misspelt = BY_PURPOSE.replace("by_purpose", "by_purposes")
    assert told_of_pack(tmp_path, misspelt, by_purpose=PURPOSES.replace("30.00 EUR", "thirty")) == [
        ("page.md", 17, "there is no table of rates `by_purposes`"),
        ("by_purpose.csv", 3, "`thirty` is not a rate"),
    ]


ROWS = st.text("""ab,"\n\r.0123456789- E\x00""", max_size=80)


@settings(derandomize=True, deadline=None, database=None, max_examples=200)
@given(st.binary(max_size=60) | ROWS.map(lambda rows: f"k,in force,r,cite\n{rows}".encode()))
def test_any_file_is_read_or_told_what_is_wrong(content: bytes) -> None:
    read = read_rates(content, "rates/table.csv")
    assert read.problems or (read.table is not None and read.table.rows)


def test_what_the_message_shows_for_a_sum_per_unit_is_an_amount(tmp_path: Path) -> None:
    document = (POLICIES / "bad" / "amount_wanted.md").read_text(encoding="utf-8")
    fixed = document.replace("owes      leg.seats", "owes      rate(sums.each on leg.departed_on) * leg.seats / 3")
    table = 'in force,each,cite\n2020-01-01 ..,100.00 EUR,"Model Code, annex 4"\n'

    assert pack_of(tmp_path, "bad", {"amount_wanted.md": fixed}, {"sums.csv": table.encode()}).problems == ()
