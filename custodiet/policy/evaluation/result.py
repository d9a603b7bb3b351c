"""What a policy answers for one record: computed, not decided."""

import re
from dataclasses import dataclass
from enum import Enum

from custodiet.base.money import Money
from custodiet.records import NONE, UNKNOWN, Value

UNKNOWN_PAYER, NOBODY = "unknown ({})", "nobody ({})"
"""Who pays by a path that leads to somebody who is not known, and by one that is known to lead to nobody."""
HINDSIGHT = "hindsight: the law did not say this when the act happened"
"""What stands beside a result of a law that was laid over an older act."""
EARLIER_LAW = "a law of an earlier day: the law no longer said this when the act happened"
"""What stands beside a result of a law that was laid over a younger act."""


class Outcome(Enum):
    """What came out; each result counts once, by the first of these that fits (DESIGN §8)."""

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
    """A fact that is not known, and who would hold it."""

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
    """Who is liable for it too; empty if nobody."""
    worked: str = ""
    """The formula with the values it was worked out from, before rounding."""


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
    """A field that the answer was read from."""

    record: str
    field: str
    value: str
    """As a cell holds it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest amount that are possible; None is no bound."""

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
    """For an undetermined result where an amount is asked."""
    otherwise: tuple[str, ...] = ()
    """The other possible answers of an undetermined result: 'no rule', 'conflict', 'permitted', a class …"""
    unsettled: tuple[str, ...] = ()
    """The rules on which an undetermined answer turns."""
    missing: tuple[Missing, ...] = ()
    read: tuple[FactRead, ...] = ()
    hindsight: bool = False
    """Whether the law that was in force when the act happened did not surely say the same."""
    by_earlier_law: bool = False
    """Of a result so marked: whether the law that gave it is older than the act, and so no hindsight."""

    @property
    def mark(self) -> str:
        """What to say of a result that the law of the act's own day did not surely give; empty if it did.

        >>> Result("p", "seat", "S1", Outcome.NO_RULE, hindsight=True).mark.partition(":")[0]
        'hindsight'
        """
        return "" if not self.hindsight else EARLIER_LAW if self.by_earlier_law else HINDSIGHT


def given_value(result: Result) -> Value:
    """What the answer of a policy that gives a field makes of that field."""
    if result.outcome is Outcome.NO_RULE:
        return NONE
    if result.outcome in (Outcome.UNDETERMINED, Outcome.CONFLICT) or result.classified is None:
        return UNKNOWN
    return result.classified
