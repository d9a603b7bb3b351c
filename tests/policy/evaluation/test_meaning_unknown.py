"""What is answered where facts are unknown, and what other policies give (DESIGN §5, Meaning)."""

import pytest

from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from tests.meaning import COMPTROLLER, EVERYTHING_KNOWN, OFFICE, UNIT, answers, between, decided, law, owed, world

# With unknown facts …

BY_PURPOSE = """
Rule 1
when leg.purpose = 'official'
owes 0

Rule 2
when leg.purpose in ('campaign', 'political')
owes 100 from 'campaign committee'

Rule 3
when leg.purpose = 'personal'
owes leg.full_coach_fare from occupant
"""


def test_an_unknown_purpose_leaves_the_least_and_the_greatest_amount_of_all_purposes() -> None:
    result = decided(BY_PURPOSE, "leg L1: purpose = unknown")
    assert (between(result), answers(result)) == (("0.00", "412.00"), {"no rule"})  # no rule speaks of *mixed*
    assert result.missing == (Missing("L1", "purpose", UNIT),)
    assert set(result.unsettled) == {"1", "2", "3"}


def test_where_every_purpose_gives_the_same_answer_that_is_the_answer() -> None:
    rules = """
    Rule 1
    when leg.purpose = 'personal'
    owes 10 from occupant

    Rule 2
    when leg.purpose != 'personal'
    owes 10 from occupant
    """
    result = decided(rules, "leg L1: purpose = unknown")
    assert (owed(result), result.missing, result.unsettled) == ([("P1", "10.00")], (), ())


def test_a_fact_is_the_same_in_all_rules() -> None:
    rules = """
    Rule 1
    when on_duty
    permits

    Rule 2
    when not on_duty
    forbids
    """
    assert answers(decided(rules, "seat S1: on_duty = unknown")) == {"permitted", "forbidden"}


def test_a_list_that_may_be_none_is_none_in_one_of_the_ways() -> None:
    rules = """
    Rule 1
    when leg.offered_or_accepted in ('offered', 'accepted')
    permits

    Rule 2
    when leg.offered_or_accepted is none
    forbids
    """
    assert answers(decided(rules)) == {"permitted", "forbidden"}


@pytest.mark.parametrize("same", ["leg.certified_on < leg.departed_on", "leg.departed_on > leg.certified_on"])
def test_the_same_comparison_of_the_same_fields_turns_out_the_same_everywhere(same: str) -> None:
    rules = f"""
    Rule 1
    when leg.certified_on < leg.departed_on
    permits

    Rule 2
    when not ({same})
    permits
    """
    result = decided(rules, "leg L1: certified_on = unknown")
    assert (result.outcome, result.missing) == (Outcome.PERMITTED, ())


def test_two_rules_that_may_both_cover_may_conflict() -> None:
    rules = """
    Rule 1
    when on_duty
    owes 10 from occupant

    Rule 2
    when role = 'guest'
    owes 20 from occupant
    """
    result = decided(rules, "seat S1: on_duty = unknown, role = unknown")
    assert (between(result), answers(result)) == (("10.00", "20.00"), {"no rule", "conflict"})
    assert set(result.missing) == {Missing("S1", "on_duty", UNIT), Missing("S1", "role", UNIT)}


def test_a_date_known_to_a_period_has_one_way_for_each_stretch_with_the_same_rules() -> None:
    rules = (
        "Rule 1\nin force .. 2020-12-31\nowes 10 from occupant\n\nRule 1\nin force 2021-01-01 ..\nowes 20 from occupant"
    )
    result = decided(rules, "leg L1: departed_on = 2020-12/2021-01")
    assert (between(result), answers(result)) == (("10.00", "20.00"), set())
    assert result.missing == (Missing("L1", "departed_on", UNIT),)
    assert owed(decided(rules, "leg L1: departed_on = 2020-11/2020-12")) == [("P1", "10.00")]


def test_the_date_is_one_fact_in_force_and_in_every_condition() -> None:
    rules = """
    Rule 1
    in force .. 2020-12-31
    owes 10 from occupant

    Rule 2
    when leg.departed_on >= 2021-01-01
    owes 10 from occupant
    """
    result = decided(rules, "leg L1: departed_on = 2020-12/2021-01")
    assert (owed(result), result.missing) == ([("P1", "10.00")], ())


def test_a_fact_that_a_possible_amount_reads_is_missing_too() -> None:
    rules = """
    Rule 1
    when not on_duty
    owes 0

    Rule 2
    when on_duty
    owes leg.full_coach_fare from occupant
    """
    result = decided(rules, "seat S1: on_duty = unknown\nleg L1: full_coach_fare = unknown")
    assert between(result) == ("0.00", None)
    assert set(result.missing) == {Missing("S1", "on_duty", UNIT), Missing("L1", "full_coach_fare", COMPTROLLER)}


def test_an_amount_that_may_decide_a_conflict_is_missing_too() -> None:
    # Were the seat's occupant on duty, rules 2 and 3 would conflict, or agree if the fare were nothing.
    rules = """
    Rule 1
    owes 0

    Rule 2
    when on_duty
    owes 0

    Rule 3
    when on_duty
    owes leg.full_coach_fare from occupant
    """
    result = decided(rules, "seat S1: on_duty = unknown\nleg L1: full_coach_fare = unknown")
    assert (between(result), answers(result)) == (("0.00", "0.00"), {"conflict"})
    assert set(result.missing) == {Missing("S1", "on_duty", UNIT), Missing("L1", "full_coach_fare", COMPTROLLER)}


def test_a_fact_on_which_nothing_turns_is_not_missing() -> None:
    rules = """
    Rule 1
    permits

    Rule 2
    prevails over 1
    when on_duty
    forbids

    Rule 3
    prevails over 2
    forbids
    """
    result = decided(rules, "seat S1: on_duty = unknown")
    assert (result.outcome, result.because, result.missing) == (Outcome.FORBIDDEN, ("3",), ())


def test_an_answer_of_facts_of_several_records_turns_on_each_of_them() -> None:
    # On whichever leg the protectee is aboard: of two seats whose roles are unknown either may be the one.
    facts = EVERYTHING_KNOWN + "seat S2: leg = L1, role = unknown\nseat S1: role = unknown\n"
    rules = """
    Rule 1
    when any(seat where role = 'protectee')
    permits

    Rule 2
    when all(seat where role != 'protectee')
    permits
    """
    result = decided(rules, facts=facts, complete=("seat",), for_each="leg", on="departed_on")
    assert (result.outcome, result.missing) == (Outcome.PERMITTED, ())


# A policy's answer as a field of another.

CHARACTER = """
Rule 1
when out_of_city
is 'campaign'

Rule 2
when departed_on < 2023-01-01
is 'official'
"""
READS_IT = """
Rule 1
when leg.trip.character = 'campaign'
owes 10 from occupant

Rule 2
when leg.trip.character is none
owes 20 from occupant
"""


def two_layers(but: str) -> Result:
    """What the second law says of seat S1, reading the character that the first gives the trip."""
    giving = law(CHARACTER, policy="small/character", for_each="trip", on="departed_on", gives="trip.character")
    reading = law(READS_IT, giving)
    known = world(EVERYTHING_KNOWN + but)
    return Evaluator((giving, reading), known).decide(reading, known.find("seat", "S1"))


def test_a_class_that_one_policy_gives_is_a_field_for_another() -> None:
    assert owed(two_layers("")) == [("P1", "10.00")]


def test_where_no_rule_gives_a_class_the_field_is_none() -> None:
    assert owed(two_layers("trip T1: out_of_city = no")) == [("P1", "20.00")]


def test_where_the_class_is_undetermined_the_field_is_unknown_for_want_of_the_same_facts() -> None:
    result = two_layers("trip T1: out_of_city = unknown")
    assert (between(result), answers(result)) == (("10.00", "20.00"), {"no rule"})  # none speaks of *official*
    assert result.missing == (Missing("T1", "out_of_city", OFFICE),)


def test_where_rules_conflict_over_the_class_the_field_itself_is_missing_and_the_issuer_holds_it() -> None:
    result = two_layers("trip T1: departed_on = 2022-05-01")
    assert (between(result), answers(result)) == (("10.00", "20.00"), {"no rule"})
    assert [(each.record, each.field) for each in result.missing] == [("T1", "character")]
    assert "issues the policy" in result.missing[0].held_by


def test_an_order_comparison_that_every_amount_meets_is_still_open_where_there_may_be_none() -> None:
    rules = "Rule 1\nwhen recovered >= 0\npermits"
    facts = "voucher S1: incurred_on = 2023-05-02\n"
    policy = law(rules, for_each="voucher", on="incurred_on")
    known = world(facts)
    result = Evaluator((policy,), known).decide(policy, known.find("voucher", "S1"))
    assert answers(result) == {"no rule", "permitted"}


def test_above_4096_ways_the_versions_of_every_possible_day_count() -> None:
    # Eight roles, five purposes, three questions of yes or no, four bases, three owners, five sorts of vehicle.
    every = """
        role = 'guest' or leg.purpose = 'official' or on_duty or leg.home_to_work or leg.trip.out_of_city
        or basis = 'written later' or leg.vehicle.owner = 'city' or leg.vehicle.sort = 'car'
    """
    when = " ".join(every.split())
    rules = f"""
    Rule 1
    in force .. 2020-12-31
    when {when}
    owes 10 from occupant

    Rule 1
    in force 2021-01-01 ..
    when {when}
    owes 20 from occupant
    """
    result = decided(rules, facts="seat S1: leg = L1\nleg L1: trip = T1, vehicle = V1\n")
    assert between(result) == ("10.00", "20.00")


def test_a_rule_that_stands_in_no_way_and_keeps_nothing_down_is_not_unsettled() -> None:
    rules = """
    Rule 1
    prevails over 3
    owes 10 from occupant

    Rule 2
    exception to 1
    when on_duty
    owes 0

    Rule 3
    when not on_duty
    owes 20 from occupant
    """
    result = decided(rules, "seat S1: on_duty = unknown")
    assert between(result) == ("0.00", "10.00")
    assert result.unsettled == ("2",)
    assert result.missing == (Missing("S1", "on_duty", UNIT),)
