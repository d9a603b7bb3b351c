"""A payment: money received, for an order, a settlement or neither, or an entry that takes another payment back."""

from custodiet.records.field import RecordType
from custodiet.records.shared import COMPTROLLER, PUBLIC, RESPONDENT, date, known_how, money, refers, text, yes_no

PAYMENT = RecordType(
    "payment",
    "Money received, for what an order or a settlement asks or for neither; or an entry that takes one back.",
    COMPTROLLER,
    (
        refers("receivable", "receivable", "The receivable it is for; none if it is for an order or a settlement as a whole, or for neither.", COMPTROLLER, PUBLIC, none=True),
        refers("order", "order", "The order it is for; none if it is for something else, or for nothing that anybody asked.", COMPTROLLER, PUBLIC, none=True),
        refers("settlement", "settlement", "The settlement it is for; none if it is for something else, or for nothing that anybody asked.", COMPTROLLER, PUBLIC, none=True),
        money("amount", "How much was received, or went back.", COMPTROLLER, PUBLIC),
        date("paid_on", "The day it was received, or went back.", COMPTROLLER, PUBLIC),
        refers("paid_by", "person", "Who paid; none if a body did.", COMPTROLLER, RESPONDENT, none=True, back="payment_made"),
        text("paid_by_name", "The body, the elected official, or the role and number that paid, as it may be printed.", COMPTROLLER, PUBLIC),
        yes_no("deposit", "Whether it was given as a deposit, to be held until a review ends; what comes in while a review is open is held anyhow.", COMPTROLLER, PUBLIC),
        refers("reverses", "payment", "The payment it takes back, in all or in part: a cheque that was not honoured, or such a return made in error; none if it is money received.", COMPTROLLER, PUBLIC, none=True, back="reversal"),
        *known_how(COMPTROLLER),
    ),
    dated_by=("paid_on",),
)  # fmt: skip
