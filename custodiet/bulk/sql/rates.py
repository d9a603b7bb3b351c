"""Rates as a join: a dated table of the pack, and the row of it that applies to each record.

A row holds where the keys and the day are known well enough to lie in it, as in `evaluation.rate_lookup`. Where none
does, or a key may turn out to be none, the record is decided by the evaluator.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from custodiet.base.money import Range
from custodiet.bulk.sql.exact_arithmetic import Exact, Whole, not_above
from custodiet.bulk.sql.intervals import Number, Plain, Term
from custodiet.bulk.sql.syntax import (
    NO,
    YES,
    Sql,
    as_type,
    both,
    column,
    either,
    equal,
    is_no,
    is_unknown,
    opposite,
)
from custodiet.policy.language.ast import RateTable

ONE = Whole.of(1)


def table_name(rates: str) -> str:
    """The name of a dated table in the database."""
    return f"custodiet_rates_{rates}"


def laid_out(rates: RateTable) -> dict[str, tuple[str, list[Any]]]:
    r"""The columns of a dated table, each with its type and values; numbers are whole, scaled as `value` reads them.

    >>> from custodiet.policy.language.rate_tables import read_rates
    >>> rows = b"fare,in force,part,cite\n.. 99.99,2024-01-01 ..,0.5,Annex 2\n"
    >>> for name, (kind, values) in laid_out(read_rates(rows, "fare_share.csv").table).items():
    ...     print(name, kind, values)
    from 0 DECIMAL(38, 0) [None]
    to 0 DECIMAL(38, 0) [9999]
    first INTEGER [738886]
    last INTEGER [3652059]
    part DECIMAL(38, 0) [1]
    """
    columns: dict[str, tuple[str, list[Any]]] = {}
    for place in range(len(rates.keys)):
        if _banded(rates, place):
            for name, ends in zip(_band(place), _ends(rates, place), strict=True):
                columns[name] = ("DECIMAL(38, 0)", _scaled(ends))
        else:
            columns[_text(place)] = ("VARCHAR", [row.keys[place] for row in rates.rows])
    periods = [row.in_force for row in rates.rows]
    columns["first"] = ("INTEGER", [(each.first or date.min).toordinal() for each in periods])
    columns["last"] = ("INTEGER", [(each.last or date.max).toordinal() for each in periods])
    for place, (name, _) in enumerate(rates.columns):
        columns[name] = ("DECIMAL(38, 0)", _scaled([row.values[place] for row in rates.rows]))
    return columns


def holds(rates: RateTable, alias: str, keys: Sequence[Term], on: Number) -> Sql:
    """Whether a row certainly applies to some keys on a day; not yes if that is unknown."""
    first, last = (Exact(_whole(name, alias, [date.min, date.max]), ONE) for name in ("first", "last"))
    parts = [_within(first, on, last)]
    for place, key in enumerate(keys):
        if isinstance(key, Plain):
            parts.append(equal(column(_text(place), alias), key.read))
        else:
            low, high = (_end(name, alias, ends) for name, ends in zip(_band(place), _ends(rates, place), strict=True))
            parts.append(_within(low, key, high))
    return both(*parts)


def unsettled(alias: str, terms: Sequence[Term]) -> Sql:
    """Whether the rate that was joined is not known for some keys and a day, or something about its being none."""
    none = either(*(term.none for term in terms))
    may_be_none = either(*(term.may_be_none for term in terms if isinstance(term, Number)))
    missing = is_unknown(column("first", alias))
    opened = either(*(term.unknown if isinstance(term, Plain) else opposite(term.certain) for term in terms))
    return either(both(opposite(none), either(missing, may_be_none)), both(none, opened))


def value(rates: RateTable, name: str, alias: str, none: Sql) -> Number:
    """The rate that was joined, known wherever it is not `none` and the record is not decided by itself."""
    place = [each for each, _ in rates.columns].index(name)
    values = [row.values[place] for row in rates.rows]
    over = _whole(name, alias, _scaled(values), nullable=not is_no(none))
    return Number.point(Exact(over, Whole.of(_scale(values))), none)


def _text(place: int) -> str:
    return f"key {place}"


def _band(place: int) -> tuple[str, str]:
    return f"from {place}", f"to {place}"


def _banded(rates: RateTable, place: int) -> bool:
    return any(isinstance(row.keys[place], Range) for row in rates.rows)


def _ends(rates: RateTable, place: int) -> tuple[list[Fraction | None], list[Fraction | None]]:
    """Where the bands of a key begin and end."""
    bands = [key for row in rates.rows if isinstance(key := row.keys[place], Range)]
    return [band.low for band in bands], [band.high for band in bands]


def _scale(values: Sequence[Fraction | None]) -> int:
    return lcm(*(each.denominator for each in values if each is not None))


def _scaled(values: Sequence[Fraction | None]) -> list[int | None]:
    scale = _scale(values)
    return [None if each is None else int(each * scale) for each in values]


def _whole(name: str, alias: str, values: Sequence[int | date | None], *, nullable: bool = False) -> Whole:
    """A column of whole numbers or days, with the bounds that its values prove."""
    known = [each.toordinal() if isinstance(each, date) else each for each in values if each is not None]
    found = Whole(column(name, alias), min(known, default=None), max(known, default=None), nullable)
    kind = "BIGINT" if found.narrow else "DECIMAL(38, 0)"
    return Whole(as_type(found.inner, kind), found.least, found.most, nullable)


def _end(name: str, alias: str, ends: Sequence[Fraction | None]) -> Exact | None:
    """Where a band begins or ends; None where all of them are open on that side."""
    if all(end is None for end in ends):
        return None
    return Exact(_whole(name, alias, _scaled(ends), nullable=None in ends), Whole.of(_scale(ends)))


def _within(low: Exact | None, number: Number, high: Exact | None) -> Sql:
    """Whether a number certainly lies between two ends, both included; a missing end means no limit."""
    begins = YES if low is None else _beyond(low, NO if number.low is None else not_above(low, number.low))
    ends = YES if high is None else _beyond(high, NO if number.high is None else not_above(number.high, high))
    return both(begins, ends)


def _beyond(end: Exact, reached: Sql) -> Sql:
    """Whether the end of a band is reached, or the band is open there."""
    return either(is_unknown(end.over.inner), reached) if end.over.nullable else reached
