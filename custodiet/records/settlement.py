"""A settlement: what the board and the respondent agree, what it replaces, and what revives on default."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, PUBLIC, date, known_how, made_by, money, one_of, refers, yes_no

ON_DEFAULT = ("the order revives", "a stated sum revives", "the rest falls due at once", "nothing is agreed")

SETTLEMENT = RecordType(
    "settlement",
    "What the board and one respondent agree, instead of an order or after it.",
    BOARD,
    (
        refers("replaces", "order", "The order whose place it takes; none if there was no order.", BOARD, PUBLIC, none=True),
        money("total", "What is to be paid in all, every kind and what was paid before included.", BOARD, PUBLIC),
        yes_no("admission", "Whether the respondent admits having broken a rule.", BOARD, PUBLIC),
        one_of("on_default", ON_DEFAULT, "What happens on default.", BOARD, PUBLIC),
        money("revives", "The sum that revives on default, where one is stated; none if none is.", BOARD, PUBLIC, none=True),
        yes_no("payments_count", "Whether what was paid under it counts towards what revives; none if nothing revives.", BOARD, PUBLIC, none=True),
        date("made_on", "The day it was agreed.", BOARD, PUBLIC),
        *made_by("settlement", BOARD, PUBLIC),
        *known_how(BOARD),
    ),
    dated_by=("made_on",),
)  # fmt: skip
