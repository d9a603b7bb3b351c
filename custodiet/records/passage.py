"""A passage: one person's way in an aircraft, from where they boarded to where they got off."""

from custodiet.records.field import RecordType
from custodiet.records.shared import (
    COMPTROLLER,
    INTERNAL,
    PURPOSES,
    RESPONDENT,
    SEALED,
    UNIT,
    date,
    known_how,
    money,
    one_of,
    refers,
    text,
    whole,
    yes_no,
)

LANDINGS = ("weather", "emergency", "fuel or service", "somebody else got off or on", "own purpose")

PASSAGE = RecordType(
    "passage",
    "One person's way in one aircraft, from where they boarded to where they got off; other people's landings do not end it.",
    UNIT,
    (
        refers("traveller", "person", "Who travelled.", UNIT, INTERNAL),
        refers("counted_for", "person", "The person to whom it was given: the traveller, or the one whose relative or guest the traveller is.", UNIT, INTERNAL, back="passage_counted_for"),
        one_of("traveller_is", ("the employee", "spouse or dependent child", "another guest"), "What the traveller is to the person it counts for.", UNIT, INTERNAL),
        refers("trip", "trip", "The trip it belongs to; none if to no trip.", UNIT, RESPONDENT, none=True),
        refers("vehicle", "vehicle", "The aircraft.", UNIT, INTERNAL),
        refers("threat_assessment", "threat_assessment", "The assessment by which it was required; none if security did not require it.", UNIT, SEALED, none=True, within=False),
        date("flown_on", "The day of boarding.", UNIT, RESPONDENT),
        text("boarded_at", "Where the person boarded.", UNIT, SEALED),
        text("left_at", "Where the person got off to stay.", UNIT, SEALED),
        whole("miles", 0, "statute miles", "How far it is from where the person boarded to where they got off.", UNIT, INTERNAL),
        one_of("landing", LANDINGS, "Why the aircraft landed on the way; none if it did not.", UNIT, INTERNAL, none=True),
        one_of("purpose", PURPOSES, "What it was for, as recorded.", UNIT, RESPONDENT),
        yes_no("flown", "Whether it was flown; no for one that is only thought of, to compare.", UNIT, RESPONDENT),
        yes_no("on_official_way", "Whether it belongs to the way that the official business alone would have taken.", UNIT, RESPONDENT),
        yes_no("on_personal_way", "Whether it belongs to the way that the personal business alone would have taken.", UNIT, RESPONDENT),
        yes_no("under_two", "Whether the traveller was less than two years old.", UNIT, INTERNAL),
        whole("takeoff_weight", 0, "pounds", "The greatest weight with which the aircraft may take off.", UNIT, INTERNAL),
        whole("seats", 1, "seats", "How many seats the aircraft has for people who are not its crew.", UNIT, INTERNAL),
        whole("official_at_boarding", 0, "people", "How many people travelled on official business when the person boarded.", UNIT, INTERNAL),
        whole("official_at_leaving", 0, "people", "How many people travelled on official business when the person got off.", UNIT, INTERNAL),
        money("paid_back", "What was paid to the city for it; 0.00 if nothing.", COMPTROLLER, RESPONDENT),
        *known_how(UNIT),
    ),
    dated_by=("flown_on",),
)  # fmt: skip
