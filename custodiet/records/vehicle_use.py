"""A vehicle use: one person's having of one vehicle over a period, and what it was driven for."""

from custodiet.records.field import RecordType
from custodiet.records.shared import (
    COMPTROLLER,
    INTERNAL,
    RESPONDENT,
    SEALED,
    UNIT,
    date,
    known_how,
    money,
    refers,
    whole,
)

VEHICLE_USE = RecordType(
    "vehicle_use",
    "One person's having of one vehicle over a period within one year, and the miles it was driven.",
    UNIT,
    (
        refers("vehicle", "vehicle", "The vehicle.", UNIT, INTERNAL),
        refers("user", "person", "Who had it.", UNIT, INTERNAL),
        refers("threat_assessment", "threat_assessment", "The assessment by which it was provided; none if security did not require it.", UNIT, SEALED, none=True, within=False),
        date("from_on", "The first day the person had it.", UNIT, RESPONDENT),
        date("until_on", "The last day the person had it.", UNIT, RESPONDENT),
        money("market_value", "What the vehicle was worth on the first day anybody could use it personally.", COMPTROLLER, RESPONDENT),
        money("market_value_plain", "What it would have been worth without what was built in for security; the same if nothing was.", COMPTROLLER, INTERNAL),
        money("stated_value", "What having it was worth, where that is stated and not read from a table; none where a table is read.", COMPTROLLER, RESPONDENT, none=True),
        money("contributed", "What the user gave towards its price for a share of it that stands in its title; 0.00 if nothing.", COMPTROLLER, RESPONDENT),
        whole("owned_percent", 0, "percent", "The share of it that the user owns by its title.", COMPTROLLER, RESPONDENT),
        money("paid_in", "What the user has paid for it without owning a share, less what earlier periods have used up; 0.00 if nothing.", COMPTROLLER, RESPONDENT),
        whole("official_miles", 0, "miles", "The miles the user was driven on official business.", UNIT, RESPONDENT),
        whole("personal_miles", 0, "miles", "The miles driven for the user's own purposes, the ways to work left out.", UNIT, RESPONDENT),
        whole("miles_to_work", 0, "miles", "The miles driven between the user's home and place of work.", UNIT, RESPONDENT),
        whole("miles_of_others", 0, "miles", "The miles that others in the city's service drove it in the period without the user.", UNIT, RESPONDENT),
        whole("study_miles", 0, "miles", "Of the personal miles, the local ones that the study of protection found reasonable and necessary.", UNIT, INTERNAL),
        whole("ways_to_work", 0, "ways", "How often it went one way between the user's home and place of work.", UNIT, RESPONDENT),
        *known_how(UNIT),
    ),
    dated_by=("from_on", "until_on"),
)  # fmt: skip
