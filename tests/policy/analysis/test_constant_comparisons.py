"""A comparison that no record can change is refused: it says something else than its author meant."""

import pytest
from hypothesis import HealthCheck, given, settings

from custodiet.policy.analysis.check import check
from custodiet.policy.analysis.constant_comparisons import Alike
from custodiet.policy.analysis.resolve import Vocabulary
from custodiet.policy.language.ast import Arithmetic, Compare, Expression, Extreme, Over
from custodiet.policy.language.document import read_document
from custodiet.records import core_types
from tests.meaning import document
from tests.oracle.chance import Chance, cases
from tests.oracle.strategies import LED_RIDE_WORDS, amount, path, policy_of, world_of
from tests.oracle.two_valued import Sight
from tests.oracle.worlds import WORLD_TYPES

TRIP = {"for_each": "trip", "on": "departed_on"}
VOUCHER = {"for_each": "voucher", "on": "incurred_on"}


def found(rules: str, **head: str) -> list[str]:
    """The messages of the checker."""
    read = read_document(document(rules, **head), "law.md")
    assert read.policy is not None
    return [problem.code for problem in check(read.policy, (), core_types())]


@pytest.mark.parametrize(
    "condition",
    [
        "role = role",
        "on_duty != on_duty",
        "leg.seats < leg.seats",
        "leg.departed_on <= leg.departed_on + 3 days",
        "leg.seats - leg.seats = 0",
        "leg.seats + 0 = leg.seats",
        "2 * leg.seats >= leg.seats + leg.seats",
        "leg.seats / leg.seats = 1",
        "leg.full_coach_fare * leg.seats > leg.seats * leg.full_coach_fare + 1",
        "max(leg.seats, 3) = max(3, leg.seats)",
        "count(leg.seat where on_duty) > count(leg.seat where on_duty)",
        "1 = 1",
        "'guest' = 'crew'",
        "2024-01-01 < 2024-02-01",
    ],
)
def test_two_sides_that_differ_by_nothing_that_a_record_holds_are_refused(condition: str) -> None:
    assert found(f"Rule 1\nwhen {condition}\npermits") == ["compared_alike"]


@pytest.mark.parametrize(
    "condition",
    [
        "role = 'guest'",
        "leg.seats < 2 * leg.seats",
        "leg.operating_cost / leg.seats > leg.full_coach_fare / leg.seats",
        "leg.departed_on < leg.trip.departed_on",
        "count(leg.seat where on_duty) > count(leg.seat where not on_duty)",
        "max(leg.seats, 3) = min(leg.seats, 3)",
        "any(leg.seat where occupant = leg.trip.protectee)",
    ],
)
def test_two_sides_that_a_record_can_hold_apart_are_compared(condition: str) -> None:
    assert found(f"Rule 1\nwhen {condition}\npermits") == []


def test_inside_a_set_a_name_means_the_member_on_both_sides() -> None:
    twice = "count(officer.voucher where paid = paid and incurred_on = incurred_on) > 1"
    assert found(f"Rule 1\nwhen {twice}\nforbids", **VOUCHER) == ["compared_alike"] * 2
    first_visit = "not any(trip.voucher where advance_visit and incurred_on < incurred_on)"
    assert found(f"Rule 1\nwhen {first_visit}\nowes 300 from officer", **VOUCHER) == ["compared_alike"]
    other_field = "any(officer.voucher where incurred_on < submitted_on)"
    assert found(f"Rule 1\nwhen {other_field}\nforbids", **VOUCHER) == []


def test_what_leads_back_from_a_set_is_the_record_around_it() -> None:
    assert found("Rule 1\nwhen any(leg where trip.out_of_city = out_of_city)\npermits", **TRIP) == ["compared_alike"]
    assert found("Rule 1\nwhen any(leg where any(seat where leg.purpose = purpose))\npermits", **TRIP) == [
        "compared_alike"
    ]
    assert found("Rule 1\nwhen any(leg where trip.departed_on < departed_on)\npermits", **TRIP) == []


ALWAYS = {
    "receipt = (not not receipt)": "compared_alike",
    "(receipt = yes) = receipt": "compared_alike",
    "min(min(paid, asked), paid) > 5": "extreme_alike",
    "max(paid, max(asked, paid)) > 5": "extreme_alike",
    "min(paid, min(asked, 9)) = min(9, paid, asked)": "compared_alike",
    "min(paid, asked) <= paid": "compared_alike",
    "max(paid, asked) < paid": "compared_alike",
    "paid + 1 = min(paid, asked)": "compared_alike",
    "paid <= max(min(paid, asked), paid + 1)": "compared_alike",
    "count(officer.voucher where receipt) = count(officer.voucher where receipt = yes)": "compared_alike",
    "count(officer.voucher where paid = asked) < count(officer.voucher where asked - paid = 0)": ("compared_alike"),
    "count(officer.voucher where paid < asked) = count(officer.voucher where 2 * paid < 2 * asked)": ("compared_alike"),
    "receipt or not receipt": "joined_denied",
    "advance_visit and not (advance_visit = yes)": "joined_denied",
    "paid < asked or paid >= asked": "joined_denied",
    "not (paid < asked) or paid < asked": "joined_denied",
    "cost_class in ('meals', 'meals')": "extreme_alike",
}


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize(("condition", "code"), ALWAYS.items())
def test_what_always_holds_or_never_is_refused_however_it_is_put(condition: str, code: str, *, inside: bool) -> None:
    asked = f"count(trip.voucher where {condition}) > 1" if inside else condition
    assert set(found(f"Rule 1\nwhen {asked}\nforbids", **VOUCHER)) == {code}


@pytest.mark.parametrize(
    "condition",
    [
        "min(paid, asked) < paid",
        "paid <= min(paid, asked)",
        "paid = max(paid, asked)",
        "min(paid, asked) <= paid - 1",
        "min(paid, 5) <= max(asked, 3)",
        "count(officer.voucher where receipt = no) = count(officer.voucher where not receipt)",
        "count(officer.voucher where paid < asked) = count(officer.voucher where asked < paid)",
        "receipt or not advance_visit",
        "paid < asked or asked < paid",
        "cost_class in ('meals', 'lodging')",
    ],
)
def test_what_some_records_meet_and_others_do_not_is_let_through(condition: str) -> None:
    codes = found(f"Rule 1\nwhen {condition}\nforbids", **VOUCHER)
    assert not {"compared_alike", "extreme_alike", "joined_denied"}.intersection(codes)


def test_a_definition_is_followed_to_what_it_rests_on() -> None:
    defined = "define\nleg.shared = seats - 1\nleg.others = seats - 2 + 1\nleg.least = 3\n\n"
    for condition in ("leg.shared = leg.others", "leg.least < 4", "leg.seats > leg.shared"):
        assert found(f"{defined}Rule 1\nwhen {condition}\npermits") == ["compared_alike"]
    assert found(f"{defined}Rule 1\nwhen leg.others > leg.least\npermits") == []


def test_claims_amounts_and_definitions_are_looked_through_as_well() -> None:
    claim = "\n```claim\nsays None.\nwhen role = role\nnever permitted\n```\n"
    read = read_document(document("Rule 1\npermits") + claim, "law.md")
    assert read.policy is not None
    assert [problem.code for problem in check(read.policy, (), core_types())] == ["compared_alike"]
    counted = "owes 10 * count(leg.seat where role = role) from 'city'"
    assert "compared_alike" in found(f"Rule 1\n{counted}")
    assert found("define\nleg.full = seats = seats\n\nRule 1\nwhen leg.full\npermits") == ["compared_alike"]
    assert found("Rule 1\nowes min(leg.full_coach_fare, leg.full_coach_fare + 0) from occupant") == ["extreme_alike"]


HEADS = Over("count", path("tour.ride"), None)
NUMBERS: tuple[Expression, ...] = (path("fare"), path("tour.budget"), path("seats"), amount("2"), HEADS)


def computed(chance: Chance, depth: int) -> Expression:
    """An amount or a number, computed from a few facts."""
    if depth == 0:
        return chance.one(NUMBERS)
    one, other = computed(chance, depth - 1), computed(chance, depth - 1)
    sign = chance.one(("+", "-", "*", "least"))
    return Extreme("min", (one, other)) if sign == "least" else Arithmetic(sign, one, other)


def compared(chance: Chance) -> tuple[Compare, list[bool]]:
    """A comparison, and what it comes to in some worlds by ordinary logic."""
    part = Compare(chance.one(("=", "<", "<=")), computed(chance, 2), computed(chance, chance.one((1, 2))))
    policy = policy_of(chance, LED_RIDE_WORDS)
    about = frozenset({"fare", "budget", "seats"})
    worlds = [world_of(chance, about) for _ in range(8)]
    return part, [Sight(policy, world, {}).holds(part, ("ride", "R1")) for world in worlds]


@settings(
    max_examples=300, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(cases(compared))
def test_what_is_refused_comes_out_the_same_in_every_world(case: tuple[Compare, list[bool]]) -> None:
    part, held = case
    alike = Alike(Vocabulary(WORLD_TYPES, (), ()))
    codes = [problem.code for problem in alike.problems(part, "ride")]
    assert "compared_alike" not in codes or len(set(held)) == 1
    least = Compare("<=", Extreme("min", (part.left, part.right)), part.left)
    assert "compared_alike" in [problem.code for problem in alike.problems(least, "ride")]
    for itself in ("=", "<"):
        with_itself = Compare(itself, part.left, part.left)
        assert "compared_alike" in [problem.code for problem in alike.problems(with_itself, "ride")]
