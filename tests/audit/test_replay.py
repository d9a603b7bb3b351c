"""`custodiet replay`: the same law over several dockets, side by side."""

import csv
import io
import re
from pathlib import Path

import pytest

from custodiet.audit.replay import FOR_WHOM, NO_RANKING
from custodiet.cli.main import main
from custodiet.policy.evaluation.result import HINDSIGHT
from tests.first_docket import answer, change
from tests.house import ROOT
from tests.report_files import copied, imported
from tests.small_law import OFFICERS, PERSONAL, docket, law

LEG = "id,purpose,departed_on,full_coach_fare"
SEAT = "id,leg,occupant,role,on_duty"
EARLIER = {
    "leg": [LEG, "P1,personal,2019-03-01,900.00", "P2,unknown,2019-06-01,250.00", "P3,unknown,2024-02-01,80.00"],
    "seat": [SEAT, "E1,P1,mayor-1,protectee,no", "E2,P2,mayor-1,protectee,no", "E3,P3,guest-1,guest,no"],
    "precedent": [
        "id,person,occasion,words,pointed_to_by,period,rule_then,done_and_paid,evidence,evidence_read",
        "K1,The mayor before,a flight,He flew too.,the mayor,2019,none,unknown,not found,none",
        "K2,The mayor before,a later flight,He flew again.,the mayor,2024-03,unknown,unknown,found in part,log.md",
        "K3,The mayor before,some flight,He flew a third time.,the mayor,unknown,unknown,unknown,not found,none",
    ],
}
"""What was recorded of an earlier protectee: little, and mostly from before the law of 2024."""
LATER = {
    "leg": [LEG, "Q1,personal,2024-03-01,100.00", "Q2,personal,2024-04-01,50.00", "Q3,official,2024-04-02,70.00"],
    "seat": [
        SEAT, "F1,Q1,mayor-2,protectee,no", "F2,Q2,mayor-2,protectee,no", "F3,Q3,mayor-2,protectee,no",
        "F4,Q1,officer-1,detail,yes",
    ],
}  # fmt: skip
"""What was recorded of a later one: everything, vouched complete."""

Call = list[str]


@pytest.fixture
def two(tmp_path: Path) -> Call:
    """The beginning of a call that lays one law over both."""
    law(tmp_path / "law", PERSONAL, OFFICERS)
    vouched = 'seat = "2024-01-01 .. 2024-12-31, vouched by the protective unit"'
    earlier = docket(tmp_path / "earlier", "The mayor before", EARLIER)
    later = docket(tmp_path / "later", "The mayor now", LATER, complete=vouched)
    return ["replay", str(tmp_path / "law"), str(earlier), str(later)]


def screen(capsys: pytest.CaptureFixture[str], call: Call) -> list[str]:
    assert main(call) == 0
    return capsys.readouterr().out.splitlines()


def cells(lines: list[str], name: str) -> list[str]:
    """The columns of the line of that name."""
    (line,) = [each for each in lines if each.strip().startswith(f"{name}  ")]
    return re.split(r" {2,}", line.strip())[1:]


def test_each_docket_has_a_column_in_the_order_in_which_it_was_named(
    two: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the law of its own day.

    | docket | seat | day     | purpose  | fare | answer                           |
    | before | E1   | 2019-03 | personal |  900 | no rule                          |
    | before | E2   | 2019-06 | unknown  |  250 | no rule, whatever the purpose    |
    | before | E3   | 2024-02 | unknown  |   80 | between 0 and 80, or no rule     |
    | now    | F1   | 2024-03 | personal |  100 | owes 100                         |
    | now    | F2   | 2024-04 | personal |   50 | owes 50                          |
    | now    | F3   | 2024-04 | official |   70 | no rule                          |
    | now    | F4   | 2024-03 | personal |  100 | an officer on duty: nothing due  |
    """
    lines = screen(capsys, two)
    assert lines.index("A  The mayor before") < lines.index("B  The mayor now")
    assert cells(lines, "What the law answers") == ["A", "B"]
    assert cells(lines, "no rule") == ["2", "1"]
    assert cells(lines, "owes") == ["–", "2"]
    assert cells(lines, "nothing due") == ["–", "1"]
    assert cells(lines, "undetermined") == ["1", "–"]
    assert cells(lines, "owed in all, where determined") == ["–", "150.00 EUR"]

    turned = screen(capsys, [*two[:2], *reversed(two[2:])])
    assert turned.index("A  The mayor now") < turned.index("B  The mayor before")
    assert cells(turned, "owed in all, where determined") == ["150.00 EUR", "–"]


def test_a_question_that_is_asked_of_no_record_says_so(two: Call, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in two[2:]:
        (Path(folder) / "records" / "seat.csv").unlink()
    lines = screen(capsys, two)
    asked = lines.index("What does a passenger owe for this seat?")
    assert lines[asked + 1] == "  no answers: no seats are recorded"


def test_what_is_not_known_stands_beside_what_is(two: Call, capsys: pytest.CaptureFixture[str]) -> None:
    lines = screen(capsys, two)
    assert cells(lines, "undetermined answers") == ["1", "0"]
    assert cells(lines, "of all answers") == ["3", "4"]
    assert cells(lines, "seats recorded") == ["3", "4"]
    assert cells(lines, "seats, first to last day") == ["2019-03-01 to 2024-02-01", "2024-03-01 to 2024-04-02"]
    assert cells(lines, "seats, vouched complete") == ["by nobody", "2024-01-01 to 2024-12-31"]
    assert cells(lines, "the protective unit: purpose of these legs") == ["1", "–"]


def test_nobody_is_ranked_and_nothing_is_added_up_across_dockets(two: Call, capsys: pytest.CaptureFixture[str]) -> None:
    for call in (two, [*two, "--law-of", "2024-06-01"]):
        lines = screen(capsys, call)
        assert NO_RANKING in lines
        assert "no ranking" in NO_RANKING or "ranks anyone" in NO_RANKING
        assert FOR_WHOM in lines
    # By the law of 2024 the first docket owes 900 and the second 150; no line holds the 1,050 of both.
    assert cells(lines, "owed in all, where determined") == ["900.00 EUR", "150.00 EUR"]
    assert not any("1,050" in line for line in lines)


def test_hindsight_is_counted_apart_in_every_form(two: Call, capsys: pytest.CaptureFixture[str]) -> None:
    """The law of 2024 over acts of 2019: E1 would owe 900; E2 would owe between 0 and 250, or no rule would speak."""
    call = [*two, "--law-of", "2024-06-01"]
    lines = screen(capsys, call)
    assert "Every act by the law of 2024-06-01, whatever its own day. Computed, not decided." in lines
    assert f"{HINDSIGHT.capitalize()}." in lines
    assert cells(lines, "of them hindsight") == ["2", "–"]

    told = answer(capsys, *call)
    assert told["law_of"] == "2024-06-01"
    before, now = told["dockets"]
    assert [(each["record"], each["hindsight"]) for each in before["hindsight"]] == [("E1", True), ("E2", True)]
    assert now["hindsight"] == []
    assert [question["hindsight"] for question in before["questions"]] == [2]

    assert main([*call, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["docket"] for row in rows] == ["The mayor before"] * 3 + ["The mayor now"] * 4
    assert [row["record"] for row in rows if row["hindsight"] == "yes"] == ["E1", "E2"]


def test_the_same_in_json(two: Call, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, *two)
    assert (told["pack"]["name"], told["law_of"], told["readers"], told["note"]) == (
        "city",
        None,
        "internal",
        NO_RANKING,
    )
    before, now = told["dockets"]
    assert (before["docket"], now["docket"]) == ("The mayor before", "The mayor now")
    assert before["questions"][0]["by_outcome"] == {"undetermined": 1, "no rule": 2}
    assert now["questions"][0]["owed"] == [{"currency": "EUR", "amount": "150.00"}]
    assert (before["undetermined_total"], before["results"]) == (1, 3)
    assert [(each["held_by"], each["results"]) for each in before["missing"]] == [("the protective unit", 1)]
    assert now["registers"] == [
        {
            "type": "seat",
            "records": 4,
            "days": "2024-03-01/2024-04-02",
            "vouched": [{"during": "2024-01-01/2024-12-31", "by": "the protective unit"}],
        }
    ]


def test_precedents_claimed_stand_apart_with_what_was_found_and_whether_a_rule_was_in_force(
    two: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = screen(capsys, two)
    at = lines.index("Precedents claimed in A; they are not results")
    assert lines[at + 1 : at + 4] == [
        "  The mayor before, a flight",
        "      evidence of it: not found; when: 2019",
        "      rule then: none; a rule of this law then: no",
    ]
    claimed = answer(capsys, *two)["dockets"][0]["precedents"]
    assert [(each["record"], each["rule_of_this_law_then"]) for each in claimed] == [
        ("K1", "no"), ("K2", "yes"), ("K3", "not known"),
    ]  # fmt: skip


def test_a_docket_in_another_currency_is_refused_and_nothing_is_printed(
    two: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    abroad = docket(tmp_path / "abroad", "Abroad", LATER, currency="USD")
    assert main([*two, str(abroad)]) == 3
    said = capsys.readouterr()
    assert "the docket's are in USD" in said.err
    assert said.out == ""


def test_a_docket_named_twice_is_a_wrong_call(two: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*two, f"{two[2]}/../earlier"]) == 2
    assert "the docket is named twice" in capsys.readouterr().err


def test_rows_set_aside_are_told_and_are_exit_code_1(two: Call, capsys: pytest.CaptureFixture[str]) -> None:
    change(Path(two[2]) / "records" / "leg.csv", "900.00", "a lot")
    assert main(two) == 1
    said = capsys.readouterr()
    assert "leg.csv:2: set aside" in said.err
    assert cells(said.out.splitlines(), "rows set aside") == ["1", "–"]


def test_model_city_as_found_has_the_same_law_and_more_that_is_not_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [imported(f"model-city/{name}", tmp_path / name) for name in ("complete", "as-found")]
    told = answer(capsys, "replay", str(ROOT / "packs" / "model-code"), *map(str, folders))
    complete, found = told["dockets"]
    assert [each["policy"] for each in complete["questions"]] == [each["policy"] for each in found["questions"]]
    assert found["undetermined_total"] > complete["undetermined_total"]
    vouched = {each["type"] for each in found["registers"] if each["vouched"]}
    assert vouched == {"trip", "voucher"}
    assert {each["type"] for each in found["registers"]} >= {"leg", "load", "seat", *vouched}


def test_the_record_of_one_city_may_be_replayed_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its precedents lie before the first rule of the pack, or their time is not known; of two evidence was found."""
    told = answer(capsys, "replay", str(ROOT / "packs" / "nyc-conflicts"), str(copied("nyc-2019", tmp_path)))
    (only,) = told["dockets"]
    assert [(each["evidence"], each["rule_of_this_law_then"]) for each in only["precedents"]] == [
        ("not found", "no"),
        ("found in part", "no"),
        ("not found", "no"),
        ("found in part", "not known"),
    ]
