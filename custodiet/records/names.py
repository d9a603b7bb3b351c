"""What may stand in an id, a name or another text of a record: nothing that nobody sees, and not too much."""

from custodiet.base.text import quoted, unprintable
from custodiet.records.field import Field, Kind

LONGEST_ID = 200
"""How many characters an id may have: it is printed wherever its record is."""
LONGEST_NAME = 500
"""How many characters a name may have, and what a row states as its source."""


def unseen(text: str, most: int = LONGEST_NAME) -> list[str]:
    r"""What was expected of an id or a name that holds what nobody sees, or too much; nothing for a good one.

    >>> print(*unseen("seat\x1b[2K"))
    a name without control characters and changes of direction was expected; this one holds '\x1b'
    """
    found = unprintable(text)
    expected = "a name without control characters and changes of direction was expected; this one holds"
    if found:
        return [f"{expected} {quoted(found)}"]
    return [f"at most {most} characters were expected, not {len(text):,}"] if len(text) > most else []


def unseen_in(field: Field, text: str) -> list[str]:
    """The same of a cell: prose is kept as it was written and escaped where it is shown, but no text holds a NUL."""
    if field.kind not in (Kind.TEXT, Kind.REFERENCE):
        return []
    if not field.prose:
        return unseen(text, LONGEST_NAME if field.kind is Kind.TEXT else LONGEST_ID)
    return ["text was expected, and this one holds a NUL byte; files of other kinds do"] if "\0" in text else []
