"""The ledger: what it keeps, what its leaves give away, and what it notices."""

import hashlib
import io
import json
import sqlite3
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from custodiet.base.dates import Days
from custodiet.base.errors import Refused, WrongCall
from custodiet.base.table import lines
from custodiet.ledger.as_of import AsOf, Moment
from custodiet.ledger.custody import Custody
from custodiet.ledger.entry import (
    Amendment,
    Body,
    Entry,
    ExhibitKept,
    RecordMade,
    SetAside,
    Table,
    Vouching,
    canonical,
    commitment,
    leaf_bytes,
)
from custodiet.ledger.log import Ledger
from custodiet.ledger.rows import RowLeaves, derived_salt
from custodiet.ledger.view import view
from custodiet.records import NONE, UNKNOWN, core_types
from custodiet.verify.merkle import leaf_hash, root

SEAT = RecordMade("seat", "S1", {"role": "guest", "on_duty": "no", "basis": "statement only"})


def entry(body: Body = SEAT, recorded_at: str = "2024-05-01") -> Entry:
    return Entry("the log officer", recorded_at, "the log of 2 May, line 3", body)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / ".custodiet", core_types(), wait_ms=50)


# What an entry is


def test_an_entry_is_canonical_json_by_the_example_of_the_standard() -> None:
    # RFC 8785, section 3.2.3: names are sorted by their UTF-16 code units, so that 😀 (U+1F600) stands before U+FB33.
    in_order = ["\r", "1", "\u0080", "ö", "€", "😀", "\ufb33"]
    told = canonical(dict.fromkeys(sorted(in_order), "x")).decode()
    assert list(json.loads(told)) == in_order
    assert told.startswith('{"\\r":"x","1":"x",')


@pytest.mark.parametrize(
    "body",
    [
        SEAT,
        Amendment("seat", "S1", "role", "crew", "the pilot's log says so"),
        ExhibitKept("log.pdf", "ab" * 32, "the unit", "the inspector", "2024-05-01"),
        Table(
            "records/seat.csv", "seat", (("id", "id"), ("role", "role")), ("role",), "EUR", 1, "cd" * 32, "ef" * 32,
            (SetAside("records/seat.csv", 3, "role", "gest", "a role was expected"),), ("S9",),
        ),
        Vouching("seat", (("2024-01-01/..", "the log officer"),)),
    ],
    ids=lambda body: type(body).__name__,
)  # fmt: skip
def test_an_entry_is_read_back_as_it_was_written(body: Body) -> None:
    assert Entry.read(entry(body).plain()) == entry(body)


def test_a_time_that_is_none_is_no_time_of_recording() -> None:
    with pytest.raises(ValueError, match="soon is not a time"):
        entry(recorded_at="soon")
    with pytest.raises(ValueError, match="write it as 2024-05-01T10:00:00Z"):
        entry(recorded_at="2024-05-01T12:00:00+02:00")


# What a leaf gives away


def test_every_field_that_is_not_public_stands_in_the_leaf_as_a_commitment() -> None:
    salts = {"role": b"r" * 32, "on_duty": b"d" * 32}
    shown = leaf_bytes(entry().plain(), salts).decode()
    # By hand: SHA-256 over the salt and ["role","guest"].
    by_hand = hashlib.sha256(b"r" * 32 + b'["role","guest"]').hexdigest()
    told = json.loads(shown)
    assert told["committed"]["role"] == by_hand == commitment(b"r" * 32, "role", "guest")
    assert told["fields"] == {"basis": "statement only"}
    assert "guest" not in shown
    assert entry().private(core_types()) == {"role", "on_duty"}


@pytest.mark.parametrize(
    ("field", "private"), [("role", {"value", "why"}), ("basis", set()), ("source", {"value", "why"})]
)
def test_a_reason_is_as_private_as_the_field_it_is_about(field: str, private: set[str]) -> None:
    assert Amendment("seat", "S1", field, "x", "y").private(core_types()) == private


@given(st.sampled_from(sorted(name for name, each in core_types().items() if not each.derived)), st.data())
def test_no_private_text_of_any_record_type_is_in_its_leaf(type_name: str, data: st.DataObject) -> None:
    fields = {name: f"text of {name}" for name in data.draw(st.sets(st.sampled_from(core_types()[type_name].names)))}
    made = entry(RecordMade(type_name, "X1", fields))
    shown = leaf_bytes(made.plain(), dict.fromkeys(made.private(core_types()), bytes(32))).decode()
    for name in fields:
        public = core_types()[type_name].field(name).sensitivity.value == "public"
        assert (f'"text of {name}"' in shown) == public


def test_the_salts_of_a_person_s_entry_are_random_and_those_of_a_row_derived(tmp_path: Path) -> None:
    roots = set()
    for name in ("one", "two"):
        with Ledger.open(tmp_path / name, core_types()) as ledger:
            ledger.append(entry(), "k")
            roots.add(ledger.root)
    assert len(roots) == 2
    assert derived_salt(b"k" * 32, "ab#12", "role") == derived_salt(b"k" * 32, "ab#12", "role")


def test_no_two_places_and_fields_have_one_salt() -> None:
    # Joined with a plain separator, these pairs would be the same text.
    pairs = [("a#1", "b"), ("a", "#1b"), ("a#1b", ""), ('a","b', "c"), ("a", 'b","c')]
    assert len({derived_salt(bytes(32), place, name) for place, name in pairs}) == len(pairs)


@given(
    st.integers(1, 10**6),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.dictionaries(
        st.sampled_from([*core_types()["leg"].names, "source"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    ),
)
def test_the_fast_leaf_of_a_row_is_the_one_the_library_makes(line: int, id_: str, cells: dict[str, str]) -> None:
    key, sha256 = b"k" * 32, "ab" * 32
    leg, public = core_types()["leg"], {"basis", "recorded_on"}
    leaves = RowLeaves(key, "records/leg.csv", sha256, "leg", (*leg.names, "source"), {*leg.names, "source"} - public)
    expected = rfc8785.dumps(
        {
            "kind": "record",
            "source": f"records/leg.csv#{line}",
            "about": {"type": "leg", "id": id_},
            "fields": {name: text for name, text in cells.items() if name in public},
            "committed": {
                name: commitment(derived_salt(key, f"{sha256}#{line}", name), name, text)
                for name, text in cells.items()
                if name not in public
            },
        }
    )
    assert leaves.leaf_bytes(line, id_, cells) == expected
    assert leaves.leaf(line, id_, cells) == leaf_hash(expected)


# What the log keeps


def test_a_receipt_names_the_place_and_the_leaf(ledger: Ledger) -> None:
    first = ledger.append(entry(), "first")
    second = ledger.append(entry(Vouching("seat", ())), "second")
    assert (first.index, second.index, ledger.size) == (0, 1, 2)
    assert ledger.root == root([bytes.fromhex(first.leaf), bytes.fromhex(second.leaf)]).hex()
    assert [kept.entry for kept in ledger.entries()] == [entry(), entry(Vouching("seat", ()))]


def test_the_same_entry_under_the_same_key_is_kept_once(ledger: Ledger) -> None:
    assert ledger.append(entry(), "key") == ledger.append(entry(), "key")
    assert ledger.size == 1
    with pytest.raises(Refused, match="the key key was used for another entry, 0"):
        ledger.append(entry(recorded_at="2024-05-02"), "key")
    assert ledger.size == 1


def test_nothing_is_acknowledged_before_it_is_kept(ledger: Ledger) -> None:
    with ledger.batch() as batch:
        batch.add(entry(), "one")
        with pytest.raises(WrongCall):
            _ = batch.receipts
    assert [receipt.index for receipt in batch.receipts] == [0]


def test_a_batch_that_fails_leaves_the_ledger_as_it_was(ledger: Ledger) -> None:
    ledger.append(entry(), "one")
    before = ledger.root

    def fail() -> None:
        with ledger.batch() as batch:
            batch.add(entry(recorded_at="2024-05-02"), "two")
            assert len(ledger.entries()) == 2
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (ledger.size, ledger.root, len(ledger.entries())) == (1, before, 1)


def test_the_root_of_every_earlier_size_can_be_had(ledger: Ledger) -> None:
    roots = [ledger.root]
    for number in range(7):
        ledger.append(entry(), str(number))
        roots.append(ledger.root)
    assert [ledger.root_at(size) for size in range(8)] == roots
    with pytest.raises(WrongCall, match="never had 8 entries; write a number from 0 to 7"):
        ledger.root_at(8)


def test_a_ledger_that_was_never_begun_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="holds no ledger"):
        Ledger.open(tmp_path / ".custodiet", core_types(), create=False)
    assert not (tmp_path / ".custodiet").exists()


# What is asked as of an earlier state


def test_as_of_a_time_means_all_before_the_first_entry_recorded_later(ledger: Ledger) -> None:
    for number, time in enumerate(["2024-05-01", "2024-05-02T12:00:00Z", "2024-05-02T13:00:00Z", "2024-05-01"]):
        ledger.append(entry(recorded_at=time), str(number))
    seen = {text: len(ledger.entries(AsOf.read(text))) for text in ("2024-04-30", "2024-05-01", "2024-05-02")}
    assert seen == {"2024-04-30": 0, "2024-05-01": 1, "2024-05-02": 4}
    assert len(ledger.entries(AsOf.read("2024-05-02T12:30:00Z"))) == 2
    assert len(ledger.entries(AsOf.read("2"))) == 2
    with pytest.raises(WrongCall, match="never had 5 entries; write a number from 0 to 4"):
        ledger.entries(AsOf.read("5"))


@pytest.mark.parametrize("text", ["", "soon", "2024-13-01", "2024-05-01T25:00:00Z", "-1", "20240501T10", "2024-W01-1"])
def test_an_earlier_state_is_a_size_or_a_time(text: str) -> None:
    with pytest.raises(ValueError, match="is not a state of the ledger; write a number of entries such as 12, a date"):
        AsOf.read(text)


def test_a_time_with_an_offset_is_kept_in_utc() -> None:
    assert Moment.read("2024-05-01T01:30:00+02:00").text == "2024-04-30T23:30:00Z"
    assert Moment.read("2024-05-01T01:30").text == "2024-05-01T01:30:00Z"


# What the view tells


def test_an_amendment_holds_and_what_it_amends_stays(ledger: Ledger) -> None:
    ledger.append(entry(), "made")
    ledger.append(entry(Amendment("seat", "S1", "role", "crew", "misread"), "2024-06-01"), "amended")
    ledger.append(entry(Amendment("seat", "S1", "on_duty", "unknown", "nobody knows"), "2024-06-02"), "taken back")
    now, then = view(ledger, "EUR"), view(ledger, "EUR", AsOf.read("1"))
    assert now.facts.find("seat", "S1").values == {"role": "crew", "on_duty": UNKNOWN, "basis": "statement only"}
    assert then.facts.find("seat", "S1").value("role") == "guest"
    assert [(origin.value, origin.recorded_at, origin.why) for origin in now.origins("S1", "role")] == [
        ("guest", "2024-05-01", ""),
        ("crew", "2024-06-01", "misread"),
    ]
    assert [origin.value for origin in then.origins("S1", "role")] == ["guest"]
    assert now.origins("S1", "leg") == ()
    assert now.type_of("S1") == "seat"
    assert (now.as_of.size, now.as_of.root, now.as_of.recorded_at) == (3, ledger.root, "2024-06-02")
    assert (then.as_of.size, then.as_of.root) == (1, ledger.root_at(1))


def test_the_last_word_on_a_register_holds(ledger: Ledger) -> None:
    ledger.append(entry(Vouching("seat", (("2024-01-01/..", "the officer"),))), "1")
    assert view(ledger, "EUR").facts.is_vouched("seat", Days.read("2030"))
    ledger.append(entry(Vouching("seat", (("2024-01-01/2024-04-30", "the officer"), ("../2020-01-01", "she")))), "2")
    facts = view(ledger, "EUR").facts
    assert [facts.is_vouched("seat", Days.read(when)) for when in ("2030", "2024-04", "2019")] == [False, True, True]
    ledger.append(entry(Vouching("seat", ())), "3")
    assert view(ledger, "EUR").facts.vouched == ()


def test_two_records_with_one_id_are_noticed(ledger: Ledger) -> None:
    ledger.append(entry(), "1")
    ledger.append(entry(RecordMade("leg", "S1", {})), "2")
    with pytest.raises(Refused, match="two records have the id S1"):
        view(ledger, "EUR")


def test_none_and_unknown_stay_apart(ledger: Ledger) -> None:
    ledger.append(entry(RecordMade("leg", "L1", {"certified_on": "none"})), "1")
    leg = view(ledger, "EUR").facts.find("leg", "L1")
    assert (leg.value("certified_on"), leg.value("departed_on")) == (NONE, UNKNOWN)


# What is noticed


def damage(ledger_folder: Path, *statements: str) -> None:
    """What somebody with the file in hand can do, past every trigger."""
    with sqlite3.connect(ledger_folder / "ledger.db") as connection:
        for trigger in ("entry_stays", "entry_is_as_it_was"):
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE entry SET plain = CAST(replace(plain, 'guest', 'crew!') AS BLOB) WHERE idx = 1",
            "entry 1 .* has changed",
        ),
        ("UPDATE salt SET salt = zeroblob(32) WHERE idx = 2", "entry 2 .* has changed"),
        ("DELETE FROM entry WHERE idx = 0", "entry 0 .* has changed"),
        ("UPDATE entry SET peaks = zeroblob(64) WHERE idx = 2", "do not have the root"),
    ],
)
def test_an_entry_changed_behind_the_ledger_is_never_served(tmp_path: Path, statement: str, expected: str) -> None:
    with Ledger.open(tmp_path, core_types()) as ledger:
        for number in range(3):
            ledger.append(entry(), str(number))
    damage(tmp_path, statement)
    with Ledger.open(tmp_path, core_types()) as ledger, pytest.raises(Refused, match=expected):
        ledger.entries()


@pytest.mark.parametrize("statement", ["DELETE FROM entry", "UPDATE entry SET plain = x'00'"])
def test_entries_are_only_added(tmp_path: Path, statement: str) -> None:
    with Ledger.open(tmp_path, core_types()) as ledger:
        ledger.append(entry(), "1")
    with sqlite3.connect(tmp_path / "ledger.db") as connection, pytest.raises(sqlite3.Error, match="only added"):
        connection.execute(statement)
    connection.close()


def test_an_exhibit_is_kept_once_by_its_hash(tmp_path: Path) -> None:
    custody = Custody(tmp_path / "exhibits")
    sha256 = hashlib.sha256(b"the log").hexdigest()
    assert custody.keep(io.BytesIO(b"the log")) == sha256 == custody.keep(io.BytesIO(b"the log"))
    assert custody.read(sha256) == b"the log"
    assert [path.name for path in (tmp_path / "exhibits").iterdir()] == [sha256]


def test_a_changed_exhibit_is_never_served(tmp_path: Path) -> None:
    custody = Custody(tmp_path / "exhibits")
    sha256 = custody.keep(io.BytesIO(b"the log"))
    custody.place(sha256).write_bytes(b"another")
    with pytest.raises(Refused, match="has changed since it was kept"):
        custody.read(sha256)
    with pytest.raises(Refused, match="has changed since it was kept"):
        custody.keep(io.BytesIO(b"the log"))
    custody.place(sha256).unlink()
    with pytest.raises(Refused, match="Restore it from a backup"):
        custody.read(sha256)


# How a table is taken apart


def test_a_broken_line_does_not_take_the_next_ones_with_it() -> None:
    data = 'id,name\nP1,"open\nP2,fine\nP3,"a ""word"", quoted"\n\nP4,"two\nlines"\n'
    told = [(line.number, line.cells, bool(line.expected)) for line in lines(data.encode())]
    assert told == [
        (1, ("id", "name"), False),
        (2, ('P1,"open',), True),
        (3, ("P2", "fine"), False),
        (4, ("P3", 'a "word", quoted'), False),
        (6, ("P4", "two\nlines"), False),
    ]


@given(st.binary(max_size=60))
def test_any_bytes_can_be_taken_apart_and_no_line_is_lost(data: bytes) -> None:
    told = list(lines(data))
    assert [line.number for line in told] == sorted({line.number for line in told})
    for line in told:
        assert line.wrong < len(line.cells)
        "".join(line.cells).encode()
