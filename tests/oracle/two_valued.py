"""The Meaning of DESIGN §5 for worlds in which everything is known: ordinary logic, read off the page.

Nothing here knows of unknown facts. Names are numbers of rules; an exception to several rules is read
as one exception inside each, so a *reading* is a rule's number followed by those of the rules it lives in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from math import floor
from types import MappingProxyType

from custodiet.base.dates import Days
from custodiet.base.money import Money, Rounding
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Compare,
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
    Rate,
    Version,
)
from custodiet.records import NONE, UNKNOWN, Mark

from .worlds import WORLD_TYPES, Fact, World, completions, field_of, possible_values

Plain = bool | str | Fraction | date | Mark
"""A value in plain terms: money in major units, a date as a day, none as its mark."""

Key = tuple[str, str]
"""Type and id of a record."""

Reading = tuple[str, ...]
"""A rule and the rules it lives in, innermost first."""

Pair = tuple[Reading, Reading]

_NOTHING_GIVEN: Mapping[Fact, Plain] = MappingProxyType({})


@dataclass(frozen=True)
class Answer:
    """What the law says of one record when everything is known."""

    outcome: Outcome
    debts: frozenset[tuple[str, int]] = frozenset()
    """Payer and cents; nothing for an amount of 0."""
    asks_money: bool = False
    permission: str | None = None
    classified: str | None = None
    because: frozenset[str] = field(default=frozenset(), compare=False)
    covering: frozenset[str] = field(default=frozenset(), compare=False)
    displacements: frozenset[tuple[str, str]] = field(default=frozenset(), compare=False)
    """Each rule that covers but in no reading stands, with each rule that displaces it."""
    liable: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)
    """Per payer, who is liable too, as each deciding rule says."""

    @property
    def total(self) -> int:
        """The sum of all debts, in cents."""
        return sum(cents for _, cents in self.debts)


@dataclass(frozen=True)
class Says:
    """What one rule says."""

    debts: frozenset[tuple[str, int]]
    asks_money: bool
    permission: str | None
    classified: str | None


def decide(policy: Policy, world: World, key: Key, given: Mapping[Fact, Plain] = _NOTHING_GIVEN) -> Answer:
    """The answer of a policy for a record of which everything that matters is known."""
    sight = Sight(policy, world, given)
    day = sight.value(policy.on, key, key)
    assert isinstance(day, date)
    in_force = versions_on(policy, day)
    readings = readings_of(in_force)
    outranks = ranks(in_force, readings)
    covering = [each for each in readings if all(sight.holds(in_force[number].when, key) for number in each)]
    displacing = {
        each: [other for other in covering if other[1:] == each or (other, each) in outranks] for each in covering
    }
    standing = [each for each in covering if not displacing[each]]
    deciding = {each[0] for each in standing}
    said = {number: sight.says(in_force[number], key) for number in deciding}
    because = frozenset(deciding)
    displacements = frozenset(
        (each[0], other[0]) for each in covering if each[0] not in because for other in displacing[each]
    )
    whole = frozenset(each[0] for each in covering)
    if not said:
        return Answer(Outcome.NO_RULE, covering=whole, displacements=displacements)
    if len(set(said.values())) > 1:
        return Answer(Outcome.CONFLICT, because=because, covering=whole, displacements=displacements)
    (one,) = set(said.values())
    liable: dict[str, frozenset[str]] = {}
    for number in deciding:
        for share in in_force[number].owes or ():
            if share.payer is not None:
                payer = sight.payer(share.payer, key)
                word = "" if share.liable is None else sight.payer(share.liable, key)
                liable[payer] = liable.get(payer, frozenset()) | {word}
    return Answer(
        outcome_of(one), one.debts, one.asks_money, one.permission, one.classified,
        because, whole, displacements, liable,
    )  # fmt: skip


def every_way(policy: Policy, world: World, key: Key, given: Mapping[Fact, Plain] = _NOTHING_GIVEN) -> list[Answer]:
    """The answer in every world that this one may turn out to be.

    Who people are is only asked where rules are at odds with nobody known: they may be the same people, or others.
    """
    ways: list[Answer] = []
    for whole in completions(world):
        answer = decide(policy, whole, key, given)
        peopled = [whole] if answer.outcome is not Outcome.CONFLICT else everybody_known(whole)
        ways += [answer if each is whole else decide(policy, each, key, given) for each in peopled]
    return ways


def everybody_known(world: World) -> list[World]:
    """The worlds in which each person who is not known is one of those who are, or one of whom nothing is known."""
    people = world.unsettled()
    choices = [(*possible_values(world, fact), f"stranger {place}") for place, fact in enumerate(people)]
    return [world.learn(dict(zip(people, chosen, strict=True))) for chosen in product(*choices)]


def outcome_of(says: Says) -> Outcome:
    """The first word of DESIGN §8 that fits."""
    if says.permission == "forbidden":
        return Outcome.FORBIDDEN
    if says.debts:
        return Outcome.OWES
    if says.permission == "permitted":
        return Outcome.PERMITTED
    return Outcome.NOTHING_DUE if says.asks_money else Outcome.CLASSIFIED


def versions_on(policy: Policy, day: date) -> dict[str, Version]:
    """Each rule that is in force on a day, as it then reads."""
    return {each.rule: each for each in policy.versions if each.in_force.covers(Days.on(day))}


def readings_of(in_force: Mapping[str, Version]) -> list[Reading]:
    """Every rule in force, once for each way in which it lives inside others."""

    def of(number: str) -> list[Reading]:
        if not in_force[number].exception_to:
            return [(number,)]
        bases = [base for base in in_force[number].exception_to if base in in_force]
        return [(number, *base) for name in bases for base in of(name)]

    return [reading for number in in_force for reading in of(number)]


def inside(one: Reading, other: Reading) -> bool:
    """Whether one reading is the other, or lives in it."""
    return one[-len(other) :] == other


def ranks(in_force: Mapping[str, Version], readings: Iterable[Reading]) -> set[Pair]:
    """Who outranks whom: as written, for what lives inside both sides too, and on from one to the next."""
    every = list(readings)
    written = {(number, lower) for number, version in in_force.items() for lower in version.prevails_over}
    found = {(one, two) for one, two in product(every, every) if (one[0], two[0]) in written}
    while True:
        lifted = {
            (one, two)
            for upper, lower in found
            for one in every
            if inside(one, upper)
            for two in every
            if inside(two, lower)
        }
        onward = {(one, four) for one, two in lifted for three, four in lifted if two == three}
        if lifted | onward == found:
            return found
        found = lifted | onward


def goes_round(readings: Iterable[Reading], outranks: set[Pair]) -> bool:
    """Whether exceptions and ranks together have a cycle."""
    every = list(readings)
    beats = {each: {other for other in every if each[1:] == other or (each, other) in outranks} for each in every}
    while beats:
        ends = {each for each, beaten in beats.items() if not beaten & beats.keys()}
        if not ends:
            return True
        beats = {each: beaten for each, beaten in beats.items() if each not in ends}
    return False


@dataclass(frozen=True)
class Sight:
    """What a policy sees of a world."""

    policy: Policy
    world: World
    given: Mapping[Fact, Plain]

    def holds(self, condition: Expression | None, key: Key, around: Key | None = None) -> bool:
        """Whether a condition holds; a yes/no field that is none does not."""
        return condition is None or self.value(condition, key, around or key) is True

    def value(self, expression: Expression, key: Key, around: Key) -> Plain:  # noqa: C901 - one case per node
        """The value of an expression for a record; a name it lacks is looked up in the record around it."""
        match expression:
            case Path(names):
                return self.along(names, key, around)
            case Literal(value):
                return value.day if isinstance(value, Days) else value
            case IsNone(path):
                return self.along(path.names, key, around) is NONE
            case Not(part):
                return not self.holds(part, key, around)
            case And(parts):
                return all(self.holds(part, key, around) for part in parts)
            case Or(parts):
                return any(self.holds(part, key, around) for part in parts)
            case Compare(operator, left, right):
                return compared(operator, self.value(left, key, around), self.value(right, key, around))
            case Arithmetic(operator, left, right):
                return computed(operator, self.value(left, key, around), self.value(right, key, around))
            case Extreme(which, parts):
                values = [number(self.value(part, key, around)) for part in parts]
                return min(values) if which == "min" else max(values)
            case Over():
                return self.over(expression, key, around)
            case Rate():
                return self.looked_up(expression, key, around)

    def looked_up(self, rate: Rate, key: Key, around: Key) -> Plain:
        """The rate of the one row that holds for the texts looked up by, on the day."""
        (table,) = [each for each in self.policy.rates if each.name == rate.table]
        day = self.value(rate.on, key, around)
        assert isinstance(day, date)
        keys = tuple(self.value(each, key, around) for each in rate.keys)
        (row,) = [each for each in table.rows if each.keys == keys and each.in_force.covers(Days.on(day))]
        return row.values[[name for name, _ in table.columns].index(rate.column)]

    def along(self, names: tuple[str, ...], key: Key, around: Key) -> Plain:
        """What a path leads to; none as soon as a reference on it is none."""
        here = key if self.knows(names[0], key) else around
        for name in names[:-1]:
            above = self.one(here, name)
            if above is NONE:
                return NONE
            here = (field_of((*here, name)).refers_to, str(above))
        return self.one(here, names[-1])

    def knows(self, name: str, key: Key) -> bool:
        """Whether records of a type have a field, a definition or an answer of that name."""
        defined = any((each.type, each.name) == (key[0], name) for each in self.policy.definitions)
        return defined or name in WORLD_TYPES[key[0]].names or (*key, name) in self.given

    def one(self, key: Key, name: str) -> Plain:
        """One named thing about a record."""
        for definition in self.policy.definitions:
            if (definition.type, definition.name) == (key[0], name):
                return self.value(definition.meaning, key, key)
        if (*key, name) in self.given:
            return self.given[*key, name]
        match self.world.cells[*key, name]:
            case Days() as days:
                return days.day
            case Money() as money:
                return Fraction(money.minor, 100)
            case value:
                assert value is not UNKNOWN, (key, name)
                return value

    def over(self, question: Over, key: Key, around: Key) -> Plain:
        """The answer of `any`, `all`, `count` or `sum` over the rides of a tour."""
        names = question.of.names[:-1] if question.which == "sum" else question.of.names
        tour = self.along(names[:-1], key, around) if names[:-1] else key[1]
        members = [("ride", each) for each in self.world.ids("ride") if self.world.cells["ride", each, "tour"] == tour]
        if question.which == "all":
            return all(self.holds(question.where, each, key) for each in members)
        those = [each for each in members if self.holds(question.where, each, key)]
        match question.which:
            case "any":
                return bool(those)
            case "count":
                return Fraction(len(those))
            case _:
                return sum((number(self.one(each, question.of.names[-1])) for each in those), Fraction(0))

    def payer(self, payer: Payer, key: Key) -> str:
        """Who a payer is: a body, a person, or nobody knows."""
        if payer.path is None:
            return payer.body
        here = key
        for name in payer.path.names:
            value = self.world.cells[*here, name]
            if value is UNKNOWN:
                return f"unknown ({payer.path})"
            here = (field_of((*here, name)).refers_to, str(value))
        return here[1]

    def says(self, version: Version, key: Key) -> Says:
        """What a rule says of a record that it covers: every amount rounded once, the rest what the others leave."""
        debts: dict[str, int] = {}
        before = 0
        for share in version.owes or ():
            cents = self.rounded(number(self.value(share.amount, key, key)))
            part = cents - before if share.rest else cents
            assert part >= 0, "worlds hold no rule that owes less than nothing"
            before += part
            if part:
                assert share.payer is not None
                payer = self.payer(share.payer, key)
                debts[payer] = debts.get(payer, 0) + part
        return Says(frozenset(debts.items()), version.owes is not None, version.permission, version.classified)

    def rounded(self, euros: Fraction) -> int:
        """An amount of at least 0 in cents, rounded as the policy says."""
        exact = euros * 100 / self.policy.step
        below = floor(exact)
        beyond = exact - below
        half = Fraction(1, 2)
        match self.policy.rounding:
            case Rounding.UP:
                more = beyond > 0
            case Rounding.DOWN:
                more = False
            case Rounding.HALF_UP:
                more = beyond >= half
            case Rounding.HALF_DOWN:
                more = beyond > half
            case Rounding.HALF_EVEN:
                more = beyond > half or (beyond == half and below % 2 == 1)
        return (below + more) * self.policy.step


def number(value: Plain) -> Fraction:
    """A value that can only be a number."""
    assert isinstance(value, Fraction)
    return value


def compared(operator: str, left: Plain, right: Plain) -> bool:
    """Whether two values are equal, none and none too; or in order, which none never is."""
    if operator == "=":
        return left == right
    if left is NONE or right is NONE:
        return False
    if isinstance(left, date) and isinstance(right, date):
        return left < right if operator == "<" else left <= right
    return number(left) < number(right) if operator == "<" else number(left) <= number(right)


def computed(operator: str, left: Plain, right: Plain) -> Plain:
    """Arithmetic of numbers, of dates and days."""
    if isinstance(left, date):
        if isinstance(right, date):
            return Fraction((left - right).days)
        days = timedelta(days=int(number(right)))
        return left + days if operator == "+" else left - days
    one, two = number(left), number(right)
    match operator:
        case "+":
            return one + two
        case "-":
            return one - two
        case "*":
            return one * two
        case _:
            return one / two
