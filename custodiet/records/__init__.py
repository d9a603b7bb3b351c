"""The nouns: every record type and every field, defined once, in a document each (`core/*.md`, a pack's `records/*.md`).

`core_types()` are the program's own; a pack's documents add to them (`definitions.types_with`). Whoever reads, checks,
prints or publishes a field takes its type, unit, class and holder from the definitions that are handed to it.
"""

from custodiet.records.definitions import Types, core_types
from custodiet.records.field import Field, Kind, RecordType, Sensitivity, one, plural, with_article
from custodiet.records.value import NONE, UNKNOWN, Mark, Value, cell, read_cell

__all__ = [
    "NONE",
    "UNKNOWN",
    "Field",
    "Kind",
    "Mark",
    "RecordType",
    "Sensitivity",
    "Types",
    "Value",
    "cell",
    "core_types",
    "one",
    "plural",
    "read_cell",
    "with_article",
]
