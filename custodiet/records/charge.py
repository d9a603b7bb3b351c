"""A charge: the step by which a body begins proceedings against somebody over one allegation."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, PUBLIC, date, known_how, made_by, refers, text

CHARGE = RecordType(
    "charge",
    "The step by which a body begins proceedings over one allegation.",
    BOARD,
    (
        refers("allegation", "allegation", "What it is about.", BOARD, PUBLIC),
        text("brought_before", "The body that is to hear it.", BOARD, PUBLIC),
        date("last_act_on", "The day, or the days between which, the last act it speaks of took place.", BOARD, PUBLIC),
        date("limit_ends_on", "The last day on which the law lets it be brought; none if the law sets no limit.", BOARD, PUBLIC, none=True),
        date("brought_on", "The day it was brought.", BOARD, PUBLIC),
        *made_by("charge", BOARD, PUBLIC),
        *known_how(BOARD),
    ),
    dated_by=("brought_on",),
)  # fmt: skip
