"""Reads every file from outside: regular files only, and documents of limited size and depth.

A named pipe, a socket or a device may never end; it is refused before a byte is read.
"""

import errno
import os
import shutil
import stat
import tomllib
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path

from custodiet.base.text import quoted

_KINDS = (
    (stat.S_ISDIR, "it is a folder"),
    (stat.S_ISFIFO, "it is a named pipe"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISCHR, "it is a device"),
    (stat.S_ISBLK, "it is a device"),
)


SMALL = 64 * 2**20
"""How many bytes a settings file, a document or a list may have (64 MiB)."""
LARGE = 2 * 2**30
"""How many bytes a table of records may have (2 GiB)."""
WHOLE = 2**32 - 1
"""How many bytes an exhibit or an archive may have: what a zip file can state of one."""


_INSTEAD = "copy its content into a regular file and name that"


class TooLarge(OSError):  # noqa: N818 - it names what is wrong
    """A file is too large for its purpose; `strerror` gives its size and the limit."""


class NotAFile(OSError):  # noqa: N818 - it names what is wrong
    """What lies at a path is not a regular file; `strerror` says what it is."""


def open_file(path: Path) -> BufferedReader:
    """A regular file, opened to be read; OSError, of which NotAFile is one kind, if there is none.

    It is opened without waiting (POSIX `open`, O_NONBLOCK) and looked at before it is read, so that nothing can be put
    in its place in between.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as wrong:
        if wrong.errno == errno.ENXIO:  # A socket cannot even be opened.
            raise NotAFile(None, f"{_kind(path.stat().st_mode)}; {_INSTEAD}", str(path)) from wrong
        raise
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise NotAFile(None, f"{_kind(mode)}; {_INSTEAD}", str(path))
    return os.fdopen(handle, "rb")


def read_file(path: Path, most: int = SMALL) -> bytes:
    """The bytes of a regular file; OSError as `open_file`, and TooLarge for more than `most`, before a byte is read."""
    with open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise TooLarge(None, f"it has {size:,} bytes, and at most {most:,} are read of such a file", str(path))
        return file.read()


def write_file(path: Path, content: bytes) -> None:
    """Write a file atomically, new or in place of another: if it fails, the old file stays.

    It is written beside its place and moved into it (POSIX `rename`). A link is followed, and the permissions of a
    replaced file are kept. OSError where it cannot be written; NotAFile where something else than a file is in the
    way.
    """
    place = resolved(path)
    staged = place.with_name(f".{place.name}.{os.getpid()}.new")
    if place.exists() and not place.is_file():
        raise NotAFile(None, f"{_kind(place.stat().st_mode)}; name a new file, or one to be replaced", str(path))
    try:
        with staged.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, staged)
        staged.replace(place)
    finally:
        staged.unlink(missing_ok=True)


def _kind(mode: int) -> str:
    return next((told for is_kind, told in _KINDS if is_kind(mode)), "it is not a file")


def resolved(path: Path) -> Path:
    """The path without links; OSError where links lead in a circle, as in every version of Python from 3.13 on."""
    try:
        return path.resolve()
    except RuntimeError as circle:
        raise NotAFile(None, "its links lead in a circle; put the file itself there", str(path)) from circle


def is_text(name: str) -> bool:
    r"""Whether the name of a file is text: Python reads a name that is not UTF-8 as lone surrogates.

    >>> is_text("josé.csv"), is_text("jos\udce9.csv")
    (True, False)
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_toml(text: str) -> Mapping[str, object]:
    """The content of a TOML document; ValueError, with the parser's position if there is one, if it is invalid.

    >>> read_toml("a = " + "[" * 10_000)
    Traceback (most recent call last):
    ValueError: its lists and tables are nested too deep
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        message = "its lists and tables are nested too deep"
        raise ValueError(message) from None
    except tomllib.TOMLDecodeError as wrong:
        raise ValueError(str(wrong)) from wrong
    except ValueError as wrong:  # a number with more digits than Python converts
        longest = max(text.splitlines(), key=len)
        message = f"a number has too many digits: {quoted(longest, 40)}"
        raise ValueError(message) from wrong
