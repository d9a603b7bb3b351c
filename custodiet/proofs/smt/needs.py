"""What a world must have room for: how many questions are asked about each of its sets, found out by drawing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import z3

from custodiet.proofs.smt.values import Condition, Formula

Key = tuple[str | int, ...]
"""How a record is reached from the one asked about: references up, a set's name and a number down."""

Ids = tuple[int, ...]
"""The solver's numbers of some formulas; it keeps one formula for all that are built alike."""

TOLD_APART = 3
"""Up to so many counts and sums of one set are held against each other; more are each taken by itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How many questions are asked about a set."""

    shown: int = 0
    """By `any` and `all`, which one record can show."""
    counted: int = 0
    """By `count` and `sum`."""

    def most(self, other: "Asked") -> "Asked":
        """Room for the questions of two sets of one kind."""
        return Asked(max(self.shown, other.shown), max(self.counted, other.counted))

    @property
    def witnesses(self) -> int:
        """How many records show every answer that there can be."""
        sorts = 2**self.counted - 1 if self.counted <= TOLD_APART else self.counted
        return max(1, self.shown + sorts)


@dataclass(frozen=True, slots=True)
class Needs:
    """What an earlier drawing of the same world found out: how large its sets must be, and which records it has."""

    asked: Mapping[Key, Asked] = field(default_factory=dict)
    records: tuple[tuple[Key, str], ...] = ()
    """The key and type of each."""

    def of(self, key: Key) -> Asked:
        """What is asked about a set; all sets of one kind are drawn alike."""
        return self.asked.get(_shape(key), Asked())


class Noted:
    """The questions that are asked about the sets of one world.

    A question is known by where the records of its set meet its condition, not by its words: in another law the same
    words can ask something else, by another definition of a name, and so they can where something else is supposed of
    what is open.
    """

    def __init__(self, most: int | None) -> None:
        """Nothing is asked yet; no set can hold more than `most` records, if that is given."""
        self._most = most
        self._questions: dict[Key, dict[tuple[bool, Ids], Sequence[Formula]]] = {}

    def note(self, key: Key, meets: Sequence[Condition], *, counted: bool) -> None:
        """Note a question about a set, by `count` or `sum` if it is `counted`."""
        formulas = [formula for each in meets for formula in (each.yes, each.no)]
        # They are kept: an address is free for another once a formula is gone.
        self._questions.setdefault(key, {})[counted, ids(formulas)] = formulas

    def needs(self, records: tuple[tuple[Key, str], ...]) -> Needs:
        """What the next drawing can begin with."""
        asked: dict[Key, Asked] = {}
        for key, questions in self._questions.items():
            asked[_shape(key)] = self._asked(questions).most(asked.get(_shape(key), Asked()))
        return Needs(asked, records)

    def _asked(self, questions: Mapping[tuple[bool, Ids], object]) -> Asked:
        counted = sum(by_number for by_number, _ in questions)
        shown = len(questions) - counted
        # Where the size of a set is bounded, more questions than that ask for no more room.
        return Asked(shown, counted) if self._most is None else Asked(min(shown, self._most), min(counted, 1))


def ids(formulas: Sequence[z3.ExprRef]) -> Ids:
    """What tells formulas from others, as long as they are kept."""
    return tuple(each.get_id() for each in formulas)


def _shape(key: Key) -> Key:
    """A key without the numbers in it."""
    return tuple(part for part in key if isinstance(part, str))
