"""What tests share is made once, whoever asks first, and without a word."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.once import SHARED, once


@pytest.fixture(autouse=True)
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHARED, str(tmp_path))


def test_who_asks_meanwhile_waits_and_gets_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        sys.stdout.write("words of the program\n")
        made.append(folder)
        time.sleep(0.05)
        (folder / "page").write_text("whole", encoding="utf-8")

    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(lambda _: (once("report", make) / "page").read_text(encoding="utf-8"), range(4)))
    assert found == ["whole"] * 4
    assert len(made) == 1
    assert capsys.readouterr() == ("", "")


def test_what_could_not_be_made_is_made_anew_and_its_words_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        sys.stdout.write("what went wrong\n")
        message = "no"
        raise AssertionError(message)

    with pytest.raises(AssertionError, match="no"):
        once("report", fail)
    assert capsys.readouterr() == ("", "what went wrong\n")
    assert [path.name for path in once("report", lambda folder: (folder / "page").touch()).iterdir()] == ["page"]
