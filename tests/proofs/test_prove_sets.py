"""What is proved where rules ask about sets of records: seats of a leg, days of a trip, events of a day."""

from custodiet.policy.language.document import read_document
from custodiet.proofs.prove import CameOut, Proving
from tests.house import every_type
from tests.meaning import document, law
from tests.proving import TRIP, asked, claimed, dead, found, gaps


def test_a_seat_is_one_of_the_seats_of_its_leg() -> None:
    rules = "Rule 1\npermits\n\nRule 2\nwhen role = 'crew' and not any(leg.seat where role = 'crew')\nforbids"
    assert dead(law(rules)) == ["2"]


def test_all_of_an_empty_set_is_yes_and_any_of_it_is_no() -> None:
    rules = """
    Rule 1
    when any(voucher where receipt)
    permits

    Rule 2
    when all(voucher where not receipt)
    forbids
    """
    trip = {"for_each": "trip", "on": "departed_on"}
    assert gaps(rules, **trip) == []
    assert found(law(rules, **trip), "conflict") == []
    assert gaps(rules.replace("when all(voucher", "when any(voucher"), **trip) != []


def test_one_record_can_be_in_two_sets() -> None:
    rules = """
    Rule 1
    permits

    Rule 2
    when any(voucher where serves is not none and not serves.out_of_city) and not any(advance_voucher)
    permits

    Rule 3
    when any(advance_voucher where trip is not none) and not any(voucher) and count(advance_voucher) < 2
    permits
    """
    assert dead(law(rules, **TRIP)) == []


def test_a_chain_of_records_without_end_is_cut_where_the_evaluator_can_follow() -> None:
    rules = """
    Rule 1
    when continues is none
    permits

    Rule 2
    when any(protectee.trip where continues.out_of_city)
    forbids
    """
    (example,) = found(law(rules, **TRIP), "gap")
    assert "out_of_city = no" in example
    # Each of somebody's trips goes on from another of theirs: that can never be, and no small world shows that it can.
    without_end = "all(protectee.trip where continues is not none and continues.protectee = protectee)"
    policy = law(f"Rule 1\npermits\n\nRule 2\nwhen {without_end}\nforbids", **TRIP)
    assert [proof.came_out for proof in asked(policy, "dead rule")] == [CameOut.PROVED, CameOut.UNDECIDED]


def test_a_trip_has_the_days_from_its_first_to_its_last() -> None:
    rules = "Rule 1\npermits\n\nRule 2\nwhen {}\nforbids"
    assert dead(law(rules.format("not any(day where date = departed_on)"), **TRIP)) == ["2"]
    assert dead(law(rules.format("not any(day where date = returned_on)"), **TRIP)) == ["2"]
    assert dead(law(rules.format("any(day where date > returned_on)"), **TRIP)) == ["2"]
    assert dead(law(rules.format("count(day) != returned_on - departed_on + 1 days"), **TRIP)) == ["2"]
    assert dead(law(rules.format("count(day where date = returned_on) = 1 and count(day) = 3"), **TRIP)) == []


def test_what_happened_on_a_day_happened_within_its_period() -> None:
    day = {"for_each": "day", "on": "date"}
    rules = "Rule 1\npermits\n\nRule 2\nwhen any(event where {})\nforbids"
    assert dead(law(rules.format("starts_on > date"), **day)) == ["2"]
    assert dead(law(rules.format("starts_on < date and ends_on > date"), **day)) == []


def test_more_records_meet_less() -> None:
    rules = "Rule 1\npermits\n\nRule 2\nwhen {}\nforbids"
    more = "count(voucher where receipt and itemised) > count(voucher where receipt)"
    assert dead(law(rules.format(more), **TRIP)) == ["2"]
    assert dead(law(rules.format("sum(voucher.paid where receipt) > sum(voucher.paid)"), **TRIP)) == ["2"]


def test_what_needs_more_records_than_are_searched_is_undecided_and_says_so() -> None:
    policy = law("Rule 1\npermits\n\nRule 2\nwhen count(voucher where receipt) >= 9\nforbids", **TRIP)
    (proof,) = [each for each in Proving(policy, [policy], every_type()).dead() if each.rules == ("2",)]
    assert proof.came_out is CameOut.UNDECIDED
    assert "more than 3 records of one set" in proof.why


def test_where_a_rule_asks_about_a_set_outright_the_records_of_the_set_get_cells() -> None:
    policy = law("Rule 1\nwhen not any(leg.seat where role = 'crew')\npermits")
    assert found(policy, "gap") == ["leg.departed_on = 2024-01-15, role = 'crew'"]
    trip = law("Rule 1\nwhen not any(voucher where cost_class = 'fuel')\npermits", **TRIP)
    assert found(trip, "gap") == ["departed_on = 2024-01-15, voucher.0.cost_class = 'fuel'"]
    none = law("Rule 1\nwhen any(voucher)\npermits", **TRIP)
    assert found(none, "gap") == ["departed_on = 2024-01-15, voucher is none"]


def test_a_claim_about_three_legs_is_refuted_by_three_legs() -> None:
    """A third of a cent is rounded to nothing: for three legs and one voucher of a cent the two rules agree."""
    rules = (
        "define\ntrip.legs = count(leg)\ntrip.spent = sum(voucher.paid)\n\n"
        "Rule 1\nwhen legs > 0\nowes spent / legs from answerable\n\nRule 2\nwhen out_of_city\nowes 0"
    )
    proof = claimed(law(rules, **TRIP), "when out_of_city and legs = 3 and spent > 0 always conflict")
    assert proof.came_out is CameOut.REFUTED
    assert dict(proof.example).items() >= {"legs": "3", "spent": "0.01", "out_of_city": "yes"}.items()


def test_two_policies_may_ask_two_things_of_a_set_in_the_same_words() -> None:
    """A trip with a personal and an official leg: each policy calls another of the two special."""
    definitions = "define\nleg.special = own\nleg.own = purpose = '{}'\n\n"
    given = law(
        definitions.format("personal") + "Rule 1\nwhen any(leg where special)\nis 'x'\n\nRule 2\n"
        "when not any(leg where special)\nis 'y'",
        policy="small/character", gives="trip.nature", **TRIP,
    )  # fmt: skip
    rules = "Rule 1\nwhen nature = 'x' and any(leg where special)\nowes 1 from 'x'\n\nRule 2\nowes 0"
    policy = law(definitions.format("official") + rules, given, **TRIP)
    assert [proof.came_out for proof in asked(policy, "conflict", given)] == [CameOut.REFUTED]
    assert dead(policy, given) == []


def test_a_divisor_that_can_be_zero_for_one_record_of_a_sum_is_found() -> None:
    policy = read_document(
        document("define\nleg.cost = full_coach_fare / (seats - 4)\n\nRule 1\nowes sum(leg.cost) from 'x'", **TRIP),
        "law.md",
    ).policy
    assert policy is not None
    (example,) = found(policy, "division")
    assert "leg.0.seats = 4" in example
