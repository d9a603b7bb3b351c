"""An assignment: one person serving in one detail for a period."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INTERNAL, UNIT, chain_of_request, date, known_how, refers

ASSIGNMENT = RecordType(
    "assignment",
    "One person serving in one detail for a period.",
    UNIT,
    (
        refers("officer", "person", "Who serves.", UNIT, INTERNAL),
        refers("detail", "detail", "In which detail.", UNIT, INTERNAL),
        date("from_on", "The first day.", UNIT, INTERNAL),
        date("until_on", "The last day; none while it lasts.", UNIT, INTERNAL, none=True),
        *chain_of_request("assignment"),
        *known_how(UNIT),
    ),
    dated_by=("from_on", "until_on"),
)
