"""What several test files begin with."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from custodiet.cli.main import main
from tests.once import SHARED

# The pages' examples start the program hundreds of times; where Python is told to keep nothing it compiled, each start
# would compile all of it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_unconfigure() -> None:
    """Take back what Hypothesis leaves in the collector, which Python never empties.

    Through it the modules of DuckDB outlive the program, and DuckDB reports all its types and functions as leaked.
    """
    gc.callbacks.clear()


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache folder of the tests' own: none reads or writes the user's. Workers side by side have one together.

    So they have the folder of what is made once in a run.
    """
    own = tmp_path_factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with pytest.MonkeyPatch.context() as patch:
        for variable, name in (("XDG_CACHE_HOME", "cache"), (SHARED, "shared")):
            (run / name).mkdir(exist_ok=True)
            patch.setenv(variable, str(run / name))
        yield


@pytest.fixture
def docket(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A docket as `custodiet init` writes it."""
    folder = tmp_path / "first"
    assert main(["init", str(folder)]) == 0
    capsys.readouterr()
    return folder
