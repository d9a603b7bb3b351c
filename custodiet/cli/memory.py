"""A bound on the memory that reading a stranger's file may take."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GIB = 1 << 30


@contextmanager
def at_most_more(room: int, least: int = 0) -> Iterator[bool]:
    """Let this process take so many bytes of memory more, and no others, for a while; then as before.

    Yields whether it may take that much: it may not where the machine gave the process less. Raises MemoryError where
    there is not even the `least`, with which nothing is begun: a library that runs out of memory may crash. What asks
    for more than there is gets a MemoryError, or its library's own. Only Linux keeps such a bound (setrlimit(2),
    RLIMIT_AS); elsewhere there is none, and what a file says of itself is all that bounds it.
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
