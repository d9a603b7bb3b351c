"""A load: cargo carried or an errand run, without regard to who was aboard."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INTERNAL, RESPONDENT, UNIT, chain_of_request, known_how, one_of, refers

LOAD = RecordType(
    "load",
    "Cargo carried or an errand run on one leg.",
    UNIT,
    (
        refers("leg", "leg", "The leg it was carried or run on.", UNIT, INTERNAL),
        one_of("sort", ("belongings", "furniture", "papers", "equipment", "errand"), "What it was.", UNIT, RESPONDENT),
        one_of("served", ("the city", "the detail", "the campaign", "a person"), "Whose business it served.", UNIT, RESPONDENT),
        refers("owner", "person", "Whose it was; none for the city's, the detail's or the campaign's.", UNIT, INTERNAL, none=True),
        *chain_of_request("load"),
        *known_how(UNIT),
    ),
    dated_through="leg",
)  # fmt: skip
