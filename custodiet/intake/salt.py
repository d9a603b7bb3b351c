"""The docket's key, from which the salts of its tables are made; without it their commitments reveal nothing."""

import os
import secrets

from custodiet.base.errors import Refused
from custodiet.base.files import read_file
from custodiet.intake.docket import Docket
from custodiet.ledger.custody import cannot_write
from custodiet.ledger.log import Ledger

FILE = "salt.key"
_KEY_BYTES = 32


def docket_key(docket: Docket, ledger: Ledger) -> bytes:
    """The 32 bytes that `salt.key` holds in hex; made now if the docket has no key and its ledger is empty.

    Raises Refused if the file holds something else, or is missing although the ledger was made with it.
    """
    path = docket.inside(FILE)
    if not os.path.lexists(path):
        if ledger.size:
            message = f"{path} is missing, but the ledger was made with it. Put it back; a new key would not fit"
            raise Refused(message)
        return make_key(docket)
    try:
        key = bytes.fromhex(read_file(path).decode("ascii"))
    except OSError as wrong:
        message = f"{path} cannot be read: {wrong.strerror}"
        raise Refused(message) from wrong
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        message = f"{path} is damaged: it does not hold 64 hexadecimal digits. Put the right file back"
        raise Refused(message)
    return key


def make_key(docket: Docket) -> bytes:
    """Make the docket's key and write it, readable only by its owner."""
    path = docket.inside(FILE)
    key = secrets.token_bytes(_KEY_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as wrong:
        raise cannot_write(path, wrong) from wrong
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{key.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as wrong:
        path.unlink()
        raise cannot_write(path, wrong) from wrong
    return key
