"""The world as the solver knows it: one record, the records above it, and the sets of records below.

Nothing is said of it but what cannot be otherwise: closed lists, least, greatest and whole numbers, which fields may be
none, the calendar; that no record ended before it began, which no door lets in (`records.impossible`); that no record
refers to itself, over others either; and that the days of a trip are those from its first to its last.

A world can be drawn in three ways (`Drawing`). ROUGH and CLOSE ones leave room for more than can be, so what holds in
all of them is proved: every `any` that is true keeps one record that shows it, and of the records that `count` and
`sum` tell apart one of each sort stands for all, with how many they are; every other record can be left out, for it
changes no answer. EXACT ones hold a few records in each set and no others, so that each can be written down.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction
from itertools import combinations

import z3

from custodiet.base.currencies import LAST_DAYS, minor_digits
from custodiet.base.dates import FIRST_DAY, LAST_DAY
from custodiet.proofs.smt.budget import PART
from custodiet.proofs.smt.needs import TOLD_APART, Ids, Key, Needs, Noted, ids
from custodiet.proofs.smt.values import (
    NO,
    YES,
    Condition,
    Formula,
    Term,
    all_of,
    any_of,
    exactly,
    is_no,
    is_yes,
    negated,
    real,
    same,
)
from custodiet.records import NONE, UNKNOWN, Field, Kind, Types
from custodiet.records.derive import daily_types
from custodiet.records.facts import sets_below
from custodiet.records.impossible import in_money_of_its_day

DIGITS = 2
"""How many digits an amount has where no policy names a currency."""

ENDS = 2
"""The first and the last day of a record of which there is one for each day."""


class Drawing(Enum):
    """How a world is drawn."""

    ROUGH = "what other policies give is any of their classes, or none"
    CLOSE = "what other policies give is worked out"
    EXACT = "as CLOSE, and sets hold the records drawn and no others"


@dataclass(eq=False, slots=True)
class Thing:
    """One record of a world: its id as a code, whether it is there, and how many there are of it."""

    type: str
    key: Key
    id: z3.ArithRef
    there: Formula
    many: z3.ArithRef
    above: dict[str, "Thing"] = field(default_factory=dict)
    """The records that its references lead to, where it was reached from above or that was followed."""

    def upwards(self) -> Iterator["Thing"]:
        """Every record that this one is known to refer to, over others too."""
        for thing in self.above.values():
            yield thing
            yield from thing.upwards()

    def __str__(self) -> str:
        """The key, as names of variables and ids spell it."""
        return ".".join(str(part) for part in self.key)


@dataclass(frozen=True, eq=False, slots=True)
class Member:
    """A record that may belong to a set, and when it does."""

    thing: Thing
    belongs: Formula


class World:
    """One record and what surrounds it, drawn as far as it is asked for."""

    def __init__(
        self,
        types: Types,
        for_each: str,
        drawing: Drawing,
        needs: Needs,
        currency: str,
        most: int,
        spend: Callable[[int], None],
    ) -> None:
        """Begin with the record asked about; amounts are in the currency, `most` is the size of exact sets.

        `spend` receives the number of steps it takes to draw and to read.
        """
        self.types, self.drawing, self.spend = types, drawing, spend
        self.scale = int(10 ** (minor_digits(currency) if currency else DIGITS))
        """How many minor units there are in one of the currency."""
        self._last_day_of_money = LAST_DAYS.get(currency)
        self.assumed: list[Formula] = []
        """What holds of every world."""
        self.fields: dict[tuple[Key, str], Term] = {}
        self.things: dict[Key, Thing] = {}
        self.factors: list[z3.ArithRef] = []
        """The numbers that others are divided by or multiplied with."""
        self.fitting: dict[tuple[int, ...], tuple[list[z3.ExprRef], list[Formula]]] = {}
        """Which rows of a table fit, by the table and what is looked up in it."""
        self._needs, self._most = needs, most
        self._codes: dict[str, int] = {}
        self._noted = Noted(most if drawing is Drawing.EXACT else None)
        self._sets: dict[tuple[Key, str], tuple[Member, ...]] = {}
        self._totals: dict[tuple[Key, Ids], tuple[Term, Term]] = {}
        self._numbers: list[tuple[z3.ExprRef, Formula, z3.ArithRef]] = []
        self.daily = daily_types(types)
        self.root = self.things[()] = Thing(for_each, (), z3.IntVal(0), YES, z3.IntVal(1))
        if for_each in self.daily:
            self._is_a_day_of(self.root, self.up(self.root, self.daily[for_each].reference))

    @property
    def has_sets(self) -> bool:
        """Whether anything is asked about a set of records."""
        return bool(self._sets)

    @property
    def sets(self) -> list[tuple[Thing, str]]:
        """The sets that are asked about: the record above, and the name."""
        return [(self.things[key], name) for key, name in self._sets]

    def assume(self, what: Formula) -> None:
        """Let something hold."""
        self.spend(PART)
        if not is_yes(what):
            self.assumed.append(what)

    # Fields

    def code(self, text: str) -> z3.ArithRef:
        """The number that stands for a text."""
        return z3.IntVal(self._codes.setdefault(text, len(self._codes) + 1))

    @property
    def texts(self) -> Mapping[int, str]:
        """The texts, by their numbers."""
        return {code: text for text, code in self._codes.items()}

    def field(self, thing: Thing, definition: Field) -> Term:
        """What a record's field holds."""
        place = thing.key, definition.name
        if place not in self.fields:
            above = thing.above.get(definition.name)
            drawn = above is not None and above.key != (*thing.key, definition.name)
            self.fields[place] = Term(above.id) if above is not None and drawn else self._drawn(thing, definition)
        return self.fields[place]

    def _drawn(self, thing: Thing, definition: Field) -> Term:
        name = f"{thing}.{definition.name}"
        none = z3.Bool(f"{name} is none") if definition.may_be_none else NO
        least = definition.least
        match definition.kind:
            case Kind.YES_NO:
                return Term(z3.Bool(name), none)
            case Kind.MONEY:
                minor = z3.Int(name)
                self._within(minor, None if least is None else least * self.scale)
                return Term(real(minor) / self.scale, none, minor=minor)
            case Kind.NUMBER:
                # A cell holds a decimal number; two digits are enough to write an example down.
                decimal = real(z3.Int(name)) / 100 if self.drawing is Drawing.EXACT else z3.Real(name)
                number = z3.Int(name) if definition.whole else decimal
                self._within(number, least, definition.greatest)
                return Term(number, none)
        value = z3.Int(name)
        match definition.kind:
            case Kind.DATE:
                self.assume(z3.And(value >= FIRST_DAY.toordinal(), value <= LAST_DAY.toordinal()))
            case Kind.LIST:
                self.assume(any_of([value == self.code(each) for each in definition.values]))
            case Kind.TEXT:
                # A cell with these words holds no text.
                marks = [self._codes[mark.value] for mark in (NONE, UNKNOWN) if mark.value in self._codes]
                self.assume(all_of([value >= 1, *(value != mark for mark in marks)]))
            case Kind.REFERENCE:
                self.assume(value >= 0)
        return Term(value, none)

    def _within(self, value: z3.ArithRef, least: Fraction | None, greatest: Fraction | None = None) -> None:
        if least is not None:
            self.assume(value >= exactly(least))
        if greatest is not None:
            self.assume(value <= exactly(greatest))

    def given(self, thing: Thing, definition: Field, law: str) -> Term:
        """What another policy of a law gives, taken as any of its classes or none."""
        place = thing.key, f"{law}{definition.name}"
        if place not in self.fields:
            self.fields[place] = self._drawn(thing, replace(definition, name=place[1]))
        return self.fields[place]

    # Records above

    def thing(self, key: Key) -> Thing:
        """The record that a key leads to."""
        if key not in self.things:
            if isinstance(key[-1], int):
                self.members(self.thing(key[:-2]), str(key[-2]))
            else:
                below = self.thing(key[:-1])
                self.up(below, self.types[below.type].field(str(key[-1])))
        return self.things[key]

    def up(self, thing: Thing, reference: Field) -> Thing:
        """The record that a reference leads to; not there where the reference is none."""
        above = thing.above.get(reference.name)
        if above is None:
            term, key = self.field(thing, reference), (*thing.key, reference.name)
            there = all_of([thing.there, negated(term.none)])
            above = Thing(reference.refers_to, key, term.value, there, z3.IntVal(1))
            thing.above[reference.name] = self.things[key] = above
        return above

    # Sets of records below

    def ask(self, thing: Thing, name: str, meets: Sequence[Condition], *, counted: bool) -> None:
        """Note a question about a set, so that the next drawing has room for its answers."""
        self._noted.note((*thing.key, name), meets, counted=counted)

    def told_apart(self, thing: Thing, name: str) -> bool:
        """Whether there is a record for each sort that the counts of a set tell apart."""
        asked = self._needs.of((*thing.key, name))
        return self.drawing is Drawing.EXACT or asked.counted <= TOLD_APART

    def members(self, thing: Thing, name: str) -> tuple[Member, ...]:
        """The records that may belong to the set of that name below a record."""
        place = thing.key, name
        if place not in self._sets:
            child, reference = sets_below(self.types, thing.type)[name]
            # Set first, for what is drawn on the way may lead back here.
            self._sets[place] = ()
            drawn = tuple(self._draw_members(thing, name, child, reference))
            self._sets[place] = drawn
            self._sets[place] = (*drawn, *self._others(thing, name, child, reference))
        return self._sets[place]

    def _draw_members(self, thing: Thing, name: str, child: str, reference: Field) -> Iterator[Member]:
        asked = self._needs.of((*thing.key, name))
        exact = self.drawing is Drawing.EXACT
        days = child in self.daily
        # A trip's first and last day are there whatever is asked.
        # Where every record stands for itself, a set has room for a count, whatever number of sorts it tells apart.
        room = self._most if asked.counted else min(self._most, asked.witnesses)
        size = room if exact else asked.witnesses + (ENDS if days else 0)
        previous = thing.there
        for place in range(size):
            key = (*thing.key, name, place)
            label = ".".join(str(part) for part in key)
            if exact:
                exists = z3.Bool(f"{label} exists")
                id_, many = z3.IntVal(len(self.things)), z3.If(exists, 1, 0)
            else:
                id_, many = z3.Int(f"{label} id"), z3.Int(f"{label} many")
                exists = many >= 1
                self.assume(many >= 0)
            # There is a second only if there is a first.
            previous = there = all_of([previous, exists])
            member = Thing(child, key, id_, there, many)
            member.above[reference.name] = self._parent(thing)
            self.things[key] = member
            if thing.type in self.daily:
                self.assume(z3.Implies(there, self._touches(member, thing)))
            yield Member(member, there)
        if days:
            self._are_days_of(thing, [self.things[(*thing.key, name, place)] for place in range(size)])

    def _others(self, thing: Thing, name: str, child: str, reference: Field) -> Iterator[Member]:
        """Records reached on other ways that may belong to the set too, such as the seat asked about to its leg's."""
        if child in self.daily:
            return
        for key, type_name in self._needs.records:
            if type_name == child and key[:-1] != (*thing.key, name) and self._stands_alone(key, (*thing.key, name)):
                other = self.thing(key)
                belongs = self._belongs(other, thing, reference)
                if other is not thing and other not in thing.upwards() and not is_no(belongs):
                    yield Member(other, belongs)

    def _stands_alone(self, key: Key, set_: Key) -> bool:
        """Whether a record is one, not one for many: many that are alike in one set need not be alike in another."""
        drawn = bool(key) and isinstance(key[-1], int) and self.drawing is not Drawing.EXACT
        return not drawn or not any(self._needs.of(each).counted for each in (key, set_))

    def _belongs(self, other: Thing, thing: Thing, reference: Field) -> Formula:
        to = self.field(other, reference)
        refers = all_of([thing.there, other.there, negated(to.none), same(to.value, self._parent(thing).id)])
        return all_of([refers, self._touches(other, thing)]) if thing.type in self.daily else refers

    def _parent(self, thing: Thing) -> Thing:
        """The record that what is below a record refers to: of a day, the record whose day it is."""
        return thing.above[self.daily[thing.type].reference.name] if thing.type in self.daily else thing

    def total(self, thing: Thing, name: str, own: Term, least: Fraction | None) -> Term:
        """What a field comes to over all the records that one stands for, of which `own` is its own."""
        if z3.is_int_value(thing.many) or self.drawing is Drawing.EXACT:
            return own
        place = thing.key, ids([own.value, *([] if own.minor is None else [own.minor])])
        if place not in self._totals:
            label = f"all of {thing}.{name} {len(self._totals)}"
            minor = None if own.minor is None else z3.Int(label)
            value = z3.Real(label) if minor is None else real(minor) / self.scale
            others = value - own.value
            self.assume(z3.Implies(thing.many == 1, others == 0))
            if least is not None:
                self.assume(z3.Implies(thing.many > 1, others >= (thing.many - 1) * exactly(least)))
            self._totals[place] = own, Term(value, minor=minor)
        _, total = self._totals[place]
        return replace(total, none=own.none, open=own.open)

    def number(self, which: str, least: z3.ArithRef, shown: Formula) -> z3.ArithRef:
        """A count or sum that is not worked out: one number for what comes to the same of all the records drawn."""
        for known_least, known_shown, known in self._numbers:
            if (which == "count") == z3.is_int(known) and known_least.eq(least) and known_shown.eq(shown):
                return known
        name = f"{which} {len(self._numbers)}"
        value = z3.Int(name) if which == "count" else z3.Real(name)
        self._numbers.append((least, shown, value))
        return value

    # Days and what happened on them

    def _dates(self, thing: Thing) -> tuple[z3.ArithRef, z3.ArithRef]:
        """The first and the last day of a record."""
        definition = self.types[thing.type]
        first, last = definition.dated_by[0], definition.dated_by[-1]
        return self.field(thing, definition.field(first)).value, self.field(thing, definition.field(last)).value

    def _on(self, day: Thing) -> z3.ArithRef:
        """Which day it is."""
        return self.field(day, self.daily[day.type].on).value

    def _is_a_day_of(self, day: Thing, above: Thing) -> None:
        first, last = self._dates(above)
        on = self._on(day)
        self.assume(z3.Implies(day.there, z3.And(first <= on, on <= last)))

    def _are_days_of(self, above: Thing, days: list[Thing]) -> None:
        first, last = self._dates(above)
        length = last - first + 1
        if self.drawing is Drawing.EXACT:
            for place, day in enumerate(days):
                self.fields[day.key, self.daily[day.type].on.name] = Term(first + place)
                self.assume(z3.Implies(above.there, day.there == (place < length)))
            self.assume(z3.Implies(above.there, length <= len(days)))
            return
        for day in days:
            self._is_a_day_of(day, above)
        dates = [self._on(day) for day in days]
        for one, other, later in zip(dates, dates[1:], days[1:], strict=False):
            self.assume(z3.Implies(later.there, one < other))
        ends = [z3.And(day.there, on == last) for day, on in zip(days, dates, strict=True)]
        self.assume(z3.Implies(above.there, z3.And(days[0].there, dates[0] == first, any_of(ends))))
        self.assume(z3.Implies(above.there, z3.Sum([z3.If(day.there, day.many, 0) for day in days]) <= length))

    def length_of(self, thing: Thing) -> z3.ArithRef:
        """How many days a record has."""
        first, last = self._dates(thing)
        return z3.If(thing.there, last - first + 1, 0)

    def _touches(self, other: Thing, day: Thing) -> Formula:
        (starts, ends), on = self._dates(other), self._on(day)
        return z3.And(starts <= on, on <= ends)

    # What holds of the whole

    def close(self) -> Needs:
        """Say of everything drawn what holds of it as a whole; what the next drawing can begin with."""
        self._nothing_else_belongs()
        self._no_dates_run_backwards()
        self._no_amount_is_in_a_currency_that_is_gone()
        self._one_id_is_one_record()
        self._nothing_refers_to_itself()
        return self._noted.needs(tuple((key, thing.type) for key, thing in self.things.items()))

    def _nothing_else_belongs(self) -> None:
        """In an exact world, what was drawn after a set was asked about does not belong to it."""
        if self.drawing is not Drawing.EXACT:
            return
        for (key, name), members in list(self._sets.items()):
            thing = self.things[key]
            child, reference = sets_below(self.types, thing.type)[name]
            if child in self.daily:
                continue
            asked_about = {member.thing.key for member in members}
            for other in list(self.things.values()):
                if other.type == child and other.key not in asked_about and other not in thing.upwards():
                    self.assume(negated(self._belongs(other, thing, reference)))

    def _no_dates_run_backwards(self) -> None:
        """Nothing ends before it begins, nor lasts longer than it can."""
        for thing in self.things.values():
            definition = self.types[thing.type]
            terms = [self.fields.get((thing.key, name)) for name in definition.dated_by]
            if len(terms) > 1 and terms[0] is not None and terms[-1] is not None:
                absent, first, last = any_of([terms[0].none, terms[-1].none]), terms[0].value, terms[-1].value
                self.assume(any_of([absent, first <= last]))
                if definition.longest is not None:
                    self.assume(any_of([absent, last - first < definition.longest]))

    def _no_amount_is_in_a_currency_that_is_gone(self) -> None:
        if self._last_day_of_money is None:
            return
        for (key, name), amount in list(self.fields.items()):
            definition = self.types[self.things[key].type]
            began = self.fields.get((key, definition.dated_by[0])) if definition.dated_by else None
            if amount.minor is not None and began is not None and in_money_of_its_day(definition, name):
                in_time = began.value <= self._last_day_of_money.toordinal()
                self.assume(any_of([amount.none, began.none, in_time]))

    def _one_id_is_one_record(self) -> None:
        names: dict[Key, dict[str, Term]] = {key: {} for key in self.things}
        for (key, name), term in self.fields.items():
            names[key][name] = term
        for one, other in combinations(self.things.values(), 2):
            self.spend(PART)
            alike = NO if one.type != other.type else all_of([one.there, other.there, same(one.id, other.id)])
            common = names[one.key].keys() & names[other.key].keys()
            if not is_no(alike):
                for name in sorted(common):
                    left, right = names[one.key][name], names[other.key][name]
                    equal = any_of([all_of([left.none, right.none]), same(left.value, right.value)])
                    self.assume(z3.Implies(alike, all_of([same(left.none, right.none), equal])))

    def _nothing_refers_to_itself(self) -> None:
        for thing in self.things.values():
            self.spend(PART)
            for above in thing.upwards():
                if above.type == thing.type:
                    self.assume(negated(all_of([thing.there, above.there, same(thing.id, above.id)])))
            for via in (thing, *thing.upwards()):
                self._does_not_lead_to(thing, via)

    def _does_not_lead_to(self, thing: Thing, via: Thing) -> None:
        """No reference of a record above leads back, though nothing is read of the record that it leads to."""
        for reference in self.types[via.type].fields:
            term = self.fields.get((via.key, reference.name))
            refers = reference.kind is Kind.REFERENCE and reference.refers_to == thing.type
            if term is not None and refers and reference.name not in via.above:
                back = all_of([thing.there, via.there, negated(term.none), same(term.value, thing.id)])
                self.assume(negated(back))
