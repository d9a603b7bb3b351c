"""Problems that say where, what, what was expected and what to do; and the ways in which a command cannot go on.

Data and problems come back together; an exception is for a call that cannot go on.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: file, line and column from 1, and how many characters it covers."""

    file: str
    line: int
    column: int = 1
    length: int = 1
    text: str = ""
    """The whole line, so that it can be shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a document or table that a person must mend.

    `kind` is one of the contract's words (DESIGN §8): syntax, name, type, cycle, period, example …
    """

    kind: str
    message: str
    span: Span
    expected: str = ""
    hint: str = ""
    policy: str = ""
    rules: tuple[str, ...] = ()
    example: tuple[tuple[str, str], ...] = ()
    code: str = ""
    """The name of the message, the same in every version of the program."""

    def shown(self) -> str:
        """The problem as a good compiler prints it.

        >>> place = Span("seat-fare.md", 50, 11, 4, "when       roel = 'crew'")
        >>> print(Problem("name", "unknown field `roel`", place, hint="did you mean `role`?").shown())
        seat-fare.md:50: unknown field `roel`
           50 | when       roel = 'crew'
              |           ^^^^
           did you mean `role`?
        """
        lines = [f"{self.span.file}:{self.span.line}: {self.message}"]
        if self.span.text:
            number = f"{self.span.line:>5}"
            room = max(1, len(self.span.text) - self.span.column + 1)
            before = "".join("\t" if each == "\t" else " " for each in self.span.text[: self.span.column - 1])
            marks = before.ljust(self.span.column - 1) + "^" * max(1, min(self.span.length, room))
            lines += [f"{number} | {self.span.text}", f"{' ' * len(number)} | {marks}"]
        lines += [f"   {line}" for line in (self.expected, self.hint) if line]
        return "\n".join(lines)


class Refused(Exception):  # noqa: N818 - it names the outcome: the input was refused (exit code 3)
    """The input cannot be used as it is; the message says why and what to do."""

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        """Keep the problems, so that a caller can print or list them."""
        super().__init__(message)
        self.problems = tuple(problems)


class Stopped(Refused):
    """The machine cannot go on, as where a disk is full; the message says what to do before running it again."""


class WrongCall(Exception):  # noqa: N818 - it names the outcome: the call was wrong (exit code 2)
    """The command was called in a way it cannot follow; the message says what it takes."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word, or nothing.

    >>> did_you_mean("certified_at", ["certified_on", "departed_on"])
    'did you mean `certified_on`?'
    """
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean `{close[0]}`?" if close else ""
