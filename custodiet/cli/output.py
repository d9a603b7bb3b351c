"""The folder that an audit writes: all of it or nothing, so that what was there before is never half replaced."""

import errno
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from custodiet.base.errors import Refused
from custodiet.base.files import read_file
from custodiet.ledger.custody import cannot_write
from custodiet.verify.archive import Damaged, read
from custodiet.verify.canonical import read as read_json
from custodiet.verify.check import PINS

_FULL = (errno.ENOSPC, errno.EDQUOT)


def refuse_another(folder: Path, archive: str, docket: str, edition: str) -> None:
    """Raise Refused, saying what to do, where output would replace another docket's or edition's, or lie in a docket.

    `archive` is the name of the file that says whose the output in the folder is.
    """
    place = folder.resolve()
    nearest = next(each for each in (place, *place.parents) if each.exists())
    within = next((each for each in (nearest, *nearest.parents) if (each / "docket.toml").is_file()), None)
    if nearest.is_dir() and within is not None:
        raise _unusable(folder, f"it lies in the docket {within}, where only what is recorded belongs")
    held = folder / archive
    if held.is_file():
        title, readers = _held(held)
        if (title, readers) != (docket, edition):
            why = f"it is the {readers} edition of “{title}”, and would be replaced by the {edition} one of “{docket}”"
            raise _unusable(held, why)


def _held(archive: Path) -> tuple[object, object]:
    """The title and the edition that an archive states."""
    try:
        pins = read_json(read(read_file(archive))[PINS])
    except (OSError, Damaged, KeyError, ValueError) as wrong:
        raise _unusable(archive, "it cannot be told which audit it is of, so it is not replaced") from wrong
    if not isinstance(pins, dict):
        raise _unusable(archive, "it cannot be told which audit it is of, so it is not replaced")
    return pins.get("docket"), pins.get("edition")


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
