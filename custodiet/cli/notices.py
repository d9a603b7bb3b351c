"""What an import or an audit notes on stderr besides its answer: rows set aside, and facts that rest on nothing."""

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
"""How many lines of one sort a screen has room for."""
LONGEST_VALUE = 120
"""How much of a cell is shown: what is kept of one that is set aside, with how long it was."""


def print_set_aside(seen: View) -> None:
    """Tell a person which rows could not be read, and where to mend them."""
    _print(set_aside_in_words(row) for row in seen.set_aside)


def set_aside_in_words(row: SetAside) -> str:
    """A row that could not be read: where, what it holds, what was expected."""
    column = f"column {row.column} holds" if row.column else "the line holds"
    told = f"{row.file}:{row.row}: set aside, {column} {quoted(row.value, LONGEST_VALUE)}; {row.expected}"
    return written_out(told)


def print_impossible(seen: View) -> None:
    """Tell a person what is recorded that can be true of no record, and that it is computed with as it stands."""
    _print(impossible_in_words(record, each, seen) for record, each in seen.impossible)
    if seen.as_of.size and seen.as_of.recorded_on is None:
        _print([_recorded_beyond(seen)])


def _recorded_beyond(seen: View) -> str:
    """A time of recording that was kept before it was checked, and what it does to what is counted to it."""
    return (
        f"an entry of the ledger was recorded at {seen.as_of.recorded_at}; a year from {YEARS.start} to "
        f"{YEARS.stop - 1} was expected. No delay ends and no time limit runs out by it, so that the public edition "
        "withholds every movement; `--as-of` with a number of entries asks for the state before it"
    )


def impossible_in_words(record: str, each: Impossible, seen: View) -> str:
    """A value that no record can have: where it was told last, what it is, and what was expected."""
    origins = seen.origins(record, each.field)
    place = f"{origins[-1].source}: " if origins else ""
    return f"{place}{each.field} of {record} is {each.value}; {each.expected}. Correct it in its table"


def print_notes(seen: View, imported: Imported, longest: int | None = None) -> None:
    """Tell a person which references lead to no record, and which records rest on an exhibit that was altered."""
    if not seen.as_of.size:
        say("nothing was recorded yet", file=sys.stderr)
    _print(_empty_registers(seen))
    _print((dangling_in_words(each, seen) for each in seen.dangling), longest)
    _print((lookalikes_in_words(each, seen) for each in seen.lookalikes), longest)
    _print(altered_in_words(exhibit, seen) for exhibit in imported.altered)
    _print((each.sentence for each in noticed(seen.facts)), longest)


def print_not_read(imported: Imported) -> None:
    """Tell a person of files and columns that no result rests on though they are there: `import` lists all of them."""
    _print(imported.notes)


def print_held_over(seen: View, longest: int | None = LONGEST) -> None:
    """Tell a person which records are counted although their row is set aside or gone, and what can be done."""
    if not seen.held_over:
        return
    _print((held_over_in_words(each) for each in seen.held_over), longest)
    records = [WHAT_CAN_BE_DONE] if any(not each.field for each in seen.held_over) else []
    amended = [HOW_TO_UNDO_AN_AMENDMENT] if any(each.field for each in seen.held_over) else []
    _print([*losses_in_words(seen), *records, *amended])


WHAT_CAN_BE_DONE = (
    "The ledger keeps what it was told; no entry can withdraw a record yet. What can be done now: mend the row or put "
    "it back; correct the record's fields in amendments.csv, with the reason; or, if nobody outside was given a size "
    "and root of this ledger, delete the docket's folder .custodiet and import again."
)
"""What a person can do about a record that should not be counted."""

HOW_TO_UNDO_AN_AMENDMENT = (
    "The ledger keeps what it was told; an amendment is not undone by deleting its row. What can be done: put the row "
    "back, or mend it; where another value is right, write it into a row of amendments.csv of its own, with the reason "
    "and a later recorded_at."
)
"""What a person can do about an amendment that should not be counted."""


def _empty_registers(seen: View) -> list[str]:
    """The registers that are referred to and hold no record at all."""
    leading: dict[str, list[Dangling]] = defaultdict(list)
    for each in seen.dangling:
        if not seen.facts.of(each.refers_to):
            leading[each.refers_to].append(each)
    return [
        f"records/{name}.csv: no {plural(name)} are recorded at all, and {many(len(found), 'reference')} to them "
        f"{'leads' if len(found) == 1 else 'lead'} to nobody and nothing"
        for name, found in leading.items()
    ]


def dangling_in_words(each: Dangling, seen: View) -> str:
    """A reference that leads nowhere: where it stands, whose it is, and what it names.

    The file and line are those of the last telling of that field.
    """
    origins = seen.origins(each.record, each.field)
    place = f"{origins[-1].source}: " if origins else ""
    told = f"{each.field} of {each.record} is {escaped(each.value)}"
    alike = f"; it looks like {escaped(each.looks_like)}, which is another text" if each.looks_like else ""
    return f"{place}{told}, and no record tells of {one(each.refers_to)} with that id{alike}"


def lookalikes_in_words(ids: Sequence[str], seen: View) -> str:
    """Ids of different records that look the same, each with where it stands."""
    places = [f"{quoted(each)} ({seen.told_at(each)})" for each in ids]
    return f"{listed(places)} look alike and are the ids of different records; if one is meant, write it in one way"


def altered_in_words(exhibit: str, seen: View) -> str:
    """An exhibit that is not the file that was received, with the records that name it as their source."""
    records = seen.resting_on(exhibit)
    shown = [*records[:LONGEST], *([f"{len(records) - LONGEST:,} more"] if len(records) > LONGEST else [])]
    resting = f"; it is the source of {many(len(records), 'record')}: {listed(shown)}" if records else ""
    return f"exhibits/{exhibit} is not the file whose hash was stated when it was received{resting}"


def print_lawless(disclosure: "Disclosure") -> None:
    """Tell a person for which kinds of what an edition leaves out the pack states no law."""
    kinds = [each.what for each in disclosure.codes if each.row is None]
    if not kinds:
        return
    edition, pack = disclosure.edition.value, disclosure.audit.pack.name
    _print(
        [
            f"the pack {pack} states no law for what the {edition} edition leaves out: {'; '.join(kinds)}",
            "`no law stated` stands in its place; a row of the pack's withholding.csv would state the law",
        ]
    )


def _print(lines: Iterable[str], longest: int | None = LONGEST) -> None:
    lines = list(lines)
    for line in lines[:longest]:
        say(written_out(line), file=sys.stderr)
    more = len(lines) - len(lines[:longest])
    if more:
        say(f"and {more:,} more; `custodiet import` lists them all", file=sys.stderr)
