"""A world that the solver found, written down: its facts, and the fewest cells that show what was found.

What the solver says about a world is printed only if the reference evaluator says it about the same facts.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import z3

from custodiet.base.dates import ANY_DAY, Days, numbered
from custodiet.base.money import Money
from custodiet.policy.analysis.precedence import stretches
from custodiet.policy.language.ast import Policy
from custodiet.proofs.smt.needs import Key
from custodiet.proofs.smt.values import Formula, Term, is_no
from custodiet.proofs.smt.worlds import Thing, World
from custodiet.records import NONE, Field, Kind, Value
from custodiet.records.facts import Facts, Vouched, sets_below
from custodiet.records.record import Record

VOUCHING = "whoever keeps the register"
LIKE_ANY_OTHER = date(2024, 1, 15)
"""The date of an example if no law begins or ends: neither the end of a month nor a leap day."""
SAYS = "another text"
"""The text used for a value that no rule names; a number distinguishes it from others."""


@dataclass(frozen=True, slots=True)
class Written:
    """A world as facts, with the record asked about."""

    facts: Facts
    record: Record
    sets: tuple[tuple[Record, str], ...] = ()
    """The sets that are asked about: the record above, and the name."""
    told: frozenset[tuple[str, str]] = frozenset()
    """The references, by record and field, of which the record's own name tells where they lead: `leg.seat.0.leg`."""


# A plain world among those that show the same


@dataclass(frozen=True, eq=False, slots=True)
class Size:
    """A number of an example, preferably small and whole in its unit."""

    number: z3.ArithRef
    unit: int = 1
    """Of how many of its least parts a whole one is made: of 100 cents."""

    def within(self, most: int, unit: int) -> Formula:
        """Whether it is a whole number of units, and at most so many."""
        whole = z3.IsInt(self.number) if z3.is_real(self.number) else self.number % unit == 0
        return z3.And(whole, self.number >= 0, self.number <= most * unit)


def preferences(world: World, policy: Policy) -> Iterator[tuple[Formula, ...] | Size]:
    """The preferred values for everything the solver may choose, in order; the first possible one is taken.

    Few records, what is none, then no, the first value of a list, small numbers; the policy's own date is a day on
    which its law begins or ends, or a day like any other, and the other dates are that day or one beside it.
    """
    own = (policy.on.names[:-1], policy.on.names[-1])
    members = [thing for key, thing in world.things.items() if key and isinstance(key[-1], int)]
    for thing in reversed(members):
        if thing.type not in world.daily:
            yield (z3.Not(thing.there),)
    days: list[z3.ArithRef] = []
    for (key, name), term in sorted(world.fields.items(), key=lambda item: (item[0] != own, len(item[0][0]))):
        definition = _definition(world, world.things[key], name)
        if definition is None:
            continue
        if not is_no(term.none):
            yield (term.none,)
        if definition.kind is Kind.DATE:
            near = days[:1] or [z3.IntVal(day.toordinal()) for day in _landmarks(policy)]
            beside = [days[0] + step for step in (1, -1)] if days else []
            plain = (*reversed(days[1:]), *near, *beside)
            yield tuple(z3.And(z3.Not(term.none), term.value == day) for day in plain)
            days.append(term.value)
        elif definition.kind is Kind.MONEY and term.minor is not None:
            yield Size(term.minor, world.scale)
        elif definition.kind is Kind.NUMBER:
            yield Size(term.value)
        else:
            yield tuple(_plain(world, term, definition))


def _landmarks(policy: Policy) -> Iterator[date]:
    """The first days on which other rules are in force than before, the last days of that, and a day like any other."""
    yield from (days.first for days in stretches(policy) if days.first is not None)
    yield from (days.last for days in stretches(policy) if days.last is not None)
    yield LIKE_ANY_OTHER


def _definition(world: World, thing: Thing, name: str) -> Field | None:
    """A field that is entered; None if it is computed."""
    record_type = world.types[thing.type]
    return record_type.field(name) if name in record_type.names else None


def _plain(world: World, term: Term, definition: Field) -> Iterator[Formula]:
    match definition.kind:
        case Kind.YES_NO:
            yield z3.Not(term.value)
        case Kind.LIST:
            yield from (term.value == world.code(value) for value in definition.values)
        case _:
            return


# The world as facts


def written(world: World, model: z3.ModelRef, policies: Sequence[Policy]) -> Written:
    """The facts of a world that the solver found."""
    return _Writing(world, model, policies).written()


class _Writing:
    def __init__(self, world: World, model: z3.ModelRef, policies: Sequence[Policy]) -> None:
        self.world, self.model = world, model
        self.currency = next((policy.currency for policy in policies if policy.currency), "EUR")
        self.judgments = {(judgment.type, judgment.name) for policy in policies for judgment in policy.judgments}
        self.ids: dict[tuple[str, int], str] = {}
        self.texts: dict[int, str] = dict(world.texts)

    def written(self) -> Written:
        there = [thing for thing in self.world.things.values() if self._holds(thing.there)]
        for thing in there:
            self.ids.setdefault((thing.type, self._number(thing.id)), str(thing) or thing.type)
        for thing in there:
            if thing.type in self.world.daily:
                self.ids[thing.type, self._number(thing.id)] = self._day(thing)
        values: dict[tuple[str, str], dict[str, Value]] = {self._place(thing): {} for thing in there}
        for thing, name, term in self._read(there):
            definition = _definition(self.world, thing, name)
            if definition is not None:
                values[self._place(thing)][name] = self._value(definition, term, thing.key)
            elif (thing.type, name) in self.judgments:
                values[self._place(thing)][name] = self._holds(term.value)
        for thing in there:
            for name, above in thing.above.items():
                if self._holds(above.there):
                    values[self._place(thing)].setdefault(name, self._place(above)[1])
        records = [Record(type_name, id_, held) for (type_name, id_), held in values.items()]
        facts = facts_of([each for each in records if not self.world.types[each.type].derived], self.world)
        sets = dict.fromkeys((self._place(thing), name) for thing, name in self.world.sets if thing in there)
        return Written(
            facts,
            facts.find(*self._place(self.world.root)),
            tuple((facts.find(*place), name) for place, name in sets),
            frozenset(self._told(there)),
        )

    def _read(self, there: Sequence[Thing]) -> Iterator[tuple[Thing, str, Term]]:
        """Everything that was asked of the records that are there."""
        for (key, name), term in self.world.fields.items():
            if self.world.things[key] in there:
                yield self.world.things[key], name, term

    def _told(self, there: Sequence[Thing]) -> Iterator[tuple[str, str]]:
        """Of each record that was drawn into a set, the reference by which it belongs there."""
        for thing in there:
            if thing.key and isinstance(thing.key[-1], int):
                owner = self.world.things[thing.key[:-2]]
                _, reference = sets_below(self.world.types, owner.type)[str(thing.key[-2])]
                yield self._place(thing)[1], reference.name

    def _place(self, thing: Thing) -> tuple[str, str]:
        return thing.type, self.ids[thing.type, self._number(thing.id)]

    def _day(self, day: Thing) -> str:
        daily = self.world.daily[day.type]
        above = self._place(day.above[daily.reference.name])[1]
        on = self.world.field(day, daily.on)
        return f"{above}/{numbered(self._number(on.value)).isoformat()}"

    def _holds(self, formula: Formula) -> bool:
        return bool(z3.is_true(self.model.eval(formula, model_completion=True)))

    def _number(self, number: z3.ArithRef) -> int:
        return int(self.model.eval(number, model_completion=True).as_long())

    def _value(self, definition: Field, term: Term, key: Key) -> Value:
        if self._holds(term.none):
            return NONE
        match definition.kind:
            case Kind.YES_NO:
                return self._holds(term.value)
            case Kind.MONEY:
                return Money(self._number(term.minor), self.currency)
            case Kind.NUMBER:
                number = self.model.eval(term.value, model_completion=True)
                return Fraction(str(number)) if z3.is_int_value(number) else number.as_fraction()
            case Kind.DATE:
                return Days.on(numbered(self._number(term.value)))
            case Kind.REFERENCE:
                label = ".".join(str(part) for part in (*key, definition.name))
                return self.ids.setdefault((definition.refers_to, self._number(term.value)), label)
            case _:
                code = self._number(term.value)
                return self.texts.setdefault(code, self._new_text())

    def _new_text(self) -> str:
        used = set(self.texts.values())
        return next(text for number in range(1, len(used) + 2) if (text := f"{SAYS} {number}") not in used)


def facts_of(records: Sequence[Record], world: World) -> Facts:
    """Facts of which every register is vouched complete."""
    vouched = [Vouched(name, ANY_DAY, VOUCHING) for name in world.types]
    return Facts(records, world.types, vouched)


def fewest(
    cells: Mapping[str, str], shows: Callable[[Mapping[str, str]], bool], kept: Collection[str] = ()
) -> dict[str, str]:
    """The cells without those that may be unknown: what is shown is shown all the same.

    >>> fewest({"role": "guest", "leg.seats": "20"}, lambda cells: cells.get("role") == "guest")
    {'role': 'guest'}
    """
    fewer = dict(cells)
    for name in reversed([each for each in cells if each not in kept]):
        without = {other: text for other, text in fewer.items() if other != name}
        if shows(without):
            fewer = without
    return fewer
