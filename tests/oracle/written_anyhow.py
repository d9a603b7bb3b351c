"""Any expression and any policy that can be written down, and the ways in which a careless hand writes it.

They need not make sense: what is tried on them is reading and writing alone.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from custodiet.base.dates import Days
from custodiet.policy.language.ast import (
    And,
    Arithmetic,
    Cell,
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
)

from .chance import Chance
from .strategies import RIDE_WORDS, path, policy_of


def any_expression(chance: Chance, deep: int) -> Expression:
    """Any expression that can be written, whether it makes sense or not."""
    form = chance.one(LEAVES if deep == 0 else FORMS)
    return form(chance, deep)


def parts(chance: Chance, deep: int, least: int = 2) -> tuple[Expression, ...]:
    return tuple(any_expression(chance, deep - 1) for _ in range(chance.between(least, 3)))


def equalities(chance: Chance, _: int) -> Expression:
    left = chance.one(PATHS)
    return Or(tuple(Compare("=", left, chance.one(LITERALS)) for _ in range(chance.between(2, 3))))


PATHS = (path("leg"), path("leg.trip.purpose"), path("on_duty"), path("rest"), path("max"))
LITERALS = (
    *(Literal(Fraction(each)) for each in ("0", "3", "10.5", "0.075")),
    *(Literal(Fraction(each), days=True) for each in ("1", "30")),
    *(Literal(value=each) for each in (True, False)),
    *(Literal(each) for each in ("", "a day's end".replace("'", "’"), "and  (or")),
    Literal(Days.read("2021-01-01")),
)
Form = Callable[[Chance, int], Expression]
LEAVES: tuple[Form, ...] = (
    lambda chance, _: chance.one(PATHS),
    lambda chance, _: chance.one(LITERALS),
    lambda chance, _: IsNone(chance.one(PATHS)),
    equalities,
)
FORMS: tuple[Form, ...] = (
    *LEAVES,
    lambda chance, deep: Not(any_expression(chance, deep - 1)),
    lambda chance, deep: And(parts(chance, deep)),
    lambda chance, deep: Or(parts(chance, deep)),
    lambda chance, deep: Compare(
        chance.one(("=", "<", "<=")), any_expression(chance, deep - 1), any_expression(chance, deep - 1)
    ),
    lambda chance, deep: Arithmetic(
        chance.one(tuple("+-*/")), any_expression(chance, deep - 1), any_expression(chance, deep - 1)
    ),
    lambda chance, deep: Extreme(chance.one(("min", "max")), parts(chance, deep)),
    lambda chance, deep: Over(
        chance.one(("any", "all", "count", "sum")),
        chance.one(PATHS[:2]),
        chance.one((None, any_expression(chance, deep - 1))),
    ),
    lambda chance, deep: Rate(
        "per_diem", "meals", parts(chance, deep, least=chance.between(0, 1))[:2], any_expression(chance, deep - 1)
    ),
)


def any_policy(chance: Chance) -> Policy:
    """A policy with every sort of box."""
    policy = policy_of(
        chance, RIDE_WORDS, measured=True, counted=True, extra=(any_expression(chance, 2), any_expression(chance, 1))
    )
    judgments = (
        Judgment("ride", "mainly_work", "Was it mainly for work?", "the counsel's office"),
        Judgment("tour", "in_good_time", "Was it planned early enough?", "the desk"),
    )
    definitions = (
        *policy.definitions,
        *(Definition("ride", name, any_expression(chance, 2)) for name in ("one", "another")),
    )
    examples = tuple(
        Example(
            f"row {number}", (Cell("fare", "1 | 2", policy.span), Cell(chance.one(("owes", "is")), "", policy.span))
        )
        for number in range(chance.between(0, 3))
    )
    return replace(
        policy,
        definitions=definitions[: chance.between(0, 3)],
        judgments=judgments[: chance.between(0, 2)],
        claims=tuple(claimed(chance) for _ in range(chance.between(0, 2))),
        examples=examples,
        step=policy.step if policy.currency else 1,
        gives=chance.one((None, ("ride", "sort"))),
        restated=chance.coin(),
        title=chance.one(("", "Small")),
    )


def claimed(chance: Chance) -> Claim:
    outcome = chance.one(("owes", "owes", "is", "permitted", "forbidden", "no rule", "conflict"))
    claim = Claim("It’s never so.", chance.one((None, any_expression(chance, 2))), chance.coin(), outcome)
    if outcome == "is":
        return replace(claim, classified="busy")
    if outcome == "owes":
        operator = chance.one(("", "=", "<", "<=", ">", ">="))
        amount = any_expression(chance, 1) if operator else None
        payer = chance.one((None, Payer(None, "city"), Payer(Path(("rider",)))))
        return replace(claim, operator=operator, amount=amount, payer=payer)
    return claim


def untidied(text: str, chance: Chance) -> str:
    """The document, as a careless hand writes it: keys in any order, spaces and lines anyhow."""
    head, *body = text.split("\n\n")
    keys = head.splitlines()[1:-1]
    loose = ["\n".join(["---", *(line.replace(":  ", ":") for line in chance.some(keys, len(keys))), "---"])]
    loose += [careless(block, chance) for block in body]
    apart = chance.one(("\n", "\n\n", "\n \n\n"))
    # Two tables without a blank line between them would be one.
    text = "".join(f"\n\n{block}" if block.startswith("|") else f"{apart}{block}" for block in loose)
    return text.lstrip() + chance.one(("", "\n", "\n\n\n"))


def careless(block: str, chance: Chance) -> str:
    if block.startswith("| example"):
        return re.sub(r"(?<!\\)\|", lambda stroke: chance.one(("|", " | ")) if stroke.start() else "|", block)
    if not block.startswith("```"):
        return block
    opening, *lines = block.splitlines()
    entries = re.split(r"\n(?! )", "\n".join(lines[:-1]))
    entries = list(entries if opening == "```define" else chance.some(entries, len(entries)))
    fence = chance.one(("```", "~~~~"))
    inside = [spaced(entry, chance) for entry in entries]
    return "\n".join([opening.replace("```", fence), *inside, fence])


def spaced(entry: str, chance: Chance) -> str:
    """The entry with other white space wherever there is some, but none within what is quoted."""
    key = re.match(r"(?:in force|exception to|prevails over|\S+ =|\S+)", entry)
    assert key is not None
    rest = re.sub(
        r"'[^'\n]*'|\s+",
        lambda found: chance.one((" ", "   ", "\n  ", "\n\t")) if found[0].isspace() else found[0],
        entry[key.end() :],
    )
    return key[0] + chance.one((rest, re.sub(r" ([=<+-]) ", r"\1", rest)))
