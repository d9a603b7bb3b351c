"""A default: somebody records that a settlement was not kept; before that entry, nothing revives."""

from custodiet.records.field import RecordType
from custodiet.records.shared import BOARD, PUBLIC, date, known_how, made_by, refers

DEFAULT = RecordType(
    "default",
    "The act of recording that what a settlement asks was not paid when it asks it.",
    BOARD,
    (
        refers("settlement", "settlement", "The settlement that was not kept.", BOARD, PUBLIC),
        date("made_on", "The day on which the default was recorded: from then on, what revives is owed.", BOARD, PUBLIC),
        *made_by("default", BOARD, PUBLIC),
        *known_how(BOARD),
    ),
    dated_by=("made_on",),
)  # fmt: skip
