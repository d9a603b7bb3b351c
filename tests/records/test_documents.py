"""Record types are documents: what one says, what is wrong with one, and what two that meet may not disagree on."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodiet.base.errors import Refused
from custodiet.base.source import EVERY_DOCUMENT
from custodiet.records import Field, Kind, Sensitivity, core_types
from custodiet.records.definitions import both, types_of_pack, types_with
from custodiet.records.diagnostics import DEFINING
from custodiet.records.kinds import MOST, with_kind, written_kind
from tests.house import ROOT, every_type

BAD = Path(__file__).parent / "bad"

STAY = """\
---
record:    hotel_night
is:        one night that somebody spent in a hotel at public cost
held by:   the comptroller
dated by:  night
---

# A night

A sentence that the program passes over.

| field | kind | says | held by | who may read |
|---|---|---|---|---|
| guest | person, back as night_slept | Who slept there. | | |
| trip | trip, or none | The trip it was part of; none if of none. | the protectee's office | respondent |
| night | date | Which night. | | respondent |
| rate | money | What the room cost. | | respondent |
| sort | single, double, suite | What sort of room it was. | | |
| guests | guests, whole, at least 1 | How many slept there. | | |
| note | prose, or none | What the bill says besides. | | |

## Added to leg

| field | kind | says |
|---|---|---|
| weather | clear, rain, snow | The weather on the way. |
"""


def defined(**documents: str) -> Mapping[str, bytes]:
    """Documents by their file names."""
    return {f"{name}.md": text.encode() for name, text in documents.items()}


def test_a_document_says_what_a_record_is_and_what_it_does_not_say_is_narrow() -> None:
    found = types_with(defined(hotel_night=STAY))
    assert [each.shown() for each in found.problems] == []
    night = found.types["hotel_night"]
    assert night.sentence == "One night that somebody spent in a hotel at public cost."
    assert night.dated_by == ("night",)
    assert night.totals_only == "", "the public sees totals only unless the document says otherwise"
    assert night.names == ("guest", "trip", "night", "rate", "sort", "guests", "note", "basis", "recorded_on")
    assert night.field("guest").sensitivity is Sensitivity.INTERNAL, "a blank class is internal"
    assert night.field("guest").held_by == "the comptroller", "a blank holder is the register's"
    assert night.field("trip").held_by == "the protectee's office"
    assert written_kind(night.field("guests")) == "guests, whole, at least 1"
    assert night.field("guests").greatest == MOST
    assert night.field("sort").values == ("single", "double", "suite")
    assert night.field("note").prose
    assert night.field("note").may_be_none


def test_an_added_field_is_the_other_type_s_and_changes_nothing_else_of_it() -> None:
    types = types_with(defined(hotel_night=STAY)).types
    leg, before = types["leg"], core_types()["leg"]
    assert leg.field("weather").values == ("clear", "rain", "snow")
    assert leg.field("weather").held_by == before.held_by
    assert [name for name in leg.names if name != "weather"] == list(before.names)
    assert "weather" not in before.names
    assert leg.names[-2:] == ("basis", "recorded_on")


def test_a_document_may_add_fields_and_define_nothing() -> None:
    added = "## Added to leg\n\n| field | kind | says |\n|---|---|---|\n| weather | clear, rain | The weather. |\n"
    found = types_with(defined(more=added))
    assert found.problems == ()
    assert found.types.keys() == core_types().keys()
    assert found.types["leg"].field("weather").kind is Kind.LIST


@pytest.mark.parametrize("code", sorted(path.stem for path in BAD.glob("*.txt")))
def test_a_bad_document_is_answered_with_the_message_beside_it(code: str) -> None:
    problems = types_with({f"{code}.md": (BAD / f"{code}.md").read_bytes()}).problems
    assert "\n\n".join(each.shown() for each in problems) + "\n" == (BAD / f"{code}.txt").read_text(encoding="utf-8")
    assert {each.code for each in problems} == {code}


def test_every_message_has_a_document_and_every_document_a_message() -> None:
    documents, texts = ({path.stem for path in BAD.glob(f"*.{ending}")} for ending in ("md", "txt"))
    assert documents == texts
    assert set(DEFINING) - documents == set()
    assert documents - set(DEFINING) - set(EVERY_DOCUMENT) == set()


def test_no_pack_here_brings_a_document_with_a_problem() -> None:
    for folder in sorted((ROOT / "packs").iterdir()):
        types_of_pack(folder)
    assert len(every_type()) - len(core_types()) == 9


@pytest.mark.parametrize("name", sorted(every_type()))
def test_a_kind_is_read_as_it_is_written(name: str) -> None:
    for field in every_type()[name].fields:
        blank = Field(field.name, Kind.TEXT, field.sentence, field.held_by, field.sensitivity)
        assert with_kind(blank, written_kind(field)) == field


@given(st.text(alphabet=" abn,01-'|`\u00e9", max_size=40))
def test_no_kind_ends_in_a_fault(written: str) -> None:
    document = STAY.replace("single, double, suite", written.replace("\n", " "))
    for problem in types_with(defined(hotel_night=document)).problems:
        assert problem.shown()


@given(st.lists(st.sampled_from(STAY.splitlines()), max_size=25))
def test_no_document_ends_in_a_fault(lines: list[str]) -> None:
    found = types_with(defined(hotel_night="\n".join(lines)))
    assert found.problems or "hotel_night" in found.types or found.types["leg"] != core_types()["leg"]


def test_a_pack_whose_documents_have_problems_gives_no_types(tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "hotel_night.md").write_text(STAY.replace("date |", "dat |"), encoding="utf-8")
    with pytest.raises(Refused, match="cannot be used") as refused:
        types_of_pack(tmp_path)
    assert {problem.code for problem in refused.value.problems} == {"kind_unknown", "dated_by"}


# Two definitions of one field


def test_a_law_s_types_and_the_records_types_are_joined() -> None:
    told = types_with(defined(hotel_night=STAY)).types
    law = every_type()
    joined = both(told, law)
    assert joined.keys() == told.keys() | law.keys()
    assert both(joined, told) is joined
    assert both(core_types(), told)["leg"].names == told["leg"].names


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("| rate | money |", "| rate | money, or none |"),
        ("| guests | guests, whole, at least 1 |", "| guests | persons, whole, at least 1 |"),
        ("| sort | single, double, suite |", "| sort | single, double |"),
        ("| guest | person, back as night_slept |", "| guest | person, back as night |"),
    ],
)
def test_a_field_that_two_define_with_different_kinds_is_refused_with_both_shown(was: str, now: str) -> None:
    told, law = (types_with(defined(hotel_night=text)).types for text in (STAY, STAY.replace(was, now)))
    with pytest.raises(Refused) as refused:
        both(told, law)
    assert all(f"`{line.split('|')[2].strip()}`" in str(refused.value) for line in (was, now))


def test_of_two_classes_the_narrower_holds() -> None:
    wider = STAY.replace("| rate | money | What the room cost. | | respondent |", "| rate | money | What. | | public |")
    assert wider != STAY
    for told, law in ((STAY, wider), (wider, STAY)):
        joined = both(types_with(defined(hotel_night=told)).types, types_with(defined(hotel_night=law)).types)
        assert joined["hotel_night"].field("rate").sensitivity is Sensitivity.RESPONDENT


def test_a_way_back_that_would_mean_two_things_is_refused() -> None:
    other = STAY.replace("hotel_night", "night_slept").replace("back as night_slept", "back as slept")
    trips = "| person_met | person, back as night_slept | Whom the guest met. | | |\n| note"
    met = STAY.replace("hotel_night", "meeting").replace("back as night_slept", "back as meeting_held")
    told = types_with(defined(hotel_night=STAY)).types
    law = types_with(defined(meeting=met.replace("| note", trips).split("## Added")[0])).types
    with pytest.raises(Refused, match="one thing in the records and another in the pack"):
        both(told, law)
    assert "night_slept" in types_with(defined(night_slept=other)).types
