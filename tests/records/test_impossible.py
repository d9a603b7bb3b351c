"""What no record can say is refused at every door alike: tables, amendments, planned uses, examples, and the proofs."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.cli.main import main
from custodiet.intake.tables import read_table
from custodiet.policy.language.document import read_document
from custodiet.policy.testing.examples import imagine, run_examples
from tests.house import ROOT, every_type
from tests.meaning import document, law
from tests.proving import TRIP, claimed, dead

PACKS = ROOT / "packs"
STAY = ("personal_days=9", "travel_cost=4000", "decides_alone=yes", "arranged=yes", "holiday_weighed=yes")


def asked(capsys: pytest.CaptureFixture[str], pack: str, type_name: str, *facts: str) -> tuple[int, str]:
    code = main(["ask", str(PACKS / pack), "--for", type_name, *facts])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_a_planned_stay_that_ends_before_it_begins_is_refused_as_its_row_would_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, said = asked(
        capsys, "us-protection-value", "stay_abroad", "left_on=2019-05-02", "returned_on=2019-05-20", *STAY
    )
    # From the 2nd to the 20th are 19 days, and 4,000.00 * 9 / 19 = 1,894.74.
    assert code == 0
    assert "pays about 1,894.74 USD" in said.splitlines()[0]
    code, said = asked(
        capsys, "us-protection-value", "stay_abroad", "left_on=2019-05-20", "returned_on=2019-05-02", *STAY
    )
    assert code == 2
    assert "a stay abroad cannot have `2019-05-02` as its `returned_on`" in said
    assert "write a date that is not before left_on, 2019-05-20" in said


def test_what_is_planned_above_the_record_is_looked_at_too(capsys: pytest.CaptureFixture[str]) -> None:
    trip = ("leg.trip.departed_on=2024-05-10", "leg.trip.returned_on=2024-05-01")
    code, said = asked(capsys, "model-code", "seat", "role=guest", *trip)
    assert code == 2
    assert "a trip cannot have `2024-05-01` as its `leg.trip.returned_on`" in said


def test_a_name_that_nobody_sees_whole_is_refused_when_asked_as_in_a_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, said = asked(capsys, "model-code", "seat", "role=guest", "occupant=guest\x1b[2K")
    assert code == 2
    assert "write a name without control characters, changes of direction and characters without width" in said
    assert "\x1b" not in said


EXAMPLES = """
## Examples

| example | leg.departed_on | {columns} | outcome |
|---|---|{rules}|---|
| a world | 2024-02-20 | {cells} | nothing due |
"""


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"leg.trip.departed_on": "2024-02-20", "leg.trip.returned_on": "2024-02-18"}, "not before departed_on"),
        ({"leg.seats": "20240220"}, "write a whole number of seats from 1 to 9999999"),
        ({"leg.trip.departed_on": "2014-02-20", "leg.trip.returned_on": "2024-03-01"}, "at most 3,660 days"),
        ({"leg.operating_cost": "1" + "0" * 15}, "at most 15 digits before the point"),
    ],
)
def test_an_example_of_what_cannot_be_is_a_problem_of_the_kind_example(cells: dict[str, str], said: str) -> None:
    rules = "|".join(["---"] * len(cells))
    table = EXAMPLES.format(columns=" | ".join(cells), cells=" | ".join(cells.values()), rules=rules)
    text = document("Rule 1\nwhen leg.seats >= 1 or leg.operating_cost >= 0 or leg.trip.out_of_city\nowes 0") + table
    policy = read_document(text, "law.md").policy
    assert policy is not None
    tally, problems = run_examples(policy, (), every_type())
    assert (tally.failed, {problem.kind for problem in problems}) == (1, {"example"})
    assert said in problems[0].help


def test_an_example_of_a_day_lies_within_its_trip() -> None:
    trip = {"trip.departed_on": "2024-03-01", "trip.returned_on": "2024-03-05"}
    for day, good in (("2024-03-01", True), ("2024-03-05", True), ("2024-03-06", False), ("2024-02-29", False)):
        world = imagine([], "day", {**trip, "date": day}, every_type())
        assert [problem.kind for problem in world.problems] == ([] if good else ["example"])
    assert imagine([], "day", {**trip, "date": "2024-03"}, every_type()).problems == (), "it may be one of its days"


DAYS = st.dates(date(2023, 12, 1), date(2024, 3, 1)).map(str)
DATES = st.one_of(DAYS, st.sampled_from(["2024", "2024-01", "2023-12/2024-01", "unknown"]))


@settings(max_examples=200)
@given(DATES, DATES, st.sampled_from(["0", "7", "36525", "36526", "20240326", "unknown"]))
def test_a_world_is_imagined_just_where_its_row_would_be_read(left: str, returned: str, days: str) -> None:
    cells = {"left_on": left, "returned_on": returned, "personal_days": days}
    table = f"id,{','.join(cells)}\nX1,{','.join(cells.values())}\n".encode()
    read = read_table("stay_abroad.csv", table, "stay_abroad", every_type(), "EUR", {}, lambda *_: None)
    problems = imagine([], "stay_abroad", cells, every_type()).problems
    assert [each.expected for each in read.set_aside] == [problem.help for problem in problems]
    assert [each.column for each in read.set_aside] == [problem.message.split("`")[3] for problem in problems]


def test_the_proofs_speak_of_no_such_world() -> None:
    backwards = "Rule 1\nwhen returned_on < departed_on\nowes 0"
    assert dead(law(backwards, **TRIP)) == ["1"]
    # From the first to the last day are ten years at the most.
    assert dead(law("Rule 1\nwhen returned_on - departed_on >= 3660 days\nowes 0", **TRIP)) == ["1"]
    longest = law("Rule 1\nwhen returned_on - departed_on >= 3659 days\nowes 0", **TRIP)
    assert dead(longest) == []
    assert claimed(longest, "when count(day) > 3660 never owes = 0").came_out.name == "PROVED"
    assert dead(law("Rule 1\nwhen leg.seats > 9999999\nowes 0")) == ["1"]
    assert dead(law("Rule 1\nwhen leg.seats = 9999999\nowes 0")) == []
