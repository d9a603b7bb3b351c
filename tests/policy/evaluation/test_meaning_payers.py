"""Who owes, where two rules name somebody, and where nobody knows whom a path leads to (DESIGN §5, Meaning)."""

import pytest

from custodiet.policy.evaluation.result import Missing, Outcome
from tests.meaning import UNIT, answers, between, decided, owed


def test_payers_are_compared_by_who_they_are() -> None:
    rules = """
    Rule 1
    owes 10 from occupant

    Rule 2
    owes 10 from leg.trip.protectee
    """
    assert owed(decided(rules)) == [("P1", "10.00")]
    assert decided(rules, "trip T1: protectee = P9").outcome is Outcome.CONFLICT


TWO_PAYERS = "Rule 1\nowes {one}\n\nRule 2\nowes {other}"


def test_a_payer_nobody_knows_leaves_an_answer_determined_that_all_rules_give_by_one_path() -> None:
    rules = TWO_PAYERS.format(one="10 from occupant", other="10 from occupant")
    result = decided(rules, "seat S1: occupant = unknown")
    assert (owed(result), result.missing) == ([("unknown (occupant)", "10.00")], ())


def test_a_payer_whom_a_path_is_known_not_to_lead_to_is_nobody_and_nothing_is_missing() -> None:
    rules = TWO_PAYERS.format(
        one="10 from occupant, rest of 30 from leg.trip.protectee",
        other="20 from leg.trip.protectee, rest of 30 from occupant",
    )
    result = decided(rules, "leg L1: trip = none")
    assert dict(owed(result)) == {"P1": "10.00", "nobody (leg.trip.protectee)": "20.00"}
    assert result.missing == ()
    liable = decided("Rule 1\nowes 10 from occupant else leg.trip.protectee", "leg L1: trip = none")
    assert [debt.liable for debt in liable.debts] == ["nobody (leg.trip.protectee)"]
    unknown = decided("Rule 1\nowes 10 from leg.trip.protectee", "leg L1: trip = unknown")
    assert owed(unknown) == [("unknown (leg.trip.protectee)", "10.00")]


def test_two_paths_to_payers_of_whom_one_is_not_known_may_lead_to_one_person() -> None:
    rules = TWO_PAYERS.format(one="10 from occupant", other="10 from leg.trip.protectee")
    result = decided(rules, "seat S1: occupant = unknown")
    assert (between(result), answers(result)) == (("10.00", "10.00"), {"conflict"})
    assert result.missing == (Missing("S1", "occupant", UNIT),)
    assert owed(decided(rules, "seat S1: occupant = P1")) == [("P1", "10.00")]
    assert decided(rules, "seat S1: occupant = P2").outcome is Outcome.CONFLICT
    of_both = decided(rules, "seat S1: occupant = unknown\ntrip T1: protectee = unknown")
    assert (answers(of_both), {each.field for each in of_both.missing}) == ({"conflict"}, {"occupant", "protectee"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10 from occupant", "12 from leg.trip.protectee"),
        ("10 from occupant", "10 from 'city'"),
        ("10 from occupant, rest of 30 from 'city'", "10 from leg.trip.protectee, rest of 30 from 'fund'"),
        ("10 from occupant, 20 from leg.trip.protectee", "15 from leg.trip.answerable, 15 from 'city'"),
    ],
)
def test_who_a_payer_is_is_not_missing_where_the_rules_differ_whoever_it_is(one: str, other: str) -> None:
    result = decided(TWO_PAYERS.format(one=one, other=other), "seat S1: occupant = unknown")
    assert (result.outcome, result.missing) == (Outcome.CONFLICT, ())


def test_payers_who_are_not_known_may_be_one_person_whose_shares_add_up() -> None:
    rules = TWO_PAYERS.format(one="10 from occupant, 20 from leg.asked_by", other="30 from leg.trip.protectee")
    nobody_known = "seat S1: occupant = unknown\nleg L1: asked_by = unknown"
    result = decided(rules, nobody_known)
    assert (between(result), answers(result)) == (("30.00", "30.00"), {"conflict"})
    assert {each.field for each in result.missing} == {"occupant", "asked_by"}
    # With another person in one of the two places, no one pays 30 by the first rule.
    assert decided(rules, "seat S1: occupant = P2\nleg L1: asked_by = unknown").outcome is Outcome.CONFLICT


def test_a_payer_known_to_be_nobody_is_no_one_else() -> None:
    rules = TWO_PAYERS.format(one="10 from leg.asked_by", other="10 from leg.trip.protectee")
    assert decided(rules, "leg L1: asked_by = none").outcome is Outcome.CONFLICT
    assert decided(rules, "leg L1: asked_by = unknown").outcome is Outcome.UNDETERMINED


def test_whom_two_paths_lead_to_is_missing_beside_an_amount_that_is() -> None:
    rules = TWO_PAYERS.format(one="leg.full_coach_fare from occupant", other="leg.full_coach_fare from leg.asked_by")
    result = decided(rules, "seat S1: occupant = unknown\nleg L1: full_coach_fare = unknown, asked_by = P1")
    assert (between(result), answers(result)) == (("0.00", None), {"conflict"})
    assert {each.field for each in result.missing} == {"occupant", "full_coach_fare"}


def test_among_more_unknown_payers_than_can_be_tried_agreement_is_possible() -> None:
    paths = (
        "occupant", "leg.asked_by", "leg.directed_by", "leg.approved_by",
        *(f"leg.trip.{way}{name}" for way in ("", "continues.") for name in ("protectee", "answerable")),
    )  # fmt: skip
    four, others = (", ".join(f"10 from {path}" for path in some) for some in (paths[:4], paths[4:]))
    rules = TWO_PAYERS.format(one=four, other=others)
    unknown = "seat S1: occupant = unknown\ntrip T1: protectee = unknown, answerable = unknown"
    result = decided(rules, unknown)
    assert (between(result), answers(result)) == (("40.00", "40.00"), {"conflict"})


def test_who_is_liable_too_is_named_with_the_debt_and_makes_no_other_answer() -> None:
    result = decided("Rule 1\nowes 10 from 'campaign committee' else leg.trip.answerable")
    assert [(debt.payer, debt.liable) for debt in result.debts] == [("campaign committee", "P2")]
    rules = """
    Rule 1
    owes 10 from occupant

    Rule 2
    when on_duty
    owes 10 from occupant else 'city'
    """
    assert owed(decided(rules, "seat S1: on_duty = yes")) == [("P1", "10.00")]
    assert owed(decided(rules, "seat S1: on_duty = unknown")) == [("P1", "10.00")]
