"""A mandate: what somebody is appointed to do in a case, by whom, and whether they stood aside."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, INTERNAL, PUBLIC, date, known_how, one_of, prose, refers, text

CASE_ROLES = ("investigator", "prosecutor", "hearing officer", "decider", "counsel", "respondent")

MANDATE = RecordType(
    "mandate",
    "What one person or body is appointed to do in the case, by whom, and for how long.",
    BOARD,
    (
        refers("person", "person", "Who is appointed; none if a body is.", BOARD, INTERNAL, none=True),
        text("name", "The body, the post, or the role and number appointed, as it may be printed.", BOARD, PUBLIC),
        one_of("case_role", CASE_ROLES, "What for.", BOARD, PUBLIC),
        text("appointed_by", "The body or post that appointed; none if nobody did.", BOARD, PUBLIC, none=True),
        date("from_on", "The first day.", BOARD, PUBLIC),
        date("until_on", "The last day; none while it lasts.", BOARD, PUBLIC, none=True),
        date("recused_on", "The day from which they take no part; none if they take part.", BOARD, PUBLIC, none=True),
        prose("recused_because", "Why they take no part; none if they take part.", BOARD, INTERNAL, none=True),
        *known_how(BOARD),
    ),
    dated_by=("from_on", "until_on"),
)  # fmt: skip
