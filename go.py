"""Set up custodiet and run it; nothing but Python 3.11 or newer is needed.

    python3 go.py demo       audit the fictional Model City, and say where the report is
    python3 go.py test       run every test           (words after it go to pytest:  test -k money)
    python3 go.py check      lint and type-check
    python3 go.py nightly    run the experiments that take minutes

The first run downloads what requirements.lock pins and keeps it in .venv; after it the command is .venv/bin/custodiet.
Later runs use no network until a lock file changes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CUSTODIET = Path(".venv", "bin", "custodiet")

DEMO = (("audit", "dockets/model-city/complete", "--out", "build/demo/complete", "--readers", "internal"),)
DEMO_REPORT = "build/demo/complete/report/index.html"


class Lock(NamedTuple):
    """A file of pinned packages, and what it costs to install them on Linux."""

    file: str
    megabytes: int
    seconds: int

    @property
    def stamp(self) -> Path:
        """The file that says this lock is installed; it holds the digest of what was."""
        return VENV / f"installed-{self.file}"


RUNTIME = Lock("requirements.lock", megabytes=70, seconds=30)
DEVELOPMENT = Lock("requirements-dev.lock", megabytes=100, seconds=45)


# --- is there anything to do? ---


def digest(lock: Lock) -> str:
    """The SHA-256 of all that an installed environment depends on.

    That is: the lock, the parts of pyproject.toml that say how the project is installed, the version of Python, and the
    folder, because the commands in .venv/bin hold its path.
    """
    import tomllib  # Python 3.11 is asked for before we come here

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed_from = {
        "build-system": project["build-system"],
        "project": project["project"],
        "setuptools": project["tool"]["setuptools"],
        "python": sys.version_info[:2],
        "root": str(ROOT),
    }
    text = json.dumps(installed_from, sort_keys=True).encode() + (ROOT / lock.file).read_bytes()
    return hashlib.sha256(text).hexdigest()


def installed(lock: Lock) -> bool:
    """Whether .venv holds exactly what the lock pins today."""
    return PYTHON.exists() and lock.stamp.exists() and lock.stamp.read_text(encoding="ascii") == digest(lock)


def stale() -> bool:
    """Whether .venv was made by us from locks that have changed since; then it is made anew, so that nothing old stays.

    An environment without our stamp (made by hand, or interrupted) is completed and not thrown away.
    """
    return any(lock.stamp.exists() and not installed(lock) for lock in (RUNTIME, DEVELOPMENT))


# --- set-up ---


def announcement(lock: Lock) -> str:
    """What is said before anything is downloaded."""
    return (
        f"Setting up .venv, once: about {lock.megabytes} MB of packages to download, each checked against its hash in "
        f"{lock.file}.\nThis takes about {lock.seconds} seconds on a fast line, some minutes on a slow one."
    )


def prepare(lock: Lock) -> None:
    """Make .venv hold what the lock pins and the project itself; without network if it does already."""
    if installed(lock) or (lock is RUNTIME and installed(DEVELOPMENT)):
        return
    say(announcement(lock))
    environment = os.environ.copy()
    uv = shutil.which("uv")
    if uv is None:
        need_venv()
        make = [sys.executable, "-m", "venv", *(["--clear"] if stale() else [])]
        install = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    else:
        make = [uv, "venv", "--quiet", "--python", sys.executable, "--clear" if stale() else "--allow-existing"]
        install = [uv, "pip", "install", "--python", str(PYTHON)]
        if not os.access(Path.home(), os.W_OK):
            environment["UV_NO_CACHE"] = "1"  # its cache is in the home folder, and it stops where it cannot make one
    must_run([*make, str(VENV)], environment)
    # Wheels only: building a package from source would fetch a build system that no hash pins.
    pinned = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock.file)]
    must_run([*install, *pinned], environment)
    must_run([*install, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], environment)
    lock.stamp.write_text(digest(lock), encoding="ascii")
    say("Ready.\n")


def need_venv() -> None:
    """See that this Python can make an environment with pip in it; a bare Debian needs a package for that."""
    if has_venv():
        return
    if shutil.which("apt-get") is None:
        stop(
            "this Python has no `venv` with `ensurepip`, and there is no apt-get to install it. "
            "Install your system's package for Python's venv, or install uv, and start again."
        )
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            stop("python3-venv is missing here, and there is no sudo. Ask for: apt-get install python3-venv")
        apt = ["sudo", *apt]
    say(f"Python's venv is missing here: installing Debian's package python3-venv (5 MB), by {shlex.join(apt)}.")
    must_run([*apt, "update"])
    must_run([*apt, "install", "--yes", "--no-install-recommends", "python3-venv"])
    importlib.invalidate_caches()
    if not has_venv():
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        stop(f"python3-venv is for another Python than {sys.executable}. Install python{version}-venv and start again.")


def has_venv() -> bool:
    """Whether this Python can make a virtual environment and put pip into it."""
    return all(importlib.util.find_spec(module) is not None for module in ("venv", "ensurepip"))


# --- the commands ---


def demo(more: list[str]) -> int:
    """Run the main job as a user would."""
    prepare(RUNTIME)
    code = run_each([[str(CUSTODIET), *job, *more] for job in DEMO])
    if code == 0:
        print(f"\nThe report: {DEMO_REPORT}")
    return code


def test(more: list[str]) -> int:
    """Run every test but the slow ones."""
    prepare(DEVELOPMENT)
    return run_each([[str(PYTHON), "-m", "pytest", *more]])


def nightly(more: list[str]) -> int:
    """Run the experiments that take minutes."""
    prepare(DEVELOPMENT)
    return run_each([[str(PYTHON), "-m", "pytest", "-m", "slow", *more]])


def check(more: list[str]) -> int:
    """Lint, then type-check; both are run, so that one sees all."""
    if more:
        stop("check takes no further words")
    prepare(DEVELOPMENT)
    return run_each([[str(PYTHON), "-m", "ruff", "check", "."], [str(PYTHON), "-m", "mypy"]])


COMMANDS = {"demo": demo, "test": test, "check": check, "nightly": nightly}


# --- running and speaking ---


def run_each(commands: list[list[str]]) -> int:
    """Run all commands, each printed first; the code is the first one that is not 0."""
    codes = []
    for command in commands:
        say(f"$ {shown(command)}")
        codes.append(subprocess.run(command, cwd=ROOT, check=False).returncode)
    return next((code for code in codes if code), 0)


def must_run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a step of the set-up; what it prints goes to stderr, and a failure ends everything."""
    say(f"$ {shown(command)}")
    code = subprocess.run(command, cwd=ROOT, env=environment, stdout=sys.stderr, check=False).returncode
    if code:
        stop(f"exit {code} from: {shown(command)}\nThe set-up needs the network once; start it again to go on.")


def shown(command: list[str]) -> str:
    """A command as one would type it in this folder."""
    return shlex.join(command).replace(f"{ROOT}/", "")


def say(text: str) -> None:
    """Tell the person at the terminal; stdout is left to the program that is run."""
    print(text, file=sys.stderr, flush=True)


def stop(why: str) -> NoReturn:
    """End with what is wrong and what to do."""
    say(f"go.py: {why}")
    sys.exit(2)


def main(words: list[str]) -> int:
    """Run the command that the first word names."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python reads this file too, to say what it lacks)
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if not words or words[0] not in COMMANDS:
        say((__doc__ or "").rstrip())
        return 0 if words and words[0] in {"-h", "--help"} else 2
    return COMMANDS[words[0]](words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
