"""Trips known only to years: none of their days is listed, nothing is certain that is open, and all engines agree."""

from dataclasses import replace
from pathlib import Path

import pytest

from custodiet.bulk.decide_facts import Decider
from custodiet.policy.analysis.check import check
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.document import read_document
from custodiet.policy.language.rate_tables import read_rates
from custodiet.records import core_types
from custodiet.records.derive import MOST_OPEN_DAYS
from custodiet.records.facts import Facts
from tests.meaning import document, law, owed, world
from tests.ten_rows import Case

ONE_EACH = b"in force,each,cite\n..,1.00 EUR,Annex 1\n"


def by_the_day(rules: str) -> Policy:
    """A policy about trips that reads the table."""
    read = read_document(document(rules, for_each="trip", on="departed_on"), "law.md")
    assert read.policy is not None
    table = read_rates(ONE_EACH, "sums.csv").table
    assert table is not None
    policy = replace(read.policy, rates=(table,))
    assert check(policy, (), core_types()) == ()
    return policy


DAYS = by_the_day("Rule 1\nowes rate(sums.each on departed_on) * count(day) from answerable")
LONG = law("""
    Rule 1
    when count(day) > 10
    owes 7 from answerable

    Rule 2
    prevails over 1
    when any(day where date = 2010-05-05)
    owes 5 from answerable
""", for_each="trip", on="departed_on")  # fmt: skip
EACH_DAY = law("Rule 1\nwhen trip.out_of_city\nowes 1 from trip.answerable", for_each="day", on="date")

WIDE = "2000/2019"


def trips(*dates: tuple[str, str]) -> Facts:
    lines = [
        f"trip T{place}: departed_on = {departed}, returned_on = {returned}, answerable = P1, out_of_city = yes"
        for place, (departed, returned) in enumerate(dates)
    ]
    return world("\n".join(lines), "event")


def test_a_hundred_trips_known_to_twenty_years_have_no_list_of_days() -> None:
    facts = trips(*[(WIDE, WIDE)] * 100)
    assert facts.of("day") == ()
    assert sum(len(facts.below(trip, "day").members) for trip in facts.of("trip")) == 0
    result = Evaluator((DAYS,), facts).decide(DAYS, facts.find("trip", "T0"))
    assert result.outcome is Outcome.UNDETERMINED
    assert result.between is not None
    assert (str(result.between.low), result.between.high) == ("0.00 EUR", None), "it is open how many days it had"
    assert {fact.field for fact in result.missing} == {"departed_on", "returned_on"}


@pytest.mark.parametrize("dates", [("1900/2199", "1900/2199"), ("1900-01-01", "2199-12-31"), ("1900", "2199")])
def test_a_trip_of_three_hundred_years_has_none_either(dates: tuple[str, str]) -> None:
    facts = trips(dates)
    assert facts.of("day") == ()
    assert facts.below(facts.find("trip", "T0"), "day").members == ()
    for policy in (DAYS, LONG):
        result = Evaluator((policy,), facts).decide(policy, facts.find("trip", "T0"))
        assert result.outcome is Outcome.UNDETERMINED


def test_the_days_that_are_certain_are_there_whatever_else_is_open() -> None:
    # From 4 to 6 May 2010 it was surely under way; it may have begun or ended years from then.
    facts = trips(("2000/2010-05-04", "2010-05-06/2019"))
    assert [day.id for day in facts.of("day")] == ["T0/2010-05-04", "T0/2010-05-05", "T0/2010-05-06"]
    trip = facts.find("trip", "T0")
    result = Evaluator((DAYS,), facts).decide(DAYS, trip)
    assert result.between is not None
    assert (str(result.between.low), result.between.high) == ("3.00 EUR", None)
    assert owed(Evaluator((LONG,), facts).decide(LONG, trip)) == [("P1", "5.00")]


def test_a_trip_known_to_a_year_or_two_still_has_its_possible_days() -> None:
    facts = trips(("2018", "2019"))
    assert len(facts.below(facts.find("trip", "T0"), "day").members) == 365 * 2
    result = Evaluator((DAYS,), facts).decide(DAYS, facts.find("trip", "T0"))
    assert result.between is not None
    # On 31 December 2018 and 1 January 2019 it was under way in every case.
    assert (str(result.between.low), str(result.between.high)) == ("2.00 EUR", "730.00 EUR")


EDGE = [
    (WIDE, WIDE), ("2018", "2019"), ("2000/2010-05-04", "2010-05-06/2019"), ("2010-05-01", "2010-05-09"),
    ("2010-05-01", "2010-05-01/2013-05-05"), ("2010-05-01", "2010-05-01/2013-05-06"), ("1900/2199", "2199"),
    ("2000-01-01", "2010-01-07"), ("2000-01-01", "2010-01-08"), ("2010-05-05", "unknown"), ("unknown", WIDE),
]  # fmt: skip


@pytest.mark.parametrize("policy", [DAYS, LONG, EACH_DAY], ids=["count", "conditions", "each day"])
def test_bulk_and_the_evaluator_agree_about_wide_trips(policy: Policy) -> None:
    facts = trips(*EDGE)
    evaluator = Evaluator((policy,), facts)
    one_by_one = {each.id: evaluator.decide(policy, each) for each in facts.of(policy.for_each)}
    assert dict(Decider((policy,), facts).decide(policy)) == one_by_one


def test_the_limits_are_kept_to_the_day() -> None:
    facts = trips(*EDGE)
    # From 1 January 2000 to 7 January 2010 are 3,660 days.
    days_of = facts.daily["day"].days_of
    assert (
        core_types()["trip"].longest,
        len(days_of(facts.find("trip", "T7"))),
        days_of(facts.find("trip", "T8")),
    ) == (3660, 3660, [])
    # From 2 May 2010 to 5 May 2013 are 1,100 days.
    assert [len(facts.possible_days["day", each]) for each in ("T4", "T5")] == [MOST_OPEN_DAYS, 0] == [1100, 0]


def test_a_trip_of_more_than_ten_years_is_set_aside_with_its_days(tmp_path: Path) -> None:
    case = Case(tmp_path / "docket")
    case.write("records/trip.csv", f"id,departed_on,returned_on\nT1,2009-03-02,2090-03-05\nT2,{WIDE},{WIDE}\n")
    [aside] = case.bring_in().set_aside
    assert (aside.row, aside.column, aside.value) == (2, "returned_on", "2090-03-05")
    assert aside.expected == "write at most 3,660 days; from 2009-03-02 on these are 29,589"
