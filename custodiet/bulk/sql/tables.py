"""How records are stored in the tables of a database: which column holds which field, and what is certain about it.

Bulk evaluation reads records from tables as it finds them. What is certain of a column (it is never unknown, its
numbers lie between two bounds) makes the query shorter, and never changes an answer: a table that contradicts what
was declared is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Column:
    """The column that holds a field: NULL where nobody recorded it."""

    name: str
    may_be_unknown: bool = True
    """Whether it may be NULL without being marked none."""
    none: str = ""
    """The column that marks what is none, never NULL; empty if the field never is."""
    last: str = ""
    """For a date that may be known only to a period: the column of its last possible day; its first is `name`."""
    digits: int = 0
    """For a number or an amount: the decimal places by which the column's whole numbers are scaled."""
    ordinal: bool = False
    """Whether a date is a count of days since the year 1 (`date.toordinal`), not a DATE."""
    least: int | None = None
    """The smallest whole number in the column, if that is certain; for a date, its ordinal."""
    most: int | None = None
    stored: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """How the table writes the values of a closed list, if it differs from the field."""


@dataclass(frozen=True, slots=True)
class SetBelow:
    """The table that says which records are in a set below a record."""

    table: str
    """Its columns: parent, member, belongs (NULL where it is not known whether the member belongs there)."""
    unrecorded: str = ""
    """The table, with the columns parent and member, that says what may be lacking there; empty if nothing may."""


@dataclass(frozen=True, slots=True)
class Register:
    """The table of all records of one type, those that are only referred to included."""

    table: str
    key: str
    """The column that holds the record's id: every row has one, and no two the same."""
    columns: Mapping[str, Column] = field(hash=False)
    """By field."""
    sets: Mapping[str, SetBelow] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """By the name of the set, as paths name it."""


Registers = Mapping[str, Register]
"""By type of record; under `unrecorded(type)` stands what may be lacking of the type (`records.facts.Unrecorded`)."""


def unrecorded(type_name: str) -> str:
    """What the register of what may be lacking of a type is called."""
    return f"unrecorded {type_name}"
