"""What an audit and an import tell besides the results: what leads nowhere, what was altered, what was set aside."""

import errno
import re
from pathlib import Path

import pytest

from custodiet.cli import output
from custodiet.cli.exits import STOPPED
from custodiet.cli.main import main
from tests.first_docket import answer, change


def err(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


# --- references that lead nowhere ---


@pytest.mark.parametrize("command", ["import", "audit"])
def test_a_reference_to_nobody_is_told_with_its_place_and_is_no_row_set_aside(
    docket: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    change(docket / "records" / "seat.csv", "seat-2,leg-2,guest-1", "seat-2,leg-2,guest-9")
    assert main([command, str(docket)]) == 0
    said = err(capsys)
    assert "records/seat.csv#3: occupant of seat-2 is guest-9, but no person has that id\n" in said
    assert said.count(" has that id") == 1


def test_a_reference_is_told_with_the_right_article(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(docket / "records" / "leg.csv", "full_coach_fare,", "full_coach_fare,authorization,")
    change(docket / "records" / "leg.csv", "180.00,", "180.00,auth-9,")
    for fare in ("412.00,", "95.50,", "240.00,"):
        change(docket / "records" / "leg.csv", fare, f"{fare}none,")
    assert main(["import", str(docket)]) == 0
    assert "authorization of leg-1 is auth-9, but no authorization has that id\n" in err(capsys)


@pytest.mark.parametrize("command", ["import", "audit"])
def test_a_missing_table_is_told_with_every_reference_to_it(
    docket: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (docket / "records" / "person.csv").unlink()
    assert main([command, str(docket)]) == 0
    said = err(capsys)
    assert "records/person.csv: no persons are recorded, so 4 references to them lead nowhere" in said
    assert re.findall(r"occupant of (seat-\d) is", said) == ["seat-1", "seat-2", "seat-3", "seat-4"]


def test_an_audit_shows_some_references_and_the_import_all(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (docket / "records" / "seat.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"seat-{n},leg-1,nobody-{n},guest,no,written later,\n" for n in range(100, 125))
    assert main(["audit", str(docket)]) == 0
    said = err(capsys)
    assert said.count(", but no person has that id") == 20
    assert "and 5 more; `custodiet import` lists them all" in said
    assert main(["import", str(docket)]) == 0
    assert err(capsys).count("but no person has that id") == 25


# --- what was set aside, and why ---


def test_an_altered_exhibit_is_told_with_the_records_that_rest_on_it(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (docket / "exhibits" / "motor-log.md").open("a", encoding="utf-8") as file:
        file.write("and one line more\n")
    assert main(["audit", str(docket)]) == 1
    said = capsys.readouterr()
    assert (
        "exhibits/motor-log.md is not the file whose hash was stated when it was received; it is the source of "
        "10 records: guest-1, leg-1, leg-2, leg-3, leg-4, mayor, seat-1, seat-2, seat-3 and seat-4\n"
    ) in said.err
    assert "1 exhibit set aside because the file is not the one whose hash was stated" in said.out
    assert "could not be read" not in said.out


@pytest.mark.parametrize(
    ("change_it", "why"),
    [
        (("leg.csv", "2024-05-16", "2024-02-30"), "1 row set aside because a cell could not be read"),
        (
            ("leg.csv", "id,trip", "id,tripp"),
            "4 rows set aside because the header of records/leg.csv could not be read",
        ),
        (("seats.csv", "", ""), "1 row set aside because records/seats.csv is not named after a type of record"),
        (("../amendments.csv", "", ""), "1 amendment set aside because amendments.csv could not be read"),
    ],
)
def test_what_was_set_aside_is_called_what_it_is(
    docket: Path, capsys: pytest.CaptureFixture[str], change_it: tuple[str, str, str], why: str
) -> None:
    name, old, new = change_it
    file = docket / "records" / name
    if old:
        change(file, old, new)
    elif name == "seats.csv":
        file.write_text("id,leg\nS1,leg-1\n", encoding="utf-8")
    else:
        with file.open("a", encoding="utf-8") as amendments:
            amendments.write("nobody,role,guest,misread,clerk-1,2024-06-10\n")
    assert main(["audit", str(docket)]) == 1
    assert why in capsys.readouterr().out


# --- what was used how ---


def test_every_question_is_told_with_all_its_answers_and_those_it_has_none_for(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(docket)]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("Answers to each question")
    assert lines[at + 2] == "      1 nothing due, 1 owes, 1 undetermined, 1 no rule"


def test_a_question_about_records_that_are_not_there_says_so(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (docket / "records" / "seat.csv").unlink()
    assert main(["audit", str(docket)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[lines.index("Answers to each question") + 2] == "      no seats are recorded"


def test_before_anything_was_recorded_the_audit_says_so(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for state in ("0", "2020-01-01"):
        assert main(["audit", str(docket), "--as-of", state]) == 0
        said = capsys.readouterr()
        assert said.err == "nothing has been recorded yet\n"
        assert "0 entries" in said.out
    assert main(["explain", str(docket), "seat-1", "--as-of", "0"]) == 2
    assert err(capsys) == "custodiet: nothing has been recorded yet\n"


def test_a_state_that_is_none_is_told_in_one_sentence(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(docket), "--as-of", "nonsense"]) == 2
    assert err(capsys) == (
        "custodiet: --as-of: `nonsense` is not a state of the ledger; write a number of entries such as 12, a date "
        "such as 2024-05-01, or a time such as 2024-05-01T12:00:00Z\n"
    )


# --- where the output goes ---


def out(folder: Path) -> list[str]:
    return ["--out", str(folder), "--readers", "internal"]


def kept(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_an_audit_writes_replaces_what_it_wrote_before_and_nothing_else(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = docket.parent / "new" / "out"
    assert main(["audit", str(docket), *out(folder)]) == 0
    before = kept(folder)
    assert set(before) == {"audit.zip", "results.csv", "results.parquet", "report/index.html"}
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    change(docket / "records" / "leg.csv", "leg-3,none,unknown", "leg-3,none,official")
    assert main(["audit", str(docket), *out(folder)]) == 0
    after = kept(folder)
    assert after.pop("notes.txt") == b"mine"
    assert set(after) == set(before)
    assert after["results.csv"] != before["results.csv"]
    assert [path.name for path in folder.parent.iterdir()] == ["out"], "nothing is left beside it"
    capsys.readouterr()


def test_a_full_disk_leaves_the_old_output_whole(
    docket: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = docket.parent / "out"
    assert main(["audit", str(docket), *out(folder)]) == 0
    before = kept(folder)
    change(docket / "records" / "leg.csv", "leg-3,none,unknown", "leg-3,none,official")
    assert main(["import", str(docket)]) == 0
    capsys.readouterr()
    written = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.name == "audit.zip":
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return written(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["audit", str(docket), *out(folder)]) == STOPPED
    assert err(capsys).endswith(f"{folder}/audit.zip: the disk is full. Make room and run it again\n")
    assert kept(folder) == before
    assert sorted(path.name for path in docket.parent.iterdir()) == ["first", "out"]
    new = docket.parent / "a" / "b"
    assert main(["audit", str(docket), *out(new)]) == STOPPED
    assert not new.parent.exists(), "folders that were made for nothing are gone again"


def test_a_folder_that_cannot_be_replaced_leaves_the_old_output_whole(
    docket: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = docket.parent / "out"
    assert main(["audit", str(docket), *out(folder)]) == 0
    before = kept(folder)
    change(docket / "records" / "leg.csv", "leg-3,none,unknown", "leg-3,none,official")

    def stuck(new: Path, _: Path) -> bool:
        raise OSError(errno.EACCES, "Permission denied", str(new))

    monkeypatch.setattr(output, "exchange", stuck)
    assert main(["audit", str(docket), *out(folder)]) == 3
    assert f"{folder}: it cannot be written (Permission denied). Name another folder" in err(capsys)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["first", "out"]
    assert kept(folder) == before


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("/proc/x", "/proc/x: it cannot be written ("),
        ("{docket}/docket.toml", "docket.toml: it is a file, and a folder is to be written"),
        ("{docket}/docket.toml/out", "docket.toml: it cannot be written ("),
    ],
)
def test_a_place_that_cannot_hold_the_output_is_refused(
    docket: Path, capsys: pytest.CaptureFixture[str], place: str, why: str
) -> None:
    before = (docket / "docket.toml").read_bytes()
    assert main(["audit", str(docket), *out(Path(place.format(docket=docket)))]) == 3
    said = capsys.readouterr()
    assert why in said.err
    assert "Name another folder with --out" in said.err
    assert said.out == ""
    assert (docket / "docket.toml").read_bytes() == before


# --- check ---


def test_a_pack_of_one_policy_is_counted_in_the_singular(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(docket / "pack")]) == 0
    assert "\n  1 policy, 3 rules\n" in capsys.readouterr().out


def test_a_pack_without_a_policy_is_a_problem(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (docket / "pack" / "policies" / "seat-fare.md").unlink()
    assert main(["check", str(docket / "pack")]) == 1
    said = capsys.readouterr()
    assert "the pack has no policies" in said.err
    assert "\n  no policies, 0 rules\n" in said.out
    [problem] = answer(capsys, "check", str(docket / "pack"), code=1)["problems"]
    assert (problem["kind"], problem["message"]) == ("syntax", "the pack has no policies")


def test_what_is_wrong_with_a_procedure_is_listed_with_the_problems_of_the_pack(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docket / "pack" / "procedure.csv").write_text("step\n", encoding="utf-8")
    [problem] = answer(capsys, "check", str(docket / "pack"), code=1)["problems"]
    assert problem["message"].startswith("the procedure lacks the columns after, must")
    assert problem["file"].endswith("procedure.csv")


# --- explain ---


def test_an_explanation_shows_how_an_amount_was_worked_out_and_what_the_named_facts_mean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    law = tmp_path / "law"
    (law / "policies").mkdir(parents=True)
    head = 'name = "trial"\njurisdiction = "Nowhere (fictional)"\nlanguage = "en"\nlicence = "Apache-2.0"\n'
    (law / "pack.toml").write_text(head, encoding="utf-8")
    (law / "policies" / "shared.md").write_text(SHARED, encoding="utf-8")
    case = tmp_path / "docket"
    (case / "records").mkdir(parents=True)
    (case / "docket.toml").write_text(
        'title = "One voucher"\npack = "../law"\ncurrency = "EUR"\nrecorded_by = "us"\nrecorded_at = "2024-06-01"\n',
        encoding="utf-8",
    )
    (case / "records" / "trip.csv").write_text("id,departed_on,returned_on\nT1,2024-03-01,2024-03-03\n")
    (case / "records" / "voucher.csv").write_text("id,trip,incurred_on,paid,recovered\nV1,T1,2024-03-01,54.11,10.82\n")
    assert main(["explain", str(case), "V1"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    # 54.11 × 2 ÷ 3 − 10.82 = 36.0733… − 10.82 = 25.2533…
    assert "worked out: paid 54.11 × 2 ÷ trip.length 3 − recovered 10.82 = 25.25 EUR" in lines
    assert "where trip.length: the number of day." in lines
    [policy] = answer(capsys, "explain", str(case), "V1")["answers"]
    [debt] = policy["debts"]
    assert debt["worked"] == "paid 54.11 × 2 ÷ trip.length 3 − recovered 10.82"
    assert policy["because"][0]["definitions"] == ["trip.length: the number of day."]


SHARED = """\
---
policy:        trial/shared
question:      Who shares this voucher?
for each:      voucher
on:            incurred_on
jurisdiction:  Nowhere (fictional)
currency:      EUR
rounding:      cent, half up
---

```define
trip.length = count(day)
```

## Rule 1 — Shared

> Two days of the trip are repaid, less what has come back.

```rule
cite      Act, art. 1
in force  2024-01-01 ..
when      recovered is not none and trip is not none and trip.length > 0
owes      paid * 2 / trip.length - recovered  from 'campaign committee'
```
"""


# --- what is withheld without a law ---


@pytest.mark.parametrize("command", ["audit", "report"])
def test_whoever_writes_an_edition_is_told_that_the_pack_states_no_law_for_what_it_leaves_out(
    docket: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """The first docket's pack has no withholding.csv; the internal edition leaves nothing out."""
    out = docket.parent / ("page.html" if command == "report" else "out")
    call = [command, str(docket), "--out", str(out), "--readers"]
    assert main([*call, "public"]) == 0
    said = err(capsys)
    assert (
        "first-law states no law for withholding this from the public edition: fields of the class respondent;" in said
    )
    assert "state the law in a row of the pack's withholding.csv" in said
    internal = [*call[:3], f"{out}-internal", "--readers", "internal"]
    assert main(internal) == 0
    assert "states no law" not in err(capsys)


def test_what_the_pack_has_a_row_for_is_not_told_as_lawless(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (docket / "pack" / "withholding.csv").write_text(
        "code,fields or class,law and paragraph,decided by,ends,where to object\n"
        "F1,respondent;internal;sealed;persons;exhibits;delay,Art. 9,the board,90 days after the trip,the court\n"
    )
    assert main(["audit", str(docket), "--out", str(docket.parent / "out"), "--readers", "public"]) == 0
    assert "this from the public edition: single records that the public sees only in sums\n" in err(capsys)


@pytest.mark.parametrize(
    ("fare", "noticed"),
    [("20240509", True), ("20240509.00", True), ("20240509.50", False), ("20240532", False), ("2024050", False)],
)
def test_a_date_typed_where_an_amount_belongs_is_worth_a_look(
    docket: Path, fare: str, noticed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    change(docket / "records" / "leg.csv", ",412.00,", f",{fare},")
    for command in ("import", "audit"):
        assert main([command, str(docket)]) == 0
        told = capsys.readouterr().err
        assert ("20240509 is how the date 2024-05-09 is often typed: is it an amount?" in told) is noticed
