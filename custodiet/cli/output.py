"""The folder that an audit writes: all of it or nothing, so that what was there before is never half replaced."""

import errno
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from custodiet.base.errors import Refused
from custodiet.ledger.custody import cannot_write

_FULL = (errno.ENOSPC, errno.EDQUOT)


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, in place of those of the same names; anything else in it stays.

    They are written beside the folder first and moved into it at the end. Raises Refused, naming the file and what
    to do, if that cannot be done; the folder then holds what it held before.
    """
    if folder.exists() and not folder.is_dir():
        raise _unusable(folder, "it is a file, and a folder was expected")
    made = _make(folder.parent)
    try:
        _put(files, folder)
    except BaseException:
        _unmake(made)
        raise


def _put(files: Mapping[str, bytes], folder: Path) -> None:
    place = folder.resolve()
    try:
        staged = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as wrong:
        raise _refusal(folder, wrong) from wrong
    try:
        _write(files, staged / "new", folder)
        _move(list(files), staged, folder)
    finally:
        shutil.rmtree(staged)


def _write(files: Mapping[str, bytes], staged: Path, folder: Path) -> None:
    for name, content in files.items():
        path = staged / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as wrong:
            raise _refusal(folder / name, wrong) from wrong


def _move(names: list[str], staged: Path, folder: Path) -> None:
    """Move what was written into the folder; what cannot be moved whole is moved back."""
    moved: list[tuple[Path, Path]] = []
    made: list[Path] = []
    for name in names:
        place, old = folder / name, staged / "old" / name
        try:
            made += _make(place.parent)
            if place.exists():
                old.parent.mkdir(parents=True, exist_ok=True)
                place.rename(old)
                moved.append((place, old))
            (staged / "new" / name).rename(place)
            moved.append((staged / "new" / name, place))
        except OSError as wrong:
            for before, after in reversed(moved):
                after.rename(before)
            _unmake(made)
            raise _refusal(place, wrong) from wrong


def _make(folder: Path) -> list[Path]:
    """Make a folder and those above it; the ones that were not there, the innermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        _unmake([each for each in missing if each.is_dir()])
        raise _refusal(folder, wrong) from wrong
    return missing


def _unmake(folders: list[Path]) -> None:
    for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
        folder.rmdir()


def _refusal(path: Path, wrong: OSError) -> Refused:
    if wrong.errno in _FULL:
        return cannot_write(path, wrong)
    return _unusable(path, f"it cannot be written ({wrong.strerror})")


def _unusable(path: Path, why: str) -> Refused:
    return Refused(f"{path}: {why}. Name another folder with --out, and run it again; nothing was replaced")
