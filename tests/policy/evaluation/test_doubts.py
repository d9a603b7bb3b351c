"""What a pack knows to be doubtful is told wherever the doubtful rule decides, and changes no answer."""

import csv
import io
from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.policy.packs.pack import read_pack
from tests.first_docket import answer, change
from tests.house import ROOT

DOUBT = """# What is open

## seat-fare

```doubt
rules   2
source  a letter of the ministry of 2021
says    A seat on a personal flight
        costs half the fare.
known   Quoted in a newspaper; the letter was not read.
```
"""
SAYS = "A seat on a personal flight costs half the fare."
TOLD = {
    "source": "a letter of the ministry of 2021",
    "says": SAYS,
    "known": "Quoted in a newspaper; the letter was not read.",
}
IN_WORDS = "Doubtful: about rule 2, a letter of the ministry of 2021 says otherwise:"


@pytest.fixture
def doubted(docket: Path) -> Path:
    """The first docket, under a law of which rule 2 is doubtful: it decides seat-2, and perhaps seat-3."""
    (docket / "pack" / "open.md").write_text(DOUBT, encoding="utf-8")
    return docket


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def test_a_doubt_is_read_with_its_rules_and_changes_no_answer(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = answer(capsys, "audit", str(docket))
    (docket / "pack" / "open.md").write_text(DOUBT, encoding="utf-8")
    pack = read_pack(docket / "pack")
    assert pack.problems == ()
    [doubt] = pack.policies[0].doubts
    assert (doubt.rules, doubt.source, doubt.says) == (("2",), TOLD["source"], SAYS)
    after = answer(capsys, "audit", str(docket))
    assert "doubts" not in before
    assert after["doubts"] == [{"policy": "first-law/seat-fare", "rules": ["2"], **TOLD, "results": 2}]
    assert after["pack"]["hash"] != before["pack"]["hash"]
    for key in ("questioned", "by_outcome", "undetermined"):
        assert after[key] == before[key]


def test_the_audit_and_the_report_print_it(doubted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["audit", str(doubted), "--out", str(out), "--readers", "internal"]) == 0
    assert f"first-law/seat-fare: {IN_WORDS} {SAYS}" in capsys.readouterr().out
    page = (out / "report" / "index.html").read_text(encoding="utf-8")
    assert page.count(f"{IN_WORDS} {SAYS}") == 1
    with (out / "results.csv").open(encoding="utf-8") as lines:
        assert [row["doubtful"] for row in csv.DictReader(lines)] == ["", "2", "2", ""]


@pytest.mark.parametrize("readers", ["respondent", "public"])
def test_every_edition_names_the_doubtful_rules_that_it_shows(doubted: Path, tmp_path: Path, readers: str) -> None:
    # Half a year after the last leg the public may read of it.
    change(doubted / "docket.toml", 'recorded_at = "2024-06-03"', 'recorded_at = "2024-12-03"')
    out = tmp_path / "out"
    assert main(["audit", str(doubted), "--out", str(out), "--readers", readers]) == 0
    rows = list(csv.DictReader(io.StringIO((out / "results.csv").read_text(encoding="utf-8"))))
    assert {row["doubtful"] for row in rows if "2" in row["because"].split("; ")} == {"2"}
    assert any(row["doubtful"] for row in rows)


@pytest.mark.parametrize(("record", "told"), [("seat-1", 0), ("seat-2", 1), ("seat-3", 1)])
def test_it_is_explained_beside_the_rule(
    doubted: Path, capsys: pytest.CaptureFixture[str], record: str, told: int
) -> None:
    assert main(["explain", str(doubted), record]) == 0
    assert in_one_line(capsys.readouterr().out).count(f"{IN_WORDS} {SAYS} {TOLD['known']}") == told
    [said] = answer(capsys, "explain", str(doubted), record)["answers"]
    doubts = {rule["rule"]: rule["doubts"] for rule in (*said["because"], *said["unsettled"])}
    assert doubts.get("2", []) == [TOLD] * told


def test_whoever_asks_before_a_use_is_told(doubted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    use = ["role=guest", "leg.purpose=personal", "leg.departed_on=2024-05-02", "leg.full_coach_fare=412"]
    assert main(["ask", str(doubted / "pack"), "--for", "seat", *use]) == 0
    assert f"{IN_WORDS} {SAYS}" in in_one_line(capsys.readouterr().out)
    told = answer(capsys, "ask", str(doubted / "pack"), "--for", "seat", *use)
    assert [rule["doubts"] for rule in told["answers"][0]["rules"]] == [[TOLD]]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("rules   2", "rules   2, 7", "doubt_rule"),
        ("known   Quoted in a newspaper; the letter was not read.\n", "", "key_missing"),
        ("source  ", "sources ", "key_unknown"),
        ("## seat-fare", "## seat-fares", "open_policy"),
        ("```doubt", "```doubts", "box_unknown"),
        ("read.\n```\n", "read.\n", "box_open"),
    ],
)
def test_a_doubt_that_cannot_be_read_is_a_problem(doubted: Path, old: str, new: str, code: str) -> None:
    assert old in DOUBT
    (doubted / "pack" / "open.md").write_text(DOUBT.replace(old, new), encoding="utf-8")
    problems = read_pack(doubted / "pack").problems
    assert code in {problem.code for problem in problems}


def test_a_doubt_may_hold_nothing_that_nobody_sees(doubted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (doubted / "pack" / "open.md").write_text(DOUBT.replace("newspaper", "news\x1b[2Kpaper"), encoding="utf-8")
    assert main(["audit", str(doubted)]) == 3
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert r"news\x1b[2Kpaper" in said


def test_the_opinion_on_a_mayor_who_stays_on_is_told_with_the_rule_it_speaks_against() -> None:
    pack = read_pack(ROOT / "packs" / "us-campaign-travel")
    doubts = {policy.name: policy.doubts for policy in pack.policies if policy.doubts}
    assert list(doubts) == ["us-campaign-travel/cost-of-the-way"]
    [doubt] = doubts["us-campaign-travel/cost-of-the-way"]
    assert doubt.rules == ("2.3",)
    assert "stayed on" in doubt.says
    assert "not confirmed" in doubt.known
