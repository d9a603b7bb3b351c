"""What the public could work out of what it is shown, and must not."""

import csv
import json
import shutil
import zipfile
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from custodiet.records import Sensitivity
from custodiet.reports.editions.disclosure import Edition, allow_list
from tests import canaries
from tests.canaries import every_byte
from tests.house import ROOT, every_type, only_in_totals
from tests.report_files import written

CITY = ROOT / "dockets" / "model-city" / "complete"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Model City for the public and for the respondent."""
    folder = tmp_path_factory.mktemp("leaks")
    for readers in ("public", "respondent"):
        shutil.move(written("model-city/complete", readers, folder / f"for-{readers}"), folder / readers)
    return folder


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(path: Path, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        return [json.loads(line) for line in archive.read(name).splitlines()]


def page(city: Path) -> str:
    return unescape((city / "public/report/index.html").read_text(encoding="utf-8"))


# --- dates


@pytest.mark.parametrize("edition", [Edition.PUBLIC, Edition.RESPONDENT])
def test_the_day_of_writing_is_open_to_nobody_who_may_not_see_when_it_was(edition: Edition) -> None:
    allowed = allow_list(edition, every_type())
    seen = {Sensitivity.PUBLIC} if edition is Edition.PUBLIC else {Sensitivity.PUBLIC, Sensitivity.RESPONDENT}
    wider = [
        definition.name
        for definition in every_type().values()
        if (definition.name, "recorded_on") in allowed
        and any(definition.field(name).sensitivity not in seen for name in definition.dated_by)
    ]
    assert wider == []
    assert ("order", "recorded_on") in allowed, "an order has a public date, so the day it was written may be seen"


def test_no_day_on_which_a_trip_or_advice_was_written_down_is_in_the_public_edition(city: Path) -> None:
    said = every_byte(city / "public")
    pack = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "packs/model-code").rglob("*.md"))
    days = {row["recorded_on"] for name in ("trip", "guidance") for row in table(CITY / f"records/{name}.csv")}
    # A day that the pack's law or an open record of the case names as well may be there for that.
    silent = {*only_in_totals(every_type()), "trip", "guidance"}
    case = "".join(path.read_text(encoding="utf-8") for path in CITY.glob("records/*.csv") if path.stem not in silent)
    unsaid = {day for day in days if day and day not in pack + case}
    assert unsaid
    assert [day for day in sorted(unsaid) if day in said] == []


def test_a_day_of_writing_is_not_in_a_leaf_for_readers_who_may_not_see_it(city: Path) -> None:
    for edition in (Edition.PUBLIC, Edition.RESPONDENT):
        allowed = allow_list(edition, every_type())
        for name in ("ledger/rows.jsonl", "ledger/entries.jsonl"):
            for line in lines(city / edition.value / "audit.zip", name):
                leaf = line.get("leaf", {})
                if "recorded_on" in leaf.get("fields", {}):
                    assert (leaf["about"]["type"], "recorded_on") in allowed


# --- heads and places


def test_beside_a_trip_the_public_reads_no_payer_no_policy_and_no_rule(city: Path) -> None:
    beside = [row for row in table(city / "public/results.csv") if row["trip"] != "all trips" and not row["record"]]
    assert beside
    assert {row["payer"] for row in beside} <= {"all payers", ""}
    told = ("policy", "because", "liable", "class", "permission", "missing", "least", "greatest")
    assert {row[name] for row in beside for name in told} == {""}
    places = [(row["trip"], row["cost_class"], row["currency"]) for row in beside]
    assert len(places) == len(set(places)), "one sum for each trip and class"


def test_the_rules_of_advance_visits_stand_beside_no_trip_on_the_page(city: Path) -> None:
    trips = page(city).split('<section aria-labelledby="trips">')[1].split("</section>")[0]
    assert "T06" in trips
    assert "#rule-" not in trips
    assert "Protective staff" not in trips
    assert "model-code/" not in trips


def test_no_row_over_all_trips_says_how_much_a_rule_asked_for(city: Path) -> None:
    over_all = [row for row in table(city / "public/results.csv") if row["trip"] == "all trips"]
    assert {row["amount"] for row in over_all if row["policy"]} == {""}
    assert {row["because"] + row["policy"] for row in over_all if row["amount"]} == {""}


def test_by_payer_and_by_trip_it_comes_to_the_same_money(city: Path) -> None:
    rows = [row for row in table(city / "public/results.csv") if row["amount"]]
    by_trip = sum(Decimal(row["amount"]) for row in rows if row["trip"] != "all trips")
    by_payer = sum(Decimal(row["amount"]) for row in rows if row["payer"] != "all payers")
    assert by_trip == by_payer > 0


# --- what lies within the delay


def test_how_many_trips_lie_within_the_delay_is_not_counted() -> None:
    text = unescape((canaries.audited("public") / "report/index.html").read_text(encoding="utf-8"))
    assert "trips that ended less than 90 days before the last recording, or whose end is unknown" in text
    for words in ("2 of 4 trips", "Of 2 trips the delay", "2 trips whose end"):
        assert words not in text


def test_the_public_is_told_a_table_whole_or_not_at_all(city: Path) -> None:
    told = lines(canaries.audited("public") / "audit.zip", "ledger/rows.jsonl")
    assert told, "a docket with orders and sources has tables that are open as a whole"
    for rows in (told, lines(city / "public/audit.zip", "ledger/rows.jsonl")):
        assert [row for row in rows if "hash" in row] == []
    assert "trip" not in {row["leaf"]["about"]["type"] for row in told}


# --- what the total leaves out


def test_beside_the_public_total_stands_what_it_leaves_out(city: Path) -> None:
    text = page(city)
    assert "Questioned in all" not in text
    assert "Questioned, without what is withheld: see section 12" in text
    assert '<h2 id="left-out"><span class="place">12</span>' in text
    assert "Records within the delay are in no sum here." in text
