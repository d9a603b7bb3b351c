"""Turns by residual: what is the same for all records that leave the same rules open (`evaluation.turns`).

Cases are drawn so that each of five kinds occurs by which a record's questions could be miscounted: one fact in two
comparisons, two paths to one record, a date narrowed by a stretch, an open list value held against a known one, a rate
looked up by an open key. For each kind there is a mutant of the evaluator that leaves it out, and is found out.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.truth import Truth
from custodiet.policy.analysis.intervals import Open, Term, compare
from custodiet.policy.analysis.plan import Atom, Compare, Fact, Rate, Route
from custodiet.policy.evaluation import expressions
from custodiet.policy.evaluation.evaluate import Evaluation, Evaluator
from custodiet.policy.evaluation.expressions import ON, Reading, Scope
from custodiet.policy.evaluation.memo import Memo
from custodiet.policy.evaluation.turns import Residual, Table, Turns, turn_of, turns_of
from custodiet.policy.language import ast
from custodiet.policy.language.ast import Literal, Policy, RateRow, RateTable
from custodiet.records import NONE, UNKNOWN, Field, Kind, Value
from tests.oracle.chance import Chance
from tests.oracle.names import names_in
from tests.oracle.strategies import PEOPLE, PERIODS, RIDE_WORDS, amount, is_, less, path, policy_of, world_of
from tests.oracle.two_valued import every_way
from tests.oracle.worlds import PURPOSES, World
from tests.policy.evaluation.test_evaluate_against_worlds import first, is_exactly

FARES = RateTable(
    "fares",
    ("purpose",),
    (("each", ""),),
    tuple(RateRow((purpose,), ANY_DAY, (Fraction(10 * place),), "law") for place, purpose in enumerate(PURPOSES, 1)),
)
"""A rate for each purpose: 10, 20, 30."""
FARE = ast.Rate("fares", "each", (path("purpose"),), path("taken_on"))
NEW_YEAR, SUMMER = (Literal(Days.read(day)) for day in ("2021-01-01", "2020-07-01"))

WORDS: dict[str, tuple[ast.Expression, ...]] = {
    "one fact in two comparisons": (*(is_("purpose", each) for each in PURPOSES), path("on_duty")),
    "two paths to one record": (path("rider.adult"), path("companion.adult"), path("on_duty")),
    "a date narrowed by a stretch": (less(path("taken_on"), SUMMER), less(path("taken_on"), NEW_YEAR), path("on_duty")),
    "an open list value against a known one": (
        ast.Compare("=", path("purpose"), path("tour.kind")),
        *(is_("purpose", each) for each in PURPOSES[:2]),
    ),
    "a rate by an open key": (
        ast.Compare("<=", FARE, amount("10")),
        ast.Compare("=", FARE, amount("30")),
        *(is_("purpose", each) for each in PURPOSES[:2]),
    ),
}
"""What the conditions of a drawn policy speak of, by the kind of case that it is to reach."""
KINDS = tuple(WORDS)
FEW = 512
"""Of how many completions each is read by itself."""
CASES = 100
"""How many cases of each kind are drawn."""


def cases(kind: str, many: int = CASES) -> Iterator[tuple[Policy, World]]:
    """Policies and worlds that may be of a kind."""
    for seed in range(many):
        chance = Chance.of(seed)
        words = replace(RIDE_WORDS, on=(path("taken_on"),), categories=WORDS[kind])
        policy = replace(policy_of(chance, words, parts=("money", "permission", "class")), rates=(FARES,))
        world = world_of(chance, names_in(policy), vague=(Kind.YES_NO, Kind.LIST))
        yield policy, world.learn(opened(chance, kind))


def opened(chance: Chance, kind: str) -> dict[tuple[str, str, str], Any]:
    """What is left open of the first ride, besides what the world leaves open."""
    match kind:
        case "two paths to one record":
            both = {("ride", "R1", "rider"): "P1", ("ride", "R1", "companion"): chance.one(PEOPLE)}
            return both | {("person", each, "adult"): UNKNOWN for each in PEOPLE}
        case "a date narrowed by a stretch":
            return {("ride", "R1", "taken_on"): chance.one((UNKNOWN, *PERIODS))}
        case _:
            return {("ride", "R1", "purpose"): UNKNOWN}


def evaluation(policy: Policy, world: World, evaluator: Evaluator | None = None) -> Evaluation:
    """The first ride, read plainly."""
    evaluator = evaluator or Evaluator([policy], world.facts(), remember=False)
    return Evaluation(evaluator.plan(policy), world.record(*first(policy)), world.facts(), evaluator.decide, None)


def is_of(kind: str, policy: Policy, world: World) -> bool:
    """Whether a case is really of a kind: what would be miscounted is among the open questions."""
    asked = evaluation(policy, world)
    facts = [str(fact.route) for atom, _ in asked.plan.tests for fact in facts_of(atom)]
    open_facts = {question[1:] for question in asked.questions if question[0] == "fact"}
    purpose = ("ride", "R1", ("purpose",)) in open_facts
    match kind:
        case "one fact in two comparisons":
            return purpose and facts.count("purpose") > 1
        case "two paths to one record":
            one = world.cells["ride", "R1", "rider"] == world.cells["ride", "R1", "companion"]
            return one and bool(open_facts) and {"rider.adult", "companion.adult"} <= set(facts)
        case "a date narrowed by a stretch":
            return len(asked.stretches) > 1 and "taken_on" in facts
        case "an open list value against a known one":
            return purpose and "tour.kind" in facts and world.cells["tour", "T1", "kind"] is not UNKNOWN
        case _:
            return purpose and any(isinstance(atom.test, Compare) and isinstance(atom.test.left, Rate) for atom, _ in
                                   asked.plan.tests)  # fmt: skip


def facts_of(atom: Atom) -> Iterator[Fact]:
    """The facts that a test compares or asks for."""
    sides = (atom.test.left, atom.test.right) if isinstance(atom.test, Compare) else (getattr(atom.test, "term", None),)
    yield from (side for side in sides if isinstance(side, Fact))


@cache
def cases_of(kind: str) -> tuple[tuple[Policy, World], ...]:
    """The drawn cases that are really of a kind."""
    return tuple((policy, world) for policy, world in cases(kind) if is_of(kind, policy, world))


def differs_from_logic(kind: str) -> bool:
    """Whether the evaluator and ordinary logic over every completion part ways in some case of a kind."""
    for policy, world in cases_of(kind):
        result = Evaluator([policy], world.facts(), remember=False).decide(policy, world.record(*first(policy)))
        try:
            is_exactly(result, every_way(policy, world, first(policy)))
        except AssertionError:
            return True
    return False


# The properties


@pytest.mark.parametrize("kind", KINDS)
def test_the_cases_are_of_their_kind_and_ordinary_logic_says_the_same(kind: str) -> None:
    assert len(cases_of(kind)) >= CASES // 10
    assert not differs_from_logic(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_turns_are_those_of_every_completion_read_by_itself_and_one_residual_has_one_set_of_turns(kind: str) -> None:
    by_residual: dict[tuple[str, Residual], object] = {}
    alike = beyond = asked_about = 0
    for number, (policy, world) in enumerate(cases(kind)):
        evaluator = Evaluator([policy], world.facts(), remember=False)
        for facts in (world, *turned(world)):
            asked = evaluation(policy, facts, evaluator)
            asked_about += 1
            if asked.completions > FEW:
                beyond += 1
                continue
            residual, read = asked.residual(), read_by_themselves(asked)
            turns = turns_of(residual)
            assert [turn.truths for turn in turns.each] == [truths for _, truths in read]
            for turn, (stretch, truths) in zip(turns.each, read, strict=True):
                alone = turn_of(asked.plan.layout(stretch), truths)
                assert (turn.standing, turn.displaced, turn.carrying, turn.against) == (
                    alone.standing, alone.displaced, alone.carrying, alone.against,
                )  # fmt: skip
            if not policy.currency:
                # Where nothing but rules decides, records of one residual have one answer, for one reason.
                result = asked.weighed().result
                said = (result.outcome, result.permission, result.classified, result.because, result.displaced,
                        result.otherwise, result.unsettled)  # fmt: skip
                key = str(number), residual
                alike += key in by_residual
                assert by_residual.setdefault(key, said) == said
    assert alike > 0
    assert beyond < asked_about // 20


def read_by_themselves(asked: Evaluation) -> list[tuple[Days, tuple[Truth, ...]]]:
    """For every completion: the stretch of days, and each version's truth, read with all questions settled at once."""
    found = []
    for answers in product(*asked.questions.values()):
        completion = dict(zip(asked.questions, answers, strict=True))
        stretch = completion[ON]
        assert isinstance(stretch, Days)
        reading = Reading(asked.facts, asked.plan, asked.give, completion, asked.on, inside=asked.inside)
        truths = [each.version.in_force.holds(stretch) for each in asked.plan.versions]
        for number, each in enumerate(asked.plan.versions):
            if each.when is not None:
                truths[number] &= reading.holds(each.when, (asked.record,))
        found.append((stretch, tuple(truths)))
    return found


def turned(world: World) -> Iterator[World]:
    """Worlds that are nearly alike: one fact that a policy may speak of is another, or is known, or is not."""
    yield world.learn({("ride", "R1", "on_duty"): UNKNOWN})
    yield world.learn({("ride", "R1", "on_duty"): True, ("tour", "T1", "kind"): PURPOSES[1]})
    yield world.learn({("ride", "R1", "purpose"): PURPOSES[0]})
    yield world.learn({("ride", "R1", "taken_on"): Days.read("2020-06/2021-02")})


def remembered_wrongly(kind: str, many: int = CASES) -> bool:
    """Whether an evaluator that remembers, asked about one record after another, ever says otherwise than plainly."""
    for policy, world in cases(kind, many):
        worlds = [world, *turned(world)]
        for ordered in (worlds, worlds[::-1]):
            remembering = Evaluator([policy], world.facts())
            for each in ordered:
                facts, record = each.facts(), each.record(*first(policy))
                told = remembering.among(facts).weigh(policy, record)
                plainly = Evaluator([policy], facts, remember=False).weigh(policy, record)
                said = told.result, set(told.possible.each), told.completions
                if said != (plainly.result, set(plainly.possible.each), plainly.completions):
                    return True
    return False


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("many", [pytest.param(40), pytest.param(1_000, marks=pytest.mark.slow)])
def test_what_is_remembered_changes_no_answer(kind: str, many: int) -> None:
    assert not remembered_wrongly(kind, many)


# What leaves a kind out is found out


def per_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """One fact in two comparisons is two questions."""
    asking: list[int] = []
    climbed = vars(expressions)["_Climbed"]
    plain_tested, plain_question = vars(Reading)["_tested"], climbed.question

    def tested(self: Reading, atom: Atom, scope: Scope) -> Truth:
        asking.append(atom.number)
        holds: Truth = plain_tested(self, atom, scope)
        asking.pop()
        return holds

    def question(self: object) -> tuple[object, ...]:
        return (*plain_question.fget(self), *asking[-1:])

    monkeypatch.setattr(Reading, "_tested", tested)
    monkeypatch.setattr(climbed, "question", property(question))


def per_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two paths to one record are two questions."""
    plain = vars(Reading)["_climb"]

    def climb(self: Reading, route: Route, scope: Scope) -> SimpleNamespace:
        climbed = plain(self, route, scope)
        asked = climbed.question if len(route.names) == 1 else ("fact", "", "", route.names)
        return SimpleNamespace(
            record=climbed.record, left=climbed.left, may_be_none=climbed.may_be_none, question=asked
        )

    monkeypatch.setattr(Reading, "_climb", climb)


def not_narrowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A date is as wide in each stretch as in all of them."""
    monkeypatch.setattr(Reading, "_narrowed", lambda _, days, __: days)


def only_with_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list value that is held against another fact is no question of its own: the comparison is."""
    plain = vars(Reading)["_tested"]

    def unasked(self: Reading, fact: Fact, scope: Scope) -> Term:
        climbed = self._climb(fact.route, scope)
        value = NONE if climbed.record is None else self._value(climbed.record, fact.field)
        return Open(fact.may_be_none) if value is UNKNOWN else self._known(value, climbed.question)

    def tested(self: Reading, atom: Atom, scope: Scope) -> Truth:
        match atom.test:
            case Compare("=", Fact(_, Field(kind=Kind.LIST)) as left, Fact() as right):
                one, other = unasked(self, left, scope), unasked(self, right, scope)
                return self._settled(compare("=", one, other), atom, scope, one, other)
            case _:
                holds: Truth = plain(self, atom, scope)
                return holds

    monkeypatch.setattr(Reading, "_tested", tested)


def key_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rate leaves the question of its key out."""
    plain = vars(Reading)["_rate"]

    def rate(self: Reading, rate: Rate, scope: Scope) -> Term:
        asked = len(self.questions)
        term: Term = plain(self, rate, scope)
        del self.questions[asked:]
        return term

    monkeypatch.setattr(Reading, "_rate", rate)


MUTANTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = dict(
    zip(KINDS, (per_test, per_path, not_narrowed, only_with_what_is_written, key_not_asked), strict=True)
)


@pytest.mark.parametrize("kind", KINDS)
def test_an_evaluator_that_leaves_a_kind_out_is_found_out(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not differs_from_logic(kind)
    MUTANTS[kind](monkeypatch)
    assert differs_from_logic(kind)


def without_questions(residual: Residual) -> object:
    """A residual of which it is not known which questions the tables are about."""
    return replace(residual, versions=tuple(Table((), table.truths) for table in residual.versions))


def without_tables(residual: Residual) -> object:
    """A residual of which it is not known how the versions turn out."""
    return replace(residual, versions=tuple(Table(table.questions, ()) for table in residual.versions))


def without_layouts(residual: Residual) -> object:
    """A residual of which it is not known which rules displace which."""
    return replace(residual, layouts=())


def classifying(*versions: ast.Version) -> Policy:
    """A policy of one box a rule."""
    rules = tuple(ast.Rule(each.rule, "A rule", "Text.", (each,)) for each in versions)
    return replace(next(cases(KINDS[0]))[0], rules=rules, definitions=(), currency="", on=path("taken_on"))


def box(number: str, when: ast.Expression, classified: str, over: tuple[str, ...] = (), life: str = "") -> ast.Version:
    """A rule that classifies; `life` is a year in which alone it is in force."""
    in_force = Days.read(life) if life else ANY_DAY
    return ast.Version(number, "law", in_force, (), over, when, None, None, classified)


def otherwise(policy: Policy, *worlds: World) -> list[tuple[str, ...]]:
    """What one evaluator says of the first ride of some worlds, one after the other."""
    evaluator = Evaluator([policy], worlds[0].facts())
    results = [evaluator.among(each.facts()).decide(policy, each.record("ride", "R1")) for each in worlds]
    return [(each.outcome.value, *sorted(each.otherwise)) for each in results]


def test_a_rank_passes_on_through_a_rule_only_while_that_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule 1 outranks rule 2, which outranks rule 3; rule 2 covers nothing here, and ends with 2020."""
    duty = path("on_duty")
    policy = classifying(
        box("1", duty, "calm", ("2",)), box("2", ast.Not(duty), "busy", ("3",), "2020"), box("3", duty, "grave")
    )
    world = next(cases(KINDS[0]))[1].learn({("ride", "R1", "on_duty"): True})
    in_2020, in_2021 = (
        world.learn({("ride", "R1", "taken_on"): Days.read(day)}) for day in ("2020-07-01", "2021-03-15")
    )
    assert otherwise(policy, in_2020, in_2021) == [("classified",), ("conflict",)]
    remembering_by(without_layouts, monkeypatch)
    assert otherwise(policy, in_2020, in_2021) == [("classified",), ("classified",)]


def test_which_two_rules_ask_one_question_is_part_of_what_remains(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule 1 asks whether the rider is of age, rule 2 the companion, rule 3 the leader, who is one of the two."""
    rider, companion, leader = (path(f"{who}.adult") for who in ("rider", "companion", "tour.leader"))
    policy = classifying(
        box("1", rider, "calm"),
        box("2", ast.And((companion, path("on_duty"))), "calm"),
        box("3", ast.Not(leader), "busy"),
    )
    rode: dict[tuple[str, str, str], Value] = {("ride", "R1", "rider"): "P1", ("ride", "R1", "companion"): "P2"}
    open_now = {("person", each, "adult"): UNKNOWN for each in PEOPLE} | {("ride", "R1", "on_duty"): UNKNOWN}
    world = next(cases(KINDS[1]))[1].learn(rode).learn(open_now)
    rider_leads, companion_leads = (world.learn({("tour", "T1", "leader"): each}) for each in PEOPLE)
    one = ("undetermined", "busy", "calm", "conflict")
    assert otherwise(policy, rider_leads, companion_leads) == [one, (*one, "no rule")]
    remembering_by(without_questions, monkeypatch)
    assert otherwise(policy, rider_leads, companion_leads) == [one, one]


def test_a_memo_that_knows_nothing_of_the_tables_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    remembering_by(without_tables, monkeypatch)
    assert any(remembered_wrongly(kind) for kind in KINDS)


def remembering_by(key: Callable[[Residual], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a memo take residuals for the same of which a part is."""
    kept: dict[object, Turns] = {}

    def remembered(self: Memo, residual: Residual) -> Turns:
        return kept.setdefault((id(self), key(residual)), turns_of(residual))

    monkeypatch.setattr(Memo, "turns_of", remembered)
