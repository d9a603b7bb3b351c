"""Of which records a claim is said, and of whom: what `prove` tells besides proved and refuted."""

import json
from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.proofs.counterexamples import unanswered
from custodiet.proofs.prove import NO_ANSWER, NO_RECORD, CameOut, Proving
from tests.house import every_type
from tests.meaning import document, law
from tests.policy_documents import pack_of
from tests.proving import claim, claimed

# Records without an answer

DAY = {"for_each": "travel_day", "on": "date"}
ALBANY = {"t.csv": b"place,in force,v,cite\nAlbany,2020-01-01 .. 2020-12-31,5.00 EUR,Annex\n"}
MEALS = "Rule 1\nowes paid + rate(t.v for place on date) from 'x'"
AT_MOST = "Rule 1\nowes max(paid - rate(t.v for place on date), 0) from 'x'"
TO_NOTHING = "Rule 1\nowes leg.operating_cost / (leg.seats - 1) from occupant"


@pytest.mark.parametrize(
    "line",
    [
        "when place = 'Albany' and date >= 2021-01-01 always owes",
        "when place = 'Albany' and date >= 2021-01-01 never owes",
        "when place = 'Olbia' always owes = 5",
        "when place = 'Olbia' never owes",
    ],
)
def test_a_claim_about_records_of_which_a_rate_is_missing_says_nothing(tmp_path: Path, line: str) -> None:
    read = pack_of(tmp_path, "p", {"law.md": document(MEALS, policy="p/law", **DAY)}, ALBANY)
    (proof,) = Proving(read.policies[0], read.policies, every_type(), claims=[claim(line)]).claimed()
    assert (proof.came_out, proof.of_nothing, proof.why) == (CameOut.PROVED, True, NO_ANSWER)


def test_a_claim_that_speaks_of_some_records_with_a_rate_is_proved_of_these(tmp_path: Path) -> None:
    read = pack_of(tmp_path, "p", {"law.md": document(MEALS, policy="p/law", **DAY)}, ALBANY)
    (proof,) = Proving(
        read.policies[0], read.policies, every_type(), claims=[claim("when paid <= 5 never owes > 10")]
    ).claimed()
    assert (proof.came_out, proof.of_nothing) == (CameOut.PROVED, False)


def test_what_may_have_an_answer_without_its_rate_is_undecided(tmp_path: Path) -> None:
    """Of a meal that cost nothing nothing is due, whatever the rate is; the solver does not go through that."""
    read = pack_of(tmp_path, "p", {"law.md": document(AT_MOST, policy="p/law", **DAY)}, ALBANY)
    for line in ("when place = 'Olbia' always owes", "when place = 'Olbia' never owes"):
        (proof,) = Proving(read.policies[0], read.policies, every_type(), claims=[claim(line)]).claimed()
        assert proof.came_out is CameOut.UNDECIDED
        assert "a rate that is in no row" in proof.why


def test_a_claim_about_records_that_are_all_divided_by_zero_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack_of(tmp_path, "p", {"law.md": document(TO_NOTHING, policy="p/law")}, {})
    assert main(["prove", str(tmp_path), "law: when leg.seats = 1 always owes = 5"]) == 1
    assert capsys.readouterr().out == (
        "said of nothing: p/law: when leg.seats = 1 always owes = 5\n"
        "  no record that meets its condition has an answer\n"
    )
    assert main(["prove", str(tmp_path), "law: when leg.seats = 2 always owes = leg.operating_cost"]) == 0


def test_a_claim_about_records_that_cannot_be_says_nothing_for_another_reason() -> None:
    proof = claimed(law("Rule 1\nowes 5 from occupant"), "when on_duty and not on_duty never owes")
    assert (proof.of_nothing, proof.why) == (True, NO_RECORD)


# Records on which rules contradict each other, or come to less than nothing

AT_ODDS = "Rule 1\nowes 0\n\nRule 2\nwhen leg.seats > 10\nowes 7 from occupant"
BELOW = "Rule 1\nowes leg.full_coach_fare - 100 from occupant"
CONTRADICT = "the claim covers only records with an answer, and some have none: rules contradict each other"


@pytest.mark.parametrize(
    ("rules", "line", "kinds"),
    [
        (AT_ODDS, "never owes", ["conflict"]),
        (AT_ODDS, "when leg.seats < 20 never owes", ["conflict"]),
        (AT_ODDS, "when leg.seats <= 10 never owes", []),
        (AT_ODDS, "never no rule", []),
        (BELOW, "never owes < 0", ["negative amount"]),
        (BELOW, "when leg.full_coach_fare >= 100 never owes < 0", []),
    ],
)
def test_a_proved_claim_tells_what_else_comes_out_of_records_that_it_speaks_of(
    rules: str, line: str, kinds: list[str]
) -> None:
    proof = claimed(law(rules), line)
    assert proof.came_out is CameOut.PROVED
    assert [each.kind for each in proof.unanswered] == kinds
    assert all(each.surely for each in proof.unanswered)
    assert bool(unanswered(proof)) == bool(kinds)


def test_prove_says_that_rules_contradict_each_other_on_what_it_speaks_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack_of(tmp_path, "p", {"law.md": document(AT_ODDS, policy="p/law")}, {})
    assert main(["prove", str(tmp_path), "law: never owes"]) == 0
    assert capsys.readouterr().out == f"proved: p/law: never owes\n  {CONTRADICT}\n"
    assert main(["prove", str(tmp_path), "law: never owes", "--format", "json"]) == 0
    assert [each["unanswered"] for each in json.loads(capsys.readouterr().out)] == [["conflict"]]


def test_a_division_by_zero_beside_answers_is_told_with_the_claim(tmp_path: Path) -> None:
    read = pack_of(tmp_path, "p", {"law.md": document(TO_NOTHING, policy="p/law")}, {})
    (proof,) = Proving(
        read.policies[0], read.policies, every_type(), claims=[claim("never owes > leg.operating_cost")]
    ).claimed()
    assert (proof.came_out, [each.kind for each in proof.unanswered]) == (CameOut.PROVED, ["division"])


# Who owes: first, or in another's place

IN_PLACE = """
Rule 1
when role = 'guest'
owes leg.full_coach_fare from 'city' else {liable}

Rule 2
when role != 'guest'
owes 0
"""


def test_whoever_is_liable_in_anothers_place_owes_too() -> None:
    for liable, came_out in (("'fund'", CameOut.PROVED), ("occupant", CameOut.REFUTED)):
        assert claimed(law(IN_PLACE.format(liable=liable)), "never owes from occupant").came_out is came_out
    fund = law(IN_PLACE.format(liable="'fund'"))
    assert claimed(fund, "when role = 'guest' always owes = leg.full_coach_fare from 'fund'").came_out is CameOut.PROVED
    assert claimed(fund, "when role = 'guest' always owes = leg.full_coach_fare from 'city'").came_out is CameOut.PROVED
    assert claimed(fund, "never owes > leg.full_coach_fare").came_out is CameOut.PROVED


def test_where_one_of_two_rules_that_agree_makes_somebody_liable_he_owes() -> None:
    rules = "Rule 1\nowes 5 from 'city'\n\nRule 2\nwhen role = 'guest'\nowes 5 from 'city' else occupant"
    assert claimed(law(rules), "when role = 'guest' always owes = 5 from occupant").came_out is CameOut.PROVED
    assert claimed(law(rules), "when role != 'guest' never owes from occupant").came_out is CameOut.PROVED
    several = (
        "Rule 1\nowes 5 from 'city' else occupant, 3 from 'state' else 'fund'\n\n"
        "Rule 2\nowes 5 from 'city' else 'fund', 3 from 'state'"
    )
    assert claimed(law(several), "always owes = 5 from occupant").came_out is CameOut.PROVED
    assert claimed(law(several), "always owes = 8 from 'fund'").came_out is CameOut.PROVED
    assert claimed(law(several), "never owes < 8 from 'fund'").came_out is CameOut.PROVED
    assert claimed(law(several), "never owes = 8 from 'fund'").came_out is CameOut.REFUTED


def test_nobody_is_liable_for_what_is_not_due() -> None:
    rules = "Rule 1\nowes min(leg.full_coach_fare, 0) from 'city' else occupant"
    assert claimed(law(rules), "never owes from occupant").came_out is CameOut.PROVED
