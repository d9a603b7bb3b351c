"""A person: named in public only if elected or the signer of an official act, else known by role and number."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INTERNAL, OFFICE, PERSONNEL, PUBLIC, known_how, text, yes_no

PERSON = RecordType(
    "person",
    "Someone who asked for, gave, used or paid for protection or travel.",
    PERSONNEL,
    (
        text("name", "The name the person goes by.", PERSONNEL, INTERNAL),
        text("post", "The public office the person holds; none for everybody else.", PERSONNEL, PUBLIC, none=True),
        yes_no("elected", "Whether the person holds an elected office.", PERSONNEL, PUBLIC),
        yes_no("minor", "Whether the person is under age; unknown counts as minor.", OFFICE, INTERNAL),
        *known_how(PERSONNEL),
    ),
)
