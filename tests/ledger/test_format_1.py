"""A docket and three archives of the first format, made by the program of December 2026 and never made again.

Every later program opens them without changing a byte, verifies them, gives the same results and appends to them.
The docket holds what that program could be told: a row set aside and one gone, amendments by a table and by a person,
prose on two lines, a letter in another Unicode form, sealed places, and two tables (`travel_day`, `candidacy`) of types
that its pack does not define.
"""

import csv
import hashlib
import io
import shutil
import zipfile
from pathlib import Path

import pytest

from custodiet.cli.main import main
from tests.first_docket import answer, change
from tests.house import ROOT
from tests.policy_documents import bring

FORMAT_1 = ROOT / "tests" / "fixtures" / "format-1"
SIZE, TREE = 17, "20683f5f0daa949bbaea3a0a21fd617af28550e525c9c1acefe04e4e8c148a0e"
EDITIONS = ("internal", "respondent", "public")


def bytes_of(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder, by its path."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.fixture
def docket(tmp_path: Path) -> Path:
    """A copy of the docket, to be opened."""
    return shutil.copytree(FORMAT_1 / "docket", tmp_path / "docket")


def test_it_is_opened_and_audited_without_changing_a_byte_and_owes_what_it_owed(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = bytes_of(docket)
    said = answer(capsys, "audit", str(docket), code=1)
    assert said["as_of"] == {"size": SIZE, "root": TREE, "recorded_at": "2024-06-19"}
    # The fare of leg-2 as its table corrected it, and of leg-3, whose purpose a person amended: 415.20 + 95.50.
    assert said["questioned"] == [{"payer": "guest-1", "currency": "EUR", "amount": "510.70"}]
    assert said["by_outcome"] == {"no rule": 1, "owes": 2, "nothing due": 1}
    # One voucher, and the rows of the two types that its pack never defined and the program no longer does.
    assert said["set_aside"] == 3
    assert [each["record"] for each in said["held_over"]] == ["leg-5"]
    assert bytes_of(docket) == before


def test_its_results_are_those_in_the_archive(docket: Path, tmp_path: Path) -> None:
    assert main(["audit", str(docket), "--out", str(tmp_path / "out"), "--readers", "internal"]) == 1
    with zipfile.ZipFile(FORMAT_1 / "internal.zip") as archive:
        told = archive.read("results.csv").decode("utf-8")
    now = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")
    columns = ("record", "policy", "outcome", "payers", "amounts", "because", "missing", "basis")
    assert [[row[name] for name in columns] for row in csv.DictReader(io.StringIO(now))] == [
        [row[name] for name in columns] for row in csv.DictReader(io.StringIO(told))
    ]


@pytest.mark.parametrize("edition", EDITIONS)
def test_its_archives_verify(edition: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(FORMAT_1 / f"{edition}.zip")]) == 0
    assert "Nothing is wrong." in capsys.readouterr().out


def test_rows_of_types_that_nobody_defines_any_more_are_kept_counted_and_told(
    docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(docket), "--out", str(tmp_path / "out"), "--readers", "internal"]) == 1
    assert "the pack defines no record type candidacy, so its row is kept and not read" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "out" / "audit.zip")]) == 0
    assert "in the kept files alone: candidacy, travel_day." in " ".join(capsys.readouterr().out.split())
    # Whoever defines the type reads what was kept, without another import of the file.
    bring(docket / "pack", ["candidacy", "travel_day"])
    said = answer(capsys, "audit", str(docket), code=1)
    assert (said["set_aside"], said["as_of"]["size"]) == (1, SIZE)


def test_a_sealed_field_is_explained_from_its_entry_and_its_amendment(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(docket), "seat-3"]) == 0
    said = capsys.readouterr().out
    assert "personal" in said
    assert "95.50" in said


def test_it_is_appended_to_and_what_it_held_stays_as_it_was(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seats = docket / "records" / "seat.csv"
    seats.write_text(
        seats.read_text(encoding="utf-8") + "seat-5,leg-3,mayor,guest,no,written later,\n", encoding="utf-8"
    )
    change(docket / "records" / "leg.csv", "95.50", "99.00")
    said = answer(capsys, "audit", str(docket), code=1)
    assert said["as_of"]["size"] > SIZE
    # Two seats on leg-3 at its new fare: 415.20 + 99.00 for the guest, and 99.00 for the mayor.
    assert said["questioned"] == [
        {"payer": "guest-1", "currency": "EUR", "amount": "514.20"},
        {"payer": "mayor", "currency": "EUR", "amount": "99.00"},
    ]
    then = answer(capsys, "audit", str(docket), "--as-of", str(SIZE), code=1)
    assert then["as_of"]["root"] == TREE
    assert then["questioned"] == [{"payer": "guest-1", "currency": "EUR", "amount": "510.70"}]
