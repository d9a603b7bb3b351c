"""What an edition may not see is in no byte of it."""

import csv
import json
import shutil
import zipfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from custodiet.audit.run import Audit
from custodiet.cli.main import main
from custodiet.records import Kind, Sensitivity
from custodiet.reports.editions.disclosure import Disclosure, Edition, allow_list
from custodiet.reports.editions.sealed import sealed_types
from custodiet.verify.merkle import leaf_hash
from tests import canaries
from tests.audit.test_audits import Case, audited
from tests.canaries import KINDS_PLANTED, Canaries, every_byte
from tests.house import ROOT, every_type, only_in_totals
from tests.report_files import written


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Canaries:
    """The words in the docket whose audits `canaries.audited` writes: it is written with the same ones each time."""
    return canaries.write_docket(tmp_path_factory.mktemp("canaries") / "docket")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Model City in all three editions."""
    folder = tmp_path_factory.mktemp("city")
    for edition in Edition:
        shutil.move(written("model-city/complete", edition.value, folder / f"for-{edition}"), folder / edition.value)
    return folder


def found(words: set[str], folder: Path) -> list[str]:
    said = every_byte(folder)
    # An amount may be written without its point, as a number of cents.
    return sorted(word for word in words if word in said or ("." in word and word.replace(".", "") in said))


def test_every_field_has_a_class() -> None:
    without = [
        f"{definition.name}.{field.name}"
        for definition in every_type().values()
        for field in definition.fields
        if not isinstance(field.sensitivity, Sensitivity)
    ]
    assert without == []


def test_every_type_that_tells_of_a_movement_or_of_protection_is_in_totals_only() -> None:
    telling = {
        definition.name
        for definition in every_type().values()
        for field in definition.fields
        if field.refers_to in ("leg", "vehicle", "detail")
    }
    assert (telling | sealed_types(every_type())) - only_in_totals(every_type()) == set()


def test_an_allow_list_holds_the_fields_of_its_classes_and_no_other() -> None:
    public = allow_list(Edition.PUBLIC, every_type())
    assert {every_type()[name].field(field).sensitivity for name, field in public} == {Sensitivity.PUBLIC}
    assert {name for name, _ in public} & only_in_totals(every_type()) == set()
    assert ("trip", "destination") in public
    assert ("trip", "departed_on") not in public
    respondent = allow_list(Edition.RESPONDENT, every_type())
    assert public < respondent < allow_list(Edition.INTERNAL, every_type())
    assert ("threat_assessment", "basis") not in respondent
    assert len(allow_list(Edition.INTERNAL, every_type())) == sum(
        len(definition.fields) for definition in every_type().values()
    )


def test_a_word_stands_in_every_field_that_is_not_public_and_can_hold_one(planted: Canaries) -> None:
    where = {place for _, place in planted.planted.values()}
    expected = {
        f"{definition.name}.{field.name}"
        for definition in every_type().values()
        for field in definition.fields
        if not definition.derived
        and field.sensitivity is not Sensitivity.PUBLIC
        and field.kind in KINDS_PLANTED
        and field.kind is not Kind.REFERENCE
    }
    assert expected <= where


def test_no_byte_of_a_public_output_holds_a_word_that_is_not_public(planted: Canaries) -> None:
    assert found(set(planted.planted), canaries.audited("public")) == []


def test_no_byte_for_the_respondent_holds_an_internal_or_a_sealed_word(planted: Canaries) -> None:
    assert found(planted.of(Sensitivity.INTERNAL, Sensitivity.SEALED), canaries.audited("respondent")) == []


def test_the_search_finds_every_word_in_the_internal_edition(planted: Canaries) -> None:
    assert found(set(planted.planted), canaries.audited("internal")) == sorted(planted.planted)


def test_the_public_learns_of_a_trip_once_its_delay_has_run() -> None:
    public = canaries.audited("public")
    trips = {row["trip"] for row in rows_of(public / "results.csv")}
    assert {trip for trip in trips if trip.startswith("T")} == {"T1", "T2"}
    page = (public / "report/index.html").read_text(encoding="utf-8")
    assert "trips that ended less than 90 days before the last recording, or whose end is unknown" in page


def ledger_lines(path: Path, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read(name).splitlines()]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_public_sums_are_exact_for_every_trip_and_class_whose_delay_has_run(city: Path) -> None:
    internal: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    public: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows_of(city / "internal/results.csv"):
        if row["outcome"] == "owes":
            internal[row["trip"], row["cost_class"]] += sum(map(Decimal, row["amounts"].split("; ")))
    for row in rows_of(city / "public/results.csv"):
        if row["amount"] and row["trip"] != "all trips":
            public[row["trip"], row["cost_class"]] += Decimal(row["amount"])
    ended = {row["id"]: row["returned_on"] for row in rows_of(ROOT / "dockets/model-city/complete/records/trip.csv")}
    # Recorded last on 6 June 2024 or later, so that a trip that ended by 8 March is ninety days past.
    over = {trip for trip, day in ended.items() if day <= "2024-03-08"}
    assert public
    for (trip, cost_class), amount in public.items():
        if trip in ended:
            assert internal[trip, cost_class] == amount
    assert {trip for trip, _ in internal} & over <= {trip for trip, _ in public}


def test_the_public_sees_no_single_leg_seat_or_voucher_and_no_number_of_them(city: Path) -> None:
    rows = rows_of(city / "public/results.csv")
    single = {row["record"] for row in rows} - {""}
    assert {record[0] for record in single} <= {"T", "G"}
    assert not {"results", "count", "seats"} & set(rows[0])
    said = every_byte(city / "public")
    # Each text that stands between two quotation marks, between two commas, or as the whole of an element.
    alone = {*said.split('"')[1:-1], *said.split(",")[1:-1]}
    alone |= {text for text, end, _ in (after.partition("<") for after in said.split(">")[1:]) if end}
    for name in ("seat", "leg", "voucher", "vehicle", "assignment", "threat_assessment", "entitlement", "detail"):
        ids = [row["id"] for row in rows_of(ROOT / f"dockets/model-city/complete/records/{name}.csv")]
        assert ids, name
        assert [id_ for id_ in ids if id_ in alone] == []


def test_an_answer_read_from_a_sealed_fact_is_not_told(city: Path) -> None:
    public = rows_of(city / "public/results.csv")
    assert {row["policy"] for row in public} & {"model-code/protection-charge"} == set()
    respondent = [
        row for row in rows_of(city / "respondent/results.csv") if row["policy"] == "model-code/protection-charge"
    ]
    assert {row["because"] for row in respondent} <= {"[withheld: W3]", ""}
    assert {row["class"] for row in respondent} <= {"[withheld: W3]", ""}


def test_what_is_withheld_stands_with_its_law_and_where_to_object(city: Path) -> None:
    page = (city / "public/report/index.html").read_text(encoding="utf-8")
    for words in (
        "W4",
        "Model Protection Act (fictional), art. 12(3)",
        "90 days after the trip",
        "the records officer",
    ):
        assert words in page


def test_what_is_written_is_written_for_somebody(tmp_path: Path) -> None:
    docket = str(ROOT / "dockets/model-city/complete")
    assert main(["audit", docket, "--out", str(tmp_path / "out")]) == 2
    assert main(["audit", docket, "--readers", "public"]) == 2
    assert not (tmp_path / "out").exists()


def test_an_amendment_is_opened_to_whoever_may_see_its_field(city: Path) -> None:
    def amended(readers: str) -> dict[str, str]:
        entries = ledger_lines(city / readers / "audit.zip", "ledger/entries.jsonl")
        return {
            entry["leaf"]["about"]["record"]: str(entry["opened"]["value"]["value"])
            for entry in entries
            if entry["leaf"]["kind"] == "amendment" and entry["opened"]
        }

    assert amended("respondent").get("L035") == "campaign"
    assert "L041" not in amended("respondent"), "where a leg began is sealed"
    assert amended("internal")["L041"] == "Model City"
    assert not amended("public")


def small(folder: Path, **tables: list[dict[str, str]]) -> Audit:
    """The audit of a few rows, under a pack that has no withholding table."""
    return audited(Case(dict(tables), [], []), folder / "docket")


def test_a_person_is_not_shown_by_an_id_that_names_them_nor_a_minor_by_any(tmp_path: Path) -> None:
    persons = [
        {"id": "ann-smith", "name": "Ann Smith", "minor": "no", "elected": "no"},
        {"id": "guest-1", "name": "Bo Li", "minor": "no", "elected": "no"},
        {"id": "guest-2", "name": "Cy Day", "minor": "", "elected": "no"},
        {"id": "mayor", "name": "Di Lee", "minor": "", "elected": "yes"},
    ]
    done = small(tmp_path, person=persons)
    respondent, public = Disclosure(done, Edition.RESPONDENT), Disclosure(done, Edition.PUBLIC)
    shown = {row["id"]: (respondent.payer(row["id"]), public.payer(row["id"])) for row in persons}
    code = "[withheld: no law stated]"
    assert shown == {
        "ann-smith": (code, code),
        "guest-1": ("guest-1", code),
        "guest-2": (code, code),
        "mayor": ("mayor", "mayor"),
    }
    assert public.payer("campaign committee") == "campaign committee", "the pack's rules name this body"
    assert public.payer("nobody-knows") == code


def test_a_field_that_leads_to_a_person_who_is_not_named_is_not_opened(tmp_path: Path) -> None:
    trips = [{"id": f"T{number}", "protectee": who} for number, who in enumerate(("guest-1", "guest-2"))]
    persons = [{"id": "guest-1", "name": "Bo", "minor": "no"}, {"id": "guest-2", "name": "Cy", "minor": "yes"}]
    done = small(tmp_path, person=persons, trip=trips)
    respondent = Disclosure(done, Edition.RESPONDENT)
    protectee = every_type()["trip"].field("protectee")
    opened = [respondent.shows_value(trip, protectee) for trip in done.view.facts.of("trip")]
    assert opened == [True, False]


def test_of_persons_only_the_elected_have_a_row_outside_the_internal_edition(city: Path) -> None:
    def persons(readers: str) -> list[tuple[str, str]]:
        rows = ledger_lines(city / readers / "audit.zip", "ledger/rows.jsonl")
        leaves = [row["leaf"] for row in rows if "leaf" in row and row["leaf"]["about"]["type"] == "person"]
        return [(leaf["about"]["id"], leaf["fields"]["elected"]) for leaf in leaves]

    assert persons("respondent") == [("mayor", "yes")]
    assert persons("public") == [], "beside the withheld rows, hers would count them"


def test_the_delay_is_counted_to_the_last_recording_and_to_the_day(tmp_path: Path) -> None:
    trips = [
        {"id": "T1", "departed_on": "2024-03-01", "returned_on": "2024-03-05"},
        {"id": "T2", "departed_on": "2024-03-01", "returned_on": "2024-03-06"},
        {"id": "T3", "departed_on": "2024-01-01", "returned_on": ""},
        {"id": "T4", "departed_on": "2024-01-01", "returned_on": "2024-01/2024-03"},
    ]
    done = small(tmp_path, trip=trips)
    public = Disclosure(done, Edition.PUBLIC)
    # Ninety days after 5 March 2024 is 3 June 2024, the day of the recording.
    assert [trip.id for trip in done.view.facts.of("trip") if public.released(trip)] == ["T1"]


def test_a_table_with_a_withheld_row_that_could_be_guessed_is_not_told(tmp_path: Path) -> None:
    trips = [
        {"id": "T1", "destination": "Port Alder", "returned_on": "2024-01-05"},
        {"id": "T2", "destination": "Lakemouth", "returned_on": ""},
    ]
    small(tmp_path, trip=trips)
    leaf = (
        b'{"about":{"id":"T2","type":"trip"},"committed":{},"fields":{"destination":"Lakemouth"},"kind":"record",'
        b'"source":"records/trip.csv#3"}'
    )
    for readers in ("internal", "public"):
        out = tmp_path / readers
        assert main(["audit", str(tmp_path / "docket"), "--out", str(out), "--readers", readers]) == 0
    assert '"destination":"Lakemouth"' in every_byte(tmp_path / "internal")
    assert leaf_hash(leaf).hex() not in every_byte(tmp_path / "public")
    assert ledger_lines(tmp_path / "public" / "audit.zip", "ledger/rows.jsonl") == []


def test_a_pack_that_states_no_law_is_told_so(tmp_path: Path) -> None:
    small(tmp_path, trip=[{"id": "T1", "returned_on": "2024-01-05"}])
    out = tmp_path / "out"
    assert main(["audit", str(tmp_path / "docket"), "--out", str(out), "--readers", "public"]) == 0
    page = (out / "report" / "index.html").read_text(encoding="utf-8")
    assert "no law stated" in page
    assert "The pack states no law for this." in page
