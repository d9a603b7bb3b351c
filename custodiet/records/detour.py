"""A detour: a way that left the usual route, or was broken on it."""

from custodiet.records.field import RecordType
from custodiet.records.shared import COMPTROLLER, INTERNAL, OFFICE, RESPONDENT, date, known_how, money, one_of, refers

DETOUR = RecordType(
    "detour",
    "A way to or from a destination that left the usual route, or was broken on it.",
    OFFICE,
    (
        refers("trip", "trip", "The trip it belongs to.", OFFICE, RESPONDENT),
        refers("traveller", "person", "Who travelled.", OFFICE, INTERNAL),
        date("travelled_on", "The first day of it.", OFFICE, RESPONDENT),
        one_of("reason", ("authorized as officially necessary", "own convenience", "another reason"), "Why the usual route was left.", OFFICE, RESPONDENT),
        money("paid", "What the traveller was paid for the way taken.", COMPTROLLER, RESPONDENT),
        money("direct_cost", "What the direct and unbroken way would have cost.", COMPTROLLER, RESPONDENT),
        *known_how(OFFICE),
    ),
    dated_by=("travelled_on",),
)  # fmt: skip
