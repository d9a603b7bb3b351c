"""A precedent: an earlier use that somebody points to, and what was found of it."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INSPECTOR, PUBLIC, date, known_how, one_of, prose, refers, text

PRECEDENT = RecordType(
    "precedent",
    "One earlier use that somebody points to as having been treated otherwise.",
    INSPECTOR,
    (
        text("person", "Whose use it was: an elected official by name, anybody else by role.", INSPECTOR, PUBLIC),
        prose("occasion", "What the use was for, as it is claimed.", INSPECTOR, PUBLIC),
        prose("words", "What is claimed, in our words.", INSPECTOR, PUBLIC),
        text("pointed_to_by", "Who points to it.", INSPECTOR, PUBLIC),
        date("period", "When it was.", INSPECTOR, PUBLIC),
        prose("rule_then", "The rule in force then; none if none was.", INSPECTOR, PUBLIC, none=True),
        prose("done_and_paid", "What was done then, and who paid.", INSPECTOR, PUBLIC),
        one_of("evidence", ("found", "found in part", "not found"), "Whether evidence of it was found in what was read.", INSPECTOR, PUBLIC),
        prose("evidence_read", "What was read about it; none if nothing.", INSPECTOR, PUBLIC, none=True),
        refers("told_in", "source", "Where it is pointed to.", INSPECTOR, PUBLIC),
        *known_how(INSPECTOR),
    ),
    dated_by=("period",),
)  # fmt: skip
