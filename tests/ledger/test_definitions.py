"""The definitions by which records were entered, kept as an entry: facts are read, and kept back, by them."""

from dataclasses import replace
from pathlib import Path

import pytest

from custodiet.base.errors import Refused
from custodiet.ledger.definitions import Definitions
from custodiet.ledger.entry import Entry, RecordMade
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import View, view
from custodiet.records import Sensitivity, Types, core_types
from custodiet.records.definitions import types_with
from tests.house import every_type
from tests.records.test_documents import STAY

DAY = "2024-05-01"


def types_of(document: str) -> Types:
    found = types_with({"hotel_night.md": document.encode()})
    assert found.problems == ()
    return found.types


TYPES_THEN = types_of(STAY)


def seen(folder: Path, now: Types) -> View:
    """A ledger that keeps the definitions of its day, opened by a program and a pack with those of now."""
    told = Definitions.of(TYPES_THEN, ["hotel_night", "person"])
    fields = {"night": "2024-04-30", "rate": "120.00 EUR", "guest": "guest-1"}
    with Ledger.open(folder, TYPES_THEN) as ledger:
        ledger.append(Entry("clerk", DAY, "s", told), "definitions")
        ledger.append(Entry("clerk", DAY, "s", RecordMade("person", "guest-1", {})), "guest")
        ledger.append(Entry("clerk", DAY, "s", RecordMade("hotel_night", "night-1", fields)), "night")
    with Ledger.open(folder, now) as ledger:
        return view(ledger, "EUR")


@pytest.mark.parametrize("name", sorted(name for name, each in every_type().items() if each.derived is None))
def test_a_definition_is_read_back_as_it_was_written(name: str) -> None:
    entry = Entry("clerk", DAY, "s", Definitions.of(every_type(), [name]))
    assert Entry.read(entry.plain()) == entry
    (again,) = Definitions.of(every_type(), [name]).record_types().values()
    now = every_type()[name]
    assert [replace(field, sentence="", held_by="") for field in now.fields] == list(again.fields)
    assert (again.dated_by, again.dated_through) == (now.dated_by, now.dated_through)


def test_it_holds_no_prose_and_only_the_types_that_are_used() -> None:
    plain = Entry("clerk", DAY, "s", Definitions.of(core_types(), ["seat"])).plain().decode()
    assert "seat" in plain
    assert core_types()["seat"].sentence not in plain
    assert not any(field.sentence in plain for field in core_types()["seat"].fields)
    assert "hotel_night" not in plain


def test_a_type_that_nobody_defines_today_is_read_by_the_definition_of_its_day(tmp_path: Path) -> None:
    found = seen(tmp_path, core_types())
    night = found.facts.find("hotel_night", "night-1")
    assert (str(night.value("rate")), str(night.value("night"))) == ("120.00 EUR", "2024-04-30")
    assert found.set_aside == ()
    assert [each.name for each in found.types["hotel_night"].fields if each.sensitivity is Sensitivity.RESPONDENT] == [
        "trip", "night", "rate",
    ]  # fmt: skip


@pytest.mark.parametrize("wider", ["public", "respondent"])
def test_a_class_that_was_widened_since_stays_as_narrow_as_it_was(tmp_path: Path, wider: str) -> None:
    before, after = "| Who slept there. | | |", f"| Who slept there. | | {wider} |"
    now = types_of(STAY.replace(before, after))
    assert now["hotel_night"].field("guest").sensitivity.value == wider
    assert seen(tmp_path, now).types["hotel_night"].field("guest").sensitivity is Sensitivity.INTERNAL


def test_a_class_that_was_narrowed_since_is_as_narrow_as_it_is(tmp_path: Path) -> None:
    narrower = types_of(STAY.replace("| rate | money | What the room cost. | | respondent |",
                                     "| rate | money | What the room cost. | | sealed |"))  # fmt: skip
    assert seen(tmp_path, narrower).types["hotel_night"].field("rate").sensitivity is Sensitivity.SEALED


def test_a_field_whose_kind_was_changed_since_is_refused_with_both_shown(tmp_path: Path) -> None:
    changed = types_of(STAY.replace("| rate | money |", "| rate | nights, whole, at least 1 |"))
    with pytest.raises(Refused) as refused:
        seen(tmp_path, changed)
    assert "hotel_night.rate is `money` in the records and `nights, whole, at least 1` in the pack" in str(
        refused.value
    )
