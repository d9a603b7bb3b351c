"""What stdout and stderr can say: any text, on any terminal, and UTF-8 where another program reads it."""

import io
import os
import sys
from typing import TextIO

from custodiet.base.errors import Stopped


def speak_to_any_terminal() -> None:
    r"""Have a character that a terminal cannot show written out (`\xf6`) where it would end the command.

    Raises Stopped where there is no stdout at all: an answer that nobody can get is not given.
    """
    if sys.stdout is None:
        message = "stdout is closed, so there is nowhere to put the answer; open it, or name a file with `>`"
        raise Stopped(message)
    if sys.stderr is None:  # `print` would take it for stdout, and put notes among the answer
        sys.stderr = io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def speak_data() -> None:
    """Write JSON and CSV in UTF-8 whatever the terminal can show (RFC 8259, section 8.1)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def drop_output(stream: TextIO) -> None:
    """Let go of a stream that cannot be written: Python would complain once more when it closes it."""
    try:
        stream.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
