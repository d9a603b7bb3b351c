"""A receivable: a sum of one kind, owed to the public purse under an order or a settlement."""

from custodiet.records.field import RecordType
from custodiet.records.shared import COMPTROLLER, PUBLIC, date, known_how, money, one_of, prose, refers

KINDS = ("reimbursement", "payment of a gain", "fine")

HOW_LIABLE = ("alone", "alternative", "joint", "several")
"""One payer; one debt, of the first payer and else of the next; one debt, all of it of each; a share each."""

RECEIVABLE = RecordType(
    "receivable",
    "One sum of one kind, owed to the public purse under an order or a settlement.",
    COMPTROLLER,
    (
        refers("order", "order", "The order it arises from; none if from a settlement.", COMPTROLLER, PUBLIC, none=True),
        refers("settlement", "settlement", "The settlement it arises from; none if from an order.", COMPTROLLER, PUBLIC, none=True),
        one_of("kind", KINDS, "What sort of sum it is.", COMPTROLLER, PUBLIC),
        prose("legal_basis", "The law under which it is owed.", COMPTROLLER, PUBLIC),
        money("amount", "How much is owed, without interest.", COMPTROLLER, PUBLIC),
        date("due_on", "The last day on which it can be paid in time.", COMPTROLLER, PUBLIC),
        one_of("how_liable", HOW_LIABLE, "How its payers answer for it.", COMPTROLLER, PUBLIC),
        money("interest", "Interest added to it; none if none.", COMPTROLLER, PUBLIC, none=True),
        prose("interest_basis", "The rule by which interest was added; none if none was.", COMPTROLLER, PUBLIC, none=True),
        date("interest_on", "The day on which interest was added; none if none was.", COMPTROLLER, PUBLIC, none=True),
        *known_how(COMPTROLLER),
    ),
    dated_by=("due_on",),
)  # fmt: skip
