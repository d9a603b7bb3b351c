"""A draft finding: what the inspector means to find, sent to the respondent before it is made."""

from custodiet.records.field import RecordType
from custodiet.records.finding import OUTCOMES
from custodiet.records.shared import INSPECTOR, RESPONDENT, date, known_how, made_by, one_of, prose, refers

DRAFT_FINDING = RecordType(
    "draft_finding",
    "One finding as it is sent to the respondent before it is made.",
    INSPECTOR,
    (
        refers("allegation", "allegation", "What it is about.", INSPECTOR, RESPONDENT),
        one_of("outcome", OUTCOMES, "What the inspector means to find.", INSPECTOR, RESPONDENT),
        prose("says", "The finding as drafted, in a sentence.", INSPECTOR, RESPONDENT),
        date("made_on", "The day it was drafted.", INSPECTOR, RESPONDENT),
        *made_by("draft_finding", INSPECTOR, RESPONDENT),
        *known_how(INSPECTOR),
    ),
    dated_by=("made_on",),
)
