"""A limit on the memory that reading a stranger's file may take."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GIB = 1 << 30


@contextmanager
def at_most_more(room: int, least: int = 0) -> Iterator[bool]:
    """Let this process take at most `room` more bytes of memory inside the block.

    Yields whether it may take that much; it may not if the machine allows the process less. Raises MemoryError if not
    even `least` bytes are available: a library that runs out of memory may crash, so the work is not begun. Code that
    asks for more gets a MemoryError, or its library's own error. Only Linux enforces the limit (setrlimit(2),
    RLIMIT_AS); elsewhere only the sizes that a file states limit what it takes.
    """
    if sys.platform != "linux":
        yield True
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + room
    bounds = [wanted, *(each for each in (before, most) if each != resource.RLIM_INFINITY)]
    if min(bounds) - (wanted - room) < least:
        raise MemoryError
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), most))
    try:
        yield min(bounds) == wanted
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))
