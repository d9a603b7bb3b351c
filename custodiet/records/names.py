"""What may stand in an id, a name or another text of a record: nothing that nobody sees, and not too much."""

from custodiet.base.text import quoted, unprintable, unprintable_in_id
from custodiet.records.field import Field, Kind

LONGEST_ID = 200
"""How many characters an id may have: it is printed wherever its record is."""
LONGEST_NAME = 500
"""How many characters a name may have, and what a row states as its source."""

_EXPECTED = "write a name without control characters, changes of direction and characters without width"


def unseen(text: str) -> list[str]:
    r"""What to write instead of an id or a name that holds invisible characters, or too many; nothing for a good one.

    >>> print(*unseen("seat\x1b[2K"))
    write a name without control characters, changes of direction and characters without width; this one holds '\x1b'
    """
    return _wrong(unprintable(text), text, LONGEST_NAME)


def unseen_in_id(text: str) -> list[str]:
    """The same of an id, and of a reference, which is the id of another record."""
    return _wrong(unprintable_in_id(text), text, LONGEST_ID)


def _wrong(found: str, text: str, most: int) -> list[str]:
    if found:
        return [f"{_EXPECTED}; this one holds {quoted(found)}"]
    return [f"write at most {most} characters, not {len(text):,}"] if len(text) > most else []


def unseen_in(field: Field, text: str) -> list[str]:
    """The same of a cell: prose is kept as it was written and escaped where it is shown, but no text holds a NUL."""
    if field.kind not in (Kind.TEXT, Kind.REFERENCE):
        return []
    if field.kind is Kind.REFERENCE:
        return unseen_in_id(text)
    if not field.prose:
        return unseen(text)
    return ["write text; this holds a NUL byte, as files of other kinds do"] if "\0" in text else []
