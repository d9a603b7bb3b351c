"""The facts around one record, with every record named by the way it is reached from there.

A decision on a record seen this way holds for every record with the same signature; only the names differ.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from custodiet.bulk.grouping.open_members import OpenMembers
from custodiet.records import Field, Kind, Value
from custodiet.records.facts import Below, Facts, Unrecorded
from custodiet.records.record import Record

_NAME = re.compile("\x02([^\x03]*)\x03")


def named(way: str) -> str:
    """The name of a record reached by a way; no record or body can have such a name."""
    return f"\x02{way}\x03"


def renamed(text: str, ids: Callable[[str], str]) -> str:
    """A text in which every record has its own id."""
    return _NAME.sub(lambda found: ids(found[1]), text) if "\x02" in text else text


def apart(text: str) -> Iterator[tuple[str, bool]]:
    """A text in pieces, each with whether it is the way of a record that the text names."""
    for place, piece in enumerate(_NAME.split(text)):
        if piece or place % 2:
            yield piece, bool(place % 2)


def way_of(name: str) -> str | None:
    """The way in such a name; None if it is not one."""
    found = _NAME.fullmatch(name)
    return None if found is None else found[1]


def reached(facts: Facts, record: Record, references: Sequence[Field]) -> Record | None:
    """The record that some references lead to; None if one of them is none or unknown."""
    found: Record | None = record
    for reference in references:
        found = None if found is None else facts.up(found, reference)
    return found


Given = Callable[[str, str, str], Value]
"""What another policy gives a record: by type, field and id."""


class Relative(Facts):
    """Facts seen from one record."""

    def __init__(
        self,
        facts: Facts,
        asked: Record,
        given: Collection[tuple[str, str]],
        value: Given,
        ways: Iterable[Sequence[Field]],
        members: OpenMembers,
    ) -> None:
        """See the facts from a record.

        `given` are the fields that other policies give, by type and name, `value` what they come to. `ways` are the
        references by which a policy reaches other records, `members` those of sets, and what these refer to; of two
        ways to one record the first names it.
        """
        super().__init__((), facts.types, facts.vouched)
        self._facts, self._given, self._value_given = facts, given, value
        self._ways: dict[tuple[str, str], str] = {}
        self._actual: dict[str, Record] = {}
        self._seen: dict[str, Record] = {}
        for references in ways:
            actual = reached(facts, asked, references)
            if actual is not None:
                self._call(actual, ".".join(reference.name for reference in references))
        for way, key in members.by_way.items():
            self._call(facts.find(*key), way)
        self.asked = self.find(asked.type, self._call(asked, ""))

    def find(self, type_name: str, id_: str) -> Record:  # noqa: ARG002 - a name says its type already
        """The record of that name."""
        return self._seen.get(id_) or self._see(self._actual[id_], way_of(id_) or "")

    def below(self, record: Record, name: str) -> Below:
        """The set of records of that name below a record."""
        if isinstance(record, Unrecorded):
            return super().below(record, name)
        actual = self._actual[record.id]
        below = self._facts.below(actual, name)
        above = way_of(record.id) or ""
        members = []
        for place, (member, belongs) in enumerate(below.members):
            # A member that leaves nothing open has a name too, but no facts.
            called = self._call(member, f"{above}.{name}[-{place}]")
            members.append((self.find(member.type, called), belongs))
        return Below(tuple(members), self.unrecorded(record, name))

    def judged(self, record_id: str, question: str) -> Value:
        """How a question about the record of that name was answered."""
        return self._facts.judged(self._actual[record_id].id, question)

    def _call(self, actual: Record, way: str) -> str:
        """The name of a record: the way by which it was reached first."""
        name = named(self._ways.setdefault((actual.type, actual.id), way))
        self._actual.setdefault(name, actual)
        return name

    def _see(self, actual: Record, way: str) -> Record:
        name = self._call(actual, way)
        values = dict(actual.values)
        for each in self.types[actual.type].fields:
            target = values.get(each.name)
            if each.kind is Kind.REFERENCE and isinstance(target, str):
                above = self._facts.find(each.refers_to, target)
                values[each.name] = self._call(above, f"{way}.{each.name}" if way else each.name)
        for owner, field_name in self._given:
            if owner == actual.type and field_name not in values:
                values[field_name] = self._value_given(owner, field_name, actual.id)
        seen = Record(actual.type, name, values)
        self._seen[name] = seen
        return seen
