"""Exhibits, kept by their SHA-256: the same bytes are kept once, and changed bytes are noticed when they are read."""

import errno
import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from custodiet.base.errors import Refused, Stopped
from custodiet.base.files import WHOLE, read_file

_PIECE = 1 << 20

_WHAT_TO_DO = {
    errno.ENOSPC: "the disk is full. Make room and run it again",
    errno.EDQUOT: "your share of the disk is used up. Make room and run it again",
    errno.EFBIG: "the file is larger than may be written here. Make room and run it again",
    errno.EACCES: "it may not be written. Give yourself the right to write it and its folder, and run it again",
    errno.EPERM: "it may not be written. Give yourself the right to write it and its folder, and run it again",
    errno.EROFS: "its disk is read-only. Put the docket on a disk that can be written, and run it again",
}


def cannot_write(path: Path, wrong: OSError) -> Stopped:
    """The error that says why a file cannot be written, and what to do."""
    return Stopped(f"{path}: {_WHAT_TO_DO.get(wrong.errno or 0, f'it cannot be written ({wrong.strerror})')}")


class Custody:
    """The exhibits of one ledger, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        """Keep exhibits in this folder; it is made when the first one comes."""
        self._folder = folder

    def place(self, sha256: str) -> Path:
        """Where an exhibit is kept."""
        return self._folder / sha256

    def keep(self, exhibit: BinaryIO) -> str:
        """Keep the bytes of an exhibit; its SHA-256 in hex. Only one program may do so at a time.

        Raises Refused if they cannot be written (nothing is then left under the exhibit's name), or if
        what is kept under that name already is something else.
        """
        incoming = self._folder / "incoming.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                sha256 = _copy(exhibit, incoming)
                if self.place(sha256).exists():
                    self.read(sha256)
                else:
                    incoming.replace(self.place(sha256))
                    _sync(self._folder)
            finally:
                incoming.unlink(missing_ok=True)
        except OSError as wrong:
            raise cannot_write(self._folder, wrong) from wrong
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes of an exhibit; Refused if they are gone or no longer the ones that were kept."""
        place = self.place(sha256)
        try:
            kept = read_file(place, WHOLE)
        except OSError as wrong:
            message = f"the exhibit {place} cannot be read ({wrong.strerror}). Restore it from a backup"
            raise Refused(message) from wrong
        if hashlib.sha256(kept).hexdigest() != sha256:
            message = f"the exhibit {place} has changed since it was kept. Restore it from a backup"
            raise Refused(message)
        return kept


def _copy(exhibit: BinaryIO, place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("wb") as copy:
        while piece := exhibit.read(_PIECE):
            digest.update(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return digest.hexdigest()


def _sync(folder: Path) -> None:
    """Make the new name in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
