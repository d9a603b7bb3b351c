"""Earlier findings of the program, kept in the user's own cache folder and trusted only under the user's own key.

The cache saves time and proves nothing. If anything is wrong with it (no home, a full disk, another user's file, a
pipe in place of a file), the program behaves as if it were empty: it does the work again and reports no error.
Each finding is a file of its own, moved into place whole, so that two processes at once lose nothing.

The folder follows the XDG Base Directory Specification 0.8: `$XDG_CACHE_HOME/custodiet`, else `~/.cache/custodiet`.
"""

import fcntl
import hmac
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

KEY = "key"
KEY_BYTES = 32
LONGEST = 16 * 2**20
"""The most bytes of one finding; a longer one is neither kept nor read."""
FILES_MOST = 500
"""The most files in the folder; the oldest are deleted first."""


def recall(about: Mapping[str, str]) -> str | None:
    """The finding kept under exactly these pins; None if there is none, or none that the user's key vouches for."""
    folder = _folder()
    if folder is None:
        return None
    key = _sound_key(folder)
    found = _read(folder / _name(about), LONGEST)
    if key is None or found is None:
        return None
    seal, _, text = found.partition(b"\n")
    # Only bytes that the seal vouches for are read as text, so nobody else's reach a parser.
    return text.decode("utf-8") if hmac.compare_digest(seal, _seal(key, about, text)) else None


def keep(about: Mapping[str, str], found: str) -> None:
    """Keep a finding under these pins, if possible."""
    text = found.encode("utf-8")
    folder = _folder()
    if folder is None or len(text) > LONGEST - 2 * sha256().digest_size - 1:
        return
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(folder.stat()):
            return
        key = _key(folder)
        with _written(folder, _seal(key, about, text) + b"\n" + text) as made:
            made.replace(folder / _name(about))
        _drop_the_oldest(folder)
    except OSError:
        return  # Without a cache the answer is the same.


def _folder() -> Path | None:
    """The user's cache folder; None if there is none, or if it lies in a docket, whose contents are not trusted."""
    stated = os.environ.get("XDG_CACHE_HOME", "")
    try:
        base = Path(stated) if Path(stated).is_absolute() else _home() / ".cache"
        folder = base.resolve() / "custodiet"
        in_a_docket = any((around / "docket.toml").exists() for around in folder.parents)
    except (OSError, RuntimeError):
        return None
    return None if in_a_docket else folder


def _home() -> Path:
    """The user's home; RuntimeError if there is none, which an empty HOME also means."""
    if not Path(os.environ.get("HOME", "/")).is_absolute():
        raise RuntimeError
    return Path.home()


def _pinned(about: Mapping[str, str]) -> bytes:
    return json.dumps(about, sort_keys=True).encode("ascii")


def _name(about: Mapping[str, str]) -> str:
    return sha256(_pinned(about)).hexdigest()


def _seal(key: bytes, about: Mapping[str, str], text: bytes) -> bytes:
    """HMAC-SHA-256 (RFC 2104) of the pins, which hold no line break, and the text."""
    return hmac.new(key, _pinned(about) + b"\n" + text, sha256).hexdigest().encode("ascii")


def _key(folder: Path) -> bytes:
    """The user's key, made on first use, and again if it is damaged; two processes at once end up with the same key."""
    if (key := _sound_key(folder)) is not None:
        return key
    with _alone_in(folder):
        if (key := _sound_key(folder)) is not None:
            return key  # Another process made it while this one waited.
        key = secrets.token_bytes(KEY_BYTES)
        with _written(folder, key) as made:
            made.replace(folder / KEY)
        return key


def _sound_key(folder: Path) -> bytes | None:
    key = _read(folder / KEY, KEY_BYTES)
    return key if key is not None and len(key) == KEY_BYTES else None


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: no other process or thread of the program is in this block for the same folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _written(folder: Path, content: bytes) -> Iterator[Path]:
    """A new file that only the user may read (mode 0600), until it is moved into place."""
    descriptor, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _read(file: Path, most: int) -> bytes | None:
    """The bytes of a plain file that the user owns and nobody else may write; None for any other, or a larger one.

    Links are not followed, and a pipe is not waited for.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or not _is_own(state) or state.st_size > most:
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            return opened.read(most)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _is_own(state: os.stat_result) -> bool:
    return state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _drop_the_oldest(folder: Path) -> None:
    """Delete the oldest files beyond the limit, and files that another process left half written."""
    files = [each for each in folder.iterdir() if each.name != KEY]
    if len(files) > FILES_MOST:
        for file in sorted(files, key=lambda each: each.lstat().st_mtime_ns)[:-FILES_MOST]:
            file.unlink(missing_ok=True)
