"""Rows and files that cannot be read: each is told with what was expected, and the rest goes on."""

from pathlib import Path

import pytest

from tests.ten_rows import SEATS, Case, ten_rows


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path / "docket")


@pytest.fixture
def ten(tmp_path: Path) -> Case:
    return ten_rows(tmp_path / "docket")


# Rows that cannot be read


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        ('L4,none,"1,200.00",2024-03-02,', "operating_cost", "1,200.00", "without grouping and with a point"),
        ("L4,none,5.005,2024-03-02,", "operating_cost", "5.005", "at most 2 digits after the point"),
        ("L4,none,5.00 USD,2024-03-02,", "operating_cost", "5.00 USD", "write an amount in EUR, not in USD"),
        ("L4,none,-5,2024-03-02,", "operating_cost", "-5", "write 0 or more"),
        ("L4,none,none,2024-03-02,", "operating_cost", "none", "operating_cost cannot be none"),
        ("L4,none,5,2024-02-30,", "departed_on", "2024-02-30", "write a valid date"),
        ("L4,none,5,2/3/2024,", "departed_on", "2/3/2024", "write a date such as 2019-05-17"),
        ("L4,none,5,2024-03-02,offcial", "purpose", "offcial", "one of official, campaign"),
        (",none,5,2024-03-02,", "id", "", "write the record's own id"),
        ("none,none,5,2024-03-02,", "id", "none", "write the record's own id"),
        ("L1,none,5,2024-03-02,", "id", "L1", "line 2 already has this id"),
        ("E1,none,5,2024-03-02,", "id", "E1", "a record of records/event.csv already has this id"),
        ("L4,none,5,2024-03-02", "", "L4,none,5,2024-03-02", "write 5 cells, not 4"),
        ("L4,none,1,200,2024-03-02,", "", "L4,none,1,200,2024-03-02,", "6; put a cell that holds a comma in quotation"),
        ('L4,none,5,2024-03-02,"off', "", 'L4,none,5,2024-03-02,"off', 'a " opens a quoted cell here and no " clo'),
        (b"L4,no\xffne,5,2024-03-02,", "trip", r"no\xffne", "the text is not in UTF-8"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_with_what_was_expected(
    case: Case, row: str | bytes, column: str, value: str, expected: str
) -> None:
    case.write("records/event.csv", "id,sort\nE1,official\n")
    wrong = row if isinstance(row, bytes) else row.encode()
    header = b"id,trip,operating_cost,departed_on,purpose\n"
    case.write("records/leg.csv", header + b"L1,none,5,2024-03-02,official\n" + wrong + b"\nL9,none,,,\n")
    done = case.bring_in()
    [aside] = done.set_aside
    assert (aside.file, aside.row, aside.column, aside.value) == ("records/leg.csv", 3, column, value)
    assert expected in aside.expected
    assert (done.added, done.rows_set_aside) == (3, 1)
    told = case.view()
    assert [leg.id for leg in told.facts.of("leg")] == ["L1", "L9"], "the rest goes on"
    assert told.set_aside == done.set_aside


@pytest.mark.parametrize(
    "credit",
    [
        "-420.00",
        "(420.00)",
        "420.00-",
        "\u2212420.00",
        "420.00 CR",
        "-420.00 EUR",
        "EUR -420.00",
        "-\u20ac420",
        "\u20ac-420.00",
        "-US$ 420",
        "EUR (420.00)",
        "(\u20ac420)",
        "420.00- EUR",
        "420.00CR EUR",
    ],
)
def test_a_credit_is_told_where_it_goes(case: Case, credit: str) -> None:
    case.write("records/voucher.csv", f"id,paid,recovered\nV1,500.00,none\nV2,{credit},none\n")
    [aside] = case.bring_in().set_aside
    assert (aside.row, aside.column) == (3, "paid")
    assert "write 0 or more" in aside.expected
    assert "write it as `recovered` in the row that it is for" in aside.expected
    case.write("records/voucher.csv", "id,paid,recovered\nV1,500.00,420.00\n")
    assert case.bring_in().set_aside == ()


def test_every_wrong_cell_of_a_row_is_told_and_the_row_counts_once(case: Case) -> None:
    case.write("records/leg.csv", "id,operating_cost,departed_on\nL1,much,once\nL2,1,2024-01-01\n")
    done = case.bring_in()
    assert [(each.column, each.rows) for each in done.set_aside] == [("operating_cost", 1), ("departed_on", 0)]
    assert (done.rows_set_aside, done.added) == (1, 1)


@pytest.mark.parametrize(
    ("file", "header", "column", "expected"),
    [
        ("leg.csv", "id,purpos,source", "purpos", "did you mean `purpose`?"),
        ("leg.csv", "purpose,id", "purpose", "the first column must be id"),
        ("leg.csv", "id,purpose,purpose", "purpose", "the column purpose is there twice"),
        ("leg.csv", "id,source,purpose", "source", "source must be the last column"),
        ("legs.csv", "id,purpose", "", "did you mean `leg`?"),
        ("day.csv", "id,trip", "", "the types are affiliation, "),
    ],
)
def test_a_header_that_cannot_be_read_sets_the_file_aside(
    case: Case, file: str, header: str, column: str, expected: str
) -> None:
    case.write("records/person.csv", "id\nP1\n")
    case.write(f"records/{file}", f"{header}\nL1,a,b\nL2,a,b\n")
    done = case.bring_in()
    [aside] = done.set_aside
    assert (aside.file, aside.row, aside.column, aside.rows) == (f"records/{file}", 1, column, 2)
    assert expected in aside.expected
    assert "all its 2 rows are set aside" in aside.expected
    assert done.added == 1


def test_a_file_that_is_mended_is_no_longer_set_aside(case: Case) -> None:
    case.write("records/legs.csv", "id\nL1\n")
    assert case.bring_in().rows_set_aside == 1
    (case.folder / "records/legs.csv").rename(case.folder / "records/leg.csv")
    done = case.bring_in()
    assert (done.set_aside, done.added) == ((), 1)
    assert case.view().set_aside == ()


def test_a_row_that_cannot_be_read_any_more_has_not_vanished(ten: Case) -> None:
    ten.bring_in()
    ten.write("records/seat.csv", SEATS.replace("S4,L3,P9,guest", "S4,L3,P9,gest"))
    done = ten.bring_in()
    assert (done.rows_set_aside, done.vanished, done.amended) == (1, (), 0)
    assert ten.values("seat", "S4")["role"] == "guest"


def test_empty_files_say_nothing_and_break_nothing(case: Case) -> None:
    case.write("records/leg.csv", "")
    case.write("records/seat.csv", "id,leg\n\n\n")
    done = case.bring_in()
    [aside] = done.set_aside
    assert (aside.file, aside.rows, done.added) == ("records/leg.csv", 0, 0)
    assert "the file is empty; write a header" in aside.expected


def test_files_that_are_not_read_are_noted(ten: Case) -> None:
    ten.write("records/notes.txt", "x")
    ten.write("amendment.csv", "x")
    ten.write("README.md", "x")
    notes = ten.bring_in().notes
    assert "records/notes.txt is not a table (<type>.csv) and was not read" in notes
    assert "amendment.csv is not part of a docket and was not read; did you mean `amendments.csv`?" in notes
    assert not any("README" in note for note in notes)


def test_a_docket_without_records_is_noted(case: Case) -> None:
    assert "has no folder records/" in case.bring_in().notes[0]


def test_zero_with_a_sign_is_zero_and_no_credit(case: Case) -> None:
    case.write("records/voucher.csv", "id,paid,recovered\nV1,-0.00,none\nV2,0.00,none\n")
    assert case.bring_in().set_aside == ()
    assert case.values("voucher", "V1")["paid"] == case.values("voucher", "V2")["paid"]
