"""Guidance: what an authority answered when asked whether something is within the rules."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, INTERNAL, PUBLIC, RESPONDENT, date, known_how, one_of, prose, refers

GUIDANCE = RecordType(
    "guidance",
    "One answer, or open question, on what the rules allow.",
    BOARD,
    (
        refers("trip", "trip", "The trip it was asked about; none if about no single trip.", BOARD, RESPONDENT, none=True, within=False),
        refers("asked_by", "person", "Who asked; none if it was given unasked.", BOARD, INTERNAL, none=True, back="guidance_asked"),
        refers("answered_by", "person", "Who answered; none while it is open.", BOARD, INTERNAL, none=True, back="guidance_answered"),
        refers("addressed_to", "person", "To whom it is addressed.", BOARD, RESPONDENT, back="guidance_received"),
        date("asked_on", "The day it was asked for; none if it was given unasked.", BOARD, RESPONDENT, none=True),
        date("given_on", "The day it was given; none while it is open.", BOARD, RESPONDENT, none=True),
        date("acknowledged_on", "The day the addressee acknowledged it; none if never.", BOARD, RESPONDENT, none=True),
        one_of("form", ("oral", "written"), "Whether it was oral or written; none while it is open.", BOARD, RESPONDENT, none=True),
        prose("scope", "What it covers, in a sentence.", BOARD, INTERNAL),
        date("confidential_until", "The last day it is confidential; none if it is public.", BOARD, PUBLIC, none=True),
        *known_how(BOARD),
    ),
    dated_by=("asked_on", "given_on"),
)  # fmt: skip
