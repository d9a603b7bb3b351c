"""Orders things by their dependence on one another, and finds circles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ordered:
    """Things by number, each after those it depends on, and the first circle found; empty if there is none.

    Within a circle, the thing that would precede itself is placed where it was met.
    """

    order: tuple[int, ...]
    circle: tuple[int, ...]


def in_order(rests_on: Sequence[Sequence[int]]) -> Ordered:
    """Order things, given for each the numbers of those it depends on.

    It does not recurse, so a long chain does no harm.

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
