"""A complaint: somebody brings allegations forward, and with that asks for a case."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, INTERNAL, PUBLIC, SEALED, date, known_how, prose, refers, text

COMPLAINT = RecordType(
    "complaint",
    "One document in which somebody brings allegations forward.",
    BOARD,
    (
        date("received_on", "The day it was received.", BOARD, PUBLIC),
        refers("brought_by", "person", "The person who brought it; none if a body did, or nobody by name.", BOARD, SEALED, none=True, back="complaint_brought"),
        text("brought_by_role", "The body or the role that asked for the case, as it may be printed.", BOARD, PUBLIC),
        text("addressed_to", "The body that received it.", BOARD, PUBLIC),
        prose("says", "What it says, restated in a sentence.", BOARD, INTERNAL),
        *known_how(BOARD),
    ),
    dated_by=("received_on",),
)  # fmt: skip
