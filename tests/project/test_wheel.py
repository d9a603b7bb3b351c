"""The wheel: what is in it, that it works where nothing else of ours is, and that one folder of it verifies alone."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from scripts.installed import alone, wheel
from tests.house import ROOT

FORMAT_1 = ROOT / "tests" / "fixtures" / "format-1"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once."""
    return wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python outside this folder that has the wheel, and of all else only the packages that it depends on."""
    folder = tmp_path_factory.mktemp("env")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=60)
    packages = next(folder.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(built) as archive:
        archive.extractall(packages)
    # As a folder on the path, and not as one of site-packages: what is installed there in editable form stays unseen.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin" / "python"


def run(python: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(python), *words], cwd=folder, env=alone(), capture_output=True, text=True, check=False, timeout=120
    )


def custodiet(python: Path, folder: Path, *words: str, code: int = 0) -> str:
    program = "from custodiet.cli.main import main; import sys; sys.exit(main(sys.argv[1:]))"
    ran = run(python, folder, "-c", program, *words)
    assert ran.returncode == code, f"{words}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


def test_the_wheel_holds_the_program_and_the_example_and_no_real_law(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    source = {str(path.relative_to(ROOT)) for path in (ROOT / "custodiet").rglob("*") if path.is_file()}
    source = {name for name in source if "__pycache__" not in name}
    example = {name for name in names if name.startswith("custodiet/example/")}
    assert names - example == source
    assert "custodiet/py.typed" in names
    assert "custodiet/records/core/leg.md" in names
    assert {name.split("/")[2] for name in example} == {"docket", "pack"}
    packs = {path.name for path in (ROOT / "packs").iterdir()} - {"model-code"}
    assert not any(pack in name for pack in packs for name in names), "packs of real law are files that a person names"
    assert not any(".custodiet" in name for name in names)


def test_the_installed_program_does_its_work_in_an_empty_folder(python: Path, tmp_path: Path) -> None:
    where = run(python, tmp_path, "-c", "import custodiet; print(custodiet.__file__)").stdout
    assert str(ROOT) not in where
    assert "ten rows" in custodiet(python, tmp_path, "init", "first")
    custodiet(python, tmp_path, "check", "first/pack")
    assert "4 results" in custodiet(python, tmp_path, "audit", "first", "--out", "out", "--readers", "internal")
    custodiet(python, tmp_path, "report", "first", "--out", "page.html", "--readers", "public")
    assert "Nothing is wrong." in custodiet(python, tmp_path, "verify", "out/audit.zip")
    assert "A first docket" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_example_is_model_city_and_is_audited_as_in_the_source(python: Path, tmp_path: Path) -> None:
    custodiet(python, tmp_path, "init", "--example", "city")
    held = {str(path.relative_to(tmp_path / "city")) for path in (tmp_path / "city").rglob("*") if path.is_file()}
    assert {"docket.toml", "salt.key", "records/voucher.csv", "pack/pack.toml", "pack/records/travel_day.md"} <= held
    assert "1,378 results" in custodiet(python, tmp_path, "audit", "city")


@pytest.mark.parametrize("edition", ["internal", "respondent", "public"])
def test_an_archive_is_verified_with_nothing_but_python_and_one_folder(
    built: Path, tmp_path: Path, edition: str
) -> None:
    with zipfile.ZipFile(built) as archive:
        alone_ = [name for name in archive.namelist() if name.startswith("custodiet/verify/")]
        archive.extractall(tmp_path, [*alone_, "custodiet/__init__.py"])
    # -S: no packages are seen at all.
    ran = run(Path(sys.executable), tmp_path, "-S", "-m", "custodiet.verify", str(FORMAT_1 / f"{edition}.zip"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Nothing is wrong." in ran.stdout
    assert "results.parquet was not compared" in ran.stdout
    broken = tmp_path / "broken.zip"
    content = bytearray((FORMAT_1 / f"{edition}.zip").read_bytes())
    content[len(content) // 2] ^= 1
    broken.write_bytes(content)
    assert run(Path(sys.executable), tmp_path, "-S", "-m", "custodiet.verify", str(broken)).returncode == 1
    assert run(Path(sys.executable), tmp_path, "-S", "-m", "custodiet.verify", "no.zip").returncode == 2
