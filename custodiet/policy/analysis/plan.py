"""A policy planned: every name resolved, every test numbered, definitions linked, rules laid out by days.

The tree (`language.ast`) holds what is written; a plan holds what that asks of a record, and is made once, before
there is any record. In it a path is a `Fact`, a `Named` fact or the `Members` of a set; `all` is written as `not
any`; a `sum` names its set and what it adds up; and each condition is a skeleton of `And`, `Or` and `Not` over
numbered tests. The same test in the same scope is one test, wherever the policy asks it. Evaluator, SQL, solver,
lineage and coverage iterate over plans, and resolve nothing themselves.

`custodiet check --plan` prints plans (`plan_shown`): each test by its number, and each version over them.

    policy city/meals, for each voucher, on paid_on
      [0] purpose = 'official'
      [1 of event] character = 'campaign'
      [2] any(trip.event where [1])
      rule 1, 2024-01-01 ..: when [0], owes 0
      rule 2, 2024-01-01 ..: when [2], owes paid from protectee
      2024-01-01 ..: rule 2 inside rule 1 displaces rule 1
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from custodiet.base.dates import ANY_DAY, Days
from custodiet.policy.analysis.precedence import Cycle, Structure, in_force, stretches, structure
from custodiet.policy.analysis.resolve import Meaning, Vocabulary
from custodiet.policy.analysis.resolve import Members as MembersNamed
from custodiet.policy.language import ast
from custodiet.policy.language.ast import Literal, OpenGap, Payer, Policy, RateTable, Share, Version
from custodiet.records import Field, Types

Scope = tuple[str, ...]
"""The type of the record being read, then of those around it, innermost first."""


@dataclass(frozen=True, slots=True)
class Route:
    """The way from a record in scope to the record at which a path ends."""

    outwards: int
    """How many `where` clauses are left before the first name is found."""
    climbs: tuple[Field, ...]
    """The references it goes up through."""
    owner: str
    """The type of the record at its end."""
    names: tuple[str, ...]
    """The path as it is written."""

    def __str__(self) -> str:
        """As it is written."""
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Fact:
    """A field of a record: recorded, judged by a person, or given by another policy."""

    route: Route
    field: Field

    @property
    def may_be_none(self) -> bool:
        """Whether the value may be none: the field itself, or a reference on the way."""
        return self.field.may_be_none or any(reference.may_be_none for reference in self.route.climbs)


@dataclass(frozen=True, slots=True)
class Defined:
    """A definition and its meaning for a record of its type."""

    definition: ast.Definition
    meaning: "Term" = field(compare=False)

    @property
    def type(self) -> str:
        """The type of record that it is about."""
        return self.definition.type

    @property
    def name(self) -> str:
        """Its name."""
        return self.definition.name


@dataclass(frozen=True, slots=True)
class Named:
    """A named fact of a record, computed by its definition."""

    route: Route
    defined: Defined


@dataclass(frozen=True, slots=True)
class Members:
    """The set of records of one type below a record."""

    route: Route
    name: str
    """The name of the set, as the record above has it."""
    type: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b`, `a - b`, `a * b`, `a / b`."""

    operator: str
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True)
class Extreme:
    """`min(a, b, …)` or `max(a, b, …)`."""

    which: str
    parts: tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many members of a set meet a condition; numbered like a test."""

    number: int = field(compare=False)
    members: Members
    where: "Condition | None"

    def __str__(self) -> str:
        """What is counted, without the condition."""
        return f"count({self.members.route} …)"


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a field over the members of a set that meet a condition; numbered like a test."""

    number: int = field(compare=False)
    members: Members
    summed: "Fact | Named"
    where: "Condition | None"

    def __str__(self) -> str:
        """What is added up, without the condition."""
        return f"sum({self.members.route}.{self.summed.route} …)"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate: the value of a dated table for some keys on a day."""

    table: RateTable
    column: str
    keys: tuple["Term", ...]
    on: "Term"


@dataclass(frozen=True, slots=True)
class Compare:
    """`a = b`, `a < b`, `a <= b`."""

    operator: str
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True)
class IsNone:
    """`x is none`."""

    of: Fact | Named


@dataclass(frozen=True, slots=True)
class Holds:
    """A term that is a condition by itself: a yes/no fact, a named condition, `yes` or `no`."""

    term: "Term"


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether any member of a set meets a condition."""

    members: Members
    where: "Condition | None"


Test = Compare | IsNone | Holds | Exists


@dataclass(frozen=True, slots=True)
class Atom:
    """A test that is not composed of others, with its number in the policy."""

    number: int = field(compare=False)
    test: Test
    written: ast.Expression = field(compare=False)
    """As it is written where it is asked."""


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"
    written: ast.Expression = field(compare=False)
    """As it is written; a question about all members of a set shows no `not`."""


Condition = And | Or | Not | Atom
Term = Fact | Named | Literal | Arithmetic | Extreme | Count | Sum | Rate | Condition


def is_condition(term: Term) -> bool:
    """Whether a term is a condition by its form; a fact may be one too."""
    return isinstance(term, And | Or | Not) or (isinstance(term, Atom) and not isinstance(term.test, Holds))


def made_of(term: Term) -> tuple[Term, ...]:
    """The direct parts of a term about the same record, in the order of reading; a fact or a set has none."""
    match term:
        case And(parts) | Or(parts) | Extreme(_, parts):
            return parts
        case Not(part) | Atom(_, IsNone(part) | Holds(part)):
            return (part,)
        case Arithmetic(_, left, right) | Atom(_, Compare(_, left, right)):
            return (left, right)
        case Rate(_, _, keys, on):
            return (*keys, on)
        case _:
            return ()


def nodes_of(term: Term) -> Iterator[Term]:
    """A term and all its parts about the same record, without the insides of sets and definitions."""
    yield term
    for each in made_of(term):
        yield from nodes_of(each)


@dataclass(frozen=True, slots=True)
class PlannedPayer:
    """Who pays: a body by its name, or a person by a path."""

    payer: Payer
    person: Fact | Named | None
    """None where a body pays."""


@dataclass(frozen=True, slots=True)
class PlannedShare:
    """One part of what a version says is owed, and who owes it."""

    share: Share
    amount: Term
    payer: PlannedPayer | None
    liable: PlannedPayer | None


@dataclass(frozen=True, slots=True)
class PlannedVersion:
    """One version of a rule: its condition, and what it says is owed."""

    number: int
    version: Version
    when: Condition | None
    """None: the rule always covers."""
    shares: tuple[PlannedShare, ...]


class Plan:
    """The plan of one policy that has no problems."""

    def __init__(self, policy: Policy, names: Vocabulary) -> None:
        """Resolve and number everything the policy's answers depend on; TypeError if a name has no meaning."""
        self.policy, self.names = policy, names
        self._numbers: dict[tuple[object, Scope], int] = {}
        self._atoms: dict[tuple[Test, Scope], Atom] = {}
        self._defined: dict[tuple[str, str], Defined] = {}
        self._ends: dict[tuple[str, str], Field | ast.Definition | MembersNamed] = {}
        self._layouts: dict[frozenset[int], Structure] = {}
        self._layouts_on: dict[Days, Structure] = {}
        self.asked: Scope = (policy.for_each,)
        """The scope of a rule: the record that the policy is asked about."""
        self.on = self.path(policy.on, self.asked)
        self.versions = tuple(self._version(number, each) for number, each in enumerate(policy.versions))
        self.read = dict(self._ends)
        """What its answers depend on, by type and name; gaps and claims are not answers."""

    # Rules by days

    def stretches_in(self, days: Days = ANY_DAY) -> tuple[Days, ...]:
        """The stretches of some days on which the same versions are in force."""
        return (days,) if days.known else tuple(stretches(self.policy, days))

    def layout(self, days: Days) -> Structure:
        """How the versions in force on all of some days displace one another."""
        if days not in self._layouts_on:
            numbers = in_force(self.policy, days)
            if numbers not in self._layouts:
                laid_out = structure(self.policy, numbers)
                if isinstance(laid_out, Cycle):
                    raise TypeError(laid_out.versions)
                self._layouts[numbers] = laid_out
            self._layouts_on[days] = self._layouts[numbers]
        return self._layouts_on[days]

    @cached_property
    def gaps(self) -> tuple[tuple[OpenGap, Condition], ...]:
        """The intended gaps of the pack, each with its condition."""
        return tuple((gap, self.condition(gap.when, self.asked)) for gap in self.policy.gaps)

    @property
    def tests(self) -> tuple[tuple[Atom, Scope], ...]:
        """Every test of the policy, those inside sets and definitions too, by number; each with its scope."""
        found = ((atom, scope) for (_, scope), atom in self._atoms.items())
        return tuple(sorted(found, key=lambda each: each[0].number))

    @property
    def definitions(self) -> tuple[Defined, ...]:
        """The definitions on which the policy's answers depend."""
        return tuple(self._defined.values())

    @property
    def reached(self) -> Collection[tuple[str, str]]:
        """What everything planned so far depends on, gaps and claims included: as in `read`."""
        return self._ends.keys()

    # From the tree to the plan

    def condition(self, written: ast.Expression, scope: Scope) -> Condition:
        """The plan of a condition, such as that of a claim or a gap."""
        match written:
            case ast.And(parts):
                return And(tuple(self.condition(part, scope) for part in parts))
            case ast.Or(parts):
                return Or(tuple(self.condition(part, scope) for part in parts))
            case ast.Not(part):
                return Not(self.condition(part, scope), written)
            case ast.Over("all", of, where):
                # All members meet a condition if none fails it, so `all` is the negation of `any`.
                members = self._members(of.names, scope)
                failing = Exists(members, self._denied(where, (members.type, *scope)))
                return Not(self._atom(failing, scope, written), written)
            case _:
                return self._atom(self._test(written, scope), scope, written)

    def term(self, written: ast.Expression, scope: Scope) -> Term:
        """The value of an expression, planned."""
        match written:
            case Literal():
                return written
            case ast.Path():
                return self.path(written, scope)
            case ast.Arithmetic(operator, left, right):
                return Arithmetic(operator, self.term(left, scope), self.term(right, scope))
            case ast.Extreme(which, parts):
                return Extreme(which, tuple(self.term(part, scope) for part in parts))
            case ast.Rate(table, column, keys, on):
                planned = tuple(self.term(key, scope) for key in keys)
                return Rate(self.names.rates[table], column, planned, self.term(on, scope))
            case ast.Over("count", of, where):
                members = self._members(of.names, scope)
                inside = self._where(where, (members.type, *scope))
                return Count(self._number(("count", members, inside), scope), members, inside)
            case ast.Over(_, _, where, summed=ast.Path() as added):
                members = self._members(written.members.names, scope)
                within = (members.type, *scope)
                summed, inside = self.path(added, within), self._where(where, within)
                return Sum(self._number(("sum", members, summed, inside), scope), members, summed, inside)
            case _:
                return self.condition(written, scope)

    def path(self, path: ast.Path, scope: Scope) -> Fact | Named:
        """A path to a field or to a named fact."""
        route, end = self._route(path.names, scope)
        match end:
            case Field():
                return Fact(route, end)
            case ast.Definition():
                return Named(route, self.defined(end))
            case _:
                raise TypeError(path)

    def defined(self, definition: ast.Definition) -> Defined:
        """The meaning of a definition, planned once."""
        key = definition.type, definition.name
        if key not in self._defined:
            self._defined[key] = Defined(definition, self.term(definition.meaning, (definition.type,)))
        return self._defined[key]

    def payer(self, payer: Payer) -> PlannedPayer:
        """The payer of a rule or a claim, planned."""
        return PlannedPayer(payer, None if payer.path is None else self.path(payer.path, self.asked))

    def _version(self, number: int, version: Version) -> PlannedVersion:
        when = self._where(version.when, self.asked)
        return PlannedVersion(number, version, when, tuple(self._share(share) for share in version.owes or ()))

    def _share(self, share: Share) -> PlannedShare:
        payer = None if share.payer is None else self.payer(share.payer)
        liable = None if share.liable is None else self.payer(share.liable)
        return PlannedShare(share, self.term(share.amount, self.asked), payer, liable)

    def _test(self, written: ast.Expression, scope: Scope) -> Test:
        match written:
            case ast.Compare(operator, left, right):
                return Compare(operator, self.term(left, scope), self.term(right, scope))
            case ast.IsNone(path):
                return IsNone(self.path(path, scope))
            case ast.Over("any", of, where):
                members = self._members(of.names, scope)
                return Exists(members, self._where(where, (members.type, *scope)))
            case _:
                return Holds(self.term(written, scope))

    def _where(self, where: ast.Expression | None, scope: Scope) -> Condition | None:
        return None if where is None else self.condition(where, scope)

    def _denied(self, where: ast.Expression | None, scope: Scope) -> Condition:
        if where is None:
            return self.condition(Literal(value=False), scope)
        return self.condition(where.part if isinstance(where, ast.Not) else ast.Not(where), scope)

    def _members(self, names: tuple[str, ...], scope: Scope) -> Members:
        route, end = self._route(names, scope)
        if not isinstance(end, MembersNamed):
            raise TypeError(names)
        return Members(route, end.name, end.type)

    def _route(self, names: tuple[str, ...], scope: Scope) -> tuple[Route, Field | ast.Definition | MembersNamed]:
        meaning = self.names.meaning(ast.Path(names), scope)
        if not isinstance(meaning, Meaning):
            raise TypeError(names)
        self._ends[meaning.owner, meaning.end.name] = meaning.end
        return Route(meaning.outwards, meaning.climbs, meaning.owner, names), meaning.end

    def _atom(self, test: Test, scope: Scope, written: ast.Expression) -> Atom:
        if (test, scope) not in self._atoms:
            self._atoms[test, scope] = Atom(self._number(test, scope), test, written)
        return replace(self._atoms[test, scope], written=written)

    def _number(self, asked: object, scope: Scope) -> int:
        """The number of a test or of a question about a set: equal ones in the same scope share a number."""
        return self._numbers.setdefault((asked, scope), len(self._numbers))


class Plans:
    """The plans of some policies, each made when it is first asked for.

    The policies are in order of dependence, as `Pack.policies` has them, and have no problems.
    """

    def __init__(self, policies: Sequence[Policy], types: Types) -> None:
        """Nothing is planned yet."""
        self._policies, self._types = policies, types
        self._made: dict[str, Plan] = {}

    def of(self, policy: Policy) -> Plan:
        """The plan of one of the policies."""
        if policy.name not in self._made:
            self._made[policy.name] = Plan(policy, Vocabulary.of(policy, self._policies, self._types))
        return self._made[policy.name]
