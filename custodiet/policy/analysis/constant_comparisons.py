"""Comparisons with the same result for every record: both sides read the same thing, or nothing.

Inside `where` a name means the record of the set wherever that record has it, so `paid = paid` there does not compare
anything with the outer record. What two sides read is compared by meaning: names are followed to the record they
start from and definitions to what they refer to; sums, differences and multiples are added up, and what is
multiplied, divided, counted, summed or looked up is taken as a whole.
"""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from custodiet.base.dates import Days
from custodiet.base.errors import Problem
from custodiet.policy.analysis.diagnostics import CHECKING
from custodiet.policy.analysis.references import made_of
from custodiet.policy.analysis.resolve import Meaning, Vocabulary
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
    Rate,
)
from custodiet.records.facts import sets_below

Form = frozenset[tuple[object, Fraction]]
"""A sum: how often each thing read occurs in it. Anything that is not a number occurs once."""
ONE = ("number",)
"""The unit of which a written number or date is a multiple."""
NOTHING: Form = frozenset()
"""Zero: the form of a comparison that compares nothing."""
YES: Form = frozenset({(("written", True), Fraction(1))})
MOST_BOUNDS = 100
"""How many upper bounds of a sum are tried: a sum of many `min` and `max` has very many."""


@dataclass(frozen=True, slots=True)
class _Around:
    """A record in which names are looked up: its type, the number of its place, and how many sets surround it."""

    type: str
    place: int
    depth: int = 0


_Scope = tuple[_Around, ...]


class Alike:
    """Finds, in one policy, the comparisons that no record can change."""

    def __init__(self, names: Vocabulary) -> None:
        """Use these names; their definitions form no circle."""
        self._names = names
        self._numbers: dict[object, int] = {}
        """Every place and every part of a form by number, so that deep forms are compared in one step."""
        self._back: dict[tuple[int, str], int] = {}
        """From the place of a set's record and its reference up: the place of the record that has the set."""
        self._defined: dict[tuple[Definition, _Around], Form] = {}
        self._denials: dict[Form, Form] = {}
        """What each denial denies, by the form of the denial."""
        self._opposites: dict[Form, Form] = {}
        """Pairs of comparisons of which exactly one holds if neither side is none: `a < b` and `a >= b`."""
        self._extremes: dict[object, tuple[str, frozenset[Form]]] = {}
        """The members of each `min` and `max`, by the thing it is in a form."""

    def problems(self, part: Expression, type_name: str) -> Iterator[Problem]:
        """The pointless comparisons in an expression about a record of a type."""
        yield from self._problems(part, (_Around(type_name, self._number("asked")),))

    def _problems(self, part: Expression, scope: _Scope) -> Iterator[Problem]:
        match part:
            case Over():
                inner = self._inside(part, scope)
                if inner is not None and part.where is not None:
                    yield from self._problems(part.where, (inner, *scope))
            case _:
                for each in made_of(part):
                    yield from self._problems(each, scope)
        match part:
            case Compare(operator, left, right):
                if self._is_settled(operator, _apart(self._form(left, scope), self._form(right, scope))):
                    yield CHECKING["compared_alike"].at(part.span, hint=INSIDE if len(scope) > 1 else "")
            case And(parts) | Or(parts):
                word = "or" if isinstance(part, Or) else "and"
                yield from self._joined_in_vain(part, word, [self._form(each, scope) for each in parts])
            case Extreme(which, parts):
                several = Counter(chain.from_iterable(self._members(which, self._form(each, scope)) for each in parts))
                if any(times > 1 for times in several.values()):
                    yield CHECKING["extreme_alike"].at(part.span, which=which)

    def _joined_in_vain(self, part: And | Or, word: str, forms: Sequence[Form]) -> Iterator[Problem]:
        each = Counter(form for form in forms if form != NOTHING)
        if any(times > 1 for times in each.values()):
            yield CHECKING["extreme_alike"].at(part.span, which=word)
        if any(self._denials.get(form) in each or self._opposites.get(form) in each for form in forms):
            yield CHECKING["joined_denied"].at(part.span, word=word)

    def _is_settled(self, operator: str, apart: Form) -> bool:
        """Whether a comparison has the same result whatever is read, judged by how far apart its sides can be."""
        if all(_is_written(thing) for thing, _ in apart):
            return True
        turned = _times(apart, Fraction(-1))
        match operator:
            case "<":
                return self._stays_below(apart) or self._stays_below(turned, or_at=True)
            case "<=":
                return self._stays_below(apart, or_at=True) or self._stays_below(turned)
            case _:
                return self._stays_below(apart) or self._stays_below(turned)

    def _stays_below(self, form: Form, *, or_at: bool = False) -> bool:
        """Whether a sum is certainly below zero, or at most zero: a `min` is at most any of its parts."""
        numbers = map(_number_written, self._bounds(form))
        return any(number is not None and (number < 0 or (or_at and number == 0)) for number in numbers)

    def _bounds(self, form: Form) -> Iterator[Form]:
        """A sum and its upper bounds, beginning with those that differ from it in one `min` or `max`."""
        reached = {form: None}
        waiting = deque(reached)
        while waiting and len(reached) < MOST_BOUNDS:
            each = waiting.popleft()
            yield each
            new = [bound for bound in self._next_bounds(each) if bound not in reached]
            reached.update(dict.fromkeys(new))
            waiting.extend(new)
        yield from waiting

    def _next_bounds(self, form: Form) -> Iterator[Form]:
        for thing, times in form:
            which, members = self._extremes.get(thing, ("", frozenset()))
            if which == ("min" if times > 0 else "max"):
                rest = form - {(thing, times)}
                fewer = (each for each, _ in rest if self._is_of_fewer(each, which, members))
                for part in (*members, *(frozenset({(each, Fraction(1))}) for each in fewer)):
                    yield _sum((rest, Fraction(1)), (part, times))

    def _is_of_fewer(self, thing: object, which: str, members: frozenset[Form]) -> bool:
        """Whether a thing is the `min` or `max` of some of these only."""
        other, fewer = self._extremes.get(thing, ("", frozenset()))
        return other == which and fewer < members

    # What an expression reads

    def _number(self, thing: object) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    def _whole(self, *parts: object) -> Form:
        """The form of something treated as a unit, whatever it consists of."""
        return frozenset({((self._number(parts),), Fraction(1))})

    def _form(self, part: Expression, scope: _Scope) -> Form:
        match part:
            case Path():
                return self._path(part, scope)
            case Literal(value):
                return _written_value(value)
            case Arithmetic("+" | "-" as sign, left, right):
                weight = Fraction(1 if sign == "+" else -1)
                return _sum((self._form(left, scope), Fraction(1)), (self._form(right, scope), weight))
            case Arithmetic(sign, left, right):
                return self._scaled(sign, self._form(left, scope), self._form(right, scope))
            case Extreme(which, parts):
                return self._extreme(which, [self._form(inner, scope) for inner in parts])
            case Over():
                return self._over(part, scope)
            case Rate(table, column):
                return self._whole(table, column, *(self._form(each, scope) for each in made_of(part)))
            case And() | Or() | Not() | Compare() | IsNone():
                return self._condition(part, scope)

    def _condition(self, part: And | Or | Not | Compare | IsNone, scope: _Scope) -> Form:
        match part:
            case And(parts) | Or(parts):
                each = frozenset(self._form(inner, scope) for inner in parts)
                return next(iter(each)) if len(each) == 1 else self._whole(type(part), each)
            case Not(inner):
                return self._denied(self._form(inner, scope))
            case Compare(operator, left, right):
                return self._compared(operator, self._form(left, scope), self._form(right, scope))
            case IsNone(inner):
                return self._whole(IsNone, self._form(inner, scope))

    def _over(self, part: Over, scope: _Scope) -> Form:
        inner = self._inside(part, scope)
        if inner is None:
            return self._whole(part.which, part.of.names, part.where)
        return self._whole(part.which, inner.place, *(self._form(each, (inner, *scope)) for each in part.inside))

    def _compared(self, operator: str, left: Form, right: Form) -> Form:
        """A comparison, by the distance of its sides: `a = b` is `b - a = 0`, `a < b` is `2 * a < 2 * b`."""
        if operator == "=" and YES in (left, right):
            return right if left == YES else left
        apart = _apart(left, right)
        if all(_is_written(thing) for thing, _ in apart):
            return NOTHING
        size = sum((abs(times) for _, times in apart), Fraction(0))
        apart = _times(apart, 1 / size)
        turned = _times(apart, Fraction(-1))
        if operator == "=":
            return self._whole("=", frozenset((apart, turned)))
        compared = self._whole(operator, apart)
        self._opposites[compared] = self._whole("<" if operator == "<=" else "<=", turned)
        return compared

    def _denied(self, form: Form) -> Form:
        if form in self._denials:
            return self._denials[form]
        denial = self._whole(Not, form)
        self._denials[denial] = form
        return denial

    def _members(self, which: str, form: Form) -> frozenset[Form]:
        """What a part adds to a `min` or `max`: the parts of a nested one of its kind, or the part itself."""
        thing, times = next(iter(form)) if len(form) == 1 else (None, Fraction(0))
        inner, members = self._extremes.get(thing, ("", frozenset()))
        return members if inner == which and times == 1 else frozenset({form})

    def _extreme(self, which: str, parts: Sequence[Form]) -> Form:
        members = frozenset(chain.from_iterable(self._members(which, part) for part in parts))
        if len(members) == 1:
            return next(iter(members))
        form = self._whole(which, members)
        ((thing, _),) = form
        self._extremes[thing] = which, members
        return form

    def _scaled(self, sign: str, one: Form, other: Form) -> Form:
        """A product or a quotient: a multiple, if all sides but one are written numbers."""
        by, of = _number_written(other), _number_written(one)
        if sign == "*":
            if by is not None or of is not None:
                return _sum((one, by)) if by is not None else _sum((other, of or Fraction(0)))
            return self._whole("*", frozenset(Counter((one, other)).items()))
        if one == other:
            return _written(Fraction(1))
        return _sum((one, 1 / by)) if by else self._whole("/", one, other)

    def _path(self, path: Path, scope: _Scope) -> Form:
        meaning = self._names.meaning(path, tuple(each.type for each in scope))
        if not isinstance(meaning, Meaning):
            return self._whole("unknown name", path.names)
        place = self._reached(meaning, scope)
        if not isinstance(meaning.end, Definition):
            return self._whole("fact", place, path.names[-1])
        around = _Around(meaning.owner, place, scope[0].depth)
        key = meaning.end, around
        if key not in self._defined:
            self._defined[key] = self._form(meaning.end.meaning, (around,))
        return self._defined[key]

    def _reached(self, meaning: Meaning, scope: _Scope) -> int:
        """The place of the record at which a path ends, also if the path leads back out of a set."""
        place = scope[meaning.outwards].place
        for reference in meaning.climbs:
            back = self._back.get((place, reference.name))
            place = self._number(("up", place, reference.name)) if back is None else back
        return place

    def _inside(self, question: Over, scope: _Scope) -> _Around | None:
        """The place of a record of the set asked about; None if there is no such set."""
        found = self._names.set_of(question, tuple(each.type for each in scope))
        if found is None:
            return None
        meaning, members = found
        above, depth = self._reached(meaning, scope), scope[0].depth + 1
        member = self._number(("member", above, members.name, depth))
        _, reference = sets_below(self._names.types, meaning.owner)[members.name]
        if reference.refers_to == meaning.owner:
            self._back[member, reference.name] = above
        return _Around(members.type, member, depth)


INSIDE = (
    "inside `where`, a name that a record of the set has means that record, and the record asked about cannot be "
    "named; to compare the two, ask in a `judgment` box"
)


def _written(number: Fraction) -> Form:
    return frozenset({(ONE, number)} if number else ())


def _is_written(thing: object) -> bool:
    """Whether something is written in the policy and not read from a record."""
    return thing == ONE or (isinstance(thing, tuple) and thing[0] == "written")


def _apart(one: Form, other: Form) -> Form:
    """The difference of two sums."""
    return _sum((one, Fraction(1)), (other, Fraction(-1)))


def _times(form: Form, times: Fraction) -> Form:
    return _sum((form, times))


def _number_written(form: Form) -> Fraction | None:
    """The number of a form that reads nothing."""
    if not form:
        return Fraction(0)
    return next((times for thing, times in form if len(form) == 1 and thing == ONE), None)


def _sum(*forms: tuple[Form, Fraction]) -> Form:
    """A weighted sum of forms; terms that cancel out are dropped."""
    total: dict[object, Fraction] = {}
    for form, weight in forms:
        for thing, times in form:
            total[thing] = total.get(thing, Fraction(0)) + times * weight
    return frozenset((thing, times) for thing, times in total.items() if times)


def _written_value(value: Fraction | str | bool | Days) -> Form:
    """The form of a literal: a number or a day as a multiple of the unit, any other value as itself."""
    match value:
        case Days():
            return _written(Fraction(value.day.toordinal()))
        case Fraction():
            return _written(value)
        case _:
            return frozenset({(("written", value), Fraction(1))})
