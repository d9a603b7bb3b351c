"""What several test files begin with."""

from pathlib import Path

import pytest

from custodiet.cli.main import main


@pytest.fixture
def docket(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A docket as `custodiet init` writes it."""
    folder = tmp_path / "first"
    assert main(["init", str(folder)]) == 0
    capsys.readouterr()
    return folder
