"""The pack on government aircraft: its sources are told, it ends with the text read, and its sums are right."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.policy.language.ast import Policy
from tests.pack_answers import amount, answer, pack_of, rules_not_told

PACK = pack_of("us-government-aircraft")
SECTIONS = ("41 CFR 301-10.26", "United States Secret Service, policy on reimbursing campaign committees")
EDITION, LAST_DAY, NEW_TEXT = date(2015, 7, 1), date(2025, 12, 7), date(2025, 12, 8)

exactly = settings(derandomize=True, deadline=None, database=None, max_examples=25)
cents = st.integers(0, 1_000_000)

USE = {
    "began_on": "2019-05-20", "ground": "required use", "space": "none of these", "other_law_amount": "none",
    "personal": "no", "political": "no",
}  # fmt: skip
BILL = {
    "issued_by": "the campaign committee", "leg.departed_on": "2016-03-01", "leg.vehicle.sort": "aircraft",
    "leg.vehicle.owner": "hired",
}  # fmt: skip


def money(sum_: int) -> str:
    return f"{sum_ // 100}.{sum_ % 100:02}"


def test_every_example_comes_out_as_written() -> None:
    assert (PACK.examples.failed, PACK.examples.passed) == (0, sum(len(each.examples) for each in PACK.policies))


@pytest.mark.parametrize("policy", PACK.policies, ids=lambda policy: policy.name)
def test_every_rule_is_restated_cites_its_section_and_says_how_well_its_text_is_known(policy: Policy) -> None:
    assert policy.restated
    assert rules_not_told(policy) == []
    assert [each.cite for each in policy.versions if not each.cite.startswith(SECTIONS)] == []


def test_the_old_text_ends_the_day_before_the_new_one_of_which_only_two_sections_were_read() -> None:
    periods = {
        (policy.name.partition("/")[2], each.in_force.first, each.in_force.last)
        for policy in PACK.policies
        for each in policy.versions
    }
    assert periods == {
        *(
            (name, EDITION, LAST_DAY)
            for name in ("authorized-in-advance", "permitted-use", "reimbursement", "reported")
        ),
        ("permitted-use", NEW_TEXT, None),
        ("charter-seat", date(1978, 1, 1), None),
    }


@exactly
@given(cents, cents)
def test_something_personal_or_political_costs_what_the_flights_taken_cost_more(taken: int, without: int) -> None:
    more = money(max(0, taken - without))
    for purpose in ("personal", "political"):
        facts = {**USE, purpose: "yes", "coach_taken": money(taken), f"coach_without_{purpose}": money(without)}
        assert amount(answer(PACK, "reimbursement", facts)) == more


def test_travel_that_is_required_is_permitted_whatever_else_is_not_known() -> None:
    assert answer(PACK, "permitted-use", {"began_on": "2019-05-20", "ground": "required use"}).permission == "permitted"
    assert answer(PACK, "permitted-use", {"began_on": "2026-01-05", "ground": "required use"}).permission == "permitted"


@pytest.mark.parametrize(("day", "outcome"), [("2025-12-07", "permitted"), ("2025-12-08", "no rule")])
def test_of_free_seats_the_new_text_was_not_read(day: str, outcome: str) -> None:
    facts = {"began_on": day, "ground": "space available", "space": "by statute", "official": "no"}
    assert answer(PACK, "permitted-use", facts).outcome.value == outcome


def test_whether_an_airline_was_reasonably_there_is_asked_of_the_agency() -> None:
    facts = {"began_on": "2019-05-20", "ground": "neither", "official": "yes", "aircraft_cost": "2"}
    facts |= {"carrier_cost": "1"}
    open_ = answer(PACK, "permitted-use", facts)
    assert [(each.field, each.held_by) for each in open_.missing] == [
        ("no_airline", "the agency that authorizes the travel")
    ]


@exactly
@given(cents, cents, cents, st.integers(1, 12), st.integers(1, 120))
def test_a_campaign_owes_back_what_it_got_beyond_the_lower_of_two_fares(
    paid: int, first_class: int, charter: int, seats: int, aboard: int
) -> None:
    facts = {
        **BILL, "paid": money(paid), "leg.first_class_fare": money(first_class), "leg.operating_cost": money(charter),
        "seats_billed": str(seats), "leg.aboard": str(aboard),
    }  # fmt: skip
    beyond = max(Fraction(0), paid - seats * min(Fraction(first_class), Fraction(charter, aboard)))
    assert amount(answer(PACK, "charter-seat", facts)) == money(int(beyond + Fraction(1, 2)))


def test_without_the_first_class_fare_the_refund_lies_between_the_charters_share_and_everything() -> None:
    facts = {**BILL, "paid": "4500", "leg.operating_cost": "40000", "seats_billed": "3", "leg.aboard": "40"}
    between = answer(PACK, "charter-seat", facts).between
    assert between is not None
    # Three seats at 40,000 / 40 are 3,000; first class for nothing would have left nothing to pay.
    assert (str(between.low), str(between.high)) == ("1,500.00 USD", "4,500.00 USD")
