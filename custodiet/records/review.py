"""A review: advice, a finding or an order is looked at again, by the same body or by a court."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, PUBLIC, RESPONDENT, date, known_how, one_of, refers, text, yes_no

REVIEW = RecordType(
    "review",
    "Looking again at one piece of advice, one finding or one order.",
    BOARD,
    (
        refers("guidance", "guidance", "The advice that is looked at again; none if it is something else.", BOARD, PUBLIC, none=True),
        refers("finding", "finding", "The finding that is looked at again; none if it is something else.", BOARD, PUBLIC, none=True),
        refers("order", "order", "The order that is looked at again; none if it is something else.", BOARD, PUBLIC, none=True),
        text("before", "The body or court that looks again.", BOARD, PUBLIC),
        yes_no("same_body", "Whether that is the body that made it.", BOARD, PUBLIC),
        refers("asked_by", "person", "Who asked for it; none if a body did.", BOARD, RESPONDENT, none=True, back="review_asked"),
        date("asked_on", "The day it was asked for.", BOARD, PUBLIC),
        yes_no("stays_payment", "Whether nothing can be demanded while it is open.", BOARD, PUBLIC),
        date("decided_on", "The day it ended; none while it is open.", BOARD, PUBLIC, none=True),
        one_of("result", ("confirmed", "changed", "overturned", "withdrawn"), "What came of it; none while it is open.", BOARD, PUBLIC, none=True),
        *known_how(BOARD),
    ),
    dated_by=("asked_on",),
)  # fmt: skip
