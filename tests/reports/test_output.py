"""What `--out` may replace, and that a command which is killed leaves the audit of before or the new one."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from custodiet.base.errors import Refused
from custodiet.cli import output
from custodiet.cli.folder_swap import exchange
from custodiet.cli.main import main
from custodiet.cli.output import put, refuse_another
from custodiet.verify.archive import BYTES_MAX

OLD = {"results.csv": b"old", "report/index.html": b"old", "audit.zip": b"old"}
NEW = dict.fromkeys(OLD, b"new")
BEFORE, AFTER = {**OLD, "notes/mine.txt": b"mine"}, {**NEW, "notes/mine.txt": b"mine"}


@pytest.fixture(scope="module")
def docket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output") / "first"
    assert main(["init", str(folder)]) == 0
    assert main(["import", str(folder)]) == 0
    return folder


def held(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def filled(folder: Path) -> Path:
    put(OLD, folder)
    (folder / "notes").mkdir()
    (folder / "notes" / "mine.txt").write_bytes(b"mine")
    return folder


# --- kills


def killed_at(step: int, folder: Path) -> bool:
    """Write the new files in a process that dies just before its step that touches a file; False if it has so few."""
    child = os.fork()
    if child == 0:
        steps = 0

        def count(event: str, _: tuple[object, ...]) -> None:
            nonlocal steps
            if event == "open" or event.startswith(("os.", "shutil.", "tempfile.", "ctypes.")):
                steps += 1
                if steps > step:
                    os._exit(9)

        sys.addaudithook(count)
        try:
            put(NEW, folder)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed in a copy of this one")
def test_killed_at_any_step_it_leaves_the_old_audit_or_the_new_one(tmp_path: Path) -> None:
    seen = []
    for step in range(1000):
        folder = filled(tmp_path / f"{step}" / "out")
        if not killed_at(step, folder):
            break
        seen.append(held(folder))
    assert held(folder) == AFTER
    assert [path.name for path in folder.parent.iterdir()] == ["out"], "nothing is left beside it"
    assert len(seen) > 20
    assert all(each in (BEFORE, AFTER) for each in seen)
    assert BEFORE in seen
    assert AFTER in seen, "a kill while the old audit is cleared away"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed in a copy of this one")
def test_where_folders_cannot_change_places_a_kill_mixes_nothing_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "exchange", lambda _new, _old: False)
    gaps = 0
    for step in range(1000):
        folder = filled(tmp_path / f"{step}" / "out")
        if not killed_at(step, folder):
            break
        if folder.exists():
            assert held(folder) in (BEFORE, AFTER)
            continue
        gaps += 1
        [aside] = folder.parent.glob(".out-*")
        assert held(aside / "old") == BEFORE
        put(NEW, folder)
        assert held(folder) == NEW, "the next run makes the folder again"
    assert held(folder) == AFTER
    assert gaps > 0


def test_what_may_not_be_linked_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = filled(tmp_path / "out")
    (folder / "link").symlink_to("notes")

    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    put(NEW, folder)
    assert held(folder) == AFTER
    assert (folder / "link").readlink() == Path("notes")


def test_a_folder_keeps_its_rights_and_a_link_to_it_stays(tmp_path: Path) -> None:
    folder = filled(tmp_path / "out")
    folder.chmod(0o750)
    (tmp_path / "link").symlink_to(folder)
    put(NEW, tmp_path / "link")
    assert held(folder) == AFTER
    assert folder.stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "link").is_symlink()
    put(NEW, tmp_path / "fresh")
    (tmp_path / "plain").mkdir()
    assert (tmp_path / "fresh").stat().st_mode == (tmp_path / "plain").stat().st_mode


# --- what may be replaced


def refused(docket: Path, folder: Path | str, capsys: pytest.CaptureFixture[str], command: str = "audit") -> str:
    capsys.readouterr()
    assert main([command, str(docket), "--out", str(folder), "--readers", "internal"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert "with --out, such as build/" in said.err
    return said.err


def checkout(folder: Path) -> Path:
    (folder / ".git").mkdir(parents=True)
    (folder / "README.md").write_text("ours", encoding="utf-8")
    return folder


def law(folder: Path) -> Path:
    folder.mkdir()
    (folder / "pack.toml").write_text('name = "x"\n', encoding="utf-8")
    return folder


def papers(folder: Path) -> Path:
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}\x1b[2K.txt").write_text("papers", encoding="utf-8")
    return folder


def own_results(folder: Path) -> Path:
    folder.mkdir()
    (folder / "results.csv").write_text("of another program", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("make", "inside", "says"),
    [
        (papers, "", "it holds '0\\x1b[2K.txt', '1\\x1b[2K.txt', '2\\x1b[2K.txt' and 2 more, but no audit.zip"),
        (own_results, "", "it holds 'results.csv', but no audit.zip"),
        (checkout, "", "it holds '.git', 'README.md', but no audit.zip"),
        (checkout, ".git/new", "it is in the folder .git"),
        (law, "", "it is in the pack"),
        (law, "policies/new", "it is in the pack"),
    ],
    ids=["papers", "results", "checkout", "git", "pack", "in a pack"],
)
def test_a_folder_with_something_else_is_not_replaced(
    docket: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    make: Callable[[Path], Path],
    inside: str,
    says: str,
) -> None:
    folder = make(tmp_path / "there")
    before = held(tmp_path)
    (tmp_path / "link").symlink_to(folder)
    for way in (folder, tmp_path / "link"):
        assert says in refused(docket, way / inside, capsys)
    assert held(tmp_path) == before


def test_the_root_the_home_folder_and_where_one_is_are_not_replaced(
    docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "but no audit.zip of an audit to replace" in refused(docket, "/", capsys)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "it is your home folder" in refused(docket, tmp_path, capsys)
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    assert "it is the folder you are in" in refused(docket, ".", capsys)
    assert "it holds 'below'" in refused(docket, "..", capsys)


def test_links_in_a_circle_lead_to_no_folder(docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert "it does not lead to a folder" in refused(docket, tmp_path / "a", capsys)


def test_an_empty_folder_is_filled(docket: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert main(["audit", str(docket), "--out", str(tmp_path / "out"), "--readers", "internal"]) == 0
    assert set(held(tmp_path / "out")) == {"audit.zip", "results.csv", "results.parquet", "report/index.html"}


@pytest.mark.parametrize(
    ("content", "readers", "code"),
    [
        (b"my notes", "public", 3),
        (b"\xff" * 100, "public", 3),
        ("public", "public", 0),
        ("internal", "public", 3),
        (None, "public", 0),
    ],
    ids=["notes", "bytes", "the same edition", "another edition", "nothing"],
)
def test_a_page_replaces_the_page_of_the_same_docket_and_edition_alone(
    docket: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | str | None,
    readers: str,
    code: int,
) -> None:
    page = tmp_path / "page.html"
    if isinstance(content, str):
        assert main(["report", str(docket), "--out", str(page), "--readers", content]) == 0
    elif content is not None:
        page.write_bytes(content)
    before = held(tmp_path)
    assert main(["report", str(docket), "--out", str(page), "--readers", readers]) == code
    if code:
        assert "page.html: it is not the" in capsys.readouterr().err
        assert held(tmp_path) == before
    else:
        assert b"Public edition" in page.read_bytes()
    assert list(held(tmp_path)) == ["page.html"]


def test_a_page_is_a_file_outside_the_docket(docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "it is a folder, and a file is to be written" in refused(docket, tmp_path, capsys, "report")
    assert "it is in the docket" in refused(docket, docket / "records" / "leg.csv", capsys, "report")


# --- what does not fit


def test_a_document_that_no_archive_can_hold_is_told_before_any_work(
    docket: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file with a hole in it: it has 4 GiB and takes no room."""
    (tmp_path / "exhibits").mkdir()
    large = tmp_path / "exhibits" / "film.mp4"
    with large.open("wb") as film:
        film.truncate(BYTES_MAX + 1)
    shutil.copy(docket / "docket.toml", tmp_path)
    call = ["audit", str(tmp_path), "--out", str(tmp_path.parent / "new"), "--readers", "internal"]
    assert main(call) == 3
    said = capsys.readouterr().err
    assert "film.mp4 has 4,294,967,296 bytes" in said
    assert "has room for 4,294,967,295" in said
    assert "nothing was written" in said
    assert not (tmp_path / ".custodiet").exists()


def test_an_archive_without_pins_or_with_others_is_not_replaced(tmp_path: Path) -> None:
    from custodiet.verify.archive import write
    from custodiet.verify.canonical import canonical

    others = [{"format": "custodiet audit 1"}, {"format": "custodiet audit 1", "docket": 3, "edition": []}, [], "x", {}]
    for files in ({}, *({"audit.json": canonical(pins)} for pins in others)):
        (tmp_path / "audit.zip").write_bytes(write(files))
        with pytest.raises(Refused, match="it does not say which audit it belongs to"):
            refuse_another(tmp_path, "audit.zip", "First", "internal")


def test_folders_change_places_in_one_step_on_this_system(tmp_path: Path) -> None:
    """What the documentation says of Linux; elsewhere this may be skipped."""
    if not sys.platform.startswith("linux"):
        pytest.skip("renameat2 is a step of Linux")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x").write_bytes(b"x")
    assert exchange(tmp_path / "a", tmp_path / "b")
    assert held(tmp_path) == {"a/x": b"x"}
    with pytest.raises(OSError, match="No such file"):
        exchange(tmp_path / "a", tmp_path / "c")
