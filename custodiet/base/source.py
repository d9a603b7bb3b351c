"""A document while it is read: its lines, places in them, the entries of its boxes, and its problems."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from custodiet.base.diagnostic import Diagnostic, by_code
from custodiet.base.errors import Problem, Span
from custodiet.base.table import physical_lines
from custodiet.base.text import one_form, quoted, unprintable

BYTE_ORDER_MARK = "\ufeff"
REMARK = re.compile(r"\s*(#|//|--\s|<!--)")
"""How comments begin in other languages; policy documents need no sign for them."""


def lines_of(text: str) -> list[str]:
    r"""The lines of a document, in one form of Unicode and without line ends; a byte order mark is skipped.

    >>> lines_of("\ufeff---\r\npolicy: a\n")
    ['---', 'policy: a']
    """
    return [line.rstrip("\r\n") for line in physical_lines(one_form(text.removeprefix(BYTE_ORDER_MARK)))]


EVERY_DOCUMENT = by_code(
    # The head
    Diagnostic("no_head", "syntax", "the document has no head", "begin the document with a line `---`, then lines `key: value`, then `---`"),
    Diagnostic("head_line", "syntax", "this is not a line of the head", "write `key: value`, such as `question: Who pays for this voucher?`"),
    Diagnostic("head_key", "syntax", "unknown key `{key}` in the head", note="the keys of a head are: {known}"),
    Diagnostic("head_key_empty", "syntax", "`{key}` has no value", "write the value after the colon"),
    Diagnostic("head_key_twice", "syntax", "`{key}` appears twice in the head", "delete one of the two lines"),
    Diagnostic("head_key_missing", "syntax", "the head has no `{key}`", "add a line `{key}: …`"),
    # Everywhere
    Diagnostic("unseen", "syntax", "the line contains {found}, which is invisible", "delete the character, or write what it is meant to say"),
    Diagnostic("remark_inside", "syntax", "a comment inside {where}", "move it outside the head and the boxes; there, all text that is not a quotation is a comment"),
    Diagnostic("line_loose", "syntax", "this line does not belong to any key", "begin it with a key at the left margin, or indent it below the line that it continues"),
)  # fmt: skip
"""The messages that apply to every document."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a document: its text, and the place of its first character."""

    text: str
    file: str
    lines: Sequence[str]
    line: int
    column: int

    def span(self, line: int, column: int, length: int) -> Span:
        """A place within this text, counted from 1, as a place in the document."""
        at = self.line + line - 1
        start = column + self.column - 1 if line == 1 else column
        return Span(self.file, at, start, max(1, length), self.lines[at - 1])

    @property
    def whole(self) -> Span:
        """The first line of this text."""
        return self.span(1, 1, len(self.text.partition("\n")[0]))

    def part(self, words: str) -> Span:
        """The place of the first occurrence of some words."""
        before = self.text[: self.text.index(words)]
        return self.span(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1, len(words))


class Source:
    """The lines of a document, and the problems found in them so far."""

    def __init__(self, lines: Sequence[str], file: str, sentences: Mapping[str, Diagnostic]) -> None:
        """Begin without problems; `sentences` are the reader's messages, by code."""
        self.lines, self.file, self._sentences = lines, file, EVERY_DOCUMENT | dict(sentences)
        self.problems: list[Problem] = []
        self.checkable = True
        """Whether everything that defines a name could be read; if not, checks would report names that exist."""

    def line(self, number: int, column: int = 1, length: int = 1) -> Span:
        """A place on a line; lines and columns count from 1."""
        text = self.lines[number - 1] if number <= len(self.lines) else ""
        return Span(self.file, number, column, max(1, length), text)

    def whole(self, number: int) -> Span:
        """All of a line."""
        return self.line(number, 1, len(self.lines[number - 1]))

    def cells(self, number: int) -> list[tuple[str, Span]]:
        """The cells of a table row, each with its place; a `|` after a backslash belongs to the cell."""
        line = self.lines[number - 1].rstrip()
        strokes = [match.start() for match in re.finditer(r"(?<!\\)\|", line)]
        edges = strokes if line.lstrip().startswith("|") else [-1, *strokes]
        edges = edges if line.endswith("|") else [*edges, len(line)]
        cells = []
        for start, end in pairwise(edges):
            text = line[start + 1 : end]
            column = start + 2 + len(text) - len(text.lstrip())
            cells.append((text.strip().replace("\\|", "|"), self.line(number, column, len(text.strip()))))
        return cells

    def say_unseen(self) -> None:
        """Report every line with an invisible character other than a tab."""
        for number, line in enumerate(self.lines, 1):
            found = unprintable(line.replace("\t", " "))
            if found:
                self.say("unseen", self.line(number, line.index(found) + 1), found=quoted(found))

    def text(self, words: str, number: int, column: int = 1) -> Text:
        """Some words that begin on a line, as a text with its place."""
        return Text(words, self.file, self.lines, number, column)

    def say(self, code: str, span: Span, hint: str = "", rules: tuple[str, ...] = (), **facts: str) -> None:
        """Report a problem."""
        self.problems.append(self._sentences[code].at(span, rules, hint, **facts))

    def lost(self, code: str, span: Span, hint: str = "", **facts: str) -> None:
        """Report a problem that hides names from the checks."""
        self.checkable = False
        self.say(code, span, hint, (), **facts)

    def entries(self, first: int, last: int) -> Iterator[tuple[int, str]]:
        """The entries of a box, each with its first line: a line at the margin and the indented ones after it."""
        number = first
        while number < last:
            start, line = number, self.lines[number - 1]
            number += 1
            if not line.strip():
                continue
            if REMARK.match(line):
                self.say("remark_inside", self.whole(start), where="a box")
            elif line[0].isspace():
                self.say("line_loose", self.whole(start))
                continue
            more = []
            while number < last and self.lines[number - 1][:1].isspace():
                more.append(self.lines[number - 1])
                number += 1
            if not REMARK.match(line):
                yield start, "\n".join([line, *more])
