"""A table of a database is decided as the evaluator decides its records one by one (DESIGN §5, In bulk)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from custodiet.base.errors import Refused
from custodiet.bulk.decide_table import decide_table
from custodiet.bulk.grouping.grouping import Key, Keyed
from custodiet.bulk.sql.joins import NotInBulk
from custodiet.bulk.sql.syntax import Digit
from custodiet.bulk.sql.tables import Column, Register
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language.ast import Policy
from custodiet.records import Kind, core_types
from custodiet.records.facts import Facts
from tests.meaning import law
from tests.oracle.chance import Chance
from tests.oracle.many_worlds import many_worlds
from tests.oracle.names import names_in
from tests.oracle.strategies import ANYTHING, CATEGORIES, LED_RIDE_WORDS, RIDE_WORDS, policy_of
from tests.oracle.tables import tables_of
from tests.oracle.worlds import WORLD_TYPES

WORDS = replace(RIDE_WORDS, payers=LED_RIDE_WORDS.payers)
WORLDS = 40
CLOSED = (Kind.YES_NO, Kind.LIST)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def told(result: Result) -> tuple[str, str, str]:
    """What the row of a record says of its result, but for the amount."""
    outcome = result.classified or result.outcome.value
    return outcome, ", ".join(each.payer for each in result.debts), ", ".join(result.because or result.unsettled)


def held_against_the_evaluator(policy: Policy, facts: Facts, *, to_a_day: bool = False) -> None:
    """Every row, and every debt, against the evaluator's result; `to_a_day` if no date is a period."""
    with duckdb.connect() as connection:
        tables = tables_of(connection, facts)
        if to_a_day:
            tables = {name: replace(each, columns=_days(each.columns)) for name, each in tables.items()}
        decided = decide_table(connection, policy, tables, WORLD_TYPES)
        rows, debts = decided.rows.fetchall(), Counter(decided.debts.fetchall())
    evaluator = Evaluator((policy,), facts, remember=False)
    results = [evaluator.decide(policy, record) for record in facts.of(policy.for_each)]
    found = {id_: (outcome, payer, rule, due) for id_, outcome, payer, due, rule, _ in rows}
    assert len(found) == len(rows)
    assert found == {each.record: (*told(each), sum(debt.amount.minor for debt in each.debts)) for each in results}
    assert debts == Counter(
        (each.record, debt.payer, debt.liable, debt.amount.minor) for each in results for debt in each.debts
    )
    explanations = {id_: decided.explanations[number].result for id_, *_, number in rows}
    for each in results:
        assert [fact.field for fact in explanations[each.record].missing] == [fact.field for fact in each.missing]
        assert explanations[each.record].displaced == each.displaced


def _days(columns: Mapping[str, Column]) -> Mapping[str, Column]:
    """The columns of a table in which every date has one."""
    return {name: replace(each, last="") for name, each in columns.items()}


@pytest.mark.parametrize(
    "seeds", [pytest.param(range(3), id="briefly"), pytest.param(range(3, 400), id="at length", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("vague", [(), CATEGORIES, ANYTHING], ids=["known", "categories unknown", "anything unknown"])
def test_a_table_is_decided_as_the_evaluator_decides_its_records(vague: Sequence[Kind], seeds: range) -> None:
    # By seed and not by Hypothesis: it would ask for the same few queries, which are slow to plan, again and again.
    for seed in seeds:
        chance = Chance.of(seed)
        policy = policy_of(chance, WORDS, measured=True, most=3)
        held_against_the_evaluator(policy, many_worlds(chance, WORLDS, names_in(policy), vague=vague))


@pytest.mark.parametrize(
    "seeds", [pytest.param(range(4), id="briefly"), pytest.param(range(4, 250), id="at length", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("vague", [(), CLOSED], ids=["known", "yes or no and lists unknown"])
def test_rows_are_decided_alike_that_have_one_key(
    vague: Sequence[Kind], seeds: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no date is a period and no number is unknown, most tables are grouped by the key of their rows."""
    grouped_by_key: list[bool] = []

    def keyed(key: Key, digits: Sequence[Digit]) -> Keyed | None:
        found = in_two_steps(key, digits)
        grouped_by_key.append(found is not None)
        return found

    in_two_steps = Key.keyed
    monkeypatch.setattr(Key, "keyed", keyed)
    for seed in seeds:
        chance = Chance.of(seed)
        policy = policy_of(chance, WORDS, measured=True, most=3)
        facts = many_worlds(chance, WORLDS, names_in(policy), vague=vague)
        held_against_the_evaluator(policy, facts, to_a_day=True)
    assert grouped_by_key.count(True) > len(seeds) / 2


# Small tables, and what is said of each row

SEATS: Mapping[str, Register] = {
    "seat": Register("seats", "id", {
        "leg": Column("leg"), "occupant": Column("occupant"), "role": Column("role"), "on_duty": Column("on_duty"),
    }),
    "leg": Register("legs", "id", {
        "purpose": Column("purpose"), "departed_on": Column("departed_on"), "trip": Column("trip"),
        "full_coach_fare": Column("fare", digits=2), "operating_cost": Column("cost", digits=2),
        "seats": Column("seats"),
    }),
    "trip": Register("trips", "id", {"protectee": Column("protectee"), "answerable": Column("answerable")}),
}  # fmt: skip


@pytest.fixture
def flown(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Two legs of one trip and four seats: of one nobody recorded who sat there, of one on which leg it was."""
    connection.execute("""
        CREATE TABLE trips AS SELECT * FROM (VALUES (7, 'P1', 'P9')) t(id, protectee, answerable);
        CREATE TABLE legs AS SELECT * FROM (VALUES
            (1, 7, 'personal', DATE '2023-05-02', 41200, 600000, 20),
            (2, 7, 'official', DATE '2023-05-03', 30000, 500000, 30)
        ) t(id, trip, purpose, departed_on, fare, cost, seats);
        CREATE TABLE seats AS SELECT * FROM (VALUES
            ('S1', 1, 'P1', 'protectee', false), ('S2', 1, NULL, 'guest', false),
            ('S3', 2, 'P3', 'guest', true), ('S4', NULL, 'P4', 'guest', false)
        ) t(id, leg, occupant, role, on_duty);
    """)
    return connection


def rows_of(connection: duckdb.DuckDBPyConnection, policy: Policy, registers: Mapping[str, Register]) -> list[Any]:
    """The rows of all seats, but for the number of the explanation."""
    decided = decide_table(connection, policy, registers, core_types())
    return [row[:5] for row in sorted(decided.rows.fetchall())]


def test_what_a_referred_record_says_is_read_back_too(flown: duckdb.DuckDBPyConnection) -> None:
    policy = law("""
        Rule 1
        when leg.purpose = 'personal'
        owes leg.full_coach_fare from occupant

        Rule 2
        when leg.purpose != 'personal'
        owes 0
    """)
    assert rows_of(flown, policy, SEATS) == [
        ("S1", "owes", "P1", 41200, "1"),
        ("S2", "owes", "unknown (occupant)", 41200, "1"),
        ("S3", "nothing due", "", 0, "2"),
        ("S4", "undetermined", "", 0, "1, 2"),
    ]


def test_each_row_names_its_own_payer_who_is_liable_and_what_each_owes(flown: duckdb.DuckDBPyConnection) -> None:
    policy = law("""
        Rule 1
        owes 5 from 'city', 412 from occupant else leg.trip.answerable
    """)
    decided = decide_table(flown, policy, SEATS, core_types())
    assert [row[:5] for row in sorted(decided.rows.fetchall())] == [
        ("S1", "owes", "city, P1", 41700, "1"),
        ("S2", "owes", "city, unknown (occupant)", 41700, "1"),
        ("S3", "owes", "city, P3", 41700, "1"),
        ("S4", "owes", "city, P4", 41700, "1"),
    ]
    assert sorted(decided.debts.fetchall()) == [
        ("S1", "P1", "P9", 41200),
        ("S1", "city", "", 500),
        ("S2", "city", "", 500),
        ("S2", "unknown (occupant)", "P9", 41200),
        ("S3", "P3", "P9", 41200),
        ("S3", "city", "", 500),
        ("S4", "P4", "unknown (leg.trip.answerable)", 41200),
        ("S4", "city", "", 500),
    ]


FARE = law("""
    Rule 1
    owes leg.full_coach_fare from 'city'
""")


def test_two_tables_decided_one_after_the_other_are_both_read_afterwards(flown: duckdb.DuckDBPyConnection) -> None:
    first = decide_table(flown, FARE, SEATS, core_types())
    flat = law("""
        Rule 3
        owes 7 from 'committee'
    """)
    second = decide_table(flown, flat, SEATS, core_types())
    assert min(first.rows.fetchall())[:5] == ("S1", "owes", "city", 41200, "1")
    assert min(second.rows.fetchall())[:5] == ("S1", "owes", "committee", 700, "3")


def test_a_table_without_rows_is_decided(flown: duckdb.DuckDBPyConnection) -> None:
    flown.execute("DELETE FROM seats")
    decided = decide_table(flown, FARE, SEATS, core_types())
    assert decided.rows.fetchall() == decided.debts.fetchall() == []
    assert decided.explanations == ()


def test_a_question_about_a_set_is_decided_record_by_record(flown: duckdb.DuckDBPyConnection) -> None:
    policy = law("""
        Rule 1
        when any(leg.seat where role = 'protectee')
        owes 0
    """)
    with pytest.raises(NotInBulk, match="it asks about every seat of a leg"):
        decide_table(flown, policy, SEATS, core_types())


def test_a_named_number_of_a_record_that_may_not_be_known_is_decided_record_by_record(
    flown: duckdb.DuckDBPyConnection,
) -> None:
    policy = law("""
        define
        leg.share = operating_cost / seats

        Rule 1
        owes leg.share from 'city'
    """)
    decided = {row[0]: row[1:] for row in rows_of(flown, policy, SEATS)}
    assert decided["S1"] == ("owes", "city", 30000, "1")
    assert {decided[id_] for (id_,) in flown.execute("SELECT id FROM seats WHERE leg IS NULL").fetchall()} == {
        ("undetermined", "", 0, "")
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("INSERT INTO seats VALUES ('S5', 3, 'P1', 'guest', false)", "leg names 3, and no row of legs is called so"),
        ("INSERT INTO legs SELECT * FROM legs", "legs: two rows have the same id, 1"),
        ("INSERT INTO seats SELECT * FROM seats WHERE id = 'S1'", "seats: two rows have the same id, S1"),
        ("INSERT INTO seats VALUES (NULL, 1, 'P1', 'guest', false)", "seats: id is never blank, and in 1 rows it is"),
        ("ALTER TABLE legs ALTER fare TYPE DECIMAL(9, 2)", "a column of numbers holds whole numbers, scaled"),
    ],
    ids=["a reference to nobody", "a key twice, above", "a key twice", "a row without a key", "no whole numbers"],
)
def test_a_table_that_breaks_what_is_said_of_all_tables_is_refused(
    flown: duckdb.DuckDBPyConnection, change: str, said: str
) -> None:
    flown.execute(change)
    with pytest.raises(Refused, match=said):
        decide_table(flown, FARE, SEATS, core_types())


@pytest.mark.parametrize("none", ["", "is_none"])
def test_a_column_said_to_be_always_known_that_is_not_is_refused(flown: duckdb.DuckDBPyConnection, none: str) -> None:
    flown.execute("ALTER TABLE seats ADD COLUMN is_none BOOLEAN DEFAULT false")
    seats = SEATS["seat"]
    known = replace(seats, columns={**seats.columns, "occupant": Column("occupant", may_be_unknown=False, none=none)})
    with pytest.raises(Refused, match="occupant is said to be always known, and in 1 rows it is not"):
        decide_table(flown, FARE, {**SEATS, "seat": known}, core_types())


def test_an_amount_beyond_a_bigint_is_counted_exactly(flown: duckdb.DuckDBPyConnection) -> None:
    flown.execute(
        "ALTER TABLE legs ALTER cost TYPE BIGINT; UPDATE legs SET cost = 9223372036854775807, seats = 999999999"
    )
    policy = law("""
        Rule 1
        owes leg.operating_cost * leg.seats from 'city'
    """)
    flown.execute("DELETE FROM seats WHERE leg IS NULL")
    assert rows_of(flown, policy, SEATS)[0] == ("S1", "owes", "city", 9223372036854775807 * 999999999, "1")


def test_an_amount_that_no_query_can_count_is_refused_by_the_name_of_its_policy(
    flown: duckdb.DuckDBPyConnection,
) -> None:
    flown.execute(
        "ALTER TABLE legs ALTER cost TYPE BIGINT; UPDATE legs SET cost = 9223372036854775807, seats = 999999999"
    )
    policy = law("""
        Rule 1
        owes leg.operating_cost * leg.seats * leg.seats * leg.seats from 'city'
    """)
    with pytest.raises(Refused, match="small/law: a number has more digits than a database counts exactly"):
        decide_table(flown, policy, SEATS, core_types())
