"""The solver and the evaluator node by node: in a world where all is known, a formula says what a reading says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

import pytest
import z3

from custodiet.base.dates import numbered
from custodiet.base.truth import Truth
from custodiet.policy.analysis.intervals import Number
from custodiet.policy.analysis.plan import Atom, Plans
from custodiet.policy.analysis.plan import Term as Planned
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.expressions import Reading
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.document import read_document
from custodiet.proofs.smt.budget import Budget
from custodiet.proofs.smt.evaluate import weighed
from custodiet.proofs.smt.example import Written, written
from custodiet.proofs.smt.solver import Asking
from custodiet.proofs.smt.values import Condition, Term, is_no
from custodiet.proofs.smt.worlds import Drawing, Thing, World
from custodiet.records import NONE, Types, core_types
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from tests.meaning import document
from tests.oracle.chance import Chance
from tests.oracle.deep_words import deep, deep_ride_words, giving
from tests.oracle.strategies import LED_RIDE_WORDS, TOUR_WORDS, policy_of
from tests.oracle.worlds import WORLD_TYPES

MOST = 2
"""How many records a set holds at most."""
STEPS_MOST = 3
"""How many steps away from the record asked about others are read too: `tour.ride.0`."""
WORLDS = 8
"""How many worlds are found for each policy."""
ASKED_MOST = 8
"""How many tests a world is made to meet or not to meet, or fields to be none, as far as that can be."""
Scope = tuple[Thing, ...]


@dataclass(frozen=True)
class Formulas:
    """What a policy reads, as formulas: its tests in every scope, and its amounts and payers."""

    tests: list[tuple[Atom, Scope, Condition]]
    amounts: list[tuple[Planned, Term]]
    payers: list[tuple[Planned, Term]]


def formulas(policy: Policy, plans: Plans, world: World) -> Formulas:
    """What the solver reads in a world, of the record asked about and of others that it has there."""
    rules = weighed(policy, plans, world)
    plan, reading, root = rules.plan, rules.reading, (rules.thing,)
    shares = [share for version in plan.versions for share in version.shares]
    people = [who.person for share in shares for who in (share.payer, share.liable) if who and who.person]
    tests = [(atom, scope) for atom, types in plan.tests for scope in scopes(world, types)]
    return Formulas(
        [(atom, scope, reading.holds(atom, scope)) for atom, scope in tests],
        [(share.amount, reading.term(share.amount, root)) for share in shares],
        [(person, reading.term(person, root)) for person in people],
    )


def scopes(world: World, types: Sequence[str]) -> Iterator[Scope]:
    """Records in which a test of a scope can be read: few, and such as every drawing of a world has."""
    things = [thing for thing in world.things.values() if len(thing.key) <= STEPS_MOST]
    of_each = ([thing for thing in things if thing.type == name] for name in types)
    return product(*of_each)


@dataclass(frozen=True)
class Found:
    """A world that the solver found, with the facts as which it was written down."""

    world: World
    model: z3.ModelRef
    written: Written

    def holds(self, formula: z3.BoolRef) -> bool:
        return bool(z3.is_true(self.model.eval(formula, model_completion=True)))

    def truth(self, condition: Condition) -> Truth:
        return Truth.YES if self.holds(condition.yes) else Truth.NO if self.holds(condition.no) else Truth.UNKNOWN

    def number(self, term: Term) -> object:
        """The number that a formula comes to."""
        if self.holds(term.none):
            return NONE
        exact = self.model.eval(term.value, model_completion=True)
        return exact.as_fraction() if z3.is_rational_value(exact) else exact.as_long()

    def records(self, scope: Scope) -> tuple[Record, ...] | None:
        """The records of a scope; None where one of them is not there."""
        if not all(self.holds(thing.there) for thing in scope):
            return None
        return tuple(self.written.facts.find(thing.type, self._id(thing)) for thing in scope)

    def _id(self, thing: Thing) -> str:
        """The id under which a record was written down: that of the first way to it; of a day, its date."""
        if thing.type in self.world.daily:
            daily = self.world.daily[thing.type]
            on = self.model.eval(self.world.fields[thing.key, daily.on.name].value, model_completion=True)
            return f"{self._id(thing.above[daily.reference.name])}/{numbered(on.as_long()).isoformat()}"
        ways = (each for each in self.world.things.values() if each.type == thing.type and self.holds(each.there))
        return next(str(each) or each.type for each in ways if self.holds(each.id == thing.id))


def worlds(policy: Policy, policies: Sequence[Policy], types: Types, seed: int) -> Iterator[tuple[Found, Formulas]]:
    """Some worlds in which tests turn out by chance, each with what is read there."""
    plans = Plans(policies, types)

    def read(world: World) -> Formulas:
        return formulas(policy, plans, world)

    drawn = Asking(policies, policy.for_each, types, read, read, Budget()).drawn(Drawing.EXACT, MOST)
    solver, random = z3.Solver(), Random(seed)  # noqa: S311 - which worlds are drawn is no secret
    solver.add(*drawn.world.assumed)
    wanted = [part for _, _, condition in drawn.read.tests for part in (condition.yes, condition.no)]
    wanted += [term.none for term in drawn.world.fields.values() if not is_no(term.none)]
    for _ in range(WORLDS):
        solver.push()
        for part in random.sample(wanted, min(ASKED_MOST, len(wanted))):
            if solver.check(part) == z3.sat:
                solver.add(part)
        assert solver.check() == z3.sat
        yield Found(drawn.world, solver.model(), written(drawn.world, solver.model(), policies)), drawn.read
        solver.pop()


def hold_against(policy: Policy, policies: Sequence[Policy], types: Types, seed: int) -> list[Truth]:
    """Hold every formula against the reading of the same facts; how the tests turned out."""
    turned_out: list[Truth] = []
    evaluator = Evaluator(policies, Facts((), types=types))
    for here, read in worlds(policy, policies, types, seed):
        reading = evaluator.among(here.written.facts).reading(policy)
        for atom, scope, condition in read.tests:
            records = here.records(scope)
            if records is not None:
                truth = here.truth(condition)
                # Of what the solver leaves open, such as a division by zero, ranges may settle more.
                assert truth in (Truth.UNKNOWN, reading.holds(atom, records)), (seed, str(atom.written), records)
                turned_out.append(truth)
        asked = (here.written.record,)
        for amount, term in read.amounts:
            if not here.holds(term.open):
                assert here.number(term) == value(reading, amount, asked), (seed, amount)
        people = [(term, value(reading, person, asked)) for person, term in read.payers]
        for (one, left), (other, right) in product(people, repeat=2):
            nobody = here.holds(one.none) or here.holds(other.none)
            assert (not nobody and here.holds(one.value == other.value)) is (left == right != NONE), seed
    return turned_out


def value(reading: Reading, planned: Planned, records: tuple[Record, ...]) -> object:
    """The value that the evaluator reads; a number by itself, if it is known."""
    term = reading.term(planned, records)
    return term.range.value if isinstance(term, Number) and term.range.known else term


@pytest.mark.parametrize("seeds", [range(12), pytest.param(range(12, 600), marks=pytest.mark.slow)])
def test_a_test_of_a_small_law_is_the_same_to_solver_and_evaluator(seeds: range) -> None:
    turned_out: list[Truth] = []
    for seed in seeds:
        chance = Chance.of(seed)
        given = giving(chance)
        words = (LED_RIDE_WORDS, TOUR_WORDS, deep_ride_words(given))[seed % 3]
        policy = deep(policy_of(chance, words, measured=True, counted=True))
        turned_out += hold_against(policy, [given, policy], WORLD_TYPES, seed)
    assert min(turned_out.count(Truth.YES), turned_out.count(Truth.NO)) > len(turned_out) / 5


@pytest.mark.parametrize(
    "rules",
    [
        "define\ntrip.pays = answerable\n\nRule 1\nowes 10 from pays else protectee",
        "define\nleg.cost = full_coach_fare / seats\n\nRule 1\nwhen sum(leg.cost) < 100\nowes sum(leg.cost) from 'x'",
        "define\nleg.cost = full_coach_fare / (seats - 2)\n\nRule 1\nowes sum(leg.cost) from 'x'",
        "Rule 1\nwhen any(leg where certified_on = authorization.approved_on)\nowes 1 from 'x'",
        "Rule 1\nwhen count(day where any(event where sort = 'official')) < count(day) - 1\nowes 1 from 'x'",
    ],
)
def test_what_is_asked_of_a_trip_is_the_same_to_solver_and_evaluator(rules: str) -> None:
    policy = read_document(document(rules, for_each="trip", on="departed_on"), "law.md").policy
    assert policy is not None
    assert Truth.UNKNOWN not in hold_against(policy, [policy], core_types(), 0)
