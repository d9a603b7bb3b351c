"""Rates in bulk: a dated table is joined, and what is open about a rate is told as the evaluator tells it."""

from collections.abc import Iterable, Sequence

import duckdb
import pytest

from custodiet.bulk.decide_facts import Decider
from custodiet.bulk.decide_table import decide_table
from custodiet.bulk.sql.tables import Column, Register
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language.ast import Policy
from custodiet.records import read_cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from tests.house import every_type
from tests.meaning import owed, world
from tests.policy.evaluation.test_meaning_rates import FARE_SHARE, MEALS, SHARE, priced

BY_ROLE = priced("Rule 1\nowes rate(by_role.charge for role on leg.departed_on) from occupant")
BY_PURPOSE = priced("""
    Rule 1
    when leg.purpose is not none
    owes rate(by_purpose.charge for leg.purpose on leg.departed_on) * leg.seats from occupant
""")
BY_DAY = priced("Rule 1\nowes rate(mileage.car on leg.departed_on) * leg.seats / 3 from occupant")
PATCHY = priced(f"Rule 1\nowes leg.operating_cost * {FARE_SHARE.replace('fare_share', 'patchy')} from occupant")
MEALS_OF_ALL = "rate(per_diem.meals for leg.trip.destination on leg.departed_on) * leg.seats"
WORKED_OUT = priced(f"""
    Rule 1
    when leg.trip is not none
    owes leg.full_coach_fare * {FARE_SHARE.replace("leg.full_coach_fare", MEALS_OF_ALL)} from occupant
""")
CONDITIONS = priced(f"""
    Rule 1
    when {FARE_SHARE} < 0.5 or role = 'guest'
    owes leg.full_coach_fare from occupant

    Rule 2
    prevails over 1
    in force 2023-05-01 ..
    when role = 'protectee' and leg.operating_cost * {FARE_SHARE} >= 600
    owes 0
""")


def seats(**varied: Iterable[str]) -> Facts:
    """A seat for every value of every field named `seat_…`, `leg_…` or `trip_…`, all else as it is usual."""
    usual = {
        "seat": {"leg": "L{0}", "occupant": "P1", "role": "guest", "on_duty": "no"},
        "leg": {
            "trip": "T{0}", "departed_on": "2023-05-02", "full_coach_fare": "412", "operating_cost": "6000",
            "seats": "20", "purpose": "personal", "certified_on": "none", "home_to_work": "no",
        },
        "trip": {"destination": "Lakeside"},
    }  # fmt: skip
    lines, number = [], 0
    for name, values in varied.items():
        for value in values:
            for type_name, fields in usual.items():
                cells = {key: cell.format(number) for key, cell in fields.items()}
                own, _, field = name.partition("_")
                if own == type_name:
                    cells[field] = value
                told = ", ".join(f"{key} = {cell}" for key, cell in cells.items() if cell != "unknown")
                lines.append(f"{type_name} {type_name[0].upper()}{number}: {told}")
            number += 1
    return world("\n".join(lines))


FARES = ["0", "99.99", "100", "100.01", "499.99", "500", "12345.67", "unknown"]
DAYS = ["2022-12-31", "2023-01-01", "2023-06-30", "2023-07-01", "2023-02/2023-05", "2023-06/2023-07", "2022", "unknown"]
PLACES = ["Lakeside", "Harbour", "Olbia", "unknown"]
ALL = seats(
    leg_full_coach_fare=FARES,
    leg_departed_on=DAYS,
    trip_destination=PLACES,
    leg_trip=["none", "unknown"],
    leg_seats=["1", "2", "19", "unknown"],
    leg_operating_cost=["100", "unknown"],
    seat_role=["protectee", "detail", "press", "unknown"],
    leg_purpose=["campaign", "official", "unknown"],
    seat_leg=["unknown"],
)


@pytest.mark.parametrize(
    "policy", [MEALS, SHARE, BY_ROLE, BY_PURPOSE, BY_DAY, PATCHY, WORKED_OUT, CONDITIONS],
    ids=["meals", "share", "by role", "by purpose", "by day", "patchy", "worked out", "conditions"],
)  # fmt: skip
def test_every_key_and_day_known_or_not_comes_out_as_the_evaluator_says(policy: Policy) -> None:
    together, evaluator = Decider((policy,), ALL), Evaluator((policy,), ALL, remember=False)
    in_bulk = together.decide(policy)
    assert together.singly == {}
    assert dict(in_bulk) == {seat.id: evaluator.decide(policy, seat) for seat in ALL.of("seat")}


def test_the_rate_of_the_day_is_owed_to_the_cent() -> None:
    days = seats(leg_departed_on=["2023-06-30", "2023-07-01", "2022-12-31"])
    first, second, before = (result for _, result in sorted(Decider((MEALS,), days).decide(MEALS).items()))
    assert (owed(first), owed(second)) == ([("P1", "30.00")], [("P1", "33.00")])
    assert [fact.field for fact in before.missing] == ["per_diem.meals for Lakeside on 2022-12-31"]


def test_the_citation_of_each_record_s_own_row_is_told() -> None:
    places = seats(trip_destination=["Lakeside", "Harbour"])
    results = Decider((MEALS,), places).decide(MEALS)
    assert [debt.worked for seat in sorted(results) for debt in results[seat].debts] == [
        "per_diem.meals for Lakeside 30 [Annex 1, first half]",
        "per_diem.meals for Harbour 40 [Annex 1]",
    ]


def test_a_rate_is_looked_up_for_every_day_of_a_trip() -> None:
    policy = priced(
        """
        define
        day.allowance = rate(per_diem.meals for trip.destination on date)
        trip.allowances = sum(day.allowance)

        Rule 1
        owes allowances from protectee
        """,
        for_each="trip",
        on="departed_on",
    )
    known = world("""
        trip T1: protectee = P1, destination = Lakeside, departed_on = 2023-06-29, returned_on = 2023-07-01
        trip T2: protectee = P1, destination = Harbour, departed_on = 2023-06-29, returned_on = 2023-07-01
        trip T3: protectee = P1, destination = Harbour, departed_on = 2022-12-31, returned_on = 2023-01-01
        trip T4: protectee = P1, destination = Harbour, departed_on = 2023-06-29
        trip T5: protectee = P1, departed_on = 2023-06-29, returned_on = 2023-07-01
    """)
    together, evaluator = Decider((policy,), known), Evaluator((policy,), known, remember=False)
    results = together.decide(policy)
    assert together.singly == {}
    assert dict(results) == {trip.id: evaluator.decide(policy, trip) for trip in known.of("trip")}
    # 29 and 30 June at 30 and 1 July at 33; three days at 40.
    assert (owed(results["T1"]), owed(results["T2"])) == ([("P1", "93.00")], [("P1", "120.00")])


def test_what_is_looked_up_by_the_id_of_a_record_is_decided_record_by_record() -> None:
    policy = priced("Rule 1\nowes rate(per_diem.meals for occupant on leg.departed_on) from occupant")
    known = seats(seat_occupant=["Harbour", "P1"])
    together, evaluator = Decider((policy,), known), Evaluator((policy,), known, remember=False)
    results = together.decide(policy)
    assert together.singly == {policy.name: "per_diem is looked up by the id of a record"}
    assert dict(results) == {seat.id: evaluator.decide(policy, seat) for seat in known.of("seat")}
    assert owed(results["S0"]) == [("Harbour", "40.00")]


# A table of a database

OVERPAID = priced(
    """
    Rule 1
    owes max(paid - rate(per_diem.meals for place on date), 0) from 'the traveller'

    Rule 2
    exception to 1
    in force 2023-07-01 ..
    when lodging
    owes max(paid - 2 * rate(per_diem.meals for place on date), 0) from 'the traveller'
    """,
    for_each="travel_day",
    on="date",
)
ROWS: Sequence[tuple[str, str | None, str | None, str, bool | None]] = [
    ("D1", "Lakeside", "2023-06-30", "35.01", False),
    ("D2", "Lakeside", "2023-07-01", "35.01", False),
    ("D3", "Lakeside", "2023-07-01", "70.00", True),
    ("D4", "Harbour", "2023-07-01", "100.00", None),
    ("D5", "Olbia", "2023-07-01", "100.00", False),
    ("D6", "Lakeside", "2022-12-31", "100.00", False),
    ("D7", None, "2023-07-01", "100.00", False),
    ("D8", "Harbour", None, "100.00", False),
    ("D9", "Olbia", "2023-07-01", "0.00", False),
]
EXPECTED = {
    "D1": ("owes", 501, "1"),
    "D2": ("owes", 201, "1"),
    "D3": ("owes", 400, "2"),
    "D4": ("undetermined", 0, "2"),
    "D5": ("undetermined", 0, ""),
    "D6": ("undetermined", 0, ""),
    "D7": ("undetermined", 0, ""),
    "D8": ("undetermined", 0, ""),
    # Whatever the rate, 0 less a rate is nothing.
    "D9": ("nothing due", 0, "1"),
}


def test_a_table_is_decided_by_rates_and_a_day_without_one_stands_alone() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE days (id VARCHAR, place VARCHAR, day DATE, cents BIGINT, lodging BOOLEAN)")
        cents = [(id_, place, day, int(paid.replace(".", "")), lodging) for id_, place, day, paid, lodging in ROWS]
        connection.executemany("INSERT INTO days VALUES (?, ?, ?, ?, ?)", cents)
        columns = {
            "place": Column("place"), "date": Column("day"), "lodging": Column("lodging"),
            "paid": Column("cents", may_be_unknown=False, digits=2),
        }  # fmt: skip
        register = Register("days", "id", columns)
        decided = decide_table(connection, OVERPAID, {"travel_day": register}, every_type())
        found = decided.rows.fetchall()
    said = {id_: (outcome, due, rule) for id_, outcome, _, due, rule, _ in found}
    assert len(found) == len(ROWS)
    assert said == EXPECTED
    assert {id_: one_by_one(id_).outcome.value for id_ in said} == {id_: each[0] for id_, each in EXPECTED.items()}


def one_by_one(id_: str) -> Result:
    """What the evaluator says of a row."""
    [(_, place, day, paid, lodging)] = [row for row in ROWS if row[0] == id_]
    told = {"place": place, "date": day, "paid": paid, "lodging": {True: "yes", False: "no", None: None}[lodging]}
    fields = {field: every_type()["travel_day"].field(field) for field in told}
    values = {name: read_cell(fields[name], cell, "EUR") for name, cell in told.items() if cell is not None}
    record = Record("travel_day", id_, values)
    return Evaluator((OVERPAID,), Facts([record], every_type()), remember=False).decide(OVERPAID, record)
