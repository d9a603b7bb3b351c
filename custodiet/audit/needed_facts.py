"""The facts that a planned use still lacks, as the person who plans it can state them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass

from custodiet.policy.analysis.references import is_condition
from custodiet.policy.analysis.resolve import given_field, judged_field
from custodiet.policy.evaluation.result import Missing
from custodiet.policy.language.ast import Definition, Expression, Over, Policy
from custodiet.policy.testing.examples import Imagined
from custodiet.records import Field, Kind, Sensitivity, Types
from custodiet.records.facts import Facts
from custodiet.records.record import Record


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact that would settle an answer: how a call names it, its definition, and who would know."""

    path: str
    field: Field | None
    """None for a fact that no cell can state, such as that a register is complete."""
    held_by: str

    @property
    def stands_for_record(self) -> bool:
        """Whether it is a record that must be there, so that what is wanted is something about it."""
        return self.field is not None and self.field.kind is Kind.REFERENCE and not self.field.may_be_none

    @property
    def is_authorization(self) -> bool:
        """Whether what is wanted is an authorization, which a plan may still do without."""
        return self.field is not None and self.field.refers_to == "authorization" and self.field.may_be_none


def wanted(fact: Missing, world: Imagined, policy: Policy, policies: Sequence[Policy]) -> Wanted:
    """A missing fact as a call can state it.

    Nobody can vouch for a register of planned records. What can be stated instead is what the rules make of it: the
    field that another policy gives, or a definition that reads it.
    """
    types = world.facts.types
    for path, at in reached(world.facts, world.record):
        if at.id == fact.record:
            if fact.field in types[at.type].names:
                return Wanted(f"{path}{fact.field}", types[at.type].field(fact.field), fact.held_by)
            for judgment in (each for other in (policy, *policies) for each in other.judgments):
                if (judgment.type, judgment.name) == (at.type, fact.field):
                    return Wanted(f"{path}{fact.field}", judged_field(judgment), fact.held_by)
            for field in _concluded(fact.field, at.type, policy, policies, types):
                return Wanted(f"{path}{field.name}", field, fact.held_by)
            return Wanted(f"{path}{fact.field}", None, fact.held_by)
    return Wanted(f"{fact.field} of {fact.record}", None, fact.held_by)


def in_words(facts: Sequence[Wanted]) -> str:
    """Whom to ask for what.

    >>> in_words([Wanted("role", None, "the unit"), Wanted("paid", None, "the bank"), Wanted("leg", None, "the unit")])
    'ask the unit for role, leg; ask the bank for paid'
    """
    by_holder: dict[str, list[str]] = {}
    for fact in facts:
        by_holder.setdefault(fact.held_by, []).append(fact.path)
    return "; ".join(f"ask {holder} for {', '.join(dict.fromkeys(paths))}" for holder, paths in by_holder.items())


def reached(facts: Facts, record: Record) -> list[tuple[str, Record]]:
    """The record and those above it, each with the path that leads there."""
    found, places = [("", record)], {(record.type, record.id)}
    for path, at in found:
        for field in facts.types[at.type].fields:
            above = facts.up(at, field) if field.kind is Kind.REFERENCE else None
            if above is not None and (above.type, above.id) not in places:
                places.add((above.type, above.id))
                found.append((f"{path}{field.name}.", above))
    return found


def _concluded(
    register: str, type_name: str, policy: Policy, policies: Sequence[Policy], types: Types
) -> Iterator[Field]:
    """What the rules make of a register, as fields of the record above it; empty if it is not a register."""
    if register not in types:
        return
    for definition in policy.definitions:
        if definition.type == type_name and _asks_about(definition.meaning, register):
            yield _as_field(definition, policy, types)
    for other in policies:
        if other is not policy and other.gives is not None and other.gives[0] == type_name:
            yield given_field(other)


def _asks_about(part: Expression, register: str) -> bool:
    if isinstance(part, Over) and register in part.of.names:
        return True
    return any(_asks_about(each, register) for each in _parts(part))


def _parts(part: Expression) -> Iterator[Expression]:
    for each in fields(part):
        value = getattr(part, each.name)
        for inner in value if isinstance(value, tuple) else (value,):
            if is_dataclass(inner) and isinstance(inner, Expression):
                yield inner


def _as_field(definition: Definition, policy: Policy, types: Types) -> Field:
    kind = Kind.YES_NO if is_condition(definition.meaning) else Kind.NUMBER
    sentence = f"What {policy.name} defines under that name."
    return Field(definition.name, kind, sentence, types[definition.type].held_by, Sensitivity.INTERNAL)
