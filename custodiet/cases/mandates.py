"""Who acts in a case: who appointed them, whether they stood aside, and that nobody has two incompatible roles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.truth import Truth, all_of, any_of, truth
from custodiet.cases.case import Case, no_later, when
from custodiet.cases.objection import Objection
from custodiet.policy.evaluation.result import Missing
from custodiet.policy.packs.procedure import ANYONE, Procedure, Step
from custodiet.records import NONE, UNKNOWN, Value, core_types, one
from custodiet.records.record import Record


@dataclass(frozen=True, slots=True)
class Actor:
    """Who was appointed to do what in the case, by whom, and when they stood aside; as printed."""

    name: Value
    case_role: Value
    appointed_by: Value
    from_on: Value
    until_on: Value
    recused_on: Value


def actors(case: Case) -> tuple[Actor, ...]:
    """Everyone who acts in the case, by date; unknown facts are marked as such."""
    names = ("name", "case_role", "appointed_by", "from_on", "until_on", "recused_on")
    return tuple(Actor(*(mandate.value(name) for name in names)) for mandate in case.of("mandate"))


def wrong_hands(case: Case, step: Step, record: Record) -> Iterator[Objection]:
    """What stands against the person who took a step: no mandate, an incompatible role, or an earlier recusal."""
    if "made_by_body" not in core_types()[record.type].names:
        return
    taken = when(record) or ANY_DAY
    missing = (Missing(record.id, "made_by", core_types()[record.type].held_by),)
    may = may_act(case, record, step.by, taken)
    if may is not Truth.YES:
        words = "is not shown to be" if may is Truth.UNKNOWN else "is not"
        message = f"{_hand(record)} {words} {' or '.join(step.by)} on that day, and only they may take this step"
        yield Objection(record.type, record.id, "who may", message, may, step.citation, missing)
    for mandate in _mandates_of(case, record):
        if mandate.value("case_role") in step.not_by:
            message = f"{_hand(record)} is {mandate.value('case_role')} in this case, and may not take this step"
            yield Objection(record.type, record.id, "who may not", message, Truth.NO, step.citation)
        recused = mandate.value("recused_on")
        if isinstance(recused, Days) and no_later(recused, taken) is not Truth.NO:
            message = f"{_hand(record)} was recused from {recused}"
            holds = ~no_later(recused, taken)
            yield Objection(record.type, record.id, "recusal", message, holds, step.citation)


def two_parts(case: Case, procedure: Procedure) -> Iterator[Objection]:
    """Every mandate that is incompatible with another of the same person: nobody who prosecutes may also decide."""
    for step in procedure.steps:
        for mandate in case.of("mandate"):
            others = [each for each in case.of("mandate") if each.id != mandate.id and _one_hand(each, mandate)]
            for other in others:
                if mandate.value("case_role") in step.by and other.value("case_role") in step.not_by:
                    words = (
                        f"{mandate.value('name')} is both {mandate.value('case_role')} and {other.value('case_role')}"
                    )
                    message = f"{words}, who may not make {one(step.name)}"
                    yield Objection("mandate", mandate.id, "two parts", message, Truth.NO, step.citation)


def may_act(case: Case, record: Record, roles: Sequence[str], on: Days) -> Truth:
    """Whether the person or body that took a step held one of these roles on a day.

    If no mandate is recorded, this is unknown, unless somebody vouches for the register.
    """
    if ANYONE in roles:
        return Truth.YES
    held = any_of(
        truth(mandate.value("case_role") in roles) & _lasts(mandate, on) for mandate in _mandates_of(case, record)
    )
    hand_known = UNKNOWN not in (record.value("made_by"), record.value("made_by_body"))
    return held | (Truth.NO if hand_known and case.facts.is_vouched("mandate", on) else Truth.UNKNOWN)


def _mandates_of(case: Case, record: Record) -> tuple[Record, ...]:
    person, body = record.value("made_by"), record.value("made_by_body")
    return tuple(
        mandate
        for mandate in case.of("mandate")
        if (isinstance(person, str) and mandate.value("person") == person)
        or (isinstance(body, str) and mandate.value("person") is NONE and mandate.value("name") == body)
    )


def _lasts(mandate: Record, on: Days) -> Truth:
    first, last = mandate.value("from_on"), mandate.value("until_on")
    begun = no_later(first, on) if isinstance(first, Days) else Truth.UNKNOWN
    ended = ~no_later(on, last) if isinstance(last, Days) else truth(last is not NONE) & Truth.UNKNOWN
    return all_of((begun, ~ended))


def _one_hand(one: Record, other: Record) -> bool:
    person = one.value("person")
    if isinstance(person, str):
        return other.value("person") == person
    name = one.value("name")
    return name is not UNKNOWN and person is NONE and other.value("person") is NONE and other.value("name") == name


def _hand(record: Record) -> str:
    body, person = record.value("made_by_body"), record.value("made_by")
    return next((str(each) for each in (person, body) if isinstance(each, str)), "whoever made it")
