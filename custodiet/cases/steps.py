"""What stands against the steps of a case: too early, unheard, by the wrong person, or surer than the facts.

Whoever takes a step must be able to show that they may. A fact that nobody recorded therefore never supports the step
and never counts against the respondent: it does not shift the burden.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.base.truth import Truth, any_of
from custodiet.cases.case import NOTIFIED, Case, happened_by, no_later, when
from custodiet.cases.mandates import two_parts, wrong_hands
from custodiet.cases.money_faults import money_faults
from custodiet.cases.notice import days_by_law, silence_too_soon, was_heard
from custodiet.cases.objection import Objection
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from custodiet.policy.packs.procedure import Procedure, Step
from custodiet.records import NONE, UNKNOWN, core_types, one
from custodiet.records.record import Record

OUTCOMES_ABOUT_A_BODY = ("no rule in force", "control missing")
"""Never said of a person."""

SHOWN = ("substantiated", "partially substantiated")
"""Findings that say something happened and broke a rule: whoever bears the burden has met it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that was taken, with what it is held against."""

    case: Case
    procedure: Procedure
    results: tuple[Result, ...]
    step: Step
    record: Record

    def against(self, rule: str, message: str, holds: Truth = Truth.NO, *fields: str) -> Objection:
        """An objection to the step; the fields named are the facts that are missing."""
        held_by = core_types()[self.record.type].held_by
        missing = tuple(Missing(self.record.id, field, held_by) for field in fields)
        return Objection(self.record.type, self.record.id, rule, message, holds, self.step.citation, missing)


def in_order(taken: Taken) -> Iterator[Objection]:
    """Every step that has to come before was taken before."""
    day = when(taken.record)
    if day is None:
        return
    for name in taken.step.after:
        earlier = taken.case.earlier(taken.record, name)
        holds = any_of(belongs & happened_by(each, day) for each, belongs in earlier)
        if holds is not Truth.YES:
            words = "is not shown to come" if holds is Truth.UNKNOWN else "does not come"
            yield taken.against("order of steps", f"it {words} after {one(name)}", holds)


def heard_before(taken: Taken) -> Iterator[Objection]:
    """Where a notice comes before, it was served, and there was an answer or the time to answer had run."""
    if "notice" not in taken.step.after or taken.record.type not in NOTIFIED:
        return
    notices = [each for each, _ in taken.case.earlier(taken.record, "notice")]
    if not notices:
        return  # That a notice has to come before is said by the order of steps.
    holds = any_of(was_heard(taken.case, taken.procedure, notice, taken.record) for notice in notices)
    if holds is not Truth.YES:
        shown = "is not shown to have been" if holds is Truth.UNKNOWN else "had not been"
        yield taken.against("time to answer", f"notice {shown} served and the time to answer over", holds)


def as_sure_as_the_law(taken: Taken) -> Iterator[Objection]:
    """The standard of proof is stated, and is the procedure's."""
    asked = taken.step.standard_of_proof
    if asked is None or "standard_of_proof" not in core_types()[taken.record.type].names:
        return
    stated = taken.record.value("standard_of_proof")
    if stated is UNKNOWN:
        message = f"it does not state its standard of proof; the procedure asks for {asked}"
        yield taken.against("standard of proof", message, Truth.UNKNOWN, "standard_of_proof")
    elif stated != asked:
        yield taken.against("standard of proof", f"it was made by {stated}; the procedure asks for {asked}")


def no_surer_than_the_facts(taken: Taken) -> Iterator[Objection]:
    """A finding on an undetermined result is not shown: the missing fact does not count against the respondent."""
    rests_on = taken.record.value("rests_on") if taken.record.type == "finding" else NONE
    if taken.record.value("outcome") not in SHOWN or not isinstance(rests_on, str):
        return
    ids = [each.strip() for each in rests_on.split(";")]
    for result in taken.results:
        if result.record in ids and result.outcome is Outcome.UNDETERMINED:
            message = (
                f"it is {taken.record.value('outcome')}, but the result for {result.record} is undetermined; "
                f"the burden stays with the {taken.step.burden}"
            )
            law = taken.step.citation
            yield Objection("finding", taken.record.id, "burden", message, Truth.NO, law, result.missing)


def says_what_its_outcome_needs(taken: Taken) -> Iterator[Objection]:
    """No rule and no control are findings about bodies, and indeterminate says which records are missing."""
    if taken.record.type != "finding":
        return
    outcome, about = taken.record.value("outcome"), taken.record.value("about")
    if outcome in OUTCOMES_ABOUT_A_BODY and about is not NONE:
        holds = Truth.UNKNOWN if about is UNKNOWN else Truth.NO
        yield taken.against("about a body", f"{outcome} can be found about a body, never a person", holds, "about")
    if outcome == "indeterminate" and not isinstance(taken.record.value("missing"), str):
        message = "an indeterminate finding must say which records are missing or kept back, and by whom"
        yield taken.against("what is missing", message, Truth.NO, "missing")


def guidance_from_its_date(taken: Taken) -> Iterator[Objection]:
    """New guidance is applied to what happened on its date or later."""
    guidance = taken.record.value("guidance")
    if taken.record.type != "finding" or not isinstance(guidance, str):
        return
    given, happened = taken.case.find("guidance", guidance).value("given_on"), taken.record.value("happened_on")
    known = isinstance(given, Days) and isinstance(happened, Days)
    holds = no_later(given, happened) if isinstance(given, Days) and isinstance(happened, Days) else Truth.UNKNOWN
    if holds is not Truth.YES:
        shown = f"guidance {guidance} is of {given}, and this happened on {happened}" if known else "a date is unknown"
        yield taken.against("guidance", f"guidance is applied only from its own date: {shown}", holds, "happened_on")


def time_enough(taken: Taken) -> Iterator[Objection]:
    """A notice gives no less time than the law, and silence is recorded only when the time is over."""
    if taken.record.type == "notice":
        given, least = taken.record.value("days_to_answer"), days_by_law(taken.procedure)
        if least is not None and given is UNKNOWN:
            message = f"it is not known how many days it gave; the procedure asks for {least}"
            yield taken.against("days to answer", message, Truth.UNKNOWN, "days_to_answer")
        elif least is not None and int(str(given)) < least:
            yield taken.against("days to answer", f"it gave {given} days; the procedure asks for {least}")
    if taken.record.type == "response" and taken.record.value("form") == "silence":
        too_soon = silence_too_soon(taken.case, taken.procedure, taken.record)
        if too_soon is not Truth.NO:
            message = "silence was recorded before the time to answer was shown to be over"
            yield taken.against("silence", message, ~too_soon)


def in_right_hands(taken: Taken) -> Iterator[Objection]:
    """Whoever took it may: they have a mandate, no incompatible role, and were not recused."""
    yield from wrong_hands(taken.case, taken.step, taken.record)


Check = Callable[[Taken], Iterator[Objection]]

CHECKS: tuple[Check, ...] = (
    in_order,
    heard_before,
    time_enough,
    as_sure_as_the_law,
    no_surer_than_the_facts,
    says_what_its_outcome_needs,
    guidance_from_its_date,
    in_right_hands,
)


def objections(case: Case, procedure: Procedure | None, results: Iterable[Result] = ()) -> tuple[Objection, ...]:
    """Everything that stands against the steps of a case, in the order of its steps, then its mandates and its money.

    If the pack states no procedure, only the contradictions in the money of the case are found.
    """
    if procedure is None:
        return money_faults(case)
    decided = tuple(results)
    found = [each for record in case.timeline for each in objections_to(case, procedure, record, decided)]
    return (*found, *two_parts(case, procedure), *money_faults(case))


def objections_to(
    case: Case, procedure: Procedure, record: Record, results: Iterable[Result] = ()
) -> tuple[Objection, ...]:
    """What stands against one step; nothing if it may be taken as it is recorded."""
    step = procedure.step(record.type)
    if step is None and record.type == "payment":
        return ()  # Anyone may pay.
    if step is None:
        message = "this procedure has no such step"
        return (Objection(record.type, record.id, "no such step", message, Truth.NO),)
    taken = Taken(case, procedure, tuple(results), step, record)
    return tuple(objection for check in CHECKS for objection in check(taken))


def refuse_unfounded(case: Case, procedure: Procedure, results: Iterable[Result] = ()) -> None:
    """Refuse to publish a case with a finding that may not be made.

    Raises Refused with every objection to a finding: its notice was not served, its time to answer
    has not run, its standard of proof is not stated …
    """
    decided = tuple(results)
    found = [each for finding in case.of("finding") for each in objections_to(case, procedure, finding, decided)]
    if found:
        told = "\n".join(f"  {each.shown()}" for each in found)
        message = (
            f"the report would print findings that may not be made yet:\n{told}\n"
            "correct the case's records, or the findings, and run the report again"
        )
        raise Refused(message)
