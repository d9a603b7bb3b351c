"""The meaning of a name in a policy: which record it starts from, which references it follows, and where it ends.

A path follows references (`leg.trip`) and ends at a field, a definition, or a set of records
below (`leg.seat`). Inside `where`, a name that the members of the set do not have is looked up in the
record around it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from custodiet.policy.language.ast import Definition, Judgment, Over, Path, Policy, RateTable
from custodiet.records import Field, Kind, Sensitivity, Types
from custodiet.records.facts import sets_below

ISSUER = "the body that issues the policy"


@dataclass(frozen=True, slots=True)
class Members:
    """The set of records of one type below another."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of a path in its place."""

    outwards: int
    """How many `where` clauses are left before the first name is found."""
    climbs: tuple[Field, ...]
    """The references it goes up through."""
    owner: str
    """The type of the record at which it ends."""
    end: Field | Definition | Members

    @property
    def may_be_none(self) -> bool:
        """Whether the value may be none: the field itself, or a reference on the way."""
        end = isinstance(self.end, Field) and self.end.may_be_none
        return end or any(reference.may_be_none for reference in self.climbs)


@dataclass(frozen=True, slots=True)
class Unmeant:
    """Why a path has no meaning: the position of the unknown name, and the type it was looked up in."""

    place: int
    type: str
    known: tuple[str, ...]
    through_set: bool = False
    """Whether the path continues after a set or after something that is not a reference."""


class Vocabulary:
    """Every name a policy can use: fields, sets, its definitions and judgments, and what other policies give."""

    def __init__(
        self,
        types: Types,
        definitions: Iterable[Definition],
        given: Iterable[Policy],
        currency: str = "",
        judgments: Iterable[Judgment] = (),
        rates: Iterable[RateTable] = (),
    ) -> None:
        """Collect the names; `given` are the policies of the pack that give a field."""
        self.types = types
        self.currency = currency
        """The currency of the policy; empty if it has none."""
        self.definitions = {(each.type, each.name): each for each in definitions}
        self.given: dict[tuple[str, str], tuple[Field, Policy]] = {
            policy.gives: (given_field(policy), policy) for policy in given if policy.gives is not None
        }
        self.judgments = {(each.type, each.name): (judged_field(each), each) for each in judgments}
        self.rates = {table.name: table for table in rates}
        """The dated tables of the pack, by name."""
        self._meanings: dict[tuple[tuple[str, ...], tuple[str, ...]], Meaning | Unmeant] = {}

    @classmethod
    def of(cls, policy: Policy, given: Iterable[Policy], types: Types) -> "Vocabulary":
        """The names a policy can use."""
        return cls(types, policy.definitions, given, policy.currency, policy.judgments, policy.rates)

    def beside(self, policy: Policy) -> "Vocabulary":
        """The names another policy of the same pack can use."""
        names = Vocabulary(self.types, policy.definitions, (), policy.currency, policy.judgments, policy.rates)
        names.given = self.given
        return names

    def meaning(self, path: Path, scope: tuple[str, ...]) -> Meaning | Unmeant:
        """The meaning of a path in a scope: the record types from the innermost `where` outwards."""
        key = path.names, scope
        if key not in self._meanings:
            self._meanings[key] = self._meaning(path, scope)
        return self._meanings[key]

    def set_of(self, question: Over, scope: tuple[str, ...]) -> tuple[Meaning, Members] | None:
        """The set a question is about, with the way to it; None if there is no such set."""
        meaning = self.meaning(question.members, scope) if question.members.names else None
        if not isinstance(meaning, Meaning) or not isinstance(meaning.end, Members):
            return None
        return meaning, meaning.end

    def _meaning(self, path: Path, scope: tuple[str, ...]) -> Meaning | Unmeant:
        for outwards, type_name in enumerate(scope):
            if self._end(type_name, path.names[0]) is not None:
                return self._follow(path, type_name, outwards)
        return Unmeant(0, scope[0], self.known(scope[0]))

    def known(self, type_name: str) -> tuple[str, ...]:
        """Every name that a type of record has here."""
        fields = self.types[type_name].names
        defined = tuple(name for owner, name in self.definitions if owner == type_name)
        asked = tuple(name for owner, name in (*self.given, *self.judgments) if owner == type_name)
        return tuple(sorted({*fields, *defined, *asked, *sets_below(self.types, type_name)}))

    def _follow(self, path: Path, type_name: str, outwards: int) -> Meaning | Unmeant:
        climbs: list[Field] = []
        for place, name in enumerate(path.names):
            end = self._end(type_name, name)
            if end is None:
                return Unmeant(place, type_name, self.known(type_name))
            if place == len(path.names) - 1:
                return Meaning(outwards, tuple(climbs), type_name, end)
            if not isinstance(end, Field) or end.kind is not Kind.REFERENCE:
                return Unmeant(place, type_name, self.known(type_name), through_set=True)
            climbs.append(end)
            type_name = end.refers_to
        raise AssertionError(path)

    def _end(self, type_name: str, name: str) -> Field | Definition | Members | None:
        definition = self.types[type_name]
        if name in definition.names:
            return definition.field(name)
        if (type_name, name) in self.definitions:
            return self.definitions[type_name, name]
        if (type_name, name) in self.given:
            return self.given[type_name, name][0]
        if (type_name, name) in self.judgments:
            return self.judgments[type_name, name][0]
        below = sets_below(self.types, type_name)
        return Members(name, below[name][0]) if name in below else None


def given_field(policy: Policy) -> Field:
    """The field that a policy's answer becomes: one of its classes, or none if no rule answers."""
    name = policy.gives[1] if policy.gives else ""
    return Field(name, Kind.LIST, policy.question, ISSUER, Sensitivity.PUBLIC, may_be_none=True, values=policy.classes)


def judged_field(judgment: Judgment) -> Field:
    """The yes/no field that a judgment settles, held by the person asked."""
    return Field(judgment.name, Kind.YES_NO, judgment.asks, judgment.of, Sensitivity.RESPONDENT)
