"""A printed example says everything that it rests on: completed in any way that it leaves open, it shows the same."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.policy.language.ast import And, Claim, Compare, Expression, Literal, Not, Over, Policy
from custodiet.proofs.claims import PlannedClaim, refutes
from custodiet.proofs.prove import CameOut, Proof, Proving
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from tests.meaning import law
from tests.oracle.chance import Chance
from tests.oracle.strategies import LED_RIDE_WORDS, TOUR_WORDS, condition, path, policy_of
from tests.oracle.told import told
from tests.oracle.worlds import WORLD_TYPES
from tests.proving import claimed, found

COMPLETIONS = 40


def same(one: str, other: str) -> Expression:
    return Compare("=", path(one), path(other))


IDENTITY: tuple[Expression, ...] = (
    same("rider", "companion"),
    same("rider", "tour.leader"),
    path("rider.adult"),
    path("companion.adult"),
    path("tour.leader.adult"),
    Over("any", path("tour.ride"), same("rider", "companion")),
    Over("any", path("tour.ride"), And((path("rider.adult"), Not(path("on_duty"))))),
    Compare("<=", Literal(Fraction(2)), Over("count", path("tour.ride"), None)),
)
"""Conditions that turn on which references lead to one record, and on how many records a set holds."""
RIDE_WORDS = replace(LED_RIDE_WORDS, categories=(*IDENTITY, *IDENTITY, *LED_RIDE_WORDS.categories))


def claim_of(chance: Chance, policy: Policy) -> Claim:
    words = RIDE_WORDS if policy.for_each == "ride" else TOUR_WORDS
    when = condition(chance, words.categories) if chance.coin() else None
    outcome = chance.one(("owes", "owes", "permitted", "no rule", "conflict"))
    payer = chance.one((None, *words.payers)) if outcome == "owes" else None
    return Claim("a claim", when, chance.coin(), outcome, payer=payer)


def shows(proof: Proof, result: Result) -> bool:
    """Whether a record of which everything is known is an example of what was refuted."""
    match proof.kind:
        case "conflict":
            return result.outcome is Outcome.CONFLICT and set(proof.rules) <= set(result.because)
        case "gap":
            return result.outcome is Outcome.NO_RULE
        case _:  # an amount below zero, or a division by it: nothing is missing and there is no answer
            return result.outcome is Outcome.UNDETERMINED


def refuted(claim: Claim, policy: Policy, facts: Facts, record: Record) -> bool:
    evaluator = Evaluator([policy], facts)
    reading = evaluator.reading(policy)
    planned = PlannedClaim.of(claim, reading.plan)
    return refutes(planned, reading, record, lambda _, asked: evaluator.decide(policy, asked))


def holds_whatever_is_open(seed: int) -> Counter[str]:
    """Prove a drawn policy, and complete each example in many ways; how many of each sort there were."""
    chance = Chance.of(seed)
    words = chance.one((RIDE_WORDS, RIDE_WORDS, TOUR_WORDS))
    parts = ("money", "money", "all", "permission")
    policy = policy_of(chance, words, measured=chance.coin(), counted=chance.coin(), parts=parts)
    claim = claim_of(chance, policy)
    proving = Proving(policy, [policy], WORLD_TYPES, claims=[claim])
    seen: Counter[str] = Counter()
    for proof in proving.all():
        if proof.came_out is not CameOut.REFUTED or proof.kind.startswith("dead"):
            continue
        said = told(policy, dict(proof.example))
        for number in range(COMPLETIONS):
            facts, record = said.completed(Chance.of(number))
            result = Evaluator([policy], facts).decide(policy, record)
            holds = refuted(claim, policy, facts, record) if proof.kind == "claim" else shows(proof, result)
            assert holds, (seed, proof, result)
        seen[proof.kind] += 1
    return seen


@pytest.mark.parametrize(
    "seeds",
    [pytest.param(range(20), id="briefly"), pytest.param(range(20, 600), id="at length", marks=pytest.mark.slow)],
)
def test_an_example_completed_in_any_way_shows_what_it_is_an_example_of(seeds: range) -> None:
    seen: Counter[str] = Counter()
    for seed in seeds:
        seen += holds_whatever_is_open(seed)
    assert min(seen[kind] for kind in ("conflict", "gap", "claim")) > len(seeds) // 6, seen


def test_two_references_to_one_record_are_told_though_something_else_is_said_of_both() -> None:
    rules = """
    Rule 1
    when occupant = leg.trip.protectee and occupant.minor and any(leg.seat where role = 'detail')
    permits

    Rule 2
    when not (occupant = leg.trip.protectee and occupant.minor and any(leg.seat where role = 'detail'))
    forbids

    Rule 3
    when occupant = leg.trip.protectee and occupant.minor and any(leg.seat where role = 'detail')
    forbids
    """
    (example,) = (cells for cells in found(law(rules), "conflict"))
    assert "occupant = 'occupant'" in example
    assert "leg.trip.protectee = 'occupant'" in example or "occupant = 'leg.trip.protectee'" in example


def test_how_many_records_a_set_holds_is_told_where_nothing_else_is_said_of_them() -> None:
    trip = {"for_each": "trip", "on": "departed_on"}
    rules = "Rule 1\nwhen count(voucher) < 2\npermits\n\nRule 2\nwhen count(voucher) >= 3\nforbids"
    assert found(law(rules, **trip), "gap") == ["departed_on = 2024-01-15, voucher = 2"]


def test_who_a_claim_names_is_told_to_be_who_pays() -> None:
    policy = law("Rule 1\nwhen role = 'guest'\nowes 5 from occupant\n\nRule 2\nwhen role != 'guest'\nowes 0")
    proof = claimed(policy, "never owes from leg.trip.protectee")
    cells = dict(proof.example)
    assert cells["occupant"] == cells["leg.trip.protectee"]
