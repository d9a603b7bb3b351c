"""The members of sets that leave something open, in the order in which a record's signature lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from custodiet.bulk.grouping.open_facts import Group
from custodiet.bulk.sql.joins import Place

Key = tuple[str, str]
"""Type and id of a record."""


@dataclass(frozen=True, slots=True)
class OpenMembers:
    """Members of sets below one record, and the records that these refer to."""

    by_way: Mapping[str, Key] = field(default_factory=dict)
    """By the way from the record asked about: `trip.day[0]`, `trip.day[0].event[1]`, `trip.day[0].event[1].host`."""

    @classmethod
    def read(cls, text: str, groups: Sequence[Group]) -> "OpenMembers":
        """Read what a query found: for each set its members, each with those of the sets below it."""
        found: dict[str, Key] = {}
        if text:
            _Text(text).sets(groups, {Place(0): ""}, found)
        return cls(found)

    def meetings(self, others: Sequence[Key]) -> tuple[int, ...]:
        """For each way, the number of the first that leads to the same record; `others` are reached besides.

        Two sets may hold one member, and two members may refer to one record: what is open there is one question.
        """
        first: dict[Key, int] = {}
        return tuple(first.setdefault(key, len(first)) for key in (*others, *self.by_way.values()))


class _Text:
    """The text of a query's answer, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def sets(self, groups: Sequence[Group], around: Mapping[Place, str], found: dict[str, Key]) -> None:
        """One bracket for each set."""
        for group in groups:
            self.at += 1
            above = _way(around[Place(group.below.parent.level)], group.below.parent.climbed)
            level = max(place.level for place in around) + 1
            number = 0
            while self.text[self.at] != "}":
                way = f"{above}.{group.below.name}[{number}]"
                found[way] = group.below.type, self._id()
                for place, type_name in group.climbed:
                    id_ = self._id()
                    if id_:
                        found[_way(way, place.climbed)] = type_name, id_
                self.sets(group.inner, {**around, Place(level): way}, found)
                number += 1
            self.at += 1

    def _id(self) -> str:
        colon = self.text.index(":", self.at)
        end = colon + 1 + int(self.text[self.at : colon])
        self.at = end
        return self.text[colon + 1 : end]


def _way(start: str, climbed: Sequence[str]) -> str:
    return ".".join([*([start] if start else []), *climbed])
