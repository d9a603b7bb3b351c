"""The folder that an audit writes: at any time it holds the audit of before or the new one, never some of each.

The new folder is made beside the old one, and the two change places in one step (`cli.folder_swap`). Where the
system has no such step there are two: a command that is killed between them leaves no folder at all, and the audit of
before whole in a folder beside it, whose name begins with a full stop and the folder's own.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from custodiet.base.errors import Refused
from custodiet.base.files import read_file, resolved, write_file
from custodiet.base.text import escaped, quoted
from custodiet.cli.folder_swap import exchange
from custodiet.ledger.custody import cannot_write
from custodiet.verify.archive import BYTES_MAX, Damaged, read
from custodiet.verify.check import pins_in

_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_LINK = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EACCES)
_NAMED = 3
"""How many of the things in a folder a refusal names."""
PAGE, JUNIT = "page.html", "junit.xml"
"""Names that a file could have."""
_RECORDS = {"docket.toml": "docket", "pack.toml": "pack"}
"""What makes a folder one where only what is recorded belongs."""


def refuse_another(folder: Path, archive: str, docket: str, edition: str) -> None:
    """Raise Refused, saying what to name instead, where an audit would replace or be mixed with anything else.

    That is a folder inside a docket, a pack or git's own, the home folder, the one the command was started in, one
    with files in it and no audit, and one with the audit of another docket or edition. `archive` is the name of the
    file that says whose the audit in a folder is.
    """
    place = _place(folder)
    refuse_within(folder, place)
    if not place.is_dir():
        return
    _refuse_foreign(folder, place, archive)
    held = folder / archive
    if held.exists():
        title, readers = _held(held)
        if (title, readers) != (docket, edition):
            why = (
                f"it is the {escaped(readers)} edition of “{escaped(title)}”, and would be replaced by the {edition} "
                f"one of “{escaped(docket)}”"
            )
            raise _unusable(held, why)


def refuse_within(path: Path, place: Path) -> None:
    """Raise Refused for a place inside a docket, a pack or the folder in which git keeps its own."""
    if ".git" in place.parts:
        raise _unusable(path, "it lies in the folder .git, where only what git keeps belongs")
    nearest = next(each for each in (place, *place.parents) if each.exists())
    for each in (nearest, *nearest.parents) if nearest.is_dir() else ():
        for name, what in _RECORDS.items():
            if (each / name).is_file():
                raise _unusable(path, f"it lies in the {what} {each}, where only what is recorded belongs")


def refuse_too_large(docket: Path, kept: Path) -> None:
    """Raise Refused where the documents of a docket do not fit into one archive, before any work is done.

    `kept` is the folder of the exhibits that its ledger holds already.
    """
    new = [*docket.glob("exhibits/*"), *docket.glob("records/*")]
    for files in (new, list(kept.glob("*"))):
        sizes = {path: path.stat().st_size for path in files if path.is_file()}
        if sum(sizes.values()) > BYTES_MAX:
            largest = max(sizes, key=lambda path: (sizes[path], path))
            message = (
                f"{largest}: it has {sizes[largest]:,} bytes, all tables and documents have "
                f"{sum(sizes.values()):,}, and the archive of the internal edition, which holds them, has room for "
                f"{BYTES_MAX:,}. Write the edition for the respondent or the public, which holds no documents, or keep "
                "such a file elsewhere and list a part of it or a description; nothing was done"
            )
            raise Refused(message)


def _place(folder: Path) -> Path:
    try:
        return resolved(folder)
    except OSError as wrong:
        raise _unusable(folder, f"it cannot be followed to a folder ({wrong.strerror})") from wrong


def _refuse_foreign(folder: Path, place: Path, archive: str) -> None:
    """Raise Refused where a folder that is there holds something and no audit."""
    try:
        names = sorted(path.name for path in place.iterdir())
    except OSError as wrong:
        raise _unusable(folder, f"it cannot be read ({wrong.strerror})") from wrong
    if names and not (place / archive).is_file():
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        named = ", ".join(map(quoted, names[:_NAMED]))
        raise _unusable(folder, f"it holds {named}{more}, and no {archive} of an audit that could be replaced")
    here = Path.cwd()
    if place in (here, *here.parents):
        raise _unusable(folder, "it is the folder you are in, which is swapped for another when an audit is written")
    if place == _home():
        raise _unusable(folder, "it is the home folder, and an audit is swapped as a whole folder")


def _home() -> Path | None:
    try:
        return Path.home().resolve()
    except RuntimeError:
        return None


def _held(archive: Path) -> tuple[str, str]:
    """The title and the edition that an archive states."""
    try:
        pins = pins_in(read(read_file(archive, BYTES_MAX)))
    except (OSError, Damaged) as wrong:
        raise _unusable(archive, "it cannot be told which audit it is of, so it is not replaced") from wrong
    return pins["docket"], pins["edition"]


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, in place of those of the same names; anything else in it stays.

    Raises Refused, naming the file and what to do, if that cannot be done; the folder then holds what it held before.
    """
    place = _place(folder)
    if place.exists() and not place.is_dir():
        raise _unusable(folder, "it is a file, and a folder was expected")
    made = _make(place.parent, folder)
    try:
        _put(files, place, folder)
    except BaseException:
        _unmake(made)
        raise


def refuse_file(path: Path, name: str) -> None:
    """Raise Refused, saying what to name instead, where a file cannot be written: in a docket, say, or at a folder.

    `name` is one that it could have.
    """
    place = _place(path)
    refuse_within(path, place.parent)
    if place.is_dir():
        raise _unusable(path, "it is a folder, and a file is to be written", name)
    if place.exists() and not place.is_file():
        raise _unusable(path, "it is a pipe or a device, and a file is to be written", name)


def put_page(content: str, page: Path) -> None:
    """Write a page in one step, in place of none or of the page of the same docket and edition.

    Raises Refused for any other file, and if it cannot be written; what was there stays.
    """
    written = content.encode()
    # Up to its title a page says for whom it is and of which docket.
    head = written[written.index(b"<header>") : written.index(b"</h1>")]
    put_file(written, page, head, "it is not the page of this docket for these readers", PAGE)


def put_file(content: bytes, path: Path, mark: bytes, why: str, name: str) -> None:
    """Write a file in one step, in place of none or of one that holds a mark; Refused, saying why, for any other."""
    place = _place(path)
    made = _make(place.parent, path)
    try:
        if place.exists() and mark not in read_file(place):
            raise _unusable(path, f"{why}, so it is not replaced", name)
        write_file(place, content)
    except OSError as wrong:
        _unmake(made)
        raise _refusal(path, wrong) from wrong


def _put(files: Mapping[str, bytes], place: Path, folder: Path) -> None:
    try:
        staged = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as wrong:
        raise _refusal(folder, wrong) from wrong
    try:
        new = staged / "new"
        _write(files, new, folder)
        try:
            if place.exists():
                _keep_the_rest(place, new)
            _sync(new)
            _swap(new, place, staged / "old")
            _sync(place.parent)
        except (OSError, shutil.Error) as wrong:
            raise _refusal(folder, wrong) from wrong
    finally:
        shutil.rmtree(staged)


def _write(files: Mapping[str, bytes], new: Path, folder: Path) -> None:
    for name, content in files.items():
        path = new / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            _sync(path)
            _sync(path.parent)
        except OSError as wrong:
            raise _refusal(folder / name, wrong) from wrong


def _keep_the_rest(place: Path, new: Path) -> None:
    """Give the new folder everything else that the old one holds: the same files under a second name, not copies."""
    shutil.copymode(place, new)
    for old in place.iterdir():
        target = new / old.name
        if old.is_dir() and not old.is_symlink() and target.is_dir():
            _keep_the_rest(old, target)
        elif not target.exists():
            _again(old, target)


def _again(old: Path, target: Path) -> None:
    if old.is_symlink():
        target.symlink_to(old.readlink())
    elif old.is_dir():
        shutil.copytree(old, target, symlinks=True, copy_function=_link)
    else:
        _link(old, target)


def _link(old: str | Path, target: str | Path) -> None:
    try:
        os.link(old, target)
    except OSError as wrong:
        if wrong.errno not in _NO_LINK:
            raise
        shutil.copy2(old, target)


def _swap(new: Path, place: Path, aside: Path) -> None:
    if not place.exists():
        new.rename(place)
    elif not exchange(new, place):
        place.rename(aside)
        try:
            new.rename(place)
        except OSError:
            aside.rename(place)
            raise


def _sync(path: Path) -> None:
    """Make what was written survive a loss of power; a folder can be asked for that on POSIX systems alone."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make(parent: Path, folder: Path) -> list[Path]:
    """Make the folder that output lies in, and those above it; the ones that were not there, the innermost first."""
    missing = [each for each in (parent, *parent.parents) if not each.exists()]
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        _unmake(each for each in missing if each.is_dir())
        raise _refusal(folder.parent, wrong) from wrong
    return missing


def _unmake(folders: Iterable[Path]) -> None:
    for folder in sorted(folders, key=lambda each: len(each.parts), reverse=True):
        folder.rmdir()


def _refusal(path: Path, wrong: OSError) -> Refused:
    if wrong.errno in _FULL:
        return cannot_write(path, wrong)
    return _unusable(path, f"it cannot be written ({wrong.strerror or wrong})")


def _unusable(path: Path, why: str, name: str = "audit") -> Refused:
    kind, option = "folder" if name == "audit" else "file", "--junit" if name == JUNIT else "--out"
    return Refused(
        f"{path}: {why}. Name another {kind} with {option}, such as build/{name}: one that does not exist yet, "
        f"{'is empty, ' if kind == 'folder' else ''}or holds what is written anew; nothing was replaced"
    )
