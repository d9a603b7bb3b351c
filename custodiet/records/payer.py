"""A payer: who answers for a receivable, and for how much of it."""

from custodiet.records.field import RecordType
from custodiet.records.shared import COMPTROLLER, PUBLIC, RESPONDENT, known_how, money, refers, text, whole

PAYER = RecordType(
    "payer",
    "Somebody who answers for one receivable.",
    COMPTROLLER,
    (
        refers("receivable", "receivable", "What is owed.", COMPTROLLER, PUBLIC),
        refers("person", "person", "The person who owes; none if a body does.", COMPTROLLER, RESPONDENT, none=True),
        text("name", "The body, the elected official, or the role and number that owes, as it may be printed.", COMPTROLLER, PUBLIC),
        whole("rank", 1, "", "1 for the payer under whom the debt is named, 2 for who is asked else, and so on.", COMPTROLLER, PUBLIC),
        money("share", "The share of a payer who answers for a share only; none for the others, and for equal shares.", COMPTROLLER, PUBLIC, none=True),
        *known_how(COMPTROLLER),
    ),
)  # fmt: skip
