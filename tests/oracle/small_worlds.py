"""Worlds of which everything is known: all of them where facts have few values, and some where they have many."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from custodiet.base.dates import Days
from custodiet.policy.language.ast import Policy
from custodiet.records import UNKNOWN, Kind, Value, read_cell

from .names import names_in
from .two_valued import versions_on
from .worlds import WORLD_TYPES, Fact, World, completions, field_of, how_many

FIRST = {"ride": "R1", "tour": "T1"}
"""The record that the worlds are about."""


def unread(policy: Policy) -> World:
    """A ride on a tour: what the policy speaks of is unknown, all else is something."""
    cells: dict[Fact, Value] = {}
    for type_name, id_ in (("tour", "T1"), ("ride", "R1")):
        for name in WORLD_TYPES[type_name].names:
            cells[type_name, id_, name] = _some(type_name, name)
            asked = name in names_in(policy) and field_of((type_name, id_, name)).kind is not Kind.REFERENCE
            if asked:
                cells[type_name, id_, name] = UNKNOWN
    people: Mapping[Fact, Value] = {("person", id_, "adult"): True for id_ in ("P1", "P2")}
    return World({**cells, **people})


def _some(type_name: str, name: str) -> Value:
    field = field_of((type_name, "", name))
    match field.kind:
        case Kind.REFERENCE:
            return {"tour": "T1", "companion": "P2"}.get(name, "P1")
        case Kind.YES_NO:
            return True
        case Kind.LIST:
            return field.values[0]
        case Kind.DATE:
            return Days.read("2021-01-01")
        case _:
            return read_cell(field, "7", "EUR")


def every_world(policy: Policy, most: int) -> Iterator[World] | None:
    """Every world that a policy can tell apart, by the facts of one ride and its tour; None if they are too many."""
    world = unread(policy)
    return completions(world) if how_many(world) <= most else None


def is_live(policy: Policy, world: World) -> bool:
    """Whether some rule of the policy is in force on its day."""
    key = policy.for_each, FIRST[policy.for_each]
    names = policy.on.names
    day = world.cells[*key, names[0]] if len(names) == 1 else world.cells["tour", "T1", names[1]]
    assert isinstance(day, Days)
    on: date = day.day
    return bool(versions_on(policy, on))


def where(world: World, policy: Policy, example: Mapping[str, str]) -> World:
    """The world with what an example says of the ride and its tour."""
    cells = dict(world.cells)
    for path, text in example.items():
        names = path.split(".")
        key = ("tour", "T1") if names[0] == "tour" or policy.for_each == "tour" else ("ride", "R1")
        fact = (*key, names[-1])
        cells[fact] = read_cell(field_of(fact), text, "EUR")
    return replace(world, cells=cells)
