"""The pack on home to work: its sources are told, and its fifteen and ninety days are calendar days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.policy.language.ast import Policy
from tests.pack_answers import answer, pack_of, rules_not_told

PACK = pack_of("us-home-to-work")
SECTIONS = ("31 U.S.C. 1344", "41 CFR 102-5.")

exactly = settings(derandomize=True, deadline=None, database=None, max_examples=25)

RIDE = {
    "leg.home_to_work": "yes", "leg.departed_on": "2019-05-02", "role": "city staff", "listed": "no",
    "occupant": "employee", "leg.authorization.holder": "employee", "leg.authorization.covers": "home to work",
    "leg.authorization.ground": "emergency", "leg.authorization.in_writing": "yes",
    "leg.authorization.by_the_head": "yes", "leg.authorization.reason": "a storm",
    "leg.authorization.for_comfort": "no", "leg.authorization.first_impracticable": "no",
    "leg.authorization.approved_on": "2019-05-01", "leg.authorization.begins_on": "2019-05-01",
    "leg.authorization.expires_on": "2019-12-31", "leg.authorization.extends": "none",
    "leg.authorization.base_holds": "no", "leg.authorization.follows_on": "no",
    "leg.driven_for_somebody": "no", "leg.further": "no", "sharing_agreed": "no", "same_way": "no",
}  # fmt: skip
GUEST = {
    "leg.home_to_work": "yes", "leg.departed_on": "2019-05-02", "role": "relative", "listed": "no",
    "occupant": "spouse", "leg.authorization.holder": "employee", "leg.driven_for_somebody": "yes", "leg.further": "no",
    "sharing_agreed": "yes", "same_way": "yes",
}  # fmt: skip


def test_every_example_comes_out_as_written() -> None:
    assert (PACK.examples.failed, PACK.examples.passed) == (0, sum(len(each.examples) for each in PACK.policies))


@pytest.mark.parametrize("policy", PACK.policies, ids=lambda policy: policy.name)
def test_every_rule_is_restated_cites_its_section_and_says_how_well_its_text_is_known(policy: Policy) -> None:
    assert policy.restated
    assert rules_not_told(policy) == []
    assert [each.cite for each in policy.versions if not each.cite.startswith(SECTIONS)] == []
    assert {each.in_force.first for each in policy.versions} == {date(2015, 7, 1)}


@pytest.mark.parametrize(("day", "said"), [("2019-05-15", "official"), ("2019-05-16", "not official")])
def test_authorized_on_day_one_a_ride_on_day_fifteen_is_official_and_one_on_day_sixteen_is_not(
    day: str, said: str
) -> None:
    assert answer(PACK, "way-to-work", {**RIDE, "leg.departed_on": day}).classified == said


@exactly
@given(st.integers(0, 200), st.booleans(), st.integers(0, 200))
def test_an_authorization_holds_for_fifteen_days_an_extension_for_ninety_and_neither_beyond_its_own_last_day(
    ridden: int, extension: bool, named: int
) -> None:
    begins = date(2019, 11, 20)
    facts = {
        **RIDE,
        "leg.departed_on": str(begins + timedelta(days=ridden)),
        "leg.authorization.begins_on": str(begins),
        "leg.authorization.expires_on": str(begins + timedelta(days=named)),
        "leg.authorization.extends": "first" if extension else "none",
        "leg.authorization.base_holds": "yes" if extension else "no",
        "leg.authorization.follows_on": "yes" if extension else "no",
    }
    holds = ridden < (90 if extension else 15) and ridden <= named
    assert answer(PACK, "way-to-work", facts).classified == ("official" if holds else "not official")


@pytest.mark.parametrize(("begins", "said"), [("2019-05-16", "official"), ("2019-05-17", "not official")])
def test_an_extension_follows_on_the_day_after_the_fifteen_or_carries_nobody(begins: str, said: str) -> None:
    left_out = ("leg.authorization.extends", "leg.authorization.base_holds", "leg.authorization.follows_on")
    facts = {name: cell for name, cell in RIDE.items() if name not in left_out}
    first = {"covers": "home to work", "ground": "emergency", "in_writing": "yes", "by_the_head": "yes",
             "reason": "a storm", "for_comfort": "no", "first_impracticable": "no", "approved_on": "2019-05-01",
             "begins_on": "2019-05-01", "expires_on": "2019-05-31", "extends": "none"}  # fmt: skip
    facts |= {f"leg.authorization.extends.{name}": cell for name, cell in first.items()}
    facts |= {"leg.departed_on": "2019-05-20", "leg.authorization.begins_on": begins}
    assert answer(PACK, "way-to-work", facts).classified == said


def test_of_protective_duties_the_heads_approval_in_writing_is_asked_and_that_it_was_not_for_comfort() -> None:
    duties = {"leg.authorization.ground": "protective or police duties", "leg.authorization.reason": "none"}
    facts = {**RIDE, **duties, "leg.authorization.approved_on": "2019-06-01"}
    assert answer(PACK, "way-to-work", facts).classified == "official"
    for field, cell in (("in_writing", "no"), ("by_the_head", "no"), ("for_comfort", "yes")):
        without = {**facts, f"leg.authorization.{field}": cell}
        assert answer(PACK, "way-to-work", without).classified == "not official"


@pytest.mark.parametrize(
    ("changed", "said"),
    [({}, "shares the leg"), ({"same_way": "no"}, "not official"), ({"leg.further": "yes"}, "not official"),
     ({"sharing_agreed": "no"}, "not official"), ({"leg.driven_for_somebody": "no"}, "not official"),
     ({"role": "city staff", "same_way": "no"}, "shares the leg")],
)  # fmt: skip
def test_a_relative_shares_the_ride_from_the_same_door_to_the_same_door_or_not_at_all(
    changed: dict[str, str], said: str
) -> None:
    assert answer(PACK, "way-to-work", {**GUEST, **changed}).classified == said


def test_whether_it_was_for_comfort_is_asked_of_the_inspector_general() -> None:
    facts = {name: cell for name, cell in RIDE.items() if not name.endswith("for_comfort")}
    open_ = answer(PACK, "way-to-work", facts)
    assert open_.outcome.value == "undetermined"
    assert [(each.field, each.held_by) for each in open_.missing] == [("for_comfort", "the inspector general")]


def test_nobody_is_told_that_a_person_may_not_be_protected() -> None:
    assert {each.permission for policy in PACK.policies for each in policy.versions} == {None}
