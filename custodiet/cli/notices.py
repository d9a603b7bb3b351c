"""The notices of an import or an audit on stderr: rows set aside, and references that lead nowhere."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from custodiet.audit.observations import noticed
from custodiet.audit.rejected_rows import held_over_in_words, losses_in_words
from custodiet.audit.totals import listed, many
from custodiet.base.dates import YEARS
from custodiet.base.text import escaped, quoted, written_out
from custodiet.cli.printing import say
from custodiet.intake.outcome import Imported
from custodiet.ledger.entry import SetAside
from custodiet.ledger.view import Dangling, View
from custodiet.records import one, plural
from custodiet.records.impossible import Impossible

if TYPE_CHECKING:
    from custodiet.reports.editions.disclosure import Disclosure

LONGEST = 20
"""How many lines of one kind fit on a screen."""
LONGEST_VALUE = 120
"""How many characters of a cell are shown: all that is kept of one that is set aside, and its length."""


def print_set_aside(seen: View) -> None:
    """Print which rows could not be read, and where to mend them."""
    _print(set_aside_in_words(row) for row in seen.set_aside)


def set_aside_in_words(row: SetAside) -> str:
    """A row that could not be read: where it is, what it holds, and what to write instead."""
    column = f"column {row.column} holds" if row.column else "the line holds"
    told = f"{row.file}:{row.row}: set aside, {column} {quoted(row.value, LONGEST_VALUE)}; {row.expected}"
    return written_out(told)


def print_impossible(seen: View) -> None:
    """Print values that no record can have; they are computed with as they stand."""
    _print(impossible_in_words(record, each, seen) for record, each in seen.impossible)
    if seen.as_of.size and seen.as_of.recorded_on is None:
        _print([_recorded_beyond(seen)])


def _recorded_beyond(seen: View) -> str:
    """A time of recording from before it was checked, and its effect on whatever is counted to it."""
    return (
        f"an entry of the ledger was recorded at {seen.as_of.recorded_at}, which is not in a year from {YEARS.start} "
        f"to {YEARS.stop - 1}. No delay and no time limit can end by that time, so the public edition withholds every "
        "movement; to ask about the state before it, use `--as-of` with a number of entries"
    )


def impossible_in_words(record: str, each: Impossible, seen: View) -> str:
    """A value that no record can have: where it was last recorded, what it is, and what a record can have."""
    origins = seen.origins(record, each.field)
    place = f"{origins[-1].source}: " if origins else ""
    return f"{place}{each.field} of {record} is {each.value}; {each.expected}. Correct it in its table"


def print_notes(seen: View, imported: Imported, longest: int | None = None) -> None:
    """Print which references lead to no record, and which records rest on an exhibit that was altered."""
    if not seen.as_of.size:
        say("nothing has been recorded yet", file=sys.stderr)
    _print(_empty_registers(seen))
    _print((dangling_in_words(each, seen) for each in seen.dangling), longest)
    _print((lookalikes_in_words(each, seen) for each in seen.lookalikes), longest)
    _print(altered_in_words(exhibit, seen) for exhibit in imported.altered)
    _print((each.sentence for each in noticed(seen.facts)), longest)


def print_not_read(imported: Imported) -> None:
    """Print files and columns that were not read, so that no result rests on them; `import` lists all of them."""
    _print(imported.notes)


def print_held_over(seen: View, longest: int | None = LONGEST) -> None:
    """Print which records are counted although their row is set aside or gone, and what can be done about it."""
    if not seen.held_over:
        return
    _print((held_over_in_words(each) for each in seen.held_over), longest)
    records = [WHAT_CAN_BE_DONE] if any(not each.field for each in seen.held_over) else []
    amended = [HOW_TO_UNDO_AN_AMENDMENT] if any(each.field for each in seen.held_over) else []
    _print([*losses_in_words(seen), *records, *amended])


WHAT_CAN_BE_DONE = (
    "The ledger keeps everything it was given; no entry can withdraw a record yet. What you can do: mend the row or "
    "put it back; correct the record's fields in amendments.csv, with the reason; or, if nobody outside was given a "
    "size and root of this ledger, delete the docket's folder .custodiet and import again."
)
"""What to do about a record that should not be counted."""

HOW_TO_UNDO_AN_AMENDMENT = (
    "The ledger keeps everything it was given; deleting the row of an amendment does not undo it. What you can do: put "
    "the row back, or mend it; if another value is right, add a row to amendments.csv with that value, the reason and "
    "a later recorded_at."
)
"""What to do about an amendment that should not be counted."""


def _empty_registers(seen: View) -> list[str]:
    """The registers that other records refer to and that hold no record at all."""
    leading: dict[str, list[Dangling]] = defaultdict(list)
    for each in seen.dangling:
        if not seen.facts.of(each.refers_to):
            leading[each.refers_to].append(each)
    return [
        f"records/{name}.csv: no {plural(name)} are recorded, so {many(len(found), 'reference')} to them "
        f"{'leads' if len(found) == 1 else 'lead'} nowhere"
        for name, found in leading.items()
    ]


def dangling_in_words(each: Dangling, seen: View) -> str:
    """A reference that leads nowhere: where it is, whose it is, and what it names.

    The file and line are those where the field was last recorded.
    """
    origins = seen.origins(each.record, each.field)
    place = f"{origins[-1].source}: " if origins else ""
    told = f"{each.field} of {each.record} is {escaped(each.value)}"
    alike = f"; it looks like {escaped(each.looks_like)}, but has other characters" if each.looks_like else ""
    return f"{place}{told}, but no {one(each.refers_to).partition(' ')[2]} has that id{alike}"


def lookalikes_in_words(ids: Sequence[str], seen: View) -> str:
    """Ids of different records that look the same, each with its place."""
    places = [f"{quoted(each)} ({seen.told_at(each)})" for each in ids]
    return f"{listed(places)} look alike but are ids of different records; if one record is meant, write its id one way"


def altered_in_words(exhibit: str, seen: View) -> str:
    """An exhibit that is not the file that was received, with the records that name it as their source."""
    records = seen.resting_on(exhibit)
    shown = [*records[:LONGEST], *([f"{len(records) - LONGEST:,} more"] if len(records) > LONGEST else [])]
    resting = f"; it is the source of {many(len(records), 'record')}: {listed(shown)}" if records else ""
    return f"exhibits/{exhibit} is not the file whose hash was stated when it was received{resting}"


def print_lawless(disclosure: "Disclosure") -> None:
    """Print the kinds of what an edition leaves out for which the pack states no law."""
    kinds = [each.what for each in disclosure.codes if each.row is None]
    if not kinds:
        return
    edition, pack = disclosure.edition.value, disclosure.audit.pack.name
    _print(
        [
            f"the pack {pack} states no law for withholding this from the {edition} edition: {'; '.join(kinds)}",
            "`no law stated` is printed in its place; state the law in a row of the pack's withholding.csv",
        ]
    )


def _print(lines: Iterable[str], longest: int | None = LONGEST) -> None:
    lines = list(lines)
    for line in lines[:longest]:
        say(written_out(line), file=sys.stderr)
    more = len(lines) - len(lines[:longest])
    if more:
        say(f"and {more:,} more; `custodiet import` lists them all", file=sys.stderr)
