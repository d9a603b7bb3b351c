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
