"""An event: what a day of a trip was used for."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INTERNAL, OFFICE, RESPONDENT, date, known_how, one_of, refers, text

EVENT = RecordType(
    "event",
    "A meeting, rally, dinner or pause that took place during a trip or at home.",
    OFFICE,
    (
        refers("trip", "trip", "The trip it belongs to; none for an event at home.", OFFICE, RESPONDENT, none=True),
        one_of("sort", ("official", "campaign", "fundraiser", "political", "personal", "errand"), "What sort of event it was.", OFFICE, RESPONDENT),
        text("place", "Where it took place.", OFFICE, INTERNAL),
        date("starts_on", "The first day.", OFFICE, RESPONDENT),
        date("ends_on", "The last day.", OFFICE, RESPONDENT),
        *known_how(OFFICE),
    ),
    dated_by=("starts_on", "ends_on"),
)  # fmt: skip
