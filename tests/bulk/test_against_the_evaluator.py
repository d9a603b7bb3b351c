"""Deciding in bulk gives the same results as the evaluator, record by record (DESIGN §5, In bulk).

A query takes longer to plan than a small world takes to decide: so each policy is asked about many worlds side by side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from custodiet.bulk.decide_facts import Decider
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.language.ast import Policy
from custodiet.records import Kind
from custodiet.records.facts import Facts
from tests.meaning import law, world
from tests.oracle.chance import Chance, cases
from tests.oracle.days import DAY_WORDS
from tests.oracle.deep_words import JUDGMENTS, deep, deep_ride_words, giving
from tests.oracle.many_worlds import many_worlds
from tests.oracle.names import names_in
from tests.oracle.strategies import (
    ANYTHING,
    CATEGORIES,
    LED_RIDE_WORDS,
    RIDE_WORDS,
    TOUR_WORDS,
    Words,
    policy_of,
)

SEEDS = 2**32


@dataclass(frozen=True)
class Length:
    """How many policies are drawn for a test, and about how many worlds each is asked."""

    policies: int
    worlds: int


BRIEFLY, AT_LENGTH = Length(4, 60), Length(250, 60)
lengths = pytest.mark.parametrize(
    "length", [pytest.param(BRIEFLY, id="briefly"), pytest.param(AT_LENGTH, id="at length", marks=pytest.mark.slow)]
)
of_all_words = pytest.mark.parametrize(
    "words", [RIDE_WORDS, LED_RIDE_WORDS, TOUR_WORDS], ids=["ride", "led ride", "tour"]
)

Draw = Callable[[Chance], tuple[Sequence[Policy], Facts]]


def same_for_all(draw: Draw, length: Length) -> None:
    """Hold every result against the evaluator's: always the same cases, so that a failure can be seen again."""

    def holds(case: tuple[Sequence[Policy], Facts]) -> None:
        policies, facts = case
        evaluator, decider = Evaluator(policies, facts, remember=False), Decider(policies, facts)
        for policy in policies:
            records = facts.of(policy.for_each)
            in_bulk = decider.decide(policy)
            assert len(in_bulk) == len(records)
            for record in records:
                assert in_bulk[record.id] == evaluator.decide(policy, record)

    unhurried = settings(
        max_examples=length.policies,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    unhurried(given(cases(draw))(holds))()


def asked_alone(words: Words, length: Length, vague: Sequence[Kind] = ()) -> Draw:
    """One policy, and worlds in which every register is vouched complete."""

    def draw(chance: Chance) -> tuple[Sequence[Policy], Facts]:
        policy = policy_of(chance, words, measured=True, counted=True)
        worlds = Chance.of(chance.below(SEEDS))
        return (policy,), many_worlds(worlds, length.worlds, names_in(policy), vague=vague)

    return draw


@lengths
@of_all_words
def test_where_everything_is_known(words: Words, length: Length) -> None:
    same_for_all(asked_alone(words, length), length)


@lengths
@of_all_words
def test_where_answers_to_closed_questions_are_unknown(words: Words, length: Length) -> None:
    same_for_all(asked_alone(words, length, CATEGORIES), length)


@lengths
@of_all_words
def test_where_anything_is_unknown_none_or_a_period(words: Words, length: Length) -> None:
    same_for_all(asked_alone(words, length, ANYTHING), length)


@lengths
@pytest.mark.parametrize(
    "words",
    [RIDE_WORDS, LED_RIDE_WORDS, TOUR_WORDS, *DAY_WORDS],
    ids=["ride", "led ride", "tour", "ride among those of a day", "tour with rides of some days"],
)
def test_where_registers_are_not_vouched_and_a_ride_may_be_part_of_any_tour(words: Words, length: Length) -> None:
    # Few worlds: a ride whose tour is unknown may be part of a tour of each.
    few = replace(length, worlds=4)

    def draw(chance: Chance) -> tuple[Sequence[Policy], Facts]:
        policy = policy_of(chance, words, measured=True, counted=True)
        worlds = Chance.of(chance.below(SEEDS))
        return (policy,), many_worlds(worlds, few.worlds, names_in(policy), vague=ANYTHING, sure_members=False)

    same_for_all(draw, few)


@lengths
@pytest.mark.parametrize(
    "vague", [(), (Kind.YES_NO,), ANYTHING], ids=["known", "yes or no unknown", "anything unknown"]
)
def test_what_is_defined_judged_rated_or_given_by_another_policy(vague: Sequence[Kind], length: Length) -> None:
    few = replace(length, worlds=length.worlds // 6)

    def draw(chance: Chance) -> tuple[Sequence[Policy], Facts]:
        given_by = giving(chance)
        policy = deep(policy_of(chance, deep_ride_words(given_by), measured=True, counted=True, most=3))
        about = names_in(given_by) | names_in(policy)
        worlds = Chance.of(chance.below(SEEDS))
        return (given_by, policy), many_worlds(worlds, few.worlds, about, vague=vague, judgments=JUDGMENTS)

    same_for_all(draw, few)


SOME_DAYS = """
define
day.rally = any(event where sort = 'campaign')
trip.rallies = count(day where rally)

Rule 1
when count(day) > 4 and any(day where date > 2023-05-03)
permits

Rule 2
when rallies > 1 or all(day where kind = 'office')
forbids
"""
KIND_OF_DAY = """
Rule 1
when any(event where sort = 'official')
is 'office'

Rule 2
when not any(event where sort = 'official')
is 'other'
"""
ENDS = ("2023-05-01", "2023-04-30/2023-05-02", "2023-05-03", "2023-05-02/2023-05-05", "2023-05", "unknown")


def test_of_trips_whose_ends_are_known_to_a_day_to_a_period_or_not_at_all() -> None:
    """Every pair of ends, those that run backwards too; with a rally on some days, and with the office on others."""
    ends = [(first, last) for first in ENDS for last in ENDS]
    trips = [f"trip T{n}: departed_on = {first}, returned_on = {last}" for n, (first, last) in enumerate(ends)]
    events = [
        f"event {sort}{n}: trip = T{n}, sort = {sort}, starts_on = {first}, ends_on = {last}"
        for n in range(len(ends))
        for sort, first, last in (("campaign", "2023-05-02", "2023-05-04"), ("official", "2023-05-01", "2023-05-03"))
        if n % 3
    ]
    given_by = law(KIND_OF_DAY, policy="city/kind", for_each="day", on="date", gives="day.kind")
    asking = law(SOME_DAYS, given_by, policy="city/trip", for_each="trip", on="departed_on")
    for vouched in ((), ("event",)):
        facts = world("\n".join([*trips, *events]), *vouched)
        evaluator, in_bulk = Evaluator((given_by, asking), facts, remember=False), Decider((given_by, asking), facts)
        for policy in (given_by, asking):
            one_by_one = {record.id: evaluator.decide(policy, record) for record in facts.of(policy.for_each)}
            assert dict(in_bulk.decide(policy)) == one_by_one
            assert one_by_one
        assert in_bulk.singly == {}


RULES_ON_PAYERS = """
Rule 1
when role in ('guest', 'press', 'crew')
owes 10 from occupant

Rule 2
when role in ('guest', 'crew')
owes 10 from leg.asked_by else leg.trip.answerable

Rule 3
when role in ('press', 'crew', 'relative')
owes leg.full_coach_fare from leg.trip.protectee

Rule 4
when role = 'relative'
owes 10 from occupant, rest of leg.full_coach_fare from leg.asked_by
"""


def test_of_payers_who_are_known_or_not_or_nobody_or_one_another() -> None:
    """Every role with every payer known, unknown or none, and a leg or a trip nobody recorded."""
    policy = law(RULES_ON_PAYERS)
    legs = [
        f"leg L{asked}{fare}{trip}: asked_by = {asked}, full_coach_fare = {fare}, trip = {trip}, departed_on = 2023-05"
        for asked in ("P1", "P2", "none", "unknown") for fare in ("10", "unknown") for trip in ("T1", "T2", "unknown")
    ]  # fmt: skip
    seats = [
        f"seat {role}{person}{place}: role = {role}, occupant = {person}, leg = {leg.split()[1].rstrip(':')}"
        for place, leg in enumerate(legs) for role in ("guest", "press", "crew", "relative")
        for person in ("P1", "P2", "unknown")
    ]  # fmt: skip
    nowhere = "seat lost: role = crew, occupant = unknown\ntrip T1: protectee = P1, answerable = unknown\n"
    facts = world("\n".join([nowhere, "trip T2: answerable = P2", *legs, *seats]))
    evaluator, in_bulk = Evaluator((policy,), facts, remember=False), Decider((policy,), facts)
    one_by_one = {record.id: evaluator.decide(policy, record) for record in facts.of("seat")}

    assert dict(in_bulk.decide(policy)) == one_by_one
    assert in_bulk.singly == {}
    missing = {fact.field for result in one_by_one.values() for fact in result.missing}
    assert {"occupant", "asked_by", "trip", "protectee", "full_coach_fare"} <= missing
