"""Which rules displace which: exceptions inside their rules, and ranks.

An exception to several rules is read as one exception inside each, so what can cover a record is not
a rule but a *place*: one version of a rule, inside one place of the rule it is an exception to.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from custodiet.base.dates import ANY_DAY, Days, shifted
from custodiet.base.truth import Truth
from custodiet.policy.ast import Policy, Version

MOST_PLACES = 1000
"""In how many places the rules of a policy may stand together; the law we know stands in a few dozen."""


@dataclass(frozen=True, slots=True)
class Place:
    """One version of a rule where it lives: at the top, or inside the place it is an exception to."""

    version: Version
    inside: "Place | None"

    @property
    def upwards(self) -> tuple["Place", ...]:
        """This place and those around it, from the inside out."""
        return (self,) if self.inside is None else (self, *self.inside.upwards)


@dataclass(frozen=True, slots=True)
class Structure:
    """The places of the versions that are in force together, and for each the places that displace it if they cover."""

    places: tuple[Place, ...]
    displacers: tuple[tuple[int, ...], ...]
    """By place: the numbers of the places that are exceptions to it or outrank it."""
    upwards: tuple[tuple[int, ...], ...]
    """By place: its number and those of the places around it, from the inside out."""
    own: tuple[int, ...]
    """By place: the number of its version."""
    around: tuple[frozenset[int], ...]
    """By place: the numbers of its version and of those it lives in."""

    def displaces(self, one: int, other: int) -> bool:
        """Whether one place, where it covers, displaces another that covers too.

        What covers, covers with all that it lives in; an exception that covers anywhere covers inside each of its
        rules.
        """
        return any(
            by in self.upwards[one] or (self.upwards[by][1:2] == (other,) and self.own[by] in self.around[one])
            for by in self.displacers[other]
        )


@dataclass(frozen=True, slots=True)
class Cycle:
    """Rules that displace one another in a circle."""

    rules: tuple[str, ...]


def structure(policy: Policy, in_force: Collection[int]) -> Structure | Cycle:
    """Lay out the exceptions and ranks of the versions in force, given by number; a cycle comes back as such.

    A rank is written in a box, so it ends with it, and so does what follows from it.
    """
    numbers = {id(version): place for place, version in enumerate(policy.versions) if place in in_force}
    versions = [version for version in policy.versions if id(version) in numbers]
    circle = _exceptions_in_a_circle(versions)
    if circle is not None:
        return circle
    places = tuple(place for version in versions for place in _places_of(versions, version))
    number = {place: index for index, place in enumerate(places)}
    above = _closed([_outranked(place, places) for place in places])
    displacers: list[set[int]] = [set() for _ in places]
    for index, place in enumerate(places):
        if place.inside is not None:
            displacers[number[place.inside]].add(index)
        for lower in above[index]:
            displacers[lower].add(index)
    circular = _circle([sorted(each) for each in displacers])
    if circular is not None:
        return Cycle(tuple(places[index].version.rule for index in circular))
    own = tuple(numbers[id(place.version)] for place in places)
    upwards = tuple(tuple(number[around] for around in place.upwards) for place in places)
    around = tuple(frozenset(own[each] for each in up) for up in upwards)
    return Structure(places, tuple(tuple(sorted(each)) for each in displacers), upwards, own, around)


def crowded(policy: Policy, in_force: Collection[int]) -> Version | None:
    """The version that stands in most places, if all together stand in more than MOST_PLACES; None otherwise.

    Exceptions to two rules each, one upon the other, double their places with every step.
    """
    versions = [version for number, version in enumerate(policy.versions) if number in in_force]
    if _exceptions_in_a_circle(versions) is not None:
        return None
    counted: dict[int, int] = {}

    def count(version: Version) -> int:
        if id(version) not in counted:
            bases = [other for number in version.exception_to for other in versions if other.rule == number]
            counted[id(version)] = sum(map(count, bases)) if version.exception_to else 1
        return counted[id(version)]

    return max(versions, key=count) if sum(map(count, versions)) > MOST_PLACES else None


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


def _places_of(versions: Sequence[Version], version: Version) -> list[Place]:
    if not version.exception_to:
        return [Place(version, None)]
    return [
        Place(version, base)
        for number in version.exception_to
        for other in versions
        if other.rule == number
        for base in _places_of(versions, other)
    ]


def _outranked(one: Place, places: Sequence[Place]) -> set[int]:
    """The places at or in a rule to which a rank is written from one place or from those around it."""
    named = {rule for around in one.upwards for rule in around.version.prevails_over}
    if not named:
        return set()
    return {low for low, other in enumerate(places) if any(around.version.rule in named for around in other.upwards)}


def _closed(above: list[set[int]]) -> list[set[int]]:
    """The transitive closure: what outranks something outranks all that it outranks."""
    for middle in range(len(above)):
        for lower in above:
            if middle in lower:
                lower.update(above[middle])
    return above


def _exceptions_in_a_circle(versions: Sequence[Version]) -> Cycle | None:
    rules = [version.rule for version in versions]
    bases = [sorted(rules.index(base) for base in set(version.exception_to) if base in rules) for version in versions]
    circle = _circle(bases)
    return None if circle is None else Cycle(tuple(rules[index] for index in circle))


def _circle(after: list[list[int]]) -> list[int] | None:
    """Some circle in a graph given by its successors, or None."""
    done: set[int] = set()
    for start in range(len(after)):
        trail: list[int] = []
        found = _walk(start, after, trail, done)
        if found is not None:
            return found
    return None


def _walk(here: int, after: list[list[int]], trail: list[int], done: set[int]) -> list[int] | None:
    if here in trail:
        return trail[trail.index(here) :]
    if here in done:
        return None
    trail.append(here)
    for onward in after[here]:
        found = _walk(onward, after, trail, done)
        if found is not None:
            return found
    trail.pop()
    done.add(here)
    return None
