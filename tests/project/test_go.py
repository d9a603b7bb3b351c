"""The set-up says first what it will do, does it once, and knows when there is nothing to do."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import go
from tests.house import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-browser.lock")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the set-up reads, and nothing installed."""
    for name in ("pyproject.toml", *LOCKS):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(go, "ROOT", tmp_path)
    monkeypatch.setattr(go, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(go, "PYTHON", tmp_path / ".venv/bin/python")
    return tmp_path


@pytest.fixture
def steps(clone: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps of the set-up, written down instead of done; making .venv leaves an empty one."""
    done: list[str] = []

    def write_down(step: go.Step) -> None:
        done.append(go.shown(step.command))
        (clone / ".venv/bin").mkdir(parents=True, exist_ok=True)
        (clone / ".venv/bin/python").touch()

    monkeypatch.setattr(go, "must_run", write_down)
    monkeypatch.setattr(go, "has_venv", lambda: True)
    return done


def on_the_path(monkeypatch: pytest.MonkeyPatch, *programs: str) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None)


# --- when there is nothing to do ---


def test_a_second_run_starts_nothing_and_says_nothing(
    steps: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_the_path(monkeypatch)
    go.prepare(go.RUNTIME)
    assert len(steps) == 4  # an environment, the pinned packages, the project, whether all is there
    steps.clear()
    capsys.readouterr()
    go.prepare(go.RUNTIME)
    assert steps == []
    assert capsys.readouterr() == ("", "")


def test_a_demo_after_the_tests_installs_nothing(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_path(monkeypatch)
    go.prepare(go.DEVELOPMENT)
    steps.clear()
    go.prepare(go.RUNTIME)
    assert steps == []


def test_the_tests_after_a_demo_only_add(clone: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_path(monkeypatch)
    go.prepare(go.RUNTIME)
    (clone / ".venv/of-the-demo").touch()
    steps.clear()
    go.prepare(go.DEVELOPMENT)
    assert "requirements-dev.lock" in " ".join(steps)
    assert (clone / ".venv/of-the-demo").exists()


def test_a_changed_lock_makes_the_environment_anew(
    clone: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_path(monkeypatch)
    go.prepare(go.RUNTIME)
    steps.clear()
    (clone / ".venv/of-the-old-lock").touch()
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("one-more==1.0\n")
    assert not go.installed(go.RUNTIME)
    go.prepare(go.RUNTIME)
    assert not (clone / ".venv/of-the-old-lock").exists()
    assert go.installed(go.RUNTIME)


def test_an_environment_that_somebody_made_by_hand_is_kept(
    clone: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_the_path(monkeypatch)
    (clone / ".venv").mkdir()
    (clone / ".venv/by-hand").touch()
    go.prepare(go.RUNTIME)
    assert len(steps) == 4
    assert (clone / ".venv/by-hand").exists()


@pytest.mark.parametrize("after_a_demo", [False, True])
@pytest.mark.parametrize("step", range(4))
def test_what_an_interrupted_set_up_left_is_not_built_upon(
    clone: Path, steps: list[str], monkeypatch: pytest.MonkeyPatch, step: int, *, after_a_demo: bool
) -> None:
    """A package may be there by half, and pip takes a package for installed as soon as its name is there."""
    on_the_path(monkeypatch)
    if after_a_demo:
        go.prepare(go.RUNTIME)
        steps.clear()
    write_down = go.must_run

    def interrupted(each: go.Step) -> None:
        write_down(each)
        if len(steps) == step + 1:
            (clone / ".venv/lib/half-a-package").mkdir(parents=True)
            raise KeyboardInterrupt

    monkeypatch.setattr(go, "must_run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        go.prepare(go.DEVELOPMENT)
    assert not go.installed(go.DEVELOPMENT)
    steps.clear()
    monkeypatch.setattr(go, "must_run", write_down)
    go.prepare(go.DEVELOPMENT)
    assert len(steps) == 4
    assert not (clone / ".venv/lib/half-a-package").exists()
    assert go.installed(go.DEVELOPMENT)
    assert not go.stale()


def test_an_interrupt_is_answered_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(lock: go.Lock) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    monkeypatch.setattr(go, "prepare", interrupted)
    assert go.main(["demo"]) == 130
    assert capsys.readouterr().err.strip() == "go.py: interrupted. Start it again to continue."


@pytest.mark.parametrize(
    ("was", "becomes", "matters"),
    [
        ('custodiet = "custodiet.cli.main:main"', 'custodiet = "custodiet.cli.other:main"', True),
        ('name = "custodiet"', 'name = "custos"', True),
        ("line-length = 120", "line-length = 100", False),
    ],
)
def test_only_what_is_installed_makes_an_environment_old(clone: Path, was: str, becomes: str, *, matters: bool) -> None:
    before = go.digest(go.RUNTIME)
    text = (clone / "pyproject.toml").read_text(encoding="utf-8")
    assert was in text
    (clone / "pyproject.toml").write_text(text.replace(was, becomes), encoding="utf-8")
    assert (go.digest(go.RUNTIME) != before) == matters


def test_a_folder_that_moved_is_set_up_again(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = go.digest(go.RUNTIME)
    moved = clone.rename(clone.with_name("moved"))
    monkeypatch.setattr(go, "ROOT", moved)
    assert go.digest(go.RUNTIME) != before


# --- what is done, and what is said first ---


@pytest.mark.usefixtures("steps")
def test_the_download_is_announced_before_the_first_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_the_path(monkeypatch)

    def no_network(step: go.Step) -> None:  # noqa: ARG001
        go.stop("no network")

    monkeypatch.setattr(go, "must_run", no_network)
    with pytest.raises(SystemExit):
        go.prepare(go.RUNTIME)
    said = capsys.readouterr().err
    assert re.match(r"Setting up \.venv, once: about \d+ MB .* requirements\.lock", said)
    assert re.search(r"about \d+ seconds .*\n.*no network", said)
    assert not go.installed(go.RUNTIME)


def test_pip_takes_only_what_a_hash_pins(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_path(monkeypatch)
    go.prepare(go.RUNTIME)
    assert "-m venv .venv" in steps[0]
    assert "-m pip --disable-pip-version-check install" in steps[1]
    assert "--no-deps --require-hashes --only-binary :all: -r requirements.lock" in steps[1]
    assert "--no-deps --no-build-isolation --editable" in steps[2]


def test_uv_is_used_where_it_is_with_the_same_locks(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_path(monkeypatch, "uv")
    go.prepare(go.DEVELOPMENT)
    assert all(step.startswith("/usr/bin/uv ") for step in steps)
    assert "--no-deps --require-hashes --only-binary :all: -r requirements-dev.lock" in steps[1]


# --- a Debian without python3-venv ---


@pytest.fixture
def bare_debian(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The steps, where Python's venv is missing until its package is installed."""
    monkeypatch.setattr(go, "has_venv", lambda: any("python3-venv" in step for step in steps))
    return steps


def test_root_on_a_bare_debian_gets_the_package(
    bare_debian: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_the_path(monkeypatch, "apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    go.need_venv()
    update, install = bare_debian
    assert update.endswith("apt-get --quiet update")
    assert install.endswith("install --yes --no-install-recommends python3-venv")
    assert "Debian has a package for it, python3-venv" in capsys.readouterr().err


def test_others_go_through_sudo(bare_debian: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_path(monkeypatch, "apt-get", "sudo")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    go.need_venv()
    assert all(step.startswith("sudo ") for step in bare_debian)


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        (("apt-get",), "Ask for: apt-get install python3-venv"),
        ((), "Install your system's package for Python's venv, or install uv"),
    ],
)
def test_elsewhere_it_says_what_is_missing(
    bare_debian: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    programs: tuple[str, ...],
    said: str,
) -> None:
    on_the_path(monkeypatch, *programs)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit):
        go.need_venv()
    assert said in capsys.readouterr().err
    assert bare_debian == []


# --- a machine without Chromium ---


def test_chromium_is_installed_where_it_is_missing(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def which(name: str) -> str | None:
        there = name == "apt-get" or (name == "chromium" and any("chromium" in step for step in steps))
        return f"/usr/bin/{name}" if there else None

    monkeypatch.setattr(shutil, "which", which)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    go.need_chromium()
    assert [step.split(" --quiet ")[1] for step in steps] == [
        "update",
        "install --yes --no-install-recommends chromium",
    ]
    go.need_chromium()
    assert len(steps) == 2


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        (("apt-get",), "Ask for: apt-get install chromium"),
        (("apt-get", "sudo"), "still no `chromium` on the path"),
        ((), "there is no `chromium` on the path"),
    ],
)
@pytest.mark.usefixtures("steps")
def test_a_check_in_the_browser_never_passes_without_one(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    programs: tuple[str, ...],
    said: str,
) -> None:
    on_the_path(monkeypatch, *programs)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    ran: list[list[list[str]]] = []
    monkeypatch.setattr(go, "run_each", ran.append)
    with pytest.raises(SystemExit):
        go.main(["check", "--browser"])
    assert said in capsys.readouterr().err
    assert ran == []


# --- the commands ---


def test_further_words_go_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def run_each(commands: list[list[str]]) -> int:
        ran.extend(commands)
        return 0

    monkeypatch.setattr(go, "prepare", lambda lock: None)  # noqa: ARG005
    monkeypatch.setattr(go, "run_each", run_each)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert go.main(["test", "-k", "money"]) == 0
    assert go.main(["nightly"]) == 0
    assert [shlex.join(command[1:]) for command in ran] == [
        "-m pytest -n 2 --dist worksteal -k money",
        "-m pytest -m slow",
    ]


@pytest.mark.parametrize(("processors", "workers"), [(None, 1), (1, 1), (2, 2), (64, 4)])
def test_the_tests_run_on_the_processors_that_are_there(
    monkeypatch: pytest.MonkeyPatch, processors: int | None, workers: int
) -> None:
    ran: list[list[str]] = []

    def run_each(commands: list[list[str]]) -> int:
        ran.extend(commands)
        return 0

    monkeypatch.setattr(go, "prepare", lambda lock: None)  # noqa: ARG005
    monkeypatch.setattr(go, "run_each", run_each)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert go.main(["test"]) == 0
    assert f"-n {workers} " in shlex.join(ran[0])


def test_the_first_failure_is_the_answer_and_the_rest_still_runs(capfd: pytest.CaptureFixture[str]) -> None:
    exits = [[sys.executable, "-c", f"print('ran {code}'); raise SystemExit({code})"] for code in (0, 3, 1)]
    assert go.run_each(exits) == 3
    assert capfd.readouterr().out.split("\n")[:3] == ["ran 0", "ran 3", "ran 1"]


def test_the_demo_sums_an_audit_up_in_a_few_lines() -> None:
    answer = {
        "questioned": [
            {"payer": payer, "currency": "EUR", "amount": amount}
            for payer, amount in (("a", "9.00"), ("b", "10.00"), ("c", "1.00"), ("d", "0.50"))
        ],
        "results": 12,
        "undetermined_total": 3,
        "reconciliations": [],
    }
    assert go.lines_of(answer) == [
        ("questioned, b", "10.00 EUR"),
        ("questioned, a", "9.00 EUR"),
        ("questioned, c", "1.00 EUR"),
        ("and more payers: 1", ""),
        ("results", "12"),
        ("undetermined", "3"),
    ]
    assert [docket for docket, _, _ in go.DEMO if not (ROOT / docket / "docket.toml").is_file()] == []


def test_without_a_word_it_says_what_there_is() -> None:
    run = subprocess.run([sys.executable, str(ROOT / "go.py")], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert [f"python3 go.py {command}" in run.stderr for command in go.COMMANDS] == [True] * len(go.COMMANDS)


def test_go_needs_only_python() -> None:
    tree = ast.walk(ast.parse((ROOT / "go.py").read_text(encoding="utf-8")))
    names = {name.name for node in tree if isinstance(node, ast.Import) for name in node.names}
    assert "subprocess" in names
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_the_hook_of_the_forge_checks_and_tests() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert [command for command in ("check", "test") if f"python3 go.py {command}" in script.read_text()] == [
        "check",
        "test",
    ]


# --- the locks ---


def pins(lock: str) -> dict[str, str]:
    """Each package of a lock with its version."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\w)", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(entries) == len(pins(lock)) >= 10
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []
    assert "://" not in text
    assert not re.search(r"--(?:extra-)?index-url|--find-links|--trusted-host", text)


def test_the_tests_run_on_the_versions_that_the_program_runs_on() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
    assert pins("requirements-dev.lock").items() <= pins("requirements-browser.lock").items()


def test_whatever_the_project_asks_for_is_locked() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, groups = wanted["project"], wanted["dependency-groups"]
    runtime = [*project["dependencies"], *project["optional-dependencies"]["prove"], *groups["build"]]
    assert {re.split("[<>=~!]", line)[0] for line in runtime} <= pins("requirements.lock").keys()
    assert {re.split("[<>=~!]", line)[0] for line in groups["dev"]} <= pins("requirements-dev.lock").keys()
    assert {re.split("[<>=~!]", line)[0] for line in groups["browser"]} <= pins("requirements-browser.lock").keys()
