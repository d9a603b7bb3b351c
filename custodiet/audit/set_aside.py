"""Why rows are in no result, in words: what is wrong is a cell, a header, a table's name or an exhibit."""

from collections import Counter
from pathlib import PurePosixPath

from custodiet.ledger.entry import SetAside
from custodiet.ledger.view import View
from custodiet.records import TYPES

_LISTS = {"amendments.csv": "amendment", "exhibits/exhibits.csv": "exhibit"}


def causes(view: View) -> dict[tuple[str, str], int]:
    """How many rows were set aside in the files as they were brought in last, by what they are and why."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in view.set_aside:
        counts[_what_and_why(each, view)] += each.rows
    return {cause: count for cause, count in counts.items() if count}


def _what_and_why(each: SetAside, view: View) -> tuple[str, str]:
    if each.file in _LISTS:
        what = _LISTS[each.file]
        if what == "exhibit" and each.column == "sha256" and each.value:
            return what, "the file is not the one whose hash was stated"
        return what, f"{each.file} does not hold what was expected"
    name = PurePosixPath(each.file).stem
    if name not in TYPES or TYPES[name].derived:
        return "row", f"{each.file} is named after no type of record"
    if each.file in view.unreadable:
        return "row", f"the header of {each.file} does not hold what was expected"
    return "row", "a cell does not hold what was expected"
