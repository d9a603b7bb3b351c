"""The answer of a policy for one record: computed, not decided."""

import re
from dataclasses import dataclass
from enum import Enum

from custodiet.base.money import Money
from custodiet.records import NONE, UNKNOWN, Value

UNKNOWN_PAYER, NOBODY = "unknown ({})", "nobody ({})"
"""How a payer is shown whose path leads to an unknown person, and one whose path is known to lead to nobody."""
HINDSIGHT = "hindsight: the law did not say this when the act happened"
"""The note on a result of a law applied to an older act."""
EARLIER_LAW = "a law of an earlier day: the law no longer said this when the act happened"
"""The note on a result of a law applied to a later act."""


class Outcome(Enum):
    """The outcome; each result counts once, under the first of these that fits (DESIGN §8)."""

    UNDETERMINED = "undetermined"
    CONFLICT = "conflict"
    NO_RULE = "no rule"
    FORBIDDEN = "forbidden"
    OWES = "owes"
    PERMITTED = "permitted"
    NOTHING_DUE = "nothing due"
    CLASSIFIED = "classified"


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """An unknown fact, and who would hold it."""

    record: str
    field: str
    held_by: str


@dataclass(frozen=True, slots=True)
class Debt:
    """What one payer owes."""

    payer: str
    """A person's id, a body's name, `unknown (occupant)`, or `nobody (occupant)` where the path is known to be none."""
    amount: Money
    liable: str = ""
    """Who else is liable for it; empty if nobody."""
    worked: str = ""
    """The formula with the values used, before rounding."""


_PATH = re.compile(r"(unknown|nobody) \((.+)\)")


def path_of(payer: str) -> str:
    """The path by which rules name a payer who has no name: who is not known, or is nobody; empty for any other.

    >>> path_of("unknown (trip.answerable)"), path_of("nobody (occupant)"), path_of("guest-1")
    ('trip.answerable', 'occupant', '')
    """
    match = _PATH.fullmatch(payer)
    return match[2] if match else ""


def is_nobody(payer: str) -> bool:
    """Whether the path by which rules name a payer is known to lead to nobody."""
    return payer == NOBODY.format(path_of(payer))


@dataclass(frozen=True, slots=True, order=True)
class Displaced:
    """A rule that covers the record but does not stand, and the rule that displaces it."""

    rule: str
    by: str


@dataclass(frozen=True, slots=True)
class FactRead:
    """A field on which the answer rests."""

    record: str
    field: str
    value: str
    """As a cell holds it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest possible amount; None means there is no bound."""

    low: Money | None
    high: Money | None

    def __str__(self) -> str:
        """For people.

        >>> str(Bounds(Money(100, "EUR"), None)), str(Bounds(None, None))
        ('at least 1.00 EUR, without upper bound', 'any amount')
        """
        low, high = self.low, self.high
        if low is not None and high is not None:
            return f"between {low} and {high}" if low != high else str(low)
        if low is not None:
            return f"at least {low}, without upper bound"
        return "any amount" if high is None else f"at most {high}"


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of one policy for one record, and why."""

    policy: str
    type: str
    record: str
    outcome: Outcome
    debts: tuple[Debt, ...] = ()
    permission: str | None = None
    classified: str | None = None
    because: tuple[str, ...] = ()
    """The rules that stand, and so decide."""
    displaced: tuple[Displaced, ...] = ()
    between: Bounds | None = None
    """The bounds of an undetermined amount."""
    otherwise: tuple[str, ...] = ()
    """The other possible answers of an undetermined result: 'no rule', 'conflict', 'permitted', a class …"""
    unsettled: tuple[str, ...] = ()
    """The rules on which an undetermined answer depends."""
    missing: tuple[Missing, ...] = ()
    read: tuple[FactRead, ...] = ()
    hindsight: bool = False
    """Whether the law in force at the time of the act may have said something else."""
    by_earlier_law: bool = False
    """For a result so marked: whether the law applied is older than the act, so that this is not hindsight."""

    @property
    def mark(self) -> str:
        """The note on a result that the law in force on the day of the act may not have given; empty if it did.

        >>> Result("p", "seat", "S1", Outcome.NO_RULE, hindsight=True).mark.partition(":")[0]
        'hindsight'
        """
        return "" if not self.hindsight else EARLIER_LAW if self.by_earlier_law else HINDSIGHT


def given_value(result: Result) -> Value:
    """The value of a given field according to the policy's answer."""
    if result.outcome is Outcome.NO_RULE:
        return NONE
    if result.outcome in (Outcome.UNDETERMINED, Outcome.CONFLICT) or result.classified is None:
        return UNKNOWN
    return result.classified
