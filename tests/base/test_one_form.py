"""Text that looks the same is the same, at every door; and what was recorded before is read as it was recorded."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from custodiet.base.text import lookalike
from custodiet.cli.main import main
from custodiet.intake.docket import read_docket
from custodiet.intake.import_docket import bring_in
from custodiet.ledger.entry import Entry, Table, committed
from custodiet.ledger.log import Ledger
from custodiet.ledger.rows import RowLeaves, derived_salt
from custodiet.ledger.table import rows
from custodiet.ledger.view import view
from custodiet.policy.evaluation.rate_lookup import Texts, only_in_form
from custodiet.policy.language.rate_tables import read_rates
from custodiet.records import core_types
from custodiet.verify.check import check
from custodiet.verify.merkle import root
from tests.first_docket import answer, change
from tests.small_law import PERSONAL, docket, law
from tests.ten_rows import KEY, SEATS, Case, exhibit, ten_rows

ONE, OTHER = "Andr\u00e9", "Andre\u0301"
"""One name, as a form on the web writes it and as a file's name on a Mac has it."""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path / "docket")


# At every door


def test_a_person_written_in_two_forms_is_one_payer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    law(tmp_path, PERSONAL)
    folder = docket(
        tmp_path / "case",
        f"Seats of {OTHER}",
        {
            "person": ["id,name", f"{ONE},{OTHER}"],
            "leg": ["id,purpose,departed_on,full_coach_fare", "L1,personal,2024-03-02,100"],
            "seat": ["id,leg,occupant", f"S1,L1,{ONE}", f"S2,L1,{OTHER}"],
        },
    )
    said = answer(capsys, "audit", str(folder))
    assert said["docket"] == f"Seats of {ONE}"
    assert said["questioned"] == [{"payer": ONE, "currency": "EUR", "amount": "200.00"}]


def test_an_id_in_another_form_is_the_same_id(case: Case) -> None:
    case.write("records/person.csv", f"id,name\n{ONE},a\n{OTHER},b\n")
    [aside] = case.bring_in().set_aside
    assert (aside.row, aside.column) == (3, "id")
    assert "line 2 already has this id" in aside.expected


def test_a_place_in_a_rule_and_a_key_of_rates_are_met_in_either_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    free = f"""
## Rule 2 — Free places
> Journeys to these places are free.
```rule
cite          Code, art. 2
in force      2024-01-01 ..
exception to  1
when          leg.arrived_at = 'Orl{OTHER[-2:]}ans'
owes          0
```
"""
    rate = PERSONAL.replace("leg.full_coach_fare from", "rate(fares.fare for leg.arrived_at on leg.departed_on) from")
    table = f"place,in force,fare,cite\nL{OTHER[-2:]}on,2024-01-01 ..,30.00 EUR,Code annex\n"
    law(tmp_path, rate, free, rates={"fares": table})
    legs = [f"L{number},personal,2024-03-02,{place}" for number, place in enumerate(
        (f"Orl{form}ans", f"L{form}on")[way] for way in (0, 1) for form in ("\u00e9", "e\u0301")
    )]  # fmt: skip
    folder = docket(
        tmp_path / "case",
        "Places",
        {
            "leg": ["id,purpose,departed_on,arrived_at", *legs],
            "seat": ["id,leg,occupant", *(f"S{number},L{number},P1" for number in range(4))],
        },
    )
    said = answer(capsys, "audit", str(folder))
    assert said["by_outcome"] == {"nothing due": 2, "owes": 2}
    assert said["questioned"][0]["amount"] == "60.00"


def test_an_exhibit_is_found_whatever_form_its_name_has_on_the_disk(case: Case) -> None:
    exhibit(case, file=f"{ONE}.pdf")
    (case.folder / "exhibits/log.pdf").rename(case.folder / f"exhibits/{OTHER}.pdf")
    done = case.bring_in()
    assert (done.exhibits, done.set_aside, done.altered, done.notes[1:]) == (1, (), (), ())
    assert case.bring_in().exhibits == 0


def test_a_correction_finds_its_record_in_either_form(case: Case) -> None:
    case.write("records/person.csv", f"id,name\n{OTHER},a\n")
    row = f"{ONE},name,{OTHER} Doe,misspelt,clerk-1,2024-05-02"
    case.write("amendments.csv", f"record,field,value,why,by,recorded_at\n{row}\n")
    assert case.bring_in().amended == 1
    assert case.values("person", ONE)["name"] == f"{ONE} Doe"
    case.write("amendments.csv", f"record,field,value,why,by,recorded_at\n{row.replace(ONE, OTHER)}\n")
    again = case.bring_in()
    assert (again.amended, again.vanished) == (0, ())


def test_a_record_is_asked_for_in_either_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    law(tmp_path, PERSONAL)
    folder = docket(tmp_path / "case", "Seats", {"person": ["id,name", f"{ONE},a"]})
    assert answer(capsys, "explain", str(folder), OTHER)["record"] == ONE


# What the ledger commits to


def test_the_leaf_is_made_of_the_one_form_and_the_exhibit_keeps_the_bytes_that_came(case: Case) -> None:
    written = f"id,name\nP1,{OTHER}\n".encode()
    case.write("records/person.csv", written)
    case.write("records/leg.csv", f"id,note\nL1,{ONE}\n")
    case.bring_in()
    with Ledger.open(case.folder / ".custodiet", core_types()) as ledger:
        leg, person = (kept.entry.body for kept in ledger.entries()[:2])
        assert isinstance(leg, Table)
        assert isinstance(person, Table)
        assert ledger.custody.read(person.sha256) == written
    leaves = RowLeaves(KEY, person.file, person.sha256, "person", ("name",), ("name",))
    assert person.rows_root == root([leaves.leaf(2, "P1", {"name": ONE})]).hex()
    assert person.about()["form"] == "NFC"
    assert "form" not in leg.about(), "an entry about texts that are in form already is what it always was"


def recorded_before(folder: Path, file: str, data: str, names: tuple[str, ...], currency: str = "EUR") -> None:
    """A table as the program entered it when it took every text as it stands in the file."""
    docket_ = read_docket(folder)
    key = bytes.fromhex((folder / "salt.key").read_text())
    header, *lines = (line.split(",") for line in data.splitlines())
    with Ledger.open(docket_.ledger_folder, core_types()) as ledger, ledger.batch() as batch:
        sha256 = ledger.custody.keep(io.BytesIO(data.encode()))
        type_name = Path(file).stem
        private = committed(core_types(), type_name, names)
        leaves = RowLeaves(key, file, sha256, type_name, names, private)
        hashes = [
            leaves.leaf(number, cells[0], dict(zip(names, cells[1:], strict=True)))
            for number, cells in enumerate(lines, 2)
        ]
        columns = tuple((name, name) for name in header)
        table = Table(file, type_name, columns, private, currency, len(lines), root(hashes).hex(), sha256)
        entry = Entry(docket_.recorded_by, docket_.recorded_at, file, table)
        written = f'["table","{file}",0]'
        batch.add(entry, written, lambda name: derived_salt(key, written, name))
    (folder / file).write_text(data, encoding="utf-8")


def test_rows_recorded_before_are_read_in_one_form_and_recompute(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "first"
    assert main(["init", str(folder)]) == 0
    for file in ("person.csv", "seat.csv", "amendments.csv"):
        (folder / ("records" if file != "amendments.csv" else "") / file).unlink()
    recorded_before(folder, "records/person.csv", f"id,name\n{OTHER},{OTHER}\n", ("name",))
    seats = f"id,leg,occupant,role,on_duty\ns1,leg-2,{OTHER},guest,no\n"
    (folder / "records/seat.csv").write_text(seats, encoding="utf-8")
    assert main(["audit", str(folder), "--out", str(tmp_path / "out"), "--readers", "internal"]) in (0, 1)
    assert f"{ONE} (1 result)" in capsys.readouterr().out, "the seat's occupant is the person recorded before"
    archive = (tmp_path / "out/audit.zip").read_bytes()
    assert check(archive).wrong == []
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        told = [json.loads(line) for line in files.read("ledger/rows.jsonl").splitlines()]
    ids = [line["leaf"]["about"]["id"] for line in told if line["leaf"]["about"]["type"] == "person"]
    assert ids == [OTHER], "a leaf is told as it was made"
    assert main(["verify", str(tmp_path / "out/audit.zip"), "--again"]) == 0


def test_two_rows_recorded_before_as_two_ids_that_are_one_are_told(case: Case) -> None:
    case.write("records/person.csv", "id\nP0\n")
    recorded_before(case.folder, "records/person.csv", f"id,name\n{ONE},first\n{OTHER},second\n", ("name",))
    docket_ = read_docket(case.folder)
    with Ledger.open(docket_.ledger_folder, core_types()) as ledger:
        assert bring_in(docket_, ledger).set_aside == ()
        seen = view(ledger, "EUR")
    assert [person.values for person in seen.facts.of("person")] == [{"name": "first"}]
    [aside] = seen.set_aside
    assert (aside.file, aside.row, aside.rows) == ("records/person.csv", 3, 1)
    assert "records/person.csv#2 already has this id, in another Unicode form" in aside.expected


def test_a_row_is_read_back_as_its_leaf_was_made() -> None:
    data, person = f"id,name\n{OTHER},{OTHER}\n".encode(), core_types()["person"]
    before = Table("records/person.csv", "person", (("id", "id"), ("name", "name")), ("name",), "EUR", 1, "", "")
    now = Table(
        "records/person.csv", "person", (("id", "id"), ("name", "name")), ("name",), "EUR", 1, "", "", form="NFC"
    )
    assert [row.id for row in rows(before, data, person, as_recorded=True)] == [OTHER]
    assert [row.id for row in rows(now, data, person, as_recorded=True)] == [ONE]
    assert [row.id for row in rows(before, data, person)] == [ONE]


# Lookalikes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("seat 1", "seat\u00a01"),
        ("seat-1", "SEAT-1"),
        ("seat-1", "\uff53eat-1"),
        ("P1", "\u04201"),
        ("P 1", "P\u20021"),
    ],
    ids=["no-break space", "case", "full width", "Cyrillic", "en space"],
)
def test_ids_that_look_alike_are_told_and_stay_two(
    one: str, other: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    law(tmp_path, PERSONAL)
    folder = docket(tmp_path / "case", "Alike", {"person": ["id,name", f"{one},a", f"{other},b", "P2,c"]})
    assert main(["import", str(folder)]) == 0
    [told] = [line for line in capsys.readouterr().err.splitlines() if "look alike" in line]
    for place in ("records/person.csv#2", "records/person.csv#3"):
        assert place in told
    assert lookalike(one) == lookalike(other) != lookalike("P2")


def test_ten_rows_have_no_lookalikes(tmp_path: Path) -> None:
    ten = ten_rows(tmp_path / "docket")
    ten.bring_in()
    assert ten.view().lookalikes == ()


def test_a_reference_that_only_looks_like_an_id_is_told_with_the_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    law(tmp_path, PERSONAL)
    for number, written in enumerate(["gu\u0435st-1", "guest\u00a01", "Guest-1"]):
        meant = "guest 1" if "\u00a0" in written else "guest-1"
        tables = {"person": ["id,name", f"{meant},a"], "seat": ["id,occupant", f"S1,{written}", "S2,guest-9"]}
        assert main(["import", str(docket(tmp_path / str(number), "Alike", tables))]) == 0
        told = capsys.readouterr().err
        assert f"but no person has that id; it looks like {meant}, but has other characters" in told
        assert "occupant of S2 is guest-9, but no person has that id\n" in told


@pytest.mark.parametrize(
    "written", ["port alder", "Port  Alder", "Port\u00a0Alder", "P\u043ert Alder", "Port\u200b Alder"]
)
def test_a_key_that_differs_only_in_form_is_told_with_the_key_of_the_table(written: str) -> None:
    [table] = filter(None, [read_rates(b"place,in force,meals,cite\nPort Alder,..,30.00 EUR,A\n", "r.csv").table])
    told = f" (the table has 'Port Alder', from which {written!r} differs only in form)"
    assert only_in_form(table, [Texts((written,))]) == told
    assert [only_in_form(table, [Texts(each)]) for each in (("Port Alder",), ("Port Elder",), None)] == ["", "", ""]


def test_a_missing_rate_is_told_with_the_key_that_it_looks_like(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, rates = docket / "pack" / "policies" / "seat-fare.md", docket / "pack" / "rates"
    change(page, "owes      leg.full_coach_fare", "owes      rate(fares.coach for occupant on leg.departed_on)")
    page.write_text(page.read_text(encoding="utf-8").partition("## Examples")[0], encoding="utf-8")
    rates.mkdir()
    (rates / "fares.csv").write_text("who,in force,coach,cite\nGuest-1,..,300.00 EUR,Annex\n", encoding="utf-8")
    [missing] = answer(capsys, "audit", str(docket))["undetermined"][0]["missing"]
    seen = "fares.coach for guest-1 on 2024-05-09 (the table has 'Guest-1', from which 'guest-1' differs only in form)"
    assert missing["field"] == seen
    assert main(["explain", str(docket), "seat-2"]) == 0
    assert seen in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("joiner", ["\u200c", "\u200d"])
def test_a_joiner_is_part_of_a_name_and_of_no_id(case: Case, joiner: str) -> None:
    case.write("records/person.csv", f"id,name\nP1,Ali{joiner}Reza\nP{joiner}2,b\n")
    [aside] = case.bring_in().set_aside
    assert (aside.row, aside.column) == (3, "id")
    assert case.values("person", "P1")["name"] == f"Ali{joiner}Reza"


# Names that can be seen


@pytest.mark.parametrize(
    "hidden",
    ["\x1b[2K", "\x00", "\x7f", "\x9b2K", "\u202e", "\u2066", "\u2028", "\u200b", "\u00ad", "\ufeff", "\U000e0041"],
)
@pytest.mark.parametrize(("column", "place"), [("id", 0), ("occupant", 2), ("source", 6)])
def test_an_id_or_a_name_holds_nothing_that_nobody_sees(case: Case, hidden: str, column: str, place: int) -> None:
    header, *lines = SEATS.splitlines()
    cells = lines[1].split(",")
    cells[place] += f"{hidden}x"
    case.write("records/seat.csv", "\n".join([header, lines[0], ",".join(cells)]) + "\n")
    [aside] = case.bring_in().set_aside
    assert (aside.file, aside.row, aside.column) == ("records/seat.csv", 3, column)
    assert "without control characters" in aside.expected
    assert aside.expected.isprintable()


def test_an_id_and_a_name_have_room_in_a_line(case: Case) -> None:
    case.write("records/person.csv", f"id,name\n{'P' * 201},a\n{'P' * 200},{'a' * 501}\nP3,{'a' * 500}\n")
    told = [(aside.row, aside.column, aside.expected) for aside in case.bring_in().set_aside]
    assert told == [
        (2, "id", "write at most 200 characters, not 201"),
        (3, "name", "write at most 500 characters, not 501"),
    ]


def test_a_note_is_kept_as_it_was_written_and_shown_on_one_line(case: Case) -> None:
    case.write("records/leg.csv", 'id,note\nL1,"left at nine,\n\tback\x1b[2K at noon"\n')
    assert case.bring_in().set_aside == ()
    assert case.values("leg", "L1")["note"] == r"left at nine, back\x1b[2K at noon"
    with Ledger.open(case.folder / ".custodiet", core_types()) as ledger:
        table = next(kept.entry.body for kept in ledger.entries() if isinstance(kept.entry.body, Table))
        [row] = rows(table, ledger.custody.read(table.sha256), core_types()[table.type], as_recorded=True)
    assert row.values["note"] == "left at nine,\n\tback\x1b[2K at noon"


@pytest.mark.parametrize("key", ["title", "recorded_by"])
def test_a_docket_does_not_name_itself_with_a_line_break(
    docket: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(docket / "docket.toml", f'{key} = "', f'{key} = "A\\nB')
    assert main(["audit", str(docket)]) == 3
    said = capsys.readouterr().err
    assert f"`{key}` contains '\\n', which is invisible" in said
