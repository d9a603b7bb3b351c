"""Which facts a reading of a record notes, in the order of reading, without working out what they come to.

The evaluator's reading notes a fact when it comes across it, whatever the fact says: a part of a condition that
is settled does not keep the others from being read. So what is read can be told by walking along the paths.
"""

from collections.abc import Callable, Iterable, Mapping

from custodiet.base.truth import Truth
from custodiet.policy.analysis.plan import Plan
from custodiet.policy.analysis.references import made_of, nodes_of
from custodiet.policy.analysis.resolve import Meaning, Members
from custodiet.policy.evaluation.expressions import Reading, Scope
from custodiet.policy.evaluation.result import FactRead, Result, given_value
from custodiet.policy.language.ast import Definition, Expression, Over, Path, Policy
from custodiet.records import UNKNOWN, Field, Kind, Value, cell
from custodiet.records.facts import Facts, Record, Unrecorded

Read = dict[tuple[str, str], FactRead]
"""By record and field, in the order of reading."""

Answer = Callable[[Policy, Record], Result]


def asked_by(conditions: Iterable[Expression]) -> tuple[Expression, ...]:
    """The paths and the sets that some conditions of one record ask for, each once, in the order of reading."""
    parts = (part for condition in conditions for part in nodes_of(condition))
    return tuple(dict.fromkeys(part for part in parts if isinstance(part, Path | Over)))


class Walk:
    """Walks along the paths of one policy's conditions."""

    def __init__(self, facts: Facts, plan: Plan, answer: Answer) -> None:
        """Walk among these facts; `answer` is what the policies answer that give a field."""
        self._facts, self._plan, self._names, self._answer = facts, plan, plan.names, answer
        self._defined: dict[tuple[str, str, str], Read] = {}
        self._noted: Read = {}

    def along(self, part: Expression, scope: Scope, read: Read) -> None:
        """Note what a condition or term reads."""
        match part:
            case Path():
                self._path(part, scope, read)
            case Over("sum"):
                # What is added up is read only of the members that may count.
                reading = Reading(self._facts, self._plan, self._answer, {})
                reading.term(self._plan.term(part, tuple(each.type for each in scope)), scope)
                self._note_all(reading.read, read)
            case Over():
                self._over(part, scope, read)
            case _:
                for each in made_of(part):
                    self.along(each, scope, read)

    def _path(self, path: Path, scope: Scope, read: Read) -> None:
        record, meaning = self._climb(path, scope, read)
        if record is None:
            return
        if isinstance(meaning.end, Definition):
            read.update(self._definition(meaning.end, record))
        elif isinstance(meaning.end, Field):
            self._value(record, meaning.end, read)

    def _climb(self, path: Path, scope: Scope, read: Read) -> tuple[Record | None, Meaning]:
        meaning = self._names.meaning(path, tuple(record.type for record in scope))
        if not isinstance(meaning, Meaning):
            raise TypeError(path)
        record = scope[meaning.outwards]
        for reference in meaning.climbs:
            target = self._value(record, reference, read)
            if not isinstance(target, str):
                return None, meaning
            record = self._facts.find(reference.refers_to, target)
        return record, meaning

    def _value(self, record: Record, field: Field, read: Read) -> Value:
        value = record.values.get(field.name, UNKNOWN)
        if isinstance(record, Unrecorded):
            return value
        key = record.id, field.name
        if key not in self._noted:
            self._noted[key] = FactRead(*key, cell(self._told(record, field, value)))
        read[key] = self._noted[key]
        return value

    def _told(self, record: Record, field: Field, value: Value) -> Value:
        """What a field holds, what another policy gives it, or how it was judged."""
        owned = record.type, field.name
        if owned in self._names.given and field.name not in record.values:
            return given_value(self._answer(self._names.given[owned][1], record))
        if owned in self._names.judgments and value is UNKNOWN:
            return self._facts.judged(record.id, self._names.judgments[owned][1].asks)
        return value

    def _definition(self, definition: Definition, record: Record) -> Mapping[tuple[str, str], FactRead]:
        """What a named fact reads; it speaks of its own record alone, so it is read once for each."""
        if definition.name in record.values:
            return {}
        key = definition.type, definition.name, record.id
        if key not in self._defined:
            reading = Reading(self._facts, self._plan, self._answer, {})
            reading.term(self._plan.path(Path((definition.name,)), (record.type,)), (record,))
            self._defined[key] = {}
            self._note_all(reading.read, self._defined[key])
        return self._defined[key]

    def _note_all(self, values: Mapping[tuple[str, str], Value], read: Read) -> None:
        for key, value in values.items():
            if key not in self._noted:
                self._noted[key] = FactRead(*key, cell(value))
            read[key] = self._noted[key]

    def _over(self, question: Over, scope: Scope, read: Read) -> None:
        parent, meaning = self._climb(question.of, scope, read)
        if parent is None or not isinstance(meaning.end, Members):
            return
        below = self._facts.below(parent, meaning.end.name)
        definition = self._facts.types[meaning.end.type]
        if definition.derived and (below.unrecorded or any(belongs is Truth.UNKNOWN for _, belongs in below.members)):
            above = self._facts.types[parent.type]
            for name in above.dated_by:
                self._value(parent, above.field(name), read)
        for member, belongs in below.members:
            if belongs is Truth.UNKNOWN:
                self._membership(member, parent, read)
        if question.where is not None:
            for member, _ in below.members:
                self.along(question.where, (member, *scope), read)
            for unrecorded in below.unrecorded:
                self.along(question.where, (unrecorded, *scope), read)

    def _membership(self, member: Record, parent: Record, read: Read) -> None:
        definition = self._facts.types[member.type]
        references = [each for each in definition.fields if each.refers_to in (parent.type, "trip")]
        for field in (*references, *(definition.field(name) for name in definition.dated_by)):
            if member.value(field.name) is UNKNOWN or field.kind is Kind.DATE:
                self._value(member, field, read)
