"""Problems that say what is wrong, where, and what to write instead; and the ways in which a command can end early.

Readers return data and problems together; an exception is for a call that cannot continue.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from custodiet.base.text import bounded, printable, written_out

_LONGEST_LINE = 160
"""How many characters of a long line are shown around the place of a problem."""
_LONGEST_MESSAGE = 600


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: file, line and column from 1, and how many characters it covers."""

    file: str
    line: int
    column: int = 1
    length: int = 1
    text: str = ""
    """The whole line, for display."""

    def shown(self) -> tuple[str, str]:
        r"""The line, or the part of it around the place, and a second line that underlines the place.

        >>> Span("a.csv", 1, 4, 1, "id\tx\x1b").shown()
        ('id x\\x1b', '   ^')
        """
        begin = max(0, self.column - 1 - _LONGEST_LINE // 3) if len(self.text) > _LONGEST_LINE else 0
        end = begin + _LONGEST_LINE
        at = max(begin, self.column - 1)
        after = max(at + 1, min(at + self.length, len(self.text), end))
        parts = (self.text[begin:at], self.text[at:after], self.text[after:end])
        before, under, rest = (written_out(part.replace("\t", " ")) for part in parts)
        before, rest = f"{'…' if begin else ''}{before}", f"{rest}{'…' if end < len(self.text) else ''}"
        before = before.ljust(self.column - 1 - begin)
        return f"{before}{under}{rest}".rstrip(), " " * len(before) + "^" * max(1, len(under))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a document or table that a person must correct.

    `kind` is one of the contract's words (DESIGN §8): syntax, name, type, cycle, period, example …
    `note` holds lines of facts that one needs to see; `help` is what to write instead.
    """

    kind: str
    message: str
    span: Span
    note: str = ""
    help: str = ""
    policy: str = ""
    rules: tuple[str, ...] = ()
    example: tuple[tuple[str, str], ...] = ()
    code: str = ""
    """The name of the message, the same in every version of the program."""

    def shown(self) -> str:
        """The problem as the terminal shows it.

        >>> place = Span("seat-fare.md", 50, 11, 4, "when       roel = 'crew'")
        >>> print(Problem("name", "unknown field `roel`", place, help="did you mean `role`?").shown())
        seat-fare.md:50: unknown field `roel`
           50 | when       roel = 'crew'
              |           ^^^^
           help: did you mean `role`?
        """
        message = written_out(bounded(self.message, _LONGEST_MESSAGE))
        lines = [f"{written_out(self.span.file)}:{self.span.line}: {message}"]
        if self.span.text:
            number = f"{self.span.line:>5}"
            line, marks = self.span.shown()
            lines += [f"{number} | {line}", f"{' ' * len(number)} | {marks}"]
        lines += [f"   {line}" for line in self.note.splitlines() if line]
        lines += [f"   help: {self.help}"] if self.help else []
        return printable("\n".join(lines))


class Refused(Exception):  # noqa: N818 - it names the outcome: the input was refused (exit code 3)
    """The input cannot be used as it is; the message says why, and what to do."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        """Keep the problems, so that a caller can print or list them."""
        super().__init__(message)
        self.problems = tuple(problems)


class Stopped(Refused):
    """The machine cannot continue, as when a disk is full; the message says what to do before the next run."""


class WrongCall(Exception):  # noqa: N818 - it names the outcome: the call was wrong (exit code 2)
    """The command was called with arguments it does not accept; the message says which ones it accepts."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that offers the nearest known word, or an empty text.

    >>> did_you_mean("certified_at", ["certified_on", "departed_on"])
    'did you mean `certified_on`?'
    """
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean `{close[0]}`?" if close else ""
