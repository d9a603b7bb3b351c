"""A cache for what the evaluator would compute twice: comparisons, named facts, and the turns of a residual.

The rules of a policy compare the same facts with one value after another, and read the same named facts; records with
the same open facts leave the same residual. The outcome of a test of a single field depends on its value alone,
whatever record it is in; a named fact of a record is the same for every rule that reads it; the turns of a residual
are the same for all records that leave it (`turns`). Without a memo the evaluator gives the same answers more slowly;
the tests compare the two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from custodiet.base.truth import Truth, all_of, any_of
from custodiet.policy.analysis.intervals import Term
from custodiet.policy.analysis.plan import And, Atom, Compare, Condition, Defined, Fact, Holds, Not, Or, Plan
from custodiet.policy.evaluation.expressions import ON, Completion, Question, Reading, Scope, SetRead
from custodiet.policy.evaluation.result import Result
from custodiet.policy.evaluation.turns import Residual, Turns, turns_of
from custodiet.policy.language.ast import Literal, Policy
from custodiet.records import UNKNOWN, Kind, Value
from custodiet.records.facts import Facts
from custodiet.records.record import Record

FEW_VALUED = (Kind.YES_NO, Kind.LIST, Kind.NUMBER)
"""The kinds of fields whose values repeat across many records."""
MOST_TURNS = 200_000
"""How many turns are cached for one policy; beyond that the cache is emptied."""


@dataclass(slots=True)
class Memo:
    """What is cached for one policy across records."""

    compared: dict[int, tuple[str, dict[Value, Truth]]]
    """The tests of a single field, by number: the field, and the outcome for every value met so far."""
    turns: dict[Residual, Turns] = field(default_factory=dict)
    _size: int = 0

    @classmethod
    def of(cls, plan: Plan) -> "Memo":
        """An empty cache."""
        tests = (atom for version in plan.versions if version.when is not None for atom in _atoms(version.when))
        fields = ((atom.number, _own_field(atom)) for atom in tests)
        return cls({number: (name, {}) for number, name in fields if name is not None})

    def turns_of(self, residual: Residual) -> Turns:
        """The turns of a residual, computed once."""
        turns = self.turns.get(residual)
        if turns is None:
            turns = turns_of(residual)
            if self._size + len(turns.each) > MOST_TURNS:
                self.turns.clear()
                self._size = 0
            self.turns[residual] = turns
            self._size += len(turns.each)
        return turns


@dataclass(frozen=True, slots=True)
class Memory:
    """What the readings of one record share."""

    asked: Record
    """The record that the rules are asked about."""
    memo: Memo
    tests: dict[tuple[int, str], tuple[Truth, tuple[Question, ...]]] = field(default_factory=dict)
    """By test and record: its outcome with no question settled, and the questions it leaves open."""
    tested: dict[tuple[object, ...], Truth] = field(default_factory=dict)
    """The outcome of a test once its open questions are settled, by their answers."""
    named: dict[tuple[int, str], tuple[Term, Reading]] = field(default_factory=dict)
    """By definition and record: a named fact with no question settled, and the reading that noted it."""
    supposed: dict[tuple[object, ...], Term] = field(default_factory=dict)
    """A named fact once its open questions are settled, by their answers."""
    complete: dict[tuple[object, ...], bool] = field(default_factory=dict)
    """Whether a set contains every record that could meet a condition; the same under every completion."""


class Remembering(Reading):
    """A caching reading that settles no question; readings that share a memory differ in nothing else."""

    def __init__(
        self,
        facts: Facts,
        plan: Plan,
        given: Callable[[Policy, Record], Result],
        memory: Memory,
        on: Question | None = None,
        *,
        inside: bool = True,
    ) -> None:
        """Read as `Reading` does."""
        super().__init__(facts, plan, given, {}, on, inside=inside)
        self._memory, self._asked, self._compared_before = memory, memory.asked, memory.memo.compared

    def holds(self, condition: Condition, scope: Scope) -> Truth:
        """Whether a condition holds of a record."""
        if not isinstance(condition, Atom) or len(scope) > 1 or not self._asks:
            return super().holds(condition, scope)
        name, outcomes = self._compared_before.get(condition.number, ("", {}))
        value = self._asked.values.get(name, UNKNOWN) if scope[0] is self._asked else UNKNOWN
        if value is UNKNOWN:
            asked = len(self.questions)
            outcome = super().holds(condition, scope)
            left_open = tuple(question for question, _ in self.questions[asked:])
            self._memory.tests[condition.number, scope[0].id] = outcome, left_open
            return outcome
        if value not in outcomes:
            outcomes[value] = super().holds(condition, scope)
        self.read[self._asked.id, name] = value
        return outcomes[value]

    def meant(self, defined: Defined, record: Record) -> Term:
        """The value of a named fact of a record."""
        # Inside a set treated as one question, a named fact leaves no question open; elsewhere it may.
        if not self._asks:
            return super().meant(defined, record)
        key = id(defined), record.id
        if key not in self._memory.named:
            apart = Remembering(self.facts, self.plan, self.given, self._memory, self.on, inside=self._inside)
            self._memory.named[key] = Reading.meant(apart, defined, record), apart
        term, noted = self._memory.named[key]
        self.read.update(noted.read)
        self.missing += noted.missing
        self.questions += noted.questions
        self.cited += noted.cited
        return term


class Supposing(Reading):
    """A reading under one completion, which notes nothing, among readings of a record that share a memory."""

    def __init__(
        self,
        facts: Facts,
        plan: Plan,
        given: Callable[[Policy, Record], Result],
        completion: Completion,
        memory: Memory,
        on: Question | None = None,
        *,
        inside: bool = True,
    ) -> None:
        """Read as `Reading` does; the memory is that of the same record read with no question settled."""
        super().__init__(facts, plan, given, completion, on, inside=inside)
        self._memory = memory

    def holds(self, condition: Condition, scope: Scope) -> Truth:
        """Whether a condition holds: each test alike under all completions that settle alike what it leaves open."""
        if not isinstance(condition, Atom):
            return self._joined(condition, scope)
        if len(scope) > 1 or not self._asks:
            return super().holds(condition, scope)
        noted = self._memory.tests.get((condition.number, scope[0].id))
        if noted is None:
            return super().holds(condition, scope)
        outcome, questions = noted
        if outcome is not Truth.UNKNOWN:
            return outcome
        completion = self.completion
        key = (condition.number, scope[0].id, completion.get(ON), *map(completion.get, questions))
        if key not in self._memory.tested:
            self._memory.tested[key] = super().holds(condition, scope)
        return self._memory.tested[key]

    def _joined(self, condition: And | Or | Not, scope: Scope) -> Truth:
        """A condition from its parts; what notes nothing may leave out those that change nothing."""
        match condition:
            case And(parts):
                return all_of(self.holds(part, scope) for part in parts)
            case Or(parts):
                return any_of(self.holds(part, scope) for part in parts)
            case Not(part):
                return ~self.holds(part, scope)

    def meant(self, defined: Defined, record: Record) -> Term:
        """The value of a named fact: the same under all completions that settle alike what it leaves open."""
        named = id(defined), record.id
        if named not in self._memory.named or not self._asks:
            return super().meant(defined, record)
        _, noted = self._memory.named[named]
        completion = self.completion
        key = (*named, completion.get(ON), *(completion.get(question) for question, _ in noted.questions))
        if key not in self._memory.supposed:
            self._memory.supposed[key] = super().meant(defined, record)
        return self._memory.supposed[key]

    def complete(self, members: SetRead, where: Condition | None, scope: Scope) -> bool:
        """Whether no record missing from a set could meet a condition: asked once for all completions."""
        if not members.unrecorded:
            return super().complete(members, where, scope)
        key = (id(where), *((record.type, record.id) for record in (*members.unrecorded, *scope)))
        if key not in self._memory.complete:
            self._memory.complete[key] = super().complete(members, where, scope)
        return self._memory.complete[key]


def _atoms(condition: Condition) -> Iterator[Atom]:
    """The tests of which a condition is made."""
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _atoms(part)
        case Not(part):
            yield from _atoms(part)
        case Atom():
            yield condition


def _own_field(atom: Atom) -> str | None:
    """The field on which a test depends, if it depends on a single field of the record asked about."""
    match atom.test:
        case Holds(Fact() as fact) | Compare(_, Fact() as fact, Literal()) | Compare(_, Literal(), Fact() as fact):
            pass
        case _:
            return None
    # A field that a policy gives or a person judges is cached only if the record itself states it.
    own = not fact.route.climbs and fact.field.kind in FEW_VALUED
    return fact.field.name if own else None
