"""A payment: money received against what is owed, or the return of one."""

from custodiet.records.field import RecordType
from custodiet.records.shared import COMPTROLLER, PUBLIC, RESPONDENT, date, known_how, money, refers, text, yes_no

PAYMENT = RecordType(
    "payment",
    "Money received against what an order or a settlement asks.",
    COMPTROLLER,
    (
        refers("receivable", "receivable", "The receivable it is for; none if it is for an order or a settlement as a whole.", COMPTROLLER, PUBLIC, none=True),
        refers("order", "order", "The order it is for; none if it is for something else.", COMPTROLLER, PUBLIC, none=True),
        refers("settlement", "settlement", "The settlement it is for; none if it is for something else.", COMPTROLLER, PUBLIC, none=True),
        money("amount", "How much was received, or came back.", COMPTROLLER, PUBLIC),
        date("paid_on", "The day it was received.", COMPTROLLER, PUBLIC),
        refers("paid_by", "person", "Who paid; none if a body did.", COMPTROLLER, RESPONDENT, none=True, back="payment_made"),
        text("paid_by_name", "The body, the elected official, or the role and number that paid, as it may be printed.", COMPTROLLER, PUBLIC),
        yes_no("deposit", "Whether it was given as a deposit, to be held until a review ends; what comes in while a review is open is held anyhow.", COMPTROLLER, PUBLIC),
        refers("reverses", "payment", "The payment it takes back, such as a cheque that was not honoured; none if it is money received.", COMPTROLLER, PUBLIC, none=True, back="reversal"),
        *known_how(COMPTROLLER),
    ),
    dated_by=("paid_on",),
)  # fmt: skip
