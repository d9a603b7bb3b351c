"""How much a proof may do, counted in steps, so that it comes equally far on every machine.

A step is what the solver counts as one (z3's `rlimit`), about a microsecond's work. What this program does itself, to
build what it asks and to have the evaluator confirm what was found, is counted in steps of the same size.
"""

STEPS = 10_000_000
"""How many steps one question to the solver may take, where nobody says otherwise."""
WHOLE = 5
"""How many times as many the whole proof may take."""
PART = 100
"""How many steps a part of a formula counts for that this program builds."""
WAY = 30
"""How many steps it counts for that the evaluator asks one box of a rule, in one way that what is open turns out."""

UNFINISHED = "the solver did not come to an end with the effort given"
MEMORY = "the solver came to the end of the memory that it may use"


class Spent(Exception):  # noqa: N818 - it names what happened
    """All the steps that a proof may take are taken."""


class Budget:
    """The steps that are left for a proof, or for a part of it."""

    def __init__(self, steps: int | None = None) -> None:
        """`steps` are those of one question, STEPS if none are named; the whole takes at most WHOLE times as many."""
        self.question = STEPS if steps is None else steps
        self.left = WHOLE * self.question
        self._of: Budget | None = None

    def share(self) -> "Budget":
        """Half of what is left, for one part of several: no part leaves nothing to those after it."""
        half = Budget(self.question)
        half.left, half._of = self.left // 2, self
        return half

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.left <= 0

    def spend(self, steps: int) -> None:
        """Take some steps; raises Spent once there are none left."""
        self.left -= steps
        if self._of is not None:
            self._of.left -= steps
        if self.spent:
            raise Spent
