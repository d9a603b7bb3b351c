"""The timeline: every dated step in the matter, with who was in time and who acts for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from custodiet.audit.rejected_rows import held_over_in_words
from custodiet.base.dates import Days
from custodiet.base.truth import Truth
from custodiet.cases.case import Case
from custodiet.cases.deadlines import Deadline, deadlines
from custodiet.cases.mandates import actors
from custodiet.cases.steps import objections
from custodiet.policy.packs.procedure import Procedure
from custodiet.records.record import Record
from custodiet.reports.report.findings import source_of
from custodiet.reports.report.money import TYPES_OF_MONEY
from custodiet.reports.report.reader import Reader
from custodiet.reports.wording import days_in_words, value_in_words

_TOLD: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("statement", "said_on", "statement", ("speaker", "words")),
    ("guidance", "given_on", "guidance", ("form", "scope")),
    ("complaint", "received_on", "complaint", ("brought_by_role", "addressed_to", "says")),
    ("allegation", "made_on", "allegation", ("made_by", "words")),
    ("draft_finding", "made_on", "draft finding", ("outcome", "says")),
    ("notice", "served_on", "notice", ("served_to_name", "ahead_of")),
    ("response", "made_on", "response", ("form", "says")),
    ("finding", "made_on", "finding", ("about_name", "outcome", "says")),
    ("recommendation", "made_on", "recommendation", ("made_by", "made_to", "words")),
    ("referral", "made_on", "referral", ("referred_to", "asks")),
    ("charge", "brought_on", "charge", ("made_by_body", "brought_before")),
    ("determination", "made_on", "determination", ("made_by_body", "says")),
    ("order", "made_on", "order", ("made_by_body", "payable_by")),
    ("review", "asked_on", "review asked for", ("before",)),
    ("review", "decided_on", "review decided", ("before", "result")),
    ("settlement", "made_on", "settlement", ("made_by_body", "total")),
    ("payment", "paid_on", "payment", ("paid_by_name", "amount")),
    ("default", "made_on", "default", ("made_by_body",)),
    ("correction", "corrected_on", "correction", ("report", "place", "says_now")),
)
"""The contents of the timeline: a type, the field that dates it, the step, and the fields that describe it.

Causes come before effects: steps of one day are printed in this order.
"""

TYPES_OF_STEPS = frozenset({*(name for name, *_ in _TOLD), "mandate"})
"""The types of records in the timeline, and of those who act in it."""

_IF_DATED = ("statement", "review decided")
"""Records that are not steps of the case until their day is known."""

_NAMING = (
    "brought_by_role", "made_by", "served_to_name", "about_name", "referred_to", "made_by_body", "before",
    "paid_by_name", "speaker",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done."""

    when: str
    what: str
    record: str
    who: str
    """Who did it, or to whom it was done."""
    words: str


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit, and whether it was kept."""

    step: str
    counted_from: str
    last_day: str
    done: str
    late: str
    who: str
    citation: str


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts in the case, and by whom they were appointed."""

    name: str
    case_role: str
    appointed_by: str
    since: str
    until: str
    recused: str


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against a step."""

    record: str
    rule: str
    message: str
    citation: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The steps, the time limits, who acted, and what stands against a step."""

    steps: tuple[Step, ...]
    limits: tuple[Limit, ...]
    acting: tuple[Acting, ...]
    against: tuple[Against, ...]
    procedure: bool
    """Whether the pack states a procedure."""
    held_over: tuple[str, ...]
    """What is shown at an earlier value, except money, as its row is set aside or gone; internal edition only."""


def timeline(reader: Reader) -> Timeline:
    """The steps by the day by which they were done, causes first; steps without a known date come last."""
    case = Case(reader.audit.view.facts)
    procedure = reader.audit.pack.procedure
    steps = tuple(step for *_, step in sorted(_dated(reader), key=lambda each: each[:4]))
    limits = () if procedure is None else _limits(reader, case, procedure)
    against = _against(reader, case, procedure)
    held = reader.audit.view.held_over if reader.everything else ()
    held_over = tuple(held_over_in_words(each) for each in held if each.type in TYPES_OF_STEPS - {*TYPES_OF_MONEY})
    return Timeline(steps, limits, _acting(reader), against, procedure is not None, held_over)


def _dated(reader: Reader) -> Iterator[tuple[date, date, int, str, Step]]:
    """Every step with its sort key: its last day, its first, its place among causes, its record."""
    for rank, (type_name, field, what, names) in enumerate(_TOLD):
        for record in reader.facts.of(type_name):
            first, last = _ends(record, field)
            # A statement that takes a side is shown beside its allegation.
            sided = type_name == "statement" and record.value("stance") != "neither"
            if not sided and (what not in _IF_DATED or last < date.max):
                yield last, first, rank, record.id, _step(reader, record, field, what, names)


def _step(reader: Reader, record: Record, field: str, what: str, names: tuple[str, ...]) -> Step:
    said = [text for name in names if (text := reader.text(record, name)) and text != "not known"]
    by_name = names[0] in _NAMING and reader.text(record, names[0]) == (said or [""])[0]
    who, words = (said[0], said[1:]) if by_name and said else ("", said)
    day = reader.say(record, field)
    told = ". ".join(words)
    if record.type == "payment" and isinstance(taken_back := record.value("reverses"), str):
        what, told = "reversal", f"{told}. It reverses payment {taken_back}"
    if record.type == "statement":
        told = f"{told} ({source_of(reader, record, 'told_in')})"
    return Step("never" if day == "none" else day, what, record.id, who, told)


def _ends(record: Record, field: str) -> tuple[date, date]:
    value = record.value(field)
    first, last = (value.first, value.last) if isinstance(value, Days) else (None, None)
    return first or date.max, last or date.max


def _limits(reader: Reader, case: Case, procedure: Procedure) -> tuple[Limit, ...]:
    on = reader.audit.view.as_of.recorded_on
    return tuple(_limit(each) for each in deadlines(case, procedure, on) if _may_tell(reader, procedure, each))


def _may_tell(reader: Reader, procedure: Procedure, deadline: Deadline) -> bool:
    """Whether these readers may see both the day it counts from and the step that was taken."""
    step = procedure.step(deadline.step)
    start, done = deadline.counted_from, deadline.done
    if not reader.shows(start.type, start.id) or step is None or step.counted_from is None:
        return False
    if not reader.disclosure.shows_field(*step.counted_from):
        return False
    return reader.shows(done.type, done.id) if done is not None else not reader.hides(deadline.step)


def _limit(each: Deadline) -> Limit:
    late = {Truth.YES: "late", Truth.NO: "in time" if each.done else "not used", Truth.UNKNOWN: "not known"}[each.late]
    if each.late is Truth.YES and each.days_late.known:
        late = f"{each.days_late.value} days late"
    return Limit(
        each.step.replace("_", " "),
        f"{each.counted_from.type.replace('_', ' ')} {each.counted_from.id}",
        days_in_words(each.last_day),
        days_in_words(each.done_on) if each.done_on else "not recorded",
        late,
        " or ".join(each.who),
        each.citation,
    )


def _acting(reader: Reader) -> tuple[Acting, ...]:
    return tuple(
        Acting(
            name=value_in_words(each.name),
            case_role=value_in_words(each.case_role),
            appointed_by=value_in_words(each.appointed_by),
            since=value_in_words(each.from_on),
            until=value_in_words(each.until_on),
            recused=value_in_words(each.recused_on),
        )
        for each in actors(Case(reader.facts))
    )


def _against(reader: Reader, case: Case, procedure: Procedure | None) -> tuple[Against, ...]:
    # What is said against a step may be read from a withheld fact; then only the rule is named.
    return tuple(
        Against(
            f"{each.type.replace('_', ' ')} {each.record}",
            each.rule,
            each.message if reader.everything else "",
            each.citation,
        )
        for each in objections(case, procedure, reader.audit.results)
        if reader.shows(each.type, each.record)
    )
