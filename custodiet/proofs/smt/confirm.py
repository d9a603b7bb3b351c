"""The smallest example: the fewest cells for which the reference evaluator confirms what the solver found."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from custodiet.policy.analysis.plan import Fact, Named, Plan, Term
from custodiet.policy.language.ast import Policy
from custodiet.policy.testing.examples import Imagined, imagine
from custodiet.proofs.smt.cells import Columns, all_cells, payers_of, read_by, without
from custodiet.proofs.smt.example import Written, fewest
from custodiet.records import NONE, Field, Kind
from custodiet.records.facts import Facts, sets_below
from custodiet.records.record import Record

Shows = Callable[[Facts, Record], bool]
"""Whether the reference evaluator confirms for a record what the solver found."""


class Unconfirmed(Exception):  # noqa: N818 - it names what the finding is
    """The reference evaluator does not confirm what the solver found: a fault of this program."""


class Example:
    """A world found by the solver, reduced to the fewest cells that still show what was found."""

    def __init__(
        self,
        world: Written,
        plan: Plan,
        policies: Sequence[Policy],
        also: Sequence[Term] = (),
        payers: Sequence[Fact | Named] = (),
        *,
        dated: bool = False,
    ) -> None:
        """What is read beside the policy, and who else is asked to pay; `dated` keeps the day whose law is asked."""
        self.world = world
        self._policy = plan.policy
        self._columns = Columns(plan, policies)
        for part in (*read_by(plan), *also, *payers):
            self._columns.take(part)
        self._row = self._columns.cells(world.facts, world.record)
        self._on = str(plan.on.route) if dated else ""
        # Whether two payers are one person decides what is owed by whom.
        people = dict.fromkeys(str(each.route) for each in (*payers_of(plan), *payers))
        self._people = tuple(people) if len(people) > 1 else ()
        self._imagined: dict[frozenset[tuple[str, str]], Imagined] = {}

    def cells(self, shows: Shows) -> tuple[tuple[str, str], ...]:
        """The cells; Unconfirmed if the evaluator does not find in the world what the solver did."""
        if not shows(self.world.facts, self.world.record):
            raise Unconfirmed(f"{self._policy.name}: {dict(self.world.record.values)}")
        if not self._columns.asks_a_set and self._says(self._row, shows):
            people = [name for name in self._row if any(_leads_to(name, path) for path in self._people)]
            kept = {self._on, *people}
            return tuple(self._stated(fewest(self._row, lambda fewer: self._says(fewer, shows), kept)))
        return with_members(self.world, shows, self._on, keep_people=bool(self._people))

    def _stated(self, fewer: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The cells, with each reference that they follow and that is read itself: it leads to a record of its own."""
        for name in self._row:
            if name in fewer:
                yield name, fewer[name]
            elif self._columns.refers(name) and any(other.startswith(f"{name}.") for other in fewer):
                yield name, name

    def _says(self, cells: Mapping[str, str], shows: Shows) -> bool:
        """Whether a row of an example table would come out so."""
        imagined = self._imagine(cells)
        return not imagined.problems and shows(imagined.facts, imagined.record)

    def _imagine(self, cells: Mapping[str, str]) -> Imagined:
        """The small world of some cells; the same object each time, so that results about it can be cached."""
        key = frozenset(cells.items())
        if key not in self._imagined:
            others = [each for each in self._columns.policies if each.name != self._policy.name]
            types = self._columns.plan.names.types
            self._imagined[key] = imagine([self._policy, *others], self._policy.for_each, cells, types)
        return self._imagined[key]


def _leads_to(name: str, path: str) -> bool:
    """Whether a cell is a path's own, or that of a reference on it."""
    return path == name or path.startswith(f"{name}.")


def with_members(
    world: Written, shows: Shows, on: str = "", *, keep_people: bool = True
) -> tuple[tuple[str, str], ...]:
    """The cells of all records, where sets of them are asked about outright: `leg.seat.0.role`; `on` is kept."""
    return tuple(_Records(world, shows, on, keep_people=keep_people).cells())


_Place = tuple[str, str]
"""A record's id, and a field."""


class _Records:
    """The records of a world, and which of their cells what is shown rests on."""

    def __init__(self, world: Written, shows: Shows, on: str, *, keep_people: bool) -> None:
        self.world, self.shows, self.on, self.keep_people = world, shows, on, keep_people
        every = list(all_cells(world.facts))
        self.texts: dict[_Place, str] = {(record.id, name): text for record, name, text in every}
        self.references: dict[_Place, Field] = {
            (record.id, name): field
            for record, name, _ in every
            for field in world.facts.types[record.type].fields
            if (field.name, field.kind) == (name, Kind.REFERENCE)
        }
        self.dropped: dict[_Place, None] = {}

    def cells(self) -> Iterator[tuple[str, str]]:
        """The cells that are kept, and how many records a set holds where the cells do not tell."""
        self._drop()
        kept = {place: text for place, text in self.texts.items() if place not in {*self.dropped, *self.world.told}}
        led = Counter(self.references[place].refers_to for place in kept if place in self.references)
        for place, text in kept.items():
            name = self._name(*place)
            # Where a reference leads is shown by what is named after it, unless others could lead to the same record.
            if not (place in self.references and text == name and led[self.references[place].refers_to] == 1):
                yield name, text
        for record, set_ in self.world.sets:
            child, _ = sets_below(self.world.facts.types, record.type)[set_]
            if not self.world.facts.types[child].derived:
                yield from self._size(record, set_, {id_ for id_, _ in kept})

    def _drop(self) -> None:
        """Leave out whatever can be: first what is said of records, then where references lead."""
        said = [place for place in reversed(self.texts) if place not in self.references]
        deepest_first = sorted(self.references, key=lambda place: -self._name(*place).count("."))
        for place in (*said, *deepest_first):
            fixed = self._name(*place) == self.on or place in self.world.told
            if place in self.references:
                fixed = fixed or self.keep_people or self._is_followed(place)
            fewer = without(self.world.facts, [*self.dropped, place])
            if not fixed and self.shows(fewer, fewer.find(self.world.record.type, self.world.record.id)):
                self.dropped[place] = None

    def _is_followed(self, reference: _Place) -> bool:
        """Whether something is said of the record that a reference leads to, under the reference's own name."""
        name = self._name(*reference)
        said = [self._name(*place) for place in self.texts if place not in self.dropped]
        said += [self._name(record.id, set_) for record, set_ in self.world.sets]
        return any(each.startswith(f"{name}.") for each in said)

    def _size(self, record: Record, set_: str, named: Collection[str]) -> Iterator[tuple[str, str]]:
        """How many records a set holds, if it holds none, or others than those named and the one asked about."""
        members = [member.id for member, _ in self.world.facts.below(record, set_).members]
        unnamed = [each for each in members if not any(id_ == each or id_.startswith(f"{each}.") for id_ in named)]
        if not members:
            yield self._name(record.id, set_), NONE.value
        elif not {self.world.record.id}.issuperset(unnamed):
            yield self._name(record.id, set_), str(len(members))

    def _name(self, id_: str, field: str) -> str:
        return field if id_ == self.world.record.id else f"{id_}.{field}"
