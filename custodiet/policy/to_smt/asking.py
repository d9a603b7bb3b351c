"""Asks the solver whether something can ever be, in worlds drawn as closely as it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

import z3

from custodiet.policy.ast import Policy
from custodiet.policy.to_smt.example import Size, Written, preferences, written
from custodiet.policy.to_smt.records import Drawing, Plan, World
from custodiet.policy.to_smt.rules import scale_of
from custodiet.policy.to_smt.terms import YES, Formula, all_of
from custodiet.records import Types

T = TypeVar("T")
R = TypeVar("R")

DRAWINGS_MOST = 5
"""After so many drawings an exact world is taken as it is, and leaves out what would only be drawn later."""
RECORDS = (1, 3)
"""How many records a set of an exact world holds at most: first small worlds are searched, then larger ones."""
SIMPLE = (1, 2, 3)
"""The numbers that a divisor or factor is tried with where the solver cannot tell for all numbers."""
AT_MOST = (0, 1, 3, 10, 100, 1000, 10**9)
"""Up to how much a number of an example may be, tried one after the other."""
STEPS_TO_CHOOSE = 300_000
"""How many steps the solver may take to find out whether an example can be made plainer in one respect."""

UNFINISHED = "the solver did not come to an end with the effort given"
SETS = f"it may turn on more than {RECORDS[-1]} records of one set, and no more are searched"
OPEN = "it may turn on a rate that stands in no row, on a division by zero, or on a policy that has no answer"


class CameOut(Enum):
    """What came of a question."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Effort:
    """How much the solver may do for one question, in steps of its own, so that every machine comes equally far."""

    steps: int = 10_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """What came of asking whether something can ever be: never (proved), it can (refuted), or nobody can say."""

    came_out: CameOut
    where: Formula = YES
    """What was found to be possible, if it was."""
    most: int = 0
    """How many records the sets of the exact world hold in which it was."""
    why: str = ""
    """Why nobody can say."""


@dataclass(frozen=True, eq=False, slots=True)
class Drawn(Generic[T]):
    """A world drawn to its end, and what was read in it."""

    world: World
    read: T


class Asking(Generic[T]):
    """Some policies, and what is asked about one record of a type under them."""

    def __init__(
        self,
        policies: Sequence[Policy],
        for_each: str,
        types: Types,
        read: Callable[[World], T],
        sketch: Callable[[World], object],
        effort: Effort,
    ) -> None:
        """`read` reads in a world all that will be asked about, `sketch` the part that finds most of what it needs.

        Each drawing begins with sketches, which are quick, and ends with what is read whole.
        """
        self._policies, self._for_each, self._types = policies, for_each, types
        self._read, self._sketch, self._effort = read, sketch, effort
        self._drawn: dict[tuple[Drawing, int], Drawn[T]] = {}

    def never(self, what: Callable[[T], Formula], at_most: Callable[[T], Formula] | None = None) -> Found:
        """Whether something can be, expecting that it cannot.

        `what` is where it surely is; `at_most` is where it may be, if something that is open leaves that in doubt.
        """
        widest = at_most or what
        return self._rules_out(widest, Drawing.ROUGH) or self._finds(what) or self._at_last(what, widest)

    def ever(self, what: Callable[[T], Formula], at_most: Callable[[T], Formula] | None = None) -> Found:
        """Whether something can be, expecting that it can; asked as `never` is."""
        widest = at_most or what
        return self._finds(what) or self._rules_out(widest, Drawing.ROUGH) or self._at_last(what, widest)

    def _rules_out(self, what: Callable[[T], Formula], drawing: Drawing) -> Found | None:
        """That it can never be; None if that is not certain."""
        drawn = self.drawn(drawing)
        never = self._check(drawn.world, what(drawn.read)) == z3.unsat
        return Found(CameOut.PROVED) if never else None

    def _finds(self, what: Callable[[T], Formula]) -> Found | None:
        """An exact world in which it is; None if none was found."""
        for most in RECORDS:
            drawn = self.drawn(Drawing.EXACT, most)
            formula = what(drawn.read)
            status = self._check(drawn.world, formula)
            where = self._simply(drawn.world, formula) if status == z3.unknown else formula
            if status != z3.unsat and where is not None:
                return Found(CameOut.REFUTED, where, most)
            if not drawn.world.has_sets:
                break
        return None

    def _at_last(self, what: Callable[[T], Formula], widest: Callable[[T], Formula]) -> Found:
        """A last attempt to rule it out, and why nobody can say if that fails."""
        drawn = self.drawn(Drawing.CLOSE)
        status = self._check(drawn.world, widest(drawn.read))
        if status == z3.unsat:
            return Found(CameOut.PROVED)
        if status == z3.unknown:
            return Found(CameOut.UNDECIDED, why=UNFINISHED)
        surely = self._rules_out(what, Drawing.CLOSE)
        return Found(CameOut.UNDECIDED, why=SETS if surely is None else OPEN)

    def drawn(self, drawing: Drawing, most: int = 0) -> Drawn[T]:
        """The world drawn in one way: again, until it has room for all that is asked of it."""
        if (drawing, most) not in self._drawn:
            self._drawn[drawing, most] = self._draw(drawing, most)
        return self._drawn[drawing, most]

    def _draw(self, drawing: Drawing, most: int) -> Drawn[T]:
        _, _, plan = self._drawn_by(self._sketch, drawing, most, Plan())
        world, read, _ = self._drawn_by(self._read, drawing, most, plan)
        return Drawn(world, read)

    def _drawn_by(self, read: Callable[[World], R], drawing: Drawing, most: int, plan: Plan) -> tuple[World, R, Plan]:
        """A world with room for all that something reads in it, that, and its plan."""
        scale = scale_of(self._policies)
        for _ in range(DRAWINGS_MOST):
            world = World(self._types, self._for_each, drawing, plan, scale, most)
            found, before, plan = read(world), plan, world.close()
            if plan == before:
                break
        return world, found, plan

    def _check(self, world: World, formula: Formula) -> z3.CheckSatResult:
        """Ask the plain solver, which is quick; and where it cannot tell, the one with the better arithmetic."""
        status = self._solver(z3.SimpleSolver(), world, formula).check()
        return status if status != z3.unknown else self._solver(z3.Solver(), world, formula).check()

    def _solver(self, solver: z3.Solver, world: World, formula: Formula) -> z3.Solver:
        solver.set("rlimit", self._effort.steps)
        solver.add(*world.assumed, formula)
        return solver

    def _simply(self, world: World, formula: Formula) -> Formula | None:
        """The same, with a simple number for every divisor and factor, if it can be so."""
        for number in SIMPLE:
            simple = all_of([formula, *(factor == number for factor in world.factors)])
            if self._check(world, simple) == z3.sat:
                return simple
        return None

    def plainest(self, found: Found) -> Written:
        """The plainest of the worlds in which something was found to be."""
        world = self.drawn(Drawing.EXACT, found.most).world
        solver = self._solver(z3.SimpleSolver(), world, found.where)
        if solver.check() != z3.sat:
            solver = self._solver(z3.Solver(), world, found.where)
            solver.check()
        model = solver.model()
        solver.set("rlimit", STEPS_TO_CHOOSE)
        for preference in preferences(world, self._policies[-1]):
            if isinstance(preference, Size):
                model = _smallest(preference, solver, model)
                continue
            for choice in preference:
                chosen = _with(choice, solver, model)
                if chosen is not None:
                    model = chosen
                    solver.add(choice)
                    break
        return written(world, model, self._policies)


def _with(choice: Formula, solver: z3.Solver, model: z3.ModelRef) -> z3.ModelRef | None:
    """The world found so far, if it is as chosen; else one that is, if the solver soon finds it."""
    if z3.is_true(model.eval(choice, model_completion=True)):
        return model
    return solver.model() if solver.check(choice) == z3.sat else None


def _smallest(size: Size, solver: z3.Solver, model: z3.ModelRef) -> z3.ModelRef:
    """A world with the least such number of whole units, or else of their parts, as far as the solver soon finds it.

    The number is kept from then on.
    """
    for unit in dict.fromkeys((size.unit, 1)):
        too_few, found = -1, None
        for most in AT_MOST:
            found = _with(size.within(most, unit), solver, model)
            if found is not None:
                break
            too_few = most
        if found is None:
            continue
        model, enough = found, _number(size, found) // unit
        while enough - too_few > 1:
            middle = (too_few + enough) // 2
            found = _with(size.within(middle, unit), solver, model)
            if found is None:
                too_few = middle
            else:
                model, enough = found, _number(size, found) // unit
        solver.add(size.number == enough * unit)
        return model
    return model


def _number(size: Size, model: z3.ModelRef) -> int:
    return int(str(model.eval(size.number, model_completion=True)))
