"""A law's own nouns in a docket: audited, laid over another docket, and shown by the narrower of two definitions."""

import json
import zipfile
from pathlib import Path

import pytest

from custodiet.cli.main import main
from tests.first_docket import answer, change
from tests.policy_documents import ABOUT
from tests.records.test_documents import STAY
from tests.small_law import HEAD, PERSONAL, docket

NIGHTS = """---
policy:        lodging/nights
question:      What does the guest repay for this night?
for each:      hotel_night
on:            night
jurisdiction:  Model Republic (fictional)
currency:      EUR
rounding:      cent, half up
---
## Rule 1 — Suites
> A guest who sleeps in a suite repays it.
```rule
cite      Lodging Act, art. 1
in force  2024-01-01 ..
when      sort = 'suite'
owes      rate from guest
```
"""
PERSONS = ("id,post,elected", "guest-1,none,no")
TABLES = {
    "person": PERSONS,
    "hotel_night": ("id,guest,trip,night,rate,sort", "night-1,guest-1,none,2024-05-02,260.00,suite",
                    "night-2,guest-1,none,2024-05-03,98.00,single"),
}  # fmt: skip


def pack(folder: Path, name: str, policies: dict[str, str], records: dict[str, str]) -> Path:
    for part, documents in (("policies", policies), ("records", records)):
        (folder / part).mkdir(parents=True)
        for file, text in documents.items():
            (folder / part / f"{file}.md").write_text(text, encoding="utf-8")
    (folder / "pack.toml").write_text(ABOUT.format(name=name), encoding="utf-8")
    return folder


@pytest.fixture
def lodging(tmp_path: Path) -> Path:
    """A law of hotel nights, with a docket of two of them."""
    law = pack(tmp_path / "lodging", "lodging", {"nights": NIGHTS}, {"hotel_night": STAY})
    docket(tmp_path / "nights", "Nights", TABLES, pack="../lodging")
    return law


def test_records_of_a_law_s_own_type_are_audited(
    lodging: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del lodging
    said = answer(capsys, "audit", str(tmp_path / "nights"))
    assert said["questioned"] == [{"payer": "guest-1", "currency": "EUR", "amount": "260.00"}]
    assert main(["explain", str(tmp_path / "nights"), "night-1"]) == 0
    assert "Suites" in capsys.readouterr().out


def test_its_documents_are_in_the_hash_and_in_the_archive(
    lodging: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answer(capsys, "check", str(lodging), code=1)
    assert [each["kind"] for each in before["problems"]] == ["gap"]
    was = answer(capsys, "audit", str(tmp_path / "nights"))["pack"]["hash"]
    change(lodging / "records" / "hotel_night.md", "A sentence that the program passes over.", "Another sentence.")
    assert answer(capsys, "audit", str(tmp_path / "nights"))["pack"]["hash"] != was
    out = tmp_path / "out"
    assert main(["audit", str(tmp_path / "nights"), "--out", str(out), "--readers", "internal"]) == 0
    with zipfile.ZipFile(out / "audit.zip") as archive:
        assert archive.read("pack/records/hotel_night.md") == (lodging / "records" / "hotel_night.md").read_bytes()
    assert main(["verify", "--again", str(out / "audit.zip")]) == 0, capsys.readouterr().out


def test_a_law_is_laid_over_a_docket_made_under_another(
    lodging: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each keeps its own nouns: the facts are read by the records' definitions, the policies by the pack's."""
    meeting = STAY.replace("hotel_night", "meeting").replace("night_slept", "meeting_held").split("## Added")[0]
    fares = HEAD.format(policy="city/seat") + PERSONAL
    law = pack(tmp_path / "city", "city", {"seat": fares}, {"meeting": meeting})
    docket(
        tmp_path / "seats", "Seats",
        {"leg": ("id,purpose,departed_on,full_coach_fare", "leg-1,personal,2024-05-02,412.00"),
         "seat": ("id,leg,occupant", "seat-1,leg-1,guest-1"), **TABLES},
        pack="../lodging",
    )  # fmt: skip
    said = answer(capsys, "replay", str(law), str(tmp_path / "seats"), str(tmp_path / "nights"))
    over = {each["docket"]: each for each in said["dockets"]}
    assert (over["Seats"]["results"], over["Nights"]["results"]) == (1, 0)
    assert [(each["policy"], each["by_outcome"]) for each in over["Seats"]["questions"]] == [("city/seat", {"owes": 1})]
    assert lodging.exists()


def test_a_field_that_law_and_records_define_otherwise_is_refused_with_both_shown(
    lodging: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = STAY.replace("| rate | money |", "| rate | rooms, whole, at least 1 |")
    nights = NIGHTS.replace("lodging/nights", "other/nights").replace(
        "owes      rate from guest", "owes      5 from guest"
    )
    law = pack(tmp_path / "other", "other", {"nights": nights}, {"hotel_night": other})
    assert main(["replay", str(law), str(tmp_path / "nights")]) == 3
    said = " ".join(capsys.readouterr().err.split())
    assert "hotel_night.rate is `money` in the records and `rooms, whole, at least 1` in the pack" in said
    assert lodging.exists()


def test_a_field_that_was_not_public_when_it_was_recorded_stays_out_of_the_public_edition(
    lodging: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nights, document = tmp_path / "nights", lodging / "records" / "hotel_night.md"
    change(document, "dated by:  night\n", "dated by:  night\npublic:    each record\n")
    change(document, "| night | date | Which night. | | respondent |", "| night | date | Which night. | | public |")
    assert main(["import", str(nights)]) == 0
    # A year later the pack opens what the room was; the two nights were told when it was internal.
    change(document, "| sort | single, double, suite | What sort of room it was. | | |",
           "| sort | single, double, suite | What sort of room it was. | | public |")  # fmt: skip
    for out in ("public", "internal"):
        assert main(["audit", str(nights), "--out", str(tmp_path / out), "--readers", out]) == 0
        assert main(["verify", str(tmp_path / out / "audit.zip")]) == 0
    capsys.readouterr()
    assert "night-1" in told(tmp_path / "public")
    assert "suite" not in told(tmp_path / "public")
    assert "suite" in told(tmp_path / "internal")


def told(out: Path) -> str:
    """Everything that an archive says of the records, less its pack."""
    with zipfile.ZipFile(out / "audit.zip") as archive:
        names = [name for name in archive.namelist() if name.startswith("ledger/")]
        return "\n".join(archive.read(name).decode() for name in names)


def test_a_document_with_a_mistake_stops_an_import_and_loses_nothing(
    lodging: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(tmp_path / "nights")]) == 0
    before = (tmp_path / "nights" / ".custodiet" / "ledger.db").read_bytes()
    change(lodging / "records" / "hotel_night.md", "| rate | money |", "| rate | mony |")
    for command in ("import", "audit"):
        assert main([command, str(tmp_path / "nights")]) == 3
        said = capsys.readouterr().err
        assert "hotel_night.md:17: `mony` is neither a kind nor a record type" in said
        assert "did you mean `money`?" in said
    assert (tmp_path / "nights" / ".custodiet" / "ledger.db").read_bytes() == before


def test_a_column_that_nobody_defines_sets_its_table_aside_until_somebody_does(
    lodging: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "nights" / "records" / "hotel_night.csv"
    change(table, "id,guest,trip,night,rate,sort", "id,guest,trip,night,rate,floor")
    said = answer(capsys, "import", str(tmp_path / "nights"), code=1)
    assert json.dumps(said).count("floor") >= 1
    change(lodging / "records" / "hotel_night.md", "| sort | single, double, suite | What sort of room it was. | | |",
           "| floor | single, suite, double | Where it was. | | |")  # fmt: skip
    change(lodging / "policies" / "nights.md", "sort = 'suite'", "floor = 'suite'")
    now = answer(capsys, "audit", str(tmp_path / "nights"))
    assert (now["set_aside"], now["questioned"][0]["amount"]) == (0, "260.00")
