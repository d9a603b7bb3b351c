"""What the solver proves, refutes and leaves undecided (DESIGN §5)."""

import pytest

from custodiet.policy.language.ast import Policy
from custodiet.proofs.counterexamples import shown as in_one_line
from custodiet.proofs.prove import CameOut, Proving
from custodiet.proofs.smt.budget import Budget
from custodiet.proofs.smt.confirm import Unconfirmed
from tests.house import every_type
from tests.meaning import law
from tests.policy_documents import POLICIES
from tests.proving import TRIP, asked, claim, claimed, dead, found, gaps

# Contradictions

BOTH = """
Rule 1
when role = 'guest'
{one}

Rule 2
when leg.purpose = 'personal'
{other}
"""


GUEST = "role = 'guest', leg.purpose = 'personal', leg.departed_on = 2024-01-15"


def conflicts(one: str, other: str, **head: str) -> list[str]:
    return found(law(BOTH.format(one=one, other=other), **head), "conflict")


def test_two_rules_that_ask_different_amounts_of_one_seat_contradict_each_other() -> None:
    assert conflicts("owes 10 from occupant", "owes 20 from occupant") == [GUEST]


def test_two_rules_that_ask_the_same_in_other_words_do_not() -> None:
    assert conflicts("owes leg.full_coach_fare / 2 from occupant", "owes leg.full_coach_fare * 0.5 from occupant") == []
    assert conflicts("owes 0", "owes min(leg.full_coach_fare, 0) from occupant") == []
    assert conflicts("owes 5 from 'city', 7 from occupant", "owes 7 from occupant, rest of 12 from 'city'") == []


def test_amounts_are_compared_after_they_are_rounded() -> None:
    fifty = "owes 50 from occupant", "owes 50.0025 from occupant"
    assert conflicts(*fifty, rounding="cent, half up") == []
    assert conflicts(*fifty, rounding="cent, up") != []
    assert conflicts("owes 0.005 from occupant", "owes 0.01 from occupant", rounding="cent, half up") == []
    assert conflicts("owes 0.005 from occupant", "owes 0.01 from occupant", rounding="cent, half down") != []
    assert conflicts("owes 0.005 from occupant", "owes 0 from occupant", rounding="cent, half even") == []
    assert conflicts("owes 0.015 from occupant", "owes 0.02 from occupant", rounding="cent, half even") == []


def test_a_fare_can_be_such_that_rounding_it_makes_the_difference() -> None:
    (example,) = conflicts(
        "owes leg.full_coach_fare / 3 from occupant", "owes leg.full_coach_fare / 3 + 0.004 from occupant"
    )
    assert "leg.full_coach_fare = " in example


def test_payers_are_compared_by_who_they_are() -> None:
    rules = BOTH.format(one="owes 10 from occupant", other="owes 10 from leg.trip.protectee")
    (example,) = found(law(rules), "conflict")
    assert "occupant = " in example
    assert found(law(rules.replace("= 'guest'", "= 'guest' and leg.trip.protectee = occupant")), "conflict") == []


def test_a_payer_who_is_nobody_is_compared_by_the_path_as_written() -> None:
    assert conflicts("owes 10 from leg.asked_by", "owes 10 from leg.asked_by") == []
    (example,) = conflicts("owes 10 from leg.asked_by", "owes 10 from leg.directed_by")
    assert "leg.asked_by" in example
    nobody = BOTH.replace("when ", "when leg.asked_by is none and ")
    rules = nobody.format(one="owes 10 from leg.asked_by", other="owes 20 from leg.asked_by")
    assert len(found(law(rules), "conflict")) == 1


def test_permission_class_and_amount_all_count() -> None:
    assert conflicts("permits", "forbids") == [GUEST]
    assert conflicts("is 'busy'", "is 'calm'") == [GUEST]
    assert conflicts("permits", "permits\nowes 0") == []
    assert conflicts("permits", "permits\nowes 1 from occupant") == [GUEST]


def test_every_two_rules_that_contradict_each_other_are_named() -> None:
    rules = BOTH.format(one="owes 1 from occupant", other="owes 2 from occupant") + "\nRule 3\nowes 3 from occupant\n"
    proofs = asked(law(rules), "conflict")
    assert [proof.rules for proof in proofs] == [("1", "2"), ("1", "3"), ("2", "3")]


# Gaps, none, and the calendar


def test_none_is_neither_before_nor_after_anything() -> None:
    rules = """
    Rule 1
    when leg.certified_on < leg.departed_on
    permits

    Rule 2
    when leg.certified_on >= leg.departed_on
    forbids
    """
    assert gaps(rules) == ["leg.certified_on is none, leg.departed_on = 2024-01-15"]
    assert gaps(rules + "\nRule 3\nwhen leg.certified_on is none\nforbids\n") == []


def test_none_equals_none() -> None:
    nobody = "leg.asked_by is none and leg.directed_by is none and leg.asked_by {} leg.directed_by"
    rules = "Rule 1\npermits\n\nRule 2\nexception to 1\nwhen {}\nforbids"
    assert dead(law(rules.format(nobody.format("=")))) == []
    assert dead(law(rules.format(nobody.format("!=")))) == ["2"]


def test_what_lies_behind_a_reference_that_is_none_is_none() -> None:
    rules = """
    Rule 1
    when leg.trip.out_of_city
    permits

    Rule 2
    when leg.trip.out_of_city = no
    forbids
    """
    assert gaps(rules) == ["leg.trip is none, leg.departed_on = 2024-01-15"]


def test_two_ways_to_one_record_tell_of_one_record() -> None:
    rules = """
    define
    leg.abroad = trip.out_of_city

    Rule 1
    when leg.trip.out_of_city
    permits

    Rule 2
    when not leg.abroad
    forbids
    """
    assert gaps(rules) == []
    assert found(law(rules), "conflict") == []


def test_two_references_to_one_record_tell_of_one_record() -> None:
    rules = "Rule 1\npermits\n\nRule 2\nexception to 1\nwhen trip = serves and {}\nforbids"
    voucher = {"for_each": "voucher", "on": "incurred_on"}
    assert dead(law(rules.format("trip.out_of_city and not serves.out_of_city"), **voucher)) == ["2"]
    assert dead(law(rules.format("any(trip.event) and not any(serves.event)"), **voucher)) == ["2"]
    assert dead(law(rules.format("trip is not none and trip.out_of_city"), **voucher)) == []


def test_days_on_which_no_rule_is_in_force_are_no_gap() -> None:
    rules = """
    Rule 1
    in force 2020-01-01 .. 2020-12-31
    when on_duty
    permits

    Rule 2
    in force 2020-07-01 ..
    when not on_duty
    forbids
    """
    assert gaps(rules) == ["on_duty = no, leg.departed_on = 2020-01-01"]
    assert gaps(rules.replace("2020-07-01", "2020-01-01")) == ["on_duty = yes, leg.departed_on = 2021-01-01"]
    assert gaps(rules.replace("2020-07-01", "2020-01-01").replace("2020-12-31", "")) == []


def test_a_closed_list_has_no_other_values_and_a_text_has() -> None:
    purposes = "'official', 'campaign', 'political', 'personal', 'mixed'"
    assert gaps(f"Rule 1\nwhen leg.purpose in ({purposes})\npermits") == []
    (example,) = gaps("Rule 1\nwhen leg.departed_from in ('home', 'office')\npermits")
    assert example.startswith("leg.departed_from is another text, ")


def test_numbers_are_whole_and_not_below_the_least_of_their_field() -> None:
    assert gaps("Rule 1\nwhen leg.seats = 1\npermits\n\nRule 2\nwhen leg.seats >= 2\nforbids") == []
    assert gaps("Rule 1\nwhen leg.seats <= 2\npermits\n\nRule 2\nwhen leg.seats > 3\nforbids") == [
        "leg.seats = 3, leg.departed_on = 2024-01-15"
    ]


def test_no_record_ended_before_it_began() -> None:
    trip = {"for_each": "trip", "on": "departed_on"}
    assert gaps("Rule 1\nwhen returned_on >= departed_on\npermits", **trip) == []
    assert dead(law("Rule 1\npermits\n\nRule 2\nwhen returned_on < departed_on\nforbids", **trip)) == ["2"]


def test_days_are_counted_by_the_calendar() -> None:
    leg = {"for_each": "leg", "on": "departed_on"}
    leap = """
    Rule 1
    when departed_on = 2024-02-28 and recorded_on = 2024-03-01 and recorded_on - departed_on = {} days
    permits
    """
    assert dead(law(leap.format(2), **leg)) == []
    assert dead(law(leap.format(1), **leg)) == ["1"]


# Rules that never decide


def test_a_rule_whose_exception_always_covers_never_decides() -> None:
    rules = """
    Rule 1
    when role = 'guest'
    permits

    Rule 2
    exception to 1
    when role = 'guest' or leg.purpose = 'official'
    forbids
    """
    (proof,) = [each for each in asked(law(rules), "dead rule") if each.came_out is CameOut.REFUTED]
    assert (proof.rules, proof.displaced) == (("1",), True)


def test_an_exception_can_cover_only_within_its_rule() -> None:
    rules = "Rule 1\nwhen role = 'guest'\npermits\n\nRule 2\nexception to 1\nwhen role = 'crew'\nforbids"
    (proof,) = [each for each in asked(law(rules), "dead exception") if each.came_out is CameOut.REFUTED]
    assert (proof.rules, proof.displaced) == (("2",), False)


def test_a_version_of_a_rule_that_never_decides_while_it_is_in_force_is_found() -> None:
    rules = """
    Rule 1
    in force 2020-01-01 .. 2020-12-31
    when leg.departed_on > 2021-06-01
    permits

    Rule 1
    in force 2021-01-01 ..
    when leg.departed_on > 2021-06-01
    permits
    """
    came_out = [proof.came_out for proof in asked(law(rules), "dead rule")]
    assert came_out == [CameOut.REFUTED, CameOut.PROVED]


# Amounts


def test_an_amount_that_can_lie_below_zero_is_found_and_one_that_cannot_is_not() -> None:
    less = "Rule 1\nowes leg.full_coach_fare - 10 from occupant"
    assert found(law(less), "negative amount") == ["leg.full_coach_fare = 0.00"]
    never_less = less.replace("leg.full_coach_fare - 10", "max(leg.full_coach_fare - 10, 0)")
    assert found(law(never_less), "negative amount") == []
    rest = "Rule 1\nowes 10 from 'city', rest of leg.full_coach_fare from occupant"
    assert len(found(law(rest), "negative amount")) == 1


def test_a_divisor_that_can_be_zero_is_found() -> None:
    policy = read_pack_of("division_by_zero")
    assert found(policy, "division") == [
        "leg.crew = 1, leg.guests = 0, leg.departed_on = 2020-01-01, leg.operating_cost = 0.00"
    ]


def read_pack_of(name: str) -> Policy:
    """The policy of a bad document."""
    from custodiet.policy.language.document import read_document

    policy = read_document((POLICIES / "bad" / f"{name}.md").read_text(encoding="utf-8"), f"{name}.md").policy
    assert policy is not None
    return policy


# Other policies

CHARACTER = """
Rule 1
when any(day where any(event where sort = 'campaign'))
is 'campaign'

Rule 2
when not any(day where any(event where sort = 'campaign'))
is 'other'
"""


def giving() -> Policy:
    return law(CHARACTER, policy="small/character", gives="trip.nature", **TRIP)


def with_character(rules: str, **head: str) -> Policy:
    return law(rules, giving(), **head)


def test_what_another_policy_gives_is_worked_out() -> None:
    rules = """
    Rule 1
    when nature = 'campaign'
    owes 10 from 'campaign committee'

    Rule 2
    when nature = 'other'
    owes 0
    """
    policy = with_character(rules, **TRIP)
    assert found(policy, "gap", giving()) == []
    on_the_first_day = "any(event where sort = 'campaign' and starts_on = departed_on)"
    assert claimed(policy, f"when {on_the_first_day} never owes = 0", [giving()]).came_out is CameOut.PROVED
    proof = claimed(policy, "never owes from 'campaign committee'", [giving()])
    assert (proof.came_out, dict(proof.example)["nature"]) == (CameOut.REFUTED, "campaign")


def test_what_another_policy_gives_is_none_where_no_rule_of_it_answers() -> None:
    rules = "Rule 1\nwhen nature = 'campaign'\nis 'x'\n\nRule 2\nwhen nature = 'other'\nis 'y'"
    old = law(
        CHARACTER.replace("\nRule 2\n", "\nRule 2\nin force 2020-01-01 ..\n"),
        policy="small/character", gives="trip.nature", **TRIP,
    )  # fmt: skip
    policy = law(rules, old, **TRIP)
    (example,) = found(policy, "gap", old)
    assert "nature is none" in example


def test_where_the_rules_of_another_policy_contradict_one_another_not_everything_is_known() -> None:
    at_odds = "Rule 1\nwhen out_of_city\nis 'x'\n\nRule 2\nwhen protectee = answerable\nis 'y'"
    other = law(at_odds, policy="small/character", gives="trip.nature", **TRIP)
    rules = (
        "Rule 1\nwhen nature = 'x'\nis 'a'\n\nRule 2\nwhen nature = 'y'\nis 'b'\n\nRule 3\nwhen nature is none\nis 'c'"
    )
    policy = law(rules, other, **TRIP)
    for claim_ in ("never is 'b'", "never is 'a'", "never no rule"):
        line = f"when out_of_city and protectee = answerable {claim_}"
        assert claimed(policy, line, [other]).came_out is CameOut.PROVED
    assert claimed(policy, "when out_of_city never is 'a'", [other]).came_out is CameOut.REFUTED


# Claims

FARES = """
Rule 1
when leg.purpose = 'personal'
owes leg.full_coach_fare from occupant

Rule 2
when leg.purpose != 'personal'
owes 0

Rule 3
exception to 1
when role = 'detail' and on_duty
owes 0
"""


@pytest.mark.parametrize(
    ("line", "came_out"),
    [
        ("when role = 'detail' and on_duty never owes", CameOut.PROVED),
        ("when role = 'detail' never owes", CameOut.REFUTED),
        ("never owes from 'city'", CameOut.PROVED),
        ("never owes from occupant", CameOut.REFUTED),
        ("never owes > leg.full_coach_fare", CameOut.PROVED),
        ("never owes >= leg.full_coach_fare", CameOut.REFUTED),
        ("never owes < 0", CameOut.PROVED),
        ("when leg.purpose = 'personal' and not on_duty always owes = leg.full_coach_fare", CameOut.PROVED),
        ("when leg.purpose = 'personal' always owes = leg.full_coach_fare from occupant", CameOut.REFUTED),
        ("when leg.purpose = 'personal' and not on_duty always owes", CameOut.REFUTED),
        ("when leg.purpose = 'personal' and not on_duty and leg.full_coach_fare > 0 always owes", CameOut.PROVED),
        ("never no rule", CameOut.PROVED),
        ("never conflict", CameOut.PROVED),
        ("always no rule", CameOut.REFUTED),
        ("never permitted", CameOut.PROVED),
        ("always permitted", CameOut.REFUTED),
        ("when leg.certified_on is none and leg.certified_on < leg.departed_on always owes", CameOut.PROVED),
    ],
)  # fmt: skip
def test_a_claim_is_proved_or_refuted(line: str, came_out: CameOut) -> None:
    assert claimed(law(FARES), line).came_out is came_out


def test_a_claim_about_a_class_or_a_permission() -> None:
    rules = "Rule 1\nwhen on_duty\nis 'at work'\npermits\n\nRule 2\nwhen not on_duty\nis 'at leisure'\nforbids"
    assert claimed(law(rules), "when on_duty always is 'at work'").came_out is CameOut.PROVED
    assert claimed(law(rules), "when role = 'crew' never is 'at work'").came_out is CameOut.REFUTED
    assert claimed(law(rules), "when on_duty never forbidden").came_out is CameOut.PROVED


def test_a_refuted_claim_comes_with_the_fewest_cells_that_refute_it() -> None:
    proof = claimed(law(FARES), "when role = 'detail' never owes")
    assert dict(proof.example) == {
        "leg.purpose": "personal",
        "role": "detail",
        "on_duty": "no",
        "leg.full_coach_fare": "1.00",
    }
    assert proof.comes_out == "occupant owes 1.00 EUR under rule 1"


def test_an_example_is_dated_on_a_day_of_the_law_and_its_other_dates_beside_it() -> None:
    """Before 2020 the first rule alone is in force, and its last day will do; a day before it is the day before."""
    when = "leg.certified_on is none or leg.certified_on >= leg.departed_on"
    rules = f"Rule 1\nin force .. 2019-12-31\nwhen {when}\npermits"
    assert gaps(rules) == ["leg.certified_on = 2019-12-30, leg.departed_on = 2019-12-31"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("when leg.seats > 17 never owes", "leg.seats = 18"),
        ("when leg.seats > 1204 never owes", "leg.seats = 1205"),
        ("when leg.full_coach_fare > 17 never owes", "leg.full_coach_fare = 18.00"),
        ("when leg.full_coach_fare > 17 and leg.full_coach_fare < 18 never owes", "leg.full_coach_fare = 17.01"),
        ("never owes = 123.45", "leg.full_coach_fare = 123.45"),
        ("never owes > 1000000", "leg.full_coach_fare = 1000001.00"),
    ],
)
def test_an_example_has_the_least_numbers_that_show_it(line: str, shown: str) -> None:
    proof = claimed(law("Rule 1\nowes leg.full_coach_fare from occupant"), line)
    assert shown in in_one_line(proof)


def test_the_least_fare_is_shown_at_which_rounding_tells_two_rules_apart() -> None:
    """Half a cent is the first difference that half up shows: 500 × 1.00001 = 500.005."""
    (example,) = conflicts("owes leg.full_coach_fare from occupant", "owes leg.full_coach_fare * 1.00001 from occupant")
    assert "leg.full_coach_fare = 500.00" in example


def test_an_effort_too_small_leaves_a_question_undecided_and_says_why() -> None:
    policy = law("Rule 1\nowes leg.full_coach_fare * leg.seats / (leg.seats + 1) from occupant")
    proving = Proving(
        policy, [policy], every_type(), claims=[claim("never owes > leg.full_coach_fare + 1")], budget=Budget(1)
    )
    (proof,) = proving.claimed()
    assert proof.came_out is CameOut.UNDECIDED
    assert "effort" in proof.why


def test_the_same_questions_have_the_same_answers_and_examples_every_time() -> None:
    policy = law(BOTH.format(one="owes 1 from occupant", other="owes leg.full_coach_fare from occupant"))
    assert list(Proving(policy, [policy], every_type()).all()) == list(Proving(policy, [policy], every_type()).all())


def test_what_the_evaluator_does_not_see_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Proving, "_comes_out", lambda *_: lambda *_: False)
    policy = law("Rule 1\nwhen on_duty\npermits")

    with pytest.raises(Unconfirmed):
        list(Proving(policy, [policy], every_type()).gaps())
