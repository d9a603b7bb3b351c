"""The folder that an audit writes: at every moment it holds either the previous audit or the new one, never a mixture.

The new folder is made beside the old one, and the two are swapped in one step (`cli.folder_swap`). A system that cannot
do that takes two steps: a command killed between them leaves no folder of that name, and the previous audit whole in a
folder beside it, whose name is a full stop followed by the folder's own.
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
"""How many of the files in a folder a refusal names."""
PAGE, JUNIT = "page.html", "junit.xml"
"""Examples of file names, for messages."""
_RECORDS = {"docket.toml": "docket", "pack.toml": "pack"}
"""The file that marks a folder as one for records only, with what the folder is."""


def refuse_another(folder: Path, archive: str, docket: str, edition: str) -> None:
    """Raise Refused, saying what to name instead, if an audit would replace anything else or be mixed with it.

    That is the case for a folder inside a docket, a pack or .git, the home folder, the current folder, a folder with
    files but no audit, and one with the audit of another docket or edition. `archive` is the name of the file that
    says whose audit a folder holds.
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
                f"it holds the {escaped(readers)} edition of “{escaped(title)}”, which the {edition} edition of "
                f"“{escaped(docket)}” would replace"
            )
            raise _unusable(held, why)


def refuse_within(path: Path, place: Path) -> None:
    """Raise Refused for a place inside a docket, a pack or the folder .git."""
    if ".git" in place.parts:
        raise _unusable(path, "it is in the folder .git, where only git's own files belong")
    nearest = next(each for each in (place, *place.parents) if each.exists())
    for each in (nearest, *nearest.parents) if nearest.is_dir() else ():
        for name, what in _RECORDS.items():
            if (each / name).is_file():
                raise _unusable(path, f"it is in the {what} {each}, where only records belong")


def refuse_too_large(docket: Path, kept: Path) -> None:
    """Raise Refused, before any work is done, if the documents of a docket do not fit into one archive.

    `kept` is the folder of the exhibits that its ledger already holds.
    """
    new = [*docket.glob("exhibits/*"), *docket.glob("records/*")]
    for files in (new, list(kept.glob("*"))):
        sizes = {path: path.stat().st_size for path in files if path.is_file()}
        if sum(sizes.values()) > BYTES_MAX:
            largest = max(sizes, key=lambda path: (sizes[path], path))
            message = (
                f"{largest} has {sizes[largest]:,} bytes, and all tables and documents together have "
                f"{sum(sizes.values()):,}, but the archive of the internal edition, which holds them, has room for "
                f"{BYTES_MAX:,}. Write the edition for the respondent or the public, which holds no documents, or keep "
                "such a file elsewhere and list a part of it or a description; nothing was written"
            )
            raise Refused(message)


def _place(folder: Path) -> Path:
    try:
        return resolved(folder)
    except OSError as wrong:
        raise _unusable(folder, f"it does not lead to a folder ({wrong.strerror})") from wrong


def _refuse_foreign(folder: Path, place: Path, archive: str) -> None:
    """Raise Refused if an existing folder holds files but no audit."""
    try:
        names = sorted(path.name for path in place.iterdir())
    except OSError as wrong:
        raise _unusable(folder, f"it cannot be read ({wrong.strerror})") from wrong
    if names and not (place / archive).is_file():
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        named = ", ".join(map(quoted, names[:_NAMED]))
        raise _unusable(folder, f"it holds {named}{more}, but no {archive} of an audit to replace")
    here = Path.cwd()
    if place in (here, *here.parents):
        raise _unusable(folder, "it is the folder you are in, and writing an audit replaces the whole folder")
    if place == _home():
        raise _unusable(folder, "it is your home folder, and writing an audit replaces the whole folder")


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
        raise _unusable(archive, "it does not say which audit it belongs to, so it is not replaced") from wrong
    return pins["docket"], pins["edition"]


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files to a folder, replacing those of the same names; anything else in it is kept.

    Raises Refused, naming the file and what to do, if that cannot be done; the folder is then unchanged.
    """
    place = _place(folder)
    if place.exists() and not place.is_dir():
        raise _unusable(folder, "it is a file, and a folder is to be written")
    made = _make(place.parent, folder)
    try:
        _put(files, place, folder)
    except BaseException:
        _unmake(made)
        raise


def refuse_file(path: Path, name: str) -> None:
    """Raise Refused, saying what to name instead, if a file cannot be written there: in a docket, say, or at a folder.

    `name` is an example of a file name.
    """
    place = _place(path)
    refuse_within(path, place.parent)
    if place.is_dir():
        raise _unusable(path, "it is a folder, and a file is to be written", name)
    if place.exists() and not place.is_file():
        raise _unusable(path, "it is a pipe or a device, and a file is to be written", name)


def put_page(content: str, page: Path) -> None:
    """Write a page in one step, as a new file or over the page of the same docket and edition.

    Raises Refused for any other existing file, and if the page cannot be written; what was there is kept.
    """
    written = content.encode()
    # The header of a page, up to its title, says for whom it is and of which docket.
    head = written[written.index(b"<header>") : written.index(b"</h1>")]
    put_file(written, page, head, "it is not the page of this docket for these readers", PAGE)


def put_file(content: bytes, path: Path, mark: bytes, why: str, name: str) -> None:
    """Write a file in one step, as a new file or over one that holds `mark`; Refused, saying `why`, for any other."""
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
    """Give the new folder everything else that the old one holds, as hard links rather than copies."""
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
    """Make what was written survive a loss of power; for a folder, only POSIX systems can do that."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make(parent: Path, folder: Path) -> list[Path]:
    """Make the folder that holds the output, and those above it; returns those that were missing, innermost first."""
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
        f"{path}: {why}. Name another {kind} with {option}, such as build/{name}, that does not exist yet, "
        f"{'is empty, ' if kind == 'folder' else ''}or holds an earlier version of this output; nothing was replaced"
    )
