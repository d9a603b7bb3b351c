"""A threat assessment: only that it exists, until when, and who approved it; its content never enters here."""

from custodiet.records.field import RecordType
from custodiet.records.shared import SEALED, UNIT, date, known_how, refers

THREAT_ASSESSMENT = RecordType(
    "threat_assessment",
    "That a threat to one person was assessed, until when that holds, and who approved it.",
    UNIT,
    (
        refers("person", "person", "Who was assessed.", UNIT, SEALED),
        date("made_on", "The day it was approved.", UNIT, SEALED),
        date("valid_until", "The last day it holds.", UNIT, SEALED),
        refers("approved_by", "person", "Who approved it.", UNIT, SEALED, back="threat_assessment_approved"),
        *known_how(UNIT),
    ),
    dated_by=("made_on", "valid_until"),
)
