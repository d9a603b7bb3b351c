"""What an order or a settlement asks for: sums of three kinds, each under a law of its own, and when they are due."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from custodiet.base.dates import ANY_DAY, Days
from custodiet.base.money import Money, Range
from custodiet.base.truth import Truth
from custodiet.cases.case import Case, date_reached
from custodiet.cases.objection import Objection
from custodiet.cases.uncertain_amounts import FROM_ZERO, ZERO, added, from_zero, range_of, shown, where
from custodiet.policy.evaluation.result import Missing
from custodiet.records import NONE, Value, core_types
from custodiet.records.record import Record

KINDS = core_types()["receivable"].field("kind").values


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum of one kind that an order asks for; a fine with its counts."""

    kind: str
    amount: Range
    """In major units; a range where the amount is unknown."""
    legal_basis: Value
    counts: Value = NONE
    per_count: Value = NONE


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what is asked, with its last day in time."""

    record: str
    """The id of the instalment, the receivable or the order that says so."""
    amount: Range
    due_on: Days


def sums_of(order: Record) -> tuple[Sum, ...]:
    """The sums that an order asks for, by kind; a kind that is known to be absent is left out.

    >>> [each.amount for each in sums_of(Record("order", "O1", {"reimbursement": NONE, "gain": NONE,
    ...     "fine_counts": Fraction(31), "fine_per_count": Money.read("5000 USD")}))]
    [Range(155000, 155000)]
    """
    value = order.value
    counts = value("fine_counts")
    count = Range.point(counts) if isinstance(counts, Fraction) else ZERO if counts is NONE else FROM_ZERO
    found = (
        Sum("reimbursement", range_of(value("reimbursement")), value("reimbursement_basis")),
        Sum("payment of a gain", range_of(value("gain")), value("gain_basis")),
        Sum("fine", count * range_of(value("fine_per_count")), value("fine_basis"), counts, value("fine_per_count")),
    )
    return tuple(each for each in found if each.amount != ZERO)


def total_of(record: Record) -> Range:
    """The total of an order, all kinds together, or of a settlement."""
    if record.type == "settlement":
        return range_of(record.value("total"))
    return added(each.amount for each in sums_of(record))


def receivables_of(case: Case, record: Record) -> tuple[Record, ...]:
    """The receivables that arise from an order or a settlement."""
    return tuple(each for each in case.of("receivable") if each.value(record.type) == record.id)


def parts_of(case: Case, record: Record) -> tuple[Part, ...]:
    """What an order or a settlement asks for, in parts by their days.

    The parts are its instalments, else its receivables; what they leave over is due when the order
    says, and at an unknown day where nothing says.
    """
    told = [each for each in case.of("instalment") if each.value(record.type) == record.id]
    parts = [Part(each.id, range_of(each.value("amount")), _day(each)) for each in told or receivables_of(case, record)]
    total, covered = total_of(record), added(part.amount for part in parts)
    if covered != total:
        parts.append(Part(record.id, from_zero(total - covered), _day(record)))
    return tuple(parts)


def interest_of(receivable: Record, on: Days) -> Range:
    """Interest added to a receivable by a day under a rule that is cited; without a citation there is none."""
    if not isinstance(receivable.value("interest_basis"), str):
        return ZERO
    return where(date_reached(receivable, "interest_on", on), range_of(receivable.value("interest")))


def faults_of(case: Case, record: Record) -> Iterator[Objection]:
    """What does not add up in an order or a settlement: kinds without a basis of their own, and differing sums."""
    if record.type == "order":
        yield from _bases(record)
    for name in ("receivable", "instalment"):
        told = [each for each in case.of(name) if each.value(record.type) == record.id]
        come_to = added(range_of(each.value("amount")) for each in told)
        if told and come_to.meets(total_of(record)) is None:
            asked = shown(total_of(record), case.currency)
            message = f"its {name}s add up to {shown(come_to, case.currency)}, but it asks for {asked}"
            yield Objection(record.type, record.id, "sums", message, Truth.NO)
        elif name == "receivable" and record.type == "order":
            yield from _kinds(case, record, told)
    revives = record.value("revives") if record.type == "settlement" else NONE
    replaced = record.value("replaces")
    if record.value("on_default") == "the order revives" and isinstance(replaced, str):
        order = case.find("order", replaced)
        if isinstance(revives, Money) and range_of(revives).meets(total_of(order)) is None:
            came_to = shown(total_of(order), case.currency)
            message = f"the order that revives was for {came_to}, but it says {revives}"
            yield Objection(record.type, record.id, "what revives", message, Truth.NO)
    for each in receivables_of(case, record):
        if isinstance(each.value("interest"), Money) and not isinstance(each.value("interest_basis"), str):
            message = "interest is added without citing a rule; it is not counted"
            missing = (Missing(each.id, "interest_basis", core_types()["receivable"].held_by),)
            yield Objection("receivable", each.id, "interest", message, Truth.NO, missing=missing)


def _bases(order: Record) -> Iterator[Objection]:
    sums = sums_of(order)
    for each in sums:
        if not isinstance(each.legal_basis, str):
            message = f"it cites no law for its {each.kind}"
            yield Objection("order", order.id, "legal basis", message, Truth.UNKNOWN)
    bases = [each.legal_basis for each in sums if isinstance(each.legal_basis, str)]
    if len(set(bases)) < len(bases):
        message = f"each kind of sum ({', '.join(KINDS)}) has a legal basis of its own, but two of these share one"
        yield Objection("order", order.id, "legal basis", message, Truth.NO)


def _kinds(case: Case, order: Record, receivables: list[Record]) -> Iterator[Objection]:
    """Receivables that ask for more of one kind than the order does, though they add up in all."""
    asked = {each.kind: each.amount for each in sums_of(order)}
    for kind in KINDS:
        told = added(range_of(each.value("amount")) for each in receivables if each.value("kind") == kind)
        ordered = asked.get(kind, ZERO)
        if ordered.high is not None and told.low is not None and told.low > ordered.high:
            come_to, asks = (shown(each, case.currency) for each in (told, ordered))
            message = f"its receivables of the kind {kind} add up to {come_to}, but it asks for {asks}"
            yield Objection("order", order.id, "sums", message, Truth.NO)


def _day(record: Record) -> Days:
    day = record.value("due_on")
    return day if isinstance(day, Days) else ANY_DAY
