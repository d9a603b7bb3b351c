"""A response: what the respondent answers to a notice, or that nothing was answered."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, PUBLIC, RESPONDENT, date, known_how, one_of, prose, refers

RESPONSE = RecordType(
    "response",
    "What one respondent answered to a notice; silence is recorded as silence.",
    BOARD,
    (
        refers("notice", "notice", "The notice it answers.", BOARD, PUBLIC),
        one_of("form", ("response", "silence"), "Whether something was answered.", BOARD, PUBLIC),
        date("made_on", "The day it was given; for silence, the day on which silence was recorded.", BOARD, PUBLIC),
        refers("made_by", "person", "Who answered; none for silence, and where a body answered.", BOARD, RESPONDENT, none=True, back="response_made"),
        refers("recorded_by", "person", "Who recorded the silence; none where something was answered.", BOARD, PUBLIC, none=True, back="silence_recorded"),
        prose("says", "The answer, restated in a sentence; none for silence.", BOARD, PUBLIC, none=True),
        *known_how(BOARD),
    ),
    dated_by=("made_on",),
)  # fmt: skip
