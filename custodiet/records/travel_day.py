"""A travel day: one day of one traveller's official trip, as the voucher for meals tells it."""

from custodiet.records.field import RecordType
from custodiet.records.shared import (
    COMPTROLLER,
    INTERNAL,
    RESPONDENT,
    date,
    known_how,
    money,
    one_of,
    refers,
    text,
    whole,
    yes_no,
)

STAGES = ("up to 12 hours", "12 to 24 hours", "first day", "full day", "last day")
"""Where the day stands in the trip; the first two are days of trips that last less than 24 hours."""

PLACES = ("slept there", "worked there", "headed for", "place of the day before")

TRAVEL_DAY = RecordType(
    "travel_day",
    "One calendar day of one traveller's official trip, with the meals that were furnished and what was paid.",
    COMPTROLLER,
    (
        refers("trip", "trip", "The trip it is a day of.", COMPTROLLER, RESPONDENT),
        refers("traveller", "person", "Who travelled.", COMPTROLLER, INTERNAL),
        date("date", "Which day.", COMPTROLLER, RESPONDENT),
        one_of("stage", STAGES, "Where the day stands in the trip.", COMPTROLLER, RESPONDENT),
        yes_no("lodging", "Whether the day needed lodging.", COMPTROLLER, RESPONDENT),
        one_of("under_way", ("to another place", "home"), "Where the traveller was bound for at midnight without lodging; none if the traveller slept somewhere or was back by then.", COMPTROLLER, RESPONDENT, none=True),
        text("place", "The place by whose rate the day was paid.", COMPTROLLER, INTERNAL),
        one_of("place_is", PLACES, "What that place is to the day.", COMPTROLLER, RESPONDENT),
        text("other_place", "The dearest of the other places where the traveller worked that day; none if there was no other.", COMPTROLLER, INTERNAL, none=True),
        whole("breakfasts", 0, "breakfasts", "How many breakfasts the government furnished; those of a carrier or a hotel do not count.", COMPTROLLER, RESPONDENT),
        whole("lunches", 0, "lunches", "How many lunches the government furnished; those of a carrier or a hotel do not count.", COMPTROLLER, RESPONDENT),
        whole("dinners", 0, "dinners", "How many dinners the government furnished; those of a carrier or a hotel do not count.", COMPTROLLER, RESPONDENT),
        yes_no("by_ship", "Whether the traveller was on a ship.", COMPTROLLER, RESPONDENT),
        yes_no("date_line", "Whether the traveller crossed the date line.", COMPTROLLER, RESPONDENT),
        money("paid", "What the traveller was paid for meals and incidentals of this day.", COMPTROLLER, RESPONDENT),
        *known_how(COMPTROLLER),
    ),
    dated_by=("date",),
)  # fmt: skip
