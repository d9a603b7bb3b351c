"""The smallest example: the fewest cells of which the reference evaluator says what the solver found."""

from collections.abc import Callable, Mapping, Sequence

from custodiet.policy.ast import Expression, Policy
from custodiet.policy.examples import Imagined, imagine
from custodiet.policy.to_smt.cells import Columns, all_cells, read_by, without
from custodiet.policy.to_smt.example import Written, fewest
from custodiet.records import NONE, Kind
from custodiet.records.facts import Facts, Record

Shows = Callable[[Facts, Record], bool]
"""Whether the reference evaluator says of a record what the solver found."""


class Unconfirmed(Exception):  # noqa: N818 - it names what the finding is
    """The solver found what the reference evaluator does not: a fault of this program, which is not printed as law."""


class Example:
    """A world that the solver found, told in the fewest cells that show what it is an example of."""

    def __init__(
        self,
        world: Written,
        policy: Policy,
        policies: Sequence[Policy],
        also: Sequence[Expression] = (),
        *,
        dated: bool = False,
    ) -> None:
        """`also` is read beside the policy; `dated` keeps the day whose law is asked, be the law the same on all."""
        self.world = world
        self._policy = policy
        self._columns = Columns(policy, policies, world.facts.types)
        for part in (*read_by(policy), *also):
            self._columns.take(part)
        self._row = self._columns.cells(world.facts, world.record)
        self._on = str(policy.on) if dated else ""
        self._imagined: dict[frozenset[tuple[str, str]], Imagined] = {}

    def cells(self, shows: Shows) -> tuple[tuple[str, str], ...]:
        """The cells; Unconfirmed if the evaluator does not find in the world what the solver did."""
        if not shows(self.world.facts, self.world.record):
            raise Unconfirmed(f"{self._policy.name}: {dict(self.world.record.values)}")
        people = _people(self._policy)
        if not self._columns.sets and self._says(self._row, shows):
            kept = {name for name in self._row if name == self._on or any(_leads_to(name, path) for path in people)}
            return tuple(fewest(self._row, lambda fewer: self._says(fewer, shows), kept).items())
        empty = self._columns.empty_sets(self.world.facts, self.world.record)
        members = with_members(self.world, shows, self._on, keep_people=bool(people))
        return (*members, *((name, NONE.value) for name in empty))

    def _says(self, cells: Mapping[str, str], shows: Shows) -> bool:
        """Whether a row of an example table would come out so."""
        imagined = self._imagine(cells)
        return not imagined.problems and shows(imagined.facts, imagined.record)

    def _imagine(self, cells: Mapping[str, str]) -> Imagined:
        """The little world of some cells; the same one each time, so that what was found of it can be remembered."""
        key = frozenset(cells.items())
        if key not in self._imagined:
            others = [each for each in self._columns.policies if each.name != self._policy.name]
            types = self._columns.names.types
            self._imagined[key] = imagine([self._policy, *others], self._policy.for_each, cells, types)
        return self._imagined[key]


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
