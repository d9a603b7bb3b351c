"""What the program keeps for its user: believed if the user's own key vouches for it, and no matter if it is lost."""

import os
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from custodiet.cli import cache as kept
from custodiet.cli.cache import FILES_MOST, KEY, KEY_BYTES, keep, recall

LAW = {"pack": "abc", "program": "custodiet 0.1.0"}
OTHER_LAW = {"pack": "abd", "program": "custodiet 0.1.0"}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder without anything in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "custodiet"


def finding(cache: Path) -> Path:
    """The one finding that is kept."""
    (file,) = (each for each in cache.iterdir() if each.name != KEY)
    return file


def test_what_is_kept_is_found_under_the_same_law_and_no_other() -> None:
    assert recall(LAW) is None
    keep(LAW, "no gaps\nin €")
    assert recall(LAW) == "no gaps\nin €"
    assert recall(OTHER_LAW) is None


def test_folder_key_and_finding_are_the_users_alone(cache: Path) -> None:
    keep(LAW, "no gaps")
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in cache.iterdir()} == {0o600}
    assert (cache / KEY).stat().st_size == KEY_BYTES


def emptied(file: Path) -> None:
    seal, _, _ = file.read_text().partition("\n")
    file.write_text(f"{seal}\n[]")


def nested(file: Path) -> None:
    file.write_text("[" * 100_000)


def huge(file: Path) -> None:
    os.truncate(file, 2**30)


def linked(file: Path) -> None:
    file.rename(file.parent.parent / "elsewhere")
    file.symlink_to(file.parent.parent / "elsewhere")


def a_link_to_itself(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def half_written(file: Path) -> None:
    os.truncate(file, 40)


def no_text(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00" * 9)


def writable_for_all(file: Path) -> None:
    file.chmod(0o666)


SPOILT = (emptied, nested, huge, linked, a_link_to_itself, a_pipe, half_written, no_text, writable_for_all)


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_finding_that_the_key_does_not_vouch_for_is_as_none_and_is_replaced(
    cache: Path, spoil: Callable[[Path], None]
) -> None:
    keep(LAW, "a gap")
    spoil(finding(cache))
    assert recall(LAW) is None
    keep(LAW, "a gap")
    assert recall(LAW) == "a gap"


@pytest.mark.parametrize("spoil", [nested, huge, linked, a_link_to_itself, a_pipe, half_written, writable_for_all])
def test_a_key_that_is_spoilt_vouches_for_nothing_and_is_made_anew(cache: Path, spoil: Callable[[Path], None]) -> None:
    keep(LAW, "a gap")
    spoil(cache / KEY)
    if spoil is half_written:
        os.truncate(cache / KEY, KEY_BYTES - 1)
    assert recall(LAW) is None
    keep(LAW, "a gap")
    assert recall(LAW) == "a gap"


def test_a_finding_of_one_law_passes_for_no_other(cache: Path) -> None:
    keep(LAW, "no gaps")
    good = finding(cache)
    before = good.read_bytes()
    keep(OTHER_LAW, "a gap")
    (other,) = (each for each in cache.iterdir() if each.name not in (KEY, good.name))
    other.write_bytes(before)
    assert recall(OTHER_LAW) is None


def test_what_another_users_key_vouches_for_is_not_believed(cache: Path) -> None:
    keep(LAW, "no gaps")
    (cache / KEY).write_bytes(bytes(KEY_BYTES))
    assert recall(LAW) is None


@pytest.mark.parametrize("spoilt", [False, True])
def test_many_at_once_lose_nothing_and_make_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, spoilt: bool
) -> None:
    laws = [{"pack": str(number)} for number in range(20)]
    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # So that threads meet inside the making of a key.
    try:
        for number in range(20):
            base = tmp_path / str(number)
            monkeypatch.setenv("XDG_CACHE_HOME", str(base))
            if spoilt:
                (base / "custodiet").mkdir(mode=0o700, parents=True)
                (base / "custodiet" / KEY).write_bytes(b"short")
            with ThreadPoolExecutor(20) as pool:
                list(pool.map(lambda law: keep(law, law["pack"]), laws))
            assert [recall(law) for law in laws] == [law["pack"] for law in laws]
            assert len(list((base / "custodiet").iterdir())) == len(laws) + 1
    finally:
        sys.setswitchinterval(often)


def test_the_oldest_go_first_and_the_key_stays(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "FILES_MOST", 3)
    assert FILES_MOST > 3
    for number in range(5):
        keep({"pack": str(number)}, "found")
        for age, file in enumerate(sorted(cache.iterdir(), key=lambda each: each.stat().st_mtime_ns)):
            os.utime(file, ns=(age, age))
    assert [recall({"pack": str(number)}) for number in range(5)] == [None, None, "found", "found", "found"]


@pytest.mark.parametrize("home", ["/dev/null", "/proc/nowhere", "", "here"])
def test_without_a_folder_that_can_be_written_nothing_is_kept_and_nothing_breaks(
    home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # no path, says the specification, is to be ignored
    monkeypatch.setenv("HOME", home)
    keep(LAW, "a gap")
    assert recall(LAW) is None


def test_a_user_without_a_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", nowhere)
    keep(LAW, "a gap")
    assert recall(LAW) is None


def test_nothing_is_kept_in_a_docket_even_if_the_cache_lies_there(cache: Path) -> None:
    (cache.parent / "docket.toml").write_text("")
    keep(LAW, "a gap")
    assert not cache.exists()
    assert recall(LAW) is None
