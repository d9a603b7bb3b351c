"""The benchmark's policy with more rules: each speaks of a few records, and says of them what was said before."""

from dataclasses import replace
from fractions import Fraction
from itertools import islice, product

from benchmarks.uses.types import USE
from custodiet.policy.ast import And, Compare, Expression, Literal, Path, Policy, Rule, Version

OTHER = "R00"
"""The rule for all other uses."""
FURTHER = "X"
"""How the number of each further rule begins."""


def with_more_rules(policy: Policy, many: int) -> Policy:
    """The policy with so many rules: the further ones single out official uses by what they cost, who rode, which day.

    Each outranks the rule for all other uses alone and says the same, and what outranks that rule outranks them too, so
    that no answer changes.
    """
    other = policy.rule(OTHER)
    (version,) = other.versions
    sorts, roles = USE.field("cost_sort").values, USE.field("role").values
    more = []
    for place, (sort, role, days) in enumerate(islice(product(sorts, roles, range(15)), many - len(policy.rules))):
        number = f"{FURTHER}{place + 1}"
        tests = (("purpose", "official"), ("cost_sort", sort), ("role", role), ("political_days", Fraction(days)))
        when = And(tuple(_equal(name, value) for name, value in tests))
        box = replace(version, rule=number, when=when, prevails_over=(OTHER,))
        more.append(Rule(number, other.title, other.text, (box,)))
    named = tuple(rule.number for rule in more)
    rules = tuple(replace(rule, versions=tuple(_above(box, named) for box in rule.versions)) for rule in policy.rules)
    return replace(policy, rules=(*rules, *more))


def _above(box: Version, named: tuple[str, ...]) -> Version:
    """A version that outranks some rules too, if it outranks the rule for all other uses."""
    return replace(box, prevails_over=(*box.prevails_over, *named)) if OTHER in box.prevails_over else box


def _equal(name: str, value: str | Fraction) -> Expression:
    return Compare("=", Path((name,)), Literal(value))
