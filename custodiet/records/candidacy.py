"""A candidacy: one person standing for one office, and whether the campaign took public funds."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, PUBLIC, date, known_how, one_of, refers, yes_no

OFFICES = ("president", "vice president", "senate", "house", "other")

CANDIDACY = RecordType(
    "candidacy",
    "One person standing for one elected office.",
    BOARD,
    (
        refers("candidate", "person", "Who stands for the office.", BOARD, PUBLIC),
        one_of(
            "office", OFFICES, "Which office; senate and house are those of the federal legislature.", BOARD, PUBLIC
        ),
        yes_no("publicly_funded", "Whether the campaign took public funds for this election.", BOARD, PUBLIC),
        date("from_on", "The first day on which the person was a candidate.", BOARD, PUBLIC),
        date("until_on", "The last day; none while it goes on.", BOARD, PUBLIC, none=True),
        *known_how(BOARD),
    ),
    dated_by=("from_on", "until_on"),
)
