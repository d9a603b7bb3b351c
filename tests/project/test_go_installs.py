"""The set-up, done: with the pip that comes with Python (and with uv where it is), from a registry that is a folder.

The registry has newer releases than the lock pins, as every registry has some days after a lock was written.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import go
from tests import tiny_wheels
from tests.tiny_wheels import pinned, registry, wheel

PROJECT = """
[build-system]
requires = ["tiny_wheels"]
build-backend = "tiny_wheels"
[project]
name = "custodiet"
version = "0.1"
[tool.setuptools]
"""


@pytest.fixture(params=["pip", "uv"])
def machine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to set up, on a machine that knows one installer and one registry."""
    uv = shutil.which("uv") if request.param == "uv" else None
    if request.param == "uv" and uv is None:
        pytest.skip("there is no uv here")
    monkeypatch.setattr(shutil, "which", lambda name: uv if name == "uv" else None)
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    project = tmp_path / "a project"
    project.mkdir()
    monkeypatch.setattr(go, "ROOT", project)
    monkeypatch.setattr(go, "VENV", project / ".venv")
    monkeypatch.setattr(go, "PYTHON", project / ".venv/bin/python")
    (project / "pyproject.toml").write_text(PROJECT)
    backend = {"tiny_wheels.py": Path(tiny_wheels.__file__).read_text(encoding="utf-8")}
    back_end, old, new, asking, lacking = (
        wheel(tmp_path, "tiny_wheels", "1.0", files=backend),
        wheel(tmp_path, "motorlog", "1.0"),
        wheel(tmp_path, "motorlog", "2.0"),
        wheel(tmp_path, "escort", "1.0", requires=("motorlog[more]",)),
        wheel(tmp_path, "siren", "1.0", requires=("radio",)),
    )
    address = registry(tmp_path / "registry", back_end, old, new, asking, lacking)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", address)
    monkeypatch.setenv("UV_NO_CONFIG", "1")
    monkeypatch.setenv("UV_DEFAULT_INDEX", address)
    complete = "".join(map(pinned, (back_end, asking, old)))
    (project / "requirements.lock").write_text(complete)
    (project / "requirements-dev.lock").write_text(complete + pinned(lacking))
    return project


def test_a_complete_lock_is_installed_as_it_stands_and_a_missing_package_is_named(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(machine))  # what a user has set for other programs leads nobody astray
    monkeypatch.setenv("PIP_USER", "1")
    go.prepare(go.RUNTIME)
    monkeypatch.delenv("PYTHONPATH")
    shown = "import escort, motorlog, sys; print(motorlog.__version__, sys.path[-1])"
    ran = subprocess.run([go.PYTHON, "-c", shown], capture_output=True, text=True, check=True)
    assert ran.stdout.split(maxsplit=1) == ["1.0", f"{machine}\n"]
    out, said = capfd.readouterr()
    assert out == ""
    assert [line.strip() for line in said.splitlines()[2:]] == [
        "making .venv",
        "installing the packages of requirements.lock",
        "installing custodiet itself",
        "looking for packages that requirements.lock does not bring",
        "Ready.",
        "",
    ]

    with pytest.raises(SystemExit):
        go.prepare(go.DEVELOPMENT)
    said = capfd.readouterr().err
    assert "exit 1 from looking for packages that requirements-dev.lock does not bring" in said
    assert any("siren" in line and "radio" in line and "not installed" in line for line in said.splitlines())
    assert not go.installed(go.DEVELOPMENT)


def test_a_package_that_is_not_the_one_pinned_is_refused_with_the_installers_words(
    machine: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lock = (machine / "requirements.lock").read_text()
    (machine / "requirements.lock").write_text(lock[:-8] + "0000000\n")
    with pytest.raises(SystemExit) as ended:
        go.prepare(go.RUNTIME)
    assert ended.value.code == 2
    said = capfd.readouterr().err
    assert "go.py: exit 1 from installing the packages of requirements.lock\n" in said
    assert "motorlog" in said
    assert "0000000" in said
    assert "The whole output is in build/set-up.log." in said
    assert len(said.splitlines()) <= 4 + 1 + go.LOG_LINES_SHOWN + 2
    assert "install" in (machine / "build/set-up.log").read_text(encoding="utf-8")
