"""A judgment: a condition that only a person can settle, and the answer given."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, INTERNAL, RESPONDENT, date, known_how, prose, refers, text, yes_no

JUDGMENT = RecordType(
    "judgment",
    "One question that only a person can settle, asked about one record.",
    BOARD,
    (
        text("about", "The id of the record it is about.", BOARD, INTERNAL),
        prose("question", "The question, as the policy words it.", BOARD, RESPONDENT),
        refers("asked_of", "person", "Who is asked.", BOARD, INTERNAL),
        refers("answered_by", "person", "Who answered; none while it is open.", BOARD, INTERNAL, none=True, back="judgment_answered"),
        date("answered_on", "The day it was answered; none while it is open.", BOARD, RESPONDENT, none=True),
        yes_no("answer", "The answer; none while it is open.", BOARD, RESPONDENT, none=True),
        *known_how(BOARD),
    ),
    dated_by=("answered_on",),
)  # fmt: skip
