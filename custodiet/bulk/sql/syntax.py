"""The few forms of SQL that bulk evaluation is written in, built as sqlglot's trees and never as text.

What is known when the query is built is settled there: `and` with no is no, a case that cannot arise is left
out. So a column declared always known costs nothing.

While a query is put together its parts are shared, not copied; no part is changed once it is made. Only whole
columns are copied, when they become part of a query (`sql.joins`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from sqlglot import exp

Sql = exp.Expr
Test = Callable[[Sql], bool]
Joined = TypeVar("Joined")

Digit = tuple[Sql, ...]
"""A number of few values: after the first, the place of the first condition that holds; 0 if none does."""

ROOM = 2**31 - 1
"""How many different values one column of digits may have: engines group small numbers fastest."""

MOST = 2**63 - 1
"""The largest number a BIGINT holds."""

YES: Sql = exp.Boolean(this=True)
NO: Sql = exp.Boolean(this=False)
UNKNOWN: Sql = exp.Null()

_ATOMS = (
    exp.Column, exp.Literal, exp.Boolean, exp.Null, exp.Case, exp.Cast, exp.Paren, exp.Coalesce, exp.Least,
    exp.Greatest, exp.Abs, exp.Length,
)  # fmt: skip
"""What needs no brackets around it."""
_ALLOWED = (
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Order, exp.Ordered, exp.With, exp.CTE, exp.Subquery,
    exp.Table, exp.TableAlias, exp.Alias, exp.Identifier, exp.Column, exp.Star, exp.Tuple,
    exp.Literal, exp.Boolean, exp.Null, exp.DataType, exp.DataTypeParam, exp.Paren, exp.Cast,
    exp.And, exp.Or, exp.Not, exp.Is, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.In,
    exp.Case, exp.If, exp.Coalesce, exp.Least, exp.Greatest,
    exp.Add, exp.Sub, exp.Mul, exp.IntDiv, exp.Mod, exp.Neg, exp.Abs, exp.DPipe, exp.Length,
    exp.Create, exp.Properties, exp.TemporaryProperty, exp.Explode, exp.Placeholder,
    exp.Min, exp.Max, exp.Sum, exp.Count, exp.Filter, exp.GroupConcat, exp.WithinGroup, exp.LogicalOr, exp.ArrayAgg,
)  # fmt: skip
"""The nodes a query may be made of; nothing else is ever sent to an engine."""


def written(query: Sql) -> str:
    """A query as DuckDB reads it.

    Raises TypeError for a node that is not on the list: a policy is data, and its queries hold no other kind of thing.
    """
    for node in query.walk():
        if type(node) not in _ALLOWED:
            raise TypeError(node)
    return query.sql("duckdb", copy=False)


_KNOWN = "never null"


def column(name: str, table: str, *, known: bool = False) -> Sql:
    """A column by its name; `known` if it is never NULL in these rows."""
    found = exp.Column(this=exp.Identifier(this=name, quoted=True), table=exp.Identifier(this=table, quoted=True))
    if known:
        found.args[_KNOWN] = True
    return found


def never_null(value: Sql) -> bool:
    """Whether a value is proven to be known in every row."""
    match value:
        case exp.Column():
            return _KNOWN in value.args
        case exp.Boolean() | exp.Literal() | exp.Is():
            return True
        case exp.Coalesce():
            return never_null(value.this) or any(never_null(each) for each in value.expressions)
        case exp.Case():
            results = (*(each.args["true"] for each in value.args["ifs"]), value.args["default"])
            return all(never_null(each) for each in results)
        case exp.Paren() | exp.Not() | exp.Cast() | exp.Neg():
            return never_null(value.this)
        case exp.Binary():
            return never_null(value.left) and never_null(value.right)
        case _:
            return False


def number(value: int) -> Sql:
    """A whole number; one beyond a BIGINT is given its type, so that no engine reads it as a float."""
    plain = exp.Literal.number(abs(value))
    wide = plain if abs(value) <= MOST else widened(exp.Literal.string(str(abs(value))))
    return exp.Paren(this=exp.Neg(this=wide)) if value < 0 else wide


def text(value: str) -> Sql:
    """A text."""
    return exp.Literal.string(value)


def day(value: date) -> Sql:
    """A day."""
    return exp.cast(exp.Literal.string(value.isoformat()), exp.DataType.Type.DATE)


_WIDE = exp.DataType.build("DECIMAL(38, 0)")


def widened(value: Sql) -> Sql:
    """A number with 38 digits: as far as DuckDB, PostgreSQL and Spark all count exactly."""
    return exp.Cast(this=value, to=_WIDE)


def as_type(value: Sql, name: str) -> Sql:
    """A value as another type."""
    return exp.Cast(this=value, to=exp.DataType.build(name))


def is_yes(value: Sql) -> bool:
    """Whether a condition always holds."""
    return isinstance(value, exp.Boolean) and bool(value.this)


def is_no(value: Sql) -> bool:
    """Whether a condition never holds."""
    return isinstance(value, exp.Boolean) and not value.this


def is_null(value: Sql) -> bool:
    """Whether a value is never known."""
    return isinstance(value, exp.Null)


def constant(value: Sql) -> bool:
    """Whether a value is the same in every row."""
    return isinstance(value, exp.Boolean | exp.Null | exp.Literal)


def _part(value: Sql) -> Sql:
    return value if isinstance(value, _ATOMS) else exp.Paren(this=value)


def binary(kind: type[exp.Binary], left: Sql, right: Sql) -> Sql:
    """Two values joined by an operator."""
    return kind(this=_part(left), expression=_part(right))


def or_yes(condition: Sql) -> Sql:
    """Whether a condition holds or may hold; never NULL."""
    return condition if never_null(condition) else exp.Coalesce(this=condition, expressions=[YES])


def or_no(condition: Sql) -> Sql:
    """Whether a condition certainly holds; never NULL."""
    return condition if never_null(condition) else exp.Coalesce(this=condition, expressions=[NO])


def both(*parts: Sql) -> Sql:
    """Kleene's *and*."""
    return _joined(exp.And, parts, is_no, is_yes)


def either(*parts: Sql) -> Sql:
    """Kleene's *or*."""
    return _joined(exp.Or, parts, is_yes, is_no)


def _joined(kind: type[exp.Connector], parts: Sequence[Sql], settles: Test, counts_for_nothing: Test) -> Sql:
    settled = next(filter(settles, parts), None)
    if settled is not None:
        return settled
    each_part = (each for part in parts for each in (part.flatten() if type(part) is kind else (part,)))
    kept = list(dict.fromkeys(each for each in each_part if not counts_for_nothing(each)))
    if not kept:
        return YES if kind is exp.And else NO
    whole = kept[0]
    for part in kept[1:]:
        whole = kind(this=_part(whole) if type(whole) is not kind else whole, expression=_part(part))
    return whole


def opposite(part: Sql) -> Sql:
    """Kleene's *not*."""
    if isinstance(part, exp.Boolean):
        return NO if part.this else YES
    if isinstance(part, exp.Null):
        return part
    if isinstance(part, exp.Not):
        inner: Sql = part.this.unnest()
        return inner
    return exp.Not(this=_part(part))


def is_unknown(value: Sql) -> Sql:
    """Whether a value is NULL."""
    if never_null(value):
        return NO
    return YES if isinstance(value, exp.Null) else exp.Is(this=_part(value), expression=exp.Null())


def is_known(value: Sql) -> Sql:
    """Whether a value is not NULL."""
    return opposite(is_unknown(value))


def case(*branches: tuple[Sql, Sql], otherwise: Sql) -> Sql:
    """The value of the first branch whose condition holds."""
    kept: list[tuple[Sql, Sql]] = []
    for when, then in branches:
        if is_no(when) or is_null(when):
            continue
        if is_yes(when):
            otherwise = then
            break
        kept.append((when, then))
    while kept and kept[-1][1] == otherwise:
        kept.pop()
    if not kept:
        return otherwise
    ifs = [exp.If(this=when, true=then) for when, then in kept]
    return exp.Case(ifs=ifs, default=otherwise)


def matching(value: Sql, branches: Iterable[tuple[Sql, Sql]], otherwise: Sql) -> Sql:
    """The value of the branch for the value asked for."""
    ifs = [exp.If(this=each, true=then) for each, then in branches]
    return exp.Case(this=value, ifs=ifs, default=otherwise) if ifs else otherwise


def equal(left: Sql, right: Sql) -> Sql:
    """Whether two values are the same."""
    return binary(exp.EQ, left, right)


def less(left: Sql, right: Sql) -> Sql:
    """Whether one value is below another."""
    return binary(exp.LT, left, right)


def at_most(left: Sql, right: Sql) -> Sql:
    """Whether one value is not above another."""
    return binary(exp.LTE, left, right)


def least_or_greatest(kind: type[exp.Least | exp.Greatest], parts: Sequence[Sql]) -> Sql:
    """The least or greatest of some values; NULL is skipped, which only bounds that may be missing can mean."""
    first, *others = parts
    return kind(this=first, expressions=others, ignore_nulls=True) if others else first


def joined(*parts: Sql) -> Sql:
    """Texts, one after the other; neighbouring fixed texts become one."""
    pieces: list[Sql] = []
    for part in parts:
        last = pieces[-1] if pieces else None
        if isinstance(part, exp.Literal) and isinstance(last, exp.Literal):
            pieces[-1] = text(last.this + part.this)
        elif not (isinstance(part, exp.Literal) and part.this == ""):
            pieces.append(part)
    return in_pairs(_end_to_end, pieces) if pieces else text("")


def _end_to_end(one: Sql, other: Sql) -> Sql:
    return exp.DPipe(this=_part(one), expression=_part(other), safe=True)


def in_pairs(join: Callable[[Joined, Joined], Joined], parts: Sequence[Joined]) -> Joined:
    """Parts joined two by two, and so on: an engine reads a chain of many as deep, and refuses what is too deep.

    >>> in_pairs("({} {})".format, ["a", "b", "c", "d", "e"])
    '((a b) (c (d e)))'
    """
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return join(in_pairs(join, parts[:half]), in_pairs(join, parts[half:]))


def packed(digits: Sequence[Digit], more: Sequence[Digit] = (), when: Sql = NO) -> tuple[Sql, ...]:
    """Digits as few whole numbers, each digit in a place of its own; `more` count only `when` a condition holds."""
    columns: list[Sql] = []
    always: list[Sql] = []
    sometimes: list[Sql] = []
    place = 1
    for digit, parts in (*((each, always) for each in digits), *((each, sometimes) for each in more)):
        if len(digit) == 1:
            continue
        if place * len(digit) > ROOM:
            columns.append(_added_up(always, sometimes, when))
            always.clear()
            sometimes.clear()
            place = 1
        branches = [(each, number(value * place)) for value, each in enumerate(digit) if value]
        parts.append(case(*branches, otherwise=number(0)))
        place *= len(digit)
    if always or sometimes:
        columns.append(_added_up(always, sometimes, when))
    return tuple(columns)


def _added_up(always: Sequence[Sql], sometimes: Sequence[Sql], when: Sql) -> Sql:
    parts = list(always)
    if sometimes:
        parts.append(case((when, sum_of(sometimes)), otherwise=number(0)))
    return sum_of(parts)


def sum_of(parts: Sequence[Sql]) -> Sql:
    """The sum of some numbers."""
    return in_pairs(lambda one, other: binary(exp.Add, one, other), parts)


def several(conditions: Sequence[Sql]) -> Sql:
    """Whether more than one of some conditions holds."""
    if len(conditions) < 2:  # noqa: PLR2004 - of one condition, not more than one holds
        return NO
    return less(number(1), sum_of([case((each, number(1)), otherwise=number(0)) for each in conditions]))
