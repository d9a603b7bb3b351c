"""The findings, each with its allegation, the statements for it, and the answers beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from custodiet.base.text import escaped
from custodiet.policy.evaluation.result import Outcome
from custodiet.records.record import Record
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.result_rows import ResultRow


@dataclass(frozen=True, slots=True)
class Said:
    """A statement, and where it was read."""

    who: str
    words: str
    where: str


@dataclass(frozen=True, slots=True)
class Found:
    """One finding, with the notice that went before it and what was answered."""

    record: str
    about: str
    outcome: str
    says: str
    standard_of_proof: str
    missing: str
    made_by: str
    made_on: str
    answers: tuple[Said, ...]
    notified: bool
    """Whether a notice that went before it is recorded."""


@dataclass(frozen=True, slots=True)
class Alleged:
    """One allegation and everything on it: two sides, findings, and what the program computes."""

    record: str
    sort: str
    words: str
    made_by: str
    made_of: str
    happened: str
    not_read: str
    where: str
    for_it: tuple[Said, ...]
    answers: tuple[Said, ...]
    beside: tuple[Said, ...]
    """Statements about it that take no side."""
    found: tuple[Found, ...]
    computed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Every allegation, and the findings without one."""

    alleged: tuple[Alleged, ...]
    others: tuple[Found, ...]
    general: tuple[Said, ...]
    """Statements about no single allegation."""


def findings(reader: Reader, rows: Sequence[ResultRow]) -> Findings:
    """The allegations by id, and what stands beside each."""
    alleged = reader.facts.of("allegation")
    known = {each.id for each in alleged}
    others = [each for each in reader.facts.of("finding") if each.value("allegation") not in known]
    loose = [each for each in reader.facts.of("statement") if each.value("allegation") not in known]
    return Findings(
        tuple(_alleged(reader, each, rows) for each in alleged),
        tuple(_found(reader, each) for each in others),
        tuple(_said(reader, each) for each in loose),
    )


def _alleged(reader: Reader, record: Record, rows: Sequence[ResultRow]) -> Alleged:
    statements = [each for each in reader.facts.of("statement") if each.value("allegation") == record.id]

    def side(stance: str) -> tuple[Said, ...]:
        return tuple(_said(reader, each) for each in statements if each.value("stance") == stance)

    beside = [each for each in statements if each.value("stance") not in ("says it happened", "answers")]
    return Alleged(
        record=record.id,
        sort=reader.say(record, "sort"),
        words=reader.say(record, "words"),
        made_by=reader.say(record, "made_by"),
        made_of=reader.say(record, "made_of"),
        happened=reader.say(record, "happened"),
        not_read=reader.text(record, "not_read"),
        where=source_of(reader, record, "told_in"),
        for_it=side("says it happened"),
        answers=side("answers"),
        beside=tuple(_said(reader, each) for each in beside),
        found=tuple(
            _found(reader, each) for each in reader.facts.of("finding") if each.value("allegation") == record.id
        ),
        computed=tuple(
            f"{row.policy}: {row.said}{_unanswered(reader, row)}" for row in rows if row.record == record.id
        ),
    )


def _unanswered(reader: Reader, row: ResultRow) -> str:
    """Who decides what no rule answers, and why none does, if the pack gives a reason."""
    if row.outcome != Outcome.NO_RULE.value:
        return ""
    reasons = " ".join(gap.reason for gap in reader.audit.left_open.get((row.policy, row.record), ()))
    found = " — what happened is for people to find"
    return f"{found}. Why no rule: {escaped(reasons, most=len(reasons)).removesuffix('.')}" if reasons else found


def _found(reader: Reader, record: Record) -> Found:
    return Found(
        record=record.id,
        about=reader.say(record, "about_name"),
        outcome=reader.say(record, "outcome"),
        says=" ".join((reader.say(record, "says"), *_decided(reader, record))),
        standard_of_proof=reader.say(record, "standard_of_proof"),
        missing=reader.text(record, "missing"),
        made_by=reader.text(record, "made_by_body") or reader.text(record, "made_by") or "not known",
        made_on=reader.say(record, "made_on"),
        answers=tuple(_responses(reader, record)),
        notified=bool(_notices(reader, record)),
    )


def _notices(reader: Reader, finding: Record) -> list[Record]:
    """The notices that went before a finding, or before the determination on it."""
    return [
        each
        for each in reader.facts.of("notice")
        if (each.value("ahead_of") == "finding" and each.value("draft_finding") == finding.value("draft_finding"))
        or (each.value("ahead_of") == "determination" and _alone_determined(reader, finding))
    ]


def _responses(reader: Reader, finding: Record) -> list[Said]:
    """The answers to the notice of a finding; recorded silence is shown as silence."""
    told = []
    for notice in _notices(reader, finding):
        for response in reader.facts.of("response"):
            if response.value("notice") == notice.id:
                silent = response.value("form") == "silence"
                words = "gave no answer; silence was recorded" if silent else reader.say(response, "says")
                told.append(Said(reader.say(notice, "served_to_name"), words, reader.say(response, "made_on")))
    return told


def _alone_determined(reader: Reader, finding: Record) -> bool:
    """Whether a notice before a determination can only be about this finding: no other led to a determination."""
    return {each.value("finding") for each in reader.facts.of("determination")} == {finding.id}


def _decided(reader: Reader, finding: Record) -> Iterator[str]:
    """The determination on a finding, and the order that rests on it, a sentence each."""
    for each in reader.facts.of("determination"):
        if each.value("finding") == finding.id:
            body, day = reader.say(each, "made_by_body"), reader.say(each, "made_on")
            yield f"Determination {each.id} of {day}, by {body}: {reader.say(each, 'says')}"
            for order in reader.facts.of("order"):
                if order.value("determination") == each.id:
                    named = reader.say(order, "payable_by")
                    yield f"Order {order.id} of {reader.say(order, 'made_on')} rests on it and names as payer: {named}."


def _said(reader: Reader, record: Record) -> Said:
    via = reader.text(record, "via")
    who = reader.say(record, "speaker") + (f", through {via}" if via and via != "not known" else "")
    return Said(who, reader.say(record, "words"), source_of(reader, record, "told_in"))


def source_of(reader: Reader, record: Record, reference: str) -> str:
    """Where something was read: outlet, title, date, how and at which address; whatever was not read is stated.

    An address is printed without its scheme: a reader may follow it, but the page fetches nothing.
    """
    source = reader.facts.up(record, reader.types[record.type].field(reference))
    if source is None:
        return "source not known"
    words = [reader.say(source, name) for name in ("outlet", "title", "dated", "read_as")]
    missing = ("outlet not known", "title not read", "date not read", "")
    told = [instead if word == "not known" else word for word, instead in zip(words, missing, strict=True)]
    _, scheme, address = reader.text(source, "address").partition("://")
    return ", ".join(each for each in (*told, address if scheme else "") if each)
