"""An aircraft use: one person's travel on aircraft of the government, over one trip."""

from custodiet.records.field import RecordType
from custodiet.records.shared import (
    COMPTROLLER,
    INTERNAL,
    RESPONDENT,
    UNIT,
    date,
    known_how,
    money,
    one_of,
    refers,
    yes_no,
)

STANDINGS = ("senior federal official", "other federal traveller", "non-federal traveller")

GROUNDS = ("required use", "space available", "neither")

SPACE = ("aircraft already scheduled", "remote station", "by statute", "none of these")

AUTHORIZERS = ("the senior legal official", "an official one level above", "somebody else")

AIRCRAFT_USE = RecordType(
    "aircraft_use",
    "The travel of one person on government aircraft, over one trip.",
    UNIT,
    (
        refers("trip", "trip", "The trip; none if it was part of none.", UNIT, INTERNAL, none=True, within=False),
        refers("traveller", "person", "Who travelled.", UNIT, INTERNAL),
        one_of("standing", STANDINGS, "What the traveller is to the government.", UNIT, RESPONDENT),
        date("began_on", "The day of the first departure.", UNIT, RESPONDENT),
        one_of("ground", GROUNDS, "Why a government aircraft was used, beside official business.", UNIT, INTERNAL),
        one_of("space", SPACE, "Why a seat was free, where the use rests on free space.", UNIT, INTERNAL),
        yes_no("official", "Whether official business was done on the trip.", UNIT, RESPONDENT),
        yes_no("personal", "Whether the traveller did something personal on the trip.", UNIT, RESPONDENT),
        yes_no("political", "Whether the traveller did something political on the trip.", UNIT, RESPONDENT),
        yes_no("classified_trip", "Whether the trip itself is a secret of the State.", UNIT, INTERNAL),
        money("coach_taken", "The full coach fare for all flights that were taken.", COMPTROLLER, RESPONDENT),
        money("coach_without_personal", "The full coach fare for the flights that would have been taken without anything personal.", COMPTROLLER, RESPONDENT),
        money("coach_without_political", "The full coach fare for the flights that would have been taken without anything political.", COMPTROLLER, RESPONDENT),
        money("other_law_amount", "The amount that another law sets for political travel; none if no other law does.", COMPTROLLER, RESPONDENT, none=True),
        money("aircraft_cost", "What using the government aircraft cost.", COMPTROLLER, RESPONDENT),
        money("carrier_cost", "What scheduled carriers would have cost, working time lost on the way included.", COMPTROLLER, RESPONDENT),
        one_of("authorized_by", AUTHORIZERS, "Who authorized the travel; none if nobody did.", UNIT, INTERNAL, none=True),
        date("authorized_on", "The day it was authorized in writing; none if it never was.", UNIT, RESPONDENT, none=True),
        date("approved_orally_on", "The day it was approved by word of mouth; none if it was not.", UNIT, RESPONDENT, none=True),
        yes_no("emergency", "Whether there was an emergency.", UNIT, INTERNAL),
        yes_no("standing_determination", "Whether the traveller's required use, in general or of this sort, was determined beforehand.", UNIT, INTERNAL),
        *known_how(UNIT),
    ),
    dated_by=("began_on",),
)  # fmt: skip
