"""Suggests rows that would show what no example shows yet: an example with one or two cells changed.

Each row is tried before it is suggested. Its author has to find the answer in the law.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice

from custodiet.base.dates import Days, is_in_calendar, shifted
from custodiet.base.errors import Problem
from custodiet.policy.analysis.plan import Named, Plan, Term, nodes_of
from custodiet.policy.analysis.types import WRONG, Sort, Sorting
from custodiet.policy.language.ast import Example, Literal, Path, Policy
from custodiet.policy.testing.criteria import Key, Showing, routes_of
from custodiet.policy.testing.examples import EXPECTED, imagine
from custodiet.records import NONE, UNKNOWN, cell

MOST_FOR_ONE = 200
"""How many rows are tried for one point; if none of them shows it, none is suggested."""
MOST_TRIED = 800
"""How many rows are tried for a policy."""

Change = tuple[str, str]
"""A column, and its changed value."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row close to an example: the example, and the changed cells."""

    like: Example
    changes: tuple[Change, ...]

    @property
    def cells(self) -> dict[str, str]:
        """The facts of the row, by column."""
        return {column: text for column, text, _ in self.like.cells if column not in EXPECTED} | dict(self.changes)

    @property
    def in_words(self) -> str:
        """The row, in words for the author.

        >>> Row(Example("a guest", ()), (("on_duty", "no"),)).in_words
        'a row like “a guest” with on_duty = no'
        """
        otherwise = " and ".join(f"{column} = {text}" for column, text in self.changes)
        return f"a row like “{self.like.title}” with {otherwise}"


def rows_that_show(
    wanted: Sequence[Key], showing: Showing, examples: Sequence[tuple[Example, frozenset[Key]]]
) -> dict[Key, Row]:
    """For each key, a row close to an example that shows it; each example comes with what it shows already.

    One change is tried before two, and examples that show something of the same rules before others.
    """
    columns = _Columns(showing, [example for example, _ in examples])
    found: dict[Key, Row] = {}
    tried = 0
    for key in wanted:
        related = _related(key, showing.policy)
        nearest = sorted(examples, key=lambda each: -len(each[1] & related))
        rows = _near(key, showing.plan, columns, [example for example, _ in nearest])
        for row in islice(rows, 0 if key in found else MOST_FOR_ONE):
            tried += 1
            for shown in _shown_in(row, showing, key).intersection(wanted):
                found.setdefault(shown, row)
            if key in found or tried == MOST_TRIED:
                break
        if tried == MOST_TRIED:
            break
    return found


def _shown_in(row: Row, showing: Showing, key: Key) -> frozenset[Key]:
    world = imagine(showing.policies, showing.policy.for_each, row.cells, showing.types)
    if world.problems:
        return frozenset()
    about_rules = key[0] == "period" or isinstance(key[1], int)
    return (showing.shown_of_rules if about_rules else showing.shown)(world.facts, world.record)


def _related(key: Key, policy: Policy) -> frozenset[Key]:
    """What an example close to showing a key shows: that the rule to be displaced decides, or this rule or its base."""
    displaced: tuple[object, ...] = key[2:] if key[0] in ("exception", "rank") else ()
    own = [policy.versions[number] for number in key[1:2] if isinstance(number, int) and not displaced]
    rules = {*displaced, *(base for version in own for base in version.exception_to)}
    near = (version in own or version.rule in rules for version in policy.versions)
    return frozenset(("rule", number) for number, is_near in enumerate(near) if is_near)


def _near(key: Key, plan: Plan, columns: "_Columns", examples: Sequence[Example]) -> Iterator[Row]:
    """Rows that differ from an example in columns on which a key turns: first one column, then two."""
    asked = dict.fromkeys(f".{path}" for path in _asked_by(key, plan))
    turning = dict.fromkeys(column for path in asked for column in columns.sorts if f".{column}".endswith(path))
    # A named fact is computed only if no column states it.
    stated = f".{key[2]}" if key[0] in ("definition", "condition") and isinstance(key[1], str) else None
    good = [each for each in examples if not any(f".{name}".endswith(stated or "..") for name, _, _ in each.cells)]
    changes = [[(column, text) for column in turning for text in columns.texts(column, each)] for each in good]
    yield from (Row(each, (change,)) for each, own in zip(good, changes, strict=True) for change in own)
    for each, own in zip(good, changes, strict=True):
        yield from (Row(each, (one, other)) for one, other in combinations(own, 2) if one[0] != other[0])


def _asked_by(key: Key, plan: Plan) -> Iterator[str]:
    """The paths on which a key turns: in the condition of a version and of what is around it, or in a named fact."""
    if key[0] == "judgment":
        yield str(key[2])
    defined = {plan.defined(each): (each.type, each.name) for each in plan.policy.definitions}
    terms: list[Term] = [each.meaning for each, name in defined.items() if key[1:3] == name]
    for own in (plan.versions[number] for number in key[1:2] if isinstance(number, int)):
        around = [other for other in plan.versions if other.version.rule in own.version.exception_to]
        terms += [each.when for each in (own, *around) if each.when is not None]
    for term in terms:
        yield from map(str, routes_of(term))
        named = {node.defined for node in nodes_of(term) if isinstance(node, Named)}
        terms += [each.meaning for each in defined if each in named and each.meaning not in terms]
    yield str(plan.policy.on)


class _Columns:
    """The values that the columns of a policy's examples can have."""

    def __init__(self, showing: Showing, examples: Sequence[Example]) -> None:
        """Find the columns, written or only asked about, and the sort of each."""
        self._plan, self._examples = showing.plan, examples
        policy = self._plan.policy
        conditions = [planned.when for planned in self._plan.versions if planned.when is not None]
        asked = [str(policy.on), *(str(route) for each in conditions for route in routes_of(each))]
        self._terms: list[Term] = [*conditions, *(self._plan.defined(each).meaning for each in policy.definitions)]
        written = [column for each in examples for column, _, _ in each.cells]
        # Problems of expressions have been reported by the check.
        unsaid: list[Problem] = []
        sorting = Sorting(self._plan.names, unsaid.append)
        columns = dict.fromkeys((*written, *asked))
        sorts = {name: sorting.sort(Path(tuple(name.split("."))), self._plan.asked) for name in columns}
        self.sorts = {name: sort for name, sort in sorts.items() if sort != WRONG}

    def texts(self, column: str, example: Example) -> tuple[str, ...]:
        """The values a column could have instead of its value in an example.

        These are the values of its list and those named by the rules; for a date or a number, the example's values of
        that sort, and one less and one more, which can turn a comparison; for other values, those of other examples.
        """
        sort = self.sorts[column]
        texts = [*_allowed(sort), *self._named(sort)]
        if sort.name in STEPPED:
            held = [
                text for name, text, _ in example.cells if name in self.sorts and self.sorts[name].name == sort.name
            ]
            texts += [stepped for text in [*held, *texts] for stepped in (text, *_stepped(text, sort))]
        elif not sort.values:
            texts += [text for each in self._examples for name, text, _ in each.cells if name == column]
        return tuple(dict.fromkeys(texts))

    def _named(self, sort: Sort) -> Iterator[str]:
        """The values of a sort that the rules name, and for a date the ends of their periods."""
        for node in (node for term in self._terms for node in nodes_of(term)):
            match node:
                case Literal(Days() as days) if sort.name == "date":
                    yield str(days)
                case Literal(Fraction() as number) if sort.name in STEPPED[1:]:
                    yield cell(number)
                case Literal(str() as text) if sort.name == "text" or sort.refers:
                    yield text
                case _:
                    continue
        if sort.name == "date":
            ends = (end for days in self._plan.stretches_in() for end in (days.first, days.last))
            yield from (str(end) for end in ends if end is not None and is_in_calendar(end))


STEPPED = ("date", "number", "days", "money")


def _allowed(sort: Sort) -> Iterator[str]:
    """The values that a type lists."""
    if sort.name == "condition":
        yield from ("yes", "no")
    yield from sort.values
    if sort.may_be_none:
        yield NONE.value


def _stepped(text: str, sort: Sort) -> Iterator[str]:
    """One less and one more."""
    if sort.name == "date" and text not in (NONE.value, UNKNOWN.value):
        days = Days.read(text)
        if days.known:
            yield from (str(day) for step in (-1, 1) if is_in_calendar(day := shifted(days.day, step)))
    elif sort.name in STEPPED[1:] and text.isdecimal():
        yield from (str(int(text) + step) for step in (-1, 1))
