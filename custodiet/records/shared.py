"""Fields that stand in several record types, and the short forms that the types are written with."""

from fractions import Fraction

from custodiet.base.dates import MOST_DAYS
from custodiet.records.field import Field, Kind, Sensitivity

PUBLIC, RESPONDENT, INTERNAL, SEALED = (
    Sensitivity.PUBLIC,
    Sensitivity.RESPONDENT,
    Sensitivity.INTERNAL,
    Sensitivity.SEALED,
)

UNIT = "the protective unit"
OFFICE = "the protectee's office"
COMPTROLLER = "the comptroller"
BOARD = "the ethics board"
CAMPAIGN = "the campaign committee"
INSPECTOR = "the inspector"
PERSONNEL = "the personnel office"

PURPOSES = ("official", "campaign", "political", "personal", "mixed")
"""*campaign* is the protectee's own, *political* somebody else's."""

ROLES = ("protectee", "relative", "detail", "crew", "city staff", "campaign staff", "press", "guest")


def yes_no(name: str, sentence: str, held_by: str, sensitivity: Sensitivity, *, none: bool = False) -> Field:
    """A field that holds yes or no."""
    return Field(name, Kind.YES_NO, sentence, held_by, sensitivity, none)


def one_of(
    name: str, values: tuple[str, ...], sentence: str, held_by: str, sensitivity: Sensitivity, *, none: bool = False
) -> Field:
    """A field with a closed list of values."""
    return Field(name, Kind.LIST, sentence, held_by, sensitivity, none, values=values)


def text(name: str, sentence: str, held_by: str, sensitivity: Sensitivity, *, none: bool = False) -> Field:
    """A field that names something in a text: a person, a body, a place."""
    return Field(name, Kind.TEXT, sentence, held_by, sensitivity, none)


def prose(name: str, sentence: str, held_by: str, sensitivity: Sensitivity, *, none: bool = False) -> Field:
    """A field that tells something in free text, with line breaks where it has some."""
    return Field(name, Kind.TEXT, sentence, held_by, sensitivity, none, prose=True)


def date(name: str, sentence: str, held_by: str, sensitivity: Sensitivity, *, none: bool = False) -> Field:
    """A field that holds a date, known to a day or to a period."""
    return Field(name, Kind.DATE, sentence, held_by, sensitivity, none)


def money(name: str, sentence: str, held_by: str, sensitivity: Sensitivity, *, none: bool = False) -> Field:
    """A field that holds an amount of at least zero."""
    return Field(name, Kind.MONEY, sentence, held_by, sensitivity, none, least=Fraction(0))


def whole(
    name: str, least: int, unit: str, sentence: str, held_by: str, sensitivity: Sensitivity, *, none: bool = False
) -> Field:
    """A field that holds a whole number, which is never so great as a date typed without its hyphens, 20240326."""
    greatest = Fraction(GREATEST.get(unit, MOST))
    return Field(
        name, Kind.NUMBER, sentence, held_by, sensitivity, none,
        least=Fraction(least), greatest=greatest, whole=True, unit=unit,
    )  # fmt: skip


MOST = 9_999_999
GREATEST = {"days": MOST_DAYS, "percent": 100}
"""The greatest count of what is counted in these units; of all else it is MOST."""


def refers(
    name: str,
    to: str,
    sentence: str,
    held_by: str,
    sensitivity: Sensitivity,
    *,
    none: bool = False,
    back: str = "",
    within: bool = True,
) -> Field:
    """A field that names another record by its id."""
    return Field(name, Kind.REFERENCE, sentence, held_by, sensitivity, none, refers_to=to, back=back, within=within)


BASES = ("log written at the time", "written later", "rebuilt from papers", "statement only")


def known_how(held_by: str) -> tuple[Field, ...]:
    """The two fields every record carries: how we know of it, and when that was written down."""
    return (
        one_of("basis", BASES, "How we know of this record.", held_by, PUBLIC),
        date("recorded_on", "The day the log line or paper was written, as the source says.", held_by, PUBLIC),
    )


def chain_of_request(record: str) -> tuple[Field, ...]:
    """Who asked, directed, offered and approved: carried by legs, loads and assignments."""
    return (
        refers("asked_by", "person", "Who asked for it; none if nobody did.", UNIT, INTERNAL, none=True, back=f"{record}_asked"),
        refers("directed_by", "person", "Who directed that it be done; none if nobody did.", UNIT, INTERNAL, none=True, back=f"{record}_directed"),
        one_of("offered_or_accepted", ("offered", "accepted"), "Whether the detail offered it unasked or accepted a request; none if neither.", UNIT, INTERNAL, none=True),
        refers("approved_by", "person", "Who approved it; none if nobody did.", UNIT, INTERNAL, none=True, back=f"{record}_approved"),
    )  # fmt: skip


def made_by(record: str, held_by: str, sensitivity: Sensitivity) -> tuple[Field, ...]:
    """Who made a step of a case: the person who signed it, and the body in whose name."""
    return (
        refers("made_by", "person", "Who signed it; none if no person did.", held_by, sensitivity, none=True, back=f"{record}_made"),
        text("made_by_body", "The body in whose name it was made; none if in nobody's.", held_by, sensitivity, none=True),
    )  # fmt: skip
