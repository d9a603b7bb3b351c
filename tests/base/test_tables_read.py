"""Tables as offices and spreadsheets write them: read, or refused with the true reason, its row and nothing more."""

from pathlib import Path

import pytest

from custodiet.base.table import lines
from custodiet.cli.main import main
from custodiet.policy.language.rate_tables import read_rates
from custodiet.policy.packs.procedure import COLUMNS as STEPS
from custodiet.policy.packs.procedure import read_procedure
from custodiet.policy.packs.withholding import COLUMNS as CODES
from custodiet.policy.packs.withholding import read_withholding
from custodiet.records import core_types
from tests.ten_rows import LEGS, PERSONS, SEATS, Case, exhibit

LONG = "log " * 50_000
"""A note of 200,000 characters: the csv module stops at 131,072 unless it is told otherwise."""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path / "docket")


def test_a_note_of_any_length_is_read_and_no_message_shows_all_of_it(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    legs = docket / "records/leg.csv"
    legs.write_text(f"id,purpose,note\nleg-1,personal,{LONG}\nleg-2,{LONG},none\n", encoding="utf-8")
    assert main(["import", str(docket)]) == 1
    told = capsys.readouterr()
    [line] = [each for each in told.out.splitlines() if "leg.csv:3" in each]
    assert "column purpose holds 'log log" in line
    assert "(199,999 characters)" in line, "a space at the end is no part of a cell"
    assert max(map(len, (told.out + told.err).splitlines())) < 400
    main(["explain", str(docket), "leg-1"])
    assert "(199,999 characters)" in capsys.readouterr().out


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("stated", ["", "sep={}\n", "sep={}\r\n", '"sep={}"\n'])
def test_semicolons_and_tabs_are_read_stated_or_not(case: Case, separator: str, stated: str) -> None:
    for name, table in (("person", PERSONS), ("leg", LEGS), ("seat", SEATS)):
        case.write(f"records/{name}.csv", stated.format(separator) + table.replace(",", separator))
    exhibit(case)
    case.write("exhibits/exhibits.csv", (case.folder / "exhibits/exhibits.csv").read_text().replace(",", separator))
    done = case.bring_in()
    assert (done.added, done.set_aside, done.exhibits) == (10, (), 1)
    assert case.values("leg", "L1")["purpose"] == "personal"


def test_commas_are_read_below_a_line_that_states_them(case: Case) -> None:
    case.write("records/person.csv", "sep=,\n" + PERSONS)
    done = case.bring_in()
    assert (done.added, done.set_aside) == (2, ())


@pytest.mark.parametrize("begin", ["", "\ufeff", "\ufeff\ufeff"])
@pytest.mark.parametrize("blank", ["", ",", ",,,"])
def test_blank_columns_at_the_end_and_marks_at_the_beginning_are_passed_over(
    case: Case, begin: str, blank: str
) -> None:
    case.write("records/person.csv", begin + "".join(f"{line}{blank}\n" for line in PERSONS.splitlines()))
    done = case.bring_in()
    assert (done.added, done.set_aside) == (2, ())
    assert case.view().facts.find("person", "P1").value("name") == "The mayor"
    case.write(
        "amendments.csv", f"record,field,value,why,by,recorded_at{blank}\nP2,elected,yes,asked,us,2024-05-02{blank}\n"
    )
    assert (case.bring_in().set_aside, case.values("person", "P2")["elected"]) == ((), True)


@pytest.mark.parametrize(
    ("data", "row", "expected"),
    [
        (PERSONS.encode("utf-16"), 1, "the file is in UTF-16; save it as CSV UTF-8"),
        (PERSONS.encode("utf-32"), 1, "the file is in UTF-32; save it as CSV UTF-8"),
        (PERSONS.encode("utf-16-le"), 1, "the file is in UTF-16; save it as CSV UTF-8"),
        (PERSONS.encode("utf-16-be"), 1, "the file is in UTF-16; save it as CSV UTF-8"),
        (PERSONS.encode("utf-32-be"), 1, "the file is in UTF-32; save it as CSV UTF-8"),
        (b"id,source,name\nP1,log#1,a\n", 1, "source must be the last column, but name follows it"),
        (b"id,name\nP1,a,,,\n", 2, "in quotation marks, or delete the blank cells at the end"),
        (b"id,name,\nP1,a,b\nP2,c,\n", 2, "write 2 cells, not 3; put a cell that holds a comma"),
        (b"sep=|\n" + PERSONS.replace(",", "|").encode(), 1, "sep= followed by a comma, a semicolon or a tab"),
        (b"id,name\nP1,a\nP2;b\n", 3, "its cells are separated by semicolons, those of the header by commas"),
        (b"id\tname\nP1\ta\nP2\tb\tc\n", 3, "put a cell that holds a tab in quotation marks"),
        (b"id,name\nP1,a\nP2,b \rc\nP3,d\n", 4, "write 2 cells, not 1"),
        (b"id,name,elected\nP1,a,no\nP2,b \rc,no\nP3,d,no\n", 3, "ends with a carriage return alone"),
        (b'id,name\nP1,"a\nP2,b\n', 2, 'a " opens a quoted cell here and no " closes it'),
        (b'id,name\nP1,"a" b\nP2,b\n', 2, 'text follows the closing " of a quoted cell'),
        (b"id,name\nP1,a\x00b\nP2,b\n", 2, "without control characters"),
    ],
    ids=[
        "UTF-16",
        "UTF-32",
        "LE",
        "BE",
        "32 BE",
        "source",
        "blank",
        "unnamed",
        "bar",
        "mixed",
        "tabs",
        "return",
        "torn",
        "open",
        "after",
        "NUL",
    ],
)
def test_what_cannot_be_read_is_told_with_the_true_reason_and_its_row(
    case: Case, data: bytes, row: int, expected: str
) -> None:
    case.write("records/person.csv", data)
    aside = case.bring_in().set_aside
    [reason] = [each for each in aside if expected in each.expected]
    assert reason.row == row


def test_the_lines_of_an_old_machine_that_end_in_carriage_returns_are_rows(case: Case) -> None:
    case.write("records/person.csv", PERSONS.replace("\n", "\r"))
    assert case.bring_in().added == 2


def test_a_line_break_and_a_tab_inside_quotation_marks_are_part_of_the_cell() -> None:
    header, row = lines(b'id,note\r\nL1,"one\r\ntwo\tthree"\r\n')
    assert (header.cells, row.cells) == (("id", "note"), ("L1", "one\r\ntwo\tthree"))


# The tables of a pack go through the same door


def rate_problems(table: str) -> list[str]:
    return [problem.shown() for problem in read_rates(table.encode(), "rates/fare.csv").problems]


def test_a_table_of_rates_is_read_with_semicolons_and_long_cells() -> None:
    read = read_rates(
        f"sep=;\nplace;in force;fare;cite\nHarbour;2024-01-01 ..;3.00 EUR;{LONG}\n".encode(), "r/fare.csv"
    )
    assert read.problems == ()
    assert read.table is not None
    assert [row.keys for row in read.table.rows] == [("Harbour",)]


def test_the_problem_of_a_long_row_shows_a_part_of_it() -> None:
    [told] = rate_problems(f"place,in force,fare,cite\nHarbour,2024-01-01 ..,much {LONG},Annex\n")
    assert "rates/fare.csv:2: `much log" in told
    assert max(map(len, told.splitlines())) < 400


def test_a_row_of_rates_that_cannot_be_taken_apart_does_not_hide_the_next() -> None:
    told = rate_problems('place,in force,fare,cite\nHarbour,2024-01-01 ..,1 EUR,"Annex\nLake,2024-01-01 ..,x,Annex\n')
    assert [each.split(": ")[0] for each in told] == ["rates/fare.csv:2", "rates/fare.csv:3"]
    assert 'no " closes it' in told[0]


def test_a_table_of_codes_and_a_procedure_are_read_with_semicolons() -> None:
    codes = "\t".join(CODES) + "\nA\tinternal\tArt. 1\tthe board\tnever\tthe court\n"
    table, problems = read_withholding(codes.encode(), "withholding.csv", core_types())
    assert (problems, [row.code for row in table.rows]) == ((), ["A"])
    step = "order\tnone\tno\tnone\tnone\tnone\tnone\tdecider\tnone\tArt. 2"
    procedure = read_procedure(("\t".join(STEPS) + f"\n{step}\n").encode())
    assert (procedure.problems, [each.name for each in procedure.steps]) == ((), ["order"])


def test_a_code_with_an_escape_in_it_is_refused_and_shown_written_out() -> None:
    codes = ",".join(CODES) + "\nA,internal,Art. 1\x1b[2K,the board,never,the court\n"
    _, problems = read_withholding(codes.encode(), "withholding.csv", core_types())
    assert [problem.kind for problem in problems] == ["syntax"]
    assert r"Art. 1\x1b[2K" in problems[0].shown()
