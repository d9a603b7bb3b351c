"""Where no rule answers and the pack says why, the reason stands beside *no rule*; it changes no answer."""

from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.policy.packs.pack import read_pack
from tests.first_docket import answer

OPEN = """# What is open

## seat-fare

Seats on flights
before the law.

```gap
when  leg.departed_on < 2020-01-01
```

Reason: the statute book of 2019
was looked through until its last page, and no rule was found.

## seat-fare

Crew on personal flights.

```gap
when  role = 'crew' and leg.departed_on < 2020-01-01
```

Reason: nothing was looked for.
"""
GAP = {
    "says": "Seats on flights before the law.",
    "reason": "the statute book of 2019 was looked through until its last page, and no rule was found.",
}
IN_WORDS = f"Left open: {GAP['says']} Reason: {GAP['reason']}"


@pytest.fixture
def open_docket(docket: Path) -> Path:
    """The first docket: seat-4 flew in 2019, before the first law was in force, and nobody on it is crew."""
    (docket / "pack" / "open.md").write_text(OPEN, encoding="utf-8")
    return docket


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def test_the_audit_tells_the_reason_once_with_how_many_results_it_is_for(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answer(capsys, "audit", str(docket))
    assert "left_open" not in before
    (docket / "pack" / "open.md").write_text(OPEN, encoding="utf-8")
    assert read_pack(docket / "pack").problems == ()
    after = answer(capsys, "audit", str(docket))
    assert after["left_open"] == [{"policy": "first-law/seat-fare", **GAP, "results": 1}]
    for key in ("questioned", "by_outcome", "undetermined"):
        assert after[key] == before[key]
    assert main(["audit", str(docket)]) == 0
    told = in_one_line(capsys.readouterr().out)
    assert f"Where no rule answers, and why first-law/seat-fare, 1 result. {IN_WORDS}" in told
    assert "nothing was looked for" not in told, "no record lies in that gap"


@pytest.mark.parametrize(("record", "gaps"), [("seat-1", []), ("seat-2", []), ("seat-3", []), ("seat-4", [GAP])])
def test_it_is_explained_of_the_record_that_no_rule_answers(
    open_docket: Path, capsys: pytest.CaptureFixture[str], record: str, gaps: list[dict[str, str]]
) -> None:
    [told] = answer(capsys, "explain", str(open_docket), record)["answers"]
    assert told["left_open"] == gaps
    assert main(["explain", str(open_docket), record]) == 0
    assert in_one_line(capsys.readouterr().out).count(IN_WORDS) == len(gaps)


def test_whoever_asks_before_a_use_is_told(open_docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    use = ["role=guest", "leg.purpose=personal", "leg.full_coach_fare=412"]
    asked = ["ask", str(open_docket / "pack"), "--for", "seat", *use]
    assert main([*asked, "leg.departed_on=2019-05-02"]) == 0
    assert IN_WORDS in in_one_line(capsys.readouterr().out)
    assert main([*asked, "leg.departed_on=2024-05-02"]) == 0
    assert "Left open" not in capsys.readouterr().out
    [told] = answer(capsys, *asked, "leg.departed_on=2019-05-02")["answers"]
    assert told["left_open"] == [GAP]


def test_a_fact_that_is_missing_puts_no_record_into_a_gap(
    open_docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open_docket / "pack" / "open.md"
    page.write_text(OPEN.replace("when  leg.departed_on < 2020-01-01", "when  leg.operating_cost > 5"), "utf-8")
    [told] = answer(capsys, "explain", str(open_docket), "seat-4")["answers"]
    assert (told["outcome"], told["left_open"]) == ("no rule", [])


@pytest.mark.parametrize("readers", ["internal", "respondent", "public"])
def test_the_report_lists_all_that_is_left_open_of_a_question_that_no_rule_answered(
    open_docket: Path, tmp_path: Path, readers: str
) -> None:
    """All of it: else the page would say which of the gaps a record lies in, by fields that it does not show."""
    out = tmp_path / "out"
    assert main(["audit", str(open_docket), "--out", str(out), "--readers", readers]) == 0
    page = in_one_line((out / "report" / "index.html").read_text(encoding="utf-8"))
    shown = readers != "public" or "no rule" in (out / "results.csv").read_text(encoding="utf-8")
    assert (GAP["says"] in page) is shown
    assert ("Crew on personal flights." in page) is shown


def test_an_unprintable_character_in_a_reason_reaches_no_screen(
    open_docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open_docket / "pack" / "open.md"
    page.write_text(OPEN.replace("statute book", "statute\x1b[2Kbook"), encoding="utf-8")
    assert main(["audit", str(open_docket)]) == 3
    assert "\x1b" not in capsys.readouterr().err
