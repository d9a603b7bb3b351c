"""What was not known, what was left out, and what these readers are not shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from custodiet.audit.rejected_rows import held_over_in_words, losses_in_words
from custodiet.audit.totals import unvouched
from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.text import bounded, escaped, written_out
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.packs.withholding import SINGLE
from custodiet.records import plural
from custodiet.reports.editions.disclosure import Withheld
from custodiet.reports.report.figures import LONGEST
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.result_rows import ResultRow


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is in no figure because a cell could not be read."""

    file: str
    row: int
    column: str
    value: str
    expected: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is in no figure, and why."""

    registers: tuple[str, ...]
    not_read: tuple[tuple[str, str], ...]
    """For each allegation that was not completely read: its id, and what was not read."""
    dangling: tuple[str, ...]
    more_dangling: int
    set_aside: tuple[SetAside, ...]
    held_over: tuple[str, ...]
    """The records that are counted at an earlier value: their row is set aside, or gone from its table."""
    set_aside_withheld: str
    """The code printed here if rows were set aside or are gone but may not be shown, since they would count seats."""
    gaps: tuple[tuple[str, str, str], ...]
    """What the pack leaves open in each question that no rule answers here: the question, what is open, and why."""
    problems: tuple[str, ...]
    withheld: tuple[Withheld, ...]


def left_out(reader: Reader, rows: Sequence[ResultRow]) -> LeftOut:
    """Everything that is not vouched for, leads nowhere, could not be read, or is withheld."""
    view = reader.audit.view
    dangling = [
        f"{each.field} of {each.record}: the {each.refers_to.replace('_', ' ')} {each.value}"
        for each in view.dangling
        if reader.everything
    ]
    not_read = [
        (each.id, words)
        for each in reader.facts.of("allegation")
        if (words := reader.text(each, "not_read")) and words != "not known"
    ]
    return LeftOut(
        tuple(_registers(reader)),
        tuple(not_read),
        tuple(dangling[:LONGEST]),
        len(dangling) - len(dangling[:LONGEST]),
        tuple(_set_aside(reader)) if reader.everything else (),
        tuple(held_over_in_words(each) for each in view.held_over) if reader.everything else (),
        reader.disclosure.withheld(SINGLE) if (view.set_aside or view.held_over) and not reader.everything else "",
        tuple(_gaps(reader, rows)),
        # The folder of a pack differs from machine to machine; the place of a document in its pack does not.
        tuple(
            f"{'/'.join(PurePath(each.span.file).parts[-2:])}, line {each.span.line}: {each.message}"
            for each in reader.audit.pack.problems
        ),
        reader.disclosure.codes,
    )


def _gaps(reader: Reader, rows: Sequence[ResultRow]) -> Iterator[tuple[str, str, str]]:
    """All that the pack leaves open in such a question, so that no reader learns which part a record meets.

    A reason that is printed beside its allegation is not repeated.
    """
    unanswered = {row.policy for row in rows if row.outcome == Outcome.NO_RULE.value}
    for policy in reader.audit.pack.policies:
        for gap in policy.gaps:
            if policy.name in unanswered and policy.for_each != "allegation":
                whom = f"Ask {gap.ask} " if gap.ask else ""
                what, reason = (escaped(each, most=len(each)) for each in (gap.what, f"{whom}{gap.reason}"))
                yield policy.question, what, reason


def _registers(reader: Reader) -> Iterator[str]:
    for each in sorted(reader.audit.view.facts.vouched, key=lambda each: each.type):
        if reader.everything or reader.disclosure.shows_type(each.type):
            yield f"The register of {plural(each.type)} is vouched complete {_for(each.during)} by {each.by}."
    if reader.everything:
        yield from losses_in_words(reader.audit.view)
    for kind in unvouched(reader.audit):
        yield f"Nobody vouches that the register of {plural(kind)} is complete: what was not recorded is in no total."


def _set_aside(reader: Reader) -> Iterator[SetAside]:
    for each in reader.audit.view.set_aside:
        file, column, value = (written_out(bounded(text)) for text in (each.file, each.column, each.value))
        yield SetAside(file, each.row, column, value, written_out(each.expected))


def _for(period: Days) -> str:
    """How long a register is vouched for.

    >>> _for(Days.read("2024-01/2024-04")), _for(ANY_DAY)
    ('for 2024-01-01 to 2024-04-30', 'for all time')
    """
    return "for all time" if period == ANY_DAY else f"for {str(period).replace('/', ' to ')}"
