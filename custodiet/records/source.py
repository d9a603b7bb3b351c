"""A source: what was read, by whom it was published, and how it was read."""

from custodiet.records.field import RecordType
from custodiet.records.shared import INSPECTOR, PUBLIC, date, one_of, prose, text

SORTS = ("official act", "official publication", "press", "reworded press")
"""From the strongest to the weakest; *reworded press* retells another paper's article in other words."""

READ_AS = ("read", "beginning read", "read in a copy", "known second-hand")

SOURCE = RecordType(
    "source",
    "One paper, page or act that the public record of a case was read from.",
    INSPECTOR,
    (
        one_of("sort", SORTS, "What sort of source it is.", INSPECTOR, PUBLIC),
        text("outlet", "Who published it.", INSPECTOR, PUBLIC),
        prose("title", "Its title, with the role in brackets in place of a name that is not public; unknown if it was not read.", INSPECTOR, PUBLIC),
        date("dated", "The day it bears.", INSPECTOR, PUBLIC),
        one_of("read_as", READ_AS, "How it was read.", INSPECTOR, PUBLIC),
        text("address", "Where its own publisher keeps it; none if only a copy was read.", INSPECTOR, PUBLIC, none=True),
        prose("remark", "What a reader must know of it; none if nothing.", INSPECTOR, PUBLIC, none=True),
    ),
    dated_by=("dated",),
)  # fmt: skip
