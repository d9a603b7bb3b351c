"""The rate in a dated table for a key and a day, as a formula.

Mirrors `evaluation/rate_lookup.py`. In one world each key and the day are one value, so one row holds or none: ranges,
the steps between numbers and what several rows cover together have no counterpart. Nor has what is said of a text that
only looks like a key of the table, for that is a message.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import z3

from custodiet.base.money import Range
from custodiet.policy.language.ast import RateRow, RateTable
from custodiet.proofs.smt.budget import PART
from custodiet.proofs.smt.values import (
    NO,
    Formula,
    Term,
    all_of,
    any_of,
    exactly,
    literal_term,
    negated,
    same,
    within,
)
from custodiet.proofs.smt.worlds import World


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """The result of a look-up."""

    row: Formula
    """Where some row holds."""
    rate: Term
    """The rate of the row that applies; if none does, the assumed one."""


def look_up(
    table: RateTable, column: str, sought: Sequence[Term], on: Term, world: World, supposed: Fraction | None
) -> Found:
    """The rate in a column of a table for the given keys and day."""
    place = [name for name, _ in table.columns].index(column)
    otherwise = literal_term(supposed or Fraction(0), world.code, world.scale)
    value, minor = otherwise.value, otherwise.minor
    whole, some_row = minor is not None, NO
    for row, here in zip(reversed(table.rows), reversed(_holding(table, sought, on, world)), strict=True):
        rate = literal_term(row.values[place], world.code, world.scale)
        value = z3.If(here, rate.value, value)
        whole = whole and rate.minor is not None
        minor = z3.If(here, rate.minor, minor) if whole else minor
        some_row = any_of([some_row, here])
    return Found(some_row, Term(value, minor=minor if whole else None))


def _holding(table: RateTable, sought: Sequence[Term], on: Term, world: World) -> list[Formula]:
    """For each row of a table, whether it holds: drawn once in a world, whatever is supposed of what is open."""
    parts = [each for term in (*sought, on) for each in (term.value, term.none)]
    asked = (id(table), *(each.get_id() for each in parts))
    if asked not in world.fitting:
        # The formulas are kept with what was drawn of them: an address is free for another once a formula is gone.
        world.spend(PART * len(table.rows))
        world.fitting[asked] = parts, [_holds(row, sought, on, world) for row in table.rows]
    return world.fitting[asked][1]


def _holds(row: RateRow, sought: Sequence[Term], on: Term, world: World) -> Formula:
    """Whether a row holds for the keys on the day."""
    keys = (part for key, each in zip(row.keys, sought, strict=True) for part in _meets(key, each, world))
    return all_of([negated(on.none), within(row.in_force, on.value), *keys])


def _meets(key: str | Range, sought: Term, world: World) -> Iterator[Formula]:
    """All that a key of a row asks of what is looked up."""
    yield negated(sought.none)
    if isinstance(key, str):
        yield same(sought.value, world.code(key))
        return
    if key.low is not None:
        yield sought.value >= exactly(key.low)
    if key.high is not None:
        yield sought.value <= exactly(key.high)
