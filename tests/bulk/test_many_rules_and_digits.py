"""Deciding in bulk neither breaks nor grows without bound: with many rules, long names, and amounts of many digits."""

from itertools import combinations, product

import pytest

from custodiet.bulk import decide_facts as bulk
from custodiet.bulk.decide_facts import Decider
from custodiet.bulk.sql.syntax import Sql, written
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.language.ast import Policy
from custodiet.records.facts import Facts
from tests.meaning import EVERYTHING_KNOWN, law, world

UNKNOWN_FARE = "leg L1: full_coach_fare = unknown"
TWO_SEATS = f"""
{EVERYTHING_KNOWN}
seat S2: leg = L2, occupant = P2, role = guest, on_duty = no
leg L2: trip = T1, purpose = personal, departed_on = 2023-05-02, certified_on = none, full_coach_fare = 150
leg L2: operating_cost = 6000, seats = 20, home_to_work = no
"""


def same(policy: Policy, facts: Facts) -> Decider:
    """Hold bulk against the evaluator, record by record."""
    evaluator, in_bulk = Evaluator((policy,), facts, remember=False), Decider((policy,), facts)
    assert dict(in_bulk.decide(policy)) == {each.id: evaluator.decide(policy, each) for each in facts.of("seat")}
    return in_bulk


def bands(many: int) -> Policy:
    """Every band of fares of a hundred has its own share."""
    return law("\n\n".join(
        f"Rule {n}\nwhen {100 * (n - 1)} <= leg.full_coach_fare and leg.full_coach_fare < {100 * n}\n"
        f"owes leg.full_coach_fare * {n} / 100 from occupant" for n in range(1, many + 1)
    ))  # fmt: skip


def overlapping(many: int) -> Policy:
    """Rules without rank that cover together."""
    return law("\n\n".join(
        f"Rule {n}\nwhen leg.full_coach_fare < {1000 - 7 * n}\nowes leg.full_coach_fare / {n} from occupant"
        for n in range(1, many + 1)
    ))  # fmt: skip


def test_bands_of_which_one_holds_where_the_fare_is_known_and_any_may_where_it_is_not() -> None:
    decider = same(bands(12), world(TWO_SEATS + UNKNOWN_FARE))
    assert decider.singly == {}


def test_many_rules_that_say_different_amounts_of_one_fare() -> None:
    for many in (8, 26):
        assert same(overlapping(many), world(TWO_SEATS)).singly == {}
    assert same(overlapping(8), world(TWO_SEATS + UNKNOWN_FARE)).singly == {}


def test_exceptions_inside_one_another_where_what_they_ask_is_not_known() -> None:
    """Each displaces the one before it, so they answer by turns."""
    nested = law("Rule 1\nowes leg.full_coach_fare from occupant\n\n" + "\n\n".join(
        f"Rule {n}\nexception to {n - 1}\nwhen leg.seats < {100 - n}\nowes leg.full_coach_fare / {n} from occupant"
        for n in range(2, 28)
    ))  # fmt: skip
    assert same(nested, world(f"{TWO_SEATS}leg L1: seats = unknown")).singly == {}


def test_a_query_grows_with_the_rules_and_not_with_their_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def measured(query: Sql) -> str:
        lengths.append(len(written(query)))
        return written(query)

    monkeypatch.setattr("custodiet.bulk.decide_facts.written", measured)
    facts = world(TWO_SEATS + UNKNOWN_FARE)
    for many in (26, 52):
        Decider((bands(many),), facts).decide(bands(many))
    fewer, twice_as_many = lengths
    assert twice_as_many < 2.5 * fewer


def test_a_name_that_stands_for_a_name_used_twice_is_worked_out_once() -> None:
    names = "".join(f"define\nseat.a{n} = a{n - 1} + a{n - 1}\n\n" for n in range(1, 12))
    policy = law(f"""
define
seat.a0 = leg.seats + 1

{names}
Rule 1
when a11 < 50000
owes leg.full_coach_fare * a11 / 9 from occupant

Rule 2
when not a11 < 50000
owes 1 from occupant
""")
    for more in ("", "leg L1: seats = unknown"):
        assert same(policy, world(TWO_SEATS + more)).singly == {}


def test_names_of_a_record_that_is_not_known_are_too_many_questions_even_inside_a_rule_that_does_not_cover() -> None:
    tests = ("home_to_work", "seats < 3", "purpose = 'personal'")
    meanings = [
        f"{first}{one} {joined} {second}{other}"
        for one, other in combinations(tests, 2)
        for joined, first, second in product(("and", "or"), ("", "not "), ("", "not "))
    ][:13]
    named = "\n".join(f"leg.d{place} = {meaning}" for place, meaning in enumerate(meanings))
    policy = law(f"""
define
{named}

Rule 1
when role = 'guest'
forbids

Rule 2
exception to 1
when {" or ".join(f"leg.d{place}" for place in range(13))}
permits

Rule 3
when role != 'guest'
permits
""")
    decider = same(policy, world(f"{TWO_SEATS}seat S3: leg = unknown, role = crew\nseat S4: leg = L1, role = crew"))
    found = decider.decide(policy)
    # Thirteen names of which nothing is known can be so or not in 8,192 ways, more than are taken one by one.
    assert (found["S3"].outcome, found["S4"].outcome) == (Outcome.UNDETERMINED, Outcome.PERMITTED)


@pytest.mark.parametrize("digits", [28, 40], ids=["a product beyond 38 digits", "an amount beyond 38 digits"])
def test_an_amount_of_more_digits_than_a_query_holds_is_decided_exactly_one_by_one(digits: int) -> None:
    policy = law("Rule 1\nwhen leg.purpose = 'personal'\nowes leg.operating_cost * leg.seats / leg.seats from occupant")
    cost = "9" * digits
    facts = world(f"{TWO_SEATS}leg L2: operating_cost = {cost}, seats = {10**12}")
    decider = same(policy, facts)
    assert "more digits than a query can hold" in decider.singly[policy.name]
    (debt,) = decider.decide(policy)["S2"].debts
    assert debt.amount.exact == int(cost)


def test_where_a_query_would_be_too_long_each_record_is_decided_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "LONGEST", 100)
    assert same(bands(2), world(TWO_SEATS)).singly == {"small/law": "its query would be too long"}


def test_what_the_engine_refuses_is_decided_one_by_one_and_the_reason_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "written", lambda _: "select " + " + ".join(["1"] * 5_000))
    decider = same(bands(2), world(TWO_SEATS))
    assert decider.singly["small/law"].startswith(bulk.REFUSED)
    assert decider.decide(bands(2))["S2"].outcome is Outcome.OWES
