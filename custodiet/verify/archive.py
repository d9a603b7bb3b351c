"""The zip file of an audit: named files to bytes and back, with only one way to write the same files.

Names are sorted by their bytes, nothing is compressed, and every date, permission and comment is the same or empty. So
a reader can require the whole archive to be, byte for byte, what `write` makes of the files in it: then nothing can be
changed or hidden anywhere. Any program that reads zip files can open it.
"""

import struct
import zlib
from collections.abc import Collection, Iterator, Mapping

FILES_MAX = 0xFFFF
BYTES_MAX = 0xFFFFFFFF
"""Beyond these a zip file needs another layout, which this one never has."""
NAME_MAX = 1024
DEEPEST = 32
"""How many bytes a name has at most, and how many parts."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
ARCHIVE_MAX = BYTES_MAX + FILES_MAX * (_LOCAL.size + _CENTRAL.size + 2 * NAME_MAX) + _END.size
"""How many bytes an archive has at most, so that a longer file need not be read."""
_VERSION = 20
_UNIX = 3 << 8
_NAMES_IN_UTF8 = 0x0800
_STORED = 0
_DAY = (1 << 5) | 1
"""1 January 1980, the first day that a zip file can state."""
_RIGHTS = 0o100644 << 16


class Damaged(Exception):  # noqa: N818 - it names the outcome
    """The archive is not one that `write` has written; the message says where it differs."""


def write(files: Mapping[str, bytes]) -> bytes:
    """The archive of some files; ValueError for a name or a size that it cannot hold.

    >>> read(write({"a.txt": b"one", "b/c.txt": b""}))
    {'a.txt': b'one', 'b/c.txt': b''}
    """
    return b"".join(_pieces(files))


def _pieces(files: Mapping[str, bytes]) -> Iterator[bytes]:
    """The archive of some files, a piece after the other; the files' own bytes are not copied."""
    if len(files) > FILES_MAX or sum(map(len, files.values())) > BYTES_MAX:
        message = f"an audit of at most {FILES_MAX} files and {BYTES_MAX} bytes fits into one archive"
        raise ValueError(message)
    directory: list[bytes] = []
    place = 0
    for name in sorted(files, key=str.encode):
        _refuse_name(name, files)
        content, written = files[name], name.encode()
        common = (_NAMES_IN_UTF8, _STORED, 0, _DAY, zlib.crc32(content), len(content), len(content), len(written), 0)
        try:
            directory.append(
                _CENTRAL.pack(b"PK\1\2", _UNIX | _VERSION, _VERSION, *common, 0, 0, 0, _RIGHTS, place) + written
            )
        except struct.error:
            message = f"the names and sizes of its files do not fit into {BYTES_MAX} bytes"
            raise ValueError(message) from None
        yield _LOCAL.pack(b"PK\3\4", _VERSION, *common) + written
        yield content
        place += _LOCAL.size + len(written) + len(content)
    index = b"".join(directory)
    yield index
    yield _END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(index), place, 0)


def _refuse_name(name: str, names: Collection[str]) -> None:
    if not safe(name):
        message = f"{name[:80]!a} is not a relative name without `..`"
        raise ValueError(message)
    folder = name
    while folder := folder.rpartition("/")[0]:
        if folder in names:
            message = f"{folder} is both a file and a folder"
            raise ValueError(message)


def read(archive: bytes) -> dict[str, bytes]:
    """The files of an archive; Damaged if it is not byte for byte what `write` makes of them."""
    files: dict[str, bytes] = {}
    place = 0
    while archive[place : place + 4] == b"PK\3\4":
        if len(archive) < place + _LOCAL.size:
            raise Damaged("it ends in the middle of a file's header")
        if len(files) == FILES_MAX:
            raise Damaged(f"it holds more than {FILES_MAX} files")
        header = _LOCAL.unpack_from(archive, place)
        name_ends = place + _LOCAL.size + header[9]
        ends = name_ends + header[7]
        try:
            name = archive[place + _LOCAL.size : name_ends].decode()
        except UnicodeDecodeError:
            raise Damaged(f"the name of the file at byte {place} is not text in UTF-8") from None
        if not safe(name):
            raise Damaged(f"the name of the file at byte {place} leads elsewhere: {name[:80]!r}")
        if name in files:
            raise Damaged(f"two files have the name {name}")
        if ends > len(archive):
            raise Damaged(f"it ends in the middle of {name}")
        files[name] = archive[name_ends:ends]
        place = ends
    _compare(files, archive)
    return files


def _compare(files: Mapping[str, bytes], archive: bytes) -> None:
    place = 0
    try:
        for piece in _pieces(files):
            if not archive.startswith(piece, place):
                there = archive[place : place + len(piece)]
                differs = (at for at, (one, other) in enumerate(zip(piece, there, strict=False)) if one != other)
                at = place + next(differs, len(there))
                raise Damaged(f"byte {at} is not the one that the archive of these files has there")
            place += len(piece)
    except ValueError as wrong:
        raise Damaged(str(wrong)) from None
    if place != len(archive):
        raise Damaged(f"byte {place} is not what the archive of these files has there")


def safe(name: str) -> bool:
    r"""Whether a name stays inside the folder that an archive is unpacked into, and is short enough for any machine.

    >>> safe("pack/pack.toml"), safe("../salt.key"), safe("/etc/x"), safe("a\\b"), safe("a//b")
    (True, False, False, False, False)
    """
    if len(name) > NAME_MAX or len(name.encode("utf-8", "surrogatepass")) > NAME_MAX:
        return False
    parts = name.split("/")
    printable = name.isprintable() and not set(name) & set('\\:*?"<>|')
    return printable and len(parts) <= DEEPEST and all(part not in ("", ".", "..") for part in parts)
