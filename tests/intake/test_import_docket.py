"""A docket into its ledger: what is read, what is set aside, what a second import does, and one root for one docket."""

import hashlib
import hmac
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.base.money import Money
from custodiet.intake.docket import read_docket
from custodiet.intake.import_docket import bring_in
from custodiet.ledger.entry import Table
from custodiet.ledger.log import Ledger
from custodiet.ledger.rows import RowLeaves
from custodiet.ledger.view import Dangling, Origin
from custodiet.records import NONE, UNKNOWN, core_types
from custodiet.verify.merkle import inclusion_path, leaf_hash, root_by_path
from tests.ten_rows import KEY, LEGS, PERSONS, SEATS, Case, exhibit, ten_rows


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path / "docket")


@pytest.fixture
def ten(tmp_path: Path) -> Case:
    return ten_rows(tmp_path / "docket")


# Ten rows, by hand


def test_ten_rows_are_read_as_they_stand_there(ten: Case) -> None:
    done = ten.bring_in()
    assert (done.added, done.amended, done.unchanged, done.set_aside, done.notes) == (10, 0, 0, (), ())
    facts = ten.view().facts
    assert [record.id for name in ("person", "leg", "seat") for record in facts.of(name)] == [
        "P1", "P2", "L1", "L2", "L3", "S1", "S2", "S3", "S4", "S5",
    ]  # fmt: skip
    assert facts.find("leg", "L1").values == {
        "trip": NONE,
        "purpose": "personal",
        "departed_on": Days.read("2024-03-02"),
        "operating_cost": Money(41200, "EUR"),
    }
    assert facts.find("leg", "L2").value("operating_cost") == Money(10050, "EUR")
    assert facts.find("leg", "L2").value("departed_on") == Days.read("2024-03-05/2024-03-07")
    assert facts.find("leg", "L2").value("purpose") is UNKNOWN
    assert facts.find("leg", "L3").value("operating_cost") is UNKNOWN
    assert facts.find("seat", "S3").values == {
        "leg": "L2", "occupant": "P1", "role": "protectee", "basis": "written later",
    }  # fmt: skip
    assert facts.find("seat", "S1").value("on_duty") is False
    assert facts.is_vouched("seat", Days.read("2024-01-01/2024-04-30"))
    assert not facts.is_vouched("seat", Days.read("2024-05-01"))


def test_every_fact_names_the_line_and_the_paper_it_stands_on(ten: Case) -> None:
    ten.bring_in()
    told = ten.view()
    # Tables are taken in order of their names: leg is entry 0, person 1, seat 2, the vouching 3.
    assert told.origins("L2", "operating_cost") == (
        Origin(0, "records/leg.csv#3", "log.pdf#line 2", "100.50 EUR", "the inspector", "2024-05-01"),
    )
    assert told.origins("S4", "role")[0].place == ""
    assert told.origins("S3", "on_duty")[0].value == "unknown", "the column is there, the cell is blank"
    assert told.origins("S3", "recorded_on") == ()
    assert told.type_of("S4") == "seat"
    assert (told.as_of.size, told.as_of.recorded_at) == (4, "2024-05-01")


def test_a_reference_to_nobody_is_kept_and_noted(ten: Case) -> None:
    ten.bring_in()
    assert ten.view().dangling == (Dangling("seat", "S4", "occupant", "person", "P9"),)


def test_the_root_of_ten_rows_follows_from_their_text_alone(ten: Case) -> None:
    """Every leaf of the ledger, made once more from the text above by nothing but the standard library."""

    def written(value: object) -> bytes:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def salt(place: str, name: str) -> bytes:
        return hmac.new(KEY, written([place, name]), "sha256").digest()

    def committed(place: str, says: dict[str, object]) -> dict[str, str]:
        return {name: hashlib.sha256(salt(place, name) + written([name, says[name]])).hexdigest() for name in says}

    def leaf(place: str, public: dict[str, object], private: dict[str, object], **frame: object) -> bytes:
        whole = {**frame, "fields": public, "committed": committed(place, private)}
        return hashlib.sha256(b"\0" + written(whole)).digest()

    def node(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        half = 2 ** ((len(leaves) - 1).bit_length() - 1)
        return hashlib.sha256(b"\1" + node(leaves[:half]) + node(leaves[half:])).digest()

    def table(type_name: str, text: str, public: set[str], cells: list[dict[str, str]]) -> bytes:
        file, sha256 = f"records/{type_name}.csv", hashlib.sha256(text.encode()).hexdigest()
        rows = [
            leaf(
                f"{sha256}#{line}",
                {name: cell for name, cell in row.items() if name in public},
                {name: cell for name, cell in row.items() if name not in public | {"id"}},
                kind="record",
                source=f"{file}#{line}",
                about={"type": type_name, "id": row["id"]},
            )
            for line, row in enumerate(cells, start=2)
        ]
        columns = text.partition("\n")[0].split(",")
        about = {
            "file": file,
            "type": type_name,
            "columns": [[name, name] for name in columns],
            "committed": sorted(set(columns) - public - {"id"}),
            "currency": "EUR",
            "rows": len(rows),
            "rows_root": node(rows).hex(),
        }
        key = written(["table", file, 0]).decode()
        says: dict[str, object] = {"sha256": sha256, "set_aside": [], "vanished": []}
        return leaf(key, {}, says, kind="table", source=file, about=about, **FRAME)

    FRAME = {"author": "the inspector", "recorded_at": "2024-05-01"}  # noqa: N806 - it stands for two words of each entry
    legs = [
        {"id": "L1", "trip": "none", "purpose": "personal", "departed_on": "2024-03-02",
         "operating_cost": "412.00 EUR", "source": "log.pdf#line 1"},
        {"id": "L2", "trip": "none", "departed_on": "2024-03-05/2024-03-07",
         "operating_cost": "100.50 EUR", "source": "log.pdf#line 2"},
        {"id": "L3", "trip": "none", "purpose": "official", "departed_on": "2024-03-09", "source": "log.pdf#line 3"},
    ]  # fmt: skip
    persons = [
        {"id": "P1", "name": "The mayor", "elected": "yes", "source": "register.pdf#p. 1"},
        {"id": "P2", "name": "Officer 2", "elected": "no"},
    ]
    names = SEATS.partition("\n")[0].split(",")
    seats = [
        {name: cell for name, cell in zip(names, line.split(","), strict=True) if cell}
        for line in SEATS.splitlines()[1:]
    ]
    vouched = leaf(
        "", {"periods": [{"during": "2024-01-01/2024-04-30", "by": "the log officer"}]}, {},
        kind="vouching", source="docket.toml", about={"type": "seat"}, **FRAME,
    )  # fmt: skip
    expected = node(
        [
            table("leg", LEGS, {"basis"}, legs),
            table("person", PERSONS, {"elected"}, persons),
            table("seat", SEATS, {"basis"}, seats),
            vouched,
        ]
    )
    ten.bring_in()
    assert ten.root == (4, expected.hex())


def test_one_row_is_proved_without_the_others(ten: Case) -> None:
    ten.bring_in()
    with Ledger.open(ten.folder / ".custodiet", core_types()) as ledger:
        table = ledger.entries()[2].entry.body
        kept = [entry.leaf for entry in ledger.entries()]
        whole = ledger.root
    assert isinstance(table, Table)
    leaves = RowLeaves(KEY, table.file, table.sha256, "seat", [name for _, name in table.columns[1:]], table.committed)
    names = SEATS.partition("\n")[0].split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in SEATS.splitlines()[1:]]
    known = [{name: cell for name, cell in row.items() if cell and name != "id"} for row in rows]
    hashes = [leaves.leaf(line, rows[line - 2]["id"], known[line - 2]) for line in range(2, 7)]
    shown = leaves.leaf_bytes(4, "S3", known[2])
    assert b"protectee" not in shown
    assert b"written later" in shown
    path = inclusion_path(2, hashes)
    assert root_by_path(leaf_hash(shown), 2, 5, path) == bytes.fromhex(table.rows_root)
    assert root_by_path(kept[2], 2, 4, inclusion_path(2, kept)) == bytes.fromhex(whole)


# One docket, one root


def test_an_import_run_again_adds_nothing(ten: Case) -> None:
    ten.write("amendments.csv", "record,field,value,why,by,recorded_at\nS3,on_duty,yes,asked,the unit,2024-05-02\n")
    first = ten.bring_in()
    before = ten.root
    again = ten.bring_in()
    assert (first.added, first.amended) == (10, 1)
    assert (again.added, again.amended, again.unchanged) == (0, 0, 11)
    assert ten.root == before


def test_one_docket_gives_one_root_on_any_machine(ten: Case, tmp_path: Path) -> None:
    ten.write("amendments.csv", "record,field,value,why,by,recorded_at\nS3,on_duty,yes,asked,the unit,2024-05-02\n")
    ten.write("exhibits/log.pdf", b"the log")
    sha256 = hashlib.sha256(b"the log").hexdigest()
    ten.write("exhibits/exhibits.csv", f"file,sha256,received from,by,on\nlog.pdf,{sha256},the unit,us,2024-04-30\n")
    shutil.copytree(ten.folder, tmp_path / "elsewhere")
    other = Case(tmp_path / "elsewhere")
    ten.bring_in()
    other.bring_in()
    assert ten.root == other.root
    assert ten.root[0] == 8


def test_another_key_gives_another_root(ten: Case, tmp_path: Path) -> None:
    shutil.copytree(ten.folder, tmp_path / "elsewhere")
    other = Case(tmp_path / "elsewhere")
    other.write("salt.key", "ab" * 32)
    ten.bring_in()
    other.bring_in()
    assert ten.root[1] != other.root[1]


def test_a_docket_without_a_key_gets_one_and_keeps_it(ten: Case) -> None:
    (ten.folder / "salt.key").unlink()
    ten.bring_in()
    key = (ten.folder / "salt.key").read_text()
    assert len(bytes.fromhex(key)) == 32
    assert (ten.folder / "salt.key").stat().st_mode & 0o777 == 0o600
    ten.bring_in()
    assert (ten.folder / "salt.key").read_text() == key
    (ten.folder / "salt.key").unlink()
    with pytest.raises(Refused, match=r"salt\.key is missing, but the ledger was made with it"):
        ten.bring_in()
    ten.write("salt.key", "abc")
    with pytest.raises(Refused, match="it does not hold 64 hexadecimal digits"):
        ten.bring_in()


IDS = st.sampled_from([f"P{number}" for number in range(6)])
TABLE = st.dictionaries(
    IDS, st.tuples(st.sampled_from(["", "A", "B", "none"]), st.sampled_from(["", "yes", "no", "?"]))
)


@settings(max_examples=25, deadline=None)
@given(st.lists(TABLE, min_size=1, max_size=3))
def test_after_any_changes_the_last_word_on_each_row_holds_and_importing_again_adds_nothing(
    versions: list[dict[str, tuple[str, str]]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        case = Case(Path(name) / "docket")
        expected: dict[str, tuple[str, str]] = {}
        for rows in versions:
            lines = [f"{id_},{post},{elected}\n" for id_, (post, elected) in rows.items()]
            case.write("records/person.csv", "id,post,elected\n" + "".join(lines))
            done = case.bring_in()
            # A row with a cell that cannot be read says nothing, not even with its other cells.
            good = {id_: cells for id_, cells in rows.items() if cells[1] != "?"}
            assert done.added == len(good.keys() - expected.keys())
            assert done.rows_set_aside == len(rows) - len(good)
            assert {each.id for each in done.vanished} == expected.keys() - rows.keys()
            expected |= good
            before = case.root
            assert case.bring_in().set_aside == done.set_aside
            assert case.root == before
        told = case.view().facts
        meaning = {"": UNKNOWN, "none": NONE, "yes": True, "no": False}
        assert {record.id for record in told.of("person")} == expected.keys()
        for id_, (post, elected) in expected.items():
            record = told.find("person", id_)
            assert (record.value("post"), record.value("elected")) == (meaning.get(post, post), meaning[elected])


# An import that is interrupted

KILLED = """
import os, sys
from pathlib import Path
from custodiet.intake.import_docket import bring_in
from custodiet.intake.docket import read_docket
from custodiet.ledger.log import Ledger
docket, calls = read_docket(Path(sys.argv[1])), 0
def progress(done, total, what):
    global calls
    calls += 1
    if calls == int(sys.argv[2]):
        os.kill(os.getpid(), 9)
bring_in(docket, Ledger.open(docket.ledger_folder, docket.types), progress)
"""


def test_an_import_that_was_killed_goes_on_to_the_same_root(ten: Case, tmp_path: Path) -> None:
    ten.write("amendments.csv", "record,field,value,why,by,recorded_at\nS3,on_duty,yes,asked,the unit,2024-05-02\n")
    shutil.copytree(ten.folder, tmp_path / "whole")
    whole = Case(tmp_path / "whole")
    whole.bring_in()
    # Progress is told twice per table, before and in its transaction, and once after the last.
    sizes = []
    for call in range(1, 8):
        killed = Case(tmp_path / f"killed{call}")
        shutil.copytree(ten.folder, killed.folder, dirs_exist_ok=True)
        done = subprocess.run([sys.executable, "-c", KILLED, str(killed.folder), str(call)], check=False)
        assert done.returncode == -9
        sizes.append(killed.root[0])
        killed.bring_in()
        assert killed.root == whole.root
    assert sizes == [0, 0, 1, 1, 2, 2, 3]


def test_a_table_is_kept_whole_or_not_at_all_when_the_disk_is_full(ten: Case) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from custodiet.intake.docket import read_docket;"
        "from custodiet.intake.import_docket import bring_in; from custodiet.ledger.log import Ledger;"
        "from custodiet.base.errors import Refused\n"
        "docket = read_docket(Path(sys.argv[1])); ledger = Ledger.open(docket.ledger_folder, docket.types)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "try: bring_in(docket, ledger)\n"
        "except Refused as refused: print(refused)\n"
    )
    ten.write("records/voucher.csv", "id,receipt\n" + "".join(f"V{number},yes\n" for number in range(6000)))
    done = subprocess.run([sys.executable, "-c", code, str(ten.folder)], capture_output=True, text=True, check=True)
    assert "Make room and run it again" in done.stdout
    assert ten.view().facts.of("voucher") == ()
    assert not list((ten.folder / ".custodiet/exhibits").glob("*.part"))
    assert len(ten.view().facts.of("seat")) == 5
    assert ten.bring_in().added == 6000


def test_a_ledger_that_another_program_writes_is_refused(ten: Case) -> None:
    with (
        Ledger.open(ten.folder / ".custodiet", core_types()) as ledger,
        ledger.batch(),
        pytest.raises(Refused, match="another program is writing to it"),
    ):
        ten.bring_in()


# Nothing of a docket lies elsewhere


@pytest.mark.parametrize("file", ["records/leg.csv", "exhibits/log.pdf", "amendments.csv", "salt.key"])
def test_a_link_out_of_the_docket_is_refused(case: Case, tmp_path: Path, file: str) -> None:
    exhibit(case)
    (tmp_path / "outside").write_text("id\nL1\n")
    path = case.folder / file
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(tmp_path / "outside")
    if file == "exhibits/log.pdf":
        sha256 = hashlib.sha256(b"id\nL1\n").hexdigest()
        case.write("exhibits/exhibits.csv", f"file,sha256,received from,by,on\nlog.pdf,{sha256},a,b,2024\n")
    with pytest.raises(Refused, match="leads out of the docket"):
        case.bring_in()


def test_progress_is_told_in_order_and_to_the_end(ten: Case) -> None:
    told: list[tuple[int, int, str]] = []
    docket = read_docket(ten.folder)
    with Ledger.open(docket.ledger_folder, core_types()) as ledger:
        bring_in(docket, ledger, lambda done, total, what: told.append((done, total, what)))
    done = [each[0] for each in told]
    total = sum(len(text.encode()) for text in (LEGS, PERSONS, SEATS))
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, total)
    assert {each[1] for each in told} == {total}
    assert "records/seat.csv" in {each[2] for each in told}
