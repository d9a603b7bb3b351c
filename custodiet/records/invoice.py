"""An invoice: the bill for the seats of one leg, and what was paid on it."""

from custodiet.records.field import RecordType
from custodiet.records.shared import COMPTROLLER, INTERNAL, RESPONDENT, date, known_how, money, one_of, refers, whole

ISSUERS = ("the public body", "the campaign committee", "a carrier")

INVOICE = RecordType(
    "invoice",
    "One bill for seats of one leg.",
    COMPTROLLER,
    (
        refers("leg", "leg", "The leg it bills.", COMPTROLLER, INTERNAL, within=False),
        one_of("issued_by", ISSUERS, "Who wants to be paid.", COMPTROLLER, RESPONDENT),
        whole("seats_billed", 1, "seats", "How many seats it bills.", COMPTROLLER, INTERNAL),
        money("amount", "What it asks for.", COMPTROLLER, RESPONDENT),
        date("rate_offered_on", "The day on which the price it rests on was offered to the public; none if it rests on no such price.", COMPTROLLER, RESPONDENT, none=True),
        date("received_on", "The day it was received; none if it never was.", COMPTROLLER, RESPONDENT, none=True),
        money("paid", "What was paid on it.", COMPTROLLER, RESPONDENT),
        date("paid_on", "The day on which it was paid in full; none if it was not.", COMPTROLLER, RESPONDENT, none=True),
        *known_how(COMPTROLLER),
    ),
    dated_through="leg",
)  # fmt: skip
