"""A trip: all travel under one authorization; and its days, which are derived from its dates."""

from custodiet.records.field import Derived, RecordType
from custodiet.records.shared import INTERNAL, OFFICE, PUBLIC, RESPONDENT, date, known_how, refers, text, yes_no

LONGEST_TRIP = 3_660
"""How many days a trip can have, ten years: of each of them there is a record."""

TRIP = RecordType(
    "trip",
    "All travel under one authorization.",
    OFFICE,
    (
        refers("protectee", "person", "Whose trip it is.", OFFICE, RESPONDENT),
        refers("answerable", "person", "The official who answers for the trip's cost.", OFFICE, RESPONDENT, back="trip_answered_for"),
        text("destination", "The city travelled to.", OFFICE, PUBLIC),
        date("departed_on", "The first day.", OFFICE, RESPONDENT),
        date("returned_on", "The last day.", OFFICE, RESPONDENT),
        yes_no("out_of_city", "Whether it left the city.", OFFICE, PUBLIC),
        refers("continues", "trip", "The trip it goes on from without a night at home; none if it began at home.", OFFICE, INTERNAL, none=True, back="continuation", within=False),
        refers("authorization", "authorization", "The authorization it was made under; none if there was none.", OFFICE, INTERNAL, none=True),
        *known_how(OFFICE),
    ),
    dated_by=("departed_on", "returned_on"),
    longest=LONGEST_TRIP,
)  # fmt: skip

DAY = RecordType(
    "day",
    "One calendar day of a trip.",
    OFFICE,
    (
        refers("trip", "trip", "The trip it belongs to.", OFFICE, RESPONDENT),
        date("date", "Which day.", OFFICE, RESPONDENT),
    ),
    dated_by=("date",),
    derived=Derived(days_of="trip", on="date", sets=("event",)),
)
