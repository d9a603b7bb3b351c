"""Which fields, definitions and sets an expression uses, at any depth."""

from collections.abc import Iterator

from custodiet.policy.analysis.resolve import Meaning, Vocabulary
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Compare,
    Expression,
    Extreme,
    IsNone,
    Literal,
    Not,
    Or,
    Over,
    Path,
    Policy,
    Rate,
)

Scope = tuple[str, ...]


def used_by(part: Expression, scope: Scope, names: Vocabulary) -> Iterator[Meaning]:
    """The meaning of every path of an expression; paths without one are left out."""
    for path, around in _paths(part, scope, names):
        meaning = names.meaning(path, around)
        if isinstance(meaning, Meaning):
            yield meaning


def expressions_of(policy: Policy) -> Iterator[tuple[Expression, Scope]]:
    """Every expression that an answer depends on, with its scope; a claim is not an answer."""
    yield policy.on, (policy.for_each,)
    for definition in policy.definitions:
        yield definition.meaning, (definition.type,)
    for version in policy.versions:
        if version.when is not None:
            yield version.when, (policy.for_each,)
        for share in version.owes or ():
            yield share.amount, (policy.for_each,)


def _paths(part: Expression, scope: Scope, names: Vocabulary) -> Iterator[tuple[Path, Scope]]:
    match part:
        case Path():
            yield part, scope
        case Over():
            found = names.set_of(part, scope)
            if found is not None:
                yield part.members, scope
                for each in part.inside:
                    yield from _paths(each, (found[1].type, *scope), names)
        case _:
            for each in made_of(part):
                yield from _paths(each, scope, names)


def made_of(part: Expression) -> tuple[Expression, ...]:
    """The direct parts of an expression that are about the same record, as written; a set has none."""
    match part:
        case And(parts) | Or(parts) | Extreme(_, parts):
            return parts
        case Not(only) | IsNone(only):
            return (only,)
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Rate(_, _, keys, on):
            return (*keys, on)
        case Path() | Literal() | Over():
            return ()


def is_condition(part: Expression) -> bool:
    """Whether an expression is a condition by its form; a bare path may be one too."""
    return isinstance(part, And | Or | Not | Compare | IsNone) or (
        isinstance(part, Over) and part.which in ("any", "all")
    )


def nodes_of(part: Expression) -> Iterator[Expression]:
    """An expression and all its parts about the same record, without the insides of sets."""
    yield part
    for each in made_of(part):
        yield from nodes_of(each)
