"""Answering a question about facts that may not be known: by trying everything they could be."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from dockets.make.city import CODE_IN_FORCE, cents
from dockets.make.state import UNKNOWN

YES_OR_NO = (True, False)
EITHER_SIDE = ("2024-01-05", "2024-01-20", "2024-02-10", "2024-03-05", "2024-04-10")
"""Days: one before the Code, and some on each side of later changes."""


@dataclass(frozen=True)
class Answer:
    """The answer to one question for one record."""

    outcome: str
    debts: tuple[tuple[str, int], ...] = ()
    """Who owes how many cents."""
    classified: str = ""
    because: str = ""

    @property
    def said(self) -> tuple[str, tuple[tuple[str, int], ...], str]:
        """Everything but the reason."""
        return self.outcome, self.debts, self.classified


def no_rule() -> Answer:
    """Nothing was in force."""
    return Answer("no rule", because="before the Code was in force")


def nothing(because: str) -> Answer:
    """Nothing is due."""
    return Answer("nothing due", because=because)


def owes(because: str, *debts: tuple[str, int]) -> Answer:
    """Somebody owes something; a debt of zero is none."""
    due = tuple((payer, owed) for payer, owed in debts if owed)
    return Answer("owes", tuple(sorted(due)), because=because) if due else nothing(because)


def permitted(because: str) -> Answer:
    """It is within the rules."""
    return Answer("permitted", because=because)


def forbidden(because: str) -> Answer:
    """It is outside the rules."""
    return Answer("forbidden", because=because)


def classified(as_what: str, because: str) -> Answer:
    """It belongs to a class."""
    return Answer("classified", classified=as_what, because=because)


def settle(question: Callable[..., Answer], **facts: Iterable[Any]) -> Answer:
    """The answer that all possible facts give; undetermined, naming the facts it turns on, if they give several."""
    choices = {name: tuple(values) for name, values in facts.items()}
    answers = {way: question(**dict(zip(choices, way, strict=True))) for way in product(*choices.values())}
    first, *others = answers.values()
    if all(other.said == first.said for other in others):
        return first
    turning = [name for place, name in enumerate(choices) if _turns_on(place, answers)]
    return Answer("undetermined", because=f"not known: {', '.join(turning)}".replace("_", " "))


def _turns_on(place: int, answers: Mapping[tuple[Any, ...], Answer]) -> bool:
    by_rest: dict[tuple[Any, ...], set[object]] = {}
    for way, answer in answers.items():
        by_rest.setdefault(way[:place] + way[place + 1 :], set()).add(answer.said)
    return any(len(said) > 1 for said in by_rest.values())


def values(cell: str, possible: Sequence[str]) -> tuple[str, ...]:
    """What a cell says, or everything it could say if it says nothing."""
    return tuple(possible) if cell == UNKNOWN else (cell,)


def yes_no(cell: str) -> tuple[bool, ...]:
    """The same for yes and no."""
    return YES_OR_NO if cell == UNKNOWN else (cell == "yes",)


def amounts(cell: str) -> tuple[int, ...]:
    """The same for money: an unknown sum may be nothing, little or much."""
    return (0, 5000, 90001) if cell == UNKNOWN else (cents(cell),)


def days(cell: str) -> tuple[date, ...]:
    """The same for a date, which may be known to a period."""
    if cell == UNKNOWN:
        return tuple(map(date.fromisoformat, EITHER_SIDE))
    first, _, last = cell.partition("/")
    begins, ends = date.fromisoformat(first), date.fromisoformat(last or first)
    return tuple(begins + timedelta(days=n) for n in range((ends - begins).days + 1))


def before_the_code(when: date) -> bool:
    """Whether nothing was in force."""
    return when < CODE_IN_FORCE
