"""Reading that works nothing out twice: neither what a rule says of a value, nor what a named fact comes to.

The rules of a policy hold the same facts against one value after another, and read the same named facts. The outcome
of a comparison with a literal hangs on one value alone, whatever record it stands in; a named fact is the same
for every rule that reads it of one record, with all that is noted on the way.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from custodiet.base.truth import Truth
from custodiet.policy.analysis.intervals import Term
from custodiet.policy.analysis.resolve import Meaning, Vocabulary
from custodiet.policy.evaluation.expressions import ON, Question, Reading, Scope, SetRead, Way
from custodiet.policy.evaluation.result import Result
from custodiet.policy.language.ast import And, Compare, Definition, Expression, Literal, Not, Or, Path, Policy
from custodiet.records import UNKNOWN, Field, Kind, Value
from custodiet.records.facts import Facts, Record

FEW_VALUED = (Kind.YES_NO, Kind.LIST, Kind.NUMBER)
"""Fields of which many records hold the same."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison that reads one field of the record asked about, and nothing else."""

    name: str
    outcomes: dict[Value, Truth] = field(default_factory=dict)
    """How it comes out for every value met so far."""


Comparisons = Mapping[int, Compared]
"""The comparisons of a policy's rules with a literal, by their `id`."""


def comparisons_of(policy: Policy, names: Vocabulary) -> Comparisons:
    """What a policy's rules compare; nothing is worked out yet."""
    conditions = [version.when for version in policy.versions if version.when is not None]
    parts = [part for condition in conditions for part in _parts(condition)]
    found = ((part, _field_of(part, policy, names)) for part in parts)
    return {id(part): Compared(name) for part, name in found if name is not None}


@dataclass(frozen=True, slots=True)
class Memory:
    """What the readings of one record remember."""

    asked: Record
    """The record that the rules are asked about."""
    comparisons: Comparisons
    named: dict[tuple[str, str, str], tuple[Term, Reading]] = field(default_factory=dict)
    """By name, type and id: what a named fact comes to with no question settled, and the reading that noted it."""
    supposed: dict[tuple[object, ...], Term] = field(default_factory=dict)
    """What a named fact comes to where the questions that it leaves open are settled, by how they are."""
    complete: dict[tuple[object, ...], bool] = field(default_factory=dict)
    """Whether a set holds all that could meet a condition, which is the same in all ways."""


class Remembering(Reading):
    """A reading that settles no question and remembers; those that share a memory have all else in common."""

    def __init__(
        self,
        facts: Facts,
        names: Vocabulary,
        given: Callable[[Policy, Record], Result],
        memory: Memory,
        on: Question | None = None,
        *,
        inside: bool = True,
    ) -> None:
        """Read as `Reading` does."""
        super().__init__(facts, names, given, {}, on, inside=inside)
        self._memory, self._asked, self._comparisons = memory, memory.asked, memory.comparisons

    def holds(self, condition: Expression, scope: Scope) -> Truth:
        """Whether a condition holds of a record."""
        compared = self._comparisons.get(id(condition))
        if compared is None or scope[0] is not self._asked:
            return super().holds(condition, scope)
        value = self._asked.values.get(compared.name, UNKNOWN)
        if value is UNKNOWN:
            return super().holds(condition, scope)
        outcome = compared.outcomes.get(value)
        if outcome is None:
            outcome = compared.outcomes[value] = super().holds(condition, scope)
        self.read[self._asked.id, compared.name] = value
        return outcome

    def meant(self, definition: Definition, record: Record) -> Term:
        """What a named fact of a record comes to."""
        # Inside a set that is asked about as one, a named fact leaves no question open; elsewhere it does.
        if not self._asks:
            return super().meant(definition, record)
        key = definition.name, record.type, record.id
        if key not in self._memory.named:
            page = Remembering(self.facts, self.names, self.given, self._memory, self.on, inside=self._inside)
            self._memory.named[key] = Reading.meant(page, definition, record), page
        term, noted = self._memory.named[key]
        self.read.update(noted.read)
        self.missing += noted.missing
        self.questions += noted.questions
        self.cited += noted.cited
        return term


class Supposing(Reading):
    """A reading under one way, which notes nothing, among readings of the same record that share a memory."""

    def __init__(
        self,
        facts: Facts,
        names: Vocabulary,
        given: Callable[[Policy, Record], Result],
        way: Way,
        memory: Memory,
        on: Question | None = None,
        *,
        inside: bool = True,
    ) -> None:
        """Read as `Reading` does; the memory is that of the same record read with no question settled."""
        super().__init__(facts, names, given, way, on, inside=inside)
        self._memory = memory

    def meant(self, definition: Definition, record: Record) -> Term:
        """What a named fact of a record comes to: the same in all ways that settle alike what it leaves open."""
        named = definition.name, record.type, record.id
        if named not in self._memory.named or not self._asks:
            return super().meant(definition, record)
        _, noted = self._memory.named[named]
        key = (*named, self.way.get(ON), *(self.way.get(question) for question, _ in noted.questions))
        if key not in self._memory.supposed:
            self._memory.supposed[key] = super().meant(definition, record)
        return self._memory.supposed[key]

    def complete(self, members: SetRead, where: Expression | None, scope: Scope) -> bool:
        """Whether nothing that may be lacking in a set could meet a condition: asked once for all ways."""
        if not members.unrecorded:
            return super().complete(members, where, scope)
        key = (where, *((record.type, record.id) for record in (*members.unrecorded, *scope)))
        if key not in self._memory.complete:
            self._memory.complete[key] = super().complete(members, where, scope)
        return self._memory.complete[key]


def _parts(condition: Expression) -> Iterator[Expression]:
    """The conditions that a condition joins."""
    match condition:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _parts(part)
        case Not(part):
            yield from _parts(part)
        case _:
            yield condition


def _field_of(part: Expression, policy: Policy, names: Vocabulary) -> str | None:
    """The field of the record asked about on which alone a condition hangs."""
    match part:
        case Path() as path:
            pass
        case Compare(_, Path() as path, Literal()) | Compare(_, Literal(), Path() as path):
            pass
        case _:
            return None
    meaning = names.meaning(path, (policy.for_each,))
    if not isinstance(meaning, Meaning) or meaning.climbs or not isinstance(meaning.end, Field):
        return None
    owned = meaning.owner, meaning.end.name
    by_others = owned in names.given or owned in names.judgments
    return None if by_others or meaning.end.kind not in FEW_VALUED else meaning.end.name
