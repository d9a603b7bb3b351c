"""An order: the board makes somebody pay; each kind of sum has its own legal basis."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, PUBLIC, date, known_how, made_by, money, prose, refers, text, whole

ORDER = RecordType(
    "order",
    "The board's act that makes somebody pay or do something.",
    BOARD,
    (
        refers("determination", "determination", "The determination it follows; none if it follows none.", BOARD, PUBLIC, none=True),
        refers("replaces", "order", "The earlier order whose place it takes; none if it takes none's.", BOARD, PUBLIC, none=True, back="order_replacing"),
        money("reimbursement", "What is to be paid back; none if nothing.", BOARD, PUBLIC, none=True),
        prose("reimbursement_basis", "The law under which it is to be paid back; none if nothing is.", BOARD, PUBLIC, none=True),
        money("gain", "The payment of a gain; none if none is ordered.", BOARD, PUBLIC, none=True),
        prose("gain_basis", "The law under which a gain is to be paid; none if none is.", BOARD, PUBLIC, none=True),
        whole("fine_counts", 1, "counts", "For how many counts there is a fine; none if for none.", BOARD, PUBLIC, none=True),
        money("fine_per_count", "The fine for each count; none if there is no fine.", BOARD, PUBLIC, none=True),
        prose("fine_basis", "The law under which it is fined; none if there is no fine.", BOARD, PUBLIC, none=True),
        text("payable_by", "Who is to pay, as the order says: a body, an elected official, or a role and number. A sum whose receivable names a payer is owed by that one, as a fine by the person fined.", BOARD, PUBLIC),
        date("due_on", "The last day on which it can be paid in time.", BOARD, PUBLIC),
        refers("guidance", "guidance", "The new guidance it ended in, which applies only from its own date; none if in none.", BOARD, PUBLIC, none=True),
        date("made_on", "The day it was made.", BOARD, PUBLIC),
        *made_by("order", BOARD, PUBLIC),
        *known_how(BOARD),
    ),
    dated_by=("made_on",),
)  # fmt: skip
