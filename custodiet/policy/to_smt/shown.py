"""The smallest example: the fewest cells of which the reference evaluator says what the solver found."""

from collections.abc import Callable, Mapping, Sequence

from custodiet.policy.ast import Expression, Policy
from custodiet.policy.examples import imagine
from custodiet.policy.to_smt.cells import Columns, all_cells, read_by, without
from custodiet.policy.to_smt.example import Written, fewest
from custodiet.records import NONE, Kind
from custodiet.records.facts import Facts, Record

Shows = Callable[[Facts, Record], bool]
"""Whether the reference evaluator says of a record what the solver found."""


class Unconfirmed(Exception):  # noqa: N818 - it names what the finding is
    """The solver found what the reference evaluator does not: a fault of this program, which is not printed as law."""


def cells_that_show(
    world: Written,
    policy: Policy,
    policies: Sequence[Policy],
    shows: Shows,
    also: Sequence[Expression] = (),
    *,
    dated: bool = False,
) -> tuple[tuple[str, str], ...]:
    """The example; Unconfirmed if the evaluator does not find in the world what the solver did.

    `dated` keeps the day whose law is asked, though the law be the same on every day.
    """
    if not shows(world.facts, world.record):
        raise Unconfirmed(f"{policy.name}: {dict(world.record.values)}")
    columns = Columns(policy, policies, world.facts.types)
    for part in (*read_by(policy), *also):
        columns.take(part)
    cells = columns.cells(world.facts, world.record)
    people = _people(policy)
    on = str(policy.on) if dated else ""
    if not columns.sets and _says(cells, columns, shows):
        kept = {name for name in cells if name == on or any(_leads_to(name, path) for path in people)}
        return tuple(fewest(cells, lambda fewer: _says(fewer, columns, shows), kept).items())
    empty = columns.empty_sets(world.facts, world.record)
    return (*with_members(world, shows, on, keep_people=bool(people)), *((name, NONE.value) for name in empty))


def _people(policy: Policy) -> tuple[str, ...]:
    """The paths of a policy's payers, where they are several: whether two are one person decides what is owed by whom.

    Where a payer is unknown, the evaluator compares the paths as written; an example leaves open only what may be so
    or otherwise.
    """
    shares = (share for version in policy.versions for share in version.owes or ())
    paths = {str(share.payer.path) for share in shares if share.payer is not None and share.payer.path is not None}
    return tuple(sorted(paths)) if len(paths) > 1 else ()


def _leads_to(name: str, path: str) -> bool:
    """Whether a cell is a path's own, or that of a reference on it."""
    return path == name or path.startswith(f"{name}.")


def _says(cells: Mapping[str, str], columns: Columns, shows: Shows) -> bool:
    """Whether a row of an example table would come out so."""
    others = [each for each in columns.policies if each.name != columns.policy.name]
    imagined = imagine([columns.policy, *others], columns.policy.for_each, cells, columns.names.types)
    return not imagined.problems and shows(imagined.facts, imagined.record)


def with_members(
    world: Written, shows: Shows, on: str = "", *, keep_people: bool = True
) -> tuple[tuple[str, str], ...]:
    """The cells of all records, where sets of them are asked about outright: `leg.seat.0.role`; `on` is kept."""

    def name(id_: str, field: str) -> str:
        return field if id_ == world.record.id else f"{id_}.{field}"

    cells = {(record.id, field): (record, text) for record, field, text in all_cells(world.facts)}
    ids = {id_ for id_, _ in cells}
    loose = {place: text for place, (_, text) in cells.items() if text not in ids}
    dropped: list[tuple[str, str]] = []
    for place in reversed(list(loose)):
        fewer = without(world.facts, [*dropped, place])
        refers = world.facts.types[cells[place][0].type].field(place[1]).kind is Kind.REFERENCE
        kept = name(*place) == on or (keep_people and refers)
        if not kept and shows(fewer, fewer.find(world.record.type, world.record.id)):
            dropped.append(place)
    return tuple((name(id_, field), text) for (id_, field), text in loose.items() if (id_, field) not in dropped)
