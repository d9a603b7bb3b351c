"""Which names a policy uses."""

from dataclasses import fields, is_dataclass

from custodiet.policy.language.ast import Path


def names_in(node: object) -> frozenset[str]:
    """Every name that stands in a path of a policy."""
    if isinstance(node, Path):
        return frozenset(node.names)
    if isinstance(node, tuple):
        return frozenset().union(*(names_in(part) for part in node))
    if is_dataclass(node):
        return frozenset().union(*(names_in(getattr(node, part.name)) for part in fields(node)))
    return frozenset()
