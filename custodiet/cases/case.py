"""A case: the records of one docket that are its steps, in order of their dates, and which bears on which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Money
from custodiet.base.truth import Truth, truth
from custodiet.policy.packs.procedure import STEPS
from custodiet.records import NONE, UNKNOWN, Kind, Value, core_types
from custodiet.records.facts import Facts
from custodiet.records.record import Record

_THREADS = (
    "settlement", "order", "determination", "finding", "notice", "draft_finding", "allegation", "complaint",
)  # fmt: skip
"""What two steps can have in common, closest first."""

NOTIFIED = ("finding", "determination", "order")
"""What a notice can precede; notice of one of these is not notice of another."""


@dataclass(frozen=True)
class Case:
    """The steps of the case in one docket, and all its other records.

    >>> order = Record("order", "O1", {"made_on": Days.read("2023-06-15")})
    >>> [step.id for step in Case(Facts([order], core_types())).timeline]
    ['O1']
    """

    facts: Facts

    set_aside: frozenset[str] = frozenset()
    """The types with a row that could not be read; such a register cannot be vouched for."""

    @cached_property
    def currency(self) -> str:
        """The one currency of the docket, taken from its sums; empty if it has none."""
        records = (each for name in self.facts.types for each in self.facts.of(name))
        sums = (value for each in records for value in each.values.values() if isinstance(value, Money))
        return next((each.currency for each in sums), "")

    def vouches(self, type_name: str, during: Days) -> bool:
        """Whether somebody vouches that every record of a type in a period is recorded."""
        return type_name not in self.set_aside and self.facts.is_vouched(type_name, during)

    def of(self, type_name: str) -> tuple[Record, ...]:
        """Every record of a type, by date and then by id; records without a known date come last."""
        if type_name not in self._registers:
            self._registers[type_name] = tuple(sorted(self.facts.of(type_name), key=_by_date))
        return self._registers[type_name]

    def find(self, type_name: str, id_: str) -> Record:
        """The record with that id; a record without any known field, if the ledger does not have it."""
        return self.facts.find(type_name, id_)

    @cached_property
    def _registers(self) -> dict[str, tuple[Record, ...]]:
        return {}

    @cached_property
    def timeline(self) -> tuple[Record, ...]:
        """Every step of the case, by date; steps that never happened, such as a notice never served, come last."""
        return tuple(sorted((step for name in STEPS for step in self.of(name)), key=_by_date))

    def bears_on(self, earlier: Record, step: Record) -> Truth:
        """Whether an earlier step belongs to this one: both refer to the same record, by the closest tie they share.

        Two steps without a common tie belong together, since a docket holds one case.

        >>> notice = Record("notice", "N1", {"draft_finding": "D1"})
        >>> Case(Facts([notice], core_types())).bears_on(notice, Record("finding", "F1", {"draft_finding": "D2"}))
        Truth.NO
        """
        mine, other = self._threads(step), self._threads(earlier)
        ahead_of = earlier.value("ahead_of") if earlier.type == "notice" and step.type in NOTIFIED else step.type
        meant = Truth.UNKNOWN if ahead_of is UNKNOWN else truth(ahead_of == step.type)
        for tie in _THREADS:
            if tie in mine and tie in other:
                return meant & _same(mine[tie], other[tie])
        return meant

    def earlier(self, step: Record, type_name: str) -> tuple[tuple[Record, Truth], ...]:
        """The records of another type that belong, or may belong, to this step, each with whether it does."""
        found = ((each, self.bears_on(each, step)) for each in self.of(type_name))
        return tuple((each, belongs) for each, belongs in found if belongs is not Truth.NO)

    def _threads(self, record: Record) -> Mapping[str, Value]:
        """The records that a record leads to: per type, the id, or the mark that it is unknown."""
        found: dict[str, Value] = {}
        above = [record]
        while above:
            each = above.pop()
            found.setdefault(each.type, each.id)
            for field in core_types()[each.type].fields:
                if field.kind is Kind.REFERENCE and field.refers_to in _THREADS and field.refers_to not in found:
                    target = each.value(field.name)
                    if isinstance(target, str):
                        above.append(self.find(field.refers_to, target))
                    elif target is UNKNOWN:
                        found[field.refers_to] = UNKNOWN
        return found


def when(record: Record) -> Days | None:
    """The day of a step, as far as it is known; None if it is known never to have happened.

    >>> when(Record("notice", "N1", {"served_on": NONE})) is None
    True
    """
    value = record.value(core_types()[record.type].dated_by[0])
    if value is NONE:
        return None
    return value if isinstance(value, Days) else ANY_DAY


def no_later(one: Days, other: Days) -> Truth:
    """Whether a date is on or before another.

    >>> no_later(Days.read("2024-05-02"), Days.read("2024-05-02"))
    Truth.YES
    """
    if one.last is not None and other.first is not None and one.last <= other.first:
        return Truth.YES
    if one.first is not None and other.last is not None and one.first > other.last:
        return Truth.NO
    return Truth.UNKNOWN


def happened_by(record: Record, on: Days) -> Truth:
    """Whether a step was taken on or before a day."""
    day = when(record)
    return Truth.NO if day is None else no_later(day, on)


def date_reached(record: Record, field: str, on: Days) -> Truth:
    """Whether a date of a record had come by a day; a date that is none never comes."""
    day = record.value(field)
    if day is NONE:
        return Truth.NO
    return no_later(day, on) if isinstance(day, Days) else Truth.UNKNOWN


def says_yes(record: Record, field: str) -> Truth:
    """Whether a yes-or-no field says yes; none says no."""
    value = record.value(field)
    return Truth.UNKNOWN if value is UNKNOWN else truth(value is True)


def _same(one: Value, other: Value) -> Truth:
    return Truth.UNKNOWN if UNKNOWN in (one, other) else truth(one == other)


def _by_date(record: Record) -> tuple[bool, date, int, str]:
    names = core_types()[record.type].dated_by
    day = when(record) if names else None
    first = None if day is None else day.first
    place = STEPS.index(record.type) if record.type in STEPS else len(STEPS)
    return (first is None, first or date.max, place, record.id)
