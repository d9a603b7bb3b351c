"""Asks the solver whether something is possible, in worlds modelled as closely as necessary."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

import z3

from custodiet.policy.language.ast import Policy
from custodiet.proofs.smt.budget import MEMORY, UNFINISHED, Budget, Spent
from custodiet.proofs.smt.example import Size, Written, preferences, written
from custodiet.proofs.smt.needs import Needs
from custodiet.proofs.smt.values import Formula, all_of
from custodiet.proofs.smt.worlds import Drawing, World
from custodiet.records import Types

T = TypeVar("T")
R = TypeVar("R")

DRAWINGS_MOST = 5
"""After so many drawings an exact world is taken as it is, and leaves out what would only be drawn later."""
RECORDS = (1, 3)
"""The most records in a set of an exact world: first small worlds are searched, then larger ones."""
SIMPLE = (1, 2, 3)
"""The numbers tried for a divisor or factor if the solver cannot decide for all numbers."""
AT_MOST = (0, 1, 3, 10, 100, 1000, 10**9)
"""Up to how much a number of an example may be, tried one after the other."""
STEPS_TO_CHOOSE = 300_000
"""How many steps the solver may take to find out whether an example can be made plainer in one respect."""

LIMIT_MOST = 2**32 - 2
"""The greatest limit that the solver accepts; it treats a larger one as no limit."""
STOPPED, NO_TIMEOUT = "canceled", "4294967295"
"""Words of the solver's."""

SETS = f"it may turn on more than {RECORDS[-1]} records of one set, and no more are searched"
OPEN = "it may turn on a rate that is in no row, on a division by zero, or on a policy that has no answer"


class CameOut(Enum):
    """The outcome of a question."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """Whether something is possible: never (proved), it is (refuted), or undecided."""

    came_out: CameOut
    world: World | None = None
    """The exact world in which it was found to be, if it was."""
    solver: z3.Solver | None = None
    """The solver that found it there."""
    why: str = ""
    """Why it is undecided."""


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
        budget: Budget,
    ) -> None:
        """`read` reads in a world all that will be asked about, `sketch` the part that finds most of what it needs.

        Each drawing begins with sketches, which are quick, and ends with what is read whole.
        """
        self._policies, self._for_each, self._types = policies, for_each, types
        self._read, self._sketch, self._budget = read, sketch, budget
        self._drawn: dict[tuple[Drawing, int], Drawn[T]] = {}

    def never(self, what: Callable[[T], Formula], at_most: Callable[[T], Formula] | None = None) -> Found:
        """Whether something can be, expecting that it cannot.

        `what` is where it certainly is; `at_most` is where it may be, if something that is open leaves that in doubt.
        """
        widest = at_most or what

        def asked() -> Found:
            return self._rules_out(widest, Drawing.ROUGH) or self._finds(what) or self._at_last(what, widest)

        return bounded(self._budget, asked, undecided)

    def ever(self, what: Callable[[T], Formula], at_most: Callable[[T], Formula] | None = None) -> Found:
        """Whether something can be, expecting that it can; asked as `never` is."""
        widest = at_most or what

        def asked() -> Found:
            return self._finds(what) or self._rules_out(widest, Drawing.ROUGH) or self._at_last(what, widest)

        return bounded(self._budget, asked, undecided)

    def _rules_out(self, what: Callable[[T], Formula], drawing: Drawing) -> Found | None:
        """That it can never be; None if that is not certain."""
        drawn = self.drawn(drawing)
        never = self._check(drawn.world, what(drawn.read)).said == z3.unsat
        return Found(CameOut.PROVED) if never else None

    def _finds(self, what: Callable[[T], Formula]) -> Found | None:
        """An exact world in which it is; None if none was found."""
        for most in RECORDS:
            drawn = self.drawn(Drawing.EXACT, most)
            formula = what(drawn.read)
            checked = self._check(drawn.world, formula)
            if checked.said == z3.unknown:
                checked = self._simply(drawn.world, formula)
            if checked.said == z3.sat:
                return Found(CameOut.REFUTED, drawn.world, checked.solver)
            if not drawn.world.has_sets:
                break
        return None

    def _at_last(self, what: Callable[[T], Formula], widest: Callable[[T], Formula]) -> Found:
        """A last attempt to rule it out, and why nobody can say if that fails."""
        drawn = self.drawn(Drawing.CLOSE)
        status = self._check(drawn.world, widest(drawn.read)).said
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
        _, _, needs = self._drawn_by(self._sketch, drawing, most, Needs())
        world, read, _ = self._drawn_by(self._read, drawing, most, needs)
        return Drawn(world, read)

    def _drawn_by(
        self, read: Callable[[World], R], drawing: Drawing, most: int, needs: Needs
    ) -> tuple[World, R, Needs]:
        """A world with room for all that something reads in it, that, and what the world needs."""
        currency = next((policy.currency for policy in self._policies if policy.currency), "")
        for _ in range(DRAWINGS_MOST):
            world = World(self._types, self._for_each, drawing, needs, currency, most, self._budget.spend)
            found, before, needs = read(world), needs, world.close()
            if needs == before:
                break
        return world, found, needs

    def _check(self, world: World, formula: Formula) -> "_Checked":
        """Ask the plain solver, which is quick; and where it cannot tell, the one with the better arithmetic."""
        for solver in (z3.SimpleSolver(), z3.Solver()):
            self._budget.spend(1 + len(world.assumed))
            solver.add(*world.assumed, formula)
            status = self.ask(solver, self._budget.question)
            if status != z3.unknown:
                break
        return _Checked(status, solver)

    def ask(self, solver: z3.Solver, steps: int, *choices: Formula) -> z3.CheckSatResult:
        """Ask a solver, which may take some steps; they are spent."""
        allowed = min(steps, self._budget.left, LIMIT_MOST)
        solver.set("rlimit", allowed)
        before = _steps_of(solver)
        status = solver.check(*choices)
        taken = _steps_of(solver) - before
        # While it works, the solver takes an interrupt for itself and only says that it was stopped.
        if status == z3.unknown and solver.reason_unknown() == STOPPED and taken < allowed and not _has_timeout():
            raise KeyboardInterrupt
        self._budget.spend(taken)
        return status

    def _simply(self, world: World, formula: Formula) -> "_Checked":
        """The same, with a simple number for every divisor and factor, if it can be so."""
        for number in SIMPLE:
            checked = self._check(world, all_of([formula, *(factor == number for factor in world.factors)]))
            if checked.said == z3.sat:
                break
        return checked

    def plainest(self, found: Found) -> Written:
        """The plainest of the worlds in which something was found to be."""
        world, solver = found.world, found.solver
        if world is None or solver is None:
            raise TypeError(found)
        model = solver.model()
        choosing = _Choosing(self, solver)
        for preference in preferences(world, self._policies[-1]):
            if isinstance(preference, Size):
                model = choosing.smallest(preference, model)
                continue
            for choice in preference:
                chosen = choosing.having(choice, model)
                if chosen is not None:
                    model = chosen
                    solver.add(choice)
                    break
        return written(world, model, self._policies)


@dataclass(frozen=True, eq=False, slots=True)
class _Checked:
    """What a solver said, and the solver."""

    said: z3.CheckSatResult
    solver: z3.Solver


@dataclass(frozen=True, eq=False, slots=True)
class _Choosing:
    """Makes what a solver found plainer, one choice after the other."""

    asking: Asking[Any]
    solver: z3.Solver

    def having(self, choice: Formula, model: z3.ModelRef) -> z3.ModelRef | None:
        """The world found so far, if it is as chosen; else one that is, if the solver soon finds it."""
        if z3.is_true(model.eval(choice, model_completion=True)):
            return model
        return self.solver.model() if self.asking.ask(self.solver, STEPS_TO_CHOOSE, choice) == z3.sat else None

    def smallest(self, size: Size, model: z3.ModelRef) -> z3.ModelRef:
        """A world with the least such number of whole units, or else of their parts, as far as it is soon found.

        The number is kept from then on.
        """
        for unit in dict.fromkeys((size.unit, 1)):
            too_few, found = -1, None
            for most in AT_MOST:
                found = self.having(size.within(most, unit), model)
                if found is not None:
                    break
                too_few = most
            if found is None:
                continue
            model, enough = found, _number(size, found) // unit
            while enough - too_few > 1:
                middle = (too_few + enough) // 2
                found = self.having(size.within(middle, unit), model)
                if found is None:
                    too_few = middle
                else:
                    model, enough = found, _number(size, found) // unit
            self.solver.add(size.number == enough * unit)
            return model
        return model


def bounded(budget: Budget, find: Callable[[], R], otherwise: Callable[[str], R]) -> R:
    """What is found within the bounds of a proof; else something that says which of them was reached."""
    try:
        with budget.stoppable():
            return find()
    except Spent:
        return otherwise(UNFINISHED)
    except z3.Z3Exception as failed:
        if STOPPED in str(failed):
            raise KeyboardInterrupt from failed
        if "memory" not in str(failed):
            raise
        return otherwise(MEMORY)


def undecided(why: str) -> Found:
    """That nobody can say, and why."""
    return Found(CameOut.UNDECIDED, why=why)


def _steps_of(solver: z3.Solver) -> int:
    """How many steps have been taken so far, by all solvers together."""
    return int(solver.statistics().get_key_value("rlimit count"))


def _has_timeout() -> bool:
    """Whether somebody gave the solver a time to stop at, as this program does not."""
    return bool(z3.get_param("timeout") != NO_TIMEOUT)


def _number(size: Size, model: z3.ModelRef) -> int:
    return int(str(model.eval(size.number, model_completion=True)))
