"""An example read back as it is printed, and completed by chance in whatever it leaves open.

A path names a record wherever its references lead to; two references that hold one word lead to one record. A set holds
the records that are named in it (`tour.ride.0`), the record asked about if it belongs there, and no others; `tour.ride`
itself holds how many there are where others belong to it, and none where there are none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from custodiet.base.dates import ANY_DAY
from custodiet.policy.language.ast import Policy
from custodiet.records import NONE, Kind, Value, read_cell
from custodiet.records.facts import Facts, Vouched, sets_below
from custodiet.records.record import Record

from .chance import Chance
from .strategies import recordable
from .worlds import DESK, WORLD_TYPES

Place = tuple[str, str]
"""Type and id of a record."""


@dataclass
class Told:
    """What an example says: records with some of their fields; what is not said of them is open."""

    policy: Policy
    records: dict[Place, dict[str, Value]] = field(default_factory=dict)

    @property
    def asked(self) -> Place:
        """The record asked about."""
        return self.policy.for_each, self.policy.for_each

    def completed(self, chance: Chance) -> tuple[Facts, Record]:
        """A world of which everything is known, and in which what is told is so."""
        records = {place: dict(values) for place, values in self.records.items()}
        left = list(records)
        while left:
            place = left.pop()
            for name in WORLD_TYPES[place[0]].names:
                value = records[place].setdefault(name, _some(chance, place[0], name, records))
                above = WORLD_TYPES[place[0]].field(name).refers_to, str(value)
                if above[0] and value is not NONE and above not in records:
                    records[above] = {}
                    left.append(above)
        vouched = [Vouched(name, ANY_DAY, DESK) for name in WORLD_TYPES]
        facts = Facts([Record(*place, values) for place, values in records.items()], WORLD_TYPES, vouched)
        return facts, facts.find(*self.asked)


def told(policy: Policy, cells: Mapping[str, str]) -> Told:
    """What an example says."""
    world = Told(policy)
    world.records[world.asked] = {}
    sizes: list[tuple[Place, str, int]] = []
    # References first: a name that goes through one speaks of the record that it leads to.
    for path, text in sorted(cells.items(), key=lambda cell: cell[0].count(".")):
        *way, last = path.split(".")
        place = _climb(world, way, cells)
        if last in WORLD_TYPES[place[0]].names:
            world.records[place][last] = read_cell(WORLD_TYPES[place[0]].field(last), text, "EUR")
        elif any(each.name == last for each in policy.definitions):
            world.records[place][last] = NONE if text == "none" else {"yes": True, "no": False}[text]
        else:
            sizes.append((place, last, 0 if text == "none" else int(text)))
    for place, set_, size in sizes:
        child, reference = sets_below(WORLD_TYPES, place[0])[set_]
        members = [other for other, said in world.records.items() if said.get(reference.name) == place[1]]
        for number in range(size - sum(other[0] == child for other in members)):
            world.records[child, f"another {set_} of {place[1]} {number}"] = {reference.name: place[1]}
    return world


def _climb(world: Told, way: list[str], cells: Mapping[str, str]) -> Place:
    """The record that a path leads to, each record on the way noted."""
    here, walked = world.asked, list[str]()
    left = list(way)
    while left:
        name = left.pop(0)
        walked.append(name)
        if name in WORLD_TYPES[here[0]].names:
            label = ".".join(walked)
            to = cells.get(label, label)
            world.records[here].setdefault(name, to)
            here = WORLD_TYPES[here[0]].field(name).refers_to, to
        else:
            walked.append(left.pop(0))
            child, reference = sets_below(WORLD_TYPES, here[0])[name]
            owner, here = here, (child, ".".join(walked))
            world.records.setdefault(here, {})[reference.name] = owner[1]
        world.records.setdefault(here, {})
    return here


def _some(chance: Chance, type_name: str, name: str, records: Mapping[Place, object]) -> Value:
    """What an open field may hold: a reference leads to a record that is told of, or to another."""
    definition = WORLD_TYPES[type_name].field(name)
    if definition.kind is not Kind.REFERENCE:
        return chance.one(recordable(type_name, name, ()))
    known = [id_ for type_, id_ in records if type_ == definition.refers_to]
    return chance.one([f"{definition.refers_to} {chance.between(1, 2)}", *known])
