"""Deciding in bulk gives the same results as the evaluator, record by record (DESIGN §5, In bulk)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from custodiet.policy.ast import Policy
from custodiet.policy.bulk.facts import Decider
from custodiet.policy.evaluate import Evaluator
from tests.meaning import law, world
from tests.oracle.names import names_in
from tests.oracle.strategies import (
    ANYTHING,
    CATEGORIES,
    LED_RIDE_WORDS,
    RIDE_WORDS,
    TOUR_WORDS,
    Chance,
    Words,
    cases,
    policy_of,
    world_of,
)
from tests.oracle.worlds import World

EXAMPLES = [pytest.param(12, id="briefly"), pytest.param(5_000, id="at length", marks=pytest.mark.slow)]
at_length = pytest.mark.parametrize("examples", EXAMPLES)
of_all_words = pytest.mark.parametrize(
    "words", [RIDE_WORDS, LED_RIDE_WORDS, TOUR_WORDS], ids=["ride", "led ride", "tour"]
)


def same_for_all(draw: Callable[[Chance], tuple[Policy, World]], examples: int) -> None:
    """Hold every result against the evaluator's: always the same cases, so that a failure can be seen again."""

    def holds(case: tuple[Any, ...]) -> None:
        policy, world = case
        facts = world.facts()
        evaluator = Evaluator((policy,), facts)
        in_bulk = Decider((policy,), facts).decide(policy)
        one_by_one = {record.id: evaluator.decide(policy, record) for record in facts.of(policy.for_each)}
        assert dict(in_bulk) == one_by_one

    unhurried = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    unhurried(given(cases(draw))(holds))()


@at_length
@of_all_words
def test_where_everything_is_known(words: Words, examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World]:
        policy = policy_of(chance, words, measured=True, counted=True)
        return policy, world_of(chance, names_in(policy))

    same_for_all(draw, examples)


@at_length
@of_all_words
def test_where_answers_to_closed_questions_are_unknown(words: Words, examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World]:
        policy = policy_of(chance, words, measured=True, counted=True)
        return policy, world_of(chance, names_in(policy), vague=CATEGORIES)

    same_for_all(draw, examples)


@at_length
@of_all_words
def test_where_anything_is_unknown_none_or_a_period_and_registers_are_not_vouched(words: Words, examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World]:
        policy = policy_of(chance, words, measured=True, counted=True)
        return policy, world_of(chance, names_in(policy), vague=ANYTHING, sure_members=False)

    same_for_all(draw, examples)


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
    giving = law(KIND_OF_DAY, policy="city/kind", for_each="day", on="date", gives="day.kind")
    asking = law(SOME_DAYS, giving, policy="city/trip", for_each="trip", on="departed_on")
    for vouched in ((), ("event",)):
        facts = world("\n".join([*trips, *events]), *vouched)
        evaluator, in_bulk = Evaluator((giving, asking), facts), Decider((giving, asking), facts)
        for policy in (giving, asking):
            one_by_one = {record.id: evaluator.decide(policy, record) for record in facts.of(policy.for_each)}
            assert dict(in_bulk.decide(policy)) == one_by_one
            assert one_by_one
        assert in_bulk.singly == {}
