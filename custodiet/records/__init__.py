"""The nouns: every record type and every field, defined once.

`TYPES` maps a type's name to its definition. Whoever reads, checks, prints or publishes a field
reads its type, unit, sensitivity and holder from here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from custodiet.records.affiliation import AFFILIATION
from custodiet.records.assignment import ASSIGNMENT
from custodiet.records.authorization import AUTHORIZATION
from custodiet.records.detail import DETAIL
from custodiet.records.entitlement import ENTITLEMENT
from custodiet.records.event import EVENT
from custodiet.records.field import Field, Kind, RecordType, Sensitivity
from custodiet.records.guidance import GUIDANCE
from custodiet.records.judgment import JUDGMENT
from custodiet.records.leg import LEG
from custodiet.records.load import LOAD
from custodiet.records.person import PERSON
from custodiet.records.seat import SEAT
from custodiet.records.threat_assessment import THREAT_ASSESSMENT
from custodiet.records.trip import DAY, TRIP
from custodiet.records.value import NONE, UNKNOWN, Mark, Value, cell, read_cell
from custodiet.records.vehicle import VEHICLE
from custodiet.records.voucher import VOUCHER

_ALL = (
    PERSON, AFFILIATION, DETAIL, ASSIGNMENT, ENTITLEMENT, THREAT_ASSESSMENT, VEHICLE, AUTHORIZATION, TRIP, DAY, EVENT,
    LEG, SEAT, LOAD, VOUCHER, GUIDANCE, JUDGMENT,
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
    "read_cell",
]
