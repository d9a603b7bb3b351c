"""A driver service: one driver's time for one person over a period."""

from custodiet.records.field import RecordType
from custodiet.records.shared import (
    COMPTROLLER,
    INTERNAL,
    PERSONNEL,
    RESPONDENT,
    SEALED,
    UNIT,
    date,
    known_how,
    money,
    refers,
    whole,
    yes_no,
)

DRIVER_SERVICE = RecordType(
    "driver_service",
    "One driver's time for one person over a period: driving, waiting to be called, and other duties.",
    UNIT,
    (
        refers("user", "person", "Who was driven.", UNIT, INTERNAL),
        refers("driver", "person", "Who drove.", UNIT, INTERNAL, back="driver_service_given"),
        refers("threat_assessment", "threat_assessment", "The assessment by which the driver was provided; none if security did not require one.", UNIT, SEALED, none=True, within=False),
        date("from_on", "The first day.", UNIT, RESPONDENT),
        date("until_on", "The last day.", UNIT, RESPONDENT),
        yes_no("trained", "Whether the driver was trained in evasive driving.", UNIT, INTERNAL),
        money("stated_value", "What the service was worth, where that is stated and not taken from the driver's pay; none where the pay is taken.", COMPTROLLER, RESPONDENT, none=True),
        money("pay", "The driver's pay over the period.", PERSONNEL, INTERNAL),
        money("lodging", "What the driver's free lodging was worth over the period; 0.00 if there was none.", PERSONNEL, INTERNAL),
        whole("hours_paid", 1, "hours", "The hours the driver was paid for.", PERSONNEL, INTERNAL),
        whole("hours_elsewhere", 0, "hours", "Of those, the hours of other substantial duties during which the driver could not be called.", UNIT, INTERNAL),
        whole("hours_as_driver", 1, "hours", "The hours of driving and of waiting to be called, for everybody and everything.", UNIT, INTERNAL),
        whole("hours_driving_personal", 0, "hours", "The hours of driving the user for personal purposes.", UNIT, INTERNAL),
        whole("hours_waiting_late", 0, "hours", "The hours of waiting to be called by the user outside the user's working hours.", UNIT, INTERNAL),
        whole("late_driving", 0, "hours", "The hours of driving the user outside the user's working hours, whatever for, so far as records show; 0 if they show none.", UNIT, INTERNAL),
        whole("late_driving_official", 0, "hours", "Of those, the hours on official business.", UNIT, INTERNAL),
        *known_how(UNIT),
    ),
    dated_by=("from_on", "until_on"),
)  # fmt: skip
