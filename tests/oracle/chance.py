"""Chance: by Hypothesis, which looks for the smallest case that fails, or by a seed, which is cheap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@cache
def _below(number: int) -> st.SearchStrategy[int]:
    return st.integers(0, number - 1)


@dataclass(frozen=True)
class Chance:
    """Draws by number only: a strategy built anew for every draw costs Hypothesis more than the test itself."""

    below: Callable[[int], int]
    """Draws a number from 0 up and below another."""

    @classmethod
    def of(cls, seed: int) -> "Chance":
        """The same draws for the same seed."""
        return cls(Random(seed).randrange)  # noqa: S311 - which worlds are drawn is no secret

    def one(self, things: Sequence[T]) -> T:
        """One of some things; the first is the simplest."""
        return things[self.below(len(things))] if len(things) > 1 else things[0]

    def some(self, things: Sequence[T], many: int) -> tuple[T, ...]:
        """So many of some things, or all if there are fewer, in any order."""
        left, found = list(things), list[T]()
        while left and len(found) < many:
            found.append(left.pop(self.below(len(left)) if len(left) > 1 else 0))
        return tuple(found)

    def coin(self) -> bool:
        """Yes or no."""
        return self.one((False, True))

    def between(self, least: int, most: int) -> int:
        """A number, both ends included."""
        return least + self.below(most - least + 1)


@st.composite
def cases(draw: st.DrawFn, build: Callable[[Chance], T]) -> T:
    """What a function builds by chance."""
    return build(Chance(lambda number: draw(_below(number))))
