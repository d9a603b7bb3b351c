"""Numbers, dates, registers, and what a result names (DESIGN §5, Meaning)."""

import pytest

from custodiet.base.dates import Days
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Displaced, Missing, Outcome
from custodiet.records import core_types
from custodiet.records.facts import Facts, Vouched
from tests.meaning import COMPTROLLER, EVERYTHING_KNOWN, UNIT, answers, between, decided, law, owed, problems_of, world

# A number is a range …


def test_an_unknown_fare_is_anything_from_nothing_upward() -> None:
    result = decided("Rule 1\nowes leg.full_coach_fare from occupant", "leg L1: full_coach_fare = unknown")
    assert (between(result), answers(result), result.unsettled) == (("0.00", None), set(), ())
    assert result.missing == (Missing("L1", "full_coach_fare", COMPTROLLER),)


def test_the_least_of_an_unknown_amount_and_a_known_one_has_the_known_one_as_its_bound() -> None:
    rules = "Rule 1\nowes min(leg.full_coach_fare, 300) from occupant"
    assert between(decided(rules, "leg L1: full_coach_fare = unknown")) == ("0.00", "300.00")
    rules = "Rule 1\nowes max(leg.full_coach_fare, 300) from occupant"
    assert between(decided(rules, "leg L1: full_coach_fare = unknown")) == ("300.00", None)


def test_a_share_by_an_unknown_number_of_seats_is_at_most_the_whole() -> None:
    rules = "Rule 1\nowes leg.operating_cost / leg.seats from occupant"
    assert owed(decided(rules)) == [("P1", "300.00")]
    assert between(decided(rules, "leg L1: seats = unknown")) == ("0.00", "6000.00")


def test_a_comparison_is_settled_where_every_possible_number_settles_it() -> None:
    unknown = "leg L1: seats = unknown, full_coach_fare = unknown"
    assert decided("Rule 1\nwhen leg.seats >= 1\npermits", unknown).outcome is Outcome.PERMITTED
    assert decided("Rule 1\nwhen leg.full_coach_fare < 0\npermits", unknown).outcome is Outcome.NO_RULE
    assert answers(decided("Rule 1\nwhen leg.seats > 1\npermits", unknown)) == {"permitted", "no rule"}


def test_an_unknown_amount_may_differ_from_a_known_one_or_not() -> None:
    rules = """
    Rule 1
    owes leg.full_coach_fare from occupant

    Rule 2
    owes 300 from occupant
    """
    result = decided(rules, "leg L1: full_coach_fare = unknown")
    assert "conflict" in answers(result)
    assert result.missing == (Missing("L1", "full_coach_fare", COMPTROLLER),)


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ("leg.departed_on + 3 days = 2023-05-05", Outcome.PERMITTED),
        ("leg.departed_on - 2 days = 2023-04-30", Outcome.PERMITTED),
        ("leg.trip is not none and leg.departed_on - leg.trip.departed_on = 1", Outcome.PERMITTED),
        ("leg.trip is not none and leg.departed_on + 3 days <= leg.trip.returned_on", Outcome.NO_RULE),
    ],
)
def test_days_are_added_to_dates_and_two_dates_are_days_apart(condition: str, outcome: Outcome) -> None:
    assert decided(f"Rule 1\nwhen {condition}\npermits").outcome is outcome


def test_days_after_a_period_are_a_period() -> None:
    policy = law("Rule 1\nwhen returned_on + 30 days < 2023-07-01\npermits", for_each="trip", on="departed_on")
    assert decided(policy, "trip T1: returned_on = 2023-05").outcome is Outcome.PERMITTED  # 30 June at the latest
    assert decided(policy, "trip T1: returned_on = 2023-05-01/2023-06-01").outcome is Outcome.UNDETERMINED


def test_an_amount_is_rounded_once_at_the_end() -> None:
    rules = "Rule 1\nowes leg.full_coach_fare / 3 * 3 from occupant"
    assert owed(decided(rules, "leg L1: full_coach_fare = 100")) == [("P1", "100.00")]
    assert owed(decided("Rule 1\nowes leg.full_coach_fare / 3 from occupant", "leg L1: full_coach_fare = 100")) == [
        ("P1", "33.33")
    ]


@pytest.mark.parametrize(
    ("rounding", "amount"),
    [
        ("cent, half up", "0.13"),
        ("cent, half even", "0.12"),
        ("cent, half down", "0.12"),
        ("cent, up", "0.13"),
        ("cent, down", "0.12"),
        ("unit, up", "1.00"),
        ("unit, half up", None),
    ],
)
def test_the_head_says_how_an_amount_is_rounded(rounding: str, amount: str | None) -> None:
    rules = "Rule 1\nowes leg.full_coach_fare / 8 from occupant"
    result = decided(rules, "leg L1: full_coach_fare = 1", rounding=rounding)  # 0.125
    assert owed(result) == ([] if amount is None else [("P1", amount)])


def test_amounts_are_compared_after_rounding() -> None:
    rules = """
    Rule 1
    owes leg.full_coach_fare / 3 from occupant

    Rule 2
    owes 33.33 from occupant
    """
    result = decided(rules, "leg L1: full_coach_fare = 100")
    assert (owed(result), set(result.because)) == ([("P1", "33.33")], {"1", "2"})


def test_a_debt_that_is_shared_adds_up_to_the_cent() -> None:
    rules = "Rule 1\nowes leg.full_coach_fare / 3 from occupant, rest of leg.full_coach_fare from 'campaign committee'"
    result = decided(rules, "leg L1: full_coach_fare = 100")
    assert owed(result) == [("P1", "33.33"), ("campaign committee", "66.67")]


def test_a_range_with_one_rounded_value_is_that_amount() -> None:
    # However few or many seats: a cent shared among more than a hundred rounds to nothing.
    rules = "Rule 1\nowes leg.operating_cost / (leg.seats + 100) from occupant"
    result = decided(rules, "leg L1: operating_cost = 0.01, seats = unknown")
    assert (result.outcome, result.debts, result.missing) == (Outcome.NOTHING_DUE, (), ())


def test_dividing_by_what_may_be_nothing_is_an_error_unless_guarded() -> None:
    assert problems_of("Rule 1\nowes 100 / leg.full_coach_fare * 1 from occupant")[0] in {"division", "type"}
    assert problems_of("Rule 1\nwhen 6000 / (leg.seats - 1) > 5\npermits") == ["division"]
    assert problems_of("Rule 1\nwhen leg.seats - 1 > 0 and 6000 / (leg.seats - 1) > 5\npermits") == []


FREE = "leg.seats - 1"


@pytest.mark.parametrize(
    "guard",
    [
        f"{FREE} > 0", f"{FREE} >= 1", f"0 < {FREE}", f"{FREE} > count(leg.seat)", f"{FREE} < 0",
        f"{FREE} != 0", f"not {FREE} = 0", f"{FREE} = 4", f"not {FREE} <= 0", f"not ({FREE} = 0 or on_duty)",
        f"({FREE} > 3 or {FREE} < 0)", "leg.seats > 1", "leg.seats != 1", "1 < leg.seats",
    ],
)  # fmt: skip
def test_a_guard_keeps_zero_out_of_a_divisor(guard: str) -> None:
    assert problems_of(f"Rule 1\nwhen {guard}\nowes leg.operating_cost / ({FREE}) from occupant") == []


@pytest.mark.parametrize(
    "other",
    [
        f"{FREE} < 5", f"{FREE} >= 0", f"{FREE} != 3", f"{FREE} = 0", f"not {FREE} > 0", f"{FREE} < count(leg.seat)",
        f"({FREE} > 3 or on_duty)", f"not ({FREE} = 0 and on_duty)", "leg.seats > 0", "leg.seats != 2",
    ],
)  # fmt: skip
def test_a_comparison_that_zero_meets_guards_nothing(other: str) -> None:
    assert problems_of(f"Rule 1\nwhen {other}\nowes leg.operating_cost / ({FREE}) from occupant") == ["division"]


@pytest.mark.parametrize(
    ("divisor", "guard"),
    [
        ("count(leg.seat where on_duty)", "count(leg.seat where on_duty) > 0"),
        ("count(leg.seat) * (leg.seats - 1)", "count(leg.seat) >= 1 and leg.seats > 1"),
        ("count(leg.seat) + count(leg.seat where on_duty)", "count(leg.seat where on_duty) != 0"),
        ("min(leg.seats, count(leg.seat))", "count(leg.seat) > 0"),
        ("count(leg.seat) / leg.seats", "count(leg.seat) > 0"),
        ("leg.seats - count(leg.seat)", "count(leg.seat) < leg.seats"),
    ],
)
def test_what_keeps_zero_out_of_the_parts_keeps_it_out_of_the_divisor(divisor: str, guard: str) -> None:
    owes = f"owes leg.operating_cost / ({divisor}) from occupant"
    assert problems_of(f"Rule 1\nwhen {guard}\n{owes}") == []
    assert problems_of(f"Rule 1\nwhen on_duty\n{owes}") == ["division"]


def test_what_is_not_none_may_be_zero() -> None:
    """The amount recovered is none or any amount; that it is not none says nothing about zero."""
    owes = "owes paid * (paid / recovered) from officer"
    assert problems_of(f"Rule 1\nwhen recovered is not none\n{owes}", for_each="voucher", on="incurred_on") == [
        "division"
    ]
    assert problems_of(f"Rule 1\nwhen recovered > 0\n{owes}", for_each="voucher", on="incurred_on") == []


def test_arithmetic_on_what_may_be_none_is_an_error_unless_guarded() -> None:
    late = "leg.certified_on + 3 days < leg.departed_on"
    assert problems_of(f"Rule 1\nwhen {late}\npermits") == ["type"]
    assert problems_of(f"Rule 1\nwhen leg.certified_on is not none and {late}\npermits") == []


# Registers that somebody vouches for.

ABOARD = """
Rule 1
when any(leg.seat where role = 'protectee')
permits

Rule 2
when not any(leg.seat where role = 'protectee')
forbids
"""


def test_one_record_that_fits_decides_any_whether_or_not_the_register_is_complete() -> None:
    assert decided(ABOARD, "seat S2: leg = L1, role = protectee").outcome is Outcome.PERMITTED


def test_without_one_that_fits_any_is_no_only_where_the_register_is_complete() -> None:
    assert decided(ABOARD, complete=("seat",)).outcome is Outcome.FORBIDDEN
    open_register = decided(ABOARD)
    assert answers(open_register) == {"permitted", "forbidden"}
    assert open_register.missing == (Missing("L1", "seat", UNIT),)


def test_one_record_that_does_not_fit_decides_all() -> None:
    rules = "Rule 1\nwhen all(leg.seat where role = 'guest')\npermits"
    assert decided(rules, "seat S2: leg = L1, role = crew").outcome is Outcome.NO_RULE
    assert decided(rules, complete=("seat",)).outcome is Outcome.PERMITTED
    assert answers(decided(rules)) == {"permitted", "no rule"}


def test_a_register_is_complete_only_for_the_period_somebody_vouches_for() -> None:
    policy = law(ABOARD)
    for period, outcome in (("2023-05", Outcome.FORBIDDEN), ("2023-06", Outcome.UNDETERMINED)):
        known = world(EVERYTHING_KNOWN)
        vouched = Facts(
            [record for name in ("seat", "leg", "trip") for record in known.of(name)],
            core_types(),
            [Vouched("seat", Days.read(period), "the chief")],
        )
        assert Evaluator((policy,), vouched).decide(policy, vouched.find("seat", "S1")).outcome is outcome


VOUCHERS = """
voucher V1: trip = T1, cost_class = meals, paid = 20
voucher V2: trip = T1, cost_class = lodging, paid = 100.50
voucher V3: trip = T1, cost_class = meals, paid = 30
voucher V4: trip = T9, cost_class = meals, paid = 999
"""
MEALS = "Rule 1\nowes sum(voucher.paid where cost_class = 'meals') from protectee"


def test_records_below_are_counted_and_summed_where_the_register_is_complete() -> None:
    trips = {"for_each": "trip", "on": "departed_on"}
    assert owed(decided(MEALS, VOUCHERS, complete=("voucher",), **trips)) == [("P1", "50.00")]
    counted = "Rule 1\nwhen count(voucher where cost_class = 'meals') = 2\npermits"
    assert decided(counted, VOUCHERS, complete=("voucher",), **trips).outcome is Outcome.PERMITTED


def test_where_nobody_vouches_for_the_register_a_sum_has_no_upper_bound() -> None:
    result = decided(MEALS, for_each="trip", on="departed_on")
    assert between(result) == ("0.00", None)
    assert result.missing == (Missing("T1", "voucher", COMPTROLLER),)


def test_a_sum_over_records_of_which_one_is_in_doubt_is_undetermined_and_says_why() -> None:
    doubtful = f"{VOUCHERS}\nvoucher V3: cost_class = unknown"
    result = decided(MEALS, doubtful, complete=("voucher",), for_each="trip", on="departed_on")
    low, high = between(result)
    assert low in {"0.00", "20.00"}
    assert high in {None, "50.00"}
    assert result.missing == (Missing("V3", "cost_class", COMPTROLLER),)


def test_a_definition_is_read_as_what_it_means() -> None:
    rules = """
    define
    trip.meals = count(voucher where cost_class = 'meals')

    Rule 1
    when leg.trip.meals > 1
    permits
    """
    assert decided(rules, VOUCHERS, complete=("voucher",)).outcome is Outcome.PERMITTED
    result = decided(rules, VOUCHERS.replace("meals", "fuel"))
    assert answers(result) == {"permitted", "no rule"}
    assert result.missing == (Missing("T1", "voucher", COMPTROLLER),)


def test_a_share_whose_digits_never_end_is_told_as_a_fraction() -> None:
    policy = law("""
    define
    leg.share = 2 / (seats + 1)

    Rule 1
    when leg.share < 1
    owes leg.full_coach_fare * leg.share from occupant
    """)
    result = decided(policy, "leg L1: seats = 2, full_coach_fare = 300")
    assert owed(result) == [("P1", "200.00")]
    assert [fact.value for fact in result.read if fact.field == "share"] == ["2/3"]


def test_days_of_a_trip_are_made_from_its_dates_and_need_no_one_to_vouch() -> None:
    rules = "Rule 1\nwhen count(day) = 3\npermits"
    assert decided(rules, for_each="trip", on="departed_on").outcome is Outcome.PERMITTED


DATED_TO_A_FEW_DAYS = "trip T1: departed_on = 2023-04-30/2023-05-01, returned_on = 2023-05-03/2023-05-05"


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ("count(day) >= 3", Outcome.PERMITTED),
        ("count(day) <= 6", Outcome.PERMITTED),
        ("count(day) > 6", Outcome.FORBIDDEN),
        ("count(day) > 3", Outcome.UNDETERMINED),
        ("count(day) = 6", Outcome.UNDETERMINED),
        ("any(day where date = 2023-05-02)", Outcome.PERMITTED),
        ("any(day where date = 2023-05-04)", Outcome.UNDETERMINED),
        ("any(day where date > 2023-05-05)", Outcome.FORBIDDEN),
        ("all(day where date >= 2023-04-30)", Outcome.PERMITTED),
        ("all(day where date >= 2023-05-01)", Outcome.UNDETERMINED),
        ("count(day where date > 2023-05-02) <= 3", Outcome.PERMITTED),
        ("count(day where any(event where sort = 'campaign')) <= 2", Outcome.PERMITTED),
        ("count(day where any(event where sort = 'campaign')) >= 1", Outcome.PERMITTED),
        ("count(day where any(event where sort = 'campaign')) = 1", Outcome.UNDETERMINED),
    ],
)
def test_of_a_trip_whose_ends_are_known_to_a_few_days_no_more_days_are_possible_than_lie_between(
    condition: str, outcome: Outcome
) -> None:
    """Surely 1 to 3 May; perhaps 30 April, 4 and 5 May too. A rally lasted from 3 to 4 May."""
    rules = f"Rule 1\nwhen {condition}\npermits\n\nRule 2\nwhen not ({condition})\nforbids"
    rally = "event E1: trip = T1, sort = campaign, starts_on = 2023-05-03, ends_on = 2023-05-04"
    but = f"{DATED_TO_A_FEW_DAYS}\n{rally}"
    result = decided(rules, but, complete=("event",), for_each="trip", on="departed_on")
    assert result.outcome is outcome
    dates = {("T1", "departed_on"), ("T1", "returned_on")}
    assert {(each.record, each.field) for each in result.missing} == (
        dates if outcome is Outcome.UNDETERMINED else set()
    )


@pytest.mark.parametrize(
    ("known", "missing", "days"),
    [
        ("starts_on = 2023-05-02", "ends_on", {"2023-05-02"}),
        ("ends_on = 2023-05-02", "starts_on", {"2023-05-02"}),
    ],
)
def test_an_event_of_which_one_end_is_unknown_surely_happened_on_the_other_and_perhaps_beyond(
    known: str, missing: str, days: set[str]
) -> None:
    """The trip lasted from 1 to 3 May."""
    beyond = {"ends_on": "2023-05-03", "starts_on": "2023-05-01"}[missing]
    for day in ("2023-05-01", "2023-05-02", "2023-05-03"):
        rules = f"Rule 1\nwhen any(day where date = {day} and any(event where sort = 'campaign'))\npermits"
        rally = f"event E1: trip = T1, sort = campaign, {known}"
        result = decided(rules, rally, complete=("event",), for_each="trip", on="departed_on")
        expected = "permitted" if day in days else "undetermined" if day == beyond else "no rule"
        assert result.outcome.value == expected
        if day == beyond:
            assert ("E1", missing) in {(each.record, each.field) for each in result.missing}


@pytest.mark.parametrize("end", ["unknown", "2023-04-01"])
def test_of_a_trip_whose_end_nobody_knows_or_that_ends_before_it_begins_any_number_of_days_is_possible(
    end: str,
) -> None:
    rules = "Rule 1\nwhen count(day) <= 1000\npermits"
    result = decided(rules, f"trip T1: returned_on = {end}", for_each="trip", on="departed_on")
    assert answers(result) == {"permitted", "no rule"}


# The result names …


def test_a_result_names_the_rules_that_decided_those_displaced_and_the_fields_read() -> None:
    rules = """
    Rule 1
    when leg.purpose = 'personal'
    owes leg.full_coach_fare from occupant

    Rule 2
    exception to 1
    when role = 'guest'
    owes 5 from occupant
    """
    result = decided(rules)
    assert (result.because, result.displaced) == (("2",), (Displaced("1", "2"),))
    read = {(each.record, each.field): each.value for each in result.read}
    assert read["L1", "purpose"] == "personal"
    assert read["S1", "role"] == "guest"
    assert read["S1", "occupant"] == "P1"


def test_a_rule_that_decides_in_one_place_and_is_displaced_in_another_is_not_called_displaced() -> None:
    # Rule 3 lives in both rules; inside rule 2 it is outranked with rule 2, inside rule 1 it stands.
    rules = """
    Rule 1
    prevails over 2
    forbids

    Rule 2
    forbids

    Rule 3
    exception to 1, 2
    permits
    """
    result = decided(rules)
    assert result.because == ("3",)
    assert {each.rule for each in result.displaced} == {"1", "2"}


def test_in_which_order_two_payers_are_named_makes_no_other_answer() -> None:
    rules = """
    Rule 1
    when on_duty
    owes 10 from occupant, 20 from 'city'

    Rule 2
    when not on_duty
    owes 20 from 'city', 10 from occupant
    """
    assert owed(decided(rules, "seat S1: on_duty = unknown")) == [("P1", "10.00"), ("city", "20.00")]


def test_two_formulas_of_one_unknown_amount_may_turn_out_two_amounts() -> None:
    rules = """
    Rule 1
    owes leg.full_coach_fare from occupant

    Rule 2
    exception to 1
    when on_duty
    owes leg.full_coach_fare / 3 from occupant
    """
    result = decided(rules, "leg L1: full_coach_fare = unknown\nseat S1: on_duty = unknown")
    assert set(result.missing) == {Missing("L1", "full_coach_fare", COMPTROLLER), Missing("S1", "on_duty", UNIT)}
    assert result.unsettled == ("2",)


def test_rules_whose_totals_cannot_be_one_conflict_though_the_parts_are_open() -> None:
    rules = """
    Rule 1
    owes 0

    Rule 2
    owes leg.operating_cost from 'city', rest of max(leg.operating_cost, 5) from 'city'
    """
    for document in (law(rules), law("\n\n".join(part for part in reversed(rules.strip().split("\n\n"))))):
        assert decided(document, "leg L1: operating_cost = unknown").outcome is Outcome.CONFLICT
