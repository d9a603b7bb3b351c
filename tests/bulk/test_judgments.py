"""Judgments and what other policies give, in bulk: the same results, answered or not, at once or later."""

from custodiet.bulk.decide_facts import Decider
from custodiet.policy.analysis.resolve import ISSUER
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from custodiet.policy.language.ast import Policy
from custodiet.records.facts import Facts
from tests.meaning import EVERYTHING_KNOWN, law, world
from tests.policy.evaluation.test_meaning_judgments import ASKED, COUNSEL, POLICY

SEATS = "\n".join(
    f"seat S{number}: leg = L{number}, occupant = P1, role = guest\nleg L{number}: trip = T{number}"
    for number in range(1, 9)
)
ANSWERS = f"""
judgment J1: about = T1, question = {ASKED}, answer = yes, answered_on = 2023-06-01
judgment J2: about = T2, question = {ASKED}, answer = no, answered_on = 2023-06-01
judgment J3: about = T3, question = {ASKED}, answer = yes, answered_on = 2023-06-01
judgment J4: about = T3, question = {ASKED}, answer = no, answered_on = 2023-06-02
judgment J5: about = T4, question = {ASKED}, answer = yes, answered_on = 2023-06-01
judgment J6: about = T4, question = {ASKED}, answer = no, answered_on = 2023-06-01
judgment J7: about = T5, question = {ASKED}, answer = none, answered_on = none
judgment J8: about = T6, question = Was it raining?, answer = yes, answered_on = 2023-06-01
"""
OPEN = "open"
OWED = {"S1": "0", "S2": "100.00", "S3": "100.00", "S4": OPEN, "S5": OPEN, "S6": OPEN, "S7": OPEN, "S8": OPEN}


def both_ways(policies: tuple[Policy, ...], facts: Facts) -> dict[str, Result]:
    """What the last policy says of every record, in bulk and one by one."""
    *_, policy = policies
    together, evaluator = Decider(policies, facts), Evaluator(policies, facts, remember=False)
    in_bulk = dict(together.decide(policy))
    assert together.singly == {}
    assert in_bulk == {record.id: evaluator.decide(policy, record) for record in facts.of(policy.for_each)}
    return in_bulk


def told(result: Result) -> str:
    if result.missing:
        return OPEN
    return result.debts[0].amount.digits if result.debts else "0"


def test_an_answer_settles_its_own_trip_and_the_later_answer_holds() -> None:
    results = both_ways((POLICY,), world(EVERYTHING_KNOWN + SEATS + ANSWERS))
    assert {seat: told(result) for seat, result in results.items()} == OWED
    assert results["S6"].missing == (Missing("T6", "mainly_official", COUNSEL),)


def test_a_judgment_of_a_trip_that_nobody_names_is_as_open_as_the_trip() -> None:
    results = both_ways((POLICY,), world(SEATS.replace(": trip = T1", ": seats = 20")))
    assert {missing.field for missing in results["S1"].missing} == {"trip"}


def character(period: str) -> Policy:
    """What sort of trip it is, told of the days of a period."""
    return law(
        f"""
        Rule 1
        in force {period}
        when out_of_city
        is 'campaign'

        Rule 2
        in force {period}
        when not out_of_city
        is 'official'

        Rule 3
        in force {period}
        when departed_on = 2023-05-04
        is 'mixed'
        """,
        for_each="trip",
        on="departed_on",
        policy="small/character",
        gives="trip.character",
    )


CHARGED = law(
    """
    Rule 1
    when leg.trip is not none and leg.trip.character = 'campaign'
    owes 100 from 'campaign committee'

    Rule 2
    when leg.trip is not none and leg.trip.character is none
    owes 10 from occupant

    Rule 3
    when leg.trip is none or leg.trip.character != 'campaign' and leg.trip.character is not none
    owes 0
    """,
    character(".."),
)
TRIPS = """
trip T1: departed_on = 2023-05-01, out_of_city = yes, protectee = P1
trip T2: departed_on = 2023-05-01, out_of_city = no, protectee = P1
trip T3: departed_on = 2023-05-01, protectee = P1
trip T4: departed_on = 2023-05-04, out_of_city = yes, protectee = P1
trip T5: out_of_city = yes, protectee = P1
trip T6: departed_on = 2023-05-01
"""


def given(period: str) -> dict[str, Result]:
    """What every seat owes by the sort of its trip."""
    return both_ways((character(period), CHARGED), world(SEATS + TRIPS))


def test_what_another_policy_gives_is_known_open_or_left_open_by_rules_at_odds() -> None:
    results = given("..")
    said = {seat: told(results[seat]) for seat in ("S1", "S2", "S3", "S5")}
    assert said == {"S1": "100.00", "S2": "0", "S3": OPEN, "S5": OPEN}
    assert results["S4"].missing == (Missing("T4", "character", ISSUER),)


def test_what_another_policy_does_not_give_is_none() -> None:
    assert {told(given("2024-01-01 ..")[seat]) for seat in ("S1", "S2", "S4")} == {"10.00"}


def test_another_name_of_a_field_is_reached_by_a_reference() -> None:
    policy = law("""
        define
        trip.place = destination

        Rule 1
        when leg.trip is not none and leg.trip.place = 'Lakeside'
        owes 5 from 'city'

        Rule 2
        when leg.trip is none
        owes 6 from 'city'
    """)
    known = "trip T1: destination = Lakeside\ntrip T3: destination = Harbour\nleg L2: trip = none\n"
    results = both_ways((policy,), world(f"{SEATS}\n{known}seat S9: role = guest"))
    said = {seat: told(results[seat]) for seat in ("S1", "S2", "S4", "S9")}
    assert said == {"S1": "5.00", "S2": "6.00", "S4": OPEN, "S9": OPEN}
    assert results["S3"].outcome is Outcome.NO_RULE
