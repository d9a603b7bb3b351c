"""What several tests read and none of them changes: made once in a run, for all workers that run side by side."""

import fcntl
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

SHARED = "TESTS_SHARED_FOLDER"
"""The variable with the folder that all workers of a run have together; `conftest.py` sets it."""


def once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name; whoever asks first makes it, and whoever asks meanwhile waits.

    `make` fills an empty folder. What it fails to make is made anew for the next who asks. What it prints is shown only
    if it fails, so that a test reads the same words whether it is the first or not.
    """
    shared = Path(os.environ[SHARED])
    folder, made = shared / name, shared / f"{name}.made"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _quietly(make, folder)
            made.touch()
    return folder


def _quietly(make: Callable[[Path], object], folder: Path) -> None:
    said = StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            make(folder)
    except BaseException:
        sys.stderr.write(said.getvalue())
        raise
