"""The definitions by which records were entered, as an entry keeps them: a leaf recomputes by those of its day.

It holds no prose, and only the types that are used. What it says of a kind is what a record document says
(`records.kinds`), so that the unit and the type that a field refers to are in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from custodiet.records import Field, Kind, RecordType, Sensitivity, Types
from custodiet.records.kinds import with_kind, written_kind


@dataclass(frozen=True, slots=True)
class DefinedField:
    """One field: its name, its kind as a record document writes it, and its class of readers."""

    field: str
    kind: str
    readers: str


@dataclass(frozen=True, slots=True)
class DefinedType:
    """One record type: what dates it, whether the public sees totals only, and its fields."""

    type: str
    dated_by: tuple[str, ...]
    dated_through: str
    totals_only: bool
    fields: tuple[DefinedField, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """The definitions of the record types in use, from this entry on."""

    kind: ClassVar[str] = "definitions"
    types: tuple[DefinedType, ...]

    @classmethod
    def of(cls, types: Types, used: Iterable[str]) -> "Definitions":
        """The definitions of some types; of a derived one there is none, for nobody enters it.

        >>> from custodiet.records import core_types
        >>> [each.type for each in Definitions.of(core_types(), ["seat", "day", "leg"]).types]
        ['leg', 'seat']
        """
        return cls(tuple(_told(types[name]) for name in sorted(set(used)) if types[name].derived is None))

    def about(self) -> dict[str, Any]:
        """All of it: what a type is called and made of is no secret, where its records are none."""
        return {
            "types": [
                {
                    "type": each.type,
                    "dated_by": list(each.dated_by),
                    "dated_through": each.dated_through,
                    "totals_only": each.totals_only,
                    "fields": [
                        {"field": field.field, "kind": field.kind, "readers": field.readers} for field in each.fields
                    ],
                }
                for each in self.types
            ]
        }

    def says(self) -> dict[str, Any]:
        """Nothing that could be withheld."""
        return {}

    def private(self, types: Types) -> frozenset[str]:
        """None of it."""
        del types
        return frozenset()

    @classmethod
    def read(cls, about: Mapping[str, Any]) -> "Definitions":
        """The definitions that `about` wrote down."""
        return cls(
            tuple(
                DefinedType(
                    each["type"],
                    tuple(each["dated_by"]),
                    each["dated_through"],
                    each["totals_only"],
                    tuple(DefinedField(field["field"], field["kind"], field["readers"]) for field in each["fields"]),
                )
                for each in about["types"]
            )
        )

    def record_types(self) -> Types:
        """The record types as they were defined, without their sentences; ValueError for a kind that none can be."""
        return MappingProxyType({each.type: _defined(each) for each in self.types})


def _told(definition: RecordType) -> DefinedType:
    fields = (DefinedField(each.name, written_kind(each), each.sensitivity.value) for each in definition.fields)
    totals_only = definition.totals_only is not None
    return DefinedType(definition.name, definition.dated_by, definition.dated_through, totals_only, tuple(fields))


def _defined(told: DefinedType) -> RecordType:
    fields = (
        with_kind(Field(each.field, Kind.TEXT, "", "", Sensitivity(each.readers)), each.kind) for each in told.fields
    )
    totals_only = "" if told.totals_only else None
    return RecordType(
        told.type, "", "", tuple(fields), told.dated_by, told.dated_through, totals_only=totals_only
    )  # fmt: skip
