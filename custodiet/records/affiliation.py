"""What a person was to the city, the campaign or the protectee, over a period."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INTERNAL, PERSONNEL, RESPONDENT, date, known_how, one_of, refers

AFFILIATION = RecordType(
    "affiliation",
    "One person's tie to the city, the campaign or the protectee, over a period.",
    PERSONNEL,
    (
        refers("person", "person", "Whose tie it is.", PERSONNEL, INTERNAL),
        one_of("tie", ("city employee", "on leave", "campaign staff", "relative"), "What the tie is.", PERSONNEL, RESPONDENT),
        refers("relative_of", "person", "The person a relative is related to; none for other ties.", PERSONNEL, INTERNAL, none=True, back="relation"),
        date("from_on", "The first day of the tie.", PERSONNEL, RESPONDENT),
        date("until_on", "The last day of the tie; none while it lasts.", PERSONNEL, RESPONDENT, none=True),
        *known_how(PERSONNEL),
    ),
    dated_by=("from_on", "until_on"),
)  # fmt: skip
