"""An authorization: permission given before."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INTERNAL, RESPONDENT, UNIT, date, known_how, one_of, refers, text, yes_no

AUTHORIZATION = RecordType(
    "authorization",
    "A permission given before a trip or a use.",
    UNIT,
    (
        one_of("covers", ("trip", "home to work", "single use"), "What it permits.", UNIT, RESPONDENT),
        date("approved_on", "The day it was given.", UNIT, RESPONDENT),
        refers("approved_by", "person", "Who gave it.", UNIT, INTERNAL, back="authorization_approved"),
        date("expires_on", "The last day it holds.", UNIT, RESPONDENT),
        yes_no("in_writing", "Whether it is in writing.", UNIT, RESPONDENT),
        text("reason", "The reason it states; none if it states none.", UNIT, INTERNAL, none=True),
        *known_how(UNIT),
    ),
    dated_by=("approved_on", "expires_on"),
)
