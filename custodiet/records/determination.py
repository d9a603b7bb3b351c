"""A determination: what the board concludes, at the end of its own procedure."""

from custodiet.records.field import RecordType
from custodiet.records.finding import STANDARDS
from custodiet.records.shared import BOARD, PUBLIC, date, known_how, made_by, one_of, prose, refers, text, yes_no

DETERMINATION = RecordType(
    "determination",
    "What the board concludes, at the end of its own procedure.",
    BOARD,
    (
        refers("finding", "finding", "The finding it follows; none if it follows none.", BOARD, PUBLIC, none=True),
        yes_no("rule_broken", "Whether the board concludes that a rule was broken.", BOARD, PUBLIC),
        prose("legal_basis", "The law it is made under.", BOARD, PUBLIC),
        prose("says", "What it concludes, in a sentence.", BOARD, PUBLIC),
        text("heard_by", "The body that held the hearing; none if there was none.", BOARD, PUBLIC, none=True),
        one_of("standard_of_proof", STANDARDS, "How sure the board had to be.", BOARD, PUBLIC),
        date("made_on", "The day it was made.", BOARD, PUBLIC),
        *made_by("determination", BOARD, PUBLIC),
        *known_how(BOARD),
    ),
    dated_by=("made_on",),
)  # fmt: skip
