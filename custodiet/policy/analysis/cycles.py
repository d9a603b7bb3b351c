"""In what order things that rest on one another come, and whether some rest on themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ordered:
    """Things by number, each after those it rests on, and the first circle that was met; empty if there is none.

    In a circle, what would come before itself comes where it was met.
    """

    order: tuple[int, ...]
    circle: tuple[int, ...]


def in_order(rests_on: Sequence[Sequence[int]]) -> Ordered:
    """Put things in order, given for each the numbers of those it rests on.

    However long a chain is, this goes no deeper than itself.

    >>> in_order([[1], [2], []])
    Ordered(order=(2, 1, 0), circle=())
    >>> in_order([[1], [0], [2]]).circle
    (0, 1)
    """
    order: list[int] = []
    circle: tuple[int, ...] = ()
    met: set[int] = set()
    for start in range(len(rests_on)):
        trail: dict[int, Iterator[int]] = {} if start in met else {start: iter(rests_on[start])}
        met.add(start)
        while trail:
            here = next(reversed(trail))
            onward = next(trail[here], None)
            if onward is None:
                order.append(here)
                del trail[here]
            elif onward in trail:
                on_it = list(trail)
                circle = circle or tuple(on_it[on_it.index(onward) :])
            elif onward not in met:
                met.add(onward)
                trail[onward] = iter(rests_on[onward])
    return Ordered(tuple(order), circle)
