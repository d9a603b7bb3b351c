"""What the solver proves, refutes and leaves undecided (DESIGN §5, and what `custodiet check` asks of every pack)."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.policy import expressions, proved
from custodiet.policy.ast import Claim, Policy
from custodiet.policy.expressions import Text
from custodiet.policy.pack import read_pack
from custodiet.policy.proof_problems import shown
from custodiet.policy.prove import Effort, Proof, Proving, Verdict
from custodiet.policy.proved import NOT_INSTALLED, prove_pack
from custodiet.policy.to_smt.shown import Unconfirmed
from tests.house import ROOT
from tests.meaning import law
from tests.policy_documents import pack_of

PACKS = sorted(path.parent for path in (ROOT / "packs").glob("*/pack.toml"))
POLICIES = ROOT / "tests" / "policies"


def asked(policy: Policy, kind: str, *given: Policy) -> list[Proof]:
    """What came of one sort of question."""
    return [proof for proof in Proving(policy, [*given, policy]).all() if proof.kind == kind]


def found(policy: Policy, kind: str, *given: Policy) -> list[str]:
    """The examples that refute, in one line each."""
    proofs = asked(policy, kind, *given)
    assert {proof.verdict for proof in proofs} <= {Verdict.PROVED, Verdict.REFUTED}
    return [shown(proof) for proof in proofs if proof.verdict is Verdict.REFUTED]


def dead(policy: Policy, *given: Policy) -> list[str]:
    """The rules that never decide."""
    proofs = [proof for kind in ("dead rule", "dead exception") for proof in asked(policy, kind, *given)]
    assert {proof.verdict for proof in proofs} <= {Verdict.PROVED, Verdict.REFUTED}
    return [proof.rules[0] for proof in proofs if proof.verdict is Verdict.REFUTED]


def claim(line: str) -> Claim:
    return expressions.claim(Text(line, "claim", [line], 1, 1))


def claimed(policy: Policy, line: str, policies: Sequence[Policy] = ()) -> Proof:
    (proof,) = Proving(policy, [*policies, policy], claims=[claim(line)]).claimed()
    return proof


# The packs of the repository


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_every_pack_of_the_repository_is_proved_and_its_gaps_are_those_it_lists(folder: Path) -> None:
    pack = read_pack(folder)
    came_out = prove_pack(pack)

    assert [problem.shown() for problem in (*pack.problems, *came_out.problems)] == []
    assert came_out.undecided == ()
    assert came_out.questions >= 2 * len(pack.policies)


# Contradictions

BOTH = """
Rule 1
when role = 'guest'
{one}

Rule 2
when leg.purpose = 'personal'
{other}
"""


def conflicts(one: str, other: str, **head: str) -> list[str]:
    return found(law(BOTH.format(one=one, other=other), **head), "conflict")


def test_two_rules_that_ask_different_amounts_of_one_seat_contradict_each_other() -> None:
    assert conflicts("owes 10 from occupant", "owes 20 from occupant") == ["role = 'guest', leg.purpose = 'personal'"]


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
    assert conflicts("permits", "forbids") == ["role = 'guest', leg.purpose = 'personal'"]
    assert conflicts("is 'busy'", "is 'calm'") == ["role = 'guest', leg.purpose = 'personal'"]
    assert conflicts("permits", "permits\nowes 0") == []
    assert conflicts("permits", "permits\nowes 1 from occupant") == ["role = 'guest', leg.purpose = 'personal'"]


def test_every_two_rules_that_contradict_each_other_are_named() -> None:
    rules = BOTH.format(one="owes 1 from occupant", other="owes 2 from occupant") + "\nRule 3\nowes 3 from occupant\n"
    proofs = asked(law(rules), "conflict")
    assert [proof.rules for proof in proofs] == [("1", "2"), ("1", "3"), ("2", "3")]


# Gaps, none, and the calendar


def gaps(rules: str, **head: str) -> list[str]:
    return found(law(rules, **head), "gap")


def test_none_is_neither_before_nor_after_anything() -> None:
    rules = """
    Rule 1
    when leg.certified_on < leg.departed_on
    permits

    Rule 2
    when leg.certified_on >= leg.departed_on
    forbids
    """
    assert gaps(rules) == ["leg.certified_on is none"]
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
    assert gaps(rules) == ["leg.trip is none"]


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
    assert example.startswith("leg.departed_from = 'another text")


def test_numbers_are_whole_and_not_below_the_least_of_their_field() -> None:
    assert gaps("Rule 1\nwhen leg.seats = 1\npermits\n\nRule 2\nwhen leg.seats >= 2\nforbids") == []
    assert gaps("Rule 1\nwhen leg.seats <= 2\npermits\n\nRule 2\nwhen leg.seats > 3\nforbids") == ["leg.seats = 3"]


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


# Sets of records


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


TRIP = {"for_each": "trip", "on": "departed_on"}


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
    assert [proof.verdict for proof in asked(policy, "dead rule")] == [Verdict.PROVED, Verdict.UNDECIDED]


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
    (proof,) = [each for each in Proving(policy, [policy]).dead() if each.rules == ("2",)]
    assert proof.verdict is Verdict.UNDECIDED
    assert "more than 3 records of one set" in proof.why


def test_where_a_rule_asks_about_a_set_outright_the_records_of_the_set_get_cells() -> None:
    policy = law("Rule 1\nwhen not any(leg.seat where role = 'crew')\npermits")
    assert found(policy, "gap") == ["role = 'crew'"]
    trip = law("Rule 1\nwhen not any(voucher where cost_class = 'fuel')\npermits", **TRIP)
    assert found(trip, "gap") == ["voucher.0.cost_class = 'fuel'"]


# Rules that never decide


def test_a_rule_whose_exception_always_covers_never_decides() -> None:
    rules = """
    Rule 1
    when role = 'guest'
    permits

    Rule 2
    exception to 1
    when leg.purpose != 'official' or leg.purpose = 'official'
    forbids
    """
    (proof,) = [each for each in asked(law(rules), "dead rule") if each.verdict is Verdict.REFUTED]
    assert (proof.rules, proof.displaced) == (("1",), True)


def test_an_exception_can_cover_only_within_its_rule() -> None:
    rules = "Rule 1\nwhen role = 'guest'\npermits\n\nRule 2\nexception to 1\nwhen role = 'crew'\nforbids"
    (proof,) = [each for each in asked(law(rules), "dead exception") if each.verdict is Verdict.REFUTED]
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
    verdicts = [proof.verdict for proof in asked(law(rules), "dead rule")]
    assert verdicts == [Verdict.REFUTED, Verdict.PROVED]


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
    from custodiet.policy.document import read_document

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
    assert claimed(policy, f"when {on_the_first_day} never owes = 0", [giving()]).verdict is Verdict.PROVED
    proof = claimed(policy, "never owes from 'campaign committee'", [giving()])
    assert (proof.verdict, dict(proof.example)["nature"]) == (Verdict.REFUTED, "campaign")


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
        assert claimed(policy, line, [other]).verdict is Verdict.PROVED
    assert claimed(policy, "when out_of_city never is 'a'", [other]).verdict is Verdict.REFUTED


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
    ("line", "verdict"),
    [
        ("when role = 'detail' and on_duty never owes", Verdict.PROVED),
        ("when role = 'detail' never owes", Verdict.REFUTED),
        ("never owes from 'city'", Verdict.PROVED),
        ("never owes from occupant", Verdict.REFUTED),
        ("never owes > leg.full_coach_fare", Verdict.PROVED),
        ("never owes >= leg.full_coach_fare", Verdict.REFUTED),
        ("never owes < 0", Verdict.PROVED),
        ("when leg.purpose = 'personal' and not on_duty always owes = leg.full_coach_fare", Verdict.PROVED),
        ("when leg.purpose = 'personal' always owes = leg.full_coach_fare from occupant", Verdict.REFUTED),
        ("when leg.purpose = 'personal' and not on_duty always owes", Verdict.REFUTED),
        ("when leg.purpose = 'personal' and not on_duty and leg.full_coach_fare > 0 always owes", Verdict.PROVED),
        ("never no rule", Verdict.PROVED),
        ("never conflict", Verdict.PROVED),
        ("always no rule", Verdict.REFUTED),
        ("never permitted", Verdict.PROVED),
        ("always permitted", Verdict.REFUTED),
        ("when leg.certified_on is none and leg.certified_on < leg.departed_on always owes", Verdict.PROVED),
    ],
)  # fmt: skip
def test_a_claim_is_proved_or_refuted(line: str, verdict: Verdict) -> None:
    assert claimed(law(FARES), line).verdict is verdict


def test_a_claim_about_a_class_or_a_permission() -> None:
    rules = "Rule 1\nwhen on_duty\nis 'at work'\npermits\n\nRule 2\nwhen not on_duty\nis 'at leisure'\nforbids"
    assert claimed(law(rules), "when on_duty always is 'at work'").verdict is Verdict.PROVED
    assert claimed(law(rules), "when role = 'crew' never is 'at work'").verdict is Verdict.REFUTED
    assert claimed(law(rules), "when on_duty never forbidden").verdict is Verdict.PROVED


def test_a_refuted_claim_comes_with_the_fewest_cells_that_refute_it() -> None:
    proof = claimed(law(FARES), "when role = 'detail' never owes")
    assert dict(proof.example) == {
        "leg.purpose": "personal",
        "role": "detail",
        "on_duty": "no",
        "leg.full_coach_fare": "1.00",
    }


def test_an_effort_too_small_leaves_a_question_undecided_and_says_why() -> None:
    policy = law("Rule 1\nowes leg.full_coach_fare * leg.seats / (leg.seats + 1) from occupant")
    proving = Proving(policy, [policy], claims=[claim("never owes > leg.full_coach_fare + 1")], effort=Effort(1))
    (proof,) = proving.claimed()
    assert proof.verdict is Verdict.UNDECIDED
    assert "effort" in proof.why


def test_the_same_questions_have_the_same_answers_and_examples_every_time() -> None:
    policy = law(BOTH.format(one="owes 1 from occupant", other="owes leg.full_coach_fare from occupant"))
    assert list(Proving(policy, [policy]).all()) == list(Proving(policy, [policy]).all())


def test_what_the_evaluator_does_not_see_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Proving, "_comes_out", lambda *_: lambda *_: False)
    policy = law("Rule 1\nwhen on_duty\npermits")

    with pytest.raises(Unconfirmed):
        list(Proving(policy, [policy]).gaps())


# The commands


def test_without_the_solver_nothing_is_proved_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(proved, "find_spec", lambda _: None)

    assert main(["check", str(ROOT / "packs" / "nyc-conflicts")]) == 0
    assert f"not proved: {NOT_INSTALLED}" in capsys.readouterr().out
    assert main(["check", str(ROOT / "packs" / "nyc-conflicts"), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["proved"] is False


def test_a_check_tells_other_tools_what_is_wrong_and_gives_an_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gap = (POLICIES / "bad" / "gap.md").read_text(encoding="utf-8")
    pack_of(tmp_path, "bad", {"gap.md": gap})

    assert main(["check", str(tmp_path), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (problem,) = told["problems"]
    assert told["proved"] is True
    assert (problem["kind"], problem["policy"], problem["rules"]) == ("gap", "bad/gap", [])
    assert problem["example"] == {"leg.purpose": "mixed"}


def test_a_listed_gap_is_no_problem_and_one_that_is_listed_and_gone_is(tmp_path: Path) -> None:
    gap = (POLICIES / "bad" / "gap.md").read_text(encoding="utf-8")
    box = "## gap\n\nMixed flights.\n\n```gap\nwhen  leg.purpose = '{}'\n```\n\nReason: by hand.\n"
    for purpose, codes in (("mixed", []), ("campaign", ["gap", "gap_gone"])):
        folder = tmp_path / purpose
        pack_of(folder, "bad", {"gap.md": gap})
        (folder / "open.md").write_text(box.format(purpose), encoding="utf-8")
        pack = read_pack(folder)
        assert [problem.code for problem in (*pack.problems, *prove_pack(pack).problems)] == codes


def test_a_claim_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    pack = str(ROOT / "packs" / "model-code")

    assert main(["prove", pack, "seat-fare: when role = 'detail' and on_duty never owes from occupant"]) == 0
    assert capsys.readouterr().out.startswith("proved: model-code/seat-fare: ")
    assert main(["prove", pack, "seat-fare: when role = 'detail' never owes", "--format", "json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["example"]["role"]) == ("refuted", "detail")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("seat-fair: never owes", "did you mean `seat-fare`?"),
        ("never owes", "a policy, a colon and a claim were expected"),
        ("seat-fare: never ows", "unexpected `ows`"),
        ("seat-fare: when roel = 'crew' never owes", "did you mean `role`?"),
    ],
)
def test_a_claim_that_cannot_be_read_is_a_wrong_call(typed: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", str(ROOT / "packs" / "model-code"), typed]) == 2
    assert said in capsys.readouterr().err
