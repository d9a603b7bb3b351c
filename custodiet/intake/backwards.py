"""Dates that run backwards: a record that ended before it began was written down wrongly, whoever wrote it."""

from collections.abc import Mapping

from custodiet.base.dates import Days, before
from custodiet.base.truth import Truth
from custodiet.records import RecordType, Value, cell

Backwards = tuple[str, str, str]
"""The field that says when a record ended, what it holds, and what was expected."""


def backwards(definition: RecordType, values: Mapping[str, Value]) -> Backwards | None:
    """What is wrong if a record surely ended before it began; None if it did not, or nobody can tell.

    >>> from custodiet.records import TYPES
    >>> trip = {"departed_on": Days.read("2024-03-05"), "returned_on": Days.read("2024-03-01")}
    >>> backwards(TYPES["trip"], trip)
    ('returned_on', '2024-03-01', 'a date that is not before departed_on, 2024-03-05, was expected')
    >>> backwards(TYPES["trip"], {**trip, "departed_on": Days.read("2024-03")})
    """
    if not definition.dated_by:
        return None
    began, ended = definition.dated_by[0], definition.dated_by[-1]
    first, last = values.get(began), values.get(ended)
    if isinstance(first, Days) and isinstance(last, Days) and before(last, first) is Truth.YES:
        return ended, cell(last), f"a date that is not before {began}, {cell(first)}, was expected"
    return None
