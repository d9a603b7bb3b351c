"""Which rules displace which: exceptions inside their rules, and ranks.

An exception to several rules is read as one exception inside each, so what can cover a record is not
a rule but a *place*: one version of a rule, inside one place of the rule it is an exception to.
"""

from dataclasses import dataclass

from custodiet.policy.ast import Policy, Version


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
    """Every place of a policy, and for each the places that displace it if they cover."""

    places: tuple[Place, ...]
    displacers: tuple[tuple[int, ...], ...]
    """By place: the numbers of the places that are exceptions to it or outrank it."""
    insides: tuple[int | None, ...]
    """By place: the number of the place around it."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """Rules that displace one another in a circle."""

    rules: tuple[str, ...]


def structure(policy: Policy) -> Structure | Cycle:
    """Lay out a policy's exceptions and ranks; a cycle of them comes back as such."""
    circle = _exceptions_in_a_circle(policy)
    if circle is not None:
        return circle
    places = tuple(place for version in policy.versions for place in _places_of(policy, version))
    number = {place: index for index, place in enumerate(places)}
    above = _closed([{other for other in range(len(places)) if _outranks(places[place], places[other])}
                     for place in range(len(places))])  # fmt: skip
    displacers: list[set[int]] = [set() for _ in places]
    for index, place in enumerate(places):
        if place.inside is not None:
            displacers[number[place.inside]].add(index)
        for lower in above[index]:
            displacers[lower].add(index)
    circular = _circle([sorted(each) for each in displacers])
    if circular is not None:
        return Cycle(tuple(places[index].version.rule for index in circular))
    return Structure(
        places,
        tuple(tuple(sorted(each)) for each in displacers),
        tuple(None if place.inside is None else number[place.inside] for place in places),
    )


def _places_of(policy: Policy, version: Version) -> list[Place]:
    if not version.exception_to:
        return [Place(version, None)]
    return [
        Place(version, base)
        for number in version.exception_to
        for other in policy.versions
        if other.rule == number
        for base in _places_of(policy, other)
    ]


def _outranks(one: Place, other: Place) -> bool:
    """Whether a rank is written from a place at or around one to a rule at or around the other."""
    named = {around.version.rule for around in other.upwards}
    return any(named.intersection(around.version.prevails_over) for around in one.upwards)


def _closed(above: list[set[int]]) -> list[set[int]]:
    """The transitive closure: what outranks something outranks all that it outranks."""
    for middle in range(len(above)):
        for lower in above:
            if middle in lower:
                lower.update(above[middle])
    return above


def _exceptions_in_a_circle(policy: Policy) -> Cycle | None:
    rules = [rule.number for rule in policy.rules]
    bases = [
        sorted({rules.index(base) for version in rule.versions for base in version.exception_to if base in rules})
        for rule in policy.rules
    ]
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
