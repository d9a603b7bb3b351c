"""The budget of a proof, counted in steps so that it gets equally far on every machine, and where it can be stopped.

A step is what the solver counts as one (z3's `rlimit`), about a microsecond's work. What this program does itself, to
build what it asks and to have the evaluator confirm what was found, is counted in steps of the same size.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

STEPS = 10_000_000
"""The default number of steps for one question to the solver."""
WHOLE = 5
"""The whole proof may take this many times as many."""
PART = 100
"""The steps charged for each part of a formula that this program builds."""
WAY = 30
"""The steps charged for evaluating one box of a rule under one completion."""

UNFINISHED = "the solver did not come to an end with the effort given"
MEMORY = "the solver came to the end of the memory that it may use"


class Spent(Exception):  # noqa: N818 - it names what happened
    """The budget of a proof is used up."""


class Budget:
    """The steps that are left for a proof, or for a part of it."""

    def __init__(self, steps: int | None = None) -> None:
        """`steps` are those of one question, STEPS if none are named; the whole takes at most WHOLE times as many."""
        self.question = STEPS if steps is None else steps
        self.left = WHOLE * self.question
        self._of: Budget | None = None
        self._interrupted = False

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
        if self._interrupted:
            raise KeyboardInterrupt
        self.left -= steps
        if self._of is not None:
            self._of.spend(steps)
        if self.spent:
            raise Spent

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """Take an interrupt where the next steps are spent.

        Anywhere else it could hit one of the solver's objects while it is made or deleted, and be printed or lost.
        """
        if signal.getsignal(signal.SIGINT) is not signal.default_int_handler or current_thread() is not main_thread():
            yield  # Somebody else takes interrupts, or this is a part of what can be stopped already.
            return

        def note(*_: object) -> None:
            self._interrupted = True

        signal.signal(signal.SIGINT, note)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if self._interrupted:
                raise KeyboardInterrupt
