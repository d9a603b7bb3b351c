"""A world as a row of cells: what a policy reads of a record, by the paths that lead there.

A definition that asks about a set of records, and what another policy gives, is a cell of its own: so an example is a
row that could stand in an example table. Only where a rule asks about a set outright do its records get cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from custodiet.base.dates import FIRST_DAY, LAST_DAY, Days, numbered
from custodiet.base.errors import Problem
from custodiet.base.money import Money
from custodiet.policy.analysis.intervals import Number
from custodiet.policy.analysis.references import made_of, nodes_of
from custodiet.policy.analysis.resolve import Meaning, Vocabulary
from custodiet.policy.analysis.types import Sorting
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.language.ast import Definition, Expression, Over, Path, Policy
from custodiet.records import NONE, UNKNOWN, Field, Kind, Mark, Types, Value, cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record

Names = tuple[str, ...]


def read_by(policy: Policy) -> tuple[Expression, ...]:
    """Every expression that an answer of a policy rests on, conditions first."""
    conditions = [version.when for version in policy.versions if version.when is not None]
    shares = [share for version in policy.versions for share in version.owes or ()]
    return (*conditions, policy.on, *(share.amount for share in shares), *payers_of(policy))


def payers_of(policy: Policy, *, liable: bool = False) -> tuple[Path, ...]:
    """The paths that lead to whoever pays; and, if asked for, to whoever is liable in another's place."""
    shares = [share for version in policy.versions for share in version.owes or ()]
    payers = [each for share in shares for each in (share.payer, share.liable if liable else None)]
    return tuple(each.path for each in payers if each is not None and each.path is not None)


class Columns:
    """The cells that some expressions about one type of record read."""

    def __init__(self, policy: Policy, policies: Sequence[Policy], types: Types) -> None:
        """Read the names as a policy does."""
        self.policy = policy
        self.policies = list(policies)
        self.names = Vocabulary.of(policy, policies, types)
        # What is wrong with a definition is said where it is checked.
        unsaid: list[Problem] = []
        self.sorting = Sorting(self.names, unsaid.append)
        self.sets: dict[Over, None] = {}
        """The questions about sets that are asked outright."""
        self.paths: dict[Names, None] = {}

    def take(self, part: Expression, above: Names = (), owner: str = "") -> None:
        """Note the paths that an expression reads."""
        match part:
            case Path():
                self._take_path(part, above, owner or self.policy.for_each)
            case Over():
                self.sets[part] = None
            case _:
                for each in made_of(part):
                    self.take(each, above, owner)

    def _take_path(self, path: Path, above: Names, owner: str) -> None:
        meaning = self.names.meaning(path, (owner,))
        if not isinstance(meaning, Meaning):
            raise TypeError(path)
        end = meaning.end
        if isinstance(end, Definition) and not self._asks_a_set(end):
            self.take(end.meaning, (*above, *path.names[:-1]), end.type)
        else:
            self.paths[*above, *path.names] = None

    def _asks_a_set(self, definition: Definition) -> bool:
        return any(self._is_about_a_set(part, definition.type) for part in nodes_of(definition.meaning))

    def _is_about_a_set(self, part: Expression, owner: str) -> bool:
        if isinstance(part, Over):
            return True
        meaning = self.names.meaning(part, (owner,)) if isinstance(part, Path) else None
        inner = meaning.end if isinstance(meaning, Meaning) else None
        return isinstance(inner, Definition) and self._asks_a_set(inner)

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
        meaning = self.names.meaning(Path(tuple(path.split("."))), (self.policy.for_each,))
        return isinstance(meaning, Meaning) and isinstance(meaning.end, Field) and meaning.end.kind is Kind.REFERENCE

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
        definition = self.names.definitions.get((here.type, name))
        reading = evaluator.reading(self.policy)
        planned = reading.plan.path(Path((name,)), (here.type,))
        if definition is None:
            end = self.names.meaning(Path((name,)), (here.type,))
            if not isinstance(end, Meaning) or not isinstance(end.end, Field):
                raise TypeError(name)
            reading.term(planned, (here,))
            return reading.read.get((here.id, name), UNKNOWN)
        term = reading.term(planned, (here,))
        match term:
            case Number(range_) if range_.known and self.sorting.defined(definition).name == "date":
                return _day(range_.value)
            case Number(range_) if range_.known and self.sorting.defined(definition).name == "money":
                return Money.of(range_.value, self.names.currency)
            case Number(range_):
                return range_.value if range_.known else UNKNOWN
            case bool() | str():
                return term
            case _:
                return NONE if term is NONE else UNKNOWN


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
    return Facts(records, facts.vouched, facts.types)


def _less(values: Mapping[str, Value], names: set[str]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name not in names}
