"""A voucher: the request to be repaid, and what became of it; salary and overtime slips are vouchers of their class."""

from custodiet.records.field import RecordType
from custodiet.records.shared import (
    COMPTROLLER,
    INTERNAL,
    PUBLIC,
    RESPONDENT,
    UNIT,
    date,
    known_how,
    money,
    one_of,
    refers,
    yes_no,
)

COST_CLASSES = ("air fare", "lodging", "car hire", "fuel", "meals", "other travel", "salary", "overtime")
CREDIT = "a credit or refund is not a row of its own: write it as `recovered` in the row of the voucher that it is for"
"""What to write instead of a negative amount."""

VOUCHER = RecordType(
    "voucher",
    "One request to be repaid, or one pay slip, of one cost class.",
    COMPTROLLER,
    (
        refers("trip", "trip", "The trip it was incurred for; none if for no trip.", COMPTROLLER, RESPONDENT, none=True, within=False),
        refers("officer", "person", "Whose cost or pay it is.", COMPTROLLER, INTERNAL),
        one_of("cost_class", COST_CLASSES, "What sort of cost it is.", COMPTROLLER, PUBLIC),
        date("incurred_on", "The day the cost arose.", COMPTROLLER, RESPONDENT),
        date("submitted_on", "The day it was handed in; none if never.", COMPTROLLER, RESPONDENT, none=True),
        money("asked", "What was asked for.", COMPTROLLER, RESPONDENT, instead=CREDIT),
        money("approved", "What was approved; none if nothing was decided.", COMPTROLLER, RESPONDENT, none=True, instead=CREDIT),
        money("paid", "What the city paid.", COMPTROLLER, RESPONDENT, instead=CREDIT),
        money("usual_charge", "What the same usually costs those who pay for it themselves.", COMPTROLLER, RESPONDENT),
        money("recovered", "What the city has got back; none if nothing.", COMPTROLLER, RESPONDENT, none=True),
        yes_no("receipt", "Whether a receipt is there.", COMPTROLLER, RESPONDENT),
        yes_no("advance_visit", "Whether it was for an advance visit.", UNIT, RESPONDENT),
        refers("serves", "trip", "The trip that an advance visit prepared; none for every other voucher.", UNIT, RESPONDENT, none=True, back="advance_voucher", within=False),
        yes_no("itemised", "Whether it lists its items.", COMPTROLLER, RESPONDENT),
        *known_how(COMPTROLLER),
    ),
    dated_by=("incurred_on",),
)  # fmt: skip
