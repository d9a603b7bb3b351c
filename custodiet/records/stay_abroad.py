"""A stay abroad: the part of one person's trip that was spent outside the country."""

from custodiet.records.field import RecordType
from custodiet.records.shared import COMPTROLLER, INTERNAL, OFFICE, RESPONDENT, date, known_how, money, refers, whole

STAY_ABROAD = RecordType(
    "stay_abroad",
    "The part of one person's trip that was spent outside the country, travel there and back included.",
    OFFICE,
    (
        refers("trip", "trip", "The trip it is part of.", OFFICE, RESPONDENT),
        refers("traveller", "person", "Who travelled.", OFFICE, INTERNAL),
        date("left_on", "The day the country was left.", OFFICE, RESPONDENT),
        date("returned_on", "The day of coming back into the country.", OFFICE, RESPONDENT),
        whole("personal_days", 0, "days", "How many of its days, the first and the last included, served no business by the rules of counting.", OFFICE, RESPONDENT),
        money("travel_cost", "What going from the border of the country to the place of business and back cost.", COMPTROLLER, RESPONDENT),
        *known_how(OFFICE),
    ),
    dated_by=("left_on", "returned_on"),
)  # fmt: skip
