"""`custodiet diff`: two states of a law, and what the change does to real records."""

import csv
import io
import shutil
from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.policy.evaluation.result import HINDSIGHT
from custodiet.proofs import impact as turning
from custodiet.proofs.pack_proofs import NOT_INSTALLED
from custodiet.proofs.smt.budget import UNFINISHED
from tests.first_docket import answer, change


@pytest.fixture
def draft(docket: Path, tmp_path: Path) -> Path:
    """The first docket's law with half the fare in rule 2."""
    folder = tmp_path / "draft"
    shutil.copytree(docket / "pack", folder)
    document = folder / "policies" / "seat-fare.md"
    change(document, "owes      leg.full_coach_fare from", "owes      leg.full_coach_fare / 2 from")
    change(document, "| 412 | 412 | occupant |", "| 412 | 206 | occupant |")
    return folder


Call = list[str]


@pytest.fixture
def both(docket: Path, draft: Path) -> Call:
    """The beginning of a call that compares the two."""
    return ["diff", str(docket / "pack"), str(draft)]


def test_a_change_is_told_in_words(both: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(both) == 0
    said = capsys.readouterr().out.splitlines()
    at = said.index("  rule 2 changed (First Law, art. 2, in force since 2020-01-01)")
    assert said[at + 1 : at + 4] == [
        "      amount",
        "        was  the occupant owes leg.full_coach_fare",
        "        now  the occupant owes leg.full_coach_fare divided by 2",
    ]
    assert not any("answers change" in line for line in said)


def test_the_same_law_twice_says_the_same(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(docket / "pack"), str(docket / "pack")]) == 0
    assert "The two do not differ." in capsys.readouterr().out.splitlines()


def test_the_docket_says_whose_answer_changes_and_by_how_much_money(
    both: Call, docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    | seat   | leg.purpose | fare   | was                 | is                 |
    | seat-1 | official    | 180.00 | nothing due         | nothing due        |
    | seat-2 | personal    | 412.00 | owes 412.00         | owes 206.00        |
    | seat-3 | unknown     |  95.50 | between 0 and 95.50 | between 0 and 47.75 |
    | seat-4 | personal    | 240.00 | no rule, in 2019    | no rule            |
    """  # noqa: D205, D400 - the world comes first
    assert main([*both, "--docket", str(docket)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "  2 of 4 answers change, computed, not decided" in said
    assert "      seat-2: owes 412.00 EUR from guest-1 → owes 206.00 EUR from guest-1" in said
    assert (
        "      seat-3: undetermined, between 0.00 EUR and 95.50 EUR → undetermined, between 0.00 EUR and 47.75 EUR"
        in said
    )
    assert "  guest-1: 412.00 EUR → 206.00 EUR, 206.00 EUR less" in said
    assert not any("seat-4" in line or "hindsight" in line for line in said)


def test_the_same_in_json(both: Call, docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, *both, "--docket", str(docket))
    assert told["old"]["name"] == told["new"]["name"] == "first-law"
    assert told["old"]["hash"] != told["new"]["hash"]
    (changed,) = told["changes"]
    assert (changed["policy"], changed["sort"], changed["name"], changed["change"]) == (
        "first-law/seat-fare", "rule", "2", "changed",
    )  # fmt: skip
    assert [part["part"] for part in changed["parts"]] == ["amount"]
    records = told["docket"]
    assert (records["results"], records["changed"], records["hindsight"], records["set_aside"]) == (4, 2, [], 0)
    assert [(each["from"], each["to"], [one["record"] for one in each["records"]]) for each in records["turns"]] == [
        ("owes", "owes", ["seat-2"]),
        ("undetermined", "undetermined", ["seat-3"]),
    ]
    assert records["turns"][0]["records"][0]["after"]["debts"] == [
        {"payer": "guest-1", "currency": "EUR", "amount": "206.00", "liable": None}
    ]
    assert records["turns"][1]["records"][0]["after"]["between"] == ["0.00", "47.75"]
    assert records["payers"] == [
        {"payer": "guest-1", "currency": "EUR", "before": "412.00", "after": "206.00", "difference": "-206.00"}
    ]


def test_the_same_as_a_table(both: Call, docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*both, "--docket", str(docket), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    told = [(row["sort"], row["name"], row["part"], row["hindsight"]) for row in rows if row["sort"] != "example"]
    assert told == [
        ("rule", "2", "amount", "no"),
        ("result", "seat-2", "", "no"),
        ("result", "seat-3", "", "no"),
        ("payer", "guest-1", "", "no"),
    ]
    assert (rows[-1]["before"], rows[-1]["after"]) == ("412.00 EUR", "206.00 EUR")
    (example,) = [row for row in rows if row["sort"] == "example"]
    assert "leg.full_coach_fare 1.00" in example["name"]
    assert example["after"] == "owes 0.50 EUR from occupant (rule 2)"


def test_the_smallest_record_stands_below_the_changes_of_its_question(
    both: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    """One euro is the smallest fare that tells the two laws apart, and half of it is exact."""
    assert main(both) == 0
    said = capsys.readouterr().out.splitlines()
    (at,) = [
        place for place, line in enumerate(said) if line.startswith("  the smallest record whose answer changes: ")
    ]
    assert "leg.full_coach_fare 1.00" in said[at]
    assert said[at + 1 : at + 3] == [
        "      was  owes 1.00 EUR from occupant (rule 2)",
        "      now  owes 0.50 EUR from occupant (rule 2)",
    ]
    (question,) = answer(capsys, *both)["questions"]
    assert (question["policy"], question["answers"], question["why"]) == ("first-law/seat-fare", "changes", "")
    assert question["after"]["debts"][0]["amount"] == "0.50"


def test_without_the_solver_the_rest_is_told_and_the_exit_code_is_0(
    both: Call, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(turning, "find_spec", lambda _: None)
    assert main(both) == 0
    said = capsys.readouterr().out.splitlines()
    assert f"  not proved whether any answer changes: {NOT_INSTALLED}" in said
    assert "        now  the occupant owes leg.full_coach_fare divided by 2" in said


def test_what_the_solver_leaves_undecided_is_said_in_every_form(both: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*both, "--steps", "1"]) == 0
    said = capsys.readouterr().out
    assert f"  undecided whether any answer changes: {UNFINISHED}\n" in f"{said}\n"
    assert "proved: of a record" not in said
    (question,) = answer(capsys, *both, "--steps", "1")["questions"]
    assert (question["answers"], question["why"]) == ("undecided", UNFINISHED)
    main([*both, "--steps", "1", "--format", "csv"])
    (row,) = [row for row in csv.DictReader(io.StringIO(capsys.readouterr().out)) if row["sort"] == "question"]
    assert (row["change"], row["part"]) == ("undecided", UNFINISHED)


def test_law_laid_over_older_acts_is_marked_on_the_screen_in_json_and_in_the_table(
    both: Call, docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seat 4 flew in December 2019, before the law began: by the draft the mayor would owe half of 240."""
    call = [*both, "--docket", str(docket), "--law-of", "2024-06-01"]
    assert main(call) == 0
    said = capsys.readouterr().out.splitlines()
    assert "      seat-4: no rule → owes 120.00 EUR from mayor (hindsight)" in said
    assert f"  1 answer by {HINDSIGHT}" in said
    assert "  old: each act by the law of its own day; new: every act by the law of 2024-06-01" in said
    assert "  mayor: 0.00 EUR → 120.00 EUR, 120.00 EUR more" in said

    told = answer(capsys, *call)
    assert told["law_of"] == "2024-06-01"
    assert told["docket"]["hindsight"] == [{"record": "seat-4", "policy": "first-law/seat-fare"}]
    marks = {one["record"]: one["after"]["hindsight"] for turn in told["docket"]["turns"] for one in turn["records"]}
    assert marks == {"seat-2": False, "seat-3": False, "seat-4": True}

    assert main([*call, "--format", "csv"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert {row["name"]: row["hindsight"] for row in rows if row["sort"] == "result"} == {
        "seat-2": "no", "seat-3": "no", "seat-4": "yes",
    }  # fmt: skip


def test_one_law_laid_over_acts_of_before_it_is_held_against_the_law_of_their_day(
    both: Call, docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The law as it is, twice: alone seat 4, flown in December 2019, comes out otherwise by the law of 2024."""
    _, old, _ = both
    call = ["diff", old, old, "--docket", str(docket), "--law-of", "2024-06-01"]
    (turn,) = answer(capsys, *call)["docket"]["turns"]
    (seat,) = turn["records"]
    assert (turn["from"], turn["to"], seat["record"]) == ("no rule", "owes", "seat-4")
    assert seat["after"]["hindsight"]


def test_a_question_that_only_the_new_law_asks_changes_every_record_it_is_asked_of(
    both: Call, docket: Path, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = draft / "policies" / "seat-fare.md"
    other = document.read_text(encoding="utf-8").replace("first-law/seat-fare", "first-law/seat-again")
    (draft / "policies" / "seat-again.md").write_text(other, encoding="utf-8")
    told = answer(capsys, *both, "--docket", str(docket))
    turns = [each for each in told["docket"]["turns"] if each["policy"] == "first-law/seat-again"]
    assert {each["from"] for each in turns} == {"not asked"}
    assert sorted(one["record"] for each in turns for one in each["records"]) == [
        "seat-1",
        "seat-2",
        "seat-3",
        "seat-4",
    ]
    assert all(one["before"] is None for each in turns for one in each["records"])
    # 206.00 by either question: 412.00 before, twice 206.00 after.
    assert told["docket"]["payers"] == []


def test_rows_set_aside_are_told_and_are_exit_code_1(
    both: Call, docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(docket / "records" / "leg.csv", "412.00", "a lot")
    assert main([*both, "--docket", str(docket)]) == 1
    assert "leg.csv:3: set aside" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--law-of", "2024-06-01"], "name the docket with --docket"),
        (["--as-of", "3"], "name the docket with --docket"),
        (["--docket", "DOCKET", "--law-of", "June"], "'June' is not a date; write one as 2024-06-01"),
        (["--docket", "nowhere"], "nowhere: there is no such folder"),
    ],
)
def test_a_wrong_call_says_what_to_write_instead(
    both: Call, docket: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    assert main([*both, *(str(docket) if word == "DOCKET" else word for word in more)]) == 2
    assert said in capsys.readouterr().err


def test_a_law_that_leaves_in_doubt_what_it_means_is_refused(
    both: Call, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(draft / "policies" / "seat-fare.md", "leg.purpose = 'official'", "leg.purpose = 'offical'")
    assert main(both) == 3
    assert "mend before it can decide anything" in capsys.readouterr().err


def test_a_law_in_another_currency_is_refused(
    both: Call, docket: Path, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(draft / "policies" / "seat-fare.md", "EUR", "USD")
    assert main([*both, "--docket", str(docket)]) == 3
    assert "use a pack in EUR" in capsys.readouterr().err
