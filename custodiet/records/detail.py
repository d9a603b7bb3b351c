"""A detail: the team that protects one protectee."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INTERNAL, PUBLIC, UNIT, known_how, refers, text

DETAIL = RecordType(
    "detail",
    "The team assigned to a protectee.",
    UNIT,
    (
        text("title", "What the detail is called.", UNIT, INTERNAL),
        refers("protectee", "person", "Whom it protects.", UNIT, INTERNAL),
        text("unit", "The body it belongs to.", UNIT, PUBLIC),
        *known_how(UNIT),
    ),
)
