"""The value of an expression for one record, given the known facts.

A condition is yes, no or unknown. A number is a range: one point if it is known, what its field allows if it is not.
A reading notes which facts it used, which are missing, and which questions remain open; a part that is settled
regardless leaves no open question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Money, Range
from custodiet.base.truth import Truth, all_of, any_of
from custodiet.policy.analysis.intervals import (
    Number,
    Open,
    Term,
    arithmetic,
    as_days,
    as_term,
    certain,
    compare,
    extreme,
    is_none,
    literal_term,
    ordinals,
    with_zero,
)
from custodiet.policy.analysis.plan import (
    And,
    Arithmetic,
    Atom,
    Compare,
    Condition,
    Count,
    Defined,
    Exists,
    Extreme,
    Fact,
    Holds,
    IsNone,
    Members,
    Named,
    Not,
    Or,
    Plan,
    Rate,
    Route,
    Sum,
    is_condition,
)
from custodiet.policy.analysis.plan import Term as Planned
from custodiet.policy.analysis.resolve import ISSUER
from custodiet.policy.evaluation.rate_lookup import ANY_RATE, look_up, name_of, only_in_form, sought
from custodiet.policy.evaluation.result import Missing, Result, given_value
from custodiet.policy.language.ast import Literal, Policy
from custodiet.records import NONE, UNKNOWN, Field, Kind, Value
from custodiet.records.facts import Facts, Unrecorded, belonging
from custodiet.records.record import Record

Question = tuple[object, ...]
"""The identity of an open question, so that it has the same answer wherever it is asked."""

Completion = Mapping[Question, object]
"""One combination of answers to open questions: a value for a fact, days for the `on` date, a Truth for a test."""

Scope = tuple[Record, ...]
"""The record being read, then the records around it, innermost first."""

ON: Question = ("on",)


class Reading:
    """One record read under one completion; use one reading per rule to know what that rule asked."""

    def __init__(
        self,
        facts: Facts,
        plan: Plan,
        given: Callable[[Policy, Record], Result],
        completion: Completion,
        on: Question | None = None,
        *,
        inside: bool = True,
    ) -> None:
        """Read from these facts.

        `given` answers what other policies give; `completion` settles open questions; `on` is the question of the
        policy's date, once it is known; `inside` says whether facts inside a set are asked one by one, or the set is
        one question.
        """
        self.facts = facts
        self.plan = plan
        self.names = plan.names
        self.given = given
        self.completion = completion
        self.on = on
        self._inside = inside
        self.read: dict[tuple[str, str], Value] = {}
        """The values read, by record and field."""
        self.missing: list[Missing] = []
        self.questions: list[tuple[Question, tuple[object, ...]]] = []
        self.cited: list[str] = []
        """The citations of the rates that were read, in the order of reading."""
        self._depth = 0

    # Conditions

    def holds(self, condition: Condition, scope: Scope) -> Truth:
        """Whether a condition holds of a record."""
        missing, questions = len(self.missing), len(self.questions)
        result = self._holds(condition, scope)
        if result is not Truth.UNKNOWN:
            del self.missing[missing:]
            del self.questions[questions:]
        return result

    def _holds(self, condition: Condition, scope: Scope) -> Truth:
        match condition:
            case Atom():
                return self._tested(condition, scope)
            case And(parts):
                return all_of([self.holds(part, scope) for part in parts])
            case Or(parts):
                return any_of([self.holds(part, scope) for part in parts])
            case Not(part):
                return ~self.holds(part, scope)

    def _tested(self, atom: Atom, scope: Scope) -> Truth:
        match atom.test:
            case Compare(operator, left, right):
                one, other = self.term(left, scope), self.term(right, scope)
                return self._settled(compare(operator, one, other), atom, scope, one, other)
            case IsNone(of):
                term = self.term(of, scope)
                return self._settled(is_none(term), atom, scope, term)
            case Holds(held):
                term = self.term(held, scope)
                return self._settled(compare("=", term, True), atom, scope, term)
            case Exists():
                found = self._any(atom.test, scope)
                # If the set is complete, its members have been asked already; a set that may lack members is one
                # question.
                return found.holds if self._inside and found.whole else self._settled(found.holds, atom, scope)

    def _settled(self, result: Truth, atom: Atom, scope: Scope, *terms: Term) -> Truth:
        """The result; if it depends on more than the facts it asks about, the answer that the completion gives."""
        if result is not Truth.UNKNOWN or not self._asks:
            return result
        if terms and all(certain(term) or (isinstance(term, Open) and term.asked) for term in terms):
            return result
        question: Question = ("test", self.form(atom, scope))
        answer = self.completion.get(question)
        if isinstance(answer, Truth):
            return answer
        self.questions.append((question, (Truth.YES, Truth.NO)))
        return result

    @property
    def _asks(self) -> bool:
        """Whether open questions are asked here, rather than as one question about the surrounding set."""
        return self._inside or not self._depth

    def form(self, part: Planned, scope: Scope) -> object:
        """The identity of a test or a term, so that the same test of the same fields is one question."""
        match part:
            case Atom():
                return self._form_of_test(part, scope)
            case Fact():
                return self._climb(part.route, scope).question
            case Named():
                return self._form_of_named(part, scope)
            case Arithmetic(operator, left, right):
                return (operator, self.form(left, scope), self.form(right, scope))
            case Extreme(which, parts):
                return (which, *(self.form(part, scope) for part in parts))
            case Rate(table, column, keys, on):
                return ("rate", table.name, column, *(self.form(part, scope) for part in (*keys, on)))
            case Literal(value):
                return value
            case Count(number) | Sum(number):
                return ("over", number, *_ids(scope))
            case And() | Or() | Not():
                return (part, *_ids(scope))

    def _form_of_named(self, named: Named, scope: Scope) -> object:
        climbed = self._climb(named.route, scope)
        if climbed.record is None or len(climbed.left) > 1:
            return climbed.question
        return self.form(named.defined.meaning, (climbed.record,))

    def _form_of_test(self, atom: Atom, scope: Scope) -> object:
        match atom.test:
            case Exists():
                return ("exists", atom.number, *_ids(scope))
            case Compare(operator, left, right):
                sides = [self.form(left, scope), self.form(right, scope)]
                return (operator, *(sorted(sides, key=repr) if operator == "=" else sides))
            case IsNone(of):
                return ("is none", self.form(of, scope))
            case Holds(term):
                return self.form(term, scope)

    # Terms

    def term(self, planned: Planned, scope: Scope) -> Term:
        """The value of a term, as far as it is known."""
        match planned:
            case Literal(value):
                return literal_term(value)
            case Fact():
                return self._fact(planned, scope)
            case Named():
                return self._named(planned, scope)
            case Arithmetic(operator, left, right):
                return arithmetic(operator, self.term(left, scope), self.term(right, scope))
            case Extreme(which, parts):
                return extreme(which, [self.term(part, scope) for part in parts])
            case Count() | Sum():
                return Number(self._count_or_sum(planned, scope))
            case Rate():
                return self._rate(planned, scope)
            case _:
                return as_term(self.holds(planned, scope))

    def _fact(self, fact: Fact, scope: Scope) -> Term:
        climbed = self._climb(fact.route, scope)
        if climbed.record is None:
            return NONE
        value = self.completion.get(climbed.question) if self._asks else None
        if value is None:
            value = self._value(climbed.record, fact.field) if len(climbed.left) == 1 else UNKNOWN
        if value is UNKNOWN:
            return self._unknown(fact.field, climbed)
        return self._known(value, climbed.question)

    def _named(self, named: Named, scope: Scope) -> Term:
        climbed, defined = self._climb(named.route, scope), named.defined
        record = climbed.record
        if record is None:
            return NONE
        if len(climbed.left) > 1:
            return Open(may_be_none=True) if is_condition(defined.meaning) else Number(Range(None, None), True)
        stated = record.values.get(defined.name)
        # An example states a named fact directly, in place of the records it would be computed from.
        if stated is not None:
            return self._known(stated, climbed.question)
        term = self.meant(defined, record)
        value = _value_of(term)
        if value is not None and not isinstance(record, Unrecorded):
            self.read[record.id, defined.name] = value
        return term

    def meant(self, defined: Defined, record: Record) -> Term:
        """The value of a named fact of a record."""
        return self.term(defined.meaning, (record,))

    def _value(self, record: Record, field: Field) -> Value:
        """The value of a record's field; noted as read, and as missing unless it is known for certain."""
        value = record.value(field.name)
        if isinstance(record, Unrecorded):
            return value
        given = self.names.given.get((record.type, field.name))
        judgment = self.names.judgments.get((record.type, field.name))
        if judgment is not None and value is UNKNOWN:
            value = self.facts.judged(record.id, judgment[1].asks)
        if given is not None and field.name not in record.values:
            result = self.given(given[1], record)
            value = given_value(result)
            if value is UNKNOWN:
                self.missing += result.missing or [Missing(record.id, field.name, ISSUER)]
        elif value is UNKNOWN or (isinstance(value, Days) and not value.known):
            self.missing.append(Missing(record.id, field.name, field.held_by))
        self.read[record.id, field.name] = value
        return value

    def _known(self, value: object, question: Question) -> Term:
        match value:
            case Days():
                return Number(ordinals(self._narrowed(value, question)))
            case Money(_, currency) if self.names.currency not in ("", currency):
                raise ValueError(f"{value} is in the records of a policy in {self.names.currency}")
            case Money():
                return Number(Range.point(value.exact))
            case Fraction():
                return Number(Range.point(value))
            case bool() | str():
                return value
            case _:
                return NONE

    def _unknown(self, field: Field, climbed: "_Climbed") -> Term:
        may_be_none = field.may_be_none or climbed.may_be_none
        match field.kind:
            case Kind.NUMBER | Kind.MONEY:
                return Number(Range(field.least, None), may_be_none)
            case Kind.DATE:
                return Number(ordinals(self._narrowed(ANY_DAY, climbed.question)), may_be_none)
            case Kind.YES_NO | Kind.LIST if self._asks:
                values: tuple[object, ...] = (True, False) if field.kind is Kind.YES_NO else field.values
                self.questions.append((climbed.question, (*values, NONE) if may_be_none else values))
                return Open(may_be_none, asked=True)
            case _:
                return Open(may_be_none)

    def _narrowed(self, days: Days, question: Question) -> Days:
        """A date; the policy's own date is narrowed to the stretch that the completion assumes."""
        stretch = self.completion.get(ON)
        return days.meets(stretch) if question == self.on and isinstance(stretch, Days) else days

    # Rates

    def _rate(self, rate: Rate, scope: Scope) -> Term:
        """The rate in a table for a key and a day; a rate that is in no row is a missing fact, never zero."""
        missing, questions = len(self.missing), len(self.questions)
        terms = [self.term(part, scope) for part in (*rate.keys, rate.on)]
        if NONE in terms:
            return NONE
        on = terms[-1]
        days = as_days(on.range) if isinstance(on, Number) else ANY_DAY
        keys = [sought(key, term, self.names.currency) for key, term in zip(rate.keys, terms, strict=False)]
        found = look_up(rate.table, rate.column, keys, days)
        if found.row is not None:
            self.cited.append(found.row.cite)
        if found.rate is None or found.rate.known:
            # Open facts about the key and the day do not change the rate.
            del self.missing[missing:]
            del self.questions[questions:]
        if found.rate is None:
            told = "" if days == ANY_DAY else f" on {days}"
            what = name_of(rate, terms) + told + only_in_form(rate.table, keys)
            self.missing.append(Missing(scope[-1].id, what, ISSUER))
        may_be_none = any(isinstance(term, Number | Open) and term.may_be_none for term in terms)
        return Number(found.rate or ANY_RATE, may_be_none)

    def rate_asked(self, rate: Rate, scope: Scope) -> str:
        """Which rate is looked up, with what is known of the key: `per_diem.meals for Albany`."""
        return name_of(rate, [self.term(key, scope) for key in rate.keys])

    # Paths

    def _climb(self, route: Route, scope: Scope) -> "_Climbed":
        """Follow the references of a path as far as they are known."""
        record = scope[route.outwards]
        for place, reference in enumerate(route.climbs):
            target = self._value(record, reference)
            if target is NONE:
                return _Climbed(None, route.names[place:])
            if not isinstance(target, str):
                may_be_none = any(each.may_be_none for each in route.climbs[place:])
                return _Climbed(record, route.names[place:], may_be_none)
            record = self.facts.find(reference.refers_to, target)
        return _Climbed(record, route.names[len(route.climbs) :])

    def date(self, on: Fact | Named, record: Record) -> Days:
        """The policy's `on` date for a record, as far as it is known; the reading remembers which question it is."""
        self.on = self._climb(on.route, (record,)).question
        term = self.term(on, (record,))
        return as_days(term.range) if isinstance(term, Number) else ANY_DAY

    def person(self, payer: Fact | Named, record: Record) -> str | None:
        """The id that a payer's path names, or None if it is not known."""
        term = self.term(payer, (record,))
        return term if isinstance(term, str) else None

    # Sets of records

    def _any(self, question: Exists, scope: Scope) -> "_Found":
        members = self._members(question.members, scope)
        holds = any_of([belongs & self._within(question.where, member, scope) for member, belongs in members.each])
        complete = self.complete(members, question.where, scope)
        whole = complete and all(belongs is Truth.YES for _, belongs in members.each)
        return _Found(holds if complete else holds | Truth.UNKNOWN, whole)

    def _count_or_sum(self, question: Count | Sum, scope: Scope) -> Range:
        members = self._members(question.members, scope)
        total = Range.point(0)
        for member, belongs in members.each:
            counted = belongs & self._within(question.where, member, scope)
            if counted is not Truth.NO:
                each = self._counted(question, member, scope)
                total += each if counted is Truth.YES else with_zero(each)
        return total if self.complete(members, question.where, scope) else total + Range(Fraction(0), None)

    def _counted(self, question: Count | Sum, member: Record, scope: Scope) -> Range:
        """What one member contributes: 1, or the value of the summed field."""
        if isinstance(question, Count):
            return Range.point(1)
        term = self.term(question.summed, (member, *scope))
        return term.range if isinstance(term, Number) else Range(None, None)

    def _within(self, where: Condition | None, member: Record, scope: Scope) -> Truth:
        if where is None:
            return Truth.YES
        self._depth += 1
        holds = self.holds(where, (member, *scope))
        self._depth -= 1
        return holds

    def _members(self, members: Members, scope: Scope) -> "SetRead":
        climbed = self._climb(members.route, scope)
        if climbed.record is None:
            return SetRead()
        if len(climbed.left) > 1:
            return SetRead(unreached=True)
        parent, below = climbed.record, self.facts.below(climbed.record, members.name)
        if below.unrecorded and self.facts.types[members.type].derived:
            self._miss_dates(parent)
        for member, belongs in below.members:
            if belongs is Truth.UNKNOWN:
                self._miss_membership(member, parent)
        return SetRead(parent, below.members, below.unrecorded)

    def complete(self, members: "SetRead", where: Condition | None, scope: Scope) -> bool:
        """Whether no unrecorded member could meet the condition; otherwise the register is noted as missing."""
        if members.above is None or not members.unrecorded:
            return not members.unreached
        # Read without a completion, so that the answer is the same under all of them.
        apart = Reading(self.facts, self.plan, self.given, {})
        meets = [apart._within(where, each, scope) for each in members.unrecorded]
        self.read |= apart.read
        complete = all(each is Truth.NO for each in meets)
        definition = self.facts.types[members.unrecorded[0].type]
        if not complete and not definition.derived:
            self.missing.append(Missing(members.above.id, definition.name, definition.held_by))
        return complete

    def _miss_dates(self, parent: Record) -> None:
        """Note the dates that leave open which records are derived from a record."""
        for name in self.facts.types[parent.type].dated_by:
            self._value(parent, self.facts.types[parent.type].field(name))

    def _miss_membership(self, member: Record, parent: Record) -> None:
        """Note the facts that decide whether a record belongs to a set: its reference, or its dates.

        A derived record depends on the dates of the record it is derived from.
        """
        if self.facts.types[member.type].derived:
            self._miss_dates(parent)
        for field in belonging(self.facts.types, member.type, parent.type):
            if member.value(field.name) is UNKNOWN or field.kind is Kind.DATE:
                self._value(member, field)


@dataclass(frozen=True, slots=True)
class _Climbed:
    """Where the references of a path lead: the record, or None if a reference is none; and the names still to read."""

    record: Record | None
    left: tuple[str, ...]
    may_be_none: bool = False

    @property
    def question(self) -> Question:
        """The fact that the path asks for."""
        return ("none",) if self.record is None else ("fact", self.record.type, self.record.id, self.left)


@dataclass(frozen=True, slots=True)
class _Found:
    """Whether a record of a set meets a condition, and whether all records of the set are known."""

    holds: Truth
    whole: bool


@dataclass(frozen=True, slots=True)
class SetRead:
    """The known records of a set, and those that may be missing."""

    above: Record | None = None
    """The record that has the set; None if there is none or it is unknown."""
    each: tuple[tuple[Record, Truth], ...] = ()
    unrecorded: tuple[Unrecorded, ...] = ()
    unreached: bool = False
    """Whether the record that has the set is unknown."""


def _ids(scope: Scope) -> tuple[tuple[str, str], ...]:
    return tuple((record.type, record.id) for record in scope)


def _value_of(term: Term) -> Value | None:
    """The value of a term, if it is settled and not a date."""
    if isinstance(term, Number):
        return term.range.value if certain(term) else None
    return None if isinstance(term, Open) else term
