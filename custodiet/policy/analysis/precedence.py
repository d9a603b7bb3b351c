"""Which rules displace which: exceptions inside their rules, and ranks.

An exception to several rules is read as one exception inside each, so what covers a record is not a rule but a
*place*: one version of a rule, inside one place of the rule it is an exception to.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from custodiet.base.dates import ANY_DAY, Days, shifted
from custodiet.base.truth import Truth
from custodiet.policy.analysis.cycles import in_order
from custodiet.policy.language.ast import Policy, Version

MOST_PLACES = 1000
"""How many places the rules of a policy may have in total; the law we know has a few dozen."""
MOST_BOXES = 300
"""How many versions of rules a policy may have."""
DEEPEST = 50
"""How deep exceptions may be nested."""
MOST_DISPLACED = 5000
"""How many pairs of places may displace one another, by exception or rank, counting ranks that follow from others."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One version of a rule in its position: at the top, or inside the place it is an exception to."""

    version: Version
    inside: "Place | None"

    @property
    def upwards(self) -> tuple["Place", ...]:
        """This place and those around it, innermost first."""
        places = [self]
        while (around := places[-1].inside) is not None:
            places.append(around)
        return tuple(places)


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """The places of the versions that are in force together, and for each the places that displace it if they cover."""

    places: tuple[Place, ...]
    displacers: tuple[tuple[int, ...], ...]
    """By place: the numbers of the places that are exceptions to it or outrank it."""
    upwards: tuple[tuple[int, ...], ...]
    """By place: its number and those of the places around it, innermost first."""
    own: tuple[int, ...]
    """By place: the number of its version."""
    around: tuple[frozenset[int], ...]
    """By place: the numbers of its version and of those around it."""

    def displaces(self, one: int, other: int) -> bool:
        """Whether one place displaces another if both cover.

        A place covers only together with all places around it; an exception that covers in one place covers inside
        each of its rules.
        """
        return any(
            by in self.upwards[one] or (self.upwards[by][1:2] == (other,) and self.own[by] in self.around[one])
            for by in self.displacers[other]
        )


@dataclass(frozen=True, slots=True)
class Cycle:
    """Versions of rules that displace one another in a circle."""

    versions: tuple[Version, ...]


def structure(policy: Policy, in_force: Collection[int]) -> Structure | Cycle:
    """Lay out the exceptions and ranks of the versions in force, given by number; a cycle comes back as such.

    A rank is written in a box, so it ends with it, and so does what follows from it.
    """
    numbers = {id(version): place for place, version in enumerate(policy.versions) if place in in_force}
    versions = [version for version in policy.versions if id(version) in numbers]
    bases = bases_of(versions)
    ordered = in_order(bases)
    if ordered.circle:
        return Cycle(tuple(versions[index] for index in ordered.circle))
    places = _places(versions, bases, ordered.order)
    ranks = [_outranked(place, places) for place in places]
    # Derived ranks form a circle only if the written ones do, and show the circle less clearly.
    circle = in_order(_displacers(places, ranks)).circle
    if circle:
        return Cycle(tuple(places[index].version for index in circle))
    own = tuple(numbers[id(place.version)] for place in places)
    number = {place: index for index, place in enumerate(places)}
    upwards = tuple(tuple(number[around] for around in place.upwards) for place in places)
    around = tuple(frozenset(own[each] for each in up) for up in upwards)
    return Structure(places, tuple(map(tuple, _displacers(places, _closed(ranks)))), upwards, own, around)


def _places(versions: Sequence[Version], bases: Sequence[Sequence[int]], order: Iterable[int]) -> tuple[Place, ...]:
    """Every place of some versions, those of a version together; `order` has each version after its bases."""
    of_version: dict[int, list[Place]] = {}
    for index in order:
        inside = [place for base in bases[index] for place in of_version[base]]
        exception = bool(versions[index].exception_to)
        of_version[index] = [Place(versions[index], each) for each in (inside if exception else [None])]
    return tuple(place for index in range(len(versions)) for place in of_version[index])


def _displacers(places: Sequence[Place], ranks: Sequence[int]) -> list[list[int]]:
    """For each place: those that are exceptions to it or outrank it."""
    number = {place: index for index, place in enumerate(places)}
    displacers: list[set[int]] = [set() for _ in places]
    for index, place in enumerate(places):
        if place.inside is not None:
            displacers[number[place.inside]].add(index)
        for lower in (each for each in range(len(places)) if ranks[index] >> each & 1):
            displacers[lower].add(index)
    return [sorted(each) for each in displacers]


@dataclass(frozen=True, slots=True)
class Tangle:
    """How rules are nested: the deepest version, its depth, and the number of places of all versions."""

    deepest: Version
    depth: int
    most_places: Version
    """The version with the most places."""
    places: int


def tangle(policy: Policy, in_force: Collection[int]) -> Tangle | None:
    """The depth and number of places of the versions in force; None if there are none, or if they form a circle.

    A chain of exceptions to two rules each doubles its places with every step.
    """
    versions = [version for number, version in enumerate(policy.versions) if number in in_force]
    bases = bases_of(versions)
    ordered = in_order(bases)
    if not versions or ordered.circle:
        return None
    depth, places = [0] * len(versions), [1] * len(versions)
    for index in ordered.order:
        if versions[index].exception_to:
            depth[index] = 1 + max((depth[base] for base in bases[index]), default=0)
            places[index] = sum(places[base] for base in bases[index])
    deepest, crowded = depth.index(max(depth)), places.index(max(places))
    return Tangle(versions[deepest], max(depth), versions[crowded], sum(places))


def stretches(policy: Policy, within: Days = ANY_DAY) -> Iterator[Days]:
    """The stretches of some days on which the same versions are in force."""
    starts = {version.in_force.first for version in policy.versions}
    starts |= {None if end is None else shifted(end, 1) for end in (each.in_force.last for each in policy.versions)}
    cuts = sorted(day for day in starts if day is not None and Days(day, None).holds(within) is Truth.UNKNOWN)
    for first, following in zip([within.first, *cuts], [*cuts, None], strict=True):
        yield Days(first, within.last if following is None else shifted(following, -1))


def in_force(policy: Policy, days: Days) -> frozenset[int]:
    """The versions, by number, that are in force on every one of some days."""
    return frozenset(
        number for number, version in enumerate(policy.versions) if version.in_force.holds(days) is Truth.YES
    )


def bases_of(versions: Sequence[Version]) -> list[list[int]]:
    """For each version: the numbers of those it is an exception to, in the order in which they are named."""
    numbers: dict[str, list[int]] = {}
    for index, version in enumerate(versions):
        numbers.setdefault(version.rule, []).append(index)
    return [
        [index for rule in dict.fromkeys(version.exception_to) for index in numbers.get(rule, ())]
        for version in versions
    ]


def _outranked(one: Place, places: Sequence[Place]) -> int:
    """The places, as bits, at or inside a rule that a rank names, from one place or those around it."""
    named = {rule for around in one.upwards for rule in around.version.prevails_over}
    if not named:
        return 0
    lower = (any(around.version.rule in named for around in other.upwards) for other in places)
    return sum(1 << place for place, is_lower in enumerate(lower) if is_lower)


def _closed(above: Sequence[int]) -> Sequence[int]:
    """The transitive closure: whatever outranks something also outranks all that it outranks."""
    for middle in range(len(above)):
        if above[middle]:
            above = [each | above[middle] if each >> middle & 1 else each for each in above]
    return above
