"""Three-valued truth: yes, no and unknown (Kleene's strong logic, *Introduction to Metamathematics*, 1952, §64).

A missing fact is a third answer, never a quiet *no*: an unknown part leaves the whole unknown
unless the known parts settle it.
"""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """Whether something holds: yes, no, or not known.

    >>> Truth.YES & Truth.UNKNOWN, Truth.NO & Truth.UNKNOWN
    (Truth.UNKNOWN, Truth.NO)
    >>> Truth.YES | Truth.UNKNOWN, Truth.NO | Truth.UNKNOWN
    (Truth.YES, Truth.UNKNOWN)
    >>> ~Truth.UNKNOWN
    Truth.UNKNOWN
    """

    NO = 0
    UNKNOWN = 1
    YES = 2

    def __and__(self, other: "Truth") -> "Truth":
        """Both hold."""
        return self if self._value_ <= other._value_ else other

    def __or__(self, other: "Truth") -> "Truth":
        """At least one holds."""
        return self if self._value_ >= other._value_ else other

    def __invert__(self) -> "Truth":
        """It does not hold."""
        return Truth(2 - self.value)

    def __bool__(self) -> bool:
        """Refused: `if truth:` would read unknown as yes or as no; compare with Truth.YES instead."""
        message = "a Truth has three values; compare it with Truth.YES, Truth.NO or Truth.UNKNOWN"
        raise TypeError(message)

    def __repr__(self) -> str:
        """Name the value, as doctests and messages print it."""
        return f"Truth.{self.name}"


def truth(holds: bool) -> Truth:
    """A bool as a Truth.

    >>> truth(2 < 3)
    Truth.YES
    """
    return Truth.YES if holds else Truth.NO


def all_of(parts: Iterable[Truth]) -> Truth:
    """Whether every part holds; of no parts, yes. Parts after one that does not hold are not asked for.

    >>> all_of([Truth.YES, Truth.UNKNOWN]), all_of([])
    (Truth.UNKNOWN, Truth.YES)
    """
    together = Truth.YES
    for part in parts:
        if part is Truth.NO:
            return part
        if part is Truth.UNKNOWN:
            together = part
    return together


def any_of(parts: Iterable[Truth]) -> Truth:
    """Whether some part holds; of no parts, no. Parts after one that holds are not asked for.

    >>> any_of([Truth.NO, Truth.UNKNOWN]), any_of([])
    (Truth.UNKNOWN, Truth.NO)
    """
    together = Truth.NO
    for part in parts:
        if part is Truth.YES:
            return part
        if part is Truth.UNKNOWN:
            together = part
    return together
