"""The docket that `custodiet init` writes, as a person changes it and asks the command line about it."""

import json
from pathlib import Path
from typing import Any

import pytest

from custodiet.cli.main import main


def change(file: Path, old: str, new: str) -> None:
    """Write something else in one place of a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def answer(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    """What a command says on stdout in JSON."""
    assert main([*words, "--format", "json"]) == code
    said = json.loads(capsys.readouterr().out)
    assert isinstance(said, dict)
    return said
