"""A docket that changes between imports, by its tables or by its lists, and what the ledger then tells."""

import hashlib
from pathlib import Path

import pytest

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.intake import enter_amendments
from custodiet.intake.outcome import Vanished
from custodiet.ledger.view import Origin
from custodiet.records import UNKNOWN
from tests.ten_rows import DOCKET, LEGS, SEATS, Case, exhibit, ten_rows


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path / "docket")


@pytest.fixture
def ten(tmp_path: Path) -> Case:
    return ten_rows(tmp_path / "docket")


# A table that changed


def test_a_changed_table_amends_field_by_field(ten: Case) -> None:
    ten.bring_in()
    size = ten.root[0]
    changed = SEATS.replace("S4,L3,P9,guest,no,statement only,", "S4,L3,P2,guest,,statement only,interview.pdf#4")
    changed = changed.replace("S2,L1,P2,detail,yes,log written at the time,log.pdf#line 1\n", "")
    ten.write("records/seat.csv", changed + "S6,L3,P1,protectee,no,written later,\n")
    done = ten.bring_in()
    assert (done.added, done.amended, done.unchanged) == (1, 3, 8)
    assert done.vanished == (Vanished("records/seat.csv", "S2"),)
    now = ten.view()
    assert [(origin.value, origin.source, origin.place) for origin in now.origins("S4", "occupant")] == [
        ("P9", "records/seat.csv#5", ""),
        ("P2", "records/seat.csv#4", "interview.pdf#4"),
    ]
    assert now.facts.find("seat", "S4").value("on_duty") is UNKNOWN
    assert now.facts.find("seat", "S2").value("role") == "detail", "what vanished stays"
    assert now.facts.find("seat", "S6").value("role") == "protectee"
    assert ten.view(str(size)).facts.find("seat", "S4").value("occupant") == "P9"
    assert ten.bring_in().vanished == done.vanished, "it is told until it is mended"


def test_the_same_facts_written_otherwise_amend_nothing(ten: Case) -> None:
    ten.bring_in()
    ten.write("records/leg.csv", "\ufeff" + LEGS.replace(",412,", ', "412.00 EUR",').replace("\n", "\r\n"))
    done = ten.bring_in()
    assert (done.added, done.amended, done.unchanged, done.set_aside) == (0, 0, 10, ())


def test_a_change_in_a_table_does_not_take_back_a_correction(ten: Case) -> None:
    ten.write("amendments.csv", "record,field,value,why,by,recorded_at\nS4,role,crew,misread,the unit,2024-05-02\n")
    ten.bring_in()
    ten.write("records/seat.csv", SEATS.replace("S4,L3,P9", "S4,L3,P2"))
    ten.bring_in()
    assert ten.values("seat", "S4")["role"] == "crew"
    assert ten.values("seat", "S4")["occupant"] == "P2"
    ten.write("records/seat.csv", SEATS.replace("S4,L3,P9,guest", "S4,L3,P2,press"))
    ten.bring_in()
    assert [origin.value for origin in ten.view().origins("S4", "role")] == ["guest", "crew", "press"]


def test_a_table_that_goes_back_to_what_it_was_is_amended_back(ten: Case) -> None:
    ten.bring_in()
    for text in (SEATS.replace("guest", "press"), SEATS):
        ten.write("records/seat.csv", text)
        assert ten.bring_in().amended == 1
    assert [origin.value for origin in ten.view().origins("S4", "role")] == ["guest", "press", "guest"]


def test_what_a_removed_column_told_stays_and_is_noted(ten: Case) -> None:
    ten.bring_in()
    ten.write("records/person.csv", "id,name\nP1,The mayor\nP2,Officer 2\n")
    done = ten.bring_in()
    assert done.amended == 0
    assert "records/person.csv: the column elected is gone; its values stay recorded" in done.notes
    assert ten.values("person", "P1")["elected"] is True


def test_a_file_that_is_gone_is_noted_and_what_it_told_stays(ten: Case) -> None:
    ten.bring_in()
    (ten.folder / "records/seat.csv").unlink()
    done = ten.bring_in()
    assert "records/seat.csv is gone from the docket; its records stay" in done.notes
    assert {each.id for each in done.vanished} == {"S1", "S2", "S3", "S4", "S5"}
    before = ten.root
    assert ten.bring_in().vanished == done.vanished
    assert ten.root == before
    assert ten.values("seat", "S1")["role"] == "protectee"
    ten.write("records/seat.csv", SEATS)
    assert (ten.bring_in().added, ten.bring_in().vanished) == (0, ())


def test_another_currency_is_refused(ten: Case) -> None:
    ten.bring_in()
    ten.write("docket.toml", DOCKET.replace("EUR", "USD"))
    with pytest.raises(Refused, match="A docket keeps its currency"):
        ten.bring_in()


def test_what_is_vouched_no_longer_holds_no_longer(ten: Case) -> None:
    ten.bring_in()
    size = ten.root[0]
    ten.write("docket.toml", DOCKET.replace("2024-04-30", "2024-02-29"))
    ten.bring_in()
    ten.bring_in()
    assert ten.root[0] == size + 1
    assert not ten.view().facts.is_vouched("seat", Days.read("2024-03-01"))
    ten.write("docket.toml", DOCKET.partition("[complete]")[0])
    ten.bring_in()
    assert ten.view().facts.vouched == ()
    ten.write("docket.toml", DOCKET)
    ten.bring_in()
    assert ten.view().facts.is_vouched("seat", Days.read("2024-03-01"))


# Amendments

HEADER = "record,field,value,why,by,recorded_at\n"


def test_an_amendment_says_why_by_whom_and_when(ten: Case) -> None:
    ten.write(
        "amendments.csv",
        HEADER
        + "S4,role,crew,read again,the unit,2024-06-02T10:00:00+02:00\n"
        + "S4,role,press,misread,the inspector,2024-05-20\n",
    )
    assert ten.bring_in().amended == 2
    told = ten.view()
    assert told.facts.find("seat", "S4").value("role") == "crew", "the one recorded later holds"
    assert told.origins("S4", "role")[1:] == (
        Origin(4, "amendments.csv#3", "", "press", "the inspector", "2024-05-20", "misread"),
        Origin(5, "amendments.csv#2", "", "crew", "the unit", "2024-06-02T08:00:00Z", "read again"),
    )
    seen = {when: ten.view(when).facts.find("seat", "S4").value("role") for when in ("2024-05-01", "2024-05-31")}
    assert seen == {"2024-05-01": "guest", "2024-05-31": "press"}


def test_a_row_put_in_above_an_amendment_changes_nothing_of_it(ten: Case) -> None:
    row = "S4,role,crew,read again,the unit,2024-06-02\n"
    ten.write("amendments.csv", HEADER + row)
    ten.bring_in()
    ten.write("amendments.csv", HEADER + "S3,role,crew,read again,the unit,2024-06-02\n" + row)
    done = ten.bring_in()
    assert (done.amended, done.unchanged, done.vanished) == (1, 11, ())


def test_an_amendment_that_vanished_still_holds(ten: Case) -> None:
    ten.write("amendments.csv", HEADER + "S4,role,crew,read again,the unit,2024-06-02\n")
    ten.bring_in()
    ten.write("amendments.csv", HEADER)
    for _ in range(2):
        assert ten.bring_in().vanished == (Vanished("amendments.csv", "S4"),)
    assert ten.values("seat", "S4")["role"] == "crew"
    (ten.folder / "amendments.csv").unlink()
    assert "amendments.csv is gone from the docket; its records stay" in ten.bring_in().notes


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("S99,role,crew,why,by,2024-06-01", "record", "no record of this docket has that id"),
        ("S4,rôle,crew,why,by,2024-06-01", "field", "did you mean `role`?"),
        ("S4,role,creww,why,by,2024-06-01", "value", "one of protectee"),
        ("S4,role,crew,,by,2024-06-01", "why", "it is blank; write the reason for the amendment"),
        ("S4,role,crew,why,,2024-06-01", "by", "it is blank; write who makes the amendment"),
        ("S4,role,crew,why,by,2024-04-30", "recorded_at", "before the docket's own recorded_at, 2024-05-01"),
        ("S4,role,crew,why,by,soon", "recorded_at", "a date such as 2024-05-01"),
        ("S4,role,crew,why,by", "", "write 6 cells, not 5"),
    ],
)
def test_an_amendment_that_cannot_be_read_is_set_aside(ten: Case, row: str, column: str, expected: str) -> None:
    ten.write("amendments.csv", f"{HEADER}{row}\nS3,on_duty,yes,asked,the unit,2024-05-02\n")
    done = ten.bring_in()
    [aside] = done.set_aside
    assert (aside.file, aside.row, aside.column) == ("amendments.csv", 2, column)
    assert expected in aside.expected
    assert done.amended == 1
    assert ten.view().set_aside == done.set_aside


def test_a_program_that_says_it_in_other_words_enters_the_same_list_only_once(
    ten: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    ten.write("amendments.csv", f"{HEADER}S4,role,crew,,by,2024-06-01\n")
    ten.bring_in()
    size = ten.root[0]
    monkeypatch.setattr(enter_amendments, "_complaints", lambda *_: [("why", "the reason was expected")])
    [aside] = ten.bring_in().set_aside
    assert aside.expected == "the reason was expected"
    assert ten.root[0] == size


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("record,field,value,why,by", "the column recorded_at is missing; add it"),
        ("record,feld,value,why,by,recorded_at", "did you mean `field`?"),
    ],
)
def test_a_list_with_a_wrong_header_is_set_aside(ten: Case, header: str, expected: str) -> None:
    ten.write("amendments.csv", f"{header}\na,b\nc,d\n")
    [aside] = ten.bring_in().set_aside
    assert expected in aside.expected
    assert aside.rows == 2


def test_an_amendment_of_a_record_that_comes_later_is_entered_then(ten: Case) -> None:
    ten.write("amendments.csv", HEADER + "V1,receipt,no,seen,the unit,2024-05-02\n")
    assert ten.bring_in().rows_set_aside == 1
    ten.write("records/voucher.csv", "id,receipt\nV1,yes\n")
    done = ten.bring_in()
    assert (done.set_aside, done.amended, ten.view().set_aside) == ((), 1, ())
    assert ten.values("voucher", "V1")["receipt"] is False


# Exhibits


def test_an_exhibit_is_checked_kept_and_entered(case: Case) -> None:
    exhibit(case)
    done = case.bring_in()
    assert (done.exhibits, done.set_aside) == (1, ())
    kept = case.folder / ".custodiet/exhibits" / hashlib.sha256(b"the log").hexdigest()
    assert kept.read_bytes() == b"the log"
    before = case.root
    assert (case.bring_in().exhibits, case.root) == (0, before)


@pytest.mark.parametrize(
    ("cells", "column", "expected"),
    [
        ({"sha256": "ab" * 32}, "sha256", hashlib.sha256(b"the log").hexdigest()),
        ({"file": "lost.pdf"}, "file", "there is no such file in exhibits/"),
        ({"file": "../docket.toml"}, "file", "there is no such file in exhibits/"),
        ({"received_from": ""}, "received_from", "it is blank; write who the document came from"),
        ({"by": ""}, "by", "it is blank; write who received the document"),
        ({"on": "2024-02-30"}, "on", "write a valid date; 2024-02-30 is not one"),
    ],
)
def test_an_exhibit_that_is_not_what_its_row_says_is_set_aside(
    case: Case, cells: dict[str, str], column: str, expected: str
) -> None:
    exhibit(case, **cells)
    done = case.bring_in()
    [aside] = done.set_aside
    assert (aside.file, aside.row, aside.column) == ("exhibits/exhibits.csv", 2, column)
    assert expected in aside.expected
    assert done.exhibits == 0


@pytest.mark.parametrize(
    "again", ["log.pdf,{0},the unit,us,2024-04-30", "log.pdf,{0},the mayor's office,us,2024-05-01"]
)
def test_a_file_that_is_listed_twice_is_kept_once_and_its_second_row_noted(case: Case, again: str) -> None:
    exhibit(case)
    listed = (case.folder / "exhibits/exhibits.csv").read_text(encoding="utf-8")
    second = again.format(hashlib.sha256(b"the log").hexdigest())
    case.write("exhibits/exhibits.csv", f"{listed}{second}\n")
    done = case.bring_in()
    assert done.exhibits == 1
    assert [note for note in done.notes if "exhibits.csv:3 lists log.pdf, which line 2 already lists" in note]
    assert case.bring_in().exhibits == 0


def test_a_file_that_is_listed_again_later_is_not_newly_kept(case: Case) -> None:
    exhibit(case)
    assert case.bring_in().exhibits == 1
    exhibit(case, received_from="the mayor's office")
    assert case.bring_in().exhibits == 0


def test_an_exhibit_that_no_row_lists_is_noted(case: Case) -> None:
    exhibit(case)
    case.write("exhibits/diary.pdf", b"x")
    assert "exhibits/diary.pdf is not in exhibits/exhibits.csv and was not kept" in case.bring_in().notes


# The order of amendments, when their list is corrected


def _role(case: Case) -> object:
    case.bring_in()
    return case.values("seat", "S4")["role"]


def test_a_correction_of_an_older_amendment_does_not_take_back_the_newer_one(ten: Case) -> None:
    older, newer = "S4,role,crew,teh log,the unit,2024-06-04\n", "S4,role,press,asked,the unit,2024-06-05\n"
    ten.write("amendments.csv", HEADER + older + newer)
    assert _role(ten) == "press"
    first = str(ten.root[0])
    for corrected in (
        older.replace("teh", "the"),
        older.replace("06-04", "06-03"),
        older.replace("crew", "city staff"),
        older.replace("the unit", "the clerk"),
    ):
        ten.write("amendments.csv", HEADER + corrected + newer)
        assert ten.bring_in().vanished == (), "a row that was corrected is not gone"
        assert ten.values("seat", "S4")["role"] == "press"
        assert ten.view().held_over == ()
    assert ten.view(first).facts.find("seat", "S4").value("role") == "press"
    ten.write("amendments.csv", HEADER + older.replace("06-04", "06-06") + newer)
    assert _role(ten) == "crew", "it is the one recorded last now"
    ten.write("amendments.csv", HEADER + older + newer)
    assert _role(ten) == "press", "and is not any more"
    assert [origin.value for origin in ten.view().origins("S4", "role")][-1] == "press"


def test_an_earlier_day_takes_nothing_for_gone_that_came_in_with_a_later_amendment(ten: Case) -> None:
    ten.write("amendments.csv", HEADER)
    ten.bring_in()
    rows = "S4,role,crew,seen,the unit,2024-06-06\n", "S4,role,press,asked,the unit,2024-06-08\n"
    ten.write("amendments.csv", HEADER + "".join(rows))
    ten.bring_in()
    earlier = ten.view("2024-06-07")
    assert earlier.facts.find("seat", "S4").value("role") == "crew"
    assert earlier.held_over == ()


def test_amendments_of_one_time_hold_in_the_order_of_their_rows(ten: Case) -> None:
    first, second = "S4,role,crew,seen,the unit,2024-06-04\n", "S4,role,press,asked,the unit,2024-06-04\n"
    ten.write("amendments.csv", HEADER + first + second)
    assert _role(ten) == "press"
    other = "S3,on_duty,yes,asked,the unit,2024-06-04\n"
    ten.write("amendments.csv", HEADER + other + first.replace("seen", "seen again") + second)
    assert _role(ten) == "press"
    ten.write("amendments.csv", HEADER + second + other + first.replace("seen", "seen again"))
    assert _role(ten) == "crew"


def test_a_corrected_spelling_does_not_take_back_a_change_of_the_table(ten: Case) -> None:
    row = "S4,role,crew,misread,the unit,2024-05-02\n"
    ten.write("amendments.csv", HEADER + row)
    assert _role(ten) == "crew"
    ten.write("records/seat.csv", SEATS.replace("P9,guest", "P9,press"))
    assert _role(ten) == "press"
    ten.write("amendments.csv", HEADER + row.replace("misread", "misread before"))
    assert _role(ten) == "press"
    ten.write("amendments.csv", HEADER + row.replace("crew", "city staff"))
    assert _role(ten) == "city staff", "what says another value is said now"


def test_a_correction_put_back_to_what_it_was_is_what_holds(ten: Case) -> None:
    row = "S4,role,crew,misread,the unit,2024-05-02\n"
    for told, role in ((row, "crew"), (row.replace("crew", "press"), "press"), (row, "crew")):
        ten.write("amendments.csv", HEADER + told)
        assert _role(ten) == role
        assert ten.view().held_over == ()


def test_an_amendment_whose_row_is_gone_or_set_aside_is_named_by_its_field(ten: Case) -> None:
    kept = "S3,on_duty,yes,asked,the unit,2024-05-02\n"
    row = "S4,role,crew,misread,the unit,2024-05-02\n"
    ten.write("amendments.csv", HEADER + kept + row)
    ten.bring_in()
    entry = ten.view().origins("S4", "role")[-1].index
    held = []
    for text in (
        HEADER + kept,
        HEADER + kept + row.replace("crew", "creww"),
        HEADER + kept + row.replace(",2024-05-02", ""),
        HEADER + kept + row,
    ):
        ten.write("amendments.csv", text)
        assert _role(ten) == "crew"
        held.append([(each.record, each.field, each.file, each.line, each.entry) for each in ten.view().held_over])
    assert held == [
        [("S4", "role", "amendments.csv", None, entry)],
        [("S4", "role", "amendments.csv", 3, entry)],
        [("S4", "role", "amendments.csv", 3, entry)],
        [],
    ]
    ten.write("amendments.csv", (HEADER + kept + row).replace("value", "valeu"))
    ten.bring_in()
    assert [(each.record, each.line) for each in ten.view().held_over] == [("S3", 1), ("S4", 1)]
    (ten.folder / "amendments.csv").unlink()
    ten.bring_in()
    assert [(each.record, each.field) for each in ten.view().held_over] == [("S3", "on_duty"), ("S4", "role")]
