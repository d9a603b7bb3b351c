"""What a figure on the page of an audit adds up, and over which rows of results.csv: as data and as a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from custodiet.verify.canonical import parse
from custodiet.verify.quoting import Misread, named

_PARTS = 3
Where = Sequence[Sequence[str]]
"""Conditions on a row, which all hold: column, `is`, `is not`, `has` or `is not empty`, value.

The column `answer` is the class of a row, or its outcome where it has none, marked if it is by hindsight.
"""

ADDS = {
    "amounts": "The sum of the amounts over every row of results.csv",
    "rows": "The number of rows of results.csv",
    "bounds": "The sums of `least` and of `greatest` over every row of results.csv",
}
"""What can be added up, with the start of the sentence that says so."""


WITHOUT_WITHHELD = "without what is withheld: see section 12"
"""Printed beside every sum that the public reads."""
HANGS_ON = "What hangs on "
HANGING = "The number of rows of results.csv that are undetermined for want of what is asked for here."
"""How a figure is named and made that no condition on a row says: its rows are those that name it."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the four figures with which a report begins."""

    name: str
    adds: str
    where: Where


def key_figures(*, public: bool) -> tuple[KeyFigure, ...]:
    """What is questioned, what is at stake, what was decided, and what is undetermined, in the order of the page."""
    owes, is_open = ("outcome", "is", "owes"), ("outcome", "is", "undetermined")
    at_stake = KeyFigure("At stake in what is undetermined", "bounds", (is_open, ("asks_amount", "is", "yes")))
    if not public:
        return (
            KeyFigure("Questioned in all", "amounts", (owes,)),
            at_stake,
            KeyFigure("All results", "rows", ()),
            KeyFigure("Undetermined results", "rows", (is_open,)),
        )
    # The public's rows hold each amount by trip and again by payer.
    once = ("trip", "is not", "all trips")
    return (
        KeyFigure(f"Questioned, {WITHOUT_WITHHELD}", "amounts", (owes, once)),
        at_stake,
        KeyFigure("All rows", "rows", (("policy", "is not empty", ""),)),
        KeyFigure("Undetermined rows", "rows", (is_open,)),
    )


def name_by(where: Where) -> str:
    """The name of any other figure: the last value that its rows share.

    >>> name_by([("outcome", "is", "owes"), ("payers", "has", "mayor")])
    'mayor'
    """
    return next((value for _, verb, value in reversed(where) if verb in ("is", "has")), "")


def formula(adds: str, where: Where) -> str:
    """The formula of a figure as a sentence.

    >>> formula("amounts", [("outcome", "is", "owes"), ("payers", "has", "mayor")])
    'The sum of the amounts over every row of results.csv where `outcome` is owes and `payers` has mayor.'
    >>> formula("rows", [])
    'The number of rows of results.csv where there is one.'
    """
    return f"{ADDS[adds]} where {' and '.join(map(_in_words, where)) or 'there is one'}."


def read_where(text: str) -> Where:
    """Conditions as a page states them, in JSON; Misread for anything else.

    >>> read_where('[["outcome", "is", "owes"]]')
    [['outcome', 'is', 'owes']]
    """
    where = parse(text.encode())
    if not isinstance(where, list) or not all(map(_is_condition, where)):
        message = f"{named(text)} does not state conditions, each of a column, a verb and a value"
        raise Misread(message)
    return where  # type: ignore[return-value]


def _is_condition(each: object) -> bool:
    return isinstance(each, list) and len(each) == _PARTS and all(isinstance(part, str) for part in each)


def _in_words(condition: Sequence[str]) -> str:
    column, verb, value = condition
    return f"{'the answer' if column == 'answer' else f'`{column}`'} {verb} {value}".rstrip()
