"""The evaluator against ordinary logic over every world that the known facts leave possible (DESIGN §5, Meaning)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Rounding
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from custodiet.policy.language.ast import Compare, Expression, IsNone, Literal, Not, Or, Policy, Rule, Share, Version
from custodiet.records import NONE, UNKNOWN, Kind
from tests.oracle.chance import Chance, cases
from tests.oracle.days import DAY_WORDS
from tests.oracle.names import names_in
from tests.oracle.strategies import (
    ANYTHING,
    CATEGORIES,
    CITY,
    LED_RIDE_WORDS,
    PERIODS,
    RIDE_WORDS,
    TOUR_WORDS,
    Words,
    amount,
    path,
    policy_of,
    turned_out,
    world_of,
)
from tests.oracle.two_valued import Answer, Plain, decide, every_way
from tests.oracle.worlds import DESK, SLIP_BOXES, Fact, World, completions, field_of, possible_values

EXAMPLES = [pytest.param(200, id="briefly"), pytest.param(5_000, id="at length", marks=pytest.mark.slow)]
at_length = pytest.mark.parametrize("examples", EXAMPLES)

WITH_DAYS = [RIDE_WORDS, TOUR_WORDS, *DAY_WORDS]
WITH_DAYS_NAMED = ["a ride", "a tour", "a ride among those of a day", "a tour with rides of some days"]

PURE = ("money", "money", "permission", "class")
"""Policies that ask one thing, of which the possible answers have names."""


def for_all(draw: Callable[[Chance], tuple[Any, ...]], examples: int, holds: Callable[..., None]) -> None:
    """Hold a property against drawn cases: always the same ones, so that a failure can be seen again."""
    unhurried = settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    unhurried(given(cases(draw))(lambda case: holds(*case)))()


def answered(policy: Policy, world: World, others: Iterable[Policy] = ()) -> Result:
    """What the evaluator says of the first ride, tour or slip: the same whether or not it remembers."""
    facts, record = world.facts(), world.record(*first(policy))
    plainly = Evaluator((*others, policy), facts, remember=False).decide(policy, record)
    assert Evaluator((*others, policy), facts).decide(policy, record) == plainly
    return plainly


def first(policy: Policy) -> tuple[str, str]:
    """The record that the cases are about."""
    return policy.for_each, {"ride": "R1", "tour": "T1", "slip": "S1"}[policy.for_each]


def debts(result: Result) -> frozenset[tuple[str, int]]:
    """Each payer with all the cents that payer owes."""
    sums: dict[str, int] = {}
    for debt in result.debts:
        assert debt.amount.currency == "EUR"
        sums[debt.payer] = sums.get(debt.payer, 0) + debt.amount.minor
    return frozenset(sums.items())


def is_the_answer(result: Result, answer: Answer) -> None:
    """A determined result that says what ordinary logic says."""
    assert result.outcome is answer.outcome
    assert (result.missing, result.otherwise, result.unsettled, result.between) == ((), (), (), None)
    if answer.outcome not in {Outcome.CONFLICT, Outcome.NO_RULE}:
        assert debts(result) == answer.debts
        assert (result.permission, result.classified) == (answer.permission, answer.classified)


def names_who_is_liable_too(result: Result, ways: Iterable[Answer]) -> None:
    """Beside a payer stands whoever is liable in every way; nobody, if the ways differ in that alone."""
    taken = tuple(ways)
    for debt in result.debts:
        liable = {way.liable[debt.payer] for way in taken}
        if all(len(each) == 1 for each in liable):
            assert {debt.liable} == (liable.pop() if len(liable) == 1 else {""})


def names_of(answer: Answer) -> frozenset[str]:
    """What an undetermined result may call a possible answer that is no amount."""
    if answer.outcome in {Outcome.CONFLICT, Outcome.NO_RULE}:
        return frozenset({answer.outcome.value})
    return frozenset(name for name in (answer.permission, answer.classified) if name is not None)


def allows(result: Result, answer: Answer) -> None:
    """A result that does not exclude what ordinary logic says of one world it may turn out to be."""
    if result.outcome is not Outcome.UNDETERMINED:
        is_the_answer(result, answer)
    elif answer.outcome in {Outcome.CONFLICT, Outcome.NO_RULE}:
        assert answer.outcome.value in result.otherwise
    elif answer.asks_money:
        assert result.between is not None
        assert result.between.low is None or result.between.low.minor <= answer.total
        assert result.between.high is None or answer.total <= result.between.high.minor
    else:
        assert names_of(answer) & set(result.otherwise)


def names_what_is_missing(result: Result, world: World, given_fields: frozenset[str] = frozenset()) -> None:
    """An undetermined result names facts that nobody knows; a determined one names none."""
    assert bool(result.missing) is (result.outcome is Outcome.UNDETERMINED)
    unsettled = {Missing(id_, field, field_of((type_, id_, field)).held_by) for type_, id_, field in world.unsettled()}
    registers = {Missing(id_, "ride", DESK) for id_ in world.ids("tour") if ANY_DAY not in world.vouched}
    opened = {each for each in result.missing if each.field in given_fields}
    assert set(result.missing) <= unsettled | registers | opened


def is_exactly(result: Result, ways: Iterable[Answer], exact: bool = True) -> None:
    """The answer of all ways; or undetermined, with neither more nor less than the ways give."""
    taken = tuple(ways)
    every = set(taken)
    for way in every:
        allows(result, way)
    names_who_is_liable_too(result, taken)
    assert (result.outcome is Outcome.UNDETERMINED) is (len(every) > 1)
    if len(every) > 1 and exact:
        amounts = [way.total for way in every if way.asks_money]
        between = None if result.between is None else (result.between.low, result.between.high)
        bounds = None if between is None else tuple(None if each is None else each.minor for each in between)
        assert bounds == ((min(amounts), max(amounts)) if amounts else None)
        assert len(result.otherwise) == len(set(result.otherwise))
        assert set(result.otherwise) == {name for way in every for name in names_of(way)}


def decides_because(result: Result, ways: Iterable[Answer]) -> None:
    """A determined result names rules that decide: all that decide in every way, and none that decides in no way."""
    reasons = [way.because for way in ways]
    assert frozenset.intersection(*reasons) <= set(result.because) <= frozenset.union(*reasons)
    assert bool(result.because) is any(reasons)


@at_length
@pytest.mark.parametrize("words", [LED_RIDE_WORDS, TOUR_WORDS], ids=["a ride", "a tour"])
def test_where_everything_is_known_the_evaluator_is_ordinary_logic(words: Words, examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World]:
        policy = policy_of(chance, words, measured=True, counted=True)
        return policy, world_of(chance, names_in(policy))

    def holds(policy: Policy, world: World) -> None:
        result, answer = answered(policy, world), decide(policy, world, first(policy))
        is_the_answer(result, answer)
        names_who_is_liable_too(result, [answer])
        assert (result.policy, result.type, result.record) == (policy.name, *first(policy))
        assert len(result.because) == len(set(result.because))
        assert set(result.because) == answer.because
        assert {(each.rule, each.by) for each in result.displaced} <= answer.displacements
        assert {each.rule for each in result.displaced} == {rule for rule, _ in answer.displacements}

    for_all(draw, examples, holds)


@at_length
@pytest.mark.parametrize("words", [LED_RIDE_WORDS, TOUR_WORDS], ids=["a ride", "a tour"])
def test_unknown_answers_to_closed_questions_leave_exactly_the_answers_of_all_ways(words: Words, examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World]:
        policy = policy_of(chance, words, parts=PURE, measured=True)
        return policy, world_of(chance, names_in(policy), vague=CATEGORIES)

    def holds(policy: Policy, world: World) -> None:
        result = answered(policy, world)
        ways = every_way(policy, world, first(policy))
        is_exactly(result, ways)
        names_what_is_missing(result, world)
        if result.outcome is not Outcome.UNDETERMINED:
            decides_because(result, ways)

    for_all(draw, examples, holds)


@at_length
def test_a_policy_that_asks_several_things_at_once_is_undetermined_exactly_if_the_ways_differ(examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World]:
        policy = policy_of(chance, LED_RIDE_WORDS, parts=("all",), measured=True)
        return policy, world_of(chance, names_in(policy), vague=CATEGORIES)

    def holds(policy: Policy, world: World) -> None:
        result = answered(policy, world)
        is_exactly(result, every_way(policy, world, first(policy)), exact=False)
        names_what_is_missing(result, world)

    for_all(draw, examples, holds)


@at_length
@pytest.mark.parametrize("words", [LED_RIDE_WORDS, TOUR_WORDS], ids=["a ride", "a tour"])
def test_a_date_known_to_a_period_leaves_exactly_the_answers_of_its_days(words: Words, examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World]:
        policy = policy_of(chance, words, parts=PURE)
        world = world_of(chance, names_in(policy), vague=CATEGORIES)
        dated: Fact = ("tour", "T1", "starts_on") if "starts_on" in policy.on.names else ("ride", "R1", "taken_on")
        return policy, world.learn({dated: chance.one((UNKNOWN, *PERIODS))})

    def holds(policy: Policy, world: World) -> None:
        result = answered(policy, world)
        ways = every_way(policy, world, first(policy))
        is_exactly(result, ways)
        names_what_is_missing(result, world)
        if result.outcome is not Outcome.UNDETERMINED:
            decides_because(result, ways)

    for_all(draw, examples, holds)


@at_length
@pytest.mark.parametrize("words", WITH_DAYS, ids=WITH_DAYS_NAMED)
def test_whatever_the_unknown_facts_turn_out_to_be_the_evaluator_has_not_excluded_it(
    words: Words, examples: int
) -> None:
    def draw(chance: Chance) -> tuple[Policy, World, list[World]]:
        policy = policy_of(chance, words, measured=True, counted=True)
        world = world_of(chance, names_in(policy), vague=ANYTHING, sure_members=False)
        return policy, world, [turned_out(chance, world) for _ in range(6)]

    def holds(policy: Policy, world: World, turns: list[World]) -> None:
        result = answered(policy, world)
        names_what_is_missing(result, world)
        for each in turns:
            allows(result, decide(policy, each, first(policy)))

    for_all(draw, examples, holds)


@at_length
@pytest.mark.parametrize("words", WITH_DAYS, ids=WITH_DAYS_NAMED)
def test_learning_a_fact_never_turns_an_answer_into_another_nor_widens_it(words: Words, examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World, World]:
        policy = policy_of(chance, words, measured=True, counted=True)
        world = world_of(chance, names_in(policy), vague=ANYTHING, sure_members=False)
        learned = [fact for fact in world.open_questions() if chance.coin()]
        return policy, world, world.learn({fact: chance.one(possible_values(world, fact)) for fact in learned})

    def holds(policy: Policy, world: World, wiser: World) -> None:
        before, after = answered(policy, world), answered(policy, wiser)
        if before.outcome is not Outcome.UNDETERMINED:
            assert after.outcome is before.outcome
            assert debts(after) == debts(before)
            assert (after.permission, after.classified) == (before.permission, before.classified)
        elif after.outcome is Outcome.UNDETERMINED:
            assert set(after.otherwise) <= set(before.otherwise)
            assert lies_within(after, before)

    for_all(draw, examples, holds)


def lies_within(after: Result, before: Result) -> bool:
    """Whether the amounts that are still possible were possible before."""
    if after.between is None:
        return True
    if before.between is None:
        return False
    low, high = before.between.low, before.between.high
    return (low is None or (after.between.low is not None and low.minor <= after.between.low.minor)) and (
        high is None or (after.between.high is not None and after.between.high.minor <= high.minor)
    )


@at_length
@pytest.mark.parametrize("words", [LED_RIDE_WORDS, TOUR_WORDS], ids=["a ride", "a tour"])
def test_whoever_learns_all_that_is_missing_has_an_answer(words: Words, examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World, World]:
        policy = policy_of(chance, words, measured=True)
        world = world_of(chance, names_in(policy), vague=(*CATEGORIES, Kind.MONEY))
        learned = {fact: chance.one(possible_values(world, fact)) for fact in world.unsettled()}
        missing = {(each.record, each.field) for each in answered(policy, world).missing}
        return policy, world, world.learn({fact: learned[fact] for fact in learned if fact[1:] in missing})

    def holds(policy: Policy, world: World, wiser: World) -> None:
        if answered(policy, world).outcome is Outcome.UNDETERMINED:
            assert answered(policy, wiser).outcome is not Outcome.UNDETERMINED

    for_all(draw, examples, holds)


@at_length
def test_the_order_of_the_rules_in_the_document_changes_nothing(examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, World]:
        policy = policy_of(chance, RIDE_WORDS, measured=True, counted=True)
        return policy, world_of(chance, names_in(policy), vague=ANYTHING, sure_members=False)

    def holds(policy: Policy, world: World) -> None:
        turned = replace(policy, rules=policy.rules[::-1])
        assert in_no_order(answered(policy, world)) == in_no_order(answered(turned, world))

    for_all(draw, examples, holds)


def in_no_order(result: Result) -> tuple[object, ...]:
    """All that a result says, without the order in which it says it; who is liable too may be any of several."""
    return (
        result.outcome, debts(result), result.permission, result.classified, set(result.because),
        {each.rule for each in result.displaced}, result.between, set(result.otherwise), set(result.unsettled),
        set(result.missing), set(result.read),
    )  # fmt: skip


def possible_characters(giving: Policy, world: World) -> list[Plain]:
    """What the character of the tour is for others: a class, none where no rule answers, else any of these."""
    ways = {decide(giving, each, ("tour", "T1")) for each in completions(world)}
    if len(ways) > 1 or next(iter(ways)).outcome is Outcome.CONFLICT:
        return [*giving.classes, NONE]
    (way,) = ways
    return [way.classified if way.classified is not None else NONE]


@at_length
def test_a_policy_reads_what_another_gives_and_its_conflict_or_doubt_as_unknown(examples: int) -> None:
    def draw(chance: Chance) -> tuple[Policy, Policy, World]:
        giving = policy_of(chance, TOUR_WORDS, parts=("class",), gives=("tour", "character"), most=3)
        compared: list[Expression] = [Compare("=", path("tour.character"), Literal(each)) for each in giving.classes]
        # Said more than once, so that most policies drawn speak of it.
        extra = (*compared, IsNone(path("tour.character"))) * 5
        reading = policy_of(chance, LED_RIDE_WORDS, parts=PURE, extra=extra, most=4)
        world = world_of(chance, names_in(giving) | names_in(reading), vague=CATEGORIES)
        return replace(giving, name="small/giving"), replace(reading, name="small/reading"), world

    def holds(giving: Policy, reading: Policy, world: World) -> None:
        result = answered(reading, world, (giving,))
        ways = [
            way
            for character in possible_characters(giving, world)
            for way in every_way(reading, world, ("ride", "R1"), {("tour", "T1", "character"): character})
        ]
        is_exactly(result, ways)
        conflict = answered(giving, world).outcome is Outcome.CONFLICT
        names_what_is_missing(result, world, frozenset({"character"}) if conflict else frozenset())

    for_all(draw, examples, holds)


def ticked(number: int, *exception_to: str) -> Rule:
    """A rule that covers a slip if one of its boxes is ticked, and asks ten times its number."""
    return slip_rule(str(number), path(SLIP_BOXES[number - 1]), 10 * number, exception_to)


def slip_rule(number: str, when: Expression | None, asks: int, exception_to: tuple[str, ...] = ()) -> Rule:
    """A rule about slips."""
    box = Version(
        rule=number, cite="Model Code", in_force=Days(None, None), exception_to=exception_to, prevails_over=(),
        when=when, owes=(Share(amount(str(asks)), CITY),), permission=None, classified=None,
    )  # fmt: skip
    return Rule(number, "A box", "Text.", (box,))


def slips(*rules: Rule) -> Policy:
    """A policy about slips."""
    return Policy(
        name="small/slips", question="What of this slip?", for_each="slip", on=path("dated"), jurisdiction="nowhere",
        currency="EUR", rounding=Rounding.HALF_UP, step=1, gives=None, restated=True, rules=rules,
        definitions=(), examples=(), title="Slips",
    )  # fmt: skip


BLANK_SLIP = World(
    {
        **{("slip", "S1", box): UNKNOWN for box in SLIP_BOXES},
        ("slip", "S1", "dated"): Days.read("2020-05-05"),
    }
)
"""A slip on which no box can be read."""


def euros(result: Result) -> tuple[str | None, str | None]:
    """The least and the greatest amount of an undetermined result."""
    assert result.between is not None
    low, high = result.between.low, result.between.high
    return (None if low is None else low.digits, None if high is None else high.digits)


def test_4096_ways_are_all_taken() -> None:
    # Twelve boxes; a rule that covers when none is ticked makes "no rule" impossible, which only every way can tell.
    boxes = tuple(path(box) for box in SLIP_BOXES[:12])
    none_ticked = slip_rule("0", Not(Or(boxes)), 5)
    result = answered(slips(*(ticked(number) for number in range(1, 13)), none_ticked), BLANK_SLIP)
    assert result.outcome is Outcome.UNDETERMINED
    assert euros(result) == ("5.00", "120.00")
    assert result.otherwise == ("conflict",)
    assert {each.field for each in result.missing} == set(SLIP_BOXES[:12])


def test_above_4096_ways_every_rule_that_may_cover_counts() -> None:
    # Thirteen boxes that cannot be read are 8,192 ways; the rule of the fourteenth surely does not cover.
    known = BLANK_SLIP.learn({("slip", "S1", "box8"): False})
    result = answered(slips(*(ticked(number) for number in range(1, 15))), known)
    assert result.outcome is Outcome.UNDETERMINED
    assert euros(result) == ("10.00", "140.00")
    assert {"no rule", "conflict"} <= set(result.otherwise)
    assert {each.field for each in result.missing} == set(SLIP_BOXES) - {"box8"}


def test_above_4096_ways_a_rule_that_surely_covers_counts_beside_its_exceptions() -> None:
    always = slip_rule("0", None, 500)
    result = answered(slips(always, *(ticked(number, "0") for number in range(1, 15))), BLANK_SLIP)
    assert result.outcome is Outcome.UNDETERMINED
    assert euros(result) == ("10.00", "500.00")
    assert "conflict" in result.otherwise
    assert result.missing
