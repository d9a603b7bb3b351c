"""Why rows are in no result, in words, and which records are counted all the same at an earlier value."""

from collections import Counter
from pathlib import PurePosixPath

from custodiet.base.text import escaped
from custodiet.ledger.entry import SetAside
from custodiet.ledger.view import HeldOver, View
from custodiet.records import plural

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
        return what, f"{escaped(each.file)} could not be read"
    name = PurePosixPath(each.file).stem
    if name not in view.types or view.types[name].derived:
        return "row", f"{escaped(each.file)} is not named after a type of record"
    if each.file in view.unreadable:
        return "row", f"the header of {escaped(each.file)} could not be read"
    return "row", "a cell could not be read"


def held_over_in_words(each: HeldOver) -> str:
    """A sentence that says that a record, or an amendment of it, is counted at an earlier value, and why.

    >>> held_over_in_words(HeldOver("S2", "seat", "records/seat.csv", 3, 7))
    'S2 is counted at an earlier value, as entry 7 left it: its row, records/seat.csv:3, is set aside.'
    >>> held_over_in_words(HeldOver("S2", "seat", "records/seat.csv", None, 7))
    'S2 is still counted, as entry 7 left it: its row is gone from records/seat.csv.'
    >>> held_over_in_words(HeldOver("S2", "seat", "amendments.csv", None, 7, "role"))
    'The amendment of role of S2 is still counted, as entry 7 has it: its row is gone from amendments.csv.'
    >>> held_over_in_words(HeldOver("S2", "seat", "amendments.csv", 3, 7, "role"))
    'An earlier amendment of role of S2 is counted, as entry 7 has it: its row, amendments.csv:3, is set aside.'
    """
    record, file = escaped(each.record), escaped(each.file)
    if each.field:
        amended, told = f"amendment of {each.field} of {record} is", f"counted, as entry {each.entry} has it: its row"
        if each.line is None:
            return f"The {amended} still {told} is gone from {file}."
        return f"An earlier {amended} {told}, {file}:{each.line}, is set aside."
    if each.line is None:
        return f"{record} is still counted, as entry {each.entry} left it: its row is gone from {file}."
    return (
        f"{record} is counted at an earlier value, as entry {each.entry} left it: its row, {file}:{each.line}, is set "
        "aside."
    )


def lost_by_vouched_registers(view: View) -> dict[str, int]:
    """How many rows are gone from a register for which somebody vouches, by its type."""
    vouched = {each.type for each in view.facts.vouched}
    gone = (each.type for each in view.held_over if each.line is None and not each.field)
    return dict(Counter(name for name in gone if name in vouched))


def held_over_in_json(each: HeldOver) -> dict[str, object]:
    """The same for other tools; `field` only for an amendment."""
    told: dict[str, object] = {"record": each.record, "file": each.file, "row": each.line, "entry": each.entry}
    return {**told, "field": each.field} if each.field else told


def losses_in_words(view: View) -> list[str]:
    """A sentence for each register that somebody vouches for and that has lost rows."""
    return [
        f"The register of {plural(kind)} is vouched complete, but {'a row' if count == 1 else f'{count:,} rows'} of "
        "its table can no longer be found: ask whoever vouches for it which is right."
        for kind, count in sorted(lost_by_vouched_registers(view).items())
    ]
