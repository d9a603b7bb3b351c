"""An instalment: one part of what an order or a settlement asks, with its own day."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, PUBLIC, date, known_how, money, refers

INSTALMENT = RecordType(
    "instalment",
    "One part of what an order or a settlement asks, with the day by which it is due.",
    BOARD,
    (
        refers("order", "order", "The order it is a part of; none if of a settlement.", BOARD, PUBLIC, none=True),
        refers("settlement", "settlement", "The settlement it is a part of; none if of an order.", BOARD, PUBLIC, none=True),
        money("amount", "How much is due.", BOARD, PUBLIC),
        date("due_on", "The last day on which it can be paid in time.", BOARD, PUBLIC),
        *known_how(BOARD),
    ),
    dated_by=("due_on",),
)  # fmt: skip
