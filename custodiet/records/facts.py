"""The records that are known, and what is above and below each of them.

This is all that the law sees of the world: it neither knows nor cares where the facts come from.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from custodiet.base.dates import ANY_DAY, Days, before
from custodiet.base.truth import Truth
from custodiet.records.definitions import Types, both
from custodiet.records.derive import Daily, daily_types, touches
from custodiet.records.field import Field, Kind, RecordType
from custodiet.records.record import Record
from custodiet.records.value import NONE, UNKNOWN, Value


@dataclass(frozen=True, slots=True)
class Vouched:
    """That somebody vouches for a register: over this period, it holds every record of the type."""

    type: str
    during: Days
    by: str


@dataclass(frozen=True, slots=True)
class Unrecorded(Record):
    """What is known of any record that a register may lack: what it would refer to, and when it would have happened.

    It stands for all of them, so a condition that is *no* of it is met by none of them. It is in no register and no set.
    """


@dataclass(frozen=True, slots=True)
class Below:
    """The records of one type below another: each with whether it belongs there, and what may be lacking."""

    members: tuple[tuple[Record, Truth], ...]
    unrecorded: tuple[Unrecorded, ...] = ()
    """Whatever may belong there and was not recorded, by the stretch of days in which it lies; empty if none may."""


def sets_below(types: Types, name: str) -> dict[str, tuple[str, Field]]:
    """The sets of records below a type: name of the set → the type of its members and their reference up.

    >>> from custodiet.records import core_types
    >>> below = sets_below(core_types(), "trip")
    >>> [(name, below[name][0]) for name in ("leg", "voucher", "advance_voucher", "continuation")]
    [('leg', 'leg'), ('voucher', 'voucher'), ('advance_voucher', 'voucher'), ('continuation', 'trip')]
    >>> sorted(sets_below(core_types(), "day"))
    ['event']
    """
    if types[name].derived is not None:
        daily = Daily(types[name], types)
        around = sets_below(types, daily.above.name)
        return {each: around[each] for each in daily.sets if each in around}
    return {
        reference.back or child.name: (child.name, reference)
        for child in types.values()
        for reference in child.fields
        if reference.kind is Kind.REFERENCE and reference.refers_to == name
    }


def belonging(types: Types, child: str, above: str) -> tuple[Field, ...]:
    """The fields that say whether a record of one type belongs to a set below one of another.

    These are its references there, or for what is below a derived record to that which it is derived from; then its
    dates.

    >>> from custodiet.records import core_types
    >>> [field.name for field in belonging(core_types(), "event", "day")]
    ['trip', 'starts_on', 'ends_on']
    """
    definition = types[child]
    to = {above} if types[above].derived is None else {above, Daily(types[above], types).above.name}
    references = (each for each in definition.fields if each.refers_to in to)
    return (*references, *(definition.field(name) for name in definition.dated_by))


class Facts:
    """Records by type and id, with the registers that are vouched complete."""

    def __init__(self, records: Iterable[Record], types: Types, vouched: Iterable[Vouched] = ()) -> None:
        """Index the records; of two with one type and id, the later holds."""
        self.types = types
        self.vouched = tuple(vouched)
        self._by_type: dict[str, dict[str, Record]] = defaultdict(dict)
        self._sets: dict[str, dict[str, tuple[str, Field]]] = {}
        for record in records:
            self._by_type[record.type][record.id] = record
        self.daily = daily_types(types)
        """The types that are made from others."""
        for name, daily in self.daily.items():
            for above in self._by_type[daily.above.name].values():
                self._by_type[name] |= {day.id: day for day in daily.days_of(above)}

    def under(self, law: Types) -> "Facts":
        """The same facts for a law with types of its own; they are themselves where it has no others.

        Raises Refused where the two define a field with different kinds.
        """
        types = both(self.types, law)
        if types is self.types:
            return self
        told = (record for name in self.types if name not in self.daily for record in self.of(name))
        return Facts(told, types, self.vouched)

    def of(self, type_name: str) -> tuple[Record, ...]:
        """Every record of a type, by id."""
        register = self._by_type.get(type_name, {})
        return tuple(register[id_] for id_ in sorted(register))

    def find(self, type_name: str, id_: str) -> Record:
        """The record of that id; a record without known fields, if no entry mentions it."""
        known = self._by_type.get(type_name, {}).get(id_)
        return known or self._possible_day.get((type_name, id_)) or Record(type_name, id_)

    def tells_of(self, type_name: str, id_: str) -> bool:
        """Whether some entry mentions the record with that id."""
        return id_ in self._by_type.get(type_name, {})

    @cached_property
    def possible_days(self) -> Mapping[tuple[str, str], tuple[Record, ...]]:
        """By derived type and the record above: the days of which it is open whether they lie within it.

        Nothing is asked about them by themselves.
        """
        return {
            (name, above.id): tuple(daily.possible_days_of(above))
            for name, daily in self.daily.items()
            for above in self._by_type[daily.above.name].values()
        }

    @cached_property
    def _possible_day(self) -> Mapping[tuple[str, str], Record]:
        return {(day.type, day.id): day for days in self.possible_days.values() for day in days}

    def judgments(self, about: str, question: str) -> tuple[Record, ...]:
        """The judgments, answered or open, on one question about the record of an id; by id."""
        return tuple(self._judgments.get((about, _in_one_line(question)), ()))

    def judged(self, about: str, question: str) -> Value:
        """What was answered to a question about a record; unknown where nobody answered, or answers are at odds.

        Of two answers the later holds; where the days leave open which that is, they are at odds unless they agree.
        An answer that nobody recorded may be either; only where it is known to be none was none given.
        """
        answered = [each for each in self.judgments(about, question) if each.value("answer") is not NONE]
        last = [each for each in answered if not any(_answered_before(each, other) for other in answered)]
        answers = {each.value("answer") for each in last}
        return answers.pop() if len(answers) == 1 else UNKNOWN

    def up(self, record: Record, reference: Field) -> Record | None:
        """The record that a reference names; None if the reference is none or unknown."""
        target = record.value(reference.name)
        return self.find(reference.refers_to, target) if isinstance(target, str) else None

    def below(self, record: Record, name: str) -> Below:
        """The set of records of that name below a record."""
        unrecorded = self.unrecorded(record, name)
        if isinstance(record, Unrecorded):
            return Below((), unrecorded)
        child, reference = self._sets_of(record.type)[name]
        if record.type in self.daily:
            return Below(self._touching(record, child, reference), unrecorded)
        certain, possible = self._referring[child, reference.name]
        members = [(member, Truth.YES) for member in certain.get(record.id, ())]
        members += [(member, Truth.UNKNOWN) for member in possible]
        members += [(day, Truth.UNKNOWN) for day in self.possible_days.get((child, record.id), ())]
        return Below(tuple(members), unrecorded)

    def unrecorded(self, record: Record, name: str) -> tuple[Unrecorded, ...]:
        """What may belong to the set of that name below a record without being recorded, by the days it lies in.

        >>> from custodiet.records import core_types
        >>> vouched = Vouched("voucher", Days.read("2024"), "the comptroller")
        >>> facts = Facts([Record("trip", "T1")], core_types(), [vouched])
        >>> [str(each.value("incurred_on")) for each in facts.unrecorded(facts.find("trip", "T1"), "voucher")]
        ['../2023-12-31', '2025-01-01/..']
        """
        child, reference = self._sets_of(record.type)[name]
        if isinstance(record, Unrecorded):
            # Nothing says that what is below it is unrecorded too: it may be any record of the type.
            return (Unrecorded(child, f"any {child}"),)
        daily = self.daily.get(record.type)
        above = record.id if daily is None else record.value(daily.reference.name)
        return tuple(
            Unrecorded(
                child, f"{name} of {record.id} in {days}", {reference.name: above, **_dated(self.types[child], days)}
            )
            for days in self._open_stretches(record, child, reference)
        )

    def not_vouched_below(self, record: Record, child: str) -> tuple[Days, ...]:
        """The stretches of days for which nobody vouches that the records of a type below a record are all recorded.

        >>> from custodiet.records import core_types
        >>> vouched = Vouched("voucher", Days.read("2024"), "the comptroller")
        >>> facts = Facts([Record("trip", "T1")], core_types(), [vouched])
        >>> [str(days) for days in facts.not_vouched_below(facts.find("trip", "T1"), "voucher")]
        ['../2023-12-31', '2025-01-01/..']
        """
        sets = [reference for name, reference in self._sets_of(record.type).values() if name == child]
        return tuple(
            dict.fromkeys(days for reference in sets for days in self._open_stretches(record, child, reference))
        )

    def _open_stretches(self, record: Record, child: str, reference: Field) -> tuple[Days, ...]:
        """The stretches of days in which something may have happened that refers to a record and was not recorded."""
        # A record that may lie outside the dates of the one above it is looked for at all times.
        period = self.period(record) if reference.within else ANY_DAY
        during = ANY_DAY if period.empty else period
        if child in self.daily:
            return () if self.daily[child].bounded(record) else (during,)
        if record.type in self.daily:
            # What touches this day may have begun before it, and go on after it.
            return tuple(each for each in self.lacking(child, ANY_DAY) if not each.meets(during).empty)
        return self.lacking(child, during)

    def _sets_of(self, type_name: str) -> dict[str, tuple[str, Field]]:
        if type_name not in self._sets:
            self._sets[type_name] = sets_below(self.types, type_name)
        return self._sets[type_name]

    def is_vouched(self, type_name: str, during: Days) -> bool:
        """Whether somebody vouches, for each day of that period, that the register holds every record of the type."""
        return not self.lacking(type_name, during)

    def lacking(self, type_name: str, during: Days) -> tuple[Days, ...]:
        """The stretches of that period for which nobody vouches for the register.

        A record that goes on for several days is in a register that is vouched for any of them.
        """
        left = [during]
        for each in self.vouched:
            if each.type == type_name:
                left = [rest for stretch in left for rest in stretch.without(each.during)]
        return tuple(left)

    def period(self, record: Record) -> Days:
        """When a record happened, as far as its dates tell; an unknown date is an open end."""
        definition = self.types[record.type]
        if definition.dated_through:
            above = self.up(record, definition.field(definition.dated_through))
            return ANY_DAY if above is None else self.period(above)
        if not definition.dated_by:
            return ANY_DAY
        first, last = record.value(definition.dated_by[0]), record.value(definition.dated_by[-1])
        return Days(first.first if isinstance(first, Days) else None, last.last if isinstance(last, Days) else None)

    @cached_property
    def _judgments(self) -> Mapping[tuple[str, str], list[Record]]:
        """The judgments by the record they are about and the words of the question."""
        index: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in self.of("judgment"):
            about, question = record.value("about"), record.value("question")
            if isinstance(about, str) and isinstance(question, str):
                index[about, _in_one_line(question)].append(record)
        return index

    @cached_property
    def _referring(self) -> Mapping[tuple[str, str], tuple[Mapping[str, list[Record]], list[Record]]]:
        """Per type and reference: the records that refer to each id, and those whose reference is unknown."""
        index: dict[tuple[str, str], tuple[dict[str, list[Record]], list[Record]]] = {}
        for definition in self.types.values():
            references = [each for each in definition.fields if each.kind is Kind.REFERENCE]
            for reference in references:
                index[definition.name, reference.name] = (defaultdict(list), [])
            for record in self.of(definition.name):
                for reference in references:
                    certain, possible = index[definition.name, reference.name]
                    target = record.value(reference.name)
                    if isinstance(target, str):
                        certain[target].append(record)
                    elif target is UNKNOWN:
                        possible.append(record)
        return index

    def _touching(self, day: Record, child: str, reference: Field) -> tuple[tuple[Record, Truth], ...]:
        """The records of a set below the record above a day that touch the day."""
        daily, definition = self.daily[day.type], self.types[child]
        above, on = day.value(daily.reference.name), day.value(daily.on.name)
        certain, possible = self._referring[child, reference.name]
        members = [(each, touches(definition, each, on)) for each in certain.get(str(above), ())]
        members += [(each, touches(definition, each, on) & Truth.UNKNOWN) for each in possible]
        return tuple((each, belongs) for each, belongs in members if belongs is not Truth.NO)


def _dated(definition: RecordType, days: Days) -> dict[str, Value]:
    """The dates of a record that happened within some days; one that may be none need not lie among them."""
    dated = (definition.field(name) for name in definition.dated_by)
    return {each.name: days for each in dated if not each.may_be_none}


def _in_one_line(words: str) -> str:
    """A text as it reads, however it is broken into lines."""
    return " ".join(words.split())


def _answered_before(one: Record, other: Record) -> bool:
    """Whether one judgment was certainly answered before another."""
    earlier, later = one.value("answered_on"), other.value("answered_on")
    return isinstance(earlier, Days) and isinstance(later, Days) and before(earlier, later) is Truth.YES
