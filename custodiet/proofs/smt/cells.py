"""A world as a row of cells: what a policy reads from a record, by path.

A definition that asks about a set of records, and what another policy gives, is a cell of its own: so an example is a
row that could stand in an example table. Only where a rule asks about a set outright do its records get cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from custodiet.base.dates import FIRST_DAY, LAST_DAY, Days, numbered
from custodiet.base.errors import Problem
from custodiet.base.money import Money
from custodiet.policy.analysis.intervals import Number
from custodiet.policy.analysis.plan import Atom, Count, Exists, Fact, Named, Plan, Sum, Term, made_of
from custodiet.policy.analysis.types import Sorting
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.language.ast import Path, Policy
from custodiet.records import NONE, UNKNOWN, Kind, Mark, Value, cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record

Names = tuple[str, ...]


def read_by(plan: Plan) -> tuple[Term, ...]:
    """Everything on which an answer of a policy depends, conditions first."""
    conditions = [version.when for version in plan.versions if version.when is not None]
    shares = [share for version in plan.versions for share in version.shares]
    return (*conditions, plan.on, *(share.amount for share in shares), *payers_of(plan))


def payers_of(plan: Plan, *, liable: bool = False) -> tuple[Fact | Named, ...]:
    """Everyone who pays by a path and, if requested, everyone liable in another's place."""
    shares = [share for version in plan.versions for share in version.shares]
    payers = [each for share in shares for each in (share.payer, share.liable if liable else None)]
    return tuple(each.person for each in payers if each is not None and each.person is not None)


class Columns:
    """The cells that some terms about the record asked about read."""

    def __init__(self, plan: Plan, policies: Sequence[Policy]) -> None:
        """Start without cells; `policies` are those on which its answers depend."""
        self.plan, self.policies = plan, list(policies)
        # Problems of definitions are reported by the check.
        unsaid: list[Problem] = []
        self._sorting = Sorting(plan.names, unsaid.append)
        self.asks_a_set = False
        """Whether a set is asked about outright, not by a name that a cell can hold."""
        self.paths: dict[Names, None] = {}

    def take(self, term: Term, above: Names = ()) -> None:
        """Note the paths that a term reads, of the record that a path leads to."""
        match term:
            case Fact(route):
                self.paths[*above, *route.names] = None
            case Named(route, defined) if _asks_a_set(defined.meaning):
                self.paths[*above, *route.names] = None
            case Named(route, defined):
                self.take(defined.meaning, (*above, *route.names[:-1]))
            case Count() | Sum() | Atom(_, Exists()):
                self.asks_a_set = True
            case _:
                for each in made_of(term):
                    self.take(each, above)

    def cells(self, facts: Facts, record: Record) -> dict[str, str]:
        """What the paths hold in a world."""
        held: dict[str, str] = {}
        evaluator = Evaluator(self.policies, facts)
        for path in self.paths:
            here, names = self._climb(path, facts, record)
            value = NONE if here is None else self._value(here, names[-1], evaluator)
            held[".".join(names)] = value.digits if isinstance(value, Money) else cell(value)
        return held

    def refers(self, path: str) -> bool:
        """Whether a path ends at a reference."""
        end = self.plan.path(Path(tuple(path.split("."))), self.plan.asked)
        return isinstance(end, Fact) and end.field.kind is Kind.REFERENCE

    def _climb(self, path: Names, facts: Facts, record: Record) -> tuple[Record | None, Names]:
        """The record that a path leads to; none, and the path so far, where a reference on it is none."""
        here = record
        for place, name in enumerate(path[:-1]):
            reference = facts.types[here.type].field(name)
            above = facts.up(here, reference)
            if above is None:
                return None, path[: place + 1]
            here = above
        return here, path

    def _value(self, here: Record, name: str, evaluator: Evaluator) -> Value:
        reading = evaluator.reading(self.plan.policy)
        planned = reading.plan.path(Path((name,)), (here.type,))
        term = reading.term(planned, (here,))
        if isinstance(planned, Fact):
            return reading.read.get((here.id, name), UNKNOWN)
        match term:
            case Number(range_) if range_.known and self._sort(planned) == "date":
                return _day(range_.value)
            case Number(range_) if range_.known and self._sort(planned) == "money":
                return Money.of(range_.value, self.plan.names.currency)
            case Number(range_):
                return range_.value if range_.known else UNKNOWN
            case bool() | str():
                return term
            case _:
                return NONE if term is NONE else UNKNOWN

    def _sort(self, named: Named) -> str:
        return self._sorting.defined(named.defined.definition).name


def _asks_a_set(term: Term) -> bool:
    """Whether a term asks about a set, or names a fact that does."""
    match term:
        case Count() | Sum() | Atom(_, Exists()):
            return True
        case Named(_, defined):
            return _asks_a_set(defined.meaning)
        case _:
            return any(_asks_a_set(each) for each in made_of(term))


def _day(ordinal: Fraction) -> Days | Mark:
    """A day that was worked out; one beyond the calendar is left open, for no cell can state it."""
    day = numbered(int(ordinal))
    return Days.on(day) if FIRST_DAY <= day <= LAST_DAY else UNKNOWN


def all_cells(facts: Facts) -> Iterator[tuple[Record, str, str]]:
    """Every cell of a world: its record, its field, and what it holds."""
    for type_name in facts.types:
        if not facts.types[type_name].derived:
            for record in facts.of(type_name):
                for name, value in record.values.items():
                    yield record, name, value.digits if isinstance(value, Money) else cell(value)


def without(facts: Facts, dropped: Sequence[tuple[str, str]]) -> Facts:
    """A world in which some fields, by record and name, are unknown."""
    records = [
        Record(record.type, record.id, _less(record.values, {name for id_, name in dropped if id_ == record.id}))
        for type_name in facts.types
        if not facts.types[type_name].derived
        for record in facts.of(type_name)
    ]
    return Facts(records, facts.types, facts.vouched)


def _less(values: Mapping[str, Value], names: set[str]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name not in names}
