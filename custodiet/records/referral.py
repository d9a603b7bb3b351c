"""A referral: a case, or one finding, is handed on to another body."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INSPECTOR, PUBLIC, date, known_how, made_by, prose, refers, text

REFERRAL = RecordType(
    "referral",
    "Handing a case, or one finding, on to another body.",
    INSPECTOR,
    (
        refers("finding", "finding", "What is handed on; none if it is the case as a whole.", INSPECTOR, PUBLIC, none=True),
        text("referred_to", "The body it goes to.", INSPECTOR, PUBLIC),
        prose("asks", "What that body is asked to do, in a sentence.", INSPECTOR, PUBLIC),
        date("made_on", "The day it was made.", INSPECTOR, PUBLIC),
        *made_by("referral", INSPECTOR, PUBLIC),
        *known_how(INSPECTOR),
    ),
    dated_by=("made_on",),
)  # fmt: skip
