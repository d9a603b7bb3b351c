"""What is counted as it was told before: rows that are gone from their table, or that cannot be read any more."""

import shutil
from pathlib import Path

import pytest

from custodiet.cli.main import main
from tests.first_docket import answer, change
from tests.report_files import copied
from tests.ten_rows import SEATS, Case, ten_rows

FARE = "412.00 EUR  guest-1 (1 result)"
"""What guest-1 owes for seat-2 in the first docket."""


@pytest.fixture
def ten(tmp_path: Path) -> Case:
    return ten_rows(tmp_path / "docket")


def delete(docket: Path, id_: str) -> None:
    """Take the row of a seat out of its table."""
    table = docket / "records" / "seat.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    left = [row for row in rows if not row.startswith(f"{id_},")]
    assert len(left) == len(rows) - 1
    table.write_text("".join(left), encoding="utf-8")


def held_over(case: Case, as_of: str = "") -> list[tuple[str, int | None]]:
    """Each record that is counted as it was told before, with the line that is set aside now."""
    seen = case.view(as_of)
    for each in seen.held_over:
        told = [origin.index for name in ("leg", "occupant", "role") for origin in seen.origins(each.record, name)]
        assert (each.file, each.entry) == ("records/seat.csv", max(told))
    return [(each.record, each.line) for each in seen.held_over]


def test_a_row_that_is_gone_or_set_aside_is_known_from_the_ledger_until_it_is_mended(ten: Case) -> None:
    ten.bring_in()
    first = str(ten.root[0])
    seats = [row for row in SEATS.replace("P9,guest", "P9,gest").splitlines(keepends=True) if not row.startswith("S2,")]
    ten.write("records/seat.csv", "".join(seats))
    ten.bring_in()
    second = str(ten.root[0])
    assert held_over(ten) == [("S2", None), ("S4", 4)]
    ten.bring_in()
    assert held_over(ten) == [("S2", None), ("S4", 4)], "an import that adds nothing still tells it"
    ten.write("records/seat.csv", SEATS)
    ten.bring_in()
    assert held_over(ten) == []
    assert held_over(ten, second) == [("S2", None), ("S4", 4)]
    assert held_over(ten, first) == []


def test_what_an_amendment_said_since_is_what_is_counted(ten: Case) -> None:
    ten.write("amendments.csv", "record,field,value,why,by,recorded_at\nS2,role,crew,misread,the unit,2024-05-02\n")
    ten.bring_in()
    ten.write("records/seat.csv", SEATS.replace("S2,L1", "S7,L1"))
    ten.bring_in()
    assert held_over(ten) == [("S2", None)]
    assert ten.values("seat", "S2")["role"] == "crew"


def test_a_header_that_cannot_be_read_any_more_leaves_every_row_as_it_was(ten: Case) -> None:
    ten.bring_in()
    ten.write("records/seat.csv", SEATS.replace("role", "rolle"))
    ten.bring_in()
    assert held_over(ten) == [("S1", 2), ("S2", 3), ("S3", 4), ("S4", 5), ("S5", 6)]


def test_a_table_that_is_gone_leaves_every_row_as_it_was(ten: Case) -> None:
    ten.bring_in()
    (ten.folder / "records" / "seat.csv").unlink()
    ten.bring_in()
    assert held_over(ten) == [(f"S{number}", None) for number in range(1, 6)]


def test_a_row_of_which_nothing_was_told_before_is_counted_nowhere(ten: Case) -> None:
    ten.write("records/seat.csv", SEATS + "S6,L3,P1,gest,no,,\nS5,L1,P2,guest,no,written later,\n")
    ten.bring_in()
    assert ten.values("seat", "S6") == {}
    assert held_over(ten) == [], "neither S6 nor S5, whose first row is read"


def test_the_record_of_a_deleted_row_is_named_beside_every_total_and_where_it_is_explained(
    docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = str(answer(capsys, "audit", str(docket))["as_of"]["size"])
    delete(docket, "seat-2")
    for _ in range(2):
        capsys.readouterr()
        assert main(["audit", str(docket)]) == 0
        said = capsys.readouterr()
        assert FARE in said.out
        assert "Counts 1 record, whose row is gone from its table: seat-2 (entry 4)." in said.out
        assert "seat-2 is still counted, as entry 4 left it: its row is gone from records/seat.csv.\n" in said.err
        assert "The register of seats is vouched complete, but a row of its table can no longer be found" in said.err
        assert "no entry can withdraw a record yet" in said.err
    told = answer(capsys, "audit", str(docket))
    assert told["held_over"] == [{"record": "seat-2", "file": "records/seat.csv", "row": None, "entry": 4}]
    assert main(["explain", str(docket), "seat-2"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("  seat-2 is still counted, as entry 4 left it")
    explained = answer(capsys, "explain", str(docket), "seat-2")
    assert explained["held_over"] == told["held_over"]
    assert answer(capsys, "explain", str(docket), "seat-1")["held_over"] == []
    out = tmp_path / "out"
    assert main(["audit", str(docket), "--out", str(out), "--readers", "internal"]) == 0
    capsys.readouterr()
    page = (out / "report" / "index.html").read_text(encoding="utf-8")
    assert "Counts 1 record, whose row is gone from its table: seat-2 (entry 4)." in page
    assert "<li>seat-2 is still counted, as entry 4 left it: its row is gone from records/seat.csv.</li>" in page
    assert "held_over" not in answer(capsys, "audit", str(docket), "--as-of", before)


def test_the_public_is_told_that_rows_are_gone_and_not_which(docket: Path, tmp_path: Path) -> None:
    assert main(["import", str(docket)]) == 0
    delete(docket, "seat-2")
    out = tmp_path / "out"
    assert main(["audit", str(docket), "--out", str(out), "--readers", "public"]) == 0
    page = (out / "report" / "index.html").read_text(encoding="utf-8")
    assert "are gone from their table. Which ones is withheld here" in page
    assert "seat-2" not in page


def test_a_row_that_cannot_be_read_any_more_is_counted_at_its_earlier_value(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(docket)]) == 0
    change(docket / "records" / "seat.csv", "seat-2,leg-2,guest-1,guest,no", "seat-2,leg-2,guest-1,gest,no")
    capsys.readouterr()
    assert main(["audit", str(docket)]) == 1
    said = capsys.readouterr()
    assert FARE in said.out
    assert "Counts 1 record at an earlier value, whose row can no longer be read: seat-2 (entry 4)." in said.out
    assert "its row, records/seat.csv:3, is set aside.\n" in said.err


def test_what_is_said_can_be_done_helps(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A duplicate is deleted, and the ledger, which nobody outside has seen, is made anew."""
    assert main(["import", str(docket)]) == 0
    delete(docket, "seat-2")
    capsys.readouterr()
    assert [each["amount"] for each in answer(capsys, "audit", str(docket))["questioned"]] == ["412.00"]
    shutil.rmtree(docket / ".custodiet")
    told = answer(capsys, "audit", str(docket))
    assert told["questioned"] == []
    assert "held_over" not in told


def test_an_import_counts_no_exhibits_among_rows(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = answer(capsys, "import", str(docket))
    again = answer(capsys, "import", str(docket))
    rows = sum(
        len((docket / "records" / f"{name}.csv").read_text().splitlines()) - 1 for name in ("leg", "person", "seat")
    )
    assert (first["added"], first["exhibits"], first["unchanged"]) == (rows, 1, 0)
    assert (again["added"], again["exhibits"]) == (0, 0)
    amendments = len((docket / "amendments.csv").read_text().splitlines()) - 1
    assert again["unchanged"] == rows + amendments


def test_a_voucher_of_which_more_came_back_than_was_paid_is_noted(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docket / "records" / "voucher.csv").write_text("id,paid,recovered\nv1,500,620\nv2,500,500\nv3,500,none\nv4,,9\n")
    told = answer(capsys, "audit", str(docket))
    assert [each["record"] for each in told["noticed"]] == ["v1"]
    assert main(["audit", str(docket)]) == 0
    assert "v1: 500.00 EUR was paid but 620.00 EUR came back, 120.00 EUR more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("", "leg-2 is still counted"),
        (
            "leg-2,none,personal,2024-05-09,abc,log written at the time,motor-log.md#9 May\n",
            "leg-2 is counted at an earlier value",
        ),
    ],
)
def test_what_an_explained_answer_read_is_told_to_be_gone_or_set_aside(
    docket: Path, capsys: pytest.CaptureFixture[str], row: str, words: str
) -> None:
    assert main(["import", str(docket)]) == 0
    table = docket / "records" / "leg.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(row if each.startswith("leg-2,") else each for each in rows), encoding="utf-8")
    main(["audit", str(docket)])
    capsys.readouterr()
    assert main(["explain", str(docket), "seat-2"]) == 0
    said = capsys.readouterr().out
    assert "412.00 EUR" in said
    assert words in said
    told = answer(capsys, "explain", str(docket), "seat-2")["held_over"]
    assert [(each["record"], each["row"] is None) for each in told] == [("leg-2", not row)]
    assert answer(capsys, "explain", str(docket), "seat-1")["held_over"] == []


def test_an_amendment_whose_row_is_gone_is_told_as_that_and_its_record_is_not(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = "record,field,value,why,by,recorded_at\n"
    amendments = docket / "amendments.csv"
    amendments.write_text(f"{header}leg-2,full_coach_fare,100.00,the bill,clerk,2024-06-04\n", encoding="utf-8")
    assert main(["import", str(docket)]) == 0
    amendments.write_text(header, encoding="utf-8")
    capsys.readouterr()
    assert main(["import", str(docket)]) == 0
    assert "vanished: an amendment of leg-2 is gone from amendments.csv" in capsys.readouterr().out
    assert main(["audit", str(docket)]) == 0
    said = capsys.readouterr()
    assert "Counts 1 amendment, whose row is gone from amendments.csv: full_coach_fare of leg-2 (entry" in said.out
    assert "The amendment of full_coach_fare of leg-2 is still counted, as entry" in said.err
    assert "its row is gone from amendments.csv" in said.err
    assert "\nleg-2 is" not in said.err
    assert "deleting the row of an amendment does not undo it" in said.err
    assert ".custodiet" not in said.err
    [told] = answer(capsys, "audit", str(docket))["held_over"]
    del told["entry"]
    assert told == {"record": "leg-2", "field": "full_coach_fare", "file": "amendments.csv", "row": None}
    amendments.write_text(f"{header}leg-2,full_coach_fare,100.00,the bill again,clerk,2024-06-04\n", encoding="utf-8")
    assert "held_over" not in answer(capsys, "audit", str(docket))


def test_replay_and_diff_tell_what_is_counted_as_it_was_told_before(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(docket)]) == 0
    delete(docket, "seat-2")
    pack = str(docket / "pack")
    capsys.readouterr()
    assert main(["replay", pack, str(docket)]) == 0
    said = capsys.readouterr()
    assert "seat-2 is still counted, as entry 4 left it" in said.err
    [line] = [each for each in said.out.splitlines() if "counted at an earlier value, row set aside or gone" in each]
    assert line.split()[-1] == "1"
    [told] = answer(capsys, "replay", pack, str(docket))["dockets"]
    assert [each["record"] for each in told["held_over"]] == ["seat-2"]
    assert main(["diff", pack, pack, "--docket", str(docket)]) == 0
    assert "seat-2 is still counted, as entry 4 left it" in capsys.readouterr().err


def test_what_another_policys_conclusion_was_read_from_is_told_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The character of a trip is concluded from its days', and a day's from its events."""
    docket = copied("model-city/complete", tmp_path)
    assert main(["import", str(docket)]) == 0
    table = docket / "records" / "event.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(row for row in rows if not row.startswith("E08,T05,")), encoding="utf-8")
    capsys.readouterr()
    told = answer(capsys, "explain", str(docket), "T05")
    assert [each["record"] for each in told["held_over"]] == ["E08"]
    assert answer(capsys, "explain", str(docket), "T02")["held_over"] == []
