"""Two states of a law: the smallest record that they answer otherwise, or the proof that there is none."""

import pytest

from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.language.ast import Policy
from custodiet.proofs.equivalence import Difference, State, difference
from custodiet.proofs.smt.solver import CameOut
from custodiet.records import core_types
from tests.meaning import law

TRIP = {"for_each": "trip", "on": "departed_on"}


def between(old: str | Policy, new: str | Policy, **head: str) -> Difference:
    before, after = (each if isinstance(each, Policy) else law(each, **head) for each in (old, new))
    return difference(State(before, [before]), State(after, [after]), core_types())


FARE = "Rule 1\nwhen leg.purpose = 'personal'\nowes {} from occupant\n\nRule 2\nwhen leg.purpose != 'personal'\nowes 0"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("leg.full_coach_fare / 2", "leg.full_coach_fare * 0.5"),
        ("min(leg.full_coach_fare, leg.operating_cost)", "min(leg.operating_cost, leg.full_coach_fare)"),
        ("10.001", "10"),
    ],
)
def test_the_same_law_in_other_words_is_proved_to_be_the_same(old: str, new: str) -> None:
    assert between(FARE.format(old), FARE.format(new)).came_out is CameOut.PROVED


def test_a_changed_amount_is_shown_by_the_smallest_record_that_is_told_otherwise() -> None:
    found = between(FARE.format("leg.full_coach_fare"), FARE.format("leg.full_coach_fare / 2"))
    assert dict(found.example) == {"leg.purpose": "personal", "leg.full_coach_fare": "1.00"}
    assert found.before is not None
    assert found.after is not None
    assert [debt.amount.digits for debt in (*found.before.debts, *found.after.debts)] == ["1.00", "0.50"]


def test_a_new_exception_is_shown_by_a_record_it_covers() -> None:
    exception = FARE + "\n\nRule 3\nexception to 1\nin force 2024-03-01 ..\nwhen role = 'detail' and on_duty\nowes 0"
    found = between(FARE.format("10"), exception.format("10"))
    assert dict(found.example) == {
        "leg.purpose": "personal",
        "role": "detail",
        "on_duty": "yes",
        "leg.departed_on": "2024-03-01",
    }
    assert (found.before and found.before.outcome, found.after and found.after.outcome) == (
        Outcome.OWES,
        Outcome.NOTHING_DUE,
    )


def test_a_law_that_came_into_force_later_leaves_a_gap_before() -> None:
    found = between("Rule 1\npermits", "Rule 1\nin force 2024-01-01 ..\npermits")
    assert (found.before and found.before.outcome, found.after and found.after.outcome) == (
        Outcome.PERMITTED,
        Outcome.NO_RULE,
    )


def test_a_new_contradiction_is_a_difference() -> None:
    found = between("Rule 1\npermits", "Rule 1\npermits\n\nRule 2\nwhen role = 'crew'\nforbids")
    assert dict(found.example) == {"role": "crew"}
    assert found.after is not None
    assert found.after.outcome is Outcome.CONFLICT


def test_another_payer_or_class_is_a_difference_and_another_number_of_the_rule_is_none() -> None:
    city = "Rule 1\nowes 5 from 'city'"
    assert between(city, "Rule 1\nowes 5 from occupant").came_out is CameOut.REFUTED
    assert between(city, "Rule 2\nowes 5 from 'city'").came_out is CameOut.PROVED
    assert between("Rule 1\nis 'a'\nowes 0", "Rule 1\nis 'a'").came_out is CameOut.REFUTED


def test_what_another_policy_gives_otherwise_changes_what_rests_on_it() -> None:
    character = "Rule 1\nwhen out_of_city\nis 'x'\n\nRule 2\nwhen not out_of_city\nis 'y'"
    otherwise = character.replace("when out_of_city", "when out_of_city and protectee = answerable").replace(
        "when not out_of_city", "when not (out_of_city and protectee = answerable)"
    )
    givers = [law(each, policy="small/character", gives="trip.nature", **TRIP) for each in (character, otherwise)]
    rules = "Rule 1\nwhen nature = 'x'\npermits\n\nRule 2\nwhen nature = 'y'\nforbids"
    states = [State(asked, [giver, asked]) for giver in givers for asked in [law(rules, giver, **TRIP)]]
    assert difference(states[0], states[0], core_types()).came_out is CameOut.PROVED
    found = difference(states[0], states[1], core_types())
    assert found.came_out is CameOut.REFUTED
    assert {found.before and found.before.outcome, found.after and found.after.outcome} == {
        Outcome.PERMITTED,
        Outcome.FORBIDDEN,
    }


@pytest.mark.parametrize(
    ("rule", "old", "new", "cells"),
    [
        ("owes sum(leg.cost) from 'x'", "leg.cost = full_coach_fare", "leg.cost = full_coach_fare * 2",
         {"leg.0.full_coach_fare": "1.00"}),
        ("owes 10 from pays", "trip.pays = protectee", "trip.pays = answerable", {"protectee": "protectee"}),
    ],
)  # fmt: skip
def test_the_same_words_are_another_law_where_a_name_in_them_is_defined_otherwise(
    rule: str, old: str, new: str, cells: dict[str, str]
) -> None:
    before, after = (f"define\n{each}\n\nRule 1\n{rule}" for each in (old, new))
    found = between(before, after, **TRIP)
    assert found.came_out is CameOut.REFUTED
    assert dict(found.example) == cells
    assert between(before, before, **TRIP).came_out is CameOut.PROVED
