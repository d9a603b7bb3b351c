"""Deciding in bulk gives the same results as the evaluator, record by record (DESIGN §5, In bulk)."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from custodiet.policy.ast import Policy
from custodiet.policy.bulk.facts import Decider
from custodiet.policy.evaluate import Evaluator
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
