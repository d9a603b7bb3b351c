"""What a rule demands of closed lists and yes/no facts: two rules that demand different values never meet."""

from collections.abc import Mapping

from custodiet.policy.analysis.resolve import Meaning, Vocabulary
from custodiet.policy.language.ast import And, Compare, Expression, Literal, Not, Or, Path, Policy, Version
from custodiet.records import Field, Kind

Demands = Mapping[tuple[str, ...], frozenset[object]]
"""The values that a fact may have, by the names of its path."""


def demands_of(version: Version, policy: Policy, names: Vocabulary) -> Demands:
    """What has to hold for a version to cover: what its own condition demands, and that of the rule it is inside."""
    demands = _demanded(version.when, policy, names)
    if len(version.exception_to) == 1:
        bases = [each for each in policy.versions if each.rule in version.exception_to]
        if len(bases) == 1 and bases[0].rule != version.rule:
            return _together(demands, demands_of(bases[0], policy, names))
    return demands


def exclusive(one: Demands, other: Demands) -> bool:
    """Whether no record meets both: some fact would have to have two values."""
    return any(one[fact].isdisjoint(other[fact]) for fact in one.keys() & other.keys())


def _demanded(condition: Expression | None, policy: Policy, names: Vocabulary) -> Demands:
    match condition:
        case And(parts):
            together: Demands = {}
            for part in parts:
                together = _together(together, _demanded(part, policy, names))
            return together
        case Or(parts):
            each = [_demanded(part, policy, names) for part in parts]
            facts = set(each[0]).intersection(*each[1:])
            return {fact: frozenset().union(*(demands[fact] for demands in each)) for fact in facts}
        case Compare("=", Path() as path, Literal(str() | bool() as value)):
            return {path.names: frozenset({value})} if _closed(path, policy, names) else {}
        case Path() if _closed(condition, policy, names):
            return {condition.names: frozenset({True})}
        case Not(Path() as path) if _closed(path, policy, names):
            return {path.names: frozenset({False})}
        case _:
            return {}


def _closed(path: Path, policy: Policy, names: Vocabulary) -> bool:
    """Whether a path ends at a fact of which every value is taken in turn, the same in all rules."""
    meaning = names.meaning(path, (policy.for_each,))
    end = meaning.end if isinstance(meaning, Meaning) else None
    return isinstance(end, Field) and end.kind in (Kind.YES_NO, Kind.LIST)


def _together(one: Demands, other: Demands) -> Demands:
    facts = one.keys() | other.keys()
    return {
        fact: one[fact] & other[fact] if fact in one and fact in other else one[fact] if fact in one else other[fact]
        for fact in facts
    }
