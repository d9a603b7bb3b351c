"""Rows are grouped by what conditions read before it is asked what they say: the key of a row.

The conditions of a whole policy compare a few columns with a few values. A key holds how these comparisons
come out, as one small number; what the rules then say is worked out once for each key, not for each row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from custodiet.bulk.sql.joins import spelled_out
from custodiet.bulk.sql.syntax import (
    NO,
    UNKNOWN,
    YES,
    Digit,
    Sql,
    binary,
    case,
    column,
    equal,
    is_unknown,
    never_null,
    number,
    packed,
)

MOST_KEYS = 2**22
"""Above this number of possible keys, rows are grouped by their signature at once: there may be a key for each."""

KEYS = "k"
"""What the rows of the table of keys are called."""

_JOINTS = (exp.And, exp.Or, exp.Not, exp.Paren, exp.Coalesce)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Digits of a signature in two steps: a key for each row, and the digits for each key."""

    key: Sql
    """Over the rows."""
    decoded: Mapping[str, Sql]
    """By name: how each comparison came out, over the table of keys, whose column is called `key`."""
    digits: tuple[Digit, ...]
    """Over the comparisons."""


@dataclass
class _Compared:
    """A column, its place among those compared, and the values that it is compared with, each with its own place."""

    column: Sql
    place: int
    values: dict[Sql, int] = field(default_factory=dict)


class _Reading:
    """Takes conditions apart into the comparisons they are made of."""

    def __init__(self, named: Mapping[str, Sql]) -> None:
        self.named = named
        self._spelled: dict[str, Sql] = {}
        self.compared: dict[Sql, _Compared] = {}
        self.single: dict[Sql, int] = {}

    def apart(self, condition: Sql) -> Sql:
        """A condition over the columns of comparisons; what computes stays whole: it costs where it is not asked."""
        whole = spelled_out(condition, self.named, self._spelled)
        return self._single(whole) if any(whole.find_all(exp.Mul, exp.IntDiv, exp.Add, exp.Sub)) else self._apart(whole)

    def _apart(self, condition: Sql) -> Sql:
        match condition:
            case exp.Boolean() | exp.Null():
                return condition
            case exp.And() | exp.Or():
                return binary(type(condition), self._apart(condition.left), self._apart(condition.right))
            case exp.Not() | exp.Paren():
                return type(condition)(this=self._apart(condition.this))
            case exp.Coalesce():
                return exp.Coalesce(this=self._apart(condition.this), expressions=[*condition.expressions])
            case exp.Is():
                return self._null(condition)
            case exp.EQ():
                left, right = condition.left.unnest(), condition.right.unnest()
                by_value = _is_column(left) and isinstance(right, exp.Literal)
                return self._compared(left, right) if by_value else self._single(condition)
            case exp.Column():
                return self._compared(condition, YES)
            case _:
                return self._single(condition)

    def _null(self, condition: exp.Is) -> Sql:
        part = condition.this.unnest()
        if _is_column(part):
            return column(f"{self._of(part).place}?", KEYS)
        if isinstance(part, _JOINTS):
            return exp.Is(this=exp.Paren(this=self._apart(part)), expression=exp.Null())
        return self._single(condition)

    def _of(self, asked: Sql) -> _Compared:
        return self.compared.setdefault(asked, _Compared(asked, len(self.compared)))

    def _compared(self, asked: Sql, value: Sql) -> Sql:
        known = self._of(asked)
        return column(f"{known.place}={known.values.setdefault(value, len(known.values))}", KEYS)

    def _single(self, condition: Sql) -> Sql:
        return column(f"s{self.single.setdefault(condition, len(self.single))}", KEYS)


def _is_column(value: Sql) -> bool:
    """Whether a value is a column, as it stands or as another type."""
    return isinstance(value.this if isinstance(value, exp.Cast) else value, exp.Column)


def keyed(digits: Sequence[Digit], named: Mapping[str, Sql]) -> Keyed | None:
    """Digits in two steps; None where there could be too many keys.

    `named` are the conditions that the digits call by name.
    """
    reading = _Reading(named)
    apart = tuple((digit[0], *(reading.apart(each) for each in digit[1:])) for digit in digits)
    parts = [_by_value(each) for each in reading.compared.values()]
    parts += [_by_itself(place, each) for each, place in reading.single.items()]
    decoded: dict[str, Sql] = {}
    place = 1
    for digit, outcomes in parts:
        value = binary(exp.Mod, binary(exp.IntDiv, column("key", KEYS), number(place)), number(len(digit)))
        decoded |= {name: worth(value) for name, worth in outcomes.items()}
        place *= len(digit)
    if place > MOST_KEYS:
        return None
    (key,) = packed([digit for digit, _ in parts]) or (number(0),)
    return Keyed(key, decoded, apart)


_Outcomes = dict[str, Callable[[Sql], Sql]]


def _by_value(compared: _Compared) -> tuple[Digit, _Outcomes]:
    """A digit for the value that a column has among those it is compared with."""
    asked, place = compared.column, compared.place
    found = [asked if value == YES else equal(asked, value) for value in compared.values]
    unknown = () if never_null(asked) else (is_unknown(asked),)
    outcomes = {
        f"{place}={index}": _outcome(index + 1, len(found) + len(unknown), bool(unknown)) for index in range(len(found))
    }
    if unknown:
        outcomes[f"{place}?"] = _is_digit(len(found) + 1)
    return (YES, *found, *unknown), outcomes


def _by_itself(place: int, condition: Sql) -> tuple[Digit, _Outcomes]:
    """A digit for a condition."""
    unknown = () if never_null(condition) else (is_unknown(condition),)
    return (YES, condition, *unknown), {f"s{place}": _outcome(1, 1 + len(unknown), bool(unknown))}


def _is_digit(worth: int) -> Callable[[Sql], Sql]:
    return lambda value: equal(value, number(worth))


def _outcome(worth: int, last: int, may_be_unknown: bool) -> Callable[[Sql], Sql]:
    """How a comparison came out, given its digit; the last value of the digit is unknown, if there is such a value."""
    unknown = _is_digit(last) if may_be_unknown else (lambda _: NO)
    return lambda value: case((unknown(value), UNKNOWN), otherwise=equal(value, number(worth)))
