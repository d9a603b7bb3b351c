"""An audit tells what the solver finds in the law it applies, and runs all the same."""

import json
from pathlib import Path

import pytest

from custodiet.cli.main import main
from tests.first_docket import change


@pytest.fixture
def docket(tmp_path: Path) -> Path:
    folder = tmp_path / "first-docket"
    assert main(["init", str(folder)]) == 0
    return folder


def audited(docket: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What an audit says to people."""
    capsys.readouterr()
    assert main(["audit", str(docket), "--format", "json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["results"] > 0
    return said.err


def test_an_audit_by_a_law_with_a_gap_says_so_each_time_and_runs(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no rule answers" not in audited(docket, capsys)
    change(docket / "pack" / "policies" / "seat-fare.md", "leg.purpose != 'official'", "leg.purpose = 'personal'")
    first = audited(docket, capsys)
    assert "no rule answers for some seats" in first
    assert audited(docket, capsys) == first


def test_what_is_kept_of_a_proof_is_asked_again_when_the_file_is_half_written(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(docket / "pack" / "policies" / "seat-fare.md", "leg.purpose != 'official'", "leg.purpose = 'personal'")
    first = audited(docket, capsys)
    kept = docket / ".custodiet" / "proved.json"
    kept.write_text(kept.read_text()[:40])
    assert audited(docket, capsys) == first


def test_without_the_solver_an_audit_says_that_the_law_is_not_proved(
    docket: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(name: str) -> None:
        assert name == "z3"

    monkeypatch.setattr("importlib.util.find_spec", nowhere)
    monkeypatch.setattr("custodiet.policy.proved.find_spec", nowhere)
    assert "the pack is not proved: the solver is not installed" in audited(docket, capsys)
