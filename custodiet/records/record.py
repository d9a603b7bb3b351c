"""One record: what is known of one thing that happened, or of somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from custodiet.records.value import UNKNOWN, Value


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its type, its id, and the fields of which something is known."""

    type: str
    id: str
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def value(self, name: str) -> Value:
        """What a field holds; unknown if nobody recorded it."""
        return self.values.get(name, UNKNOWN)
