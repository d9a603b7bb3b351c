"""Small policies and small worlds, drawn by chance; every policy is one the checker would pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from functools import cache

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Rounding
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Compare,
    Definition,
    Expression,
    Extreme,
    IsNone,
    Literal,
    Not,
    Or,
    Over,
    Path,
    Payer,
    Policy,
    Rule,
    Share,
    Version,
)
from custodiet.records import NONE, UNKNOWN, Kind, Value

from .chance import Chance
from .two_valued import goes_round, ranks, readings_of
from .worlds import (
    AMOUNTS,
    LANDMARKS,
    PURPOSES,
    SEATS,
    STANDINGS,
    WORLD_TYPES,
    Fact,
    World,
    field_of,
    possible_values,
    vouched_days,
)

NUMBERS = ("1", "2", "2a", "4.2", "R5")
CLASSES = ("calm", "busy", "grave")
LIVES = tuple(
    (text,) if isinstance(text, str) else text
    for text in (
        "..",
        "..",
        "..",
        "2020-01-01..",
        "2020-01-01..2020-06-30",
        "..2021-03-15",
        ("2020-01-01..2020-06-30", "2020-07-01.."),
        ("..2020-06-30", "2021-01-01.."),
        ("2020-07-01..2021-01-01", "2021-03-16.."),
    )
)
"""The periods of a rule's versions."""


def path(text: str) -> Path:
    """A path as it is written."""
    return Path(tuple(text.split(".")))


def text(value: str) -> Literal:
    """A quoted text."""
    return Literal(value)


def amount(value: str) -> Literal:
    """A number."""
    return Literal(Fraction(value))


def is_(where: str, value: str) -> Compare:
    """`where = 'value'`."""
    return Compare("=", path(where), text(value))


def less(left: Expression, right: Expression) -> Compare:
    """`left < right`."""
    return Compare("<", left, right)


def present(where: str) -> Not:
    """`where is not none`."""
    return Not(IsNone(path(where)))


@dataclass(frozen=True)
class Words:
    """What a policy for each record of one type can speak of."""

    for_each: str
    on: tuple[Path, ...]
    categories: tuple[Expression, ...]
    """Conditions on yes/no and closed-list facts."""
    measures: tuple[Expression, ...]
    """Conditions on numbers and dates."""
    counts: tuple[Expression, ...]
    """Conditions on how many records a set holds, or on the sum of their fields."""
    amounts: tuple[Expression, ...]
    guarded: tuple[tuple[str, Expression], ...]
    """Amounts that speak of a field that may be none, with that field."""
    payers: tuple[Payer, ...]


CITY, COMMITTEE = Payer(None, "city"), Payer(None, "committee")


def _at_least(least: str, what: Expression) -> Compare:
    return Compare("<=", amount(least), what)


def _after(days: int, date: str) -> Arithmetic:
    return Arithmetic("+", path(date), Literal(Fraction(days), days=True))


def _sets(rides: str) -> tuple[Expression, ...]:
    return (
        Over("any", path(rides), Path(("on_duty",))),
        Over("any", path(rides), is_("purpose", "work")),
        Over("all", path(rides), is_("standing", "guest")),
        Over("all", path(rides), Not(Path(("on_duty",)))),
        Over("any", path(rides), And((IsNone(path("invited")), is_("purpose", "play")))),
    )


def _counts(rides: str) -> tuple[Expression, ...]:
    return (
        _at_least("2", Over("count", path(rides), Path(("on_duty",)))),
        Compare("=", Over("count", path(rides), is_("purpose", "work")), amount("1")),
        Compare("<", Over("sum", path(f"{rides}.fare"), None), amount("40")),
        Compare("<=", amount("10"), Over("sum", path(f"{rides}.fare"), Path(("on_duty",)))),
        Over("any", path(rides), less(path("certified_on"), path("taken_on"))),
        Over("all", path(rides), _at_least("2", path("seats"))),
    )


RIDE_WORDS = Words(
    "ride",
    (path("taken_on"), path("tour.starts_on")),
    (
        path("on_duty"),
        path("invited"),
        path("tour.cancelled"),
        Compare("=", path("invited"), Literal(value=False)),
        *(is_("purpose", value) for value in PURPOSES),
        *(is_("standing", value) for value in STANDINGS),
        is_("tour.kind", "work"),
        Compare("=", path("purpose"), path("tour.kind")),
        Or((is_("purpose", "work"), is_("purpose", "play"))),
        IsNone(path("invited")),
        IsNone(path("standing")),
        IsNone(path("purpose")),
    ),
    (
        less(path("certified_on"), path("taken_on")),
        Compare("<=", path("taken_on"), path("certified_on")),
        Compare("<=", Literal(Days.read("2021-01-01")), path("taken_on")),
        Compare("=", path("certified_on"), path("tour.approved_on")),
        Compare("<=", path("tour.approved_on"), path("certified_on")),
        IsNone(path("certified_on")),
        IsNone(path("discount")),
        IsNone(path("tour.approved_on")),
        IsNone(path("seats")),
        And((present("certified_on"), less(_after(3, "certified_on"), path("taken_on")))),
        Compare("<=", Arithmetic("-", path("taken_on"), path("tour.starts_on")), Literal(Fraction(3), days=True)),
        less(amount("1"), path("seats")),
        Compare("=", path("seats"), amount("2")),
        Compare("<=", path("fare"), path("tour.budget")),
        Compare("=", path("fare"), path("tour.budget")),
        less(path("discount"), path("fare")),
        Compare("=", path("discount"), path("fare")),
        Compare("<=", Arithmetic("*", path("fare"), path("seats")), amount("20")),
        Compare("<=", Arithmetic("/", path("fare"), path("seats")), amount("10")),
        less(Arithmetic("-", path("fare"), path("tour.budget")), amount("0")),
    ),
    _counts("tour.ride"),
    (
        path("fare"),
        path("tour.budget"),
        amount("10"),
        amount("0.5"),
        Extreme("min", (path("fare"), path("tour.budget"))),
        Extreme("max", (path("fare"), amount("10"))),
        Extreme("max", (Arithmetic("-", path("fare"), path("tour.budget")), amount("0"))),
        Arithmetic("/", path("fare"), path("seats")),
        Arithmetic("/", path("fare"), amount("3")),
        Arithmetic("*", path("fare"), amount("0.075")),
        Arithmetic("*", path("seats"), path("tour.budget")),
        Arithmetic("+", path("fare"), amount("0.01")),
    ),
    (
        ("discount", path("discount")),
        ("discount", Extreme("max", (Arithmetic("-", path("fare"), path("discount")), amount("0")))),
    ),
    (CITY, COMMITTEE, Payer(path("rider")), Payer(path("companion"))),
)

LED_RIDE_WORDS = Words(
    **{
        **{name: getattr(RIDE_WORDS, name) for name in Words.__dataclass_fields__},
        "payers": (*RIDE_WORDS.payers, Payer(path("tour.leader"))),
        "categories": (*RIDE_WORDS.categories, *_sets("tour.ride")),
    }
)
"""For worlds in which every ride's tour is known."""

TOUR_WORDS = Words(
    "tour",
    (path("starts_on"),),
    (
        path("cancelled"),
        *(is_("kind", value) for value in PURPOSES),
        *_sets("ride"),
        Over("any", path("ride"), Compare("=", path("purpose"), path("kind"))),
        Over("all", path("ride"), Or((path("cancelled"), path("on_duty")))),
    ),
    (
        IsNone(path("approved_on")),
        Compare("<=", path("approved_on"), path("starts_on")),
        Compare("<=", Literal(Days.read("2021-01-01")), path("starts_on")),
        less(amount("10"), path("budget")),
    ),
    _counts("ride"),
    (path("budget"), amount("10"), Arithmetic("/", path("budget"), amount("3"))),
    (),
    (CITY, COMMITTEE, Payer(path("leader"))),
)


def condition(chance: Chance, atoms: Sequence[Expression]) -> Expression:
    """A condition of one or two parts, joined by and, or, not."""
    form = chance.one(("one", "not", "and", "or", "or not", "and not", "nor"))
    left = chance.one(atoms)
    if form == "one":
        return left
    if form == "not":
        return Not(left)
    right = chance.one(atoms)
    match form:
        case "and":
            return And((left, right))
        case "or":
            return Or((left, right))
        case "or not":
            return Or((left, Not(right)))
        case "and not":
            return And((left, Not(right)))
        case _:
            return Not(Or((left, right)))


def shares(chance: Chance, words: Words, guarded: bool) -> tuple[tuple[Share, ...], tuple[str, ...]]:
    """What a rule says is owed, and the fields that may not be none for it."""
    form = chance.one(("nothing", "one", "one", "else", "two", "rest"))
    if form == "nothing":
        return (Share(amount("0"), None),), ()
    free: tuple[tuple[tuple[str, ...], Expression], ...] = tuple(((), each) for each in words.amounts)
    guards, first = chance.one((*free, *(((field,), each) for field, each in words.guarded)) if guarded else free)
    payer = chance.one(words.payers)
    if form == "one":
        return (Share(first, payer),), guards
    other = chance.one(words.payers)
    if form == "else":
        return (Share(first, payer, liable=other),), guards
    second = chance.one(words.amounts)
    if form == "two":
        return (Share(first, payer), Share(second, other)), guards
    whole = Extreme("max", (first, second))
    return (Share(first, payer), Share(whole, other, rest=True)), guards


@dataclass(frozen=True)
class Drafting:
    """What the boxes of one policy have in common."""

    words: Words
    parts: frozenset[str]
    atoms: tuple[Expression, ...]

    def box(self, chance: Chance, number: str, life: str, bases: Sequence[str], *, always: bool = False) -> Version:
        """One box of a rule."""
        tests: tuple[Expression, ...] = () if always else (condition(chance, self.atoms),)
        owed: tuple[Share, ...] | None = None
        if "money" in self.parts:
            owed, guards = shares(chance, self.words, guarded=not always)
            tests = (*(present(name) for name in guards), *tests)
        first, _, last = life.partition("..")
        return Version(
            rule=number,
            cite="Model Code",
            in_force=Days(
                Days.read(first).first if first else None,
                Days.read(last).last if last else None,
            ),
            exception_to=chance.some(bases, chance.one((0, 0, 1, 1, 2))),
            prevails_over=(),
            when=None if not tests else tests[0] if len(tests) == 1 else And(tests),
            owes=owed,
            permission=chance.one(("permitted", "forbidden")) if "permission" in self.parts else None,
            classified=chance.one(CLASSES) if "class" in self.parts else None,
        )


def policy_of(
    chance: Chance,
    words: Words,
    *,
    parts: Sequence[str] = ("money", "money", "permission", "class", "all"),
    measured: bool = False,
    counted: bool = False,
    extra: Sequence[Expression] = (),
    gives: tuple[str, str] | None = None,
    most: int = 5,
) -> Policy:
    """A policy of two to five rules with exceptions, ranks and versions, that have no cycle."""
    part = chance.one(parts)
    says = frozenset({"money", "permission", "class"} if part == "all" else {part})
    vocabulary = (
        *words.categories,
        *(words.measures if measured else ()),
        *(words.counts if counted else ()),
        *extra,
    )
    # Rules of one policy speak of the same few things: only so do they meet, agree and contradict each other.
    atoms = chance.some(vocabulary, chance.between(2, 4))
    definitions: tuple[Definition, ...] = ()
    if chance.coin():
        definitions = (Definition(words.for_each, "special", condition(chance, atoms)),)
        atoms = (path("special"), *atoms)
    drafting = Drafting(words, says, atoms)
    numbers = chance.some(NUMBERS, chance.between(2, most))
    boxes: list[Version] = []
    if chance.coin():  # A rule that always covers, for the others to be exceptions to.
        boxes = [drafting.box(chance, numbers[0], "..", (), always=True)]
    for place, number in enumerate(numbers[len(boxes) :], len(boxes)):
        boxes += [drafting.box(chance, number, life, numbers[:place]) for life in chance.one(LIVES)]
    for _ in range(chance.between(0, 3)):
        boxes = outranking(boxes, chance.between(0, len(boxes) - 1), chance.one(numbers))
    rules = tuple(
        Rule(number, "A rule", "Text.", tuple(box for box in boxes if box.rule == number))
        for number in chance.some(numbers, len(numbers))
    )
    return Policy(
        name="small/policy", question="What of this?", for_each=words.for_each, on=chance.one(words.on),
        jurisdiction="nowhere", currency="EUR" if "money" in says else "",
        rounding=chance.one(tuple(Rounding)), step=chance.one((1, 100)),
        gives=gives, restated=True, rules=rules, definitions=definitions, examples=(), title="Small",
    )  # fmt: skip


def outranking(boxes: list[Version], place: int, lower: str) -> list[Version]:
    """The boxes with one more rank, unless exceptions and ranks together would then go round."""
    box = boxes[place]
    higher = replace(box, prevails_over=tuple(dict.fromkeys((*box.prevails_over, lower))))
    more = [*boxes[:place], higher, *boxes[place + 1 :]]
    merged: dict[str, Version] = {}
    for each in more:
        other = merged.get(each.rule, each)
        merged[each.rule] = replace(
            each,
            exception_to=tuple(dict.fromkeys((*other.exception_to, *each.exception_to))),
            prevails_over=tuple(dict.fromkeys((*other.prevails_over, *each.prevails_over))),
        )
    readings = readings_of(merged)
    return boxes if goes_round(readings, ranks(merged, readings)) else more


@cache
def recordable(type_name: str, name: str, tours: tuple[str, ...]) -> tuple[Value, ...]:
    """What a recorded fact may hold."""
    field = field_of((type_name, "", name))
    values: tuple[Value, ...]
    match field.kind:
        case Kind.YES_NO:
            values = (False, True)
        case Kind.LIST:
            values = field.values
        case Kind.MONEY:
            values = AMOUNTS
        case Kind.NUMBER:
            values = SEATS
        case Kind.DATE:
            values = tuple(Days.on(day) for day in LANDMARKS)
        case _:
            values = PEOPLE if field.refers_to == "person" else tours
    return (NONE, *values) if field.may_be_none else values


PEOPLE = ("P1", "P2")

PERIODS: tuple[Value, ...] = tuple(
    Days(first, last) for place, first in enumerate(LANDMARKS) for last in LANDMARKS[place + 1 :]
) + tuple(Days(day, day + timedelta(days=1)) for day in LANDMARKS)

CATEGORIES = (Kind.YES_NO, Kind.LIST, Kind.REFERENCE)
ANYTHING = tuple(kind for kind in Kind if kind is not Kind.TEXT)


def world_of(
    chance: Chance,
    about: frozenset[str] = frozenset(),
    *,
    vague: Sequence[Kind] = (),
    sure_members: bool = True,
) -> World:
    """A tour or two and up to three rides; some facts of the vague kinds are unknown, or known to a period."""
    tours = ("T1", "T2")[: chance.between(1, 2)]
    rides = ("R1", "R2", "R3")[: chance.between(1, 3)]
    facts = [
        (type_name, id_, name)
        for type_name, ids in (("tour", tours), ("ride", rides))
        for id_ in ids
        for name in WORLD_TYPES[type_name].names
    ]
    cells: dict[Fact, Value] = {
        fact: chance.one(values) if fact[2] in {*about, "tour"} else values[-1]
        for fact in facts
        for values in [recordable(fact[0], fact[2], tours)]
    }
    cells["ride", "R1", "tour"] = "T1"
    candidates = [fact for fact in facts if field_of(fact).kind in vague and field_of(fact).refers_to != "tour"]
    if Kind.REFERENCE in vague and not sure_members:
        candidates += [("ride", id_, "tour") for id_ in rides]
    # Mostly facts that the policy speaks of, of the record itself and of the one above.
    spoken_of = [fact for fact in candidates if fact[2] in about]
    near = [fact for fact in spoken_of if fact[1] in {"T1", "R1"}]
    for pool in (near, near, spoken_of, candidates):
        if pool and chance.between(0, 3):
            fact = chance.one(pool)
            dated = field_of(fact).kind is Kind.DATE and chance.coin()
            cells[fact] = chance.one(PERIODS) if dated else UNKNOWN
    people: Mapping[Fact, Value] = {("person", id_, "adult"): True for id_ in PEOPLE}
    return World({**cells, **people}, vouched=(ANY_DAY,) if sure_members else vouched_days(chance))


def turned_out(chance: Chance, world: World) -> World:
    """One of the worlds that a world may turn out to be; with a ride nobody recorded, where none vouches against it."""
    unheard: dict[Fact, Value] = {}
    days = [day for day in map(Days.on, LANDMARKS) if not any(each.covers(day) for each in world.vouched)]
    if days and chance.coin():
        unheard = {
            ("ride", "R0", name): chance.one(recordable("ride", name, ("T1",))) for name in WORLD_TYPES["ride"].names
        }
        unheard["ride", "R0", "taken_on"] = chance.one(days)
    known = {fact: chance.one(possible_values(world, fact)) for fact in world.open_questions()}
    return replace(world.learn({**unheard, **known}), vouched=(ANY_DAY,))
