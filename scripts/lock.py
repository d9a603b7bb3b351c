"""Renew the lock files, with hashes and without the name of any host.

    python -m scripts.lock             after a dependency was added or removed: all other versions stay
    python -m scripts.lock --upgrade   every dependency to its newest version that pyproject.toml allows

Needs `uv` on the path. Each command is printed before it runs, so that it can be run by hand.
"""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

COMPILE = (
    *("uv", "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes", "--no-build", "--quiet"),
    *("--python-version", "3.11", "--extra", "prove", "--group", "build"),
    *("--custom-compile-command", "python -m scripts.lock"),
)
# Each contains the one before unchanged, so that `test` after `demo` only adds packages.
STEPS = (
    (*COMPILE, "--output-file", "requirements.lock"),
    (*COMPILE, "--group", "dev", "--constraints", "requirements.lock", "--output-file", "requirements-dev.lock"),
    (
        *(*COMPILE, "--group", "dev", "--group", "browser", "--constraints", "requirements-dev.lock"),
        *("--output-file", "requirements-browser.lock"),
    ),
    # What pyproject.toml promises to work with at the least: `python3 go.py installed` tries it.
    (*COMPILE, "--resolution", "lowest-direct", "--output-file", "requirements-lowest.lock"),
)


def main(extra: list[str]) -> int:
    """Write the lock files; the first command that fails ends it.

    The order matters: the program's own dependencies are resolved first, and the test tools adapt to them.
    """
    if shutil.which("uv") is None:
        print("scripts/lock.py needs `uv` on the path: pip install uv", file=sys.stderr)
        return 2
    for step in STEPS:
        command = [*step, *extra]
        print("$", shlex.join(command), flush=True)
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
