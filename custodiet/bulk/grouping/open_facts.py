"""Everything a reading can notice about an open condition, as a text: rows with the same text are read alike.

The code of a settled condition is just its outcome. The code of an open one holds everything on which its completions
depend: which facts are unknown, the values of closed lists and yes/no facts it compares, and the codes of the members
of its sets that leave it open, in the order of these codes. Known numbers and dates are left out, because no
completion changes them; those that one may change (a sum over members that may not count, the policy's own date
across stretches) are included.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sqlglot import exp

from custodiet.bulk.sql.expressions import Asked, Climbed, Compiler
from custodiet.bulk.sql.joins import Below, Frame, Place, Scope
from custodiet.bulk.sql.syntax import (
    YES,
    Digit,
    Sql,
    as_type,
    both,
    case,
    column,
    either,
    equal,
    is_known,
    is_no,
    is_unknown,
    is_yes,
    joined,
    never_null,
    number,
    opposite,
    or_no,
    or_yes,
    text,
)
from custodiet.bulk.sql.tables import Column
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
    Rate,
    Sum,
    Term,
    Test,
    made_of,
)
from custodiet.policy.language.ast import Literal
from custodiet.records import Field, Kind, Types
from custodiet.records.facts import belonging


@dataclass
class Group:
    """The members of one set that leave something open, in the rows of one frame."""

    alias: str
    below: Below
    asked: list[tuple[Asked, Scope]] = field(default_factory=list)
    inner: list["Group"] = field(default_factory=list)
    climbed: list[tuple[Place, str]] = field(default_factory=list)
    """The places reached from a member by references, each with the type of record there."""


Code = tuple[Digit | Sql, ...]
"""A sequence of digits and texts."""


def gated(frame: Frame, when: Sql, code: Code) -> Code:
    """A code that is empty where a condition does not hold."""
    if is_yes(when) or not code:
        return code
    if is_no(when):
        return ()
    short = frame.let(when)
    return tuple(
        (piece[0], *(both(short, each) for each in piece[1:])) if isinstance(piece, tuple)
        else case((short, piece), otherwise=text("."))
        for piece in code
    )  # fmt: skip


def as_text(code: Code) -> Sql:
    """A code as one text. Digits are as wide as their last value, and every text says where it ends."""
    return joined(*(_digit_text(piece) if isinstance(piece, tuple) else piece for piece in code))


def _digit_text(digit: Digit) -> Sql:
    width = len(str(len(digit) - 1))
    words = [text(str(value).rjust(width, "0")) for value in range(len(digit))]
    return case(*zip(digit[1:], words[1:], strict=True), otherwise=words[0])


class Coder:
    """Codes for the open conditions of one policy."""

    def __init__(self, compiler: Compiler, types: Types, crossing: Callable[[Frame], Sql]) -> None:
        """Code what `compiler` compiles; `crossing` says of each row whether its date leaves open what is in force."""
        self.compiler, self.types, self.crossing = compiler, types, crossing
        self._groups: dict[tuple[Below, ...], list[Group]] = {}
        self._defined_once: dict[tuple[Frame, Place, Defined, bool], Code] = {}
        self._counts_once: dict[Defined, bool] = {}

    # Conditions

    def condition(self, condition: Condition, scope: Scope, frame: Frame) -> Code:
        """How a condition is settled, or what leaves it open."""
        holds = self.compiler.holds(condition, scope, frame)
        if is_yes(holds) or is_no(holds):
            return ()
        if never_null(holds):
            return ((YES, holds),)
        unknown = is_unknown(holds)
        return ((YES, holds, unknown), *gated(frame, unknown, self.open(condition, scope, frame)))

    def open(self, condition: Condition, scope: Scope, frame: Frame) -> Code:
        """What leaves a condition open, where it is."""
        match condition:
            case And(parts) | Or(parts):
                return _once(piece for part in parts for piece in self.condition(part, scope, frame))
            case Not(part):
                return self.open(part, scope, frame)
            case Atom(_, test):
                return self._open_test(test, scope, frame)

    def _open_test(self, test: Test, scope: Scope, frame: Frame) -> Code:
        match test:
            case Exists():
                return self._members(test, scope, frame)
            case (
                Compare(_, (Fact() | Named()) as fact, Literal())
                | Compare(_, Literal(), (Fact() | Named()) as fact)
                | IsNone(fact)
                | Holds((Fact() | Named()) as fact)
            ):
                return self._unknown(fact, scope, frame)
            case Compare(_, left, right):
                by_value = self._counts(left) or self._counts(right)
                one = self.term(left, scope, frame, by_value=by_value)
                return _once((*one, *self.term(right, scope, frame, by_value=by_value)))
            case Holds(term):
                return self.term(term, scope, frame)

    def _unknown(self, fact: Fact | Named, scope: Scope, frame: Frame) -> Code:
        """What is known about an unknown fact: where its path ends, and the bounds of a date."""
        if isinstance(fact, Named) or fact.field.kind is Kind.DATE:
            return self.term(fact, scope, frame, by_value=self._counts(fact))
        climbed = self.compiler.climb(fact.route, scope, frame)
        ways = self._ways(*climbed.reached.stuck)
        stuck: Code = ((YES, *ways),) if ways else ()
        return stuck

    def _ways(self, *open_: Sql) -> tuple[Sql, ...]:
        """The ways in which a path may lead nowhere, those that occur."""
        return tuple(self.compiler.outcomes.of(each) for each in open_ if not is_no(each))

    def _counts(self, term: Term) -> bool:
        """Whether a term counts or adds up members, so that its value hangs on how their conditions turn out."""
        match term:
            case Count() | Sum():
                return True
            case Arithmetic() | Extreme():
                return any(self._counts(part) for part in made_of(term))
            case Named(_, defined):
                if defined not in self._counts_once:
                    self._counts_once[defined] = self._counts(defined.meaning)
                return self._counts_once[defined]
            case _:
                return False

    # Terms

    def term(self, term: Term, scope: Scope, frame: Frame, *, by_value: bool = False) -> Code:
        """What is known of each fact that a term reads."""
        match term:
            case Literal():
                return ()
            case Fact() | Named():
                return self._fact(term, scope, frame, by_value=by_value)
            case Arithmetic() | Extreme():
                parts = made_of(term)
                return _once(piece for part in parts for piece in self.term(part, scope, frame, by_value=by_value))
            case Count() | Sum():
                return self._total(term, scope, frame)
            case Rate():
                return self._rate(term, scope, frame, by_value=by_value)
            case _:
                return self.condition(term, scope, frame)

    def _fact(self, fact: Fact | Named, scope: Scope, frame: Frame, *, by_value: bool) -> Code:
        climbed = self.compiler.climb(fact.route, scope, frame)
        if isinstance(fact, Fact):
            within = self._field(climbed, fact.field, frame, by_value=by_value)
        else:
            where = frame, climbed.place, fact.defined, by_value
            if where not in self._defined_once:
                meaning = fact.defined.meaning
                self._defined_once[where] = self.term(meaning, (climbed.place,), frame, by_value=by_value)
            within = self._defined_once[where]
        ways = self._ways(climbed.none, *climbed.reached.stuck)
        return within if not ways else ((YES, *ways), *gated(frame, opposite(either(*ways)), within))

    def _field(self, climbed: Climbed, field: Field, frame: Frame, *, by_value: bool) -> Code:
        held, outcome = frame.column(climbed.reached, field.name), self.compiler.outcomes.of
        none = outcome(frame.marked_none(climbed.reached, held))
        known = not (held.may_be_unknown or held.none or climbed.reached.optional)
        value = column(held.name, climbed.reached.alias, known=known)
        unknown = outcome(is_unknown(value))
        state = (YES, none, unknown) if not is_no(none) else (YES, unknown)
        code: Code = () if known else (state,)
        here = both(opposite(none), opposite(unknown))
        if field.kind is Kind.DATE:
            return (*code, *gated(frame, here, self._days(climbed, held, frame, by_value=by_value)))
        # What is none is known not to be any value; here it is just no value.
        about = None if held.none or climbed.reached.optional else (climbed.place, field.name)
        return (*code, *gated(frame, here, self._known(field, held, value, about, by_value=by_value)))

    def _known(self, field: Field, held: Column, value: Sql, about: object, *, by_value: bool) -> Code:
        """What of a known value a way may depend on."""
        match field.kind:
            case Kind.NUMBER | Kind.MONEY:
                return (numbered(value),) if by_value else ()
            case Kind.YES_NO:
                return ((YES, self.compiler.outcomes.of(value, about)),)
            case Kind.LIST if field.values:
                words = [text(held.stored.get(each, each)) for each in field.values[1:]]
                return ((YES, *(self.compiler.outcomes.of(equal(value, word), about) for word in words)),)
            case _:
                return (quoted(value),)

    def _days(self, climbed: Climbed, held: Column, frame: Frame, *, by_value: bool) -> Code:
        """What of a date a way may depend on: whether it is known to a day; where its own date is open, the days."""
        first, last = (column(name, climbed.reached.alias) for name in (held.name, held.last or held.name))
        days: Code = (numbered(first), numbered(last))
        to_a_day: Code = ((YES, self.compiler.outcomes.of(equal(first, last))),) if held.last else ()
        return days if by_value else (*to_a_day, *gated(frame, self.crossing(frame), days))

    def _rate(self, rate: Rate, scope: Scope, frame: Frame, *, by_value: bool) -> Code:
        """A rate, which is known or none: what is open about one is decided by itself."""
        term = self.compiler.number(rate, scope, frame)
        is_none = self.compiler.outcomes.of(term.none)
        none: Code = () if is_no(is_none) else ((YES, is_none),)
        if not by_value or term.low is None:
            return none
        return (*none, *gated(frame, opposite(is_none), (numbered(term.low.over.sql),)))

    # Sets of records

    def _total(self, question: Count | Sum, scope: Scope, frame: Frame) -> Code:
        """A count or a sum: its value, and the members that leave it open."""
        term = self.compiler.number(question, scope, frame)
        bounds = [numbered(bound.over.sql) for bound in (term.low, term.high) if bound is not None]
        return (*bounds, *gated(frame, opposite(term.certain), self._members(question, scope, frame)))

    def _members(self, question: Asked, scope: Scope, frame: Frame) -> Code:
        """What leaves a question about a set open: that there may be more members, and members that are open."""
        climbed, inside = self.compiler.members(question.members, scope, frame)
        below = inside.levels[-1]
        groups = self._groups.setdefault(frame.levels, [])
        group = next((each for each in groups if each.below == below), None)
        if group is None:
            group = Group(f"g{len(groups)}", below)
            groups.append(group)
        if (question, scope) not in group.asked:
            group.asked.append((question, scope))
        complete = self.compiler.complete(question, scope, frame)
        opened = joined(_or_blank(column("code", group.alias)), text("}"))
        ways = self._ways(*climbed.reached.stuck)
        within: Code = ((YES, complete), *self._derived(question.members, climbed, frame), opened)
        return within if not ways else ((YES, *ways), *gated(frame, opposite(either(*ways)), within))

    def _derived(self, members: Members, climbed: Climbed, frame: Frame) -> Code:
        """Which of the dates are open from which a set is derived, if it is."""
        if not self.types[members.type].derived:
            return ()
        above = self.types[climbed.reached.type]
        return tuple(self._state(climbed.reached.alias, climbed.reached.type, name, frame) for name in above.dated_by)

    def _state(self, alias: str, type_name: str, name: str, frame: Frame) -> Digit:
        """Whether a fact of a record is known, and if it is a date, to a day."""
        held = frame.register(type_name).columns.get(name)
        if held is None:
            return (YES,)
        value, last = column(held.name, alias), column(held.last or held.name, alias)
        none = (or_no(column(held.none, alias)),) if held.none else ()
        return (YES, *none, equal(value, last), is_known(value))

    def join(self, frame: Frame) -> list[Group]:
        """Join the codes of all open members to the rows of a frame; the groups, in the order they are named in."""
        groups = self._groups.pop(frame.levels, [])
        for group in groups:
            self._join(group, frame)
        return groups

    def _join(self, group: Group, frame: Frame) -> None:
        inside = Frame(frame.registers, frame.asked, (*frame.levels, group.below))
        level = len(inside.levels)
        member, belongs = Place(level), column("belongs", f"m{level}")
        unsure = is_unknown(belongs)
        opened, codes = [unsure], [(YES, unsure), *gated(inside, unsure, self._membership(group, inside))]
        for question, scope in group.asked:
            meets = self.compiler.meets(question, scope, inside)
            opened.append(is_unknown(meets))
            inner = () if question.where is None else self.condition(question.where, (member, *scope), inside)
            codes += [(YES, meets, is_unknown(meets)), *gated(inside, is_unknown(meets), inner)]
            if isinstance(question, Sum):
                counts, each = or_yes(meets), self.compiler.number(question.summed, (member, *scope), inside)
                opened.append(both(counts, opposite(each.certain)))
                codes += gated(inside, counts, self.term(question.summed, (member, *scope), inside, by_value=True))
        group.inner = self.join(inside)
        for place, references in inside.references.items():
            if place.level < level:
                # What is reached inside a set from a record outside it is a record around all members.
                frame.at(place, references)
            elif place != member:
                group.climbed.append((place, inside.reached[place].type))
        key = inside.key(inside.reached[member])
        ids = [quoted(key), *(quoted(inside.key(inside.reached[place])) for place, _ in group.climbed)]
        nested = [
            piece for each in group.inner for piece in (text("{"), _or_blank(column("ids", each.alias)), text("}"))
        ]
        code = inside.let(joined(quoted(as_text(tuple(codes))), text(";")))
        totals = {"code": _in_order(code, code, key), "ids": _in_order(joined(*ids, *nested), code, key)}
        keys = [exp.alias_(each, f"k{place}", quoted=True) for place, each in enumerate(inside.keys[:-1])]
        some_open = inside.let(either(*opened))
        only = {name: exp.Filter(this=total, expression=exp.Where(this=some_open)) for name, total in totals.items()}
        query = inside.layered([*keys, *(exp.alias_(total, name, quoted=True) for name, total in only.items())])
        query.group_by(*(number(place) for place in range(1, len(keys) + 1)), copy=False)
        on = [equal(column(f"k{place}", group.alias), each) for place, each in enumerate(frame.keys)]
        frame.join_query(query, group.alias, both(*on))

    def _membership(self, group: Group, inside: Frame) -> Code:
        """Which facts leave open whether a record belongs to a set."""
        child, above = group.below.type, inside.reached[group.below.parent].type
        alias = inside.reached[Place(len(inside.levels))].alias
        return tuple(self._state(alias, child, field.name, inside) for field in belonging(self.types, child, above))


def _once(pieces: Iterable[Digit | Sql]) -> Code:
    """A code without repetitions."""
    return tuple(dict.fromkeys(pieces))


def quoted(value: Sql) -> Sql:
    """A value as a text with its length before it, so that no text runs into the next; blank for NULL."""
    plain = _or_blank(as_type(value, "VARCHAR"))
    return joined(as_type(exp.Length(this=plain), "VARCHAR"), text(":"), plain)


def numbered(value: Sql) -> Sql:
    """A number or a day as a text with its end; no number for NULL."""
    return joined(_or_blank(as_type(value, "VARCHAR")), text(";"))


def _or_blank(value: Sql) -> Sql:
    return exp.Coalesce(this=value, expressions=[text("")])


def _in_order(what: Sql, code: Sql, key: Sql) -> Sql:
    order = [exp.Ordered(this=code), exp.Ordered(this=key)]
    return exp.GroupConcat(this=exp.Order(this=what, expressions=order), separator=text(""))
