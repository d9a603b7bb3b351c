"""What a policy can speak of that is not a field: definitions, judgments, rates, and what another policy gives."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from custodiet.base.dates import Days
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Compare,
    Definition,
    Extreme,
    IsNone,
    Judgment,
    Not,
    Or,
    Over,
    Payer,
    Policy,
    Rate,
    RateRow,
    RateTable,
)

from .chance import Chance
from .strategies import CITY, COMMITTEE, TOUR_WORDS, Words, amount, is_, less, path, policy_of

JUDGMENTS = (
    Judgment("ride", "fair", "Was the ride fair?", "the panel"),
    Judgment("tour", "proper", "Was the tour proper?", "the counsel"),
)
DEFINITIONS = (
    Definition("tour", "lively", Over("any", path("ride"), Not(path("on_duty")))),
    Definition("tour", "takings", Over("sum", path("ride.fare"), is_("purpose", "work"))),
    Definition("tour", "riders", Over("count", path("ride"), None)),
    Definition("ride", "earned", And((path("fair"), Or((path("invited"), path("on_duty")))))),
    Definition("ride", "price", Arithmetic("*", path("fare"), path("seats"))),
)
RATES = (
    RateTable(
        "fares",
        ("for",),
        (("each", "EUR"),),
        tuple(
            RateRow((purpose,), days, (Fraction(rate),), "the desk's list")
            for purpose, days, rate in (
                ("work", Days(None, date(2020, 6, 30)), "3"),
                ("work", Days(date(2020, 7, 1), None), "10"),
                ("play", Days(date(2020, 1, 1), None), "33.333"),
                ("both", Days(None, date(2021, 3, 16)), "0.005"),
            )
        ),
    ),
)
"""What each purpose costs on which days: with a gap, a change, and rates of less than a cent."""


def giving(chance: Chance) -> Policy:
    """A policy that gives each tour a character."""
    policy = policy_of(chance, TOUR_WORDS, parts=("class",), gives=("tour", "character"), most=3)
    return replace(policy, name="small/giving")


def deep_ride_words(given: Policy) -> Words:
    """What can be said of a ride where a policy gives its tour a character."""
    ride_rate = Rate("fares", "each", (path("purpose"),), path("taken_on"))
    characters = tuple(is_("tour.character", each) for each in given.classes)
    return Words(
        "ride",
        (path("taken_on"), path("tour.starts_on")),
        (
            path("fair"),
            path("earned"),
            path("tour.proper"),
            path("tour.lively"),
            path("on_duty"),
            Not(path("invited")),
            *characters,
            IsNone(path("tour.character")),
            Over("any", path("tour.ride"), path("fair")),
            Over("all", path("tour.ride"), Or((path("earned"), is_("standing", "guest")))),
            Over("any", path("rider.ride"), path("on_duty")),
            Over("all", path("rider.accompanied"), is_("purpose", "work")),
            Over("any", path("tour.ride"), Over("any", path("rider.ride"), path("invited"))),
        ),
        (
            Compare("<=", path("tour.takings"), path("tour.budget")),
            less(path("price"), amount("50")),
            less(ride_rate, path("fare")),
            Compare("=", path("tour.riders"), amount("2")),
            Compare("<=", path("certified_on"), path("tour.starts_on")),
        ),
        (
            Compare("<=", amount("2"), Over("count", path("tour.ride"), path("earned"))),
            less(Over("sum", path("tour.ride.fare"), path("fair")), path("fare")),
            Compare("=", Over("count", path("tour.ride"), less(path("price"), path("tour.budget"))), amount("1")),
        ),
        (
            path("fare"),
            path("price"),
            path("tour.takings"),
            ride_rate,
            Arithmetic("*", path("seats"), ride_rate),
            Arithmetic("/", path("tour.takings"), path("seats")),
            Arithmetic("/", path("fare"), Arithmetic("+", path("tour.riders"), amount("1"))),
            Extreme("min", (path("price"), path("tour.budget"))),
            Over("sum", path("tour.ride.fare"), path("fair")),
            Arithmetic("-", path("tour.budget"), path("tour.takings")),
            amount("10"),
        ),
        (("discount", path("discount")),),
        (CITY, COMMITTEE, Payer(path("rider")), Payer(path("companion")), Payer(path("tour.leader"))),
    )


def deep(policy: Policy) -> Policy:
    """The policy with everything that it may speak of."""
    definitions = (*policy.definitions, *DEFINITIONS)
    return replace(policy, name="small/deep", definitions=definitions, judgments=JUDGMENTS, rates=RATES)
