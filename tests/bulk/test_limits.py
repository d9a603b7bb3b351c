"""What bulk cannot count exactly is refused or decided one by one, and what a policy or a record says is no query."""

from dataclasses import replace
from fractions import Fraction

import duckdb
import pytest
from sqlglot import exp

from custodiet.base.dates import ANY_DAY
from custodiet.base.errors import Refused
from custodiet.base.money import Money, Rounding
from custodiet.bulk.decide_facts import Decider
from custodiet.bulk.decide_table import decide_table
from custodiet.bulk.sql.syntax import MOST, column, written
from custodiet.bulk.sql.tables import Column, Register
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.language.ast import And, Arithmetic, Expression, Not, Over, Payer, Policy, Rule, Share, Version
from custodiet.records import Field, Kind, RecordType, Sensitivity, Types, Value
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from tests.oracle.strategies import CITY, amount, is_, path
from tests.oracle.worlds import DESK, WORLD_TYPES


def asks(when: Expression | None, owes: Expression, payer: Payer = CITY, rule: str = "1") -> Policy:
    """A policy of one rule about rides."""
    box = Version(rule, "Model Code", ANY_DAY, (), (), when, (Share(owes, payer),), None, None)
    return Policy(
        name="small/fares", question="What does a ride cost?", for_each="ride", on=path("taken_on"),
        jurisdiction="nowhere", currency="EUR", rounding=Rounding.HALF_UP, step=1, gives=None, restated=True,
        rules=(Rule(rule, "A rule", "Text.", (box,)),), definitions=(), examples=(), title="Fares",
    )  # fmt: skip


FARES = {
    "ride": Register(
        "rides",
        "id",
        {
            "taken_on": Column("taken", may_be_unknown=False),
            "fare": Column("fare", may_be_unknown=False, digits=2),
            "seats": Column("seats", may_be_unknown=False),
        },
    )
}


def fares(connection: duckdb.DuckDBPyConnection, *rides: tuple[str | None, int | None, int]) -> None:
    """A table of rides on one day: id, fare in cents, seats."""
    connection.execute("CREATE TABLE rides (id VARCHAR, fare DECIMAL(38, 0), seats DECIMAL(38, 0), taken DATE)")
    connection.executemany("INSERT INTO rides VALUES (?, ?, ?, DATE '2020-05-05')", rides)


# Exact money

FARE_TIMES_SEATS = Arithmetic("*", path("fare"), path("seats"))
A_SEVENTH = Arithmetic("/", FARE_TIMES_SEATS, amount("7"))


@pytest.mark.parametrize(
    ("owes", "fare", "seats", "cents"),
    [
        (FARE_TIMES_SEATS, MOST, 1, MOST),
        (FARE_TIMES_SEATS, MOST // 7, 7, MOST // 7 * 7),
        (FARE_TIMES_SEATS, 3_037_000_499, 3_037_000_499, 3_037_000_499**2),
        # Seven times the largest amount fits no BIGINT; its seventh does, half a cent goes up.
        (A_SEVENTH, MOST - 3, 7, MOST - 3),
        (A_SEVENTH, 10**18, 64, (2 * 64 * 10**18 + 7) // 14),
    ],
)
def test_just_below_the_largest_amount_every_cent_is_right(owes: Expression, fare: int, seats: int, cents: int) -> None:
    with duckdb.connect() as connection:
        fares(connection, ("R1", fare, seats))
        ((_, outcome, _, due, _, _),) = decide_table(connection, asks(None, owes), FARES, WORLD_TYPES).rows.fetchall()
    assert (outcome, due) == ("owes", cents)
    decider, facts = of_facts(asks(None, owes), fare, seats)
    result = decider.decide(asks(None, owes))["R1"]
    assert [debt.amount for debt in result.debts] == [Money(cents, "EUR")]
    assert decider.singly == {}
    assert facts.of("ride")


def of_facts(policy: Policy, fare: int, seats: int) -> tuple[Decider, Facts]:
    """A ride with that fare in cents and so many seats, to be decided in bulk."""
    values: dict[str, Value] = {
        "fare": Money(fare, "EUR"),
        "seats": Fraction(seats),
        "taken_on": ANY_DAY,
    }
    facts = Facts([Record("ride", "R1", values)], types=WORLD_TYPES)
    return Decider((policy,), facts), facts


@pytest.mark.parametrize(
    ("fare", "seats", "named"),
    [(10**20, 10**20, str(10**20)), (-(10**20), 10**19, str(-(10**20)))],
)
def test_a_table_whose_amounts_are_too_large_is_refused_with_the_number(fare: int, seats: int, named: str) -> None:
    with duckdb.connect() as connection:
        fares(connection, ("R1", 100, 1), ("R2", fare, seats))
        with pytest.raises(Refused, match="small/fares: a number has more digits") as refused:
            decide_table(connection, asks(None, FARE_TIMES_SEATS), FARES, WORLD_TYPES)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("fare", "seats", "why"),
    [
        (10**20, 10**20, "a number has more digits than a query can hold"),
        (10**38, 1, "fare has more digits than a query can hold"),
        (2**127, 1, "fare has more digits than a query can hold"),
        (10**40, 3, "fare has more digits than a query can hold"),
    ],
)
def test_facts_too_large_for_a_query_are_decided_one_by_one_to_the_cent(fare: int, seats: int, why: str) -> None:
    policy = asks(None, FARE_TIMES_SEATS)
    decider, facts = of_facts(policy, fare, seats)
    assert [debt.amount for debt in decider.decide(policy)["R1"].debts] == [Money(fare * seats, "EUR")]
    assert why in decider.singly["small/fares"]
    assert decider.decide(policy)["R1"] == Evaluator((policy,), facts, remember=False).decide(
        policy, facts.find("ride", "R1")
    )


def test_a_sum_over_a_set_is_never_counted_wrong() -> None:
    policy = asks(None, Over("sum", path("tour.ride.fare"), None))
    big = 6 * 10**37
    rides = [Record("ride", f"R{number}", {"tour": "T1", "fare": Money(big, "EUR")}) for number in (1, 2)]
    facts = Facts(rides, types=WORLD_TYPES)
    decider = Decider((policy,), facts)
    result = decider.decide(policy)["R1"]
    assert result == Evaluator((policy,), facts, remember=False).decide(policy, rides[0])
    assert result.outcome is Outcome.UNDETERMINED
    assert result.between is not None
    assert result.between.low == Money(2 * big, "EUR")


# Policies are data

HOSTILE = (
    "'; DROP TABLE notes; --",
    'a " quote',
    "/* so */ -- it ends",
    "one\nline\r\nand another",
    "''",
    "\\",
    "{}:;",
)

NOTE = RecordType(
    "note", "Words that somebody wrote.", DESK,
    (
        Field("words", Kind.TEXT, "What it says.", DESK, Sensitivity.PUBLIC),
        Field("sort", Kind.LIST, "Of what sort.", DESK, Sensitivity.PUBLIC, values=HOSTILE),
        Field("fee", Kind.MONEY, "What it cost.", DESK, Sensitivity.PUBLIC),
        Field("written_on", Kind.DATE, "The day.", DESK, Sensitivity.PUBLIC),
        Field("below", Kind.REFERENCE, "What it answers.", DESK, Sensitivity.PUBLIC, refers_to="note", back="answer"),
    ),
    dated_by=("written_on",),
)  # fmt: skip
NOTES: Types = {"note": NOTE}


def noted(words: str) -> Policy:
    """A policy about notes with hostile words wherever a policy may hold words."""
    when = And((is_("words", words), is_("sort", words)))
    policy = asks(when, path("fee"), Payer(None, words), rule=words)
    return replace(policy, for_each="note", on=path("written_on"), name=words)


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_a_policy_says_is_compared_or_shown_and_nothing_else(words: str) -> None:
    columns = {"words": Column("words"), "sort": Column("sort"), "fee": Column("fee", digits=2)}
    register = Register("notes", "id", {**columns, "written_on": Column("written")})
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE notes (id VARCHAR, words VARCHAR, sort VARCHAR, fee BIGINT, written DATE)")
        connection.execute("INSERT INTO notes VALUES ('N1', $1, $1, 100, '2020-05-05')", [words])
        connection.execute("INSERT INTO notes VALUES ('N2', $1 || 'x', $1, 100, '2020-05-05')", [words])
        rows = decide_table(connection, noted(words), {"note": register}, NOTES).rows.order("id").fetchall()
        assert [row[:5] for row in rows] == [("N1", "owes", words, 100, words), ("N2", "no rule", "", 0, "")]
        assert connection.execute("SELECT count(*) FROM notes").fetchall() == [(2,)]


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_facts_say_is_compared_or_shown_and_nothing_else(words: str) -> None:
    box = noted(words).versions[0]
    answered = Over("any", path("below.answer"), Not(is_("sort", words)))
    policy = replace(noted(words), rules=(Rule(words, "A rule", "Text.", (replace(box, when=answered),)),))
    notes = [
        Record("note", f"{words}{number}", {"below": f"{words}1", "sort": words, "fee": Money(number, "EUR")})
        for number in (1, 2)
    ]
    facts = Facts([*notes, Record("note", f"{words}3", {"below": f"{words}1"})], types=NOTES)
    evaluator, decider = Evaluator((policy,), facts, remember=False), Decider((policy,), facts)
    assert decider.decide(policy) == {each.id: evaluator.decide(policy, each) for each in facts.of("note")}
    assert decider.singly == {}


def test_a_query_holds_nothing_that_is_not_on_the_list() -> None:
    allowed = exp.Select().from_("rides").select(column("id", "rides"))
    assert written(allowed) == 'SELECT "rides"."id" FROM rides'
    for node in (
        exp.Anonymous(this="read_text", expressions=[exp.Literal.string("secret")]),
        exp.Drop(this=exp.to_table("rides"), kind="TABLE"),
        exp.Command(this="COPY", expression="rides TO 'elsewhere'"),
        exp.Cast(this=exp.Literal.number(1), to=exp.DataType.build("INT"), format=exp.Command(this="SET")),
    ):
        with pytest.raises(TypeError):
            written(exp.Select().select(node) if not isinstance(node, exp.Drop | exp.Command) else node)
