"""The only way a command prints: whatever a text from a file contains, it cannot write lines of its own."""

import sys
from typing import TextIO

from custodiet.base.text import printable


def say(text: str, *, end: str = "\n", file: TextIO | None = None, flush: bool = False) -> None:
    r"""Print some lines, on stdout unless `file` is given; control and direction characters in them are written out.

    >>> say("seat-3\x1b[2K\rseat-9: nothing due")
    seat-3\x1b[2K\rseat-9: nothing due
    """
    print(printable(text), end=end, file=file or sys.stdout, flush=flush)
