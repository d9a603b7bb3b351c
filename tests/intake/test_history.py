"""What an import asks of the ledger's earlier entries: each is read once, however many tables the docket has."""

from pathlib import Path

import pytest

from custodiet.intake.docket import read_docket
from custodiet.intake.history import First, History
from custodiet.ledger.entry import Entry, ExhibitKept, RecordMade, Vouching
from custodiet.ledger.log import Kept, Ledger
from custodiet.records import core_types
from tests.ten_rows import PERSONS, Case, ten_rows

AMENDMENT = "record,field,value,why,by,recorded_at\nS4,on_duty,yes,the log says so,the inspector,2024-05-02\n"


@pytest.fixture
def changed(tmp_path: Path) -> Case:
    """The docket of ten rows, brought in three times with another name of the mayor each time."""
    ten = ten_rows(tmp_path / "ten")
    for name in ("The mayor", "Mayor A", "Mayor B"):
        ten.write("records/person.csv", PERSONS.replace("The mayor", name))
        ten.bring_in()
    return ten


def test_an_import_reads_each_entry_of_its_ledger_once(changed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    entries_from = Ledger.entries_from

    def noted(ledger: Ledger, first: int) -> tuple[Kept, ...]:
        found = entries_from(ledger, first)
        read.extend(kept.index for kept in found)
        return found

    before, _ = changed.root
    changed.write("records/person.csv", PERSONS.replace("The mayor", "Mayor C"))
    changed.write("records/leg.csv", "id,purpose\nL1,official\n")
    changed.write("amendments.csv", AMENDMENT)
    monkeypatch.setattr(Ledger, "entries_from", noted)
    monkeypatch.delattr(Ledger, "entries")
    done = changed.bring_in()
    after, _ = changed.root
    assert (done.amended, after - before) == (3, 6), "two tables, a cell of each, the list and its row"
    assert read == list(range(after))


def test_what_another_program_enters_meanwhile_is_in_the_next_answer(changed: Case) -> None:
    docket = read_docket(changed.folder)
    with (
        Ledger.open(docket.ledger_folder, core_types()) as ours,
        Ledger.open(docket.ledger_folder, core_types()) as theirs,
    ):
        history = History(ours)
        assert "P7" not in history.told
        assert len(history.vouchings["seat"]) == 1
        for body in (RecordMade("person", "P7", {"name": "Officer 7"}), Vouching("seat", ())):
            theirs.append(Entry("a clerk", "2024-05-03", "at the desk", body), body.kind)
        assert history.told["P7"] == First("at the desk", "person")
        assert history.vouchings["seat"][-1].periods == ()


def test_an_answer_stays_as_it_was_when_the_ledger_grows(tmp_path: Path) -> None:
    body = ExhibitKept("log.pdf", "0" * 64, "the unit", "the inspector", "2024-05-01")
    with Ledger.open(tmp_path / "ledger", core_types()) as ledger:
        history = History(ledger)
        before = history.exhibits
        ledger.append(Entry("a clerk", "2024-05-01", "at the desk", body), "one")
        assert [kept.entry.body for kept in history.exhibits] == [body]
        assert before == ()


def test_a_row_is_known_as_its_table_told_it_last_and_by_the_file_that_told_it_first(changed: Case) -> None:
    with Ledger.open(changed.folder / ".custodiet", core_types()) as ledger:
        history = History(ledger)
        assert history.rows_of("records/person.csv")["P1"]["name"] == "Mayor B"
        assert history.told["P1"] == First("records/person.csv", "person")
        assert len(history.versions("records/person.csv")) == 3
        assert history.versions("records/vehicle.csv") == ()
