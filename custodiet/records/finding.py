"""A finding: what the inspector concludes about one allegation, after notice and response."""

from custodiet.records.field import RecordType
from custodiet.records.shared import (
    INSPECTOR,
    PUBLIC,
    RESPONDENT,
    date,
    known_how,
    made_by,
    one_of,
    prose,
    refers,
    text,
)

OUTCOMES_ABOUT_A_BODY = ("no rule in force", "control missing")
"""Never said of a person."""

OUTCOMES = (
    "substantiated", "partially substantiated", "unfounded", "within the rules", "not substantiated", "indeterminate",
    *OUTCOMES_ABOUT_A_BODY,
)  # fmt: skip

STANDARDS = ("reasonable cause", "preponderance", "clear and convincing", "beyond reasonable doubt")
"""How sure whoever decides must be, the least first."""

FINDING = RecordType(
    "finding",
    "What the inspector concludes about one allegation.",
    INSPECTOR,
    (
        refers("allegation", "allegation", "What it is about.", INSPECTOR, PUBLIC),
        refers("draft_finding", "draft_finding", "The draft that was sent before; none if none was.", INSPECTOR, RESPONDENT, none=True),
        refers("about", "person", "The person it is about; none if it is about a body.", INSPECTOR, RESPONDENT, none=True, back="finding_about"),
        text("about_name", "The body, the elected official, or the role and number it is about, as it may be printed.", INSPECTOR, PUBLIC),
        one_of("outcome", OUTCOMES, "What is concluded.", INSPECTOR, PUBLIC),
        prose("says", "The finding, in a sentence.", INSPECTOR, PUBLIC),
        one_of("standard_of_proof", STANDARDS, "How sure the inspector had to be.", INSPECTOR, PUBLIC),
        text("rests_on", "The ids of the records whose results it rests on, with ; between; none if it rests on no result.", INSPECTOR, RESPONDENT, none=True),
        prose("missing", "Which records are missing or kept back, and by whom; none if none are.", INSPECTOR, PUBLIC, none=True),
        date("happened_on", "When that which it is about happened.", INSPECTOR, RESPONDENT),
        refers("guidance", "guidance", "The guidance it applies; none if it applies none.", INSPECTOR, PUBLIC, none=True),
        date("made_on", "The day it was made.", INSPECTOR, PUBLIC),
        *made_by("finding", INSPECTOR, PUBLIC),
        *known_how(INSPECTOR),
    ),
    dated_by=("made_on",),
)  # fmt: skip
