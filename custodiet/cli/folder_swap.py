"""Swap two folders in one step, where the system can."""

import ctypes
import errno
import os
import sys
from pathlib import Path

_HERE = -100
"""AT_FDCWD of fcntl.h: a relative path starts in the current folder."""
_EXCHANGE = 2
"""RENAME_EXCHANGE of renameat2(2) on Linux, and RENAME_SWAP of renamex_np(2) on macOS."""
_NO_SUCH_STEP = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders so that at every moment each place holds exactly one of them.

    Returns False, having done nothing, if the system or its file system cannot do that; raises OSError if it failed.
    """
    paths = os.fsencode(one), os.fsencode(other)
    if sys.platform == "win32":
        return False
    system = ctypes.CDLL(None, use_errno=True)
    if hasattr(system, "renameat2"):
        failed = system.renameat2(_HERE, paths[0], _HERE, paths[1], _EXCHANGE)
    elif hasattr(system, "renamex_np"):
        failed = system.renamex_np(paths[0], paths[1], _EXCHANGE)
    else:
        return False
    if not failed:
        return True
    number = ctypes.get_errno()
    if number in _NO_SUCH_STEP:
        return False
    raise OSError(number, os.strerror(number), str(other))
