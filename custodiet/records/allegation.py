"""An allegation: what somebody says was done with a detail, or was not done."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INSPECTOR, PUBLIC, date, known_how, one_of, prose, refers, text

ALLEGED = (
    "seats given", "relatives", "errands", "loads", "campaign travel", "obstruction", "no written rules", "records not kept",
)  # fmt: skip

ALLEGATION = RecordType(
    "allegation",
    "One thing that somebody says happened, before anybody has found whether it did.",
    INSPECTOR,
    (
        one_of("sort", ALLEGED, "What sort of thing it is.", INSPECTOR, PUBLIC),
        prose("words", "What is said to have happened, in our words.", INSPECTOR, PUBLIC),
        text("made_by", "Who says so, by office or role.", INSPECTOR, PUBLIC),
        text("made_of", "Who is said to have done it, by office, role or number.", INSPECTOR, PUBLIC),
        date("made_on", "The day it was made.", INSPECTOR, PUBLIC),
        date("happened", "The day, or the days between which, it is said to have happened.", INSPECTOR, PUBLIC),
        prose("not_read", "What of it was not read, so that nothing is built on it; none if all was.", INSPECTOR, PUBLIC, none=True),
        refers("told_in", "source", "Where it was read.", INSPECTOR, PUBLIC),
        *known_how(INSPECTOR),
    ),
    dated_by=("happened",),
)  # fmt: skip
