"""What an expression says of one record, as far as the facts go.

A condition is yes, no or unknown. A number is a range: one point if it is known, what its field
allows if it is not. While it reads, a reading notes which facts it used, which are missing, and which
questions remain open; a part that is settled all the same leaves nothing open behind.
"""

from collections.abc import Callable, Mapping, Sequence
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
from custodiet.policy.analysis.resolve import ISSUER, Meaning, Members, Vocabulary
from custodiet.policy.evaluation.rate_lookup import ANY_RATE, Numbers, Sought, Texts, look_up, only_in_form, step
from custodiet.policy.evaluation.result import Missing, Outcome, Result
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
    Policy,
    Rate,
)
from custodiet.records import NONE, UNKNOWN, Field, Kind, Value, cell
from custodiet.records.facts import Facts, Record, Unrecorded

Question = tuple[object, ...]
"""What is not known, by what it is about, so that it turns out the same wherever it is asked."""

Way = Mapping[Question, object]
"""One way in which the open questions can turn out: a value for a fact, days for the `on` date, a Truth for a test."""

Scope = tuple[Record, ...]
"""The record read, then those around it from the inside out."""

ON: Question = ("on",)


class Reading:
    """One record read under one way; keep one for each rule to know what that rule asked."""

    def __init__(
        self,
        facts: Facts,
        names: Vocabulary,
        given: Callable[[Policy, Record], Result],
        way: Way,
        on: Question | None = None,
        *,
        inside: bool = True,
    ) -> None:
        """Read from these facts.

        `given` answers what other policies give; `way` settles open questions; `on` is the question
        that the policy's date is, once it is known; `inside` says whether the facts inside a set are
        taken in turn too, or the question about the set as one.
        """
        self.facts = facts
        self.names = names
        self.given = given
        self.way = way
        self.on = on
        self._inside = inside
        self.read: dict[tuple[str, str], Value] = {}
        """What was read, by record and field."""
        self.missing: list[Missing] = []
        self.questions: list[tuple[Question, tuple[object, ...]]] = []
        self.cited: list[str] = []
        """The citations of the rates that were read, in the order of reading."""
        self._depth = 0

    # Conditions

    def holds(self, condition: Expression, scope: Scope) -> Truth:
        """Whether a condition holds of a record."""
        missing, questions = len(self.missing), len(self.questions)
        result = self._holds(condition, scope)
        if result is not Truth.UNKNOWN:
            del self.missing[missing:]
            del self.questions[questions:]
        return result

    def _holds(self, condition: Expression, scope: Scope) -> Truth:
        match condition:
            case And(parts):
                return all_of([self.holds(part, scope) for part in parts])
            case Or(parts):
                return any_of([self.holds(part, scope) for part in parts])
            case Not(part):
                return ~self.holds(part, scope)
            case Compare(operator, left, right):
                one, other = self.term(left, scope), self.term(right, scope)
                return self._settled(compare(operator, one, other), condition, scope, one, other)
            case IsNone(path):
                term = self.term(path, scope)
                return self._settled(is_none(term), condition, scope, term)
            case Over("all", of, where):
                return ~self.holds(Over("any", of, denied(where)), scope)
            case Over():
                found = self._any(condition, scope)
                # What leaves a whole set open has been asked of its members; a set that may hold more is asked as one.
                return found.holds if self._inside and found.whole else self._settled(found.holds, condition, scope)
            case _:
                term = self.term(condition, scope)
                return self._settled(compare("=", term, True), condition, scope, term)

    def _settled(self, result: Truth, test: Expression, scope: Scope, *terms: Term) -> Truth:
        """The result; or, where it is open beyond what its own facts settle, how the way says it turns out."""
        if result is not Truth.UNKNOWN or not self._asks:
            return result
        if terms and all(certain(term) or (isinstance(term, Open) and term.asked) for term in terms):
            return result
        question: Question = ("test", self.form(test, scope))
        answer = self.way.get(question)
        if isinstance(answer, Truth):
            return answer
        self.questions.append((question, (Truth.YES, Truth.NO)))
        return result

    @property
    def _asks(self) -> bool:
        """Whether what is open here is asked here, not by the question about the set around it."""
        return self._inside or not self._depth

    def form(self, part: Expression, scope: Scope) -> object:
        """What a test is about, so that the same test of the same fields is one question."""
        match part:
            case Path():
                climbed = self._climb(part, scope)
                if climbed.record is not None and isinstance(climbed.end, Definition) and len(climbed.left) == 1:
                    return self.form(climbed.end.meaning, (climbed.record,))
                return climbed.question
            case Compare(operator, left, right):
                sides = [self.form(left, scope), self.form(right, scope)]
                return (operator, *(sorted(sides, key=repr) if operator == "=" else sides))
            case Arithmetic(operator, left, right):
                return (operator, self.form(left, scope), self.form(right, scope))
            case Extreme(which, parts):
                return (which, *(self.form(part, scope) for part in parts))
            case Rate(table, column, keys, on):
                return ("rate", table, column, *(self.form(part, scope) for part in (*keys, on)))
            case IsNone(path):
                return ("is none", self.form(path, scope))
            case Literal(value):
                return value
            case _:
                return (part, tuple((record.type, record.id) for record in scope))

    # Terms

    def term(self, expression: Expression, scope: Scope) -> Term:
        """The value of a term, as far as it is known."""
        match expression:
            case Literal(value):
                return literal_term(value)
            case Path():
                return self._path(expression, scope)
            case Arithmetic(operator, left, right):
                return arithmetic(operator, self.term(left, scope), self.term(right, scope))
            case Extreme(which, parts):
                return extreme(which, [self.term(part, scope) for part in parts])
            case Over(which) if which in ("count", "sum"):
                return Number(self._count_or_sum(expression, scope))
            case Rate():
                return self._rate(expression, scope)
            case _:
                return as_term(self.holds(expression, scope))

    def _path(self, path: Path, scope: Scope) -> Term:
        climbed = self._climb(path, scope)
        if climbed.record is None:
            return NONE
        if isinstance(climbed.end, Definition):
            return self._defined(climbed.end, climbed.record, climbed)
        if isinstance(climbed.end, Members):
            raise TypeError(path)
        value = self.way.get(climbed.question) if self._asks else None
        if value is None:
            value = self._value(climbed.record, climbed.end) if len(climbed.left) == 1 else UNKNOWN
        if value is UNKNOWN:
            return self._unknown(climbed.end, climbed)
        return self._known(value, climbed.question)

    def _defined(self, definition: Definition, record: Record, climbed: "_Climbed") -> Term:
        if len(climbed.left) > 1:
            return Open(may_be_none=True) if is_condition(definition.meaning) else Number(Range(None, None), True)
        stated = record.values.get(definition.name)
        # An example states a named fact outright, in place of the records it would be worked out from.
        if stated is not None:
            return self._known(stated, climbed.question)
        term = self.meant(definition, record)
        value = _value_of(term)
        if value is not None and not isinstance(record, Unrecorded):
            self.read[record.id, definition.name] = value
        return term

    def meant(self, definition: Definition, record: Record) -> Term:
        """What a named fact of a record comes to."""
        return self.term(definition.meaning, (record,))

    def _value(self, record: Record, field: Field) -> Value:
        """What a record's field holds; noted as read, and as missing if it is not known for certain."""
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
                raise ValueError(f"{value} stands in the records of a policy that speaks of {self.names.currency}")
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
        """A date; if it is the policy's own date, no wider than the stretch that the way takes."""
        stretch = self.way.get(ON)
        return days.meets(stretch) if question == self.on and isinstance(stretch, Days) else days

    # Rates

    def _rate(self, rate: Rate, scope: Scope) -> Term:
        """What a table says for a key and a day; a rate that stands in no row is a missing fact, never a zero."""
        missing, questions = len(self.missing), len(self.questions)
        terms = [self.term(part, scope) for part in (*rate.keys, rate.on)]
        if NONE in terms:
            return NONE
        on = terms[-1]
        days = as_days(on.range) if isinstance(on, Number) else ANY_DAY
        sought = [self._sought(key, term, scope) for key, term in zip(rate.keys, terms, strict=False)]
        asked = _asked(rate, terms)
        table = self.names.rates[rate.table]
        found = look_up(table, rate.column, sought, days)
        if found.row is not None:
            self.cited.append(found.row.cite)
        if found.rate is None or found.rate.known:
            # Whatever is open about the key and the day, it changes nothing.
            del self.missing[missing:]
            del self.questions[questions:]
        if found.rate is None:
            asked += ("" if days == ANY_DAY else f" on {days}") + only_in_form(table, sought)
            self.missing.append(Missing(scope[-1].id, asked, ISSUER))
        may_be_none = any(isinstance(term, Number | Open) and term.may_be_none for term in terms)
        return Number(found.rate or ANY_RATE, may_be_none)

    def _sought(self, key: Expression, term: Term, scope: Scope) -> Sought:
        """What is known of a key by which a row is looked up."""
        types = tuple(record.type for record in scope)
        if isinstance(term, Number):
            return Numbers(term.range, step(key, types, self.names))
        if isinstance(term, str):
            return Texts((term,))
        meaning = self.names.meaning(key, types) if isinstance(key, Path) else None
        listed = isinstance(meaning, Meaning) and isinstance(meaning.end, Field) and meaning.end.values
        return Texts(listed or None)

    def rate_asked(self, rate: Rate, scope: Scope) -> str:
        """Which rate is looked up, with what is known of the key: `per_diem.meals for Albany`."""
        return _asked(rate, [self.term(key, scope) for key in rate.keys])

    # Paths

    def _climb(self, path: Path, scope: Scope) -> "_Climbed":
        """Go up the references of a path as far as they are known."""
        meaning = self.names.meaning(path, tuple(record.type for record in scope))
        if not isinstance(meaning, Meaning):
            raise TypeError(path)
        record = scope[meaning.outwards]
        for place, reference in enumerate(meaning.climbs):
            target = self._value(record, reference)
            if target is NONE:
                return _Climbed(None, meaning.end, path.names[place:])
            if not isinstance(target, str):
                may_be_none = any(each.may_be_none for each in meaning.climbs[place:])
                return _Climbed(record, meaning.end, path.names[place:], may_be_none)
            record = self.facts.find(reference.refers_to, target)
        return _Climbed(record, meaning.end, path.names[len(meaning.climbs) :])

    def date(self, on: Path, record: Record) -> Days:
        """The policy's `on` date for a record, as far as it is known; from here on, the reading knows it as such."""
        self.on = self._climb(on, (record,)).question
        term = self._path(on, (record,))
        return as_days(term.range) if isinstance(term, Number) else ANY_DAY

    def person(self, path: Path, record: Record) -> str | None:
        """The id that a payer's path names, or None if it is not known."""
        term = self.term(path, (record,))
        return term if isinstance(term, str) else None

    # Sets of records

    def _any(self, question: Over, scope: Scope) -> "_Found":
        members = self._members(question.of, scope)
        holds = any_of([belongs & self._within(question.where, member, scope) for member, belongs in members.each])
        complete = self.complete(members, question.where, scope)
        whole = complete and all(belongs is Truth.YES for _, belongs in members.each)
        return _Found(holds if complete else holds | Truth.UNKNOWN, whole)

    def _count_or_sum(self, question: Over, scope: Scope) -> Range:
        of = question.of if question.which == "count" else Path(question.of.names[:-1])
        what = Literal(Fraction(1)) if question.which == "count" else Path(question.of.names[-1:])
        members = self._members(of, scope)
        total = Range.point(0)
        for member, belongs in members.each:
            counted = belongs & self._within(question.where, member, scope)
            if counted is not Truth.NO:
                term = self.term(what, (member, *scope))
                each = term.range if isinstance(term, Number) else Range(None, None)
                total += each if counted is Truth.YES else with_zero(each)
        return total if self.complete(members, question.where, scope) else total + Range(Fraction(0), None)

    def _within(self, where: Expression | None, member: Record, scope: Scope) -> Truth:
        if where is None:
            return Truth.YES
        self._depth += 1
        holds = self.holds(where, (member, *scope))
        self._depth -= 1
        return holds

    def _members(self, of: Path, scope: Scope) -> "SetRead":
        climbed = self._climb(of, scope)
        if climbed.record is None:
            return SetRead()
        if len(climbed.left) > 1 or not isinstance(climbed.end, Members):
            return SetRead(unreached=True)
        parent, below = climbed.record, self.facts.below(climbed.record, climbed.left[0])
        if below.unrecorded and self.facts.types[climbed.end.type].derived:
            self._miss_dates(parent)
        for member, belongs in below.members:
            if belongs is Truth.UNKNOWN:
                self._miss_membership(member, parent)
        return SetRead(parent, below.members, below.unrecorded)

    def complete(self, members: "SetRead", where: Expression | None, scope: Scope) -> bool:
        """Whether no record that a register may lack would meet a condition; if one might, the register is missing."""
        if members.above is None or not members.unrecorded:
            return not members.unreached
        # Apart from the ways in which what is unknown can turn out, so that it is the same in all of them.
        apart = Reading(self.facts, self.names, self.given, {})
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
        """Note the facts that leave open whether a record belongs to a set: its reference, or its dates.

        What is derived lies open with the dates of the record it is derived from.
        """
        definition = self.facts.types[member.type]
        if definition.derived:
            self._miss_dates(parent)
        references = [each for each in definition.fields if each.refers_to in (parent.type, "trip")]
        for field in (*references, *(definition.field(name) for name in definition.dated_by)):
            if member.value(field.name) is UNKNOWN or field.kind is Kind.DATE:
                self._value(member, field)


@dataclass(frozen=True, slots=True)
class _Climbed:
    """Where a path's references lead: the record, None if one of them is none; and the names left to read there."""

    record: Record | None
    end: Field | Definition | Members
    left: tuple[str, ...]
    may_be_none: bool = False

    @property
    def question(self) -> Question:
        """The fact that the path asks for."""
        return ("none",) if self.record is None else ("fact", self.record.type, self.record.id, self.left)


@dataclass(frozen=True, slots=True)
class _Found:
    """Whether a record of a set meets a condition, and whether the set is known to the last record."""

    holds: Truth
    whole: bool


@dataclass(frozen=True, slots=True)
class SetRead:
    """The records of a set, as far as they are known, and what may be lacking there."""

    above: Record | None = None
    """The record that the set is below; None if there is none, or if it is not known."""
    each: tuple[tuple[Record, Truth], ...] = ()
    unrecorded: tuple[Unrecorded, ...] = ()
    unreached: bool = False
    """Whether it is not known which record the set is below."""


def denied(where: Expression | None) -> Expression:
    """The opposite of a condition: all records meet it if none is found that does not, which makes it one question."""
    if where is None:
        return Literal(value=False)
    return where.part if isinstance(where, Not) else Not(where)


def _asked(rate: Rate, terms: Sequence[Term]) -> str:
    keys = ", ".join(_shown(term) for term, _ in zip(terms, rate.keys, strict=False))
    return f"{rate.table}.{rate.column}" + (f" for {keys}" if keys else "")


def _shown(term: Term) -> str:
    """What is known of a key, as a cell would hold it."""
    if isinstance(term, Number):
        return cell(term.range.value) if term.range.known else UNKNOWN.value
    return UNKNOWN.value if isinstance(term, Open) else cell(term)


def is_condition(expression: Expression) -> bool:
    """Whether an expression is a condition by its form; a bare path may be one too."""
    return isinstance(expression, And | Or | Not | Compare | IsNone) or (
        isinstance(expression, Over) and expression.which in ("any", "all")
    )


def _value_of(term: Term) -> Value | None:
    """The value of a term, if it is settled and is no date."""
    if isinstance(term, Number):
        return term.range.value if certain(term) else None
    return None if isinstance(term, Open) else term


def given_value(result: Result) -> Value:
    """What the answer of a policy that gives a field makes of that field."""
    if result.outcome is Outcome.NO_RULE:
        return NONE
    if result.outcome in (Outcome.UNDETERMINED, Outcome.CONFLICT) or result.classified is None:
        return UNKNOWN
    return result.classified
