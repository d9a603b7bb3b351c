"""A vehicle of the city or hired for it."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INTERNAL, PUBLIC, SEALED, UNIT, known_how, one_of, text

VEHICLE = RecordType(
    "vehicle",
    "A car, van, boat or aircraft used for protection or official travel.",
    UNIT,
    (
        one_of("sort", ("car", "van", "boat", "aircraft", "train"), "What sort of vehicle it is.", UNIT, PUBLIC),
        one_of("owner", ("city", "hired", "carrier"), "Whose it is.", UNIT, INTERNAL),
        text("plate", "Its plate or tail number.", UNIT, SEALED),
        *known_how(UNIT),
    ),
)
