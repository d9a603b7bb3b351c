"""One calendar: what lies beyond it is refused where it is written, and nothing computed ends in a traceback."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.base.dates import FIRST_DAY, LAST_DAY, MOST_DAYS, Days, numbered, shifted
from custodiet.base.errors import Refused
from custodiet.bulk.decide_facts import Decider
from custodiet.bulk.decide_table import decide_table
from custodiet.bulk.sql.tables import Column, Register
from custodiet.cli.main import main
from custodiet.intake.docket import vouched_periods
from custodiet.ledger.as_of import AsOf, Moment
from custodiet.ledger.entry import Amendment, Entry
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import view
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.rate_tables import read_rates
from custodiet.policy.packs.procedure import read_procedure
from custodiet.policy.packs.withholding import DELAY_DAYS, read_withholding
from custodiet.proofs.prove import CameOut
from custodiet.records import Value, core_types, read_cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from tests.house import every_type
from tests.meaning import document, law, owed
from tests.policy.evaluation.test_meaning_rates import priced
from tests.policy_documents import bring, problems_of
from tests.proving import claimed, gaps
from tests.report_files import copied, imported
from tests.ten_rows import DOCKET, Case, ten_rows

NO_END = "9999-12-31"

# What is written


@pytest.mark.parametrize("period", [f"2020-01-01 .. {NO_END}", "0001-01-01 .. 2020-01-01", "2200-01-01 .."])
def test_a_period_beyond_the_calendar_is_told_at_its_line_with_what_to_write(period: str) -> None:
    [problem] = problems_of(document(f"Rule 1\nin force {period}\nowes 0"))
    assert (problem.kind, problem.span.text) == ("period", f"in force {period}")
    assert problem.message.endswith("is outside the years 1900 to 2199")
    assert "leave that side blank: `2020-01-01 ..`" in problem.help
    table = f"in force,car,cite\n{period},0.50 EUR,Annex 1\n"
    [of_rate] = read_rates(table.encode(), "rates/mileage.csv").problems
    assert (of_rate.message, of_rate.span.line) == (problem.message, 2)


def test_the_last_and_the_first_day_of_the_calendar_are_in_it() -> None:
    assert problems_of(document("Rule 1\nin force 1900-01-01 .. 2199-12-31\nowes 0")) == ()


def test_a_register_that_is_vouched_without_an_end_is_told_how_that_is_written() -> None:
    with pytest.raises(ValueError, match=r"not 9999; leave an open end blank, such as 2024-01-01 \.\.$"):
        vouched_periods("seat", f"2024-01-01 .. {NO_END}, vouched by the log officer")


def test_a_tie_that_lasts_until_9999_is_set_aside_with_what_to_write(tmp_path: Path) -> None:
    case = Case(tmp_path / "docket")
    case.write("records/affiliation.csv", f"id,person,from_on,until_on\nA1,P1,2020-01-01,{NO_END}\n")
    [aside] = case.bring_in().set_aside
    assert (aside.column, aside.value) == ("until_on", NO_END)
    assert aside.expected == ("write a year from 1900 to 2199, not 9999; write none if there is no such day")


@pytest.mark.parametrize("command", ["check", "test", "audit", "diff"])
def test_no_command_ends_in_a_traceback_for_a_rule_in_force_until_9999(
    docket: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = docket / "pack" / "policies" / "seat-fare.md"
    before = policy.read_text(encoding="utf-8")
    policy.write_text(before.replace("in force  2020-01-01 ..", f"in force  2020-01-01 .. {NO_END}"), encoding="utf-8")
    assert policy.read_text(encoding="utf-8") != before
    pack = str(docket / "pack")
    code = main({"audit": ["audit", str(docket)], "diff": ["diff", pack, pack]}.get(command, [command, pack]))
    assert code in (1, 3)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    if command == "check":
        assert f"`{NO_END}` is outside the years 1900 to 2199" in said.out + said.err


@pytest.mark.parametrize(("written", "count"), [("1 year", "1 year"), ("3 months", "3 months"), ("2 weeks", "2 weeks")])
def test_a_span_that_is_not_counted_in_days_is_told_with_what_to_write(written: str, count: str) -> None:
    rules = f"Rule 1\nwhen leg.departed_on <= leg.recorded_on + {written}\nowes 0"
    [problem] = problems_of(document(rules))
    assert problem.message == f"`{count}` cannot be used: dates are computed in days only"
    assert problem.help.startswith(
        "write `14 days`" if "weeks" in written else "write a number of days, such as `30 days`"
    )


# Counts of days


@pytest.mark.parametrize("days", ["20240326", "45377", "36526"], ids=["a date", "a spreadsheet's day", "one too many"])
def test_a_day_typed_where_a_number_of_days_belongs_is_set_aside(tmp_path: Path, days: str) -> None:
    case = Case(tmp_path / "docket")
    case.write("records/notice.csv", f"id,served_on,days_to_answer\nN1,2024-03-06,{days}\nN2,2024-03-06,20\n")
    [aside] = case.bring_in().set_aside
    assert (aside.row, aside.column, aside.value) == (2, "days_to_answer", days)
    assert aside.expected == f"write a whole number of days from 1 to {MOST_DAYS}"
    assert case.values("notice", "N2")["days_to_answer"] == 20


@pytest.mark.parametrize(
    ("type_name", "field"), [("leg", "seats"), ("vehicle_use", "personal_miles"), ("driver_service", "hours_paid")]
)
def test_no_count_is_as_great_as_a_date_without_its_hyphens(tmp_path: Path, type_name: str, field: str) -> None:
    case = Case(tmp_path / "docket")
    bring(case.folder / "law", [type_name] if type_name not in core_types() else [])
    case.write(f"records/{type_name}.csv", f"id,{field}\nX1,19000101\nX2,9999999\n")
    assert [(each.row, each.column) for each in case.bring_in().set_aside] == [(2, field)]


def test_an_amendment_cannot_bring_in_what_a_table_cannot(tmp_path: Path) -> None:
    case = Case(tmp_path / "docket")
    case.write("records/notice.csv", "id,served_on,days_to_answer\nN1,2024-03-06,20\n")
    header = "record,field,value,why,by,recorded_at\n"
    case.write("amendments.csv", header + "N1,days_to_answer,20240326,misread,us,2024-06-01\n")
    [aside] = case.bring_in().set_aside
    assert (aside.file, aside.column, aside.value) == ("amendments.csv", "value", "20240326")
    assert f"from 1 to {MOST_DAYS}" in aside.expected
    assert case.values("notice", "N1")["days_to_answer"] == 20


PROCEDURE = (
    "step,after,must,within_days,counted_from,standard_of_proof,burden,by,not_by,citation\n"
    "notice,none,yes,none,none,none,none,investigator,none,art. 1\n"
    "response,notice,no,{days},notice.served_on,none,none,respondent,none,art. 2\n"
)


@pytest.mark.parametrize("days", ["20240326", "9" * 5_000, "36526"])
def test_a_procedure_gives_no_more_than_a_hundred_years(days: str) -> None:
    assert read_procedure(PROCEDURE.format(days=20).encode()).problems == ()
    [problem] = read_procedure(PROCEDURE.format(days=days).encode()).problems
    assert problem.message.endswith("is not a number of days")
    assert problem.help == f"write a whole number from 1 to {MOST_DAYS}, or none"


@pytest.mark.parametrize("days", [20240326, 36526])
def test_a_delay_of_more_than_a_hundred_years_is_no_shorter_one(days: int) -> None:
    def table(ends: str) -> bytes:
        header = "code,fields or class,law and paragraph,decided by,ends,where to object\n"
        return f"{header}D,delay,Art. 1,the board,{ends},the court\n".encode()

    good, problems = read_withholding(table("10950 days after the trip"), "withholding.csv", every_type())
    assert (good.delay_days, problems) == (10950, ())
    bad, [problem] = read_withholding(table(f"{days} days after the trip"), "withholding.csv", every_type())
    assert bad.delay_days == DELAY_DAYS
    assert f"with at most {MOST_DAYS} days" in problem.help


def test_a_ledger_that_holds_such_a_count_can_be_opened_then_and_now(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docket = imported("model-city/complete", tmp_path)
    wrong = Amendment("notice", "NT1", "days_to_answer", "20240326", "typed before there was a check")
    right = Amendment("notice", "NT1", "days_to_answer", "20", "put right")
    with Ledger.open(docket / ".custodiet", every_type()) as ledger:
        ledger.append(Entry("a clerk", "2024-06-01", "by hand", wrong), "wrong")
        size = len(ledger.entries())
    capsys.readouterr()
    assert main(["case", str(docket)]) == 0
    told = capsys.readouterr()
    assert f"days_to_answer of NT1 is 20240326; write a whole number of days from 1 to {MOST_DAYS}" in told.err
    assert "response by a day after 31 December 2199" in told.out
    with Ledger.open(docket / ".custodiet", every_type()) as ledger:
        ledger.append(Entry("a clerk", "2024-06-02", "by hand", right), "right")
    capsys.readouterr()
    assert main(["import", str(docket)]) == 0
    assert "NT1" not in capsys.readouterr().err
    assert main(["case", str(docket), "--as-of", str(size)]) == 0
    assert "days_to_answer of NT1 is 20240326" in capsys.readouterr().err


def test_a_date_of_which_nothing_can_be_made_is_refused_with_its_entry(docket: Path) -> None:
    assert main(["import", str(docket)]) == 0
    with Ledger.open(docket / ".custodiet", every_type()) as ledger:
        leg = next(iter(view(ledger, "EUR").facts.of("leg"))).id
        no_day = Amendment("leg", leg, "departed_on", NO_END, "typed elsewhere")
        ledger.append(Entry("a clerk", "2024-06-01", "by hand", no_day), "no day")
        with pytest.raises(
            Refused,
            match=r"by hand: departed_on of a leg could be read when .* a year from 1900 to 2199",
        ):
            view(ledger, "EUR")


def test_a_case_and_a_report_tell_of_the_row_that_waits_for_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docket = copied("model-city/complete", tmp_path)
    notices = docket / "records" / "notice.csv"
    text = notices.read_text(encoding="utf-8")
    notices.write_text(text.replace(",20,none,the inspector", ",20240326,none,the inspector", 1), encoding="utf-8")
    where = "records/notice.csv:2: set aside, column days_to_answer holds"
    assert main(["case", str(docket)]) == 1
    assert where in capsys.readouterr().err
    page = tmp_path / "page.html"
    # Without its notice the finding may not be made; what to mend is said before that.
    assert main(["report", str(docket), "--readers", "public", "--out", str(page)]) == 3
    said = capsys.readouterr().err
    assert said.index(where) < said.index("it does not come after a notice")


# What is computed


@given(st.dates(), st.integers(-(10**30), 10**30) | st.integers(-5_000_000, 5_000_000))
def test_a_day_is_shifted_as_far_as_there_are_days(day: date, days: int) -> None:
    found = shifted(day, days)
    if 1 <= day.toordinal() + days <= date.max.toordinal():
        assert found - day == timedelta(days=days)
    else:
        assert found == (date.max if days > 0 else date.min)


@given(st.integers(1, date.max.toordinal()))
def test_a_day_is_the_one_that_it_is_numbered_by(ordinal: int) -> None:
    assert numbered(ordinal).toordinal() == ordinal


def test_what_lies_beyond_the_calendar_is_said_so() -> None:
    beyond = Days.on(shifted(LAST_DAY, 1))
    assert str(beyond) == "a day after 2199-12-31"
    assert str(Days.on(shifted(FIRST_DAY, -1))) == "a day before 1900-01-01"
    assert str(Days(date(2199, 12, 1), beyond.last)) == "2199-12-01/.."


FAR = priced("Rule 1\nowes rate(mileage.car on leg.departed_on + (36525 days + leg.seats)) from occupant")
NEAR = priced("Rule 1\nowes rate(mileage.car on leg.departed_on - (36525 days + leg.seats)) from occupant")
COMPARED = law("""
    Rule 1
    in force .. 2199-12-30
    when leg.departed_on + (36525 days + leg.seats) > 2199-12-31
    owes 1 from occupant

    Rule 2
    in force 2199-12-31 ..
    owes 2 from occupant

    Rule 3
    in force 1900-01-01 .. 1900-01-01
    prevails over 1
    owes 3 from occupant
""")
EDGES = ["1900-01-01", "1900-01-02", "1900", "2199-12-30", "2199-12-31", "2199", "2199-12-30/2199-12-31", "1900/2199"]


def at_the_edge() -> Facts:
    """Seats on days at both ends of the calendar and on unknown ones, some with counts that no table may bring in."""
    records: list[Record] = []
    for number, (day, seats) in enumerate(product([*EDGES, "unknown"], (1, 400_000, 10**12))):
        values: dict[str, Value] = {"departed_on": read_cell(every_type()["leg"].field("departed_on"), day, "EUR")}
        values["seats"] = Fraction(seats)
        records.append(Record("leg", f"L{number}", values))
        records.append(Record("seat", f"S{number}", {"leg": f"L{number}", "occupant": "P1"}))
    return Facts(records, every_type())


@pytest.mark.parametrize("policy", [FAR, NEAR, COMPARED], ids=["a far rate", "an early rate", "periods"])
def test_bulk_and_the_evaluator_agree_at_the_edge_of_the_calendar(policy: Policy) -> None:
    facts = at_the_edge()
    evaluator = Evaluator((policy,), facts)
    one_by_one = {seat.id: evaluator.decide(policy, seat) for seat in facts.of("seat")}
    assert dict(Decider((policy,), facts).decide(policy)) == one_by_one
    assert len({outcome(each) for each in one_by_one.values()}) > 1


def outcome(result: Result) -> tuple[object, ...]:
    return result.outcome, tuple(owed(result)), tuple(fact.field for fact in result.missing)


def test_a_rate_that_has_no_end_holds_on_every_later_day_and_a_missing_one_is_named() -> None:
    facts = at_the_edge()
    far, near = (Evaluator((each,), facts) for each in (FAR, NEAR))
    # 10^12 days are almost three thousand million years.
    last = next(seat for seat in facts.of("seat") if seat.id == "S2")
    assert [fact.field for fact in near.decide(NEAR, last).missing] == ["mileage.car on a day before 1900-01-01"]
    # The last row of the table has no end.
    assert owed(far.decide(FAR, last)) == [("P1", "0.35")]


def rules(*days: str) -> Iterator[str]:
    for number, day in enumerate(days, 1):
        yield f"Rule {number}\nwhen leg.departed_on {day}\nowes 0"


def test_the_solver_s_calendar_ends_where_that_of_the_records_does() -> None:
    assert gaps("\n\n".join(rules(">= 1900-01-01"))) == []
    assert gaps("\n\n".join(rules("+ 1 days <= 2199-12-31", "= 2199-12-31"))) == []
    assert gaps("\n\n".join(rules("+ 1 days <= 2199-12-31"))) == ["leg.departed_on = 2199-12-31"]
    assert gaps("\n\n".join(rules("- 1 days >= 1900-01-01"))) == ["leg.departed_on = 1900-01-01"]


@settings(max_examples=15)
@given(
    st.integers(0, MOST_DAYS),
    st.dates(date(2199, 12, 1), LAST_DAY) | st.sampled_from([FIRST_DAY, date(2100, 1, 1)]),
    st.sampled_from(["+", "-"]),
)
def test_the_solver_finds_a_day_just_where_counting_finds_one(days: int, bound: date, sign: str) -> None:
    # The rule covers every day of the calendar unless the first or the last of them, shifted, lies beyond the bound.
    furthest = (LAST_DAY.toordinal() + days) if sign == "+" else (FIRST_DAY.toordinal() - days)
    covered = furthest <= bound.toordinal() if sign == "+" else furthest >= bound.toordinal()
    comparison = "<=" if sign == "+" else ">="
    found = gaps(f"Rule 1\nwhen leg.departed_on {sign} {days} days {comparison} {bound}\nowes 0")
    assert (found == []) == covered
    for example in found:
        day = date.fromisoformat(example.removeprefix("leg.departed_on = "))
        moved = day.toordinal() + (days if sign == "+" else -days)
        assert moved > bound.toordinal() if sign == "+" else moved < bound.toordinal()
        assert FIRST_DAY <= day <= LAST_DAY


@pytest.mark.parametrize("policy", [FAR, NEAR, COMPARED], ids=["a far rate", "an early rate", "periods"])
def test_a_table_with_days_beyond_the_calendar_is_decided_as_its_records_are(policy: Policy) -> None:
    days = [date.min, FIRST_DAY, date(2024, 3, 1), LAST_DAY, date(2200, 1, 1), date.max]
    rows = list(product(days, (1, 36_525, 9_999_999)))
    legs = [
        Record("leg", f"L{n}", {"departed_on": Days.on(day), "seats": Fraction(s)}) for n, (day, s) in enumerate(rows)
    ]
    seats = [Record("seat", f"S{n}", {"leg": f"L{n}", "occupant": "P1"}) for n in range(len(rows))]
    facts = Facts([*legs, *seats], every_type())
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE legs (id VARCHAR, departed_on DATE, seats INTEGER)")
        connection.executemany("INSERT INTO legs VALUES (?, ?, ?)", [(f"L{n}", *row) for n, row in enumerate(rows)])
        connection.execute("CREATE TABLE seats AS SELECT 'S' || id[2:] AS id, id AS leg, 'P1' AS occupant FROM legs")
        registers = {
            "seat": Register("seats", "id", {"leg": Column("leg"), "occupant": Column("occupant")}),
            "leg": Register("legs", "id", {"departed_on": Column("departed_on"), "seats": Column("seats")}),
        }
        decided = decide_table(connection, policy, registers, every_type()).rows.fetchall()
    evaluator = Evaluator((policy,), facts)
    expected = {seat.id: evaluator.decide(policy, seat) for seat in facts.of("seat")}
    assert {row[0]: row[1] for row in decided} == {id_: each.outcome.value for id_, each in expected.items()}
    due = {id_: sum(debt.amount.minor for debt in each.debts) for id_, each in expected.items()}
    assert {row[0]: row[3] or 0 for row in decided} == due


def test_half_a_day_later_is_the_same_day_to_the_solver_too() -> None:
    policy = priced("""
        Rule 1
        when rate(mileage.car on leg.departed_on + (0 days + 1 / 2)) > 0
        owes 7 from occupant
    """)
    # The row of the year holds on its last day until midnight; before the year there is none.
    for day, answered in (("2023-12-31", True), ("2022-12-31", False)):
        proof = claimed(policy, f"when leg.departed_on = {day} always owes > 0")
        assert (proof.came_out, proof.of_nothing) == (CameOut.PROVED, not answered)


def test_a_counterexample_with_a_day_beyond_the_calendar_can_be_printed() -> None:
    policy = law("""
        define
        trip.over_on = departed_on + (36525 days + count(leg))

        Rule 1
        when over_on > 2199-12-31 and count(leg) > 0
        owes 0
    """, for_each="trip", on="departed_on")  # fmt: skip
    proof = claimed(policy, "when over_on > 2199-12-31 never owes = 0")
    assert proof.example != ()


# When something was recorded


@pytest.mark.parametrize("time", [NO_END, "0001-01-01", "2199-12-31T23:30:00-01:00", "1900-01-01T00:30:00+01:00"])
def test_nothing_is_recorded_outside_the_calendar(tmp_path: Path, time: str) -> None:
    case = ten_rows(tmp_path / "docket")
    case.write("amendments.csv", f"record,field,value,why,by,recorded_at\nL2,purpose,official,asked,us,{time}\n")
    [aside] = case.bring_in().set_aside
    assert (aside.column, aside.value) == ("recorded_at", time)
    assert aside.expected.startswith("write a year from 1900 to 2199, not ")
    with pytest.raises(ValueError, match="write a year from 1900 to 2199, not"):
        AsOf.read(time)
    case.write("docket.toml", DOCKET.replace('"2024-05-01"', f'"{time}"'))
    with pytest.raises(Refused, match="write a year from 1900 to 2199, not"):
        case.bring_in()


def test_the_last_and_the_first_instant_of_the_calendar_are_in_it() -> None:
    assert Moment.read("2199-12-31T23:59:59Z").in_calendar
    assert Moment.read("1900-01-01").in_calendar


def test_a_time_of_recording_that_was_kept_beyond_the_calendar_ends_no_delay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docket = imported("model-city/complete", tmp_path)
    with Ledger.open(docket / ".custodiet", every_type()) as ledger:
        size = ledger.size
        mistyped = Amendment("leg", "L001", "purpose", "official", "typed before there was a check")
        ledger.append(Entry("a clerk", f"{NO_END}T10:00:00Z", "by hand", mistyped), "mistyped")
        before, after = (view(ledger, "EUR", as_of) for as_of in (AsOf(size), None))
    assert (before.as_of.recorded_on, after.as_of.recorded_on) == (date(2024, 6, 14), None)
    capsys.readouterr()
    for number, as_of in enumerate([["--as-of", str(size)], []]):
        out = tmp_path / str(number)
        assert main(["audit", str(docket), "--out", str(out), "--readers", "public", *as_of]) == 0
    assert f"recorded at {NO_END}T10:00:00Z, which is not in a year from 1900 to 2199" in capsys.readouterr().err
    told = [(tmp_path / number / "results.csv").read_text(encoding="utf-8") for number in "01"]
    assert "T20" in told[0]
    assert re.findall(r"\bT\d+\b", told[1]) == [], "no delay has run"
