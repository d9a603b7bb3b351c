"""The pack on meals and detours: its sources are told, its tables add up, and it ends where the new text begins."""

import csv
from datetime import date
from fractions import Fraction

import pytest

from custodiet.base.dates import Days
from custodiet.base.money import Money, Range
from custodiet.policy.language.ast import Policy, RateRow, RateTable
from tests.house import ROOT
from tests.pack_answers import answer, pack_of, rules_not_told

PACK = pack_of("us-travel-regulation")
COLLECTED = ROOT.parent / "shared" / "data" / "rules" / "ftr_meal_deduction_2015.csv"
LAST_DAY = date(2025, 12, 7)

DAY = {
    "date": "2015-08-03", "stage": "full day", "place": "Washington", "rate_is": "right place", "breakfasts": "0",
    "lunches": "0", "dinners": "0", "left_whole": "no", "by_ship": "no", "date_line": "no", "paid": "71.00",
}  # fmt: skip


def table(name: str) -> RateTable:
    return next(each for each in PACK.policies[0].rates if each.name == name)


def total(row: RateRow) -> Fraction:
    """The daily rate that a line of the table of meals is for."""
    [band] = row.keys
    assert isinstance(band, Range)
    return band.value


def test_every_example_comes_out_as_written() -> None:
    assert (PACK.examples.failed, PACK.examples.passed) == (0, sum(len(each.examples) for each in PACK.policies))


@pytest.mark.parametrize("policy", PACK.policies, ids=lambda policy: policy.name)
def test_every_rule_is_restated_cites_its_section_and_says_how_well_the_text_is_known(policy: Policy) -> None:
    assert policy.restated
    assert rules_not_told(policy) == []
    assert [each.cite for each in policy.versions if not each.cite.startswith("41 CFR 301-1")] == []


def test_what_was_written_anew_ends_the_day_before_the_new_text() -> None:
    ends = {(each.cite.split("-")[1].split(".")[0], each.in_force.last) for p in PACK.policies for each in p.versions}
    assert ends == {("11", LAST_DAY), ("10", LAST_DAY)}
    assert max(row.in_force.last or date.max for each in PACK.policies[0].rates for row in each.rows) == LAST_DAY


def test_meals_and_incidentals_add_up_to_the_rate_of_the_day() -> None:
    rows = table("meal_deduction").rows
    assert len(rows) > 20
    assert [row.keys for row in rows if sum(row.values) != total(row)] == []


def test_a_rate_of_a_place_is_one_of_the_rates_that_the_table_of_meals_knows() -> None:
    known: dict[Days, set[Fraction]] = {}
    for row in table("meal_deduction").rows:
        known.setdefault(row.in_force, set()).add(total(row))
    rates = [(row.in_force, row.values[0]) for row in table("per_diem").rows if row.in_force in known]
    assert len(rates) > 5
    assert [each for each in rates if each[1] not in known[each[0]]] == []


@pytest.mark.parametrize(
    ("stage", "meals", "allowed"),
    [("first day", "", "53.25"), ("full day", "", "71.00"), ("last day", "", "53.25"), ("12 to 24 hours", "", "53.25"),
     ("last day", "dinners", "17.25"), ("first day", "breakfasts", "41.25"), ("full day", "lunches", "53.00"),
     ("full day", "breakfasts lunches dinners", "5.00"), ("last day", "breakfasts lunches dinners", "5.00"),
     ("first day", "lunches dinners", "5.00")],
)  # fmt: skip
def test_the_allowance_is_nothing_due_and_a_cent_more_is_owed(stage: str, meals: str, allowed: str) -> None:
    facts = {**DAY, "stage": stage, **dict.fromkeys(meals.split(), "1")}
    assert answer(PACK, "meals-allowance", {**facts, "paid": allowed}).outcome.value == "nothing due"
    [debt] = answer(
        PACK, "meals-allowance", {**facts, "paid": (Money.read(allowed, "USD") + Money(1, "USD")).digits}
    ).debts
    assert debt.amount == Money(1, "USD")


def test_a_place_without_a_row_is_a_missing_fact_and_no_zero() -> None:
    result = answer(PACK, "meals-allowance", {**DAY, "place": "Albany"})
    assert result.outcome.value == "undetermined"
    assert result.between is not None
    assert (result.between.low, result.between.high) == (Money(0, "USD"), Money(7100, "USD"))
    assert [missing.field for missing in result.missing] == ["per_diem.meals for Albany on 2015-08-03"]


@pytest.mark.skipif(not COLLECTED.exists(), reason="the table as it was collected is not beside this tree")
def test_the_table_of_meals_of_2015_is_the_one_that_was_collected() -> None:
    with COLLECTED.open(encoding="utf-8", newline="") as file:
        collected = [tuple(Fraction(cell) for cell in row.values()) for row in csv.DictReader(file)]
    rows = [row for row in table("meal_deduction").rows if row.in_force.last == date(2015, 9, 30)]
    assert [(total(row), *row.values) for row in rows] == collected
