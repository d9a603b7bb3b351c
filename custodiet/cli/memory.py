"""A bound on the memory that reading a stranger's file may take."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GIB = 1 << 30


@contextmanager
def at_most_more(room: int) -> Iterator[None]:
    """Let this process take so many bytes of memory more, and no others, for a while; then as before.

    What asks for more gets a MemoryError, or its library's own. Only Linux keeps such a bound (setrlimit(2),
    RLIMIT_AS); elsewhere there is none, and what a file says of itself is all that bounds it.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + room
    bounds = [wanted, *(each for each in (before, most) if each != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))
