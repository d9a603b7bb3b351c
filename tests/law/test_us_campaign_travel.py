"""The pack on campaigns in a government's vehicles: its sources are told, and its days and shares are the law's."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.policy.language.ast import Policy
from tests.pack_answers import amount, answer, pack_of, rules_not_told

PACK = pack_of("us-campaign-travel")
SECTIONS = ("11 CFR 100.93", "11 CFR 106.3", "11 CFR 9004.7", "Federal Election Commission, Notice 2002-1, 67 FR 5445")
EDITION, PRESENT_TEXT = date(2015, 1, 1), date(2010, 1, 6)

exactly = settings(derandomize=True, deadline=None, database=None, max_examples=25)

BILL = {"issued_by": "the public body", "leg.trip": "none", "leg.vehicle.owner": "city", "leg.vehicle.sort": "car"}
SEAT = {
    "leg.vehicle.sort": "aircraft", "leg.vehicle.owner": "city", "leg.departed_on": "2019-06-01", "role": "protectee",
    "travelled_for": "a candidate", "leg.private_traveller_rate": "none", "leg.candidate_party": "yes",
}  # fmt: skip
WAY = {
    "trip.departed_on": "2019-06-01", "candidacy.office": "president", "candidacy.publicly_funded": "no",
    "traveller": "candidate", "trip.has_campaign_stop": "yes", "trip.has_other_stop": "yes", "means": "carrier",
    "paid_by": "other public funds", "capital_and_home": "no",
}  # fmt: skip


def test_every_example_comes_out_as_written() -> None:
    assert (PACK.examples.failed, PACK.examples.passed) == (0, sum(len(each.examples) for each in PACK.policies))


@pytest.mark.parametrize("policy", PACK.policies, ids=lambda policy: policy.name)
def test_every_rule_is_restated_cites_its_section_and_says_how_well_its_text_is_known(policy: Policy) -> None:
    assert policy.restated
    assert rules_not_told(policy) == []
    assert [each.cite for each in policy.versions if not each.cite.startswith(SECTIONS)] == []


def test_rules_begin_with_the_edition_that_was_read_or_with_the_day_of_the_present_text() -> None:
    begins = {(each.cite[:13], each.in_force.first) for policy in PACK.policies for each in policy.versions}
    assert begins == {
        ("11 CFR 100.93", PRESENT_TEXT), ("11 CFR 106.3(", EDITION), ("11 CFR 9004.7", EDITION),
        ("Federal Elect", EDITION),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("received", "due"),
    [("2019-06-01", "2019-07-01"), ("2019-06-15", "2019-07-15"), ("2019-06-16", "2019-07-15"),
     ("2019-07-10", "2019-07-15"), ("none", "2019-07-15")],
)  # fmt: skip
def test_a_bill_for_travel_of_16_may_is_due_thirty_days_after_it_came_but_on_15_july_at_the_latest(
    received: str, due: str
) -> None:
    facts = {**BILL, "leg.departed_on": "2019-05-16", "received_on": received}
    after = (date.fromisoformat(due) + timedelta(days=1)).isoformat()
    assert answer(PACK, "invoice-paid", {**facts, "paid_on": due}).classified == "in time"
    assert answer(PACK, "invoice-paid", {**facts, "paid_on": after}).classified == "late"


@exactly
@given(st.integers(0, 90), st.integers(0, 90))
def test_in_time_is_what_was_paid_by_the_earlier_of_the_two_days(came: int, paid: int) -> None:
    travelled = date(2019, 5, 16)
    received, paid_on = travelled + timedelta(days=came), travelled + timedelta(days=paid)
    facts = {**BILL, "leg.departed_on": str(travelled), "received_on": str(received), "paid_on": str(paid_on)}
    in_time = paid_on <= min(received + timedelta(days=30), travelled + timedelta(days=60))
    assert answer(PACK, "invoice-paid", facts).classified == ("in time" if in_time else "late")


@exactly
@given(st.integers(1, 10_000_000), st.integers(1, 200))
def test_every_campaign_traveller_owes_one_share_of_the_charter_fare(cents: int, travellers: int) -> None:
    fare = f"{cents // 100}.{cents % 100:02}"
    facts = {**SEAT, "leg.charter_fare": fare, "leg.campaign_travellers": str(travellers)}
    share = int(Fraction(cents, travellers) + Fraction(1, 2))
    assert amount(answer(PACK, "government-aircraft-seat", facts)) == f"{share // 100}.{share % 100:02}"


def test_nobody_pays_more_than_the_lower_of_the_share_and_the_governments_own_rate() -> None:
    facts = {**SEAT, "leg.charter_fare": "30000", "leg.campaign_travellers": "5", "leg.asked_the_rate": "5"}
    for rate, due in (("5999.99", "5999.99"), ("6000", "6000.00"), ("6000.01", "6000.00")):
        seat = {**facts, "leg.private_traveller_rate": rate}
        assert amount(answer(PACK, "government-aircraft-seat", seat)) == due


def test_an_officer_never_owes_and_the_rate_is_chosen_for_the_whole_flight() -> None:
    # One of five is an officer: at the rate four pay 7,000.00 each, 28,000.00 in all, which is less than 30,000.00.
    facts = {**SEAT, "leg.charter_fare": "30000", "leg.campaign_travellers": "5", "leg.asked_the_rate": "4"}
    officer = {**facts, "role": "detail", "travelled_for": "no campaign", "leg.security_counted": "yes"}
    for rate, candidate, guard in (("7000", "7000.00", "0.00"), ("7500", "6000.00", "6000.00")):
        own = answer(PACK, "government-aircraft-seat", {**facts, "leg.private_traveller_rate": rate})
        assert amount(own) == candidate
        seat = answer(PACK, "government-aircraft-seat", {**officer, "leg.private_traveller_rate": rate})
        assert amount(seat) == guard
        assert {(debt.payer, debt.liable) for debt in seat.debts} <= {("campaign committee", "")}


@pytest.mark.parametrize("payer", ["the campaign", "another committee", "somebody else"])
def test_for_a_way_that_no_public_money_paid_for_nothing_is_owed_to_the_public(payer: str) -> None:
    facts = {**WAY, "cost": "1000", "miles": "2000", "campaign_miles": "1500", "campaign_route_cost": "800"}
    assert amount(answer(PACK, "cost-of-the-way", {**facts, "paid_by": payer})) == "0.00"


def test_no_part_is_more_than_the_whole() -> None:
    facts = {**WAY, "cost": "1000", "miles": "2000", "campaign_miles": "2400", "campaign_route_cost": "1100"}
    for public_funds in ("no", "yes"):
        way = answer(PACK, "cost-of-the-way", {**facts, "candidacy.publicly_funded": public_funds})
        assert amount(way) == "1000.00"


def test_without_public_funds_miles_count_and_with_them_the_fares_of_the_campaigns_route() -> None:
    facts = {**WAY, "cost": "1000", "miles": "2000", "campaign_miles": "1500", "campaign_route_cost": "800"}
    assert amount(answer(PACK, "cost-of-the-way", facts)) == "750.00"
    assert amount(answer(PACK, "cost-of-the-way", {**facts, "candidacy.publicly_funded": "yes"})) == "800.00"


def test_a_judgment_that_nobody_gave_is_missing_and_asked_of_the_commission() -> None:
    event = answer(PACK, "campaign-stop", {"sort": "official", "starts_on": "2019-06-01"})
    assert [(each.field, each.held_by) for each in event.missing] == [
        ("campaign_activity", "the Federal Election Commission")
    ]


def test_which_law_obliges_a_candidate_to_take_an_officer_along_decides_who_bears_the_room() -> None:
    facts = {"incurred_on": "2019-06-01", "cost_class": "lodging", "campaign_night": "yes", "usual_charge": "189",
             "trip.in_public_funding": "no"}  # fmt: skip
    assert amount(answer(PACK, "lodging", {**facts, "companion_required": "no"})) == "189.00"
    assert amount(answer(PACK, "lodging", {**facts, "companion_required": "yes"})) == "0.00"
    open_ = answer(PACK, "lodging", facts)
    assert open_.between is not None
    assert (str(open_.between.low), str(open_.between.high)) == ("0.00 USD", "189.00 USD")
