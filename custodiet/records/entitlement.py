"""An entitlement to protection: its legal ground and its period."""

from custodiet.records.field import RecordType
from custodiet.records.shared import SEALED, UNIT, date, known_how, prose, refers

ENTITLEMENT = RecordType(
    "entitlement",
    "The legal ground and period of one person's protection.",
    UNIT,
    (
        refers("person", "person", "Who is entitled.", UNIT, SEALED),
        prose("ground", "The law or decision it rests on.", UNIT, SEALED),
        date("from_on", "The first day.", UNIT, SEALED),
        date("until_on", "The last day; none while it lasts.", UNIT, SEALED, none=True),
        refers("approved_by", "person", "Who granted it.", UNIT, SEALED, back="entitlement_approved"),
        *known_how(UNIT),
    ),
    dated_by=("from_on", "until_on"),
)
