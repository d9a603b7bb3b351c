"""An authorization: permission given before."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INTERNAL, RESPONDENT, UNIT, date, known_how, one_of, prose, refers, yes_no

GROUNDS = (
    "clear and present danger", "emergency", "compelling operations", "field work", "protective or police duties",
)  # fmt: skip

AUTHORIZATION = RecordType(
    "authorization",
    "A permission given before a trip or a use.",
    UNIT,
    (
        refers("holder", "person", "To whom it was given.", UNIT, INTERNAL, back="authorization_held"),
        one_of("covers", ("trip", "home to work", "single use"), "What it permits.", UNIT, RESPONDENT),
        one_of("ground", GROUNDS, "The ground that the law asks for; none if it rests on no such ground.", UNIT, INTERNAL, none=True),
        refers("extends", "authorization", "The authorization that it extends; none if it extends none.", UNIT, INTERNAL, none=True, back="extension", within=False),
        date("approved_on", "The day it was given.", UNIT, RESPONDENT),
        refers("approved_by", "person", "Who gave it.", UNIT, INTERNAL, back="authorization_approved"),
        yes_no("by_the_head", "Whether the head of the body gave it, and nobody in the head's place.", UNIT, RESPONDENT),
        date("begins_on", "The first day it holds.", UNIT, RESPONDENT),
        date("expires_on", "The last day it holds.", UNIT, RESPONDENT),
        yes_no("in_writing", "Whether it is in writing.", UNIT, RESPONDENT),
        prose("reason", "The reason it states; none if it states none.", UNIT, INTERNAL, none=True),
        date("notified_on", "The day on which the legislature was told of it; none if it was not.", UNIT, RESPONDENT, none=True),
        *known_how(UNIT),
    ),
    dated_by=("approved_on", "expires_on"),
)  # fmt: skip
