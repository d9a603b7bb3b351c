"""The money of the case: ordered, settled, paid, scheduled, each by itself, with its kind and its legal basis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import PurePosixPath

from custodiet.audit.rejected_rows import held_over_in_words
from custodiet.audit.totals import many
from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.base.money import Money, Range
from custodiet.cases.case import Case, when
from custodiet.cases.money import Balance, balances, payments_known_until
from custodiet.cases.order import receivables_of, sums_of
from custodiet.cases.payers import payers_of, who_answers
from custodiet.cases.payments import Share, received_for_no_debt
from custodiet.cases.receipts import Receipts
from custodiet.ledger.entry import SetAside
from custodiet.ledger.view import View
from custodiet.policy.evaluation.result import Bounds
from custodiet.policy.packs.withholding import PERSONS
from custodiet.records import UNKNOWN
from custodiet.records.record import Record
from custodiet.reports.report.charts import Chart, Span, chart
from custodiet.reports.report.figures import Evidence, Figure, Figures
from custodiet.reports.report.reader import Reader
from custodiet.reports.wording import days_in_words, value_in_words

TYPES_OF_MONEY = ("order", "settlement", "default", "review", "receivable", "payer", "instalment", "payment")

_PARTS = (
    ("ordered", "Ordered", "the sums of the last order, by kind, on the day it was made"),
    ("settled", "Settled", "what was agreed in the settlement in all, paid or not"),
    ("owed", "Asked in all, paid or not", "what the act in force asks in all, with interest that a cited rule adds"),
    ("paid", "Paid", "every payment received by that day and not reversed, deposits not counted"),
    (
        "deposited",
        "Held as a deposit",
        "what was given as a deposit, or received while a review was open that is still open",
    ),
    (
        "not_counted",
        "Paid and not counted",
        "what was paid under a settlement in default and does not count towards the revived debt",
    ),
    ("scheduled", "Scheduled", "what is owed but falls due only after that day"),
    ("outstanding", "Due and not paid", "what was due by that day, less what was paid"),
    ("stayed", "Stayed", "what is due but cannot be demanded while a review is open"),
    ("overpaid", "To be given back", "what was received beyond what is owed, or beyond what its own payer owes"),
)
_FOR_NO_DEBT = (
    ("in_all", "Received in all", "every payment received by that day and not reversed, whatever it is for"),
    (
        "for_no_order",
        "Received for no order",
        "payments for no receivable, order or settlement; no debt counts them",
    ),
    (
        "unsaid",
        "Received, purpose not recorded",
        "payments that may be for a debt or for none; they widen the bounds of every balance",
    ),
    (
        "not_recorded",
        "Received for an order that is not recorded",
        "payments for an order or a settlement that is not recorded",
    ),
)
_ALWAYS = ("ordered", "settled", "paid", "scheduled")
"""The figures that are printed even if they are nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One sum of one kind that an order asks for."""

    order: str
    kind: str
    figure: Figure
    legal_basis: str


@dataclass(frozen=True, slots=True)
class DebtByDay:
    """What became of one debt by a day."""

    acts: str
    on: str
    figures: tuple[Figure, ...]
    later_payments_unknown: bool
    chart: Chart


@dataclass(frozen=True, slots=True)
class MoneyOfTheCase:
    """What was ordered, by kind; what became of each debt; and the acts themselves."""

    asked: tuple[Asked, ...]
    debts: tuple[DebtByDay, ...]
    terms: tuple[tuple[str, str], ...]
    """The settlements: the name of each, and its terms in a sentence."""
    for_no_debt: tuple[Figure, ...]
    """What was received that no order or settlement is known to ask for; empty if every payment has its debt."""
    received_until: str
    """The day of those figures."""
    unread: str
    """What could not be read, or is gone, of the records that these sums rest on; empty if nothing is."""
    withheld: str
    """The code that is printed here if an act is withheld; empty if none is."""


def money(reader: Reader, figures: Figures) -> MoneyOfTheCase:
    """The money as far as it is known: on the last day that payments are vouched for, else that of the last act."""
    if not reader.tells(TYPES_OF_MONEY):
        return MoneyOfTheCase((), (), (), (), "", "", reader.disclosure.withheld(PERSONS))
    case = case_of(reader.audit.view)
    asked = tuple(each for order in case.of("order") for each in _asked(reader, figures, case, order))
    on = _as_far_as_known(reader, case)
    debts = () if on is None else balances(case, on, reader.audit.currency)
    return MoneyOfTheCase(
        asked,
        tuple(_debt(reader, figures, case, each) for each in debts),
        tuple(_terms(reader, case)),
        () if on is None else _for_no_debt(reader, figures, case, on),
        "" if on is None else days_in_words(Days.on(on)),
        _unread(reader),
        "",
    )


def case_of(view: View) -> Case:
    """The case in a view; a register with a row that could not be read counts as not vouched for."""
    return Case(view.facts, frozenset(_type(each) for each in view.set_aside))


def _unread(reader: Reader) -> str:
    """The rows that no sum counts, and those counted at an earlier value; by name only in the internal edition."""
    view = reader.audit.view
    held = [each for each in view.held_over if each.type in TYPES_OF_MONEY]
    places = {(each.file, each.line) for each in held}
    lost = [each for each in view.set_aside if (each.file, each.row) not in places]
    rows = {name: sum(each.rows for each in lost if _type(each) == name) for name in TYPES_OF_MONEY}
    told = [f"{count} of {name}.csv" for name, count in rows.items() if count]
    sentences = []
    if told:
        sentences.append(f"Rows that could not be read and were set aside: {', '.join(told)}. No sum here counts them.")
    if reader.everything:
        sentences += [held_over_in_words(each) for each in held]
    elif held:
        sentences.append(
            f"{many(len(held), 'record')} of money {'is' if len(held) == 1 else 'are'} counted at an earlier value: "
            "the row is now set aside, or gone."
        )
    return " ".join(sentences)


def _type(each: SetAside) -> str:
    return PurePosixPath(each.file).stem


def _as_far_as_known(reader: Reader, case: Case) -> date | None:
    """The day for which balances are printed; None if there is no step of money or no day of recording."""
    steps = [each for name in ("order", "settlement", "default", "payment") for each in case.of(name)]
    if not steps:
        return None
    recorded = reader.audit.view.as_of.recorded_on
    days = [day.last for each in steps if (day := when(each)) and day.last]
    if recorded is None or not days:
        return recorded
    known = payments_known_until(case, min(days))
    return min(recorded, max(*days, known) if known is not None else max(days))


def _asked(reader: Reader, figures: Figures, case: Case, order: Record) -> Sequence[Asked]:
    found = []
    for each in sums_of(order):
        value = _range_in_words(each.amount, reader.audit.currency)
        formula = f"What order {order.id} states as {each.kind}."
        if each.kind == "fine":
            formula = f"{value_in_words(each.counts)} counts × {value_in_words(each.per_count)} = {value}."
        found.append(
            Asked(
                order.id,
                each.kind,
                figures.read(
                    f"{each.kind.capitalize()}, ordered",
                    value,
                    formula,
                    [_evidence(reader, order)],
                    f"Order {order.id}.",
                    "To show what was ordered, each kind by itself.",
                    "One kind of sum of one order, on the day it was made.",
                ),
                f"{value_in_words(each.legal_basis)}; {_payer_in_words(reader, case, order, each.kind)}",
            )
        )
    return found


def _payer_in_words(reader: Reader, case: Case, order: Record, kind: str) -> str:
    """The payer that the order names for one kind of sum, and those that its receivables name, if different."""
    named = reader.say(order, "payable_by")
    owing = [
        _answers_in_words(reader, case, each)
        for each in receivables_of(case, order)
        if each.value("kind") == kind and payers_of(case, each)
    ]
    told = [each for each in owing if each != named]
    return "; ".join([f"the order names as payer: {named}", *(f"owed by: {each}" for each in told)])


def _answers_in_words(reader: Reader, case: Case, receivable: Record) -> str:
    payers = {payer.id: reader.say(payer, "name") for payer in payers_of(case, receivable)}
    try:
        answers = who_answers(case, receivable)
    except Refused:  # The objection is printed with the steps; here only the names are.
        return ", ".join(payers.values())
    match receivable.value("how_liable"):
        case "several":
            return ", ".join(f"{payers[each.payer]} for {each.at_most}" for each in answers)
        case "joint":
            return f"{' and '.join(payers.values())}, each for all of it"
        case _:
            return ", else ".join(payers.values())


def _debt(reader: Reader, figures: Figures, case: Case, balance: Balance) -> DebtByDay:
    on = days_in_words(Days.on(balance.on))
    evidence = [_evidence(reader, record) for record in _acts(case, balance)]
    made, spans = [], []
    for name, title, formula in _PARTS:
        bounds: Bounds | None = getattr(balance, name)
        # If nothing is scheduled or stayed either, that nothing is due is what the reader wants to know.
        settled_up = name == "outstanding" and _nothing(balance.scheduled) and _nothing(balance.stayed)
        if bounds is None or (name not in _ALWAYS and not settled_up and _nothing(bounds)):
            continue
        if name == "owed" and bounds == balance.settled:
            continue  # What was agreed is printed once: repeated with a day, it would read as a balance.
        value = str(bounds)
        scope = f"The debt of {', '.join(balance.acts)}, at {on}."
        if balance.later_payments_unknown and name in ("paid", "scheduled", "outstanding", "overpaid"):
            scope += " Nobody vouches that every payment is known."
        made.append(
            figures.read(
                f"{title}, at {on}" if name not in ("ordered", "settled") else title,
                value,
                f"{formula[0].upper()}{formula[1:]}.",
                evidence,
                "The orders, settlements and payments listed; each leads to its exhibit.",
                "To keep what was ordered, settled, paid and scheduled separate.",
                scope,
            )
        )
        spans.append(_span(title, value, bounds, made[-1].id))
    return DebtByDay(
        ", ".join(balance.acts), on, tuple(made), balance.later_payments_unknown, chart(f"The debt at {on}", spans)
    )


def _for_no_debt(reader: Reader, figures: Figures, case: Case, on: date) -> tuple[Figure, ...]:
    found, day = received_for_no_debt(Receipts(case), on, reader.audit.currency), days_in_words(Days.on(on))
    told: list[tuple[str, str, Share]] = [
        (title, formula, getattr(found, name)) for name, title, formula in _FOR_NO_DEBT
    ]
    if all(_nothing(share.amount) for _, _, share in told[1:]):
        return ()
    return tuple(
        figures.read(
            f"{title}, at {day}",
            str(share.amount),
            f"{formula[0].upper()}{formula[1:]}.",
            [_evidence(reader, entry) for receipt in share.receipts for entry in receipt.entries],
            "The payments listed; each leads to its exhibit.",
            "To show money that no order asks for, without setting it against any debt.",
            f"Every payment of the docket that is counted, at {day}.",
        )
        for title, formula, share in told
        if not _nothing(share.amount)
    )


def _span(title: str, value: str, bounds: Bounds, of: str) -> Span:
    """A known sum is a bar from zero, an unknown one a bar between its bounds; one below zero has no bar."""
    low = max(bounds.low.exact, Fraction(0)) if bounds.low else Fraction(0)
    high = max(bounds.high.exact, Fraction(0)) if bounds.high else None
    return Span(title, value, Fraction(0) if low == high else low, high, of)


def _acts(case: Case, balance: Balance) -> list[Record]:
    acts = [
        record for name in ("order", "settlement", "default") for record in case.of(name) if record.id in balance.acts
    ]
    parts = [
        each for each in case.of("instalment") if {each.value("order"), each.value("settlement")} & {*balance.acts}
    ]
    payments = [entry for receipt in Receipts(case).towards(acts) for entry in receipt.entries]
    return [*acts, *parts, *payments]


def _terms(reader: Reader, case: Case) -> Iterator[tuple[str, str]]:
    for each in case.of("settlement"):
        names = ("replaces", "admission", "on_default", "revives", "payments_count")
        replaced, admitted, agreed, revives, count = (reader.say(each, name) for name in names)
        terms = (
            f"It replaces order {replaced}. Whether the respondent admits having broken a rule: {admitted}. On "
            f"default: {agreed}; the sum that revives: {revives}; whether payments under it then count: {count}. "
            "Nothing in it erases what was ordered."
        )
        if UNKNOWN in (each.value(name) for name in names):
            terms += " What is not known was not read in the act itself; others report about it:"
        told = [
            f"{reader.say(said, 'speaker')}: {reader.say(said, 'words')}"
            for said in reader.facts.of("statement")
            if said.value("about") == f"settlement {each.id}"
        ]
        yield f"Settlement {each.id}", " ".join((terms, *told))


def _evidence(reader: Reader, record: Record) -> Evidence:
    amounts = [
        reader.say(record, name)
        for name in ("total", "amount", "reimbursement", "gain", "fine_per_count")
        if name in reader.types[record.type].names
    ]
    told = "; ".join(each for each in amounts if each not in ("none", "not known"))
    day = when(record)
    dated = days_in_words(day) if day else "never"
    if record.type == "instalment" and (day is None or day.first != day.last):
        dated = "its days were not read"
    what = record.type.replace("_", " ")
    if record.type == "payment" and isinstance(taken_back := record.value("reverses"), str):
        what = f"reversal of payment {taken_back}"
    return Evidence(record.id, f"{what}, {dated}", told, "", ())


def _range_in_words(amount: Range, currency: str) -> str:
    low, high = (None if end is None else Money.of(end, currency) for end in (amount.low, amount.high))
    return str(Bounds(low, high))


def _nothing(bounds: Bounds) -> bool:
    return bounds.low is not None and bounds.low == bounds.high and bounds.low.minor == 0
