"""What was recommended and what became of it; and the precedents that were pointed to."""

from dataclasses import dataclass

from custodiet.records.record import Record
from custodiet.reports.report.findings import source_of
from custodiet.reports.report.reader import Reader


@dataclass(frozen=True, slots=True)
class Recommended:
    """One recommendation and its state."""

    record: str
    words: str
    made_by: str
    made_to: str
    made_on: str
    response: str
    response_due_on: str
    responded_on: str
    implemented: str
    evidence: str
    checked_again_on: str
    where: str


@dataclass(frozen=True, slots=True)
class Precedent:
    """One earlier use that somebody points to, and what was found of it."""

    record: str
    person: str
    occasion: str
    words: str
    pointed_to_by: str
    period: str
    rule_then: str
    done_and_paid: str
    evidence: str
    evidence_read: str
    where: str


def recommendations(reader: Reader) -> tuple[Recommended, ...]:
    """Every recommendation, by id."""
    return tuple(_recommended(reader, each) for each in reader.facts.of("recommendation"))


def precedents(reader: Reader) -> tuple[Precedent, ...]:
    """Every precedent that is claimed, by id."""
    return tuple(_precedent(reader, each) for each in reader.facts.of("precedent"))


def _recommended(reader: Reader, record: Record) -> Recommended:
    return Recommended(
        record=record.id,
        words=reader.say(record, "words"),
        made_by=reader.say(record, "made_by"),
        made_to=reader.say(record, "made_to"),
        made_on=reader.say(record, "made_on"),
        response=reader.say(record, "response"),
        response_due_on=reader.say(record, "response_due_on"),
        responded_on=reader.say(record, "responded_on"),
        implemented=reader.say(record, "implemented"),
        evidence=reader.say(record, "evidence"),
        checked_again_on=reader.say(record, "checked_again_on"),
        where=source_of(reader, record, "told_in"),
    )


def _precedent(reader: Reader, record: Record) -> Precedent:
    return Precedent(
        record=record.id,
        person=reader.say(record, "person"),
        occasion=reader.say(record, "occasion"),
        words=reader.say(record, "words"),
        pointed_to_by=reader.say(record, "pointed_to_by"),
        period=reader.say(record, "period"),
        rule_then=reader.say(record, "rule_then"),
        done_and_paid=reader.say(record, "done_and_paid"),
        evidence=reader.say(record, "evidence"),
        evidence_read=reader.say(record, "evidence_read"),
        where=source_of(reader, record, "told_in"),
    )
