"""Which fields, definitions and sets an expression uses, wherever in it they stand."""

from collections.abc import Iterator

from custodiet.policy.analysis.resolve import Meaning, Members, Vocabulary
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
    """What every path of an expression means; a path that means nothing is left out."""
    for path, around in _paths(part, scope, names):
        meaning = names.meaning(path, around)
        if isinstance(meaning, Meaning):
            yield meaning


def expressions_of(policy: Policy) -> Iterator[tuple[Expression, Scope]]:
    """Every expression that an answer rests on, with the scope it stands in; a claim answers nothing."""
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
            yield from _paths_over(part, scope, names)
        case _:
            for each in made_of(part):
                yield from _paths(each, scope, names)


def made_of(part: Expression) -> tuple[Expression, ...]:
    """The expressions about the same record that one is made of, as they are written; a set has none."""
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
    """An expression and everything in it about the same record, without what is asked inside a set."""
    yield part
    for each in made_of(part):
        yield from nodes_of(each)


def _paths_over(part: Over, scope: Scope, names: Vocabulary) -> Iterator[tuple[Path, Scope]]:
    summed = part.which == "sum"
    of = Path(part.of.names[:-1], part.of.span) if summed else part.of
    meaning = names.meaning(of, scope) if of.names else None
    if not isinstance(meaning, Meaning) or not isinstance(meaning.end, Members):
        return
    yield of, scope
    within = (meaning.end.type, *scope)
    if summed:
        yield Path(part.of.names[-1:], part.of.span), within
    if part.where is not None:
        yield from _paths(part.where, within, names)
