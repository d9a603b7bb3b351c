"""The ledger on a machine that fails: full disks, folders that may only be read, other programs, sudden death."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from custodiet.base.errors import Refused
from custodiet.ledger.entry import Entry, RecordMade
from custodiet.ledger.log import Ledger
from custodiet.records import core_types


def entry(note: str = "x") -> Entry:
    return Entry("the log officer", "2024-05-01", "the log", RecordMade("leg", "L1", {"note": note}))


def test_every_opening_asks_for_the_settings_that_keep_what_is_acknowledged(tmp_path: Path) -> None:
    for _ in range(2):
        with Ledger.open(tmp_path, core_types()) as ledger:
            connection = ledger._store._connection  # type: ignore[attr-defined] # noqa: SLF001 - they are its own
            settings = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
            assert settings == ["wal", 2]


def test_a_ledger_on_a_full_disk_refuses_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, core_types()) as ledger:
        ledger.append(entry(), "small")
        connection = ledger._store._connection  # type: ignore[attr-defined] # noqa: SLF001 - only SQLite can pretend
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        large = entry("x" * 100_000)
        with pytest.raises(Refused, match=r"the disk is full; nothing of this step was kept\. Make room"):
            ledger.append(large, "large")
        assert (ledger.size, len(ledger.entries())) == (1, 1)
        connection.execute("PRAGMA max_page_count = 100000")
        assert ledger.append(large, "large").index == 1


CHILD = """
import io, os, resource, sys
from pathlib import Path
from custodiet.base.errors import Refused
from custodiet.ledger.entry import Entry, RecordMade
from custodiet.ledger.log import Ledger
from custodiet.records import core_types
try:
    {setup}
    ledger = Ledger.open(Path(sys.argv[1]), core_types(), wait_ms=50)
    ledger.append(Entry("a", "2024-05-01", "s", RecordMade("leg", "L1", dict(note="x"))), "first")
    print("acknowledged")
    {then}
except Refused as refused:
    print(refused)
"""


def child(folder: Path, setup: str = "pass", then: str = "pass") -> str:
    """What another program says that uses the ledger in a folder."""
    code = CHILD.format(setup=setup, then=then)
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(
    "then",
    [
        'ledger.append(Entry("a", "2024-05-01", "s", RecordMade("leg", "L2", dict(note="x" * 3_000_000))), "large")',
        'ledger.custody.keep(io.BytesIO(b"x" * 3_000_000))',
    ],
    ids=["an entry", "an exhibit"],
)
def test_a_write_that_the_system_cuts_off_leaves_nothing_behind(tmp_path: Path, then: str) -> None:
    said = child(tmp_path, then=f"resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)); {then}")
    assert said.startswith("acknowledged\n")
    assert "Make room and run it again" in said
    with Ledger.open(tmp_path, core_types()) as ledger:
        assert [kept.key for kept in ledger.entries()] == ["first"]
    assert list((tmp_path / "exhibits").glob("*")) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1_000_000, "only the child was limited"


def test_a_folder_that_may_only_be_read_is_refused_with_what_to_do() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        # To the superuser nothing is read-only: the child becomes nobody.
        setup = "os.geteuid() == 0 and (os.setgroups([]), os.setgid(65534), os.setuid(65534))"
        said = child(folder / ".custodiet", setup=setup)
        folder.chmod(0o755)
    assert "may not be written. Give yourself the right" in said
    assert "acknowledged" not in said


def test_a_ledger_file_that_may_only_be_read_is_refused_with_what_to_do() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        child(folder)
        for path in (folder, *folder.iterdir()):
            path.chmod(0o555)
        setup = "os.geteuid() == 0 and (os.setgroups([]), os.setgid(65534), os.setuid(65534))"
        said = child(folder, setup=setup)
        folder.chmod(0o755)
    assert "Give yourself the right to write it" in said
    assert "acknowledged" not in said


def test_a_ledger_in_use_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with Ledger.open(tmp_path, core_types()) as ledger, ledger.batch():
        assert "another program is writing to it. Wait until that program has finished" in child(tmp_path)
    assert child(tmp_path) == "acknowledged\n"


def test_what_is_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    code = CHILD.format(setup="pass", then="sys.stdout.flush(); os.kill(os.getpid(), 9)")
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (-9, b"acknowledged\n")
    with Ledger.open(tmp_path, core_types()) as ledger:
        assert [kept.key for kept in ledger.entries()] == ["first"]


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"minutes of the meeting " * 100)
    with pytest.raises(Refused, match="the file is not a ledger"):
        Ledger.open(tmp_path, core_types())


def test_the_folder_s_place_is_taken_by_a_file(tmp_path: Path) -> None:
    (tmp_path / ".custodiet").write_text("x")
    with pytest.raises(Refused, match=r"\.custodiet: it cannot be written"):
        Ledger.open(tmp_path / ".custodiet", core_types())


def test_git_is_told_to_leave_the_ledger_out(tmp_path: Path) -> None:
    Ledger.open(tmp_path / ".custodiet", core_types()).close()
    assert (tmp_path / ".custodiet" / ".gitignore").read_text() == "*\n"
