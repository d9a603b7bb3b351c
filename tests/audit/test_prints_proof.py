"""An audit tells what the solver finds in the law it applies, and runs all the same."""

import json
import re
from pathlib import Path

import pytest

from custodiet.audit.version import program_version
from custodiet.cli.main import main
from custodiet.policy.packs.pack import Pack, read_pack
from custodiet.proofs.pack_proofs import Proved
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


def with_a_gap(docket: Path) -> None:
    change(docket / "pack" / "policies" / "seat-fare.md", "leg.purpose != 'official'", "leg.purpose = 'personal'")


def test_what_a_docket_brings_along_as_proved_is_not_believed(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_a_gap(docket)
    first = audited(docket, capsys)
    pack = read_pack(docket / "pack")
    pins = {"pack": pack.hash, "folder": str(docket / "pack"), "program": program_version(), "solver": "z3"}
    brought = docket / ".custodiet" / "proved.json"
    assert not brought.exists()
    brought.write_text(json.dumps({**pins, "found": []}))
    assert "no rule answers for some seats" in first
    assert audited(docket, capsys) == first


def test_the_next_audit_by_the_same_law_does_not_ask_again_and_one_by_a_mended_law_does(
    docket: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_gap(docket)
    first = audited(docket, capsys)
    asked: list[Pack] = []

    def ask(pack: Pack, **_: object) -> Proved:
        asked.append(pack)
        return Proved(1, (), ())

    monkeypatch.setattr("custodiet.proofs.pack_proofs.prove_pack", ask)
    assert audited(docket, capsys) == first
    assert not asked
    change(docket / "pack" / "policies" / "seat-fare.md", "leg.purpose = 'personal'", "leg.purpose != 'official'")
    assert "no rule answers" not in audited(docket, capsys)
    assert len(asked) == 1


def test_an_audit_says_how_much_of_the_law_it_left_undecided(
    docket: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custodiet.proofs.smt.budget.STEPS", 10)
    said = audited(docket, capsys)
    (number,) = re.findall(r"(\d+) of \d+ questions about all records are undecided", said)
    assert int(number) > 0
    assert audited(docket, capsys) == said


def test_an_audit_without_a_home_proves_the_law_and_says_nothing_of_it(
    docket: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_a_gap(docket)
    first = audited(docket, capsys)
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", "/dev/null")
    assert audited(docket, capsys) == first


def test_without_the_solver_an_audit_says_that_the_law_is_not_proved(
    docket: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(name: str) -> None:
        assert name == "z3"

    monkeypatch.setattr("importlib.util.find_spec", nowhere)
    monkeypatch.setattr("custodiet.proofs.pack_proofs.find_spec", nowhere)
    assert "the pack is not proved: the solver is not installed" in audited(docket, capsys)
