"""Rows of a dated table that hold for one key on one day are told, however many rows there are."""

from datetime import date, timedelta
from itertools import combinations
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.policy.rates import MOST_OVERLAPS, read_rates

START = date(2024, 1, 1)
LAST = 9


def told(text: str) -> list[tuple[int, str]]:
    """Where and what is said of a table."""
    read = read_rates(text.encode(), "rates/table.csv")
    return [(problem.span.line, problem.message) for problem in read.problems]


def spread(most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, most), st.integers(0, most)).map(lambda ends: (min(ends), max(ends)))


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
    assert sorted((line, int(said.split()[4])) for line, said in found) == pairs


@pytest.mark.parametrize(
    "row",
    ["a,{0} .. {0},..,1,law", "a,.. 9,{1} .. {1},1,law", "{0},..,..,1,law", "a,..,..,1,law"],
    ids=["numbers", "days", "texts", "all the same"],
)
def test_a_table_of_many_rows_is_read_in_a_time_that_grows_as_they_do(row: str) -> None:
    rows = [row.format(each, START + timedelta(each)) for each in range(8_000)]
    before = process_time()
    assert len(told("\n".join(["text,number,in force,rate,cite", *rows]))) <= MOST_OVERLAPS
    assert process_time() - before < 5  # two at a time, all of them would take a minute
