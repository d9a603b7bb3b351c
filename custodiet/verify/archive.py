"""The zip file of an audit: files by name to bytes and back, with one way only to write the same files.

Names are sorted by their bytes, nothing is compressed, and every date, right and remark is the same or empty. So a
reader can demand that the whole archive is, byte for byte, what `write` makes of the files in it: then there is no
place left where something could be changed or hidden. Any program that reads zip files can open it.
"""

import struct
import zlib
from collections.abc import Mapping

FILES_MAX = 0xFFFF
BYTES_MAX = 0xFFFFFFFF
"""Beyond these a zip file needs another layout, which this one never has."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
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
    body: list[bytes] = []
    directory: list[bytes] = []
    folders = {"/".join(parts[:end]) for parts in (name.split("/") for name in files) for end in range(1, len(parts))}
    place = 0
    for name in sorted(files, key=str.encode):
        if not safe(name):
            message = f"a relative name without `..` was expected, not {name!r}"
            raise ValueError(message)
        content, written = files[name], name.encode()
        if name in folders:
            message = f"{name} is both a file and a folder"
            raise ValueError(message)
        if len(directory) == FILES_MAX or place + len(content) > BYTES_MAX:
            message = f"an audit of at most {FILES_MAX} files and {BYTES_MAX} bytes fits into one archive"
            raise ValueError(message)
        common = (_NAMES_IN_UTF8, _STORED, 0, _DAY, zlib.crc32(content), len(content), len(content), len(written), 0)
        part = _LOCAL.pack(b"PK\3\4", _VERSION, *common) + written + content
        directory.append(
            _CENTRAL.pack(b"PK\1\2", _UNIX | _VERSION, _VERSION, *common, 0, 0, 0, _RIGHTS, place) + written
        )
        body.append(part)
        place += len(part)
    index = b"".join(directory)
    count = len(directory)
    return b"".join([*body, index, _END.pack(b"PK\5\6", 0, 0, count, count, len(index), place, 0)])


def read(archive: bytes) -> dict[str, bytes]:
    """The files of an archive; Damaged if it is not byte for byte what `write` makes of them."""
    files: dict[str, bytes] = {}
    place = 0
    while archive[place : place + 4] == b"PK\3\4":
        if len(archive) < place + _LOCAL.size:
            raise Damaged("it ends in the middle of a file's header")
        header = _LOCAL.unpack_from(archive, place)
        name_ends = place + _LOCAL.size + header[9]
        ends = name_ends + header[7]
        try:
            name = archive[place + _LOCAL.size : name_ends].decode()
        except UnicodeDecodeError:
            raise Damaged(f"the name of the file at byte {place} is no text in UTF-8") from None
        if not safe(name):
            raise Damaged(f"the name of the file at byte {place} leads elsewhere: {name!r}")
        if name in files:
            raise Damaged(f"two files have the name {name}")
        if ends > len(archive):
            raise Damaged(f"it ends in the middle of {name}")
        files[name] = archive[name_ends:ends]
        place = ends
    try:
        again = write(files)
    except ValueError as wrong:
        raise Damaged(str(wrong)) from None
    if again != archive:
        differs = next((at for at, (one, other) in enumerate(zip(again, archive, strict=False)) if one != other), None)
        at = min(len(again), len(archive)) if differs is None else differs
        raise Damaged(f"byte {at} is not what the archive of these files has there")
    return files


def safe(name: str) -> bool:
    r"""Whether a name stays inside the folder that an archive is unpacked into.

    >>> safe("pack/pack.toml"), safe("../salt.key"), safe("/etc/x"), safe("a\\b"), safe("a//b")
    (True, False, False, False, False)
    """
    parts = name.split("/")
    printable = name.isprintable() and not set(name) & set('\\:*?"<>|')
    return printable and all(part not in ("", ".", "..") for part in parts)
