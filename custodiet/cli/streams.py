"""The encoding of stdout and stderr: any text can be printed on any terminal, and other programs get UTF-8."""

import io
import os
import sys
from typing import TextIO

from custodiet.base.errors import Stopped


def speak_to_any_terminal() -> None:
    r"""Write out characters that the terminal cannot show (as `\xf6`); otherwise they would end the command.

    Raises Stopped if there is no stdout at all, since nobody could read the answer.
    """
    if sys.stdout is None:
        message = "stdout is closed, so there is nowhere to put the answer; open it, or name a file with `>`"
        raise Stopped(message)
    if sys.stderr is None:  # `print` would write to stdout instead, and mix notices into the answer
        sys.stderr = io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def speak_data() -> None:
    """Write JSON and CSV in UTF-8, whatever the terminal can show (RFC 8259, section 8.1)."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def drop_output(stream: TextIO) -> None:
    """Give up a stream that cannot be written; Python would otherwise complain again when it closes the stream."""
    try:
        stream.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
