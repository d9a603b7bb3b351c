"""The one door through which a command prints: whatever a text from a file holds, only lines of ours come out of it."""

import sys
from typing import TextIO

from custodiet.base.text import printable


def say(text: str, *, end: str = "\n", file: TextIO | None = None, flush: bool = False) -> None:
    r"""Print some lines, with every control and every change of direction in them written out; on stdout unless said.

    >>> say("seat-3\x1b[2K\rseat-9: nothing due")
    seat-3\x1b[2K\rseat-9: nothing due
    """
    print(printable(text), end=end, file=file or sys.stdout, flush=flush)
