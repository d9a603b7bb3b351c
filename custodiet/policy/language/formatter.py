"""A policy document in its standard form: the words stay, the layout is always the same.

The head and the boxes have a fixed order of keys, alignment and line breaking; example tables have a fixed spacing of
cells. Quotations and commentary stay as they are, with one blank line between blocks.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from custodiet.base.errors import Refused
from custodiet.base.source import Source, lines_of
from custodiet.policy.language.boxes import CLAIM_KEYS, JUDGMENT_KEYS, KEYS
from custodiet.policy.language.diagnostics import READING
from custodiet.policy.language.document import HEAD_KEYS, read_document
from custodiet.policy.language.line_breaking import filled, in_lines

_KEYS = {"rule": tuple(KEYS), "judgment": tuple(JUDGMENT_KEYS), "claim": tuple(CLAIM_KEYS)}
"""The keys of each box, in the order in which they are written."""
_PROSE = ("cite", "asks", "of", "says")
"""The keys whose values are prose."""
_NUMBERS = ("exception to", "prevails over")
"""The keys whose values are rule numbers."""
_SPACE = re.compile("(?<!§) ")
"""Where prose may be broken: a section sign stays with its number."""


def formatted(text: str, file: str = "") -> str:
    """A policy document in its standard form; the policy read from it is the same.

    Raises Refused, with the problems, for a text that cannot be read as a policy.

    >>> formatted("no head", "seat-fare.md")
    Traceback (most recent call last):
        ...
    custodiet.base.errors.Refused: seat-fare.md: it has problems, so it is left as it is
    """
    read = read_document(text, file)
    if read.policy is None:
        raise Refused(f"{file}: it has problems, so it is left as it is", read.problems)
    source = Source(lines_of(text), file, READING)
    end = [line.rstrip() for line in source.lines].index("---", 1) + 1
    blocks = (_head(source.lines[:end]), *_body(source, end))
    written = "\n\n".join("\n".join(block) for block in blocks) + "\n"
    # Formatting must not change the law, so the result is read again before it is returned.
    if read_document(written, file).policy != read.policy:
        raise AssertionError(file)
    return written


def _head(lines: Sequence[str]) -> list[str]:
    values = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    if "rounding" in values:
        values["rounding"] = ", ".join(part.strip() for part in values["rounding"].split(","))
    keys = [key for key in HEAD_KEYS if key in values]
    column = max(map(len, keys)) + len(":  ")
    return ["---", *(f"{key}:".ljust(column) + values[key] for key in keys), "---"]


def _body(source: Source, start: int) -> Iterator[list[str]]:
    """The blocks of a document; anything other than a box or an example table is returned unchanged."""
    lines = source.lines
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join([""] * start + list(lines[start:])))
    done, in_examples = start, False
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        if token.level > 0 or token.map is None:
            continue
        first, last = token.map
        yield from _as_it_stands(lines[done:first])
        done = last
        if token.type == "heading_open" and following is not None:
            in_examples = following.content.strip() == "Examples"
        if token.type == "fence":
            yield _box(token, [entry for _, entry in source.entries(first + 2, last)])
        elif token.type == "table_open" and in_examples:
            yield [_row(line) for line in lines[first:last]]
        else:
            yield from _as_it_stands(lines[first:last])
    yield from _as_it_stands(lines[done:])


def _as_it_stands(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines without the blank ones before and after them; empty if all are blank."""
    full = [number for number, line in enumerate(lines) if line.strip()]
    if full:
        yield list(lines[full[0] : full[-1] + 1])


def _box(token: Token, entries: Sequence[str]) -> list[str]:
    name = token.info.split()[0]
    inside = _definitions(entries) if name == "define" else _keyed(_KEYS[name], entries)
    # What follows the box's name is the author's note; only after a tilde fence may it contain a backtick.
    fence = "~~~" if "`" in token.info else "```"
    return [fence + " ".join(token.info.split()), *inside, fence]


def _definitions(entries: Sequence[str]) -> Iterator[str]:
    """Named facts, their meanings aligned."""
    named = [(name.strip(), meaning) for name, _, meaning in (entry.partition("=") for entry in entries)]
    column = max((len(name) for name, _ in named), default=0)
    for name, meaning in named:
        yield from _beside(f"{name.ljust(column)} = ", in_lines(meaning, column + len(" = ")))


def _keyed(keys: Sequence[str], entries: Sequence[str]) -> Iterator[str]:
    """Keys in their order, their values aligned."""
    values = dict(_key_and_value(keys, entry) for entry in entries)
    column = max(map(len, values), default=0) + 2
    for key in sorted(values, key=keys.index):
        yield from _beside(key.ljust(column), _value(key, values[key], column) or [""])


def _key_and_value(keys: Sequence[str], entry: str) -> tuple[str, str]:
    for key in sorted(keys, key=len, reverse=True):
        match = re.match("[ \\t]+".join(key.split()) + r"(?=\s|$)", entry)
        if match is not None:
            return key, entry[match.end() :]
    raise AssertionError(entry)


def _value(key: str, text: str, column: int) -> list[str]:
    if key in _PROSE:
        return filled(_SPACE.split(" ".join(text.split())), column)
    if key in _NUMBERS:
        return [", ".join(re.findall(r"[^,\s]+", text))]
    if key == "in force":
        return [" .. ".join(part.strip() for part in text.split("..")).strip()]
    return in_lines(text, column)


def _beside(label: str, lines: Sequence[str]) -> Iterator[str]:
    """Lines with a label before the first."""
    for number, line in enumerate(lines):
        yield (f"{label}{line}" if number == 0 else " " * len(label) + line).rstrip()


def _row(line: str) -> str:
    """A row of a table with one space around each cell, so that a wider cell changes no other line."""
    strokes = [match.start() for match in re.finditer(r"(?<!\\)\|", line.rstrip())]
    cells = [line[start + 1 : end].strip() for start, end in zip([-1, *strokes], [*strokes, len(line)], strict=True)]
    cells = cells[1 if line.lstrip().startswith("|") else 0 : -1 if line.rstrip().endswith("|") else len(cells)]
    if all(re.fullmatch(":?-+:?", cell) for cell in cells):
        return "|" + "---|" * len(cells)
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"
