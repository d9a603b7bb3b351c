"""What several test files begin with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from custodiet.cli.main import main


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache folder of the tests' own: none reads or writes the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def docket(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A docket as `custodiet init` writes it."""
    folder = tmp_path / "first"
    assert main(["init", str(folder)]) == 0
    capsys.readouterr()
    return folder
