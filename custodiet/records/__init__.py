"""The nouns: every record type and every field, defined once.

`TYPES` maps a type's name to its definition. Whoever reads, checks, prints or publishes a field
reads its type, unit, sensitivity and holder from here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from custodiet.records.affiliation import AFFILIATION
from custodiet.records.aircraft_use import AIRCRAFT_USE
from custodiet.records.allegation import ALLEGATION
from custodiet.records.assignment import ASSIGNMENT
from custodiet.records.authorization import AUTHORIZATION
from custodiet.records.candidacy import CANDIDACY
from custodiet.records.charge import CHARGE
from custodiet.records.complaint import COMPLAINT
from custodiet.records.correction import CORRECTION
from custodiet.records.default import DEFAULT
from custodiet.records.detail import DETAIL
from custodiet.records.determination import DETERMINATION
from custodiet.records.detour import DETOUR
from custodiet.records.draft_finding import DRAFT_FINDING
from custodiet.records.driver_service import DRIVER_SERVICE
from custodiet.records.entitlement import ENTITLEMENT
from custodiet.records.event import EVENT
from custodiet.records.field import Field, Kind, RecordType, Sensitivity, one, plural, with_article
from custodiet.records.finding import FINDING
from custodiet.records.guidance import GUIDANCE
from custodiet.records.instalment import INSTALMENT
from custodiet.records.invoice import INVOICE
from custodiet.records.itinerary import ITINERARY
from custodiet.records.judgment import JUDGMENT
from custodiet.records.leg import LEG
from custodiet.records.load import LOAD
from custodiet.records.mandate import MANDATE
from custodiet.records.notice import NOTICE
from custodiet.records.order import ORDER
from custodiet.records.passage import PASSAGE
from custodiet.records.payer import PAYER
from custodiet.records.payment import PAYMENT
from custodiet.records.person import PERSON
from custodiet.records.precedent import PRECEDENT
from custodiet.records.published_figure import PUBLISHED_FIGURE
from custodiet.records.receivable import RECEIVABLE
from custodiet.records.recommendation import RECOMMENDATION
from custodiet.records.referral import REFERRAL
from custodiet.records.response import RESPONSE
from custodiet.records.review import REVIEW
from custodiet.records.seat import SEAT
from custodiet.records.settlement import SETTLEMENT
from custodiet.records.source import SOURCE
from custodiet.records.statement import STATEMENT
from custodiet.records.stay_abroad import STAY_ABROAD
from custodiet.records.threat_assessment import THREAT_ASSESSMENT
from custodiet.records.travel_day import TRAVEL_DAY
from custodiet.records.trip import DAY, TRIP
from custodiet.records.value import NONE, UNKNOWN, Mark, Value, cell, read_cell
from custodiet.records.vehicle import VEHICLE
from custodiet.records.vehicle_use import VEHICLE_USE
from custodiet.records.voucher import VOUCHER

_ALL = (
    PERSON, AFFILIATION, DETAIL, ASSIGNMENT, ENTITLEMENT, THREAT_ASSESSMENT, VEHICLE, AUTHORIZATION, TRIP, DAY, EVENT,
    LEG, SEAT, LOAD, VOUCHER, DETOUR, TRAVEL_DAY, STAY_ABROAD, PASSAGE, VEHICLE_USE, DRIVER_SERVICE, AIRCRAFT_USE,
    CANDIDACY, ITINERARY, INVOICE, GUIDANCE, JUDGMENT, SOURCE, STATEMENT, PUBLISHED_FIGURE, MANDATE, COMPLAINT,
    ALLEGATION, CHARGE, DRAFT_FINDING, NOTICE, RESPONSE, FINDING, REFERRAL, DETERMINATION, ORDER, SETTLEMENT, REVIEW,
    RECEIVABLE, PAYER, INSTALMENT, PAYMENT, DEFAULT, RECOMMENDATION, PRECEDENT, CORRECTION,
)  # fmt: skip

Types = Mapping[str, RecordType]

TYPES: Types = MappingProxyType({record_type.name: record_type for record_type in _ALL})

__all__ = [
    "NONE",
    "TYPES",
    "UNKNOWN",
    "Field",
    "Kind",
    "Mark",
    "RecordType",
    "Sensitivity",
    "Types",
    "Value",
    "cell",
    "one",
    "plural",
    "read_cell",
    "with_article",
]
