"""Groups rows by the outcomes of a policy's tests, before its rules are evaluated: the key of a row.

A policy tests a few facts in many rules. A key holds the outcomes of its tests for a row, as the digits of one small
number; several tests of one value share a digit. Everything composed of tests (conditions, what covers, what is open)
is compiled over the table of keys, in which tests are looked up, and so is computed once per key, not per row.

There are also digits for the days on which versions come into force and end, and for the marks of amounts and payers.
A mark that has to be computed stays with the rules that need it, so that no row computes it in vain.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from custodiet.bulk.sql.joins import spelled_out
from custodiet.bulk.sql.outcomes import Outcomes
from custodiet.bulk.sql.syntax import (
    UNKNOWN,
    YES,
    Digit,
    Sql,
    binary,
    both,
    case,
    column,
    constant,
    equal,
    is_unknown,
    never_null,
    number,
    opposite,
    or_no,
    packed,
)

MOST_KEYS = 2**22
"""Above this number of possible keys, rows are grouped by signature directly, since each row might have its own key."""

KEYS = "k"
"""The alias of the table of keys."""

_COMPUTING = (exp.Mul, exp.IntDiv, exp.Add, exp.Sub)


@dataclass(frozen=True, slots=True)
class Keyed:
    """Digits of a signature in two steps: a key for each row, and the digits for each key."""

    key: Sql
    """Over the rows."""
    decoded: Mapping[str, Sql]
    """By name: how each test turned out, over the table of keys, whose column is called `key`."""
    digits: tuple[Digit, ...]
    """Over the tests."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A digit of the key, by the tests of which at most one holds, each with the name it is looked up by."""

    tests: Mapping[str, Sql]
    unknown: Sql | None
    """Whether they are unknown; None if they never are."""

    @property
    def digit(self) -> Digit:
        """Over the rows."""
        return (YES, *self.tests.values(), *(() if self.unknown is None else (self.unknown,)))

    def decoded(self, value: Sql) -> Iterator[tuple[str, Sql]]:
        """How each test turned out, given the digit."""
        for place, name in enumerate(self.tests, 1):
            holds = equal(value, number(place))
            open_ = None if self.unknown is None else equal(value, number(len(self.tests) + 1))
            yield name, holds if open_ is None else case((open_, UNKNOWN), otherwise=holds)


class Key(Outcomes):
    """The key of the rows of a frame: every test is looked up in it."""

    def __init__(self, named: Mapping[str, Sql]) -> None:
        """Look nothing up yet; `named` are the conditions that others call by name."""
        self._named = named
        self._names: dict[Sql, str] = {}
        self._tests: dict[str, Sql] = {}
        self._about: dict[object, list[str]] = {}

    def of(self, test: Sql, about: object = None) -> Sql:
        """A test as a look-up of its outcome; anything composed of tests stays unchanged."""
        if isinstance(test, exp.Not):
            return opposite(self.of(test.this.unnest(), about))
        if constant(test) or _looked_up(spelled_out(test, self._named, {})):
            return test
        return self._look_up(self._in_rows(test), about)

    def mark(self, test: Sql) -> Sql:
        """What matters only where a rule asks for it: looked up, or if it has to be computed, left with those rules."""
        return test if any(self._in_rows(test).find_all(*_COMPUTING)) else self.of(test)

    def keyed(self, digits: Sequence[Digit]) -> Keyed | None:
        """Digits in two steps; None where there could be too many keys."""
        over_keys = tuple(self._over_keys(digit) for digit in digits)
        asked = {each.name for digit in over_keys for part in digit for each in part.find_all(exp.Column)}
        decoded: dict[str, Sql] = {}
        parts = [part for part in self._parts(asked) if part.tests]
        place = 1
        for part in parts:
            worth = len(part.digit)
            value = binary(exp.Mod, binary(exp.IntDiv, column("key", KEYS), number(place)), number(worth))
            decoded |= part.decoded(value)
            place *= worth
        if place > MOST_KEYS:
            return None
        (key,) = packed([part.digit for part in parts]) or (number(0),)
        return Keyed(key, decoded, over_keys)

    def _over_keys(self, digit: Digit) -> Digit:
        """A digit over the table of keys; one that asks more of a row than tests is a digit of the key itself."""
        whole = [spelled_out(each, self._named, {}) for each in digit[1:]]
        if all(map(_looked_up, whole)):
            return (digit[0], *whole)
        rows = [or_no(self._in_rows(each)) for each in digit[1:]]
        first = tuple(both(each, *map(opposite, rows[:place])) for place, each in enumerate(rows))
        return (digit[0], *(self._look_up(each, first) for each in first))

    def _look_up(self, test: Sql, about: object) -> Sql:
        """A test over the rows, by the name under which it is found in the table of keys."""
        if test not in self._names:
            self._names[test] = name = f"{len(self._names)}"
            self._tests[name] = test
            self._about.setdefault(name if about is None else about, []).append(name)
        return column(self._names[test], KEYS, known=never_null(test))

    def _parts(self, asked: set[str]) -> Iterator[_Part]:
        """The digits of the key for the tests that are asked."""
        for names in self._about.values():
            tests = {name: self._tests[name] for name in names if name in asked}
            open_ = next((is_unknown(test) for test in tests.values() if not never_null(test)), None)
            yield _Part(tests, open_)

    def _in_rows(self, condition: Sql) -> Sql:
        """A condition over the rows, with nothing in it called by name or looked up."""

        def asked(node: exp.Expr) -> exp.Expr:
            looked_up = isinstance(node, exp.Column) and node.table == KEYS
            return exp.Paren(this=self._tests[node.name].copy()) if looked_up else node

        return spelled_out(condition, self._named, {}).transform(asked, copy=False)


def _looked_up(condition: Sql) -> bool:
    """Whether a condition is made of tests that are looked up, and of nothing else of a row."""
    return all(each.table == KEYS for each in condition.find_all(exp.Column))
