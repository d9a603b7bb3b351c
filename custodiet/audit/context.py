"""Where a record belongs: the trip, its character, the cost class and the basis that totals are grouped by."""

from dataclasses import dataclass

from custodiet.audit.run import Audit
from custodiet.policy.evaluation.result import Outcome, Result
from custodiet.records import NONE, Value
from custodiet.records.facts import Facts
from custodiet.records.record import Record

NO_TRIP = "no trip"
TRIP_UNKNOWN = "trip unknown"

_TOWARDS_A_TRIP = ("trip", "serves", "leg")
"""References that lead to a record's trip; a voucher of an advance visit is of no trip but serves one."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a record is part of."""

    trip: str
    """The trip's id, or that there is none or none known."""
    character: str
    """What the pack's policies conclude about that trip."""
    cost_class: str
    basis: str
    """How we know of the record."""


class Contexts:
    """The context of every record of an audit."""

    def __init__(self, audit: Audit) -> None:
        """Read the characters of trips from the audit's own results."""
        self._facts = audit.view.facts
        giver = next((policy for policy in audit.pack.policies if policy.gives == ("trip", "character")), None)
        self._concluded = giver is not None
        self._characters = {
            result.record: _character(result)
            for result in audit.results
            if giver is not None and result.policy == giver.name
        }

    def of(self, result: Result) -> Context:
        """The context of the record that a result is about."""
        record = self._facts.find(result.type, result.record)
        trip = trip_of(self._facts, record)
        return Context(trip, self._character_of(trip), _cost_class(record), _basis(self._facts, record))

    def _character_of(self, trip: str) -> str:
        if trip in (NO_TRIP, TRIP_UNKNOWN):
            return trip
        if not self._concluded:
            return "no policy of the pack concludes it"
        return self._characters.get(trip, "a trip that is not recorded")


def trip_of(facts: Facts, record: Record) -> str:
    """The trip a record is part of: its own, or that of its leg; or that there is none, or that it is unknown.

    >>> from custodiet.records import core_types
    >>> leg = Record("leg", "L1", {"trip": "T1"})
    >>> facts = Facts([leg], core_types())
    >>> trip_of(facts, Record("seat", "S1", {"leg": "L1"})), trip_of(facts, Record("voucher", "V1", {"trip": NONE}))
    ('T1', 'trip unknown')
    >>> trip_of(facts, Record("voucher", "V1", {"trip": NONE, "serves": NONE}))
    'no trip'
    """
    definition = facts.types[record.type]
    if record.type == "trip":
        return record.id
    ways = [name for name in _TOWARDS_A_TRIP if name in definition.names]
    for name in ways:
        target = record.value(name)
        if isinstance(target, str):
            above = definition.field(name).refers_to
            return target if above == "trip" else trip_of(facts, facts.find(above, target))
    return NO_TRIP if all(record.value(name) is NONE for name in ways) else TRIP_UNKNOWN


def _character(result: Result) -> str:
    return result.classified if result.outcome is Outcome.CLASSIFIED and result.classified else result.outcome.value


def _cost_class(record: Record) -> str:
    if record.type != "voucher":
        return f"no cost class ({record.type.replace('_', ' ')})"
    return _words(record.value("cost_class"), "cost class")


def _basis(facts: Facts, record: Record) -> str:
    daily = facts.daily.get(record.type)
    if daily is not None:
        record = facts.find(daily.above.name, str(record.value(daily.reference.name)))
    return _words(record.value("basis"), "basis")


def _words(value: Value, name: str) -> str:
    return value if isinstance(value, str) else f"{name} unknown"
