"""What `custodiet case` and `custodiet report` print of the real case, from the model that the audit's report has."""

import json
from pathlib import Path

import pytest

from custodiet.cli.main import main
from tests.reports import copied, written


def test_a_case_tells_its_steps_and_keeps_its_sums_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", str(copied("nyc-2019", tmp_path))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("  15 June 2023") and " order " in line for line in lines)
    # 31 counts of 5,000.00, and with the payment of the gain the sum of the order.
    assert any(line.split()[:2] == ["155,000.00", "USD"] and "fine" in line for line in lines)
    assert any(line.split()[:2] == ["474,794.20", "USD"] and line.endswith("Ordered") for line in lines)
    assert any(line.split()[:2] == ["229,794.20", "USD"] and "Scheduled" in line for line in lines)


def test_the_case_of_model_city_shows_who_was_late_who_stood_aside_and_what_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["case", str(copied("model-city/complete", tmp_path))]) == 0
    told = capsys.readouterr()
    assert "internal edition" in told.err
    assert "internal edition" not in told.out
    assert "What stands against a step" not in told.out
    # Served on 6 March with twenty days, answered on the 29th.
    assert "response by 26 March 2024: 29 March 2024, 3 days late" in told.out
    assert "enforcement attorney 01: prosecutor, appointed by the city attorney, recused 8 April 2024" in told.out
    sums = [line.split(" EUR  ") for line in told.out.splitlines() if " EUR  " in line]
    found = [(value.strip(), name.partition(",")[0]) for value, name in sums]
    # Ordered 1,178.63 + 2 x 250.00, paid 800.00 + 500.00; of the mayor's 300.00, 100.00 are held and the rest stayed.
    for each in (
        ("1,678.63", "Ordered"),
        ("1,300.00", "Paid"),
        ("378.63", "Due and not paid"),
        ("100.00", "Held as a deposit"),
        ("200.00", "Stayed"),
    ):
        assert each in found


def test_a_case_is_told_to_other_tools_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", str(copied("nyc-2019", tmp_path)), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"order", "settlement", "payment"} <= {step["what"] for step in told["steps"]}
    assert {each["kind"] for each in told["ordered"]} == {"payment of a gain", "fine"}


def test_a_docket_without_a_case_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "first")]) == 0
    capsys.readouterr()
    assert main(["case", str(tmp_path / "first")]) == 0
    assert "none recorded" in capsys.readouterr().out


def test_a_report_alone_is_the_page_that_an_audit_writes(tmp_path: Path) -> None:
    out = written("nyc-2019", "public", tmp_path)
    page = tmp_path / "elsewhere" / "page.html"
    assert main(["report", str(tmp_path / "docket"), "--readers", "public", "--out", str(page)]) == 0
    assert page.read_bytes() == (out / "report" / "index.html").read_bytes()


def test_a_finding_whose_notice_was_never_served_is_not_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docket = copied("model-city/complete", tmp_path)
    (docket / "records/notice.csv").unlink()

    code = main(["audit", str(docket), "--out", str(tmp_path / "out"), "--readers", "internal"])

    assert code == 3
    assert "findings that may not be made" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert main(["case", str(docket)]) == 1
