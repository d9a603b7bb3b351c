"""The members of sets that leave something open: which of them a record's signature speaks of, and in what order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from custodiet.policy.to_sql.codes import Group
from custodiet.policy.to_sql.frames import Place


@dataclass(frozen=True, slots=True)
class OpenMembers:
    """Members of sets below one record."""

    ids: dict[str, str] = field(default_factory=dict)
    """The id of each, by its way from the record asked about: `trip.day[0]`, `trip.day[0].event[1]`."""
    ways: dict[str, str] = field(default_factory=dict)
    """The way of each, by the way of the record above, the set and the id: `trip.day.T1/2024-02-28`."""

    @classmethod
    def read(cls, text: str, groups: Sequence[Group]) -> "OpenMembers":
        """Read what a query found: for each set its members, each with those of the sets below it."""
        found = cls({}, {})
        if text:
            _Text(text).sets(groups, {Place(0): ""}, found)
        return found


class _Text:
    """The text of a query's answer, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def sets(self, groups: Sequence[Group], around: Mapping[Place, str], found: OpenMembers) -> None:
        """One bracket for each set."""
        for group in groups:
            self.at += 1
            above = _way(around[Place(group.below.parent.level)], group.below.parent.climbed)
            number = 0
            while self.text[self.at] != "}":
                id_ = self._id()
                way = f"{above}.{group.below.name}[{number}]"
                found.ids[way] = id_
                found.ways[f"{above}.{group.below.name}.{id_}"] = way
                level = max(place.level for place in around) + 1
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
