"""When a set is complete: what a register that is vouched for some time may lack (exact-meaning.md)."""

import pytest

from custodiet.base.dates import ANY_DAY, Days
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from custodiet.records import core_types
from custodiet.records.facts import Facts, Vouched
from tests.meaning import COMPTROLLER, EVERYTHING_KNOWN, answers, between, law, owed, world

SPENT = """
voucher V1: trip = T1, cost_class = lodging, paid = 80, incurred_on = 2023-05-02
voucher V2: trip = T1, cost_class = meals, paid = 20, incurred_on = 2023-05-03
voucher V3: trip = T1, cost_class = air fare, paid = 300, incurred_on = 2023-01-15
"""
UNDER_WAY = "incurred_on >= trip.departed_on and incurred_on <= trip.returned_on"


def spent(what: str, *periods: str, trip: str = "") -> Result:
    """What of the vouchers of trip T1 is due, where somebody vouches for all vouchers of some periods."""
    policy = law(f"Rule 1\nowes {what} from protectee", for_each="trip", on="departed_on")
    known = world(EVERYTHING_KNOWN + SPENT + trip)
    records = [record for name in ("trip", "voucher", "leg") for record in known.of(name)]
    facts = Facts(records, core_types(), [Vouched("voucher", Days.read(period), "the auditor") for period in periods])
    return Evaluator((policy,), facts).decide(policy, facts.find("trip", "T1"))


@pytest.mark.parametrize(
    ("condition", "periods", "due"),
    [
        ("incurred_on = 2023-05-03", ["2023"], "20.00"),
        (UNDER_WAY, ["2023"], "100.00"),
        # Each of the three days of the trip is vouched for, by one after the other.
        (UNDER_WAY, ["2023-05-01/2023-05-02", "2023-05-03"], "100.00"),
        (UNDER_WAY, ["2023-05-02/2023-05-09", "2023-05-01", "2020"], "100.00"),
        ("incurred_on >= 2023-05-03 and incurred_on < 2024-01-01 and cost_class = 'meals'", ["2023"], "20.00"),
        ("incurred_on = 2023-05-02 or incurred_on = 2023-05-03", ["2023-05"], "100.00"),
        ("not (incurred_on < 2023-01-01 or incurred_on > 2023-12-31)", ["2023"], "400.00"),
        # Whatever is not recorded of a trip within the city is of a trip within the city.
        ("trip.out_of_city = no", [], "0.00"),
    ],
)
def test_a_register_is_complete_for_a_question_that_asks_for_nothing_outside_the_time_vouched_for(
    condition: str, periods: list[str], due: str
) -> None:
    result = spent(f"sum(voucher.paid where {condition})", *periods)
    assert result.missing == ()
    assert owed(result) == ([("P1", due)] if due != "0.00" else [])


@pytest.mark.parametrize(
    ("condition", "periods", "least"),
    [
        ("incurred_on = 2023-05-03", ["2024"], "20.00"),
        ("incurred_on = 2023-05-03", [], "20.00"),
        # A ticket may be bought long before the trip, and in a year for which nobody vouches.
        ("cost_class = 'air fare'", ["2023"], "300.00"),
        (UNDER_WAY, ["2023-05-01/2023-05-02"], "100.00"),
        (UNDER_WAY, ["2023-05-01", "2023-05-03"], "100.00"),
        ("incurred_on = 2023-05-03 or cost_class = 'air fare'", ["2023"], "320.00"),
        ("not incurred_on = 2023-05-03", ["2023"], "380.00"),
    ],
)
def test_a_question_that_may_be_met_outside_the_time_vouched_for_stays_open(
    condition: str, periods: list[str], least: str
) -> None:
    result = spent(f"sum(voucher.paid where {condition})", *periods)
    assert between(result) == (least, None)
    assert result.missing == (Missing("T1", "voucher", COMPTROLLER),)


def test_the_time_that_is_asked_for_is_no_narrower_than_what_is_known_of_the_trip() -> None:
    asked = f"sum(voucher.paid where {UNDER_WAY})"
    within, beyond = (f"trip T1: returned_on = {last}" for last in ("2023-05-03/2023-05-31", "2023-05-03/2023-06-01"))
    assert owed(spent(asked, "2023-05", trip=within)) == [("P1", "100.00")]
    assert between(spent(asked, "2023-05", trip=beyond)) == ("100.00", None)


def test_all_of_some_days_is_settled_where_these_days_are_vouched_for() -> None:
    policy = law(
        "Rule 1\nwhen all(voucher where incurred_on != 2023-05-02 or cost_class = 'lodging')\npermits",
        for_each="trip", on="departed_on",
    )  # fmt: skip
    known = world(EVERYTHING_KNOWN + SPENT)
    records = [record for name in ("trip", "voucher") for record in known.of(name)]
    for period, outcome in (("2023-05", Outcome.PERMITTED), ("2023-06", Outcome.UNDETERMINED)):
        facts = Facts(records, core_types(), [Vouched("voucher", Days.read(period), "the auditor")])
        assert Evaluator((policy,), facts).decide(policy, facts.find("trip", "T1")).outcome is outcome


def test_a_record_that_nobody_recorded_may_have_records_of_its_own_that_somebody_did() -> None:
    """Seat S9 is on a leg of which no row tells: it may be a leg of this trip."""
    policy = law(
        "Rule 1\nwhen any(leg where any(seat where role = 'guest'))\npermits", for_each="trip", on="departed_on"
    )
    known = world(EVERYTHING_KNOWN.replace("guest", "crew") + "seat S9: leg = L9, role = guest")
    records = [record for name in ("trip", "leg", "seat") for record in known.of(name)]
    facts = Facts(records, core_types(), [Vouched("seat", ANY_DAY, "the auditor")])
    result = Evaluator((policy,), facts).decide(policy, facts.find("trip", "T1"))
    assert answers(result) == {"permitted", "no rule"}
