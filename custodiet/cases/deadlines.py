"""Every deadline that the procedure sets in a case: from when, until when, who met it and who was late."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from custodiet.base.dates import ANY_DAY, Days, before
from custodiet.base.money import Range, greatest
from custodiet.base.truth import Truth
from custodiet.cases.case import Case, no_later, when
from custodiet.cases.notice import days_on, last_day_to_answer
from custodiet.policy.packs.procedure import Procedure, Step
from custodiet.records import NONE
from custodiet.records.record import Record


@dataclass(frozen=True, slots=True)
class Deadline:
    """One time limit for one step, counted from one earlier step."""

    step: str
    counted_from: Record
    last_day: Days
    """The last day in time; a period if the date it counts from is unknown or known only as a period."""
    done: Record | None
    """The step that was taken; None if none is recorded."""
    done_on: Days | None
    must: bool
    """Whether not taking the step counts as late; otherwise the right to it has ended."""
    late: Truth
    days_late: Range
    """How many days after the last day it was taken, or has not been taken until now; 0 if in time."""
    who: tuple[str, ...]
    """In which role somebody is to take the step."""
    citation: str


def deadlines(case: Case, procedure: Procedure, on: date | None = None) -> tuple[Deadline, ...]:
    """Every deadline of a case, by its last day.

    `on` is the day of the audited state; without it, whether a step that was not taken is late stays unknown.
    """
    found = [
        _deadline(case, procedure, step, start, Days(None, None) if on is None else Days.on(on))
        for step in procedure.steps
        if step.counted_from is not None
        for start in case.of(step.counted_from[0])
        if start.value(step.counted_from[1]) is not NONE
    ]
    return tuple(sorted(found, key=lambda each: (each.last_day.first or date.max, each.step, each.counted_from.id)))


def _deadline(case: Case, procedure: Procedure, step: Step, start: Record, on: Days) -> Deadline:
    last_day = _last_day(procedure, step, start)
    done = _taken(case, step, start)
    done_on = None if done is None else when(done)
    if done_on is not None:
        late, days = before(last_day, done_on), _days_after(last_day, done_on)
    elif step.must:
        # The step is not recorded: that it was not taken is certain only if somebody vouches for its register.
        told = case.facts.is_vouched(step.name, Days(last_day.first, on.last))
        late = before(last_day, on) & (Truth.YES if told else Truth.UNKNOWN)
        most = _days_after(last_day, on)
        days = most if told else Range(Fraction(0), most.high)
    else:
        late, days = Truth.NO, Range.point(0)
    return Deadline(step.name, start, last_day, done, done_on, step.must, late, days, step.by, step.citation)


def _last_day(procedure: Procedure, step: Step, start: Record) -> Days:
    if step.name == "response" and start.type == "notice":
        # A notice may give more time than the law's minimum, and the respondent may rely on it.
        return last_day_to_answer(start, procedure) or ANY_DAY
    counted = start.value("" if step.counted_from is None else step.counted_from[1])
    days = step.within_days or 0
    return days_on(counted, days, days) if isinstance(counted, Days) else ANY_DAY


def _taken(case: Case, step: Step, start: Record) -> Record | None:
    """The first record of the step that belongs to what the time counts from; silence does not take the step."""
    taken = (
        record
        for record in case.of(step.name)
        if record.id != start.id
        and case.bears_on(start, record) is not Truth.NO
        and record.value("form") != "silence"
        and (day := when(record)) is not None
        and no_later(when(start) or ANY_DAY, day) is not Truth.NO
    )
    return next(taken, None)


def _days_after(last_day: Days, day: Days) -> Range:
    return greatest(Range.point(0), Range(_days(last_day.last, day.first), _days(last_day.first, day.last)))


def _days(one: date | None, other: date | None) -> Fraction | None:
    return None if one is None or other is None else Fraction((other - one).days)
