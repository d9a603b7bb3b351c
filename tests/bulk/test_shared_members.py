"""In bulk, records that two sets share are one record, and records that only look alike are two."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Money, Rounding
from custodiet.bulk.decide_facts import Decider
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Missing, Outcome
from custodiet.policy.language.ast import And, Definition, Expression, Not, Or, Over, Policy, Rule, Version
from custodiet.records import NONE, UNKNOWN, Value
from custodiet.records.facts import Facts, Vouched
from custodiet.records.record import Record
from tests.oracle.strategies import path
from tests.oracle.worlds import DESK, WORLD_TYPES

DAY = Days.read("2020-05-05")
SOME_RIDE: Mapping[str, Value] = {
    "companion": "P9", "on_duty": False, "invited": False, "purpose": "work", "standing": NONE,
    "fare": Money(100, "EUR"), "discount": NONE, "seats": Fraction(1), "taken_on": DAY, "certified_on": NONE,
}  # fmt: skip


def ride(id_: str, tour: str, rider: str, **other: Value) -> Record:
    """A ride of which everything is known but what is said to be unknown."""
    return Record("ride", id_, {**SOME_RIDE, "tour": tour, "rider": rider, **other})


def asks(when: Expression, *definitions: Definition) -> Policy:
    """A policy that forbids a ride under one condition."""
    box = Version("1", "Model Code", ANY_DAY, (), (), when, None, "forbidden", None)
    return Policy(
        name="small/shared", question="May one ride?", for_each="ride", on=path("taken_on"), jurisdiction="nowhere",
        currency="", rounding=Rounding.HALF_UP, step=1, gives=None, restated=True,
        rules=(Rule("1", "A rule", "Text.", (box,)),), definitions=definitions, examples=(), title="Shared",
    )  # fmt: skip


def decided(policy: Policy, *rides: Record, complete: bool = True) -> dict[str, tuple[Outcome, tuple[Missing, ...]]]:
    """What bulk answers, after it was held against the evaluator."""
    facts = Facts(rides, WORLD_TYPES, [Vouched("ride", ANY_DAY, DESK)] if complete else [])
    evaluator, in_bulk = Evaluator((policy,), facts, remember=False), Decider((policy,), facts).decide(policy)
    assert in_bulk == {each.id: evaluator.decide(policy, each) for each in facts.of("ride")}
    return {id_: (result.outcome, result.missing) for id_, result in in_bulk.items()}


def test_a_ride_in_two_sets_is_invited_in_both_or_in_neither() -> None:
    policy = asks(Or((
        Over("any", path("tour.ride"), And((path("on_duty"), path("invited")))),
        Over("any", path("rider.ride"), And((path("on_duty"), Not(path("invited"))))),
    )))  # fmt: skip
    told = decided(
        policy,
        # One ride on the same tour and by the same rider: the rule forbids, whether that was invited or not.
        ride("A1", "TA", "PA"), ride("A2", "TA", "PA", on_duty=True, invited=UNKNOWN),
        # One on the same tour, another by the same rider.
        ride("B1", "TB", "PB"), ride("B2", "TB", "PX", on_duty=True, invited=UNKNOWN),
        ride("B3", "TX", "PB", on_duty=True, invited=UNKNOWN),
    )  # fmt: skip
    assert told["A1"] == (Outcome.FORBIDDEN, ())
    assert told["B1"] == (Outcome.UNDETERMINED, (Missing("B2", "invited", DESK), Missing("B3", "invited", DESK)))


@pytest.mark.parametrize("complete", [True, False])
def test_a_tour_reached_from_a_member_may_be_the_tour_one_started_from(complete: bool) -> None:
    lively = Definition("tour", "lively", Over("any", path("ride"), path("on_duty")))
    policy = asks(Or((path("tour.lively"), Over("any", path("rider.ride"), Not(path("tour.lively"))))), lively)
    decided(
        policy,
        ride("A1", "TA", "PA", on_duty=UNKNOWN), ride("A2", "TA", "PA"),
        ride("B1", "TB", "PB", on_duty=UNKNOWN), ride("B2", "TX", "PB", on_duty=UNKNOWN),
        ride("C1", "TC", "PC"), ride("C2", "TY", "PC", on_duty=UNKNOWN), ride("C3", "TC", "PZ", on_duty=UNKNOWN),
        complete=complete,
    )  # fmt: skip


def test_a_member_may_lead_to_one_that_is_named_elsewhere() -> None:
    # The rider of a ride on the tour is the companion of the ride asked about, or is not; only the first is read.
    policy = asks(Over("any", path("tour.ride"), Over("any", path("rider.ride"), path("invited"))))
    told = decided(
        policy,
        ride("A1", "TA", "PA", companion="PB"), ride("A2", "TA", "PB"), ride("A3", "TY", "PB", invited=UNKNOWN),
        ride("B1", "TB", "PC", companion="PD"), ride("B2", "TB", "PE"), ride("B3", "TZ", "PE", invited=UNKNOWN),
    )  # fmt: skip
    assert told["A1"] == (Outcome.UNDETERMINED, (Missing("A3", "invited", DESK),))
    assert told["B1"] == (Outcome.UNDETERMINED, (Missing("B3", "invited", DESK),))
