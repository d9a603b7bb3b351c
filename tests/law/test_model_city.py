"""The dockets of Model City: what the audit computes is what the answer key says, record by record."""

import ast
import csv
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from custodiet.policy.evaluation.result import Outcome
from custodiet.records import UNKNOWN
from tests import model_city
from tests.house import ROOT
from tests.model_city import DOCKETS, Audited, State, answered

STATES = ("complete", "as-found")


@pytest.fixture(scope="module", params=STATES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def state(name: str) -> State:
    return model_city.state(name)


@pytest.fixture(scope="module")
def complete() -> State:
    return model_city.state("complete")


@pytest.fixture(scope="module")
def as_found() -> State:
    return model_city.state("as-found")


@pytest.fixture(scope="module")
def audited(name: str) -> Audited:
    return model_city.audited(name)


def test_audit_and_key_agree_on_every_record_and_every_cent(state: State, audited: Audited) -> None:
    computed = {asked: answered(result) for asked, result in audited.items()}
    assert {
        asked: (said, state.key.get(asked)) for asked, said in computed.items() if said != state.key.get(asked)
    } == {}
    assert computed.keys() == state.key.keys()


def test_undetermined_results_name_what_is_missing_and_determined_ones_name_nothing(audited: Audited) -> None:
    for asked, result in audited.items():
        assert bool(result.missing) == (result.outcome is Outcome.UNDETERMINED), asked


def test_every_row_of_the_dockets_can_be_read(state: State) -> None:
    assert state.imported.set_aside == ()
    assert state.imported.added > 900
    assert state.imported.amended >= 10


def test_complete_logs_show_every_outcome_but_conflict_at_least_five_times(complete: State) -> None:
    outcomes = Counter(outcome for outcome, _, _ in complete.key.values())
    expected = {outcome.value for outcome in Outcome} - {"conflict"}
    assert {outcome for outcome, times in outcomes.items() if times >= 5} == expected


def test_as_found_much_more_is_undetermined_and_less_is_owed(complete: State, as_found: State) -> None:
    def count(state: State, outcome: str) -> int:
        return sum(answer[0] == outcome for answer in state.key.values())

    assert count(as_found, "undetermined") > 5 * count(complete, "undetermined")
    assert count(as_found, "owes") < count(complete, "owes")


def test_the_two_ways_to_count_trips_differ(complete: State) -> None:
    counted = Counter(policy for (_, policy), answer in complete.key.items() if answer[2] == "counted")
    assert counted["model-code/trips-by-traveller"] > counted["model-code/trips-by-official"]


def test_what_a_known_log_owes_is_owed_as_found_too_or_has_become_uncertain(complete: State, as_found: State) -> None:
    changed = {
        asked: (complete.key[asked], answer)
        for asked, answer in as_found.key.items()
        if asked in complete.key
        and "undetermined" not in (answer[0], complete.key[asked][0])
        and answer[:1] != complete.key[asked][:1]
        and answer[0] == "owes"
    }
    assert changed == {}


def test_the_cost_of_one_mixed_trip_by_hand(complete: State) -> None:
    """The trip of 20 February: a rally, a conference with a rally, a day at the sea; so two of three days.

    157.55 x 2 / 3 = 105.0333, 93.96 x 2 / 3 = 62.64; of 54.11 two thirds are 36.0733, less 10.82 recovered 25.2533.
    """
    paid = {id_: complete.facts.find("voucher", id_).value("paid") for id_ in ("V117", "V120", "V121")}
    assert [str(paid[id_]) for id_ in paid] == ["157.55 EUR", "93.96 EUR", "54.11 EUR"]
    owed = [complete.key[id_, "model-code/voucher-payer"] for id_ in paid]
    assert owed == [("owes", f"campaign committee={share}", "") for share in ("105.03", "62.64", "25.25")]


def test_the_order_asks_back_what_the_key_says_the_committee_owes_for_the_trip(complete: State) -> None:
    vouchers = str(complete.facts.find("finding", "FN1").value("rests_on")).split("; ")
    assert {complete.facts.find("voucher", id_).value("trip") for id_ in vouchers} == {"T06"}
    owed = [complete.key[id_, "model-code/voucher-payer"][1].removeprefix("campaign committee=") for id_ in vouchers]
    assert sum(map(Decimal, owed)) == Decimal("1178.63")
    assert str(complete.facts.find("order", "OR1").value("reimbursement")) == "1,178.63 EUR"


@pytest.mark.parametrize(
    ("type_name", "least", "most"),
    [("leg", 130, 170), ("seat", 360, 460), ("voucher", 270, 330), ("load", 40, 40), ("trip", 25, 25)],
)
def test_the_city_is_small_enough_to_be_read(complete: State, type_name: str, least: int, most: int) -> None:
    assert least <= len(complete.facts.of(type_name)) <= most


def test_half_of_the_legs_have_no_log_as_found(complete: State, as_found: State) -> None:
    logged = [
        leg for leg in as_found.facts.of("leg") if leg.value("basis") in ("log written at the time", "written later")
    ]
    legs = len(complete.facts.of("leg"))
    assert abs(len(logged) - legs / 2) <= 4
    assert len(logged) < len(as_found.facts.of("leg")) < legs
    assert {seat.id for seat in as_found.facts.of("seat")} < {seat.id for seat in complete.facts.of("seat")}


def test_where_papers_disagree_on_the_purpose_it_is_unknown(as_found: State) -> None:
    disputed = [leg for leg in as_found.facts.of("leg") if "papers disagree on purpose" in str(leg.value("note"))]
    assert len(disputed) >= 5
    assert {leg.value("purpose") for leg in disputed} == {UNKNOWN}


@pytest.mark.parametrize("name", STATES)
def test_every_record_names_a_line_of_an_exhibit_that_is_there(name: str) -> None:
    folder = DOCKETS / name
    lines = {}
    for exhibit in (folder / "exhibits").iterdir():
        with exhibit.open(encoding="utf-8", newline="") as text:
            lines[exhibit.name] = len(list(csv.reader(text))) - (exhibit.suffix == ".csv")
    for table in (folder / "records").iterdir():
        with table.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                file, _, place = row["source"].partition("#")
                assert 1 <= int(place) <= lines[file], row["id"]


@pytest.mark.parametrize("name", STATES)
def test_no_two_records_of_a_docket_have_one_id(name: str) -> None:
    ids: list[str] = []
    for table in (DOCKETS / name / "records").iterdir():
        with table.open(encoding="utf-8", newline="") as text:
            ids += [row["id"] for row in csv.DictReader(text)]
    assert [id_ for id_, times in Counter(ids).items() if times > 1] == []


def generated(folder: Path, *options: str) -> dict[str, bytes]:
    command = [sys.executable, "-m", "dockets.make", "--out", str(folder), *options]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_the_committed_dockets_are_what_the_script_writes(tmp_path: Path) -> None:
    written = generated(tmp_path)
    committed = {
        str(file.relative_to(DOCKETS)): file.read_bytes()
        for file in sorted(DOCKETS.rglob("*"))
        if file.is_file() and ".custodiet" not in file.parts and file.name != "README.md"
    }
    assert committed.keys() == written.keys()
    assert [name for name, text in written.items() if committed[name] != text] == []


def test_another_seed_gives_another_city_and_a_larger_scale_more_of_them(tmp_path: Path) -> None:
    one = generated(tmp_path / "one", "--seed", "7")
    two = generated(tmp_path / "two", "--seed", "7", "--scale", "2")
    seats, more_seats = (files["complete/records/seat.csv"].splitlines() for files in (one, two))
    assert seats != (DOCKETS / "complete" / "records" / "seat.csv").read_bytes().splitlines()
    assert seats == more_seats[: len(seats)]
    assert len(more_seats) > 1.7 * len(seats)


def test_the_answer_key_is_written_without_the_program_that_audits() -> None:
    """Otherwise their agreement would show nothing."""
    for module in sorted((ROOT / "dockets" / "make").glob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            ours = [name for name in names if name.startswith("custodiet")]
            assert set(ours) <= {"custodiet.records"}, module.name
        if module.name != "writing.py":
            assert "packs" not in module.read_text(encoding="utf-8")
