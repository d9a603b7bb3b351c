"""A notice: the respondent is told what is about to be found or decided, and has time to answer."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, PUBLIC, RESPONDENT, date, known_how, made_by, one_of, refers, text, whole

NOTICE = RecordType(
    "notice",
    "Telling one respondent, with a time limit, what is about to be found or decided.",
    BOARD,
    (
        one_of("ahead_of", ("finding", "determination", "order"), "What is about to be made.", BOARD, PUBLIC),
        refers("draft_finding", "draft_finding", "The draft it sends; none if it sends none.", BOARD, RESPONDENT, none=True),
        refers("served_to", "person", "The person it was served to; none if a body.", BOARD, RESPONDENT, none=True, back="notice_received"),
        text("served_to_name", "The body, the elected official, or the role and number it was served to, as it may be printed.", BOARD, PUBLIC),
        date("served_on", "The day it was served; none if it never was.", BOARD, PUBLIC, none=True),
        whole("days_to_answer", 1, "days", "How many days the respondent has to answer, the day of service not counted.", BOARD, PUBLIC),
        *made_by("notice", BOARD, PUBLIC),
        *known_how(BOARD),
    ),
    dated_by=("served_on",),
)  # fmt: skip
