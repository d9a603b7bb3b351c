"""Lays out the text of a box in lines: fixed spacing, and one way of breaking long lines.

It works on the author's words, so that `a > b` stays `a > b` and brackets stay in place.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

WIDTH = 120
"""The length of a line in characters, as far as it can be broken."""

_WORD = re.compile(r"'[^'\n]*'|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+(?:\.[0-9]+)?|\w+|[<>!]=|\S")
_BEFORE_BRACKET = ("and", "or", "not", "in", "where", "of", "for", "on", "owes", "from")
"""Words after which a bracket opens a part of an expression; any other word before a bracket is a function."""
_BREAKS = (("for", "on"), (",",), ("from",), ("where",), ("or",), ("and",), ("+", "-"), ("*", "/"))
"""The words at which a line is broken, loosest first. A line begins with the word; a comma ends it."""
_DEEPER = 2
"""The indentation of a part that is broken again."""


def in_lines(text: str, column: int) -> list[str]:
    """An expression, a debt or an outcome as lines, of which all but the first begin in the same column.

    Lines are broken only where the text does not fit behind `column`, at the loosest words first: at every comma
    between shares, at every `or`, at every `and`.

    >>> in_lines("purpose in('personal','political')and not  on_duty", 14)
    ["purpose in ('personal', 'political') and not on_duty"]
    >>> print(*in_lines("leg.purpose = 'personal' and leg.departed_on >= leg.certified_on", 80), sep=chr(10))
    leg.purpose = 'personal'
    and leg.departed_on >= leg.certified_on
    """
    return _set(_WORD.findall(text), column, 0)


def filled(words: Sequence[str], column: int) -> list[str]:
    """Words filled into lines.

    >>> filled("the Model Code, article 4, paragraph 2".split(), 100)
    ['the Model Code,', 'article 4, paragraph', '2']
    """
    lines = list(words[:1])
    for word in words[1:]:
        if column + len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _set(words: Sequence[str], column: int, deeper: int) -> list[str]:
    """Words filled into lines; those after the first are indented."""
    whole = _on_one_line(words)
    if column + len(whole) <= WIDTH:
        return [whole]
    for looser in _BREAKS:
        parts = _parted(words, looser)
        if len(parts) > 1:
            first = _set(parts[0], column, _DEEPER)
            others = [line for part in parts[1:] for line in _set(part, column + deeper, _DEEPER)]
            return [*first, *(" " * deeper + line for line in others)]
    return _within_brackets(words, column) or [whole]


def _within_brackets(words: Sequence[str], column: int) -> list[str]:
    """The lines after breaking inside the longest pair of brackets; empty if there are no brackets."""
    pairs = _outer_brackets(words)
    if not pairs:
        return []
    start, end = max(pairs, key=lambda pair: len(_on_one_line(words[pair[0] : pair[1]])))
    before, inside = _on_one_line(words[: start + 1]), words[start + 1 : end]
    inner = column + len(before)
    listed = start > 0 and words[start - 1] == "in"
    lines = (
        filled([_on_one_line(each) for each in _parted(inside, (",",))], inner) if listed else _set(inside, inner, 0)
    )
    first, *others = [*lines[:-1], f"{lines[-1]}{_on_one_line(words[end:])}"]
    return [before + first, *(" " * len(before) + line for line in others)]


def _outer_brackets(words: Sequence[str]) -> list[tuple[int, int]]:
    """The positions of the outermost pairs of brackets."""
    pairs, open_at = [], list[int]()
    for place, word in enumerate(words):
        if word == "(":
            open_at.append(place)
        elif word == ")":
            start = open_at.pop()
            if not open_at:
                pairs.append((start, place))
    return pairs


def _parted(words: Sequence[str], at: Sequence[str]) -> list[Sequence[str]]:
    """The parts that begin with certain words or end with a comma; text in brackets is not split."""
    covered = {place for start, end in _outer_brackets(words) for place in range(start, end)}
    inside = range(1, len(words) - 1)
    places = [place for place in inside if words[place] in at and place not in covered]
    cuts = [0, *(place + 1 if words[place] == "," else place for place in places), len(words)]
    return [words[start:end] for start, end in pairwise(cuts)]


def _on_one_line(words: Sequence[str]) -> str:
    """Words with one space between them, but none inside brackets, around a point, or before a comma."""
    line = ""
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        glued = (
            word in (")", ",", ".")
            or before in ("", "(", ".")
            or (word == "(" and before.isidentifier() and before not in _BEFORE_BRACKET)
        )
        line += word if glued else f" {word}"
    return line
