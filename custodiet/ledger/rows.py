"""The leaves of a table's rows: made like an entry's, so that one row can be proved without the others.

A row's leaf is SHA-256(0x00 ‖ canonical JSON), with `kind` (record), `about` (type and id), `source` (file#line),
`fields` and `committed` as in an entry; author and time are those of the table's own entry. The salt of a field is
HMAC-SHA-256(docket key, canonical JSON of ["<SHA-256 of the file>#<line>", name]), which the key can always make again.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring

from custodiet.ledger.entry import SOURCE, canonical
from custodiet.verify.merkle import leaf_hash


def derived_salt(docket_key: bytes, place: str, name: str) -> bytes:
    """The salt of one field at one place: HMAC-SHA-256(docket key, canonical JSON of [place, name])."""
    return hmac.digest(docket_key, canonical([place, name]), "sha256")


class RowLeaves:
    """Makes the leaves of one table's rows; they are the same wherever the table and the docket key are the same.

    It writes canonical JSON by itself, several times as fast as the library: the shape is fixed, the names are ASCII,
    and the standard library escapes a string as RFC 8785, section 3.2.2.2, does. A test compares the two.
    """

    def __init__(
        self,
        docket_key: bytes,
        file: str,
        sha256: str,
        type_name: str,
        names: Iterable[str],
        committed: Iterable[str],
    ) -> None:
        """Make leaves for rows with these fields, some of which are committed."""
        self._key = docket_key
        self._place = f'["{sha256}#'
        self._about = f',"type":{encode_basestring(type_name)}}}'
        self._file = encode_basestring(file)[1:-1]
        private = {*committed, SOURCE}
        self._public = [(name, f"{encode_basestring(name)}:") for name in sorted({*names} - private)]
        self._private = [(name, encode_basestring(name)) for name in sorted({*names} & private)]

    def leaf_bytes(self, line: int, id_: str, cells: Mapping[str, str]) -> bytes:
        """The canonical JSON of a row, from the texts of the fields that are known."""
        place = f'{self._place}{line}",'
        committed = [
            f'{name_}:"{self._commitment(place, name_, encode_basestring(cells[name]))}"'
            for name, name_ in self._private
            if name in cells
        ]
        fields = [f"{name_}{encode_basestring(cells[name])}" for name, name_ in self._public if name in cells]
        return (
            f'{{"about":{{"id":{encode_basestring(id_)}{self._about},"committed":{{{",".join(committed)}}},'
            f'"fields":{{{",".join(fields)}}},"kind":"record","source":"{self._file}#{line}"}}'
        ).encode()

    def leaf(self, line: int, id_: str, cells: Mapping[str, str]) -> bytes:
        """The hash of a row's leaf."""
        return leaf_hash(self.leaf_bytes(line, id_, cells))

    def _commitment(self, place: str, name: str, value: str) -> str:
        salt = hmac.digest(self._key, f"{place}{name}]".encode(), "sha256")
        return hashlib.sha256(salt + f"[{name},{value}]".encode()).hexdigest()
