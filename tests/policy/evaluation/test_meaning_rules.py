"""Which rules cover, stand and answer (DESIGN §5, Meaning)."""

import pytest

from custodiet.policy.evaluation.result import Displaced, Missing, Outcome
from tests.meaning import UNIT, answers, decided, owed, problems_of

# `and or not` are Kleene's; = compares values, none equals none; is none asks for the mark; order with none is no.


def test_a_no_settles_an_and_whatever_else_is_unknown() -> None:
    result = decided("Rule 1\nwhen on_duty and role = 'guest'\npermits", "seat S1: role = unknown")
    assert (result.outcome, result.missing) == (Outcome.NO_RULE, ())


def test_a_yes_settles_an_or_whatever_else_is_unknown() -> None:
    result = decided("Rule 1\nwhen on_duty or leg.purpose = 'personal'\npermits", "seat S1: on_duty = unknown")
    assert (result.outcome, result.because) == (Outcome.PERMITTED, ("1",))


def test_not_unknown_is_unknown() -> None:
    result = decided("Rule 1\nwhen not on_duty\npermits", "seat S1: on_duty = unknown")
    assert answers(result) == {"permitted", "no rule"}


def test_two_fields_that_are_none_are_equal() -> None:
    rules = "Rule 1\nwhen leg.certified_on = leg.trip.departed_on\npermits"
    assert decided(rules, "leg L1: trip = none").outcome is Outcome.PERMITTED


def test_none_is_another_answer_than_any_value() -> None:
    assert decided("Rule 1\nwhen leg.certified_on = leg.departed_on\npermits").outcome is Outcome.NO_RULE
    assert decided("Rule 1\nwhen leg.certified_on != leg.departed_on\npermits").outcome is Outcome.PERMITTED


def test_with_something_unknown_equality_is_unknown() -> None:
    result = decided("Rule 1\nwhen leg.certified_on = leg.departed_on\npermits", "leg L1: certified_on = unknown")
    assert answers(result) == {"permitted", "no rule"}
    assert result.missing == (Missing("L1", "certified_on", UNIT),)


def test_whether_an_unknown_field_is_none_is_unknown_where_it_may_be_none() -> None:
    result = decided("Rule 1\nwhen leg.certified_on is none\npermits", "leg L1: certified_on = unknown")
    assert answers(result) == {"permitted", "no rule"}


def test_an_unknown_field_that_may_not_be_none_is_not_none() -> None:
    result = decided("Rule 1\nwhen leg.purpose is none\npermits", "leg L1: purpose = unknown")
    assert (result.outcome, result.missing) == (Outcome.NO_RULE, ())


@pytest.mark.parametrize("compared", ["<", "<=", ">", ">="])
def test_an_order_comparison_with_none_is_no_even_against_unknown(compared: str) -> None:
    unknown = "leg L1: departed_on = unknown"
    rules = f"Rule 1\nwhen leg.certified_on {compared} leg.departed_on\npermits"
    assert decided(rules, unknown).outcome is Outcome.NO_RULE
    turned = f"Rule 1\nwhen not leg.certified_on {compared} leg.departed_on\npermits"
    assert decided(turned, unknown).outcome is Outcome.PERMITTED


@pytest.mark.parametrize(
    ("certified_on", "outcome"),
    [
        ("2023-04", Outcome.PERMITTED),
        ("2023-05-02/2023-06", Outcome.NO_RULE),
        ("2023-05", Outcome.UNDETERMINED),
    ],
)
def test_a_date_known_to_a_period_compares_yes_if_every_day_does_and_no_if_none_does(
    certified_on: str, outcome: Outcome
) -> None:
    rules = "Rule 1\nwhen leg.certified_on < leg.departed_on\npermits"
    assert decided(rules, f"leg L1: certified_on = {certified_on}").outcome is outcome


def test_nothing_may_test_for_unknown() -> None:
    assert problems_of("Rule 1\nwhen role is unknown\npermits") == ["syntax"]


# A rule covers a record …


def test_a_rule_without_a_condition_always_covers() -> None:
    result = decided("Rule 1\nowes 10 from occupant", "seat S1: role = unknown")
    assert (owed(result), result.because) == ([("P1", "10.00")], ("1",))


@pytest.mark.parametrize(
    ("departed_on", "outcome"),
    [
        ("2019-12-31", Outcome.NO_RULE),
        ("2020-01-01", Outcome.PERMITTED),
        ("2020-12-31", Outcome.PERMITTED),
        ("2021-01-01", Outcome.NO_RULE),
    ],
)
def test_both_the_first_and_the_last_day_of_a_rule_count(departed_on: str, outcome: Outcome) -> None:
    rules = "Rule 1\nin force 2020-01-01 .. 2020-12-31\npermits"
    assert decided(rules, f"leg L1: departed_on = {departed_on}").outcome is outcome


def test_an_exception_covers_only_where_its_rule_covers() -> None:
    rules = (
        "Rule 1\nwhen leg.purpose = 'campaign'\nowes 10 from occupant\n\nRule 2\nexception to 1\nowes 5 from occupant"
    )
    assert decided(rules).outcome is Outcome.NO_RULE
    assert owed(decided(rules, "leg L1: purpose = campaign")) == [("P1", "5.00")]


def test_an_exception_to_two_rules_is_an_exception_inside_each() -> None:
    rules = """
    Rule 1
    when leg.purpose = 'personal'
    owes 10 from occupant

    Rule 2
    when leg.purpose = 'campaign'
    owes 20 from 'campaign committee'

    Rule 3
    exception to 1, 2
    when on_duty
    owes 0
    """
    for purpose in ("personal", "campaign"):
        on_duty = decided(rules, f"leg L1: purpose = {purpose}\nseat S1: on_duty = yes")
        assert (on_duty.outcome, on_duty.because) == (Outcome.NOTHING_DUE, ("3",))
    assert decided(rules, "leg L1: purpose = official\nseat S1: on_duty = yes").outcome is Outcome.NO_RULE


def test_a_rule_with_a_beginning_may_or_may_not_be_in_force_on_an_unknown_day() -> None:
    result = decided("Rule 1\nin force 2020-01-01 ..\npermits", "leg L1: departed_on = unknown")
    assert answers(result) == {"permitted", "no rule"}
    assert result.missing == (Missing("L1", "departed_on", UNIT),)


def test_a_rule_with_both_sides_blank_is_in_force_on_an_unknown_day() -> None:
    assert decided("Rule 1\npermits", "leg L1: departed_on = unknown").outcome is Outcome.PERMITTED


@pytest.mark.parametrize(("departed_on", "cents"), [("2020-12-31", "10.00"), ("2021-01-01", "20.00")])
def test_each_day_has_the_version_of_a_rule_that_is_then_in_force(departed_on: str, cents: str) -> None:
    rules = """
    Rule 1
    in force .. 2020-12-31
    owes 10 from occupant

    Rule 1
    in force 2021-01-01 ..
    owes 20 from occupant
    """
    assert owed(decided(rules, f"leg L1: departed_on = {departed_on}")) == [("P1", cents)]


def test_an_exception_is_one_to_the_version_of_its_rule_that_is_in_force() -> None:
    rules = """
    Rule 1
    in force .. 2020-12-31
    when leg.purpose = 'personal'
    owes 10 from occupant

    Rule 1
    in force 2021-01-01 ..
    when leg.purpose = 'campaign'
    owes 20 from occupant

    Rule 2
    exception to 1
    owes 5 from occupant
    """
    assert decided(rules, "leg L1: departed_on = 2020-06-01").because == ("2",)
    assert decided(rules, "leg L1: departed_on = 2021-06-01").outcome is Outcome.NO_RULE


# Rank.


def test_a_rule_that_prevails_inherits_nothing_from_the_rule_it_displaces() -> None:
    rules = """
    Rule 1
    when leg.purpose = 'campaign'
    forbids

    Rule 2
    prevails over 1
    permits
    """
    assert decided(rules).because == ("2",)
    both = decided(rules, "leg L1: purpose = campaign")
    assert (both.because, both.displaced) == (("2",), (Displaced("1", "2"),))


def test_rank_goes_on_through_a_rule_that_does_not_cover() -> None:
    rules = """
    Rule 1
    prevails over 2
    permits

    Rule 2
    prevails over 3
    when on_duty
    permits

    Rule 3
    forbids
    """
    result = decided(rules)
    assert (result.outcome, result.because) == (Outcome.PERMITTED, ("1",))


def test_an_exception_outranks_what_the_rule_it_lives_in_outranks() -> None:
    rules = """
    Rule 1
    forbids

    Rule 2
    prevails over 1
    forbids

    Rule 3
    exception to 2
    permits
    """
    result = decided(rules)
    assert (result.outcome, result.because) == (Outcome.PERMITTED, ("3",))


def test_an_exception_is_outranked_by_what_outranks_the_rule_it_lives_in() -> None:
    rules = """
    Rule 1
    forbids

    Rule 2
    exception to 1
    forbids

    Rule 3
    prevails over 1
    permits
    """
    result = decided(rules)
    assert (result.outcome, result.because) == (Outcome.PERMITTED, ("3",))


RANKED_EXCEPTION = """
Rule 1
forbids

Rule 2
exception to 1
prevails over 3
when on_duty
forbids

Rule 3
permits
"""


def test_a_rank_written_in_an_exception_does_not_raise_the_rule_it_lives_in() -> None:
    assert decided(RANKED_EXCEPTION).outcome is Outcome.CONFLICT
    assert decided(RANKED_EXCEPTION, "seat S1: on_duty = yes").because == ("2",)


def test_a_rank_over_an_exception_does_not_touch_the_rule_it_lives_in() -> None:
    rules = """
    Rule 1
    forbids

    Rule 2
    exception to 1
    when on_duty
    forbids

    Rule 3
    prevails over 2
    permits
    """
    assert decided(rules).outcome is Outcome.CONFLICT
    on_duty = decided(rules, "seat S1: on_duty = yes")
    assert (on_duty.outcome, on_duty.because) == (Outcome.PERMITTED, ("3",))


def test_rules_that_displace_one_another_in_a_circle_are_an_error() -> None:
    rules = """
    Rule 1
    prevails over 2
    permits

    Rule 2
    exception to 3
    permits

    Rule 3
    exception to 1
    permits
    """
    assert problems_of(rules) == ["cycle"]


def test_an_exception_may_not_prevail_over_what_outranks_the_rule_it_lives_in() -> None:
    # Rule 1 outranks rule 2, so also what lives in rule 2.
    rules = """
    Rule 1
    prevails over 2
    permits

    Rule 2
    permits

    Rule 3
    exception to 2
    prevails over 1
    permits
    """
    assert problems_of(rules) == ["cycle"]


def test_a_rank_is_written_in_a_box_and_ends_with_it() -> None:
    # Since 2021 rule 2 says nothing of rule 3; that rule 1 still prevails over rule 2 does not bring it back.
    rules = """
    Rule 1
    prevails over 2
    permits

    Rule 2
    in force .. 2020-12-31
    prevails over 3
    permits

    Rule 2
    in force 2021-01-01 ..
    permits

    Rule 3
    forbids
    """
    assert decided(rules, "leg L1: departed_on = 2020-06-01").because == ("1",)
    assert decided(rules, "leg L1: departed_on = 2021-06-01").outcome is Outcome.CONFLICT


# A rule stands …


def test_what_was_displaced_does_not_come_back_when_its_displacer_is_displaced() -> None:
    rules = """
    Rule 1
    owes 10 from occupant

    Rule 2
    exception to 1
    owes 20 from occupant

    Rule 3
    exception to 2
    owes 0
    """
    result = decided(rules)
    assert (result.outcome, result.because) == (Outcome.NOTHING_DUE, ("3",))
    assert set(result.displaced) == {Displaced("1", "2"), Displaced("2", "3")}


# With every fact known, the rules that stand answer …


def test_where_no_rule_stands_no_rule_answers() -> None:
    result = decided("Rule 1\nwhen on_duty\npermits")
    assert (result.outcome, result.because) == (Outcome.NO_RULE, ())


def test_where_all_rules_say_the_same_that_is_the_answer_because_of_them_all() -> None:
    result = decided("Rule 1\nowes 10 from occupant\n\nRule 2\nowes 10 from occupant")
    assert (owed(result), set(result.because)) == ([("P1", "10.00")], {"1", "2"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("owes 10 from occupant", "owes 20 from occupant"),
        ("owes 10 from occupant", "owes 10 from 'city'"),
        ("owes 10 from occupant", "owes 0"),
        ("permits", "forbids"),
        ("is 'campaign'", "is 'official'"),
        ("owes 10 from occupant\npermits", "owes 10 from occupant"),
        ("owes 10 from occupant, rest of 20 from 'city'", "owes 10 from 'city', rest of 30 from occupant"),
    ],
)
def test_where_two_rules_differ_in_any_part_they_conflict(one: str, other: str) -> None:
    result = decided(f"Rule 1\n{one}\n\nRule 2\n{other}")
    assert (result.outcome, result.missing) == (Outcome.CONFLICT, ())


def test_an_amount_of_nothing_has_no_payer() -> None:
    rules = """
    Rule 1
    owes leg.full_coach_fare from occupant

    Rule 2
    owes leg.full_coach_fare from 'city'

    Rule 3
    owes 0
    """
    result = decided(rules, "leg L1: full_coach_fare = 0")
    assert (result.outcome, result.debts, set(result.because)) == (Outcome.NOTHING_DUE, (), {"1", "2", "3"})


def test_the_order_in_which_payers_are_named_makes_no_other_answer() -> None:
    rules = (
        "Rule 1\nowes 10 from occupant, rest of 30 from 'city'\n\nRule 2\nowes 20 from 'city', rest of 30 from occupant"
    )
    assert owed(decided(rules)) == [("P1", "10.00"), ("city", "20.00")]


def test_a_rule_may_say_several_things_at_once() -> None:
    result = decided("Rule 1\nowes 10 from occupant\nforbids\nis 'personal'")
    assert (result.outcome, owed(result), result.permission, result.classified) == (
        Outcome.FORBIDDEN, [("P1", "10.00")], "forbidden", "personal",
    )  # fmt: skip


def test_what_outranks_an_exception_outranks_what_its_rule_outranks() -> None:
    # The exception has the rank of rule 1, which does not cover here; rank goes on through it all the same.
    rules = """
    Rule 1
    prevails over 2
    when on_duty
    permits

    Rule 1a
    exception to 1
    permits

    Rule 2
    forbids

    Rule 3
    prevails over 1a
    permits
    """
    assert decided(rules).because == ("3",)


def test_a_rank_that_follows_through_a_rule_ends_with_that_rule() -> None:
    # Rule 2 covers nothing, and carries the rank of 1 over 3 all the same, as long as it is in force.
    rules = """
    Rule 1
    prevails over 2
    permits

    Rule 2
    in force .. 2023-05-01
    prevails over 3
    when on_duty
    forbids

    Rule 3
    forbids
    """
    until = decided(rules, "leg L1: departed_on = 2023-05-01")
    assert (until.outcome, until.because) == (Outcome.PERMITTED, ("1",))
    assert decided(rules, "leg L1: departed_on = 2023-05-02").outcome is Outcome.CONFLICT
    either = decided(rules, "leg L1: departed_on = 2023-05")
    assert answers(either) == {"permitted", "conflict"}


def test_a_rank_that_follows_through_two_rules_ends_with_either() -> None:
    chain = "Rule 1\nprevails over 2\npermits\n\n" + "\n\n".join(
        f"Rule {number}\nin force {period}\nprevails over {number + 1}\nwhen on_duty\nforbids"
        for number, period in ((2, "2023-02-01 .. 2023-06-30"), (3, "2023-04-01 .. 2023-08-31"))
    )
    rules = f"{chain}\n\nRule 4\nforbids"
    found = {
        day: decided(rules, f"leg L1: departed_on = {day}").outcome
        for day in ("2023-03-31", "2023-04-01", "2023-06-30", "2023-07-01")
    }
    assert found == {
        "2023-03-31": Outcome.CONFLICT, "2023-04-01": Outcome.PERMITTED,
        "2023-06-30": Outcome.PERMITTED, "2023-07-01": Outcome.CONFLICT,
    }  # fmt: skip
