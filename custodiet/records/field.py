"""What a field is: its type, whether it may be none, who holds it, who may read it, one sentence about it."""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Kind(Enum):
    """The type of a field's value."""

    YES_NO = "yes or no"
    LIST = "one of a list"
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    REFERENCE = "reference"


class Sensitivity(Enum):
    """The narrowest edition that may show a field (DESIGN §3.9); everything but public enters a leaf as a commitment."""

    PUBLIC = "public"
    """Anyone, once the delay has run."""
    RESPONDENT = "respondent"
    """The people concerned and the inspector."""
    INTERNAL = "internal"
    """The inspector and the unit."""
    SEALED = "sealed"
    """Named readers only; every reading is recorded."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one record type; forms, tables, the policy checker, intake and open data all read it from here."""

    name: str
    kind: Kind
    sentence: str
    held_by: str
    sensitivity: Sensitivity
    may_be_none: bool = False
    values: tuple[str, ...] = ()
    """The closed list of a LIST field."""
    refers_to: str = ""
    """The record type that a REFERENCE names."""
    back: str = ""
    """What the set of records that refer here is called from there; the referring type's name unless said."""
    within: bool = True
    """Whether a record that names another here lies within that record's dates, as a leg does within its trip's."""
    least: Fraction | None = None
    """The smallest value a NUMBER or MONEY field can have."""
    greatest: Fraction | None = None
    """The greatest value that a NUMBER can have in what is brought in from now on."""
    whole: bool = False
    """Whether a NUMBER is a whole one."""
    unit: str = ""
    prose: bool = False
    """Whether a TEXT tells something in words of its own, where line breaks may be; else it names something."""
    credit_in: str = ""
    """The field that takes what came back, where an amount below zero is written instead."""

    @property
    def shape(self) -> str:
        """What a cell of this field holds, for people and messages.

        >>> from custodiet.records import core_types
        >>> core_types()["seat"].field("on_duty").shape
        'yes or no'
        """
        match self.kind:
            case Kind.LIST:
                shape = "one of " + ", ".join(self.values)
            case Kind.MONEY:
                shape = "an amount such as 412.00"
            case Kind.DATE:
                shape = "a date such as 2019-05-17, or a period such as 2019-05/2019-09"
            case Kind.REFERENCE:
                shape = f"the id of {one(self.refers_to)}"
            case Kind.NUMBER:
                shape = "a whole number" if self.whole else "a number"
                shape += f" of {self.unit}" if self.unit else ""
                if self.least is not None:
                    shape += (
                        f", {self.least} or more" if self.greatest is None else f" from {self.least} to {self.greatest}"
                    )
            case _:
                shape = self.kind.value
        return f"{shape}, or none" if self.may_be_none else shape


@dataclass(frozen=True, slots=True)
class Derived:
    """That records are made from others and never entered: one for each calendar day of another record."""

    days_of: str
    """The reference to the record whose days they are."""
    on: str
    """The field that holds the day."""
    sets: tuple[str, ...] = ()
    """The sets below that record of which each day has the records that touch it."""


@dataclass(frozen=True, slots=True)
class RecordType:
    """One kind of record: its fields by name, and which of them say when it happened."""

    name: str
    sentence: str
    held_by: str
    """Who keeps the register of these records, and so can vouch that it is complete."""
    fields: tuple[Field, ...]
    dated_by: tuple[str, ...] = ()
    """The date fields between which the record happened: one, or first and last; empty for what has no date of its own."""
    dated_through: str = ""
    """The reference whose record gives the date, where the record has none of its own."""
    longest: int | None = None
    """How many days it can last at the most, where something is derived for each of them."""
    derived: Derived | None = None
    """How it is made from other records; None for what is entered."""
    totals_only: str | None = ""
    """Why the public sees no single record, only totals; empty where no reason is given, None where it sees each."""
    singular: str = ""
    """What one record is called, where its name does not say it."""
    plural: str = ""

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields, in order."""
        return tuple(field.name for field in self.fields)


def with_article(noun: str) -> str:
    """A noun with its article; `use` and `unit` are said with a *y*.

    >>> with_article("event"), with_article("threat_assessment"), with_article("unit")
    ('an event', 'a threat_assessment', 'a unit')
    """
    return f"{'an' if noun[0] in 'aeio' else 'a'} {noun}"


def one(type_name: str) -> str:
    """One record of a type, for people.

    >>> [one(name) for name in ("itinerary", "aircraft_use", "stay_abroad", "guidance")]
    ['an itinerary', 'an aircraft use', 'a stay abroad', 'a guidance record']
    """
    return with_article(_SINGULARS.get(type_name, type_name.replace("_", " ")))


def plural(type_name: str) -> str:
    """The records of a type, for people.

    >>> [plural(name) for name in ("threat_assessment", "itinerary", "stay_abroad", "guidance")]
    ['threat assessments', 'itineraries', 'stays abroad', 'guidance records']
    """
    if type_name in _PLURALS:
        return _PLURALS[type_name]
    noun = type_name.replace("_", " ")
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"


_SINGULARS = {"guidance": "guidance record"}
"""Of what nobody counts one."""

_PLURALS = {"guidance": "guidance records", "stay_abroad": "stays abroad"}
"""Where the plural is not made at the end of the name."""
