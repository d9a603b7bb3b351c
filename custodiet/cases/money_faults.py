"""Contradictions in the money of a case: sums, laws and payers of its orders, and payments that cannot be counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from custodiet.base.dates import ANY_DAY, before
from custodiet.base.text import escaped
from custodiet.base.truth import Truth
from custodiet.cases.case import Case, when
from custodiet.cases.debts import Purpose, acts_named, debts_of, follows, purpose_of, trail_of
from custodiet.cases.objection import Objection
from custodiet.cases.order import faults_of
from custodiet.cases.payers import accounts_of, owing, payer_faults, payer_of, taken_by
from custodiet.cases.receipts import Receipt, Receipts
from custodiet.cases.uncertain_amounts import added, range_of, shown
from custodiet.policy.evaluation.result import Missing
from custodiet.records import NONE, UNKNOWN, Kind, core_types
from custodiet.records.record import Record

_OF_MONEY = ("order", "settlement", "default", "receivable", "payer", "instalment", "review", "payment")

_FOLLOWING = (
    ("order", "replaces", "it replaces"),
    ("settlement", "replaces", "it replaces"),
    ("default", "settlement", "was not kept"),
)


def money_faults(case: Case) -> tuple[Objection, ...]:
    """What stands against the orders, the settlements and the payments of a case, by type and by date."""
    acts = [*case.of("order"), *case.of("settlement")]
    return (
        *(each for act in acts for each in (*faults_of(case, act), *payer_faults(case, act))),
        *_following_unknown(case),
        *_out_of_order(case),
        *_not_recorded(case),
        *_of_payments(case),
    )


def _following_unknown(case: Case) -> Iterator[Objection]:
    """An act that may follow another, if nobody recorded which one it follows."""
    for name, field, what in _FOLLOWING:
        above = core_types()[name].field(field).refers_to
        for each in case.of(name):
            if each.value(field) is UNKNOWN and any(other.id != each.id for other in case.of(above)):
                message = f"it is not known which {above} {what}; it is counted as a debt of its own"
                yield _against(each, "what it follows", message, Truth.UNKNOWN, field)


def _out_of_order(case: Case) -> Iterator[Objection]:
    """An act dated before the one it follows, and acts that replace each other."""
    acts = {each.id: each for name in ("order", "settlement", "default") for each in case.of(name)}
    for act in acts.values():
        above = acts.get(str(follows(act)))
        if above is None:
            continue
        first, then = when(above) or ANY_DAY, when(act) or ANY_DAY
        if before(then, first) is Truth.YES:
            message = f"it is dated {then}, before {above.type} {above.id} of {first}, which it follows"
            yield _against(act, "what it follows", message, Truth.NO)
        if follows(acts[trail_of(acts, act.id)[0]]) == act.id:
            message = "the acts that it replaces lead back to itself; which of them is in force is not known"
            yield _against(act, "what it follows", message, Truth.NO)


def _not_recorded(case: Case) -> Iterator[Objection]:
    """Orders, receivables, payments and other records that a record of the money names but that are not recorded."""
    known = {name: {each.id for each in case.of(name)} for name in _OF_MONEY}
    for record in (each for name in _OF_MONEY for each in case.of(name)):
        for field in core_types()[record.type].fields:
            named = record.value(field.name) if field.kind is Kind.REFERENCE else NONE
            if isinstance(named, str) and field.refers_to in known and named not in known[field.refers_to]:
                message = f"it names {field.refers_to} {escaped(named)} in `{field.name}`, which is not recorded"
                counted = "; it is counted nowhere" if field.name == "reverses" else ""
                yield _against(record, "not recorded", message + counted, Truth.NO)


def _of_payments(case: Case) -> Iterator[Objection]:
    receipts = Receipts(case)
    checks = (
        _unsure,
        _lost,
        _of_another_debt,
        _back_too_soon,
        _too_soon,
        _paid_by_another,
        _too_much_back,
        _for_two_debts,
    )
    known = _Known(receipts, {entry.id: each for each in receipts.all for entry in each.entries}, _debts(case))
    for payment in receipts.payments.values():
        for check in checks:
            yield from check(known, payment)


@dataclass(frozen=True)
class _Known:
    """What payments are held against."""

    receipts: Receipts
    receipt_of: Mapping[str, Receipt]
    """By the id of a payment; those that are in no receipt are not here."""
    debts: Mapping[str, int]
    """The place of the debt to which an order or a settlement belongs, by its id."""

    @cached_property
    def acts(self) -> Mapping[str, Record]:
        """The orders and the settlements, by id."""
        return {act.id: act for name in ("order", "settlement") for act in self.receipts.case.of(name)}

    @cached_property
    def receivables(self) -> Mapping[str, Record]:
        """The receivables, by id."""
        return {each.id: each for each in self.receipts.case.of("receivable")}

    def taken_back(self, payment: Record) -> Record | None:
        """The recorded payment that another takes back."""
        above = payment.value("reverses")
        return self.receipts.payments.get(above) if isinstance(above, str) else None

    def purpose(self, payment: Record) -> Purpose:
        """What a payment is for."""
        return purpose_of(self.receipts.case, payment)

    def may_be_for(self, purpose: Purpose) -> set[int | str]:
        """The debts to one of which a payment belongs; by its id, an act that is not recorded."""
        return {self.debts.get(each, each) for each in (purpose.act, *purpose.beside)}


def _debts(case: Case) -> dict[str, int]:
    return {act.id: place for place, debt in enumerate(debts_of(case)) for act in debt}


def _unsure(known: _Known, payment: Record) -> Iterator[Objection]:
    receipt = known.receipt_of.get(payment.id)
    if receipt is not None and receipt.payment == payment and receipt.came_in is Truth.UNKNOWN:
        message = "it is not known whether it was received or reverses another payment"
        yield _against(payment, "what it takes back", message, Truth.UNKNOWN, "reverses")


def _lost(known: _Known, payment: Record) -> Iterator[Objection]:
    above = known.taken_back(payment)
    if above is not None and payment.id not in known.receipt_of:
        told = (
            "it reverses itself"
            if above.id == payment.id
            else f"it reverses payment {above.id}, which does not lead back to a payment that was received"
        )
        yield _against(payment, "what it takes back", f"{told}; it is counted nowhere", Truth.NO)


def _of_another_debt(known: _Known, payment: Record) -> Iterator[Objection]:
    receipt, said, above = known.receipt_of.get(payment.id), known.purpose(payment), known.taken_back(payment)
    if receipt is None or above is None or not said.act:
        return
    came_in = known.purpose(receipt.payment)
    if not known.may_be_for(said).isdisjoint(known.may_be_for(came_in)):
        return
    told = (
        f"for {escaped(came_in.act)}" if came_in.act else "for an unknown purpose" if came_in.unsaid else "for no order"
    )
    chain = "" if above == receipt.payment else f", which leads back to payment {receipt.payment.id}"
    message = (
        f"it names {escaped(said.act)}, but reverses payment {above.id}{chain}, received {told}; it is counted there"
    )
    yield _against(payment, "what it takes back", message, Truth.UNKNOWN if came_in.unsaid else Truth.NO)


def _back_too_soon(known: _Known, payment: Record) -> Iterator[Objection]:
    above, day = known.taken_back(payment), when(payment) or ANY_DAY
    came = ANY_DAY if above is None else when(above) or ANY_DAY
    if above is not None and before(day, came) is Truth.YES:
        message = f"it is dated {day}, before payment {above.id} of {came}, which it reverses"
        yield _against(payment, "what it takes back", message, Truth.NO)


def _too_soon(known: _Known, payment: Record) -> Iterator[Objection]:
    """Money received for an order or a settlement before it was made; a reversal follows its payment."""
    receipt, act = known.receipt_of.get(payment.id), known.acts.get(known.purpose(payment).act)
    if receipt is None or receipt.payment != payment or act is None:
        return
    day, made = when(payment) or ANY_DAY, when(act) or ANY_DAY
    if before(day, made) is Truth.YES:
        message = (
            f"it is dated {day}, before {act.type} {act.id} of {made}, for which it was received; it is counted there"
        )
        yield _against(payment, "what it is for", message, Truth.NO)


def _paid_by_another(known: _Known, payment: Record) -> Iterator[Objection]:
    """Money from somebody who does not owe what it is for, and money that may pay the debt of one payer or another.

    Anyone may pay a debt, so the money counts as recorded; but a fine is meant for the person fined, so it is reported.
    """
    receipt, act = known.receipt_of.get(payment.id), known.acts.get(known.purpose(payment).act)
    if receipt is None or receipt.payment != payment or act is None:
        return
    case, paid_by = known.receipts.case, payment.value("paid_by_name")
    if receipt.came_in is Truth.UNKNOWN:
        return  # A possible reversal comes from whoever sent the money back.
    receivable = known.receivables.get(str(payment.value("receivable")))
    names, owed_by = owing(case, act, receivable)
    if isinstance(paid_by, str) and names and owed_by.isdisjoint(payer_of(payment)):
        what = act if receivable is None else receivable
        owing_it = " and ".join(escaped(name) for name in names)
        message = (
            f"it was paid by {escaped(paid_by)}, but {what.type} {what.id} is owed by {owing_it}; it is counted there"
        )
        yield _against(payment, "payer", message, Truth.UNKNOWN)
    elif paid_by is UNKNOWN and Truth.UNKNOWN in taken_by(accounts_of(case, act, ANY_DAY), payment).values():
        message = (
            f"it is not known who paid it, and each payer of {act.type} {act.id} owes a part; whose it pays is open"
        )
        yield _against(payment, "payer", message, Truth.UNKNOWN, "paid_by_name")


def _too_much_back(known: _Known, payment: Record) -> Iterator[Objection]:
    amount = range_of(payment.value("amount"))
    back = added(range_of(each.value("amount")) for each in known.receipts.reversals.get(payment.id, ()))
    if payment.id in known.receipt_of and amount.high is not None and back.low is not None and back.low > amount.high:
        taken, came = (shown(each, known.receipts.case.currency) for each in (back, amount))
        message = f"{taken} of it was reversed, but its amount is {came}"
        yield _against(payment, "taken back", message, Truth.NO)


def _for_two_debts(known: _Known, payment: Record) -> Iterator[Objection]:
    named = acts_named(known.receipts.case, payment)
    if len({known.debts[act] for act in named}) > 1:
        both, counted = " and ".join(sorted(named)), known.purpose(payment).act
        message = f"it names {both}, which are different debts; it is counted for {counted}"
        yield _against(payment, "what it is for", message, Truth.NO)


def _against(record: Record, rule: str, message: str, holds: Truth, *fields: str) -> Objection:
    missing = tuple(Missing(record.id, field, core_types()[record.type].held_by) for field in fields)
    return Objection(record.type, record.id, rule, message, holds, missing=missing)
