"""What a rule demands of lists and yes/no facts: rules that demand different values never meet."""

from collections.abc import Mapping

from custodiet.policy.analysis.plan import And, Atom, Compare, Condition, Fact, Holds, Not, Or, Plan, PlannedVersion
from custodiet.policy.language.ast import Literal
from custodiet.records import Kind

Demands = Mapping[tuple[str, ...], frozenset[object]]
"""The values that a fact may have, by the names of its path."""


def demands_of(planned: PlannedVersion, plan: Plan) -> Demands:
    """What must hold for a version to cover: the demands of its own condition and of the rule it is inside."""
    demands, inside = _demanded(planned.when), planned.version.exception_to
    bases = [each for each in plan.versions if each.version.rule in inside]
    if len(inside) == len(bases) == 1 and bases[0].version.rule != planned.version.rule:
        return _together(demands, demands_of(bases[0], plan))
    return demands


def exclusive(one: Demands, other: Demands) -> bool:
    """Whether no record can meet both, because some fact would need two values at once."""
    return any(one[fact].isdisjoint(other[fact]) for fact in one.keys() & other.keys())


def _demanded(condition: Condition | None) -> Demands:
    match condition:
        case And(parts):
            together: Demands = {}
            for part in parts:
                together = _together(together, _demanded(part))
            return together
        case Or(parts):
            each = [_demanded(part) for part in parts]
            facts = set(each[0]).intersection(*each[1:])
            return {fact: frozenset().union(*(demands[fact] for demands in each)) for fact in facts}
        case Atom(_, Compare("=", Fact() as fact, Literal(str() | bool() as value))):
            return _of(fact, value)
        case Atom(_, Holds(Fact() as fact)):
            return _of(fact, value=True)
        case Not(Atom(_, Holds(Fact() as fact))):
            return _of(fact, value=False)
        case _:
            return {}


def _of(fact: Fact, value: object) -> Demands:
    """The demand that a fact has a value, if all its values are tried in turn and alike in all rules."""
    closed = fact.field.kind in (Kind.YES_NO, Kind.LIST)
    return {fact.route.names: frozenset({value})} if closed else {}


def _together(one: Demands, other: Demands) -> Demands:
    facts = one.keys() | other.keys()
    return {
        fact: one[fact] & other[fact] if fact in one and fact in other else one[fact] if fact in one else other[fact]
        for fact in facts
    }
