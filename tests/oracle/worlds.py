"""Small worlds: a few tours and rides, every fact written down, known or not; and what they may turn out to be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import product
from math import prod
from types import MappingProxyType

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Money
from custodiet.records import NONE, UNKNOWN, Field, Kind, RecordType, Sensitivity, Types, Value
from custodiet.records.facts import Facts, Vouched
from custodiet.records.record import Record

from .chance import Chance

PUBLIC = Sensitivity.PUBLIC
PURPOSES = ("work", "play", "both")
STANDINGS = ("guest", "host")
DESK = "the desk"
SLIP_BOXES = tuple(f"box{number}" for number in range(1, 15))

PERSON = RecordType("person", "A person.", DESK, (Field("adult", Kind.YES_NO, "Of age.", DESK, PUBLIC),))

TOUR = RecordType(
    "tour",
    "Several rides.",
    DESK,
    (
        Field("leader", Kind.REFERENCE, "Who leads.", DESK, PUBLIC, refers_to="person"),
        Field("kind", Kind.LIST, "What kind.", DESK, PUBLIC, values=PURPOSES),
        Field("cancelled", Kind.YES_NO, "Whether it was cancelled.", DESK, PUBLIC),
        Field("budget", Kind.MONEY, "What it may cost.", DESK, PUBLIC, least=Fraction(0)),
        Field("starts_on", Kind.DATE, "The first day.", DESK, PUBLIC),
        Field("approved_on", Kind.DATE, "The day of approval.", DESK, PUBLIC, may_be_none=True),
    ),
    dated_by=("starts_on",),
)

RIDE = RecordType(
    "ride",
    "One ride.",
    DESK,
    (
        Field("tour", Kind.REFERENCE, "The tour it is part of.", DESK, PUBLIC, refers_to="tour", within=False),
        Field("rider", Kind.REFERENCE, "Who rode.", DESK, PUBLIC, refers_to="person"),
        Field("companion", Kind.REFERENCE, "Who came along.", DESK, PUBLIC, refers_to="person", back="accompanied"),
        Field("on_duty", Kind.YES_NO, "On duty.", DESK, PUBLIC),
        Field("invited", Kind.YES_NO, "Invited; none if nobody invites.", DESK, PUBLIC, may_be_none=True),
        Field("purpose", Kind.LIST, "What for.", DESK, PUBLIC, values=PURPOSES),
        Field("standing", Kind.LIST, "As what; none if alone.", DESK, PUBLIC, may_be_none=True, values=STANDINGS),
        Field("fare", Kind.MONEY, "The fare.", DESK, PUBLIC, least=Fraction(0)),
        Field("discount", Kind.MONEY, "Taken off; none if nothing.", DESK, PUBLIC, may_be_none=True, least=Fraction(0)),
        Field("seats", Kind.NUMBER, "How many seats.", DESK, PUBLIC, least=Fraction(1), whole=True),
        Field("taken_on", Kind.DATE, "The day.", DESK, PUBLIC),
        Field("certified_on", Kind.DATE, "The day of the certificate.", DESK, PUBLIC, may_be_none=True),
    ),
    dated_by=("taken_on",),
)

SLIP = RecordType(
    "slip",
    "A paper with many boxes to tick.",
    DESK,
    (
        *(Field(box, Kind.YES_NO, "Ticked.", DESK, PUBLIC) for box in SLIP_BOXES),
        Field("dated", Kind.DATE, "The day.", DESK, PUBLIC),
    ),
    dated_by=("dated",),
)

WORLD_TYPES: Types = MappingProxyType({each.name: each for each in (PERSON, TOUR, RIDE, SLIP)})

LANDMARKS = tuple(
    date.fromisoformat(text)
    for text in (
        "2019-12-31",
        "2020-01-01",
        "2020-06-30",
        "2020-07-01",
        "2021-01-01",
        "2021-03-15",
        "2021-03-18",
        "2021-12-31",
    )
)
"""The days on which rules begin and end, and around which things happen."""

AMOUNTS = tuple(Money(cents, "EUR") for cents in (0, 1, 1000, 3333, 10005))
SEATS = tuple(Fraction(number) for number in (1, 2, 7))

Fact = tuple[str, str, str]
"""Type, id and field of one fact."""


def field_of(fact: Fact) -> Field:
    """The definition of the field a fact is about."""
    return WORLD_TYPES[fact[0]].field(fact[2])


def is_settled(value: Value) -> bool:
    """Whether a fact is known: to a value, to a day, or to be none."""
    return value.known if isinstance(value, Days) else value is not UNKNOWN


@dataclass(frozen=True)
class World:
    """Every fact of a few records, and for which days the register of rides is vouched complete."""

    cells: Mapping[Fact, Value]
    vouched: tuple[Days, ...] = (ANY_DAY,)

    def ids(self, type_name: str) -> tuple[str, ...]:
        """The ids of the records of a type."""
        return tuple(dict.fromkeys(id_ for type_, id_, _ in self.cells if type_ == type_name))

    def unsettled(self) -> tuple[Fact, ...]:
        """The facts that are unknown, or known only to a period."""
        return tuple(fact for fact, value in self.cells.items() if not is_settled(value))

    def open_questions(self) -> tuple[Fact, ...]:
        """The unsettled facts that a completion settles: all but who the people were, who are only asked to pay."""
        return tuple(fact for fact in self.unsettled() if field_of(fact).refers_to != "person")

    def learn(self, known: Mapping[Fact, Value]) -> "World":
        """The world in which some facts are known to be so."""
        return replace(self, cells={**self.cells, **known})

    def record(self, type_name: str, id_: str) -> Record:
        """One record, as the program sees it."""
        values = {name: value for (type_, each, name), value in self.cells.items() if (type_, each) == (type_name, id_)}
        return Record(type_name, id_, values)

    def facts(self) -> Facts:
        """All the records, as the program sees them."""
        keys = dict.fromkeys((type_name, id_) for type_name, id_, _ in self.cells)
        return Facts([self.record(*key) for key in keys], WORLD_TYPES, vouched_for(self))


def vouched_for(world: World) -> list[Vouched]:
    """That somebody vouches for the rides of a world."""
    return [Vouched("ride", days, DESK) for days in world.vouched]


def possible_values(world: World, fact: Fact) -> Sequence[Value]:
    """What an unsettled fact may turn out to be: all values of a closed list, some of the others."""
    field, value = field_of(fact), world.cells[fact]
    mark: tuple[Value, ...] = (NONE,) if field.may_be_none and value is UNKNOWN else ()
    match field.kind:
        case Kind.YES_NO:
            return (True, False, *mark)
        case Kind.LIST:
            return (*field.values, *mark)
        case Kind.MONEY:
            return (*AMOUNTS, *mark)
        case Kind.NUMBER:
            return (*SEATS, *mark)
        case Kind.REFERENCE:
            return (*world.ids(field.refers_to), *mark)
        case _:
            return (*days_within(value), *mark)


def days_within(value: Value) -> list[Value]:
    """Some days that a date may be: the ends of its period, and every landmark in it."""
    period = value if isinstance(value, Days) else ANY_DAY
    ends = {day for day in (period.first, period.last) if day is not None}
    return [Days.on(day) for day in sorted(ends | {day for day in LANDMARKS if period.covers(Days.on(day))})]


def completions(world: World) -> Iterator[World]:
    """Every world that this one may turn out to be, as far as `possible_values` tells."""
    facts = world.open_questions()
    for values in product(*(possible_values(world, fact) for fact in facts)):
        yield world.learn(dict(zip(facts, values, strict=True)))


def how_many(world: World) -> int:
    """How many completions there are."""
    return prod(len(possible_values(world, fact)) for fact in world.open_questions())


VOUCHED_TIMES = tuple(
    Days(first, last)
    for place, first in enumerate((None, *LANDMARKS))
    for last in (*LANDMARKS[place:], None)
    if (first, last) != (None, None)
)
"""Times for which somebody may vouch for a register."""


def vouched_days(chance: Chance) -> tuple[Days, ...]:
    """For which days a register is vouched complete: always, never, or for a time or two."""
    if chance.coin():
        return tuple(chance.one(VOUCHED_TIMES) for _ in range(chance.between(1, 2)))
    return (ANY_DAY,) if chance.coin() else ()
