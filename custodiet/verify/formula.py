"""What a figure on the page of an audit adds up, and over which rows of results.csv: as data, and as its sentence."""

from collections.abc import Sequence

Where = Sequence[Sequence[str]]
"""Conditions on a row, which all hold: column, `is`, `is not`, `has` or `is not empty`, value.

The column `answer` is the class of a row, or its outcome where it has none, marked if it is by hindsight.
"""

ADDS = {
    "amounts": "The sum of the amounts over every row of results.csv",
    "rows": "The number of rows of results.csv",
    "bounds": "The sums of `least` and of `greatest` over every row of results.csv",
}
"""What can be added up, with the beginning of the sentence that says so."""


def formula(adds: str, where: Where) -> str:
    """The sentence that says how a figure is made.

    >>> formula("amounts", [("outcome", "is", "owes"), ("payers", "has", "mayor")])
    'The sum of the amounts over every row of results.csv where `outcome` is owes and `payers` has mayor.'
    >>> formula("rows", [])
    'The number of rows of results.csv where there is one.'
    """
    return f"{ADDS[adds]} where {' and '.join(map(_in_words, where)) or 'there is one'}."


def _in_words(condition: Sequence[str]) -> str:
    column, verb, value = condition
    return f"{'the answer' if column == 'answer' else f'`{column}`'} {verb} {value}".rstrip()
