"""Prints a policy's tree as a document that parses back to the same tree.

Brackets are printed only where the tree needs them; an *or* over values of one field is printed as `in (…)`, and a
bound is printed on the right. The rate tables of a pack are not part of a document.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from custodiet.base.dates import Days
from custodiet.base.money import Rounding
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Claim,
    Compare,
    Definition,
    Example,
    Expression,
    Extreme,
    IsNone,
    Judgment,
    Literal,
    Not,
    Or,
    Over,
    Path,
    Payer,
    Policy,
    Rate,
    Rule,
    Share,
    Version,
)
from custodiet.policy.language.formatter import formatted
from custodiet.records import cell

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _ATOM = range(7)
"""The precedence of operators, loosest first, as in `grammar.lark`."""


def written(policy: Policy) -> str:
    """The document of a policy.

    Raises Refused for a policy that cannot be written as a document, such as one without a rule.
    """
    parts = [
        _head(policy),
        *([f"# {policy.title}"] if policy.title else []),
        *_definitions(policy.definitions),
        *(_judgment(each) for each in policy.judgments),
        *(part for rule in policy.rules for part in _rule(rule)),
        *(_claim(each) for each in policy.claims),
        *_examples(policy.examples),
    ]
    return formatted("\n\n".join(parts) + "\n", policy.name)


def expression_written(part: Expression) -> str:
    """An expression on one line, with the fewest brackets.

    >>> purpose, one = Path(("purpose",)), Literal(Fraction(1))
    >>> official, personal = (Compare("=", purpose, Literal(word)) for word in ("official", "personal"))
    >>> expression_written(And((Or((official, personal)), Compare("<", one, Path(("seats",))))))
    "purpose in ('official', 'personal') and seats > 1"
    """
    return _part(part, _OR)


def _head(policy: Policy) -> str:
    step = "cent" if policy.step == 1 else "unit"
    rounds = policy.currency or policy.rounding is not Rounding.HALF_UP
    values = {
        "policy": policy.name,
        "question": policy.question,
        "for each": policy.for_each,
        "on": str(policy.on),
        "jurisdiction": policy.jurisdiction,
        "currency": policy.currency,
        "rounding": f"{step}, {policy.rounding.value}" if rounds else "",
        "gives": ".".join(policy.gives) if policy.gives else "",
        "text": "restated" if policy.restated else "",
    }
    return "\n".join(["---", *(f"{key}: {value}" for key, value in values.items() if value), "---"])


def _rule(rule: Rule) -> Iterator[str]:
    yield f"## Rule {rule.number}" + (f" — {rule.title}" if rule.title else "")
    yield f"> {rule.text}"
    for version in rule.versions:
        yield _box("rule", _version(version))


def _version(version: Version) -> Iterator[tuple[str, str]]:
    yield "cite", version.cite
    yield "in force", f"{version.in_force.first or ''} .. {version.in_force.last or ''}"
    if version.exception_to:
        yield "exception to", ", ".join(version.exception_to)
    if version.prevails_over:
        yield "prevails over", ", ".join(version.prevails_over)
    if version.when is not None:
        yield "when", expression_written(version.when)
    if version.owes is not None:
        yield "owes", ", ".join(_share(each) for each in version.owes)
    if version.permission is not None:
        yield {"permitted": "permits", "forbidden": "forbids"}[version.permission], ""
    if version.classified is not None:
        yield "is", f"'{version.classified}'"


def _share(share: Share) -> str:
    rest = "rest of " if share.rest else ""
    payer = f" from {_payer(share.payer)}" if share.payer else ""
    liable = f" else {_payer(share.liable)}" if share.liable else ""
    return f"{rest}{expression_written(share.amount)}{payer}{liable}"


def _payer(payer: Payer) -> str:
    return f"'{payer.body}'" if payer.path is None else str(payer.path)


def _definitions(definitions: Sequence[Definition]) -> list[str]:
    lines = [f"{each.type}.{each.name} = {expression_written(each.meaning)}" for each in definitions]
    return ["\n".join(["```define", *lines, "```"])] if lines else []


def _judgment(judgment: Judgment) -> str:
    settled = f"{judgment.type}.{judgment.name}"
    return _box("judgment", (("settles", settled), ("asks", judgment.asks), ("of", judgment.of)))


def _claim(claim: Claim) -> str:
    when = () if claim.when is None else (("when", expression_written(claim.when)),)
    outcome = ("always" if claim.always else "never", _outcome(claim))
    return _box("claim", (("says", claim.says), *when, outcome))


def _outcome(claim: Claim) -> str:
    classified = "" if claim.classified is None else f" '{claim.classified}'"
    amount = "" if claim.amount is None else f" {claim.operator} {expression_written(claim.amount)}"
    payer = "" if claim.payer is None else f" from {_payer(claim.payer)}"
    return f"{claim.outcome}{classified}{amount}{payer}"


def _box(name: str, keys: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> str:
    return "\n".join([f"```{name}", *(f"{key} {value}" for key, value in keys), "```"])


def _examples(examples: Sequence[Example]) -> Iterator[str]:
    if examples:
        yield "## Examples"
    for columns, rows in groupby(examples, key=lambda each: tuple(column for column, _, _ in each.cells)):
        table = [("example", *columns), ("---",) * (len(columns) + 1)]
        table += [(row.title, *(text for _, text, _ in row.cells)) for row in rows]
        yield "\n".join("|".join(["", *(text.replace("|", "\\|") for text in row), ""]) for row in table)


# Expressions


def _part(part: Expression, holds: int) -> str:
    """A part of an expression, in brackets if its precedence is lower than its place requires."""
    closeness, text = _said(part)
    return f"({text})" if closeness < holds else text


def _said(part: Expression) -> tuple[int, str]:  # noqa: C901 - one case a node
    """The precedence of a part, and its text."""
    match part:
        case Or(parts):
            listed = _listed(parts)
            return (_COMPARISON, listed) if listed else (_OR, _joined(" or ", parts, _AND))
        case And(parts):
            return _AND, _joined(" and ", parts, _NOT)
        case Not(inner):
            return _denial(inner)
        case IsNone(path):
            return _COMPARISON, f"{path} is none"
        case Compare("<" | "<=" as operator, Literal() as bound, right) if not isinstance(right, Literal):
            return _COMPARISON, f"{_part(right, _SUM)} {_TURNED[operator]} {_part(bound, _SUM)}"
        case Compare(operator, left, right):
            return _COMPARISON, f"{_part(left, _SUM)} {operator} {_part(right, _SUM)}"
        case Arithmetic("+" | "-" as operator, left, right):
            return _SUM, f"{_part(left, _SUM)} {operator} {_part(right, _PRODUCT)}"
        case Arithmetic(operator, left, right):
            return _PRODUCT, f"{_part(left, _PRODUCT)} {operator} {_part(right, _ATOM)}"
        case Extreme(which, parts):
            return _ATOM, f"{which}({_joined(', ', parts, _OR)})"
        case Over(which, of, where):
            return _ATOM, f"{which}({of})" if where is None else f"{which}({of} where {_part(where, _OR)})"
        case Rate(table, column, keys, on):
            looked_up = f" for {_joined(', ', keys, _OR)}" if keys else ""
            return _ATOM, f"rate({table}.{column}{looked_up} on {_part(on, _OR)})"
        case Literal(value, days):
            return _ATOM, _literal(value, days=days)
        case Path():
            return _ATOM, str(part)


def _denial(part: Expression) -> tuple[int, str]:
    """The negation of a condition."""
    match part:
        case IsNone(path):
            return _COMPARISON, f"{path} is not none"
        case Compare("=", left, right):
            return _COMPARISON, f"{_part(left, _SUM)} != {_part(right, _SUM)}"
        case Or(parts) if listed := _listed(parts, "not in"):
            return _COMPARISON, listed
        case _:
            return _NOT, f"not {_part(part, _NOT)}"


_TURNED = {"<": ">", "<=": ">="}


def _joined(word: str, parts: Sequence[Expression], holds: int) -> str:
    return word.join(_part(each, holds) for each in parts)


def _listed(parts: Sequence[Expression], word: str = "in") -> str:
    """`x in (…)` for several values of one field; empty for any other parts."""
    values = [
        (part.left, _part(part.right, _ATOM))
        for part in parts
        if isinstance(part, Compare)
        and part.operator == "="
        and isinstance(part.left, Path)
        and isinstance(part.right, Literal)
    ]
    if len(values) < len(parts) or len({path.names for path, _ in values if isinstance(path, Path)}) > 1:
        return ""
    return f"{values[0][0]} {word} ({', '.join(value for _, value in values)})"


def _literal(value: Fraction | str | bool | Days, *, days: bool) -> str:
    if isinstance(value, str):
        return f"'{value}'"
    return f"{cell(value)} {'day' if value == 1 else 'days'}" if days else cell(value)
