"""A recommendation: what a report asks a body to do, and what became of it."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INSPECTOR, PUBLIC, date, known_how, one_of, prose, refers, text

RESPONSES = ("accepted", "partly accepted", "rejected", "no answer")

RECOMMENDATION = RecordType(
    "recommendation",
    "One thing that a report asks a body to do.",
    INSPECTOR,
    (
        text("made_by", "Who recommends it.", INSPECTOR, PUBLIC),
        text("made_to", "The body it is made to.", INSPECTOR, PUBLIC),
        date("made_on", "The day it was made.", INSPECTOR, PUBLIC),
        prose("words", "What is recommended, in our words.", INSPECTOR, PUBLIC),
        date("response_due_on", "The last day to respond; none if no day was set.", INSPECTOR, PUBLIC, none=True),
        one_of("response", RESPONSES, "What the body answered.", INSPECTOR, PUBLIC),
        date("responded_on", "The day it answered; none if it has not.", INSPECTOR, PUBLIC, none=True),
        one_of("implemented", ("yes", "in part", "no"), "Whether it was carried out, when it was last looked at.", INSPECTOR, PUBLIC),
        prose("evidence", "What shows that; none if nothing does.", INSPECTOR, PUBLIC, none=True),
        date("checked_again_on", "The day it was last looked at; none if never.", INSPECTOR, PUBLIC, none=True),
        refers("told_in", "source", "Where it was read.", INSPECTOR, PUBLIC),
        *known_how(INSPECTOR),
    ),
    dated_by=("made_on",),
)  # fmt: skip
