"""Install the wheel where nothing else is, with the locked and with the lowest versions, and do a day's work with it.

    python3 go.py installed

For each of the two locks: an empty environment outside this folder, the wheel in it, and from an empty folder the
commands that a person types first. Standard library alone.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-lowest.lock")
WORK = (
    (0, "--help"),
    (0, "init", "first"),
    (0, "check", "first/pack"),
    (0, "audit", "first"),
    (0, "audit", "first", "--out", "out", "--readers", "internal"),
    (0, "report", "first", "--out", "page.html", "--readers", "public"),
    (0, "verify", "--again", "out/audit.zip"),
    (0, "init", "--pack", "law"),
    (0, "test", "law"),
    (0, "decide", "law/receptions", "meals.csv", "--out", "answers.parquet"),
    (0, "init", "--example", "city"),
    (0, "audit", "city", "--out", "city-out", "--readers", "public"),
    (0, "verify", "city-out/audit.zip"),
)
"""What is typed, each with the exit code that is right."""
MEALS = "id,host,held_on,occasion,cost\nm1,officer-3,2024-05-02,other,240.00\n"
SAMPLE = """\
from custodiet.policy.packs.pack import Pack, read_pack
from pathlib import Path

pack: Pack = read_pack(Path("law"))
names: list[str] = [policy.name for policy in pack.policies]
print(*names)
"""


def wheel(into: Path) -> Path:
    """Build the wheel from a copy of this folder, with the setuptools that is here."""
    source = into / "source"
    ignored = shutil.ignore_patterns(".git", ".venv", "build", "*.egg-info", "__pycache__", ".custodiet", ".*_cache")
    shutil.copytree(ROOT, source, ignore=ignored)
    build = "from setuptools import build_meta; import sys; print(build_meta.build_wheel(sys.argv[1]))"
    must(sys.executable, "-c", build, str(into), cwd=source)
    shutil.rmtree(source)
    (built,) = into.glob("*.whl")
    return built


def environment(folder: Path, lock: str, built: Path) -> Path:
    """An environment with what a lock pins and the wheel, and nothing else; its folder of commands."""
    uv = shutil.which("uv")
    python = folder / "bin" / "python"
    if uv is None:
        must(sys.executable, "-m", "venv", str(folder))
        install = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    else:
        must(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
        install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    must(*install, "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / lock))
    must(*install, "--no-deps", str(built))
    return folder / "bin"


def work(bin_: Path, folder: Path) -> None:
    """Type every command in an empty folder; the first that ends otherwise than it should ends this."""
    folder.mkdir()
    (folder / "meals.csv").write_text(MEALS, encoding="utf-8")
    for code, *words in WORK:
        ran = subprocess.run(
            [str(bin_ / "custodiet"), *words], cwd=folder, env=alone(), capture_output=True, text=True, check=False
        )
        say(f"  {'fits ' if ran.returncode == code else 'WRONG'}  custodiet {' '.join(words)}")
        if ran.returncode != code:
            raise SystemExit(f"exit {ran.returncode}, and {code} was right\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    must(str(bin_ / "python"), "-m", "custodiet.verify", "city-out/audit.zip", cwd=folder)
    say("  fits   python -m custodiet.verify city-out/audit.zip")
    (folder / "sample.py").write_text(SAMPLE, encoding="utf-8")
    must(str(bin_ / "python"), "sample.py", cwd=folder)
    must(
        sys.executable, "-m", "mypy", "--strict", "--python-executable", str(bin_ / "python"), "--cache-dir",
        str(folder / ".mypy_cache"), "--config-file", os.devnull, "sample.py", cwd=folder,
    )  # fmt: skip
    say("  fits   mypy --strict on a program that uses the wheel")


def alone() -> dict[str, str]:
    """The environment variables, without what would lead a program back into this folder."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def must(*command: str, cwd: Path | None = None) -> None:
    """Run a command, and end with what it printed if it fails."""
    ran = subprocess.run(command, cwd=cwd, env=alone(), capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"exit {ran.returncode} from {' '.join(command)}\n{ran.stdout[-3000:]}{ran.stderr[-3000:]}")


def say(text: str) -> None:
    """Tell the person who waits."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main(locks: Sequence[str] = LOCKS) -> None:
    """Build the wheel once, and try it with each lock."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = wheel(folder)
        say(f"{built.name}: {built.stat().st_size / 2**20:.1f} MiB")
        for lock in locks:
            began = time.monotonic()
            say(f"with {lock}")
            work(environment(folder / f"env-{lock}", lock, built), folder / f"work-{lock}")
            say(f"  {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
