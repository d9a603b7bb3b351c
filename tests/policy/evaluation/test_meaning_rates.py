"""What dated tables say: the row of the day, nothing below zero, and a missing rate is a missing fact."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.base.dates import Days
from custodiet.base.money import Range
from custodiet.cli.main import main
from custodiet.policy.analysis.check import check
from custodiet.policy.analysis.resolve import ISSUER
from custodiet.policy.evaluation.english import rule_in_words
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.rate_lookup import ANY_RATE, Numbers, Sought, Texts, look_up
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from custodiet.policy.language.ast import Policy, RateRow, RateTable
from custodiet.policy.language.document import read_document
from custodiet.policy.language.rate_tables import read_rates
from tests.first_docket import answer, change
from tests.house import every_type
from tests.meaning import COMPTROLLER, EVERYTHING_KNOWN, OFFICE, UNIT, between, document, owed, world

TABLES = {
    "per_diem": """
        place,in force,meals,cite
        Lakeside,2023-01-01 .. 2023-06-30,30.00 EUR,"Annex 1, first half"
        Lakeside,2023-07-01 ..,33.00 EUR,"Annex 1, second half"
        Harbour,2023-01-01 ..,40.00 EUR,Annex 1
    """,
    "fare_share": """
        fare,in force,part,cite
        0 .. 99.99,..,0.5,Annex 2
        100 .. 499.99,..,0.25,Annex 2
        500 ..,..,0.1,Annex 2
    """,
    "patchy": """
        fare,in force,part,cite
        0 .. 99.99,..,0.5,Annex 3
        100.01 ..,..,0.1,Annex 3
    """,
    "by_role": """
        role,in force,charge,cite
        protectee,..,1.00 EUR,Annex 4
        relative,..,2.00 EUR,Annex 4
        detail,..,3.00 EUR,Annex 4
        crew,..,4.00 EUR,Annex 4
        city staff,..,5.00 EUR,Annex 4
        campaign staff,..,6.00 EUR,Annex 4
        press,..,7.00 EUR,Annex 4
        guest,..,8.00 EUR,Annex 4
    """,
    "by_purpose": """
        purpose,in force,charge,cite
        personal,..,1.00 EUR,Annex 5
        campaign,..,2.00 EUR,Annex 5
    """,
    "mileage": """
        in force,car,free,cite
        2023-01-01 .. 2023-12-31,0.305 EUR,0,Annex 6
        2024-01-01 ..,0.35 EUR,0,Annex 6
    """,
}
RATES = tuple(
    table
    for name, text in TABLES.items()
    if (table := read_rates("\n".join(line.strip() for line in text.strip().splitlines()).encode(), name).table)
)
"""The tables, which have no problems."""


def priced(rules: str, **head: str) -> Policy:
    """A policy that reads these tables and that the checker passes."""
    policy, problems = drafted(rules, **head)
    assert problems == []
    return policy


def drafted(rules: str, **head: str) -> tuple[Policy, list[str]]:
    """A policy that reads these tables, and the codes of what the checker says of it."""
    read = read_document(document(rules, **head), "law.md")
    assert read.policy is not None, read.problems
    policy = replace(read.policy, rates=RATES)
    return policy, [problem.code for problem in check(policy, (), every_type())]


def asked(policy: Policy, but: str = "", *complete: str) -> Result:
    """What the policy says of seat S1 or trip T1."""
    facts = world(EVERYTHING_KNOWN + "trip T1: destination = Lakeside\n" + but, *complete)
    record = {"seat": "S1", "trip": "T1"}[policy.for_each]
    return Evaluator((policy,), facts).decide(policy, facts.find(policy.for_each, record))


FARE_SHARE = "rate(fare_share.part for leg.full_coach_fare on leg.departed_on)"
MEALS = priced("""
    Rule 1
    when leg.trip is not none
    owes rate(per_diem.meals for leg.trip.destination on leg.departed_on) from occupant
""")
SHARE = priced(f"Rule 1\nowes leg.full_coach_fare * {FARE_SHARE} from occupant")


# The row of the day


@pytest.mark.parametrize(
    ("day", "owes"),
    [("2023-01-01", "30.00"), ("2023-06-30", "30.00"), ("2023-07-01", "33.00"), ("2030-12-31", "33.00")],
)
def test_the_row_in_force_on_the_day_holds_its_first_and_last_day_included(day: str, owes: str) -> None:
    assert owed(asked(MEALS, f"leg L1: departed_on = {day}")) == [("P1", owes)]


def test_a_rate_that_stands_in_no_row_is_a_missing_fact_and_never_a_zero() -> None:
    for but, what in (
        ("trip T1: destination = Olbia", "per_diem.meals for Olbia on 2023-05-02"),
        ("leg L1: departed_on = 2022-12-31", "per_diem.meals for Lakeside on 2022-12-31"),
    ):
        result = asked(MEALS, but)
        assert between(result) == ("0.00", None)
        assert result.missing == (Missing("S1", what, ISSUER),)


def test_an_unknown_place_leaves_the_rate_open_and_is_what_is_missing() -> None:
    result = asked(MEALS, "trip T1: destination = unknown")
    assert between(result) == ("0.00", None)
    assert result.missing == (Missing("T1", "destination", OFFICE),)


@pytest.mark.parametrize(
    ("period", "bounds"),
    [("2023-06/2023-07", ("30.00", "33.00")), ("2022-12/2023-01", ("0.00", None)), ("2022-12/2023-08", ("0.00", None))],
)
def test_a_day_known_to_a_period_leaves_the_rates_of_the_period_if_no_day_of_it_is_without(
    period: str, bounds: tuple[str, str | None]
) -> None:
    result = asked(MEALS, f"leg L1: departed_on = {period}")
    assert between(result) == bounds
    assert result.missing == (Missing("L1", "departed_on", UNIT),)


def test_a_period_within_one_row_settles_the_rate() -> None:
    assert owed(asked(MEALS, "leg L1: departed_on = 2023-02/2023-05")) == [("P1", "30.00")]


def test_a_period_in_which_no_row_holds_at_all_lacks_the_rate_and_not_the_day() -> None:
    result = asked(MEALS, "leg L1: departed_on = 2022")
    assert result.missing == (Missing("S1", "per_diem.meals for Lakeside on 2022-01-01/2022-12-31", ISSUER),)


# Bands


@pytest.mark.parametrize(
    ("fare", "owes"),
    [("99.99", "50.00"), ("100", "25.00"), ("499.99", "125.00"), ("500", "50.00"), ("0", None)],
)
def test_both_ends_of_a_band_count(fare: str, owes: str | None) -> None:
    # Half of 99.99 is 49.995, a quarter of 499.99 is 124.9975: half up to the cent.
    result = asked(SHARE, f"leg L1: full_coach_fare = {fare}")
    assert owed(result) == ([] if owes is None else [("P1", owes)])


def test_an_unknown_amount_lies_in_one_of_the_bands_that_together_leave_no_cent_out() -> None:
    policy = priced(f"Rule 1\nowes leg.operating_cost * {FARE_SHARE} from occupant")
    result = asked(policy, "leg L1: full_coach_fare = unknown")
    assert between(result) == ("600.00", "3000.00")
    assert result.missing == (Missing("L1", "full_coach_fare", COMPTROLLER),)


def test_bands_with_a_cent_between_them_bound_nothing() -> None:
    policy = priced(f"Rule 1\nowes leg.operating_cost * {FARE_SHARE.replace('fare_share', 'patchy')} from occupant")
    assert between(asked(policy, "leg L1: full_coach_fare = unknown")) == ("0.00", None)
    exactly = asked(policy, "leg L1: full_coach_fare = 100")
    assert exactly.missing == (Missing("S1", "patchy.part for 100 on 2023-05-02", ISSUER),)


def test_a_number_that_is_worked_out_may_lie_between_two_cents() -> None:
    a_third = FARE_SHARE.replace("full_coach_fare", "full_coach_fare / 3")
    policy = priced(f"Rule 1\nowes leg.operating_cost * {a_third} from occupant")
    assert between(asked(policy, "leg L1: full_coach_fare = unknown")) == ("0.00", None)
    # A third of 299.99 lies between 99.99 and 100: the annex has no row for it.
    exactly = asked(policy, "leg L1: full_coach_fare = 299.99")
    assert exactly.missing == (Missing("S1", "fare_share.part for 29999/300 on 2023-05-02", ISSUER),)


# Keys that are one of a list, and keys that may be none


def test_an_unknown_role_leaves_the_least_and_the_greatest_charge_of_all_roles() -> None:
    policy = priced("Rule 1\nowes rate(by_role.charge for role on leg.departed_on) from occupant")
    result = asked(policy, "seat S1: role = unknown")
    assert between(result) == ("1.00", "8.00")
    assert result.missing == (Missing("S1", "role", UNIT),)


def test_a_list_of_which_not_every_value_has_a_row_leaves_the_charge_without_bound() -> None:
    policy = priced("Rule 1\nowes rate(by_purpose.charge for leg.purpose on leg.departed_on) from occupant")
    assert between(asked(policy, "leg L1: purpose = unknown")) == ("0.00", None)


def test_a_condition_on_a_rate_takes_every_value_of_the_list_in_turn() -> None:
    policy = priced("""
        Rule 1
        when rate(by_role.charge for role on leg.departed_on) < 100
        owes 5 from occupant

        Rule 2
        when rate(by_role.charge for role on leg.departed_on) > 7
        forbids
    """)
    result = asked(policy, "seat S1: role = unknown")
    assert result.outcome is Outcome.UNDETERMINED
    assert set(result.unsettled) == {"2"}
    assert asked(policy).outcome is Outcome.CONFLICT
    assert owed(asked(policy, "seat S1: role = press")) == [("P1", "5.00")]


def test_a_key_that_may_be_none_needs_a_guard() -> None:
    unguarded = "Rule 1\nowes rate(per_diem.meals for leg.trip.destination on leg.departed_on) from occupant"
    assert drafted(unguarded)[1] == ["maybe_none"]
    by_a_rate = """
        Rule 1
        when rate(per_diem.meals for leg.trip.destination on leg.departed_on) > 0
        owes 0
    """
    assert drafted(by_a_rate)[1] == ["maybe_none"]


# In formulas


def test_a_rate_of_less_than_a_cent_is_rounded_only_at_the_end() -> None:
    policy = priced("Rule 1\nowes rate(mileage.car on leg.departed_on) * 33 from occupant")
    # 0.305 * 33 = 10.065
    assert owed(asked(policy)) == [("P1", "10.07")]


def test_the_working_of_an_amount_names_the_row_and_its_citation() -> None:
    [debt] = asked(MEALS).debts
    assert debt.worked == "per_diem.meals for Lakeside 30 [Annex 1, first half]"
    [debt] = asked(SHARE).debts
    assert debt.worked == "leg.full_coach_fare 412 × fare_share.part for 412 0.25 [Annex 2]"
    open_now = asked(priced("""
        Rule 1
        when leg.trip is not none
        owes min(rate(per_diem.meals for leg.trip.destination on leg.departed_on), 0.00 + 20) from occupant
    """))  # fmt: skip
    assert open_now.debts[0].worked == "min(per_diem.meals for Lakeside 30 [Annex 1, first half], 0 + 20)"


def test_the_citations_behind_a_definition_and_a_sum_are_named_once_each() -> None:
    policy = priced(
        """
        define
        day.allowance = rate(per_diem.meals for trip.destination on date)
        trip.allowances = sum(day.allowance)

        Rule 1
        owes allowances from protectee
        """,
        for_each="trip",
        on="departed_on",
    )
    # 29 and 30 June at 30, 1 July at 33.
    result = asked(policy, "trip T1: departed_on = 2023-06-29, returned_on = 2023-07-01")
    [debt] = result.debts
    assert debt.amount.digits == "93.00"
    assert debt.worked == "allowances 93 [Annex 1, first half; Annex 1, second half]"


def test_one_missing_rate_is_one_question_in_every_rule() -> None:
    policy = priced("""
        Rule 1
        when leg.trip is not none
        owes rate(per_diem.meals for leg.trip.destination on leg.departed_on) from occupant

        Rule 2
        when leg.trip is not none
        owes rate(per_diem.meals for leg.trip.destination on leg.departed_on) from occupant
    """)
    result = asked(policy, "trip T1: destination = Olbia")
    assert (between(result), result.otherwise) == (("0.00", None), ())


def test_a_rate_divides_unless_a_row_of_it_is_zero() -> None:
    for rate, said in ((FARE_SHARE, []), ("rate(mileage.free on leg.departed_on)", ["division"])):
        assert drafted(f"Rule 1\nowes leg.full_coach_fare / {rate} from occupant")[1] == said


def test_a_rate_is_told_in_words() -> None:
    assert rule_in_words(MEALS.versions[0]) == (
        "Rule 1 (Model Code, in force at all times): where leg.trip is there, the occupant owes "
        "the rate per_diem.meals for leg.trip.destination on leg.departed_on."
    )


def test_a_missing_rate_is_told_to_others_without_the_place_and_the_day_it_is_wanted_for(
    docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, rates = docket / "pack" / "policies" / "seat-fare.md", docket / "pack" / "rates"
    change(page, "owes      leg.full_coach_fare", "owes      rate(fares.coach for occupant on leg.departed_on)")
    page.write_text(page.read_text(encoding="utf-8").partition("## Examples")[0], encoding="utf-8")
    rates.mkdir()
    (rates / "fares.csv").write_text("who,in force,coach,cite\nmayor,..,300.00 EUR,Annex\n", encoding="utf-8")

    inside = answer(capsys, "audit", str(docket))["undetermined"][0]
    assert inside["missing"] == [
        {"record": "seat-2", "field": "fares.coach for guest-1 on 2024-05-09", "held_by": ISSUER}
    ]

    assert main(["audit", str(docket), "--readers", "respondent", "--out", str(tmp_path / "out")]) == 0
    told = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")
    assert f"fares.coach of seat-2 ({ISSUER})" in told
    assert "fares.coach for" not in told


# Against every possibility, one by one

START = date(2024, 1, 1)
LAST = 9
TEXTS = ("a", "b", "c")


@st.composite
def tables(draw: st.DrawFn) -> RateTable:
    """A table by a text and a band of whole numbers, none of whose rows overlap."""
    rows: list[RateRow] = []
    taken: set[tuple[str, int, int]] = set()
    for _ in range(draw(st.integers(1, 6))):
        key = draw(st.sampled_from(TEXTS[:2]))
        low, high = sorted(draw(st.tuples(st.integers(0, 4), st.integers(0, 4))))
        first, last = sorted(draw(st.tuples(st.integers(0, LAST), st.integers(0, LAST))))
        cells = {(key, number, day) for number in range(low, high + 1) for day in range(first, last + 1)}
        if taken.isdisjoint(cells):
            taken |= cells
            rate = (Fraction(draw(st.integers(0, 5))),)
            rows.append(RateRow((key, Range(Fraction(low), Fraction(high))), days(first, last), rate, "law"))
    return RateTable("t", ("text", "number"), (("rate", ""),), tuple(rows))


def days(first: int, last: int) -> Days:
    return Days(START + timedelta(days=first), START + timedelta(days=last))


def spread(most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, most), st.integers(0, most)).map(lambda ends: (min(ends), max(ends)))


@settings(derandomize=True, deadline=None, database=None, max_examples=400)
@given(tables(), st.sets(st.sampled_from(TEXTS), min_size=1), spread(4), spread(LAST))
def test_a_table_says_what_all_its_rows_together_say_of_every_possible_key_and_day(
    table: RateTable, texts: set[str], numbers: tuple[int, int], during: tuple[int, int]
) -> None:
    sought: list[Sought] = [
        Texts(tuple(sorted(texts))),
        Numbers(Range(Fraction(numbers[0]), Fraction(numbers[1])), Fraction(1)),
    ]
    possible = [
        next(iter(rows_for(table, text, number, START + timedelta(days=day))), None)
        for text, number, day in product(
            sorted(texts), range(numbers[0], numbers[1] + 1), range(during[0], during[1] + 1)
        )
    ]
    found = look_up(table, "rate", sought, days(*during))
    rates = [row.values[0] for row in possible if row is not None]

    assert found.rate == (None if not rates else ANY_RATE if None in possible else Range(min(rates), max(rates)))
    assert found.row == (possible[0] if len(set(map(id, possible))) == 1 else None)


def rows_for(table: RateTable, text: str, number: int, day: date) -> list[RateRow]:
    """The rows that hold for one key on one day, found without any of the program's comparisons."""
    return [
        row
        for row in table.rows
        if row.keys[0] == text
        and isinstance(row.keys[1], Range)
        and row.keys[1].low is not None
        and row.keys[1].high is not None
        and row.keys[1].low <= number <= row.keys[1].high
        and row.in_force.first is not None
        and row.in_force.last is not None
        and row.in_force.first <= day <= row.in_force.last
    ]
