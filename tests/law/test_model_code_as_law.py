"""What the Model Code owes whoever has to live by it: no absurd sums, no forbidden use that nobody can authorize."""

from datetime import timedelta
from itertools import pairwise, product

import pytest

from custodiet.base.dates import Days
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.policy.testing.examples import imagine
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from tests import model_city
from tests.house import every_type
from tests.meaning import world
from tests.model_city import State
from tests.pack_answers import pack_of

MODEL_CODE = pack_of("model-code")
POLICIES = {policy.name.partition("/")[2]: policy for policy in MODEL_CODE.policies}


def asked(question: str, cells: dict[str, str]) -> Result:
    """What one question comes to in a world of which only these cells tell."""
    policy = POLICIES[question]
    imagined = imagine(MODEL_CODE.policies, policy.for_each, cells, every_type())
    assert imagined.problems == ()
    return Evaluator(MODEL_CODE.policies, imagined.facts).decide(policy, imagined.record)


def decided(question: str, facts: Facts, id_: str) -> Result:
    policy = POLICIES[question]
    return Evaluator(MODEL_CODE.policies, facts).decide(policy, facts.find(policy.for_each, id_))


def cents_owed(result: Result) -> int:
    return sum(debt.amount.minor for debt in result.debts)


VOUCHERS = {
    "of a campaign trip": {"advance_visit": "no", "trip.character": "campaign"},
    "of a mixed trip": {"advance_visit": "no", "trip.character": "mixed"},
    "of a visit before a campaign trip": {"advance_visit": "yes", "serves.character": "campaign"},
    "of a visit before a mixed trip": {"advance_visit": "yes", "serves.character": "mixed"},
}
ONE_DAY_OF_THREE = {
    f"{trip}.{name}": number
    for trip in ("trip", "serves")
    for name, number in (("campaign_days", "1"), ("shared_days", "3"))
}
BEFORE_AND_AFTER_THE_AMENDMENT = ("2024-02-20", "2024-03-20")


@pytest.mark.parametrize("incurred_on", BEFORE_AND_AFTER_THE_AMENDMENT)
@pytest.mark.parametrize("cells", [*VOUCHERS.values(), {}], ids=[*VOUCHERS, "of nobody knows what"])
def test_whatever_is_unknown_nobody_may_owe_more_than_was_paid_or_less_than_nothing(
    cells: dict[str, str], incurred_on: str
) -> None:
    for receipt, recovered, days in product(
        ("yes", "no", "unknown"),
        ("none", "0.00", "10", "200", "unknown"),
        ({}, {"trip.shared_days": "3", "serves.shared_days": "3"}, ONE_DAY_OF_THREE),
    ):
        facts = {"cost_class": "lodging", "incurred_on": incurred_on, "paid": "180"}
        result = asked("voucher-payer", facts | cells | days | {"receipt": receipt, "recovered": recovered})
        if result.outcome is Outcome.UNDETERMINED:
            assert result.between is not None
            assert result.between.low is not None
            assert result.between.high is not None
            assert 0 <= result.between.low.minor < result.between.high.minor <= 180_00
        else:
            assert 0 <= cents_owed(result) <= 180_00


@pytest.mark.parametrize("receipt", ["yes", "no"])
@pytest.mark.parametrize("incurred_on", BEFORE_AND_AFTER_THE_AMENDMENT)
@pytest.mark.parametrize("cells", VOUCHERS.values(), ids=VOUCHERS)
def test_what_comes_back_never_raises_what_is_owed_and_0_00_is_nothing_come_back(
    cells: dict[str, str], incurred_on: str, receipt: str
) -> None:
    facts = {"cost_class": "lodging", "incurred_on": incurred_on, "paid": "180", "receipt": receipt}
    owed = [
        cents_owed(asked("voucher-payer", facts | cells | ONE_DAY_OF_THREE | {"recovered": recovered}))
        for recovered in ("none", "0.00", "0.01", "10", "59.99", "60", "75", "180", "200")
    ]
    assert owed[0] == owed[1] > owed[2]
    assert all(later <= earlier for earlier, later in pairwise(owed))
    assert owed[-1] == 0


def trip(departed_on: str, more: str = "") -> Facts:
    """A trip of the mayor until 21 February, every register vouched for, and more records."""
    mayors = f"trip T1: protectee = mayor, answerable = mayor, departed_on = {departed_on}, returned_on = 2024-02-21\n"
    return world(mayors + more, *every_type())


VOUCHER = """
voucher V1: trip = T1, serves = none, advance_visit = no, cost_class = lodging, incurred_on = 2024-02-20
voucher V1: paid = 180, recovered = none, receipt = yes
"""
RALLY = "event E1: trip = T1, sort = campaign, starts_on = 2024-02-20, ends_on = 2024-02-20\n"


def test_a_trip_of_travel_days_only_is_personal_and_its_cost_is_the_citys() -> None:
    facts = trip("2024-02-19", VOUCHER)
    assert decided("trip-character", facts, "T1").classified == "personal"
    assert decided("voucher-payer", facts, "V1").outcome is Outcome.NOTHING_DUE


def test_a_trip_begun_before_the_code_has_no_character_and_stays_with_the_city_despite_a_later_rally() -> None:
    begun_before = trip("2024-01-14", VOUCHER + RALLY)
    assert decided("trip-character", begun_before, "T1").outcome is Outcome.NO_RULE
    assert decided("voucher-payer", begun_before, "V1").because == ("5.1",)
    begun_after = trip("2024-01-15", VOUCHER + RALLY)
    assert decided("trip-character", begun_after, "T1").classified == "campaign"
    assert decided("voucher-payer", begun_after, "V1").because == ("5.2",)


@pytest.mark.parametrize(
    ("about", "addressed_to", "acknowledged_on", "counts_as"),
    [
        pytest.param("T1", "mayor", "2024-02-10", "acknowledged", id="about this trip, read"),
        pytest.param("none", "mayor", "2024-02-10", "acknowledged", id="general, read"),
        pytest.param("none", "mayor", "2024-02-20", "given, not acknowledged", id="general, read on the day"),
        pytest.param("none", "mayor", "none", "given, not acknowledged", id="general, never read"),
        pytest.param("none", "chief-of-staff", "2024-02-10", "not asked for", id="general, to somebody else"),
        pytest.param("T2", "mayor", "2024-02-10", "not asked for", id="about another trip"),
    ],
)
def test_general_guidance_to_the_official_counts_as_guidance_about_the_trip_does(
    about: str, addressed_to: str, acknowledged_on: str, counts_as: str
) -> None:
    letter = f"""
    guidance G1: trip = {about}, asked_by = none, addressed_to = {addressed_to}, asked_on = none
    guidance G1: given_on = 2024-02-04, acknowledged_on = {acknowledged_on}
    """
    assert decided("guidance-before-act", trip("2024-02-20", RALLY + letter), "T1").classified == counts_as


@pytest.fixture(scope="module")
def complete() -> State:
    return model_city.state("complete")


def authorized(facts: Facts, covers: str) -> Facts:
    """The same world, where every leg had a written authorization given on the day before."""
    records = [
        record for type_name in every_type() if type_name not in ("day", "leg") for record in facts.of(type_name)
    ]
    for leg in facts.of("leg"):
        left = leg.value("departed_on")
        assert isinstance(left, Days)
        given = f"covers = {covers}, in_writing = yes, approved_on = {left.day - timedelta(days=1)}"
        paper = world(f"authorization day-before-{leg.id}: {given}, expires_on = {left.day}").of("authorization")
        records += [*paper, Record("leg", leg.id, {**leg.values, "authorization": paper[0].id})]
    return Facts(records, facts.types, facts.vouched)


@pytest.mark.parametrize(
    ("question", "covers"),
    [("seat-without-protectee", "single use"), ("errand-and-load", "single use"), ("home-to-work", "home to work")],
)
def test_what_is_forbidden_is_permitted_if_the_unit_authorizes_it_in_writing_on_the_day_before(
    question: str, covers: str, complete: State
) -> None:
    """So that `ask`, which says who must authorize, sends nobody to ask for what no authorization can give."""
    policy = POLICIES[question].name
    forbidden = [id_ for (id_, name), said in complete.key.items() if name == policy and said[0] == "forbidden"]
    assert len(forbidden) >= 4
    facts = authorized(complete.facts, covers)
    outcomes = {id_: decided(question, facts, id_).outcome for id_ in forbidden}
    assert {id_ for id_, outcome in outcomes.items() if outcome is not Outcome.PERMITTED} == set()
