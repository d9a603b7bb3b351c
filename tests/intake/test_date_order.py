"""Records that would end before they began: their rows and amendments are set aside, and the rest goes on."""

from pathlib import Path

import pytest

from custodiet.ledger.entry import SetAside
from tests.ten_rows import Case, ten_rows

HEADER = "record,field,value,why,by,recorded_at\n"
TRIPS = "id,departed_on,returned_on\nT1,2024-03-01,2024-03-05\n"


@pytest.fixture
def ten(tmp_path: Path) -> Case:
    case = ten_rows(tmp_path / "docket")
    case.write("records/trip.csv", TRIPS)
    return case


@pytest.mark.parametrize(
    ("file", "header", "row", "ended", "began"),
    [
        ("trip", "departed_on,returned_on", "2024-03-05,2024-03-01", "returned_on", "departed_on"),
        ("event", "starts_on,ends_on", "2024-03-05,2024-03-01", "ends_on", "starts_on"),
        ("affiliation", "from_on,until_on", "2024-03-05,2024-03-01", "until_on", "from_on"),
        ("guidance", "asked_on,given_on", "2024-03-05,2024-03-01", "given_on", "asked_on"),
    ],
)
def test_a_row_whose_dates_run_backwards_is_set_aside_with_both(
    tmp_path: Path, file: str, header: str, row: str, ended: str, began: str
) -> None:
    case = Case(tmp_path / "docket")
    case.write(f"records/{file}.csv", f"id,{header}\nX1,{row}\nX2,2024-03-01,2024-03-05\n")
    done = case.bring_in()
    expected = f"write a date that is not before {began}, 2024-03-05"
    assert done.set_aside == (SetAside(f"records/{file}.csv", 2, ended, "2024-03-01", expected),)
    assert done.added == 1, "the rest goes on"


@pytest.mark.parametrize(
    "dates", ["2024-03,2024-03-01", "2024-03-05,unknown", "unknown,2024-03-01", "2024-03-05,2024-03-05"]
)
def test_dates_that_need_not_run_backwards_are_read(tmp_path: Path, dates: str) -> None:
    case = Case(tmp_path / "docket")
    case.write("records/trip.csv", f"id,departed_on,returned_on\nT1,{dates}\n")
    assert case.bring_in().set_aside == ()


def test_an_amendment_that_would_turn_the_dates_round_is_set_aside_every_time(ten: Case) -> None:
    ten.write(
        "amendments.csv",
        HEADER + "T1,returned_on,2024-02-28,misread,us,2024-06-01\nT1,returned_on,2024-03-06,misread,us,2024-06-02\n",
    )
    for _ in range(2):
        [aside] = ten.bring_in().set_aside
        assert (aside.file, aside.row, aside.column, aside.value) == ("amendments.csv", 2, "value", "2024-02-28")
        assert "not before departed_on, 2024-03-01" in aside.expected
    assert [each.value for each in ten.view().origins("T1", "returned_on")] == ["2024-03-05", "2024-03-06"]


def test_both_dates_can_be_moved_at_once_but_not_one_after_the_other(ten: Case) -> None:
    moved = "T1,departed_on,2024-04-01,misread,us,2024-06-01\nT1,returned_on,2024-04-05,misread,us,2024-06-0{}\n"
    ten.write("amendments.csv", HEADER + moved.format(2))
    for _ in range(2):
        [aside] = ten.bring_in().set_aside
        assert (aside.row, aside.value) == (2, "2024-04-01")
    ten.write("amendments.csv", HEADER + moved.format(1))
    done = ten.bring_in()
    assert done.set_aside == ()
    told = ten.values("trip", "T1")
    assert (str(told["departed_on"]), str(told["returned_on"])) == ("2024-04-01", "2024-04-05")


def test_an_amendment_is_compared_with_what_was_amended_before_it(ten: Case) -> None:
    ten.write(
        "amendments.csv",
        HEADER + "T1,departed_on,2024-03-03,misread,us,2024-06-01\nT1,returned_on,2024-03-02,misread,us,2024-06-02\n",
    )
    [aside] = ten.bring_in().set_aside
    assert (aside.row, aside.expected.partition(":")[0]) == (
        3, "write a date that is not before departed_on, 2024-03-03",
    )  # fmt: skip
