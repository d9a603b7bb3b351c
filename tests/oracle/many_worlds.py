"""Many small worlds side by side: what is decided of all records at once is decided of each world's records."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from custodiet.base.dates import Days
from custodiet.policy.language.ast import Judgment
from custodiet.records import NONE, UNKNOWN, Kind, Value
from custodiet.records.facts import Facts
from custodiet.records.record import Record

from .chance import Chance
from .strategies import world_of
from .worlds import WORLD_TYPES, Fact, World, field_of, vouched_for


def many_worlds(
    chance: Chance,
    many: int,
    about: frozenset[str],
    *,
    vague: Sequence[Kind] = (),
    sure_members: bool = True,
    judgments: Sequence[Judgment] = (),
) -> Facts:
    """Worlds drawn by chance and united; `judgments` may be answered in any of them."""
    worlds = [world_of(chance, about, vague=vague, sure_members=sure_members) for _ in range(many)]
    return united([replace(each, vouched=worlds[0].vouched) for each in worlds], judgments, chance)


def united(worlds: Sequence[World], judgments: Sequence[Judgment] = (), chance: Chance | None = None) -> Facts:
    """The records of several worlds, told apart by the number of their world; the first says what is vouched for.

    >>> from .worlds import World
    >>> ride = {("ride", "R1", "tour"): "T1", ("ride", "R1", "on_duty"): True}
    >>> [(each.id, each.value("tour")) for each in united([World(ride), World(ride)]).of("ride")]
    [('R1.0', 'T1.0'), ('R1.1', 'T1.1')]
    """
    records = [record for number, world in enumerate(worlds) for record in _numbered(world, number)]
    answers = [
        answer
        for judgment in judgments
        for record in records
        if record.type == judgment.type and chance is not None
        for answer in _answers(chance, judgment, record.id)
    ]
    return Facts([*records, *answers], WORLD_TYPES, vouched_for(worlds[0]))


def _numbered(world: World, number: int) -> Iterator[Record]:
    def told_apart(fact: Fact, value: Value) -> Value:
        return f"{value}.{number}" if field_of(fact).refers_to and isinstance(value, str) else value

    for type_name, id_ in dict.fromkeys((type_name, id_) for type_name, id_, _ in world.cells):
        values = world.record(type_name, id_).values.items()
        yield Record(
            type_name, f"{id_}.{number}", {name: told_apart((type_name, id_, name), value) for name, value in values}
        )


ANSWERS: Sequence[tuple[tuple[Value, Value], ...]] = (
    ((True, Days.on(date(2020, 5, 5))),),
    ((False, UNKNOWN),),
    ((True, Days.on(date(2020, 5, 5))), (False, Days.on(date(2020, 6, 6)))),
    ((True, Days.on(date(2020, 5, 5))), (True, UNKNOWN)),
    ((NONE, NONE), (False, Days.on(date(2020, 5, 5)))),
    ((False, Days.on(date(2020, 5, 5))),),
    ((True, Days.on(date(2020, 5, 5))), (False, UNKNOWN)),
    (),
)
"""How a question was answered: each time the answer and its day. The last two leave it open."""


def _answers(chance: Chance, judgment: Judgment, about: str) -> Iterator[Record]:
    for number, (answer, on) in enumerate(chance.one(ANSWERS)):
        yield Record(
            "judgment",
            f"{judgment.name} of {about}, {number}",
            {"about": about, "question": judgment.asks, "answer": answer, "answered_on": on},
        )
