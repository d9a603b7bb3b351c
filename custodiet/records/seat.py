"""A seat: one person on one leg."""

from custodiet.records.field import RecordType
from custodiet.records.shared import CAMPAIGN, INTERNAL, RESPONDENT, ROLES, UNIT, known_how, one_of, refers, yes_no

SEAT = RecordType(
    "seat",
    "One person on one leg.",
    UNIT,
    (
        refers("leg", "leg", "The leg it is on.", UNIT, INTERNAL),
        refers("occupant", "person", "Who sat there.", UNIT, INTERNAL),
        one_of("role", ROLES, "Why the person was aboard; who has an entitlement that day is a protectee, relatives too.", UNIT, RESPONDENT),
        yes_no("on_duty", "Whether the person was on duty for the city.", UNIT, RESPONDENT),
        one_of("travelled_for", ("a candidate", "another committee", "no campaign"), "For whose campaign the person travelled, if for any.", CAMPAIGN, RESPONDENT),
        yes_no("same_way", "Whether the person got in and out where the person for whom the leg was driven did.", UNIT, RESPONDENT),
        *known_how(UNIT),
    ),
    dated_through="leg",
)  # fmt: skip
