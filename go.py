"""Set up custodiet and run it; nothing but Python 3.11 or newer is needed.

    python3 go.py demo       audit the fictional Model City and a real case, and say where the reports are
    python3 go.py test       run every test           (words after it go to pytest:  test -k money)
    python3 go.py check      lint and type-check    (check --browser: the reports in Chromium, which it installs)
    python3 go.py nightly    run the experiments that take minutes
    python3 go.py installed  install the wheel elsewhere, with the locked and the lowest versions, and try it

The first run downloads what requirements.lock pins and keeps it in .venv; after it the command is .venv/bin/custodiet.
Later runs use no network until a lock file changes. What the installers print goes to build/set-up.log.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CUSTODIET = Path(".venv", "bin", "custodiet")
UNFINISHED = "set-up-unfinished"
"""A file that is in .venv from before the first step of a set-up until after the last."""
LOG = Path("build", "set-up.log")
LOG_LINES_SHOWN = 8

BUILT = Path("build", "demo")
DEMO = (
    ("dockets/model-city/complete", "complete", "internal"),
    ("dockets/model-city/as-found", "as-found", "internal"),
    ("dockets/nyc-2019", "nyc-2019", "public"),
)
"""What `demo` audits: the docket, where the report goes below build/demo, and for which readers it is."""


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
BROWSER = Lock("requirements-browser.lock", megabytes=160, seconds=60)
LOCKS = (RUNTIME, DEVELOPMENT, BROWSER)
"""Each contains all pins of the one before it, unchanged."""


# --- is there anything to do? ---


def digest(lock: Lock) -> str:
    """The SHA-256 of everything that an installed environment depends on.

    That is the lock, the parts of pyproject.toml that say how the project is installed, the version of Python, and the
    folder, because the commands in .venv/bin contain its path.
    """
    import tomllib  # main has checked that this is Python 3.11 or newer

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
    """Whether .venv was made by this program and must be made again from nothing.

    That is the case if a lock has changed since, or if the set-up was interrupted, which may leave packages half
    installed. An environment made by hand has no mark of ours; it is completed and not thrown away.
    """
    return (VENV / UNFINISHED).exists() or any(lock.stamp.exists() and not installed(lock) for lock in LOCKS)


# --- set-up ---


def announcement(lock: Lock) -> str:
    """The notice printed before anything is downloaded."""
    return (
        f"Setting up .venv, once: about {lock.megabytes} MB of packages to download, each checked against its hash in "
        f"{lock.file}.\nThis takes about {lock.seconds} seconds on a fast line, some minutes on a slow one."
    )


class Step(NamedTuple):
    """A command of the set-up, the line that says what it does, and what to do when it fails."""

    says: str
    command: list[str]
    remedy: str = "The set-up needs the network once; start it again to continue."


def prepare(lock: Lock) -> None:
    """Make .venv hold the packages that the lock pins and the project itself; without network if it already does."""
    if any(installed(each) for each in LOCKS[LOCKS.index(lock) :]):
        return
    say(announcement(lock))
    (ROOT / LOG).unlink(missing_ok=True)
    uv = shutil.which("uv")
    if uv is None:
        need_venv()
    make_room()
    for step in steps_of(lock, uv):
        must_run(step)
    lock.stamp.write_text(digest(lock), encoding="ascii")
    (VENV / UNFINISHED).unlink(missing_ok=True)
    say("Ready.\n")


def make_room() -> None:
    """Mark a .venv that is ours as unfinished, and empty a stale one. The folder itself may be a link or a mount."""
    made_by_hand = VENV.exists() and not stale() and not any(lock.stamp.exists() for lock in LOCKS)
    if made_by_hand:
        return
    old = list(VENV.iterdir()) if stale() else []
    VENV.mkdir(exist_ok=True)
    (VENV / UNFINISHED).touch()
    for each in old:
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != UNFINISHED:
            each.unlink()


def steps_of(lock: Lock, uv: str | None) -> list[Step]:
    """The steps that fill .venv, by uv where it is, else by the pip that comes with Python."""
    if uv is None:
        make, pip = [sys.executable, "-m", "venv"], [str(PYTHON), "-m", "pip", "--disable-pip-version-check"]
        here = []
    else:
        make, pip = [uv, "venv", "--python", sys.executable, "--allow-existing"], [uv, "pip"]
        here = ["--python", str(PYTHON)]
    # The lock is complete. Resolved again, an extra of a package would mean its newest release, which no hash pins.
    # Wheels only: building a package from source would fetch a build system that no hash pins either.
    pinned = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock.file)]
    itself = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    return [
        Step("making .venv", [*make, str(VENV)]),
        Step(f"installing the packages of {lock.file}", [*pip, "install", *here, *pinned]),
        Step("installing custodiet itself", [*pip, "install", *here, *itself]),
        Step(
            f"looking for packages that {lock.file} does not bring",
            [*pip, "check", *here],
            "If you have put packages into .venv, delete it and start again; otherwise renew the lock: "
            "python -m scripts.lock",
        ),
    ]


def need_venv() -> None:
    """Make sure that this Python can make an environment with pip; a bare Debian needs a package for that."""
    if has_venv():
        return
    if shutil.which("apt-get") is None:
        stop(
            "this Python has no `venv` with `ensurepip`, and there is no apt-get to install it. "
            "Install your system's package for Python's venv, or install uv, and start again."
        )
    install_by_apt("python3-venv", "Python's venv is", 5)
    importlib.invalidate_caches()
    if not has_venv():
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        stop(f"python3-venv is for another Python than {sys.executable}. Install python{version}-venv and start again.")


def has_venv() -> bool:
    """Whether this Python can make a virtual environment and put pip into it."""
    return all(importlib.util.find_spec(module) is not None for module in ("venv", "ensurepip"))


def install_by_apt(package: str, missing: str, megabytes: int) -> None:
    """Install one of Debian's packages, as root or through sudo, saying so."""
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            stop(f"{package} is missing here, and there is no sudo. Ask for: apt-get install {package}")
        apt = ["sudo", *apt]
    say(f"{missing} missing here: Debian has a package for it, {package} ({megabytes} MB).")
    must_run(Step(f"bringing Debian's list of packages up to date, by {shlex.join(apt)}", [*apt, "update"]))
    install = [*apt, "install", "--yes", "--no-install-recommends", package]
    must_run(Step(f"installing {package}", install))


def need_chromium() -> None:
    """Make sure that there is a Chromium; Debian has a package for it, elsewhere a message says what is missing."""
    if shutil.which("chromium") is not None:
        return
    if shutil.which("apt-get") is None:
        stop("there is no `chromium` on the path, and no apt-get to install it. Install Chromium and start again.")
    install_by_apt("chromium", "Chromium is", 120)
    if shutil.which("chromium") is None:
        stop("the package is installed, but there is still no `chromium` on the path. Install Chromium by hand.")


# --- the commands ---


def demo(more: list[str]) -> int:
    """Audit both states of Model City and the real case, and print a short table of each."""
    if more:
        stop("demo takes no arguments")
    prepare(RUNTIME)
    return next((code for code in [demo_of(*each) for each in DEMO] if code), 0)


def demo_of(docket: str, name: str, readers: str) -> int:
    """Audit one docket as a user would, and print in a few lines the outcome and what to type next."""
    out = BUILT / name
    command = [str(CUSTODIET), "audit", docket, "--out", str(out), "--readers", readers]
    say(f"$ {shown(command)}")
    ran = subprocess.run(
        [*command, "--format", "json"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode:
        return ran.returncode
    answer = json.loads(ran.stdout)
    print(f"\n{answer['docket']}: computed, not decided")
    print("\n".join(f"  {what:<34}{value:>18}" for what, value in lines_of(answer)))
    print(f"  The report: {out / 'report' / 'index.html'}")
    print(f"  Next:       {CUSTODIET} verify {out / 'audit.zip'}")
    if answer["undetermined"]:
        print(f"              {CUSTODIET} explain {docket} {answer['undetermined'][0]['record']}")
    print(flush=True)
    return 0


def lines_of(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """The main figures of an audit's answer, in a few lines."""
    most = sorted(answer["questioned"], key=lambda each: -int(each["amount"].replace(".", "")))
    lines = [(f"questioned, {each['payer']}", f"{each['amount']} {each['currency']}") for each in most[:3]]
    if len(most) > len(lines):
        lines.append((f"and more payers: {len(most) - len(lines)}", ""))
    lines += [("results", str(answer["results"])), ("undetermined", str(answer["undetermined_total"]))]
    if answer["reconciliations"]:
        lines.append(("differences between sources", str(len(answer["reconciliations"]))))
    return lines


def test(more: list[str]) -> int:
    """Run every test but the slow ones, on two processors or up to four."""
    prepare(DEVELOPMENT)
    workers = min(os.cpu_count() or 1, 4)
    return run_each([[str(PYTHON), "-m", "pytest", "-n", str(workers), "--dist", "worksteal", *more]])


def nightly(more: list[str]) -> int:
    """Run the experiments that take minutes."""
    prepare(DEVELOPMENT)
    return run_each([[str(PYTHON), "-m", "pytest", "-m", "slow", *more]])


def try_installed(more: list[str]) -> int:
    """Build the wheel, and do a day's work with it in environments outside this folder."""
    if more:
        stop("installed takes no further words")
    prepare(DEVELOPMENT)
    return run_each([[str(PYTHON), "-m", "scripts.installed"]])


def check(more: list[str]) -> int:
    """Lint, then type-check; both are run, so that one sees all. With --browser: the reports in Chromium instead."""
    if more == ["--browser"]:
        prepare(BROWSER)
        need_chromium()
        return run_each([[str(PYTHON), "-m", "pytest", "-m", "browser"]])
    if more:
        stop("check takes no argument but --browser")
    prepare(DEVELOPMENT)
    return run_each([[str(PYTHON), "-m", "ruff", "check", "."], [str(PYTHON), "-m", "mypy"]])


COMMANDS = {"demo": demo, "test": test, "check": check, "nightly": nightly, "installed": try_installed}


# --- running and printing ---


def run_each(commands: list[list[str]]) -> int:
    """Run all commands, each printed first; the code is the first one that is not 0."""
    codes = []
    for command in commands:
        say(f"$ {shown(command)}")
        codes.append(subprocess.run(command, cwd=ROOT, check=False).returncode)
    return next((code for code in codes if code), 0)


def must_run(step: Step) -> None:
    """Run a step of the set-up. What its program prints goes to the log; after a failure its last lines are shown."""
    say(f"  {step.says}")
    (ROOT / LOG).parent.mkdir(exist_ok=True)
    with (ROOT / LOG).open("a+", encoding="utf-8", errors="replace") as log:
        print(f"$ {shown(step.command)}", file=log, flush=True)
        start = log.tell()
        ran = subprocess.run(
            step.command, cwd=ROOT, env=environment(), stdout=log, stderr=subprocess.STDOUT, check=False
        )
        log.seek(start)
        said = [f"    {line}" for line in log.read().splitlines() if line.strip()]
    if ran.returncode:
        end = "\n".join(said[-LOG_LINES_SHOWN:])
        stop(f"exit {ran.returncode} from {step.says}\n{end}\n{step.remedy}\nThe whole output is in {LOG}.")


def environment() -> dict[str, str]:
    """The installers' environment: everything that the user has set, except what would lead them out of .venv."""
    told = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    told["PIP_USER"] = "0"
    if not os.access(told.get("HOME", ""), os.W_OK):
        told["UV_NO_CACHE"] = "1"  # uv's cache is in the home folder, and uv stops if it cannot make one
    return told


def shown(command: list[str]) -> str:
    """A command as one would type it in this folder."""
    return shlex.join(command).replace(f"{ROOT}/", "")


def say(text: str) -> None:
    """Print for the person at the terminal, on stderr; stdout is left to the program that is run."""
    print(text, file=sys.stderr, flush=True)


def stop(why: str) -> NoReturn:
    """Exit with a message that says what is wrong and what to do."""
    say(f"go.py: {why}")
    sys.exit(2)


def main(words: list[str]) -> int:
    """Run the command that the first word names."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot print a letter shows its number
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python reads this file too, to say what it lacks)
        stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if not words or words[0] not in COMMANDS:
        say((__doc__ or "").rstrip())
        return 0 if words and words[0] in {"-h", "--help"} else 2
    try:
        return COMMANDS[words[0]](words[1:])
    except KeyboardInterrupt:
        say("\ngo.py: interrupted. Start it again to continue.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
