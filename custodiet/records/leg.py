"""A leg: one departure and one arrival."""

from custodiet.records.field import RecordType
from custodiet.records.shared import (
    COMPTROLLER,
    INTERNAL,
    OFFICE,
    PURPOSES,
    RESPONDENT,
    SEALED,
    UNIT,
    chain_of_request,
    date,
    known_how,
    money,
    one_of,
    prose,
    refers,
    text,
    whole,
    yes_no,
)

AIR_SERVICE = ("first class", "coach", "nothing scheduled", "closed to the public")

LEG = RecordType(
    "leg",
    "One departure and one arrival.",
    UNIT,
    (
        refers("trip", "trip", "The trip it is part of; none for a leg in the city.", UNIT, RESPONDENT, none=True),
        refers("detail", "detail", "The detail that drove or accompanied it.", UNIT, INTERNAL),
        refers("vehicle", "vehicle", "The vehicle used.", UNIT, INTERNAL),
        one_of("purpose", PURPOSES, "What it was for, as recorded.", UNIT, RESPONDENT),
        date("departed_on", "The day of departure.", UNIT, RESPONDENT),
        text("departed_from", "Where it began.", UNIT, SEALED),
        text("arrived_at", "Where it ended.", UNIT, SEALED),
        yes_no("home_to_work", "Whether it went between somebody's home and place of work.", UNIT, RESPONDENT),
        refers("authorization", "authorization", "The authorization it was made under; none if there was none.", UNIT, INTERNAL, none=True),
        date("certified_on", "The day the use was certified as necessary for security; none if it was not.", UNIT, INTERNAL, none=True),
        money("full_coach_fare", "The full coach fare for the way flown.", COMPTROLLER, RESPONDENT),
        one_of("air_service", AIR_SERVICE, "The best scheduled air service between where it began and where it ended.", COMPTROLLER, INTERNAL),
        money("first_class_fare", "The lowest unrestricted first-class fare for the way flown, or for the way from the nearest city that has first class.", COMPTROLLER, RESPONDENT),
        money("charter_fare", "What chartering a comparable aircraft for it would have cost.", COMPTROLLER, RESPONDENT),
        money("private_traveller_rate", "What the body whose aircraft it is asks of each private traveller; none if it has no such rate.", COMPTROLLER, RESPONDENT, none=True),
        money("rental_charge", "What hiring a comparable car, train or boat for it would have cost, big enough for everybody who travelled.", COMPTROLLER, RESPONDENT),
        yes_no("further", "Whether it went further than its own purpose needed, because of somebody else aboard.", UNIT, RESPONDENT),
        money("operating_cost", "What operating the vehicle for this leg cost.", COMPTROLLER, RESPONDENT),
        whole("seats", 1, "seats", "How many seats the vehicle has.", COMPTROLLER, INTERNAL),
        prose("note", "What the log says besides; none if nothing.", OFFICE, INTERNAL, none=True),
        *chain_of_request("leg"),
        *known_how(UNIT),
    ),
    dated_by=("departed_on",),
)  # fmt: skip
