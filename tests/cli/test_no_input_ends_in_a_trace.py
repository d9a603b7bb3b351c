"""Files that wait, texts without end, names that are no text, terminals that cannot print: a sentence, never a trace.

Every command that opens what was planted is run on it. None may reach the last resort (exit code 70) or wait; what is
refused names the file and says what to do.
"""

import contextlib
import io
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import pytest

from custodiet.cli import check as check_command
from custodiet.cli.exits import DONE, FAULT, INTERRUPTED, NO_READER, REFUSED, STOPPED, WRONG_CALL
from custodiet.cli.main import main

PATIENCE = 20
"""Seconds after which a command counts as waiting for ever."""

Plant = Callable[[Path], None]


@pytest.fixture(autouse=True)
def no_command_waits() -> Iterator[None]:
    def waits(_number: int, _frame: FrameType | None) -> None:
        message = f"the command still waits after {PATIENCE} seconds"
        raise AssertionError(message)

    before = signal.signal(signal.SIGALRM, waits)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def pipe(name: str) -> Plant:
    def plant(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return plant


def circle(name: str) -> Plant:
    """A link that leads, by way of another, to itself."""

    def plant(folder: Path) -> None:
        place = folder / name
        place.unlink(missing_ok=True)
        place.symlink_to(f"{place.name}.2")
        place.with_name(f"{place.name}.2").symlink_to(place.name)

    return plant


def text(name: str, content: str) -> Plant:
    def plant(folder: Path) -> None:
        (folder / name).write_text(content, encoding="utf-8")

    return plant


def renamed(name: str, to: bytes) -> Plant:
    def plant(folder: Path) -> None:
        (folder / name).rename(folder / os.fsdecode(to))

    return plant


class Planted(NamedTuple):
    """What is planted into a docket, and what is said of it: the words that name it, and what to do."""

    what: str
    plant: Plant
    code: int
    says: tuple[str, ...]


PIPE = "it is a named pipe; copy its content into a regular file and name that"
CIRCLE = "its links lead in a circle; put the file itself there"

DOCKETS = (
    Planted("a pipe for docket.toml", pipe("docket.toml"), WRONG_CALL, ("docket.toml",)),
    Planted("a circle for docket.toml", circle("docket.toml"), WRONG_CALL, ("docket.toml",)),
    Planted("lists in lists", text("docket.toml", "title = " + "[" * 99_999), REFUSED, ("docket.toml:1", "too deep")),
    Planted("5,001 digits", text("docket.toml", "title = " + "9" * 5001), REFUSED, ("docket.toml:1", "many digits")),
    Planted("a pipe for a table", pipe("records/seat.csv"), REFUSED, ("records/seat.csv", PIPE)),
    Planted("a circle for a table", circle("records/seat.csv"), REFUSED, ("records/seat.csv", CIRCLE)),
    Planted("a pipe for amendments", pipe("amendments.csv"), REFUSED, ("amendments.csv", PIPE)),
    Planted("a circle for amendments", circle("amendments.csv"), REFUSED, ("amendments.csv", CIRCLE)),
    Planted("a pipe for the list of exhibits", pipe("exhibits/exhibits.csv"), REFUSED, ("exhibits.csv", PIPE)),
    Planted("a pipe for the key", pipe("salt.key"), REFUSED, ("salt.key", PIPE)),
    Planted("a circle for the key", circle("salt.key"), REFUSED, ("salt.key", CIRCLE)),
)
PACKS = (
    Planted("tables without end", text("pack/pack.toml", "a = " + "{b=" * 9999), REFUSED, ("pack.toml", "too deep")),
    Planted("more digits", text("pack/pack.toml", "a = " + "9" * 5001), REFUSED, ("pack.toml", "too many digits")),
    Planted("a pipe for a policy", pipe("pack/policies/seat-fare.md"), REFUSED, ("seat-fare.md", PIPE)),
    Planted("a circle for a policy", circle("pack/policies/seat-fare.md"), REFUSED, ("seat-fare.md", CIRCLE)),
    Planted(
        "a policy whose name is in Latin-1",
        renamed("pack/policies/seat-fare.md", b"pack/policies/tarif-\xe9t\xe9.md"),
        REFUSED,
        (r"tarif-\udce9t\udce9.md", "rename the file"),
    ),
)


def stopped_at(planted: Planted, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code = main(words)
    said = capsys.readouterr().err
    assert code == planted.code, said
    assert [each for each in planted.says if each not in said] == [], said


@pytest.mark.parametrize("planted", DOCKETS, ids=lambda each: each.what)
@pytest.mark.parametrize("command", ["import", "audit", "explain", "case", "report", "replay"])
def test_what_is_planted_into_a_docket_is_named_and_nothing_waits(
    docket: Path, capsys: pytest.CaptureFixture[str], planted: Planted, command: str
) -> None:
    planted.plant(docket)
    more = {
        "explain": ["seat-2"],
        "report": ["--readers", "internal", "--out", str(docket.parent / "page.html")],
    }
    before = [str(docket / "pack")] if command == "replay" else []
    stopped_at(planted, [command, *before, str(docket), *more.get(command, [])], capsys)


@pytest.mark.parametrize("planted", PACKS, ids=lambda each: each.what)
@pytest.mark.parametrize("command", ["check", "test", "prove", "ask", "diff", "audit"])
def test_what_is_planted_into_a_pack_is_named_and_nothing_waits(
    docket: Path, capsys: pytest.CaptureFixture[str], planted: Planted, command: str
) -> None:
    planted.plant(docket)
    pack = str(docket / "pack")
    more = {"prove": ["role = 'guest' never forbids"], "ask": ["--for", "seat", "role=guest"], "diff": [pack]}
    stopped_at(planted, [command, str(docket) if command == "audit" else pack, *more.get(command, [])], capsys)


@pytest.mark.parametrize("words", [["report", "{}", "--readers", "internal", "--out"], ["test", "{}/pack", "--junit"]])
def test_a_file_is_replaced_whole_and_no_other_is(
    docket: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    command, out = [each.format(docket) for each in words], docket.parent / "out"
    os.mkfifo(out)
    assert main([*command, str(out)]) == REFUSED
    assert f"{out}: it is a pipe or a device, and a file is to be written" in capsys.readouterr().err
    out.unlink()
    out.write_text("a letter", encoding="utf-8")
    key = (docket / "salt.key").read_bytes()
    for another in (out, docket / "salt.key", docket / "pack" / "policies" / "new.md"):
        assert main([*command, str(another)]) == REFUSED
    assert f"Name another file with {words[-1]}" in capsys.readouterr().err
    assert (out.read_text(encoding="utf-8"), (docket / "salt.key").read_bytes()) == ("a letter", key)
    out.unlink()
    assert main([*command, str(out)]) == DONE
    out.chmod(0o640)
    assert main([*command, str(out)]) == DONE
    assert out.read_bytes().startswith(b"<")
    assert out.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in docket.parent.iterdir()) == ["first", "out"]


@pytest.mark.parametrize("name", ["docket.toml", "salt.key", "pack/pack.toml", "pack/policies/seat-fare.md"])
def test_a_file_of_gigabytes_is_refused_before_it_is_read(
    docket: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    os.truncate(docket / name, 5 * 2**30)
    assert main(["audit", str(docket)]) == REFUSED
    said = capsys.readouterr().err
    assert name in said
    assert "it has 5,368,709,120 bytes, and at most 67,108,864 are read of such a file" in said


def test_a_table_of_gigabytes_is_refused_and_one_in_capital_letters_is_read(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docket / "records" / "seat.csv").rename(docket / "records" / "seat.CSV")
    (docket / "records" / "notes.txt").write_text("seen", encoding="utf-8")
    assert main(["audit", str(docket), "--format", "json"]) == DONE
    told = capsys.readouterr()
    assert '"results": 4' in told.out
    assert "records/notes.txt is not a table (<type>.csv) and was not read" in told.err
    os.truncate(docket / "records" / "leg.csv", 5 * 2**30)
    assert main(["audit", str(docket)]) == REFUSED
    assert "at most 2,147,483,648 are read" in capsys.readouterr().err


def test_a_socket_and_a_folder_are_called_by_their_kind(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (docket / "records" / "seat.csv").unlink()
    (docket / "records" / "seat.csv").mkdir()
    assert main(["audit", str(docket)]) == REFUSED
    assert "seat.csv cannot be read: it is a folder" in capsys.readouterr().err
    (docket / "records" / "seat.csv").rmdir()
    with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(docket):
        listening.bind("amendments.sock")
        (docket / "amendments.csv").unlink(missing_ok=True)
        (docket / "amendments.sock").rename(docket / "amendments.csv")
        assert main(["audit", str(docket)]) == REFUSED
    assert "amendments.csv cannot be read: it is a socket; copy its content" in capsys.readouterr().err


def test_a_docket_is_begun_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("custodiet.intake.salt.make_key", full)
    assert main(["init", str(tmp_path / "first")]) == STOPPED
    assert "the disk is full" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_help_that_nobody_can_get_is_no_answer() -> None:
    command = [sys.executable, "-m", "custodiet.cli.main"]
    with Path("/dev/full").open("wb") as full:
        for words in (["--help"], ["check", "--help"], ["check", "packs/nyc-conflicts"]):
            assert subprocess.run([*command, *words], stdout=full, stderr=full, check=False).returncode == STOPPED


def test_a_table_whose_name_is_no_text_is_told_and_the_rest_is_read(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docket / "records" / os.fsdecode(b"v\xe9hicule.csv")).write_bytes(b"id\n")
    (docket / "exhibits" / os.fsdecode(b"pi\xe8ce.pdf")).write_bytes(b"")
    assert main(["import", str(docket)]) == DONE
    told = capsys.readouterr()
    assert r"records/v\udce9hicule.csv was not read: its name is not text in UTF-8; rename it" in told.out + told.err
    assert r"exhibits/pi\udce8ce.pdf is not in exhibits/exhibits.csv" in told.out + told.err
    assert main(["audit", str(docket)]) == DONE


@pytest.mark.parametrize("words", [["audit"], ["explain"], ["audit", "--format", "json"], ["audit", "--format", "csv"]])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_any_terminal_gets_an_answer(
    docket: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, words: list[str]
) -> None:
    table = docket / "docket.toml"
    table.write_text(table.read_text("utf-8").replace("A first docket", "Łódź, 5 € → 日本"), encoding="utf-8")
    terminal, notes = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "stderr", notes)
    record = ["seat-2"] if words == ["explain"] else []
    assert main([words[0], str(docket), *record, *words[1:]]) == DONE
    said = terminal.buffer.getvalue()
    if "json" in words:
        import json

        assert json.loads(said)["docket"] == "Łódź, 5 € → 日本"
    elif words == ["audit"]:
        assert said.startswith("Łódź, 5 € → 日本".encode(encoding, "backslashreplace"))


def test_a_closed_stdout_is_an_error_and_a_closed_stderr_is_none(
    docket: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stdout", None)
        assert main(["audit", str(docket)]) == STOPPED
    assert "stdout is closed" in capsys.readouterr().err
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stderr", None)
        assert main(["audit", str(docket), "--format", "json"]) == DONE
    assert capsys.readouterr().out.startswith("{")


@pytest.mark.parametrize(
    ("raised", "code", "says"),
    [
        (KeyboardInterrupt(), INTERRUPTED, "interrupted; nothing that was recorded is lost"),
        (
            OSError(28, "No space left on device", "x"),
            STOPPED,
            "x: the disk is full, or your share of it; nothing that was recorded is lost; make room",
        ),
        (MemoryError(), STOPPED, "no memory left"),
        (BrokenPipeError(), NO_READER, ""),
    ],
)
def test_each_way_of_being_stopped_has_a_code_of_its_own(
    docket: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    raised: BaseException,
    code: int,
    says: str,
) -> None:
    def stopped(*_: object) -> None:
        raise raised

    monkeypatch.setattr(check_command, "folder_with", stopped)
    assert main(["check", str(docket / "pack")]) == code
    assert says in capsys.readouterr().err


def test_a_fault_of_the_program_ends_with_a_sentence_and_its_trace_is_in_the_file_named(
    docket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def planted(*_: object) -> None:
        message = "planted\x1b[2K"
        raise LookupError(message)

    monkeypatch.setattr(check_command, "folder_with", planted)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["check", str(docket / "pack")]) == FAULT
    said = capsys.readouterr().err
    assert said.startswith(r"custodiet: the program is at fault (LookupError: 'planted\x1b[2K')")
    assert "Traceback" not in said
    [file] = re.findall(r"Its trace is in (\S+)\.", said)
    assert "in planted" in Path(file).read_text("utf-8")
    assert Path(file).stat().st_mode & 0o077 == 0
