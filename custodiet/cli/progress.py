"""A progress bar on stderr, shown only at a terminal and only after a second."""

import sys
import time
from types import TracebackType
from typing import Self

from custodiet.base.text import escaped

_PATIENCE = 1
_WIDTH = 30
_REDRAWS_PER_SECOND = 10


class Bar:
    """The progress of a piece of work; called with how much is done, of how much, and of what."""

    def __init__(self, what: str) -> None:
        """Name the work."""
        self._what = what
        self._began = time.monotonic()
        self._next = self._began + _PATIENCE
        self._drawn = False

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line as it was found."""
        if self._drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Draw the bar, if stderr is a terminal and it is time."""
        now = time.monotonic()
        if now < self._next or not sys.stderr.isatty():
            return
        self._next = now + 1 / _REDRAWS_PER_SECOND
        self._drawn = True
        line = bar(f"{self._what} {escaped(what)}".strip(), done, total)
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)


def bar(what: str, done: int, total: int) -> str:
    """One line that shows the progress of the work.

    >>> bar("deciding", 1, 4)
    '███████·······················  25 %  deciding'
    """
    share = done * 100 // total if total else 100
    full = share * _WIDTH // 100
    return f"{'█' * full}{'·' * (_WIDTH - full)} {share:3} %  {what}"
