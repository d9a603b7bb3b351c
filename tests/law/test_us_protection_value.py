"""The pack on what protection is worth to tax law: its sources are told, and its tables are those of the regulation."""

import csv
from fractions import Fraction

import pytest

from custodiet.base.money import Money, Range
from custodiet.policy.language.ast import Policy, RateTable
from tests.house import ROOT
from tests.pack_answers import answer, pack_of, rules_not_told

PACK = pack_of("us-protection-value")
COLLECTED = ROOT.parent / "shared" / "data" / "rules"

VEHICLE = {
    "from_on": "2016-01-01", "until_on": "2016-12-31", "stated_value": "none", "contributed": "0", "owned_percent": "0",
    "paid_in": "0", "official_miles": "0", "personal_miles": "1000", "miles_to_work": "0", "miles_of_others": "0",
    "study_miles": "0", "others_count": "yes", "protected": "no",
}  # fmt: skip
PASSAGE = {
    "purpose": "personal", "flown": "yes", "counted_for.elected": "no", "senior_pay": "no", "under_two": "no",
    "traveller_is": "the employee", "seats": "10", "official_at_boarding": "0", "official_at_leaving": "0",
    "paid_back": "0", "trip": "none", "threat_assessment": "none",
}  # fmt: skip


def owed(name: str, facts: dict[str, str]) -> Money:
    return Money(sum(debt.amount.minor for debt in answer(PACK, name, facts).debts), "USD")


def table(name: str) -> RateTable:
    return next(each for each in PACK.policies[0].rates if each.name == name)


def test_every_example_comes_out_as_written() -> None:
    assert (PACK.examples.failed, PACK.examples.passed) == (0, sum(len(each.examples) for each in PACK.policies))


@pytest.mark.parametrize("policy", PACK.policies, ids=lambda policy: policy.name)
def test_every_rule_is_restated_cites_its_section_and_says_how_well_the_text_is_known(policy: Policy) -> None:
    assert policy.restated
    assert rules_not_told(policy) == []
    assert [each.cite for each in policy.versions if not each.cite.startswith("26 CFR 1.")] == []
    assert [each.rule for each in policy.versions if each.in_force.first is None] == []


def test_every_row_of_a_table_says_where_it_was_read() -> None:
    cites = [row.cite for each in PACK.policies[0].rates for row in each.rows]
    assert len(cites) > 50
    assert [cite for cite in cites if not cite.startswith(("26 CFR 1.", "Rev. Rul. "))] == []


def test_nothing_here_forbids_or_permits_protecting_anybody() -> None:
    assert {version.permission for policy in PACK.policies for version in policy.versions} == {None}


def test_the_lease_table_rises_by_a_quarter_of_the_market_value() -> None:
    *rows, last = table("annual_lease").rows
    for row in rows:
        [band] = row.keys
        assert isinstance(band, Range)
        assert band.low is not None
        # Up to 26,000 dollars in steps of 1,000, above in steps of 2,000 whose middle counts.
        expected = band.low / 4 + (600 if band.low < 26000 else 750)
        assert row.values == (expected, Fraction(0))
    assert last.values == (Fraction(500), Fraction(1, 4))


def test_what_is_counted_is_income_and_asked_of_nobody() -> None:
    shares = [share for policy in PACK.policies for version in policy.versions for share in version.owes or ()]
    assert {str(share.payer) for share in shares if share.payer is not None} == {"taxable income, no debt"}
    assert [share for share in shares if share.payer is not None and share.payer.path is not None] == []
    facts = {**VEHICLE, "market_value": "28000", "market_value_plain": "28000"}
    assert {debt.payer for debt in answer(PACK, "vehicle-by-table", facts).debts} == {"taxable income, no debt"}


@pytest.mark.parametrize(
    ("market_value", "owes"),
    [("0", "600.00"), ("999.99", "600.00"), ("1000", "850.00"), ("28000", "7750.00"), ("29999", "7750.00"),
     ("59999", "15250.00"), ("60000", "15500.00"), ("100000", "25500.00")],
)  # fmt: skip
def test_a_year_of_nothing_but_personal_miles_costs_the_whole_table_value(market_value: str, owes: str) -> None:
    facts = {**VEHICLE, "market_value": market_value, "market_value_plain": market_value}
    assert owed("vehicle-by-table", facts).digits == owes


@pytest.mark.parametrize(
    ("value", "official", "personal", "others", "left_out"),
    [("2000", "6000", "2000", "0", "1500"), ("2000", "6000", "2000", "2000", "1600"), ("400", "900", "100", "0", "360"),
     ("350", "600", "400", "0", "210"), ("4850", "4000", "6000", "0", "1940")],
    ids=["T02", "T03", "T04 Y", "T04 Z", "T06"],
)  # fmt: skip
def test_what_is_counted_and_what_is_left_out_are_the_whole_value(
    value: str, official: str, personal: str, others: str, left_out: str
) -> None:
    miles = {"official_miles": official, "personal_miles": personal, "miles_of_others": others}
    counted = owed("vehicle-by-stated-value", {**VEHICLE, **miles, "stated_value": value})
    assert counted + Money.read(left_out, "USD") == Money.read(value, "USD")


@pytest.mark.parametrize(
    ("weight", "elected", "multiple"),
    [("6000", "yes", "0.625"), ("6000", "no", "0.156"), ("6001", "yes", "1.25"), ("10000", "no", "0.234"),
     ("10001", "yes", "3"), ("25000", "no", "0.313"), ("25001", "yes", "4"), ("25001", "no", "0.313")],
)  # fmt: skip
def test_the_multiple_grows_with_weight_and_rank(weight: str, elected: str, multiple: str) -> None:
    # 10,000 miles in the first half of 1989: 500 x 0.1449 + 1,000 x 0.1105 + 8,500 x 0.1062 = 1,085.65.
    facts = {**PASSAGE, "flown_on": "1989-06-30", "miles": "10000", "takeoff_weight": weight}
    exact = Fraction(multiple) * Fraction("1085.65") + Fraction("26.48")
    assert abs(owed("passage-value", {**facts, "counted_for.elected": elected}).exact - exact) <= Fraction("0.005")


@pytest.mark.parametrize(
    ("flown_on", "owes"),
    # 501 miles by the least multiple of 15.6 percent: 0.156 x (500 x the first rate + the second) + the charge.
    [("1989-01-01", "37.80"), ("1999-06-30", "46.66"), ("2015-07-01", "61.08"), ("2017-01-01", "55.45"),
     ("2019-06-30", "62.13")],
)  # fmt: skip
def test_each_half_year_has_its_own_rates(flown_on: str, owes: str) -> None:
    facts = {**PASSAGE, "flown_on": flown_on, "miles": "501", "takeoff_weight": "5000"}
    assert owed("passage-value", facts).digits == owes


def test_a_half_year_that_was_not_read_is_a_missing_fact_and_no_zero() -> None:
    result = answer(
        PACK, "passage-value", {**PASSAGE, "flown_on": "2018-03-01", "miles": "501", "takeoff_weight": "5000"}
    )
    assert result.outcome.value == "undetermined"
    assert {missing.field.partition(" ")[0] for missing in result.missing} >= {
        "fare_level.to_500",
        "fare_level.terminal",
    }


@pytest.mark.skipif(not COLLECTED.exists(), reason="the tables as they were collected are not beside this tree")
def test_the_tables_are_the_ones_that_were_collected() -> None:
    with (COLLECTED / "irs_annual_lease_value.csv").open(encoding="utf-8", newline="") as file:
        lease = [(row["fmv_from"], row["annual_lease_value"]) for row in csv.DictReader(file) if row["fmv_to"]]
    assert [(Fraction(low), Fraction(value)) for low, value in lease] == [
        (row.keys[0].low, row.values[0]) for row in table("annual_lease").rows[:-1] if isinstance(row.keys[0], Range)
    ]
    with (COLLECTED / "irs_aircraft_multiples.csv").open(encoding="utf-8", newline="") as file:
        percent = [(row["control_employee_pct"], row["non_control_employee_pct"]) for row in csv.DictReader(file)]
    assert [(Fraction(one) / 100, Fraction(other) / 100) for one, other in percent] == [
        row.values for row in table("aircraft_multiple").rows
    ]
