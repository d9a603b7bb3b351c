"""A correction: what a published report said, and what it says now."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INSPECTOR, PUBLIC, date, prose, text

CORRECTION = RecordType(
    "correction",
    "One correction of a report that was published; the report as it was stays to be read.",
    INSPECTOR,
    (
        text("report", "The report, by its title and date.", INSPECTOR, PUBLIC),
        text("place", "The figure, finding or sentence that was wrong.", INSPECTOR, PUBLIC),
        prose("said", "What it said.", INSPECTOR, PUBLIC),
        prose("says_now", "What it says now.", INSPECTOR, PUBLIC),
        prose("why", "What showed that it was wrong.", INSPECTOR, PUBLIC),
        text("corrected_by", "The office that corrected it.", INSPECTOR, PUBLIC),
        date("corrected_on", "The day it was corrected.", INSPECTOR, PUBLIC),
    ),
    dated_by=("corrected_on",),
)
