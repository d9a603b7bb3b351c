"""The size of an expression once everything it refers to is written out: definitions, and what other policies give.

Reading an expression recurses as deep as it is nested, and a set inside a set is read for each record of the outer
one. No law needs much of either; without limits, a page of text could ask for more than any computer can do.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from custodiet.policy.analysis.cycles import in_order
from custodiet.policy.analysis.references import expressions_of, made_of, used_by
from custodiet.policy.analysis.resolve import Meaning, Vocabulary
from custodiet.policy.language.ast import Definition, Expression, Over, Path, Policy

MOST_DEEP = 50
"""How deep an expression may be nested; each comparison, sum, set and definition is one step."""
MOST_PARTS = 20_000
"""How many facts, values and operations it may contain."""
MOST_SETS = 3
"""How many sets may be nested."""

Scope = tuple[str, ...]


class Extent(NamedTuple):
    """The depth of an expression, its number of parts, and how many sets are nested in it."""

    depth: int
    size: int
    sets: int

    @property
    def beyond(self) -> str:
        """The limit it exceeds, in words; empty if none."""
        if self.depth > MOST_DEEP:
            return f"lies more than {MOST_DEEP} steps deep"
        if self.size > MOST_PARTS:
            return f"has more than {MOST_PARTS:,} parts"
        return f"goes through more than {MOST_SETS} sets inside one another" if self.sets > MOST_SETS else ""


Known = Mapping[tuple[str, str], Extent]
"""The extents of definitions and given fields, by type and name."""


def extent(part: Expression, scope: Scope, names: Vocabulary, known: Known) -> Extent:
    """The extent of an expression about the record of a scope."""
    if isinstance(part, Path):
        meaning = names.meaning(part, scope)
        rests_on = known.get((meaning.owner, part.names[-1])) if isinstance(meaning, Meaning) else None
        return _around([] if rests_on is None else [rests_on])
    if not isinstance(part, Over):
        return _around([extent(each, scope, names, known) for each in made_of(part)])
    found = names.set_of(part, scope)
    within = scope if found is None else (found[1].type, *scope)
    inner = _around([extent(each, within, names, known) for each in part.inside])
    return inner._replace(sets=inner.sets + 1)


def _around(parts: Iterable[Extent]) -> Extent:
    """The extent of something made of some parts."""
    depths, sizes, sets = zip(*parts, (0, 0, 0), strict=True)
    return Extent(1 + max(depths), 1 + sum(sizes), max(sets))


def in_a_circle(policy: Policy, names: Vocabulary) -> tuple[Definition, ...]:
    """Definitions of a policy that refer to one another in a circle."""
    return tuple(policy.definitions[place] for place in in_order(_resting(policy, names)).circle)


def extents(policy: Policy, names: Vocabulary) -> Known:
    """The extents of a policy's definitions, which form no circle, and of what other policies give."""
    keys, givers = list(names.given), [giver for _, giver in names.given.values()]
    theirs = [names.beside(giver) for giver in givers]
    rests_on = [
        [keys.index(key) for key in dict.fromkeys(_ends(giver, of)) if key in names.given]
        for giver, of in zip(givers, theirs, strict=True)
    ]
    known: dict[tuple[str, str], Extent] = {}
    for place in in_order(rests_on).order:
        giver, of = givers[place], theirs[place]
        defined = _with_definitions(giver, of, known)
        known[keys[place]] = _around(extent(part, scope, of, defined) for part, scope in _readable(giver, of))
    return _with_definitions(policy, names, known)


def _with_definitions(policy: Policy, names: Vocabulary, given: Known) -> Known:
    known = dict(given)
    for place in in_order(_resting(policy, names)).order:
        definition = policy.definitions[place]
        if definition.type in names.types:
            known[definition.type, definition.name] = extent(definition.meaning, (definition.type,), names, known)
    return known


def _readable(policy: Policy, names: Vocabulary) -> Iterable[tuple[Expression, Scope]]:
    """The expressions of a policy about existing types of record."""
    return ((part, scope) for part, scope in expressions_of(policy) if scope[0] in names.types)


def _ends(policy: Policy, names: Vocabulary) -> Iterable[tuple[str, str]]:
    """What the paths of a policy end at, by type and name."""
    for part, scope in _readable(policy, names):
        for meaning in used_by(part, scope, names):
            yield meaning.owner, meaning.end.name


def _resting(policy: Policy, names: Vocabulary) -> list[list[int]]:
    """For each definition: the numbers of those it refers to."""
    number = {(each.type, each.name): place for place, each in enumerate(policy.definitions)}
    used = (
        used_by(each.meaning, (each.type,), names) if each.type in names.types else () for each in policy.definitions
    )
    return [[number[key] for meaning in each if (key := (meaning.owner, meaning.end.name)) in number] for each in used]
