"""Which facts a reading of a record notes, in the order of reading, without computing values.

The evaluator's reading notes a fact when it reaches it, whatever its value: a settled part of a condition does not
stop the others from being read. So the facts read follow from the paths alone.
"""

from collections.abc import Iterable, Iterator, Mapping

from custodiet.base.truth import Truth
from custodiet.policy.analysis.plan import (
    Atom,
    Condition,
    Count,
    Defined,
    Exists,
    Fact,
    Named,
    Route,
    Sum,
    Term,
    made_of,
)
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.expressions import Scope
from custodiet.policy.evaluation.result import FactRead, given_value
from custodiet.policy.language.ast import Policy
from custodiet.records import UNKNOWN, Field, Kind, Value, cell
from custodiet.records.facts import Facts, Unrecorded, belonging
from custodiet.records.record import Record

Read = dict[tuple[str, str], FactRead]
"""By record and field, in the order of reading."""


def asked_by(conditions: Iterable[Condition]) -> tuple[Term, ...]:
    """The facts and the sets that some conditions of one record ask for, each once, in the order of reading."""
    return tuple(dict.fromkeys(asked for condition in conditions for asked in _asked(condition)))


def _asked(part: Term) -> Iterator[Term]:
    """The facts and the sets that a condition or term asks for."""
    match part:
        case Fact() | Named() | Count() | Sum() | Atom(_, Exists()):
            yield part
        case _:
            for each in made_of(part):
                yield from _asked(each)


class Walk:
    """Walks along the paths of one policy's conditions."""

    def __init__(self, evaluator: Evaluator, policy: Policy, facts: Facts) -> None:
        """Walk among these facts, of which `evaluator` decides single records."""
        self._evaluator, self._policy, self._facts = evaluator, policy, facts
        self._names = evaluator.plan(policy).names
        self._defined: dict[tuple[Defined, str], Read] = {}
        self._noted: Read = {}

    def along(self, part: Term, scope: Scope, read: Read) -> None:
        """Note what a condition or term reads."""
        match part:
            case Fact(route, field):
                record = self._climb(route, scope, read)
                if record is not None:
                    self._value(record, field, read)
            case Named(route, defined):
                record = self._climb(route, scope, read)
                if record is not None:
                    read.update(self._definition(defined, record))
            case Sum():
                # What is added up is read only of the members that may count.
                self._note_all(self._read_for(part, scope), read)
            case (Count() as question) | Atom(_, Exists() as question):
                self._members(question, scope, read)
            case _:
                for each in made_of(part):
                    self.along(each, scope, read)

    def _read_for(self, term: Term, scope: Scope) -> Mapping[tuple[str, str], Value]:
        """What the evaluator reads for a term."""
        reading = self._evaluator.reading(self._policy)
        reading.term(term, scope)
        return reading.read

    def _climb(self, route: Route, scope: Scope, read: Read) -> Record | None:
        """Go up the references of a path; None where one of them is none or unknown."""
        record = scope[route.outwards]
        for reference in route.climbs:
            target = self._value(record, reference, read)
            if not isinstance(target, str):
                return None
            record = self._facts.find(reference.refers_to, target)
        return record

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
            return given_value(self._evaluator.decide(self._names.given[owned][1], record))
        if owned in self._names.judgments and value is UNKNOWN:
            return self._facts.judged(record.id, self._names.judgments[owned][1].asks)
        return value

    def _definition(self, defined: Defined, record: Record) -> Mapping[tuple[str, str], FactRead]:
        """The facts a named fact reads; it depends on its own record only, so it is read once for each."""
        if defined.name in record.values:
            return {}
        key = defined, record.id
        if key not in self._defined:
            own = Named(Route(0, (), defined.type, (defined.name,)), defined)
            self._defined[key] = {}
            self._note_all(self._read_for(own, (record,)), self._defined[key])
        return self._defined[key]

    def _note_all(self, values: Mapping[tuple[str, str], Value], read: Read) -> None:
        for key, value in values.items():
            if key not in self._noted:
                self._noted[key] = FactRead(*key, cell(value))
            read[key] = self._noted[key]

    def _members(self, question: Exists | Count, scope: Scope, read: Read) -> None:
        parent = self._climb(question.members.route, scope, read)
        if parent is None:
            return
        below = self._facts.below(parent, question.members.name)
        definition = self._facts.types[question.members.type]
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
        for field in belonging(self._facts.types, member.type, parent.type):
            if member.value(field.name) is UNKNOWN or field.kind is Kind.DATE:
                self._value(member, field, read)
