"""A statement: what a source says that somebody said, told in our words."""

from custodiet.records.field import RecordType
from custodiet.records.published_figure import EXACTNESS
from custodiet.records.shared import INSPECTOR, PUBLIC, date, known_how, one_of, prose, refers, text

STANCES = ("says it happened", "answers", "neither")

STATEMENT = RecordType(
    "statement",
    "Words that a public source attributes to a person or a body, restated.",
    INSPECTOR,
    (
        text("speaker", "Who said it, by office or role; a name only of elected officials and signers of official acts.", INSPECTOR, PUBLIC),
        text("via", "Through whom it came to the source: a report, a press conference, another paper; none if the speaker told the source.", INSPECTOR, PUBLIC, none=True),
        refers("allegation", "allegation", "The allegation it speaks to; none if to none.", INSPECTOR, PUBLIC, none=True),
        one_of("stance", STANCES, "Which side of the allegation it is on.", INSPECTOR, PUBLIC),
        prose("words", "What was said, in our words.", INSPECTOR, PUBLIC),
        prose("about", "The fact it speaks of; statements with the same words here are compared; none if it is compared with nothing.", INSPECTOR, PUBLIC, none=True),
        prose("scope", "Which side of that fact it speaks of: the same words where two statements speak of the same; none if it is compared with nothing.", INSPECTOR, PUBLIC, none=True),
        prose("says", "What it comes to, in a few words; none if it is compared with nothing.", INSPECTOR, PUBLIC, none=True),
        refers("figure", "published_figure", "The figure it gives; none if it gives none.", INSPECTOR, PUBLIC, none=True),
        one_of("exactness", EXACTNESS, "How exactly it gives its figure; none if it gives none.", INSPECTOR, PUBLIC, none=True),
        date("said_on", "The day it was said.", INSPECTOR, PUBLIC),
        refers("told_in", "source", "Where it was read.", INSPECTOR, PUBLIC),
        *known_how(INSPECTOR),
    ),
    dated_by=("said_on",),
)  # fmt: skip
