"""The command `custodiet test`, the pack that `custodiet init --pack` writes, and the XML for those who run tests."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from custodiet.cli.main import main


@pytest.fixture
def law(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A pack as `custodiet init --pack` writes it."""
    folder = tmp_path / "law"
    assert main(["init", "--pack", str(folder)]) == 0
    assert capsys.readouterr().out == f"{folder} is a pack of two policies, and of a record type of its own\n"
    return folder


def change(law: Path, old: str, new: str) -> None:
    page = law / "policies" / "meals.md"
    text = page.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    page.write_text(text.replace(old, new), encoding="utf-8")


def test_a_first_pack_passes_every_test_and_every_check(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(law), "--require-coverage"]) == 0
    assert capsys.readouterr().out.splitlines()[1:3] == ["  examples: 18 passed, 0 failed", "  claims: 2 proved"]
    assert main(["check", str(law)]) == 0, capsys.readouterr().err
    assert main(["format", str(law), "--check"]) == 0, capsys.readouterr().out


def test_a_first_pack_uses_every_box_that_a_document_can_have(law: Path) -> None:
    from custodiet.policy.language.boxes import BOXES

    text = (law / "policies" / "meals.md").read_text(encoding="utf-8")
    assert [box for box in BOXES if f"```{box}\n" not in text] == []
    assert "```gap\n" in (law / "open.md").read_text(encoding="utf-8")


def test_a_gap_box_without_an_end_is_not_passed_over(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (law / "open.md").open("a", encoding="utf-8") as page:
        page.write("\n```gap\nwhen  for_a_meal\n")
    assert main(["check", str(law)]) == 1
    assert "the `gap` box is not closed" in capsys.readouterr().err


def test_the_page_of_gaps_is_not_blamed_for_a_policy_that_cannot_be_read(
    law: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (law / "policies" / "meals.md").write_text("", encoding="utf-8")
    assert main(["check", str(law)]) == 1
    said = capsys.readouterr()
    assert "meals.md:1: the document has no head" in said.err
    assert "  problems: 1\n" in said.out


def test_a_pack_without_a_name_is_still_called_something(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (law / "pack.toml").write_text("", encoding="utf-8")
    assert main(["check", str(law)]) == 1
    assert capsys.readouterr().out.startswith("A pack without a name, SHA-256 ")


def test_a_pack_is_written_into_no_folder_that_holds_something(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--pack", str(law)]) == 2
    assert "not empty" in capsys.readouterr().err


def test_an_example_that_fails_is_exit_1_and_is_told(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(law, "| 60 | none | 12 | officer | 1 |", "| 60 | none | 13 | officer | 1 |")
    assert main(["test", str(law)]) == 1
    printed = capsys.readouterr()
    assert "the example says owes 13; the rules say 12.00" in printed.err
    assert "  examples: 17 passed, 1 failed\n" in printed.out


def test_a_claim_that_is_refuted_is_exit_1_and_is_told_with_a_record(
    law: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(law, "never  owes > paid", "never  owes > 10")
    assert main(["test", str(law)]) == 1
    printed = capsys.readouterr()
    assert "Nobody repays more than the city paid." in printed.err
    assert "  claims: 1 proved, 1 refuted\n" in printed.out


def test_a_claim_of_nothing_is_exit_1_and_is_neither_proved_nor_refuted(
    law: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That nobody repays more than the city paid is said of meals that cost less than one and more."""
    change(law, "never  owes > paid", "when   paid < 1 and paid > 1\nnever  owes > paid")
    xml = tmp_path / "tested.xml"
    assert main(["test", str(law), "--junit", str(xml)]) == 1
    printed = capsys.readouterr()
    assert "the claim is said of nothing: Nobody repays more than the city paid." in printed.err
    assert "  claims: 1 proved, 1 said of nothing\n" in printed.out
    (failure,) = ET.parse(xml).getroot().iter("failure")  # noqa: S314 - this program wrote it
    assert failure.get("type") == "said of nothing"
    assert "no possible record meets its condition" in str(failure.get("message"))

    assert main(["test", str(law), "--format", "json"]) == 1
    claims = json.loads(capsys.readouterr().out)["claims"]
    assert claims == {"proved": 1, "refuted": 0, "said of nothing": 1, "undecided": 0, "not proved": 0}
    assert main(["check", str(law)]) == 1
    assert ", 0 refuted, 0 undecided, 1 said of nothing\n" in capsys.readouterr().out
    assert main(["prove", str(law)]) == 1


def test_a_claim_that_the_solver_leaves_undecided_is_counted_as_that(
    law: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    xml = tmp_path / "tested.xml"
    assert main(["test", str(law), "--steps", "1", "--junit", str(xml)]) == 0
    assert "  claims: 2 undecided\n" in capsys.readouterr().out
    skipped = list(ET.parse(xml).getroot().iter("skipped"))  # noqa: S314 - this program wrote it
    assert [each.get("type") for each in skipped].count("undecided") == 2


def test_what_no_example_shows_is_exit_1_only_where_that_is_asked(
    law: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(law, "| part of it has come back", "| nothing has come back")
    change(law, "| no | 60 | 25 | 35 | officer | 2a |", "| no | 60 | none | 60 | officer | 2 |")
    assert main(["test", str(law)]) == 0
    assert "no example shows rule 2a deciding" in capsys.readouterr().out
    assert main(["test", str(law), "--require-coverage"]) == 1


def test_a_document_that_cannot_be_read_is_in_the_way_of_every_test(
    law: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(law, "when          recovered is not none", "when          recovered is not nonne")
    junit = tmp_path / "tests.xml"
    assert main(["test", str(law), "--junit", str(junit)]) == 1
    printed = capsys.readouterr()
    assert "meals.md:73: unexpected `nonne`" in printed.err
    assert "  nothing was tested: 1 problem to mend first\n" in printed.out
    assert [case.find("failure") is not None for case in ET.parse(junit).iter("testcase")] == [True]  # noqa: S314


def test_a_pack_without_policies_passes_nowhere(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in ("policies/meals.md", "policies/receptions.md", "open.md"):
        (law / file).unlink()
    for command, code in (("check", 1), ("test", 1), ("prove", 3), ("format", 3)):
        assert main([command, str(law)]) == code
        assert "the pack has no policies" in capsys.readouterr().err


def test_without_the_solver_a_claim_is_not_proved_and_that_is_said(
    law: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert main(["test", str(law)]) == 0
    assert "  claims: 2 not proved\n" in capsys.readouterr().out


def test_tools_read_the_same_as_json_and_csv(law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(law, "| 60 | none | 12 | officer | 1 |", "| 60 | none | 13 | officer | 1 |")
    assert main(["test", str(law), "--format", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["examples"], answer["complete"]) == ({"passed": 17, "failed": 1}, True)
    assert answer["claims"] == {"proved": 2, "refuted": 0, "said of nothing": 0, "undecided": 0, "not proved": 0}
    assert answer["coverage"]["rule"] == {"shown": 6, "of": 6}
    assert main(["test", str(law), "--format", "csv"]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows == [{key: str(value) for key, value in each.items()} for each in answer["tested"]]
    assert [(row["what"], row["came_out"]) for row in rows if row["sort"] == "example"][:2] == [
        ("above the rate", "failed"),
        ("the rate of the next year", "passed"),
    ]


# JUnit: what junit-10.xsd of Jenkins' xUnit plugin lets stand where, as pytest's own writer is held to it
CHILDREN = {"testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"skipped", "failure"}}
NEEDED = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name"}}
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "file"},
    "testcase": {"name", "classname"},
    "skipped": {"type", "message"},
    "failure": {"type", "message"},
}


def faults(element: ET.Element) -> Iterator[str]:
    """What a strict reader would not take."""
    if set(element.attrib) - ATTRIBUTES[element.tag] or NEEDED.get(element.tag, set()) - set(element.attrib):
        yield f"{element.tag} has {sorted(element.attrib)}"
    for child in element:
        if child.tag not in CHILDREN.get(element.tag, set()):
            yield f"{child.tag} stands in {element.tag}"
        else:
            yield from faults(child)
    cases = list(element.iter("testcase"))
    if element.tag.startswith("testsuite"):
        failed = sum(case.find("failure") is not None for case in cases)
        if (element.get("tests"), element.get("failures")) != (str(len(cases)), str(failed)):
            yield f"{element.get('name')} is counted wrongly"


def test_the_xml_is_what_strict_readers_take_and_the_same_every_time(law: Path, tmp_path: Path) -> None:
    change(law, "| 60 | none | 12 | officer | 1 |", "| 60 | none | 13 | officer | 1 |")
    change(law, "| no | 60 | 25 | 35 | officer | 2a |", "| no | 60 | none | 60 | officer | 2 |")
    first, second = tmp_path / "first.xml", tmp_path / "second.xml"
    for file in (first, second):
        assert main(["test", str(law), "--require-coverage", "--junit", str(file)]) == 1
    assert first.read_bytes() == second.read_bytes()
    assert b"time" not in first.read_bytes()
    root = ET.fromstring(first.read_bytes())  # noqa: S314 - we wrote it
    assert list(faults(root)) == []
    assert [suite.get("name") for suite in root] == ["first-pack/meals", "first-pack/receptions"]
    for suite in root:
        names = [case.get("name") for case in suite.iter("testcase")]
        assert len(names) == len(set(names))
    names = [case.get("name") for case in root.iter("testcase")]
    failed = {case.get("name") for case in root.iter("testcase") if case.find("failure") is not None}
    assert {"example: above the rate", "rule: rule 2a deciding"} <= failed
    assert "claim: Nobody repays more than the city paid." in set(names) - failed


def test_what_xml_cannot_hold_is_written_out() -> None:
    from custodiet.cli.junit import Case, Suite, junit

    written = junit("p", [Suite("p/q", "q.md", (Case("a\x00b", "failure", "failed", "<&>\x0b", "\ud800"),))])
    case = next(ET.fromstring(written).iter("testcase"))  # noqa: S314 - we wrote it
    assert case.get("name") == r"a\x00b"
    assert [(each.get("message"), each.text) for each in case] == [(r"<&>\x0b", r"\ud800")]


@pytest.mark.parametrize("period", ["2024-01-01 .. 2199-12-31", "1900-01-01 ..", "1900-01-01 .. 2199-12-31"])
def test_no_row_is_asked_for_of_a_day_outside_the_calendar(
    law: Path, capsys: pytest.CaptureFixture[str], period: str
) -> None:
    page = law / "policies" / "meals.md"
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"\| before there was a law .*\n", "", text)
    page.write_text(re.sub(r"(in force +)\S+ \.\.\n", rf"\g<1>{period}\n", text), encoding="utf-8")
    assert main(["test", str(law)]) == 0
    captured = capsys.readouterr()
    told = captured.out + captured.err
    assert "days around a change of law" in told
    assert "1899-12-31" not in told
    assert "2200-01-01" not in told
    assert ("2199-12-31, the last day before the law changes" in told) == period.endswith("2199-12-31")
