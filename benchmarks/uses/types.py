"""The record type of the benchmark: one use of a detail or of official travel, all its facts in one row."""

from fractions import Fraction
from types import MappingProxyType

from custodiet.records import Field, Kind, RecordType, Types
from custodiet.records.field import Sensitivity

UNIT = "the protective unit"


def _field(name: str, kind: Kind, sentence: str, values: tuple[str, ...] = (), least: int | None = None) -> Field:
    bound = None if least is None else Fraction(least)
    return Field(name, kind, sentence, UNIT, Sensitivity.PUBLIC, values=values, least=bound, whole=kind is Kind.NUMBER)


USE = RecordType(
    "use",
    "One use of a detail or of official travel.",
    UNIT,
    (
        _field("used_on", Kind.DATE, "The day."),
        _field("purpose", Kind.LIST, "What it was for.", ("official", "political", "personal", "mixed")),
        _field("days", Kind.NUMBER, "How many days the trip has.", least=1),
        _field("political_days", Kind.NUMBER, "How many of them are political.", least=0),
        _field("protectee_present", Kind.YES_NO, "Whether the protectee was aboard."),
        _field("role", Kind.LIST, "Who else was.", ("nobody", "city staff", "campaign staff", "donor", "press")),
        _field("on_leave", Kind.YES_NO, "Whether that person was on leave."),
        _field(
            "cost_sort", Kind.LIST, "What it cost money for.",
            ("flight", "hotel", "rental car", "fuel", "meal", "salary", "overtime", "other"),
        ),
        _field("cost", Kind.MONEY, "What it cost.", least=0),
        _field("goes_ahead", Kind.YES_NO, "Whether that person prepared the visit."),
        _field(
            "event_sort", Kind.LIST, "What it was used for.",
            ("nothing", "official event", "campaign rally", "fundraiser", "errand", "private event"),
        ),
        _field("out_of_state", Kind.YES_NO, "Whether it left the state."),
        _field("relative_aboard", Kind.YES_NO, "Whether a relative of the protectee was driven."),
        _field("threat_basis", Kind.YES_NO, "Whether a threat gave reason for it."),
    ),
    dated_by=("used_on",),
)  # fmt: skip

BENCH_TYPES: Types = MappingProxyType({"use": USE})
