"""Notice and time to answer: whether a respondent was told, and could answer, before something was made."""

from custodiet.base.dates import Days, before, shifted
from custodiet.base.truth import Truth, all_of, any_of, truth
from custodiet.cases.case import Case, happened_by, no_later, when
from custodiet.policy.packs.procedure import Procedure
from custodiet.records import UNKNOWN
from custodiet.records.record import Record


def days_on(start: Days, least: int, most: int | None) -> Days:
    """The day that lies some days after another; unknown numbers and dates leave a period.

    >>> days_on(Days.read("2024-01-30"), 20, 20)
    Days.read('2024-02-19')
    >>> str(days_on(Days.read("2024-01-30"), 20240326, 20240326))
    'a day after 2199-12-31'
    """
    first = None if start.first is None else shifted(start.first, least)
    last = None if start.last is None or most is None else shifted(start.last, most)
    return Days(first, last)


def last_day_to_answer(notice: Record, procedure: Procedure) -> Days | None:
    """The last day on which a notice can be answered in time; None if it was never served.

    The notice says how many days it gives. Where that is unknown, the procedure's number is the
    least, and there is no most.
    """
    served = when(notice)
    if served is None:
        return None
    given = notice.value("days_to_answer")
    if given is UNKNOWN:
        return days_on(served, days_by_law(procedure) or 0, None)
    days = int(str(given))
    return days_on(served, days, days)


def days_by_law(procedure: Procedure) -> int | None:
    """How many days to answer the procedure gives at the least; None if it sets no time."""
    response = procedure.step("response")
    return None if response is None else response.within_days


def was_answered(case: Case, notice: Record, by: Days) -> Truth:
    """Whether the respondent answered a notice by a day; recorded silence is not an answer."""
    return any_of(_answers(response) & happened_by(response, by) for response in _responses(case, notice))


def was_heard(case: Case, procedure: Procedure, notice: Record, step: Record) -> Truth:
    """Whether a notice was served before a step, and answered before it, or its time to answer had run.

    An unknown date of service leaves this unknown: whoever takes the step must show it.
    """
    taken, last_day = when(step), last_day_to_answer(notice, procedure)
    if taken is None or last_day is None:
        return Truth.NO
    served = all_of((happened_by(notice, taken), case.bears_on(notice, step)))
    return served & (before(last_day, taken) | was_answered(case, notice, taken))


def silence_too_soon(case: Case, procedure: Procedure, response: Record) -> Truth:
    """Whether silence was recorded while the respondent could still answer."""
    notice = case.find("notice", str(response.value("notice")))
    last_day, recorded = last_day_to_answer(notice, procedure), when(response)
    if last_day is None or recorded is None:
        return Truth.YES
    return no_later(recorded, last_day)


def _responses(case: Case, notice: Record) -> tuple[Record, ...]:
    return tuple(response for response in case.of("response") if response.value("notice") == notice.id)


def _answers(response: Record) -> Truth:
    form = response.value("form")
    return Truth.UNKNOWN if form is UNKNOWN else truth(form == "response")
