"""Who answers for a receivable, by name, and for how much: one debt is asked for once, and nobody pays another's."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.base.money import Money, Range, split
from custodiet.base.text import escaped
from custodiet.base.truth import Truth, any_of, truth
from custodiet.cases.case import Case
from custodiet.cases.objection import Objection
from custodiet.cases.order import interest_of, receivables_of, sums_of, total_of
from custodiet.cases.possible import added, range_of
from custodiet.policy.result import Missing
from custodiet.records import TYPES, UNKNOWN, Value
from custodiet.records.facts import Record


@dataclass(frozen=True, slots=True)
class Answer:
    """What one payer can be asked for at most; those of one debt answer for the same money."""

    payer: str
    """The payer's record."""
    name: Value
    at_most: Money
    rank: int
    """1 for the payer under whom the debt is named; with alternative payers, 2 is asked if 1 does not pay."""


def who_answers(case: Case, receivable: Record) -> tuple[Answer, ...]:
    """Who answers for a receivable, first the payer under whom it is named.

    Alone, alternative and joint payers each answer for all of it, as one debt. Several payers answer
    for a share each, as stated, or for equal shares that add up to the cent.

    Raises Refused where the amount or the way of answering is unknown, or the payers do not fit it.
    """
    amount, payers = receivable.value("amount"), payers_of(case, receivable)
    for fault in _faults(receivable, payers):
        raise Refused(fault.shown())
    if not isinstance(amount, Money):
        raise Refused(f"receivable {receivable.id}: its amount must be known")
    shares = _shares(amount, payers) if receivable.value("how_liable") == "several" else [amount] * len(payers)
    return tuple(
        Answer(payer.id, payer.value("name"), share, _rank(payer)) for payer, share in zip(payers, shares, strict=True)
    )


def payers_of(case: Case, receivable: Record) -> tuple[Record, ...]:
    """Those who answer for a receivable, by rank."""
    payers = [payer for payer in case.of("payer") if payer.value("receivable") == receivable.id]
    return tuple(sorted(payers, key=lambda each: (_rank(each), each.id)))


def named_payers(case: Case, receivable: Record, act: Record) -> tuple[Value, ...]:
    """Under whose names a receivable is owed: each of several payers, else the first; else whom the order names."""
    payers = payers_of(case, receivable)
    if not payers:
        return (act.value("payable_by"),)
    return tuple(
        payer.value("name") for payer in (payers if receivable.value("how_liable") == "several" else payers[:1])
    )


def payer_faults(case: Case, act: Record) -> Iterator[Objection]:
    """What stands against the payers of an order or a settlement: each sum has one, by name."""
    receivables = receivables_of(case, act)
    for receivable in receivables:
        yield from _faults(receivable, payers_of(case, receivable))
    if act.type != "order":
        return
    named, told = act.value("payable_by"), {each.value("kind") for each in receivables if payers_of(case, each)}
    untold = [each.kind for each in sums_of(act) if each.kind not in told]
    if named is UNKNOWN and untold:
        missing = (Missing(act.id, "payable_by", TYPES["order"].held_by),)
        message = f"it does not name who is to pay its {' and its '.join(untold)}"
        yield Objection("order", act.id, "payer", message, Truth.UNKNOWN, missing=missing)
    answering = [name for each in receivables for name in named_payers(case, each, act)]
    if isinstance(named, str) and answering and not untold and named not in answering:
        message = f"it names {escaped(named)} as payer, and none of its receivables is owed under that name"
        yield Objection("order", act.id, "payer", message, Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Account:
    """What one payer is asked for, where an order or a settlement asks several."""

    receivables: frozenset[str]
    asks: Range

    def takes(self, payment: Record) -> Truth:
        """Whether a payment is for one of its receivables."""
        named = payment.value("receivable")
        return Truth.UNKNOWN if named is UNKNOWN else truth(named in self.receivables)


def accounts_of(case: Case, act: Record, on: Days) -> tuple[Account, ...]:
    """The receivables of an order or a settlement by payer; none where one payer owes it all, or a name is unknown."""
    receivables = receivables_of(case, act)
    by_payer: dict[tuple[Value, ...], list[Record]] = defaultdict(list)
    for each in receivables:
        by_payer[named_payers(case, each, act)].append(each)
    names = [*by_payer]
    if added(range_of(each.value("amount")) for each in receivables) != total_of(act):
        names.append((act.value("payable_by"),))
    if len(set(names)) <= 1 or any(UNKNOWN in each for each in names):
        return ()
    return tuple(
        Account(
            frozenset(each.id for each in owed),
            added(range_of(each.value("amount")) + interest_of(each, on) for each in owed),
        )
        for owed in by_payer.values()
    )


def all_but(accounts: tuple[Account, ...]) -> Callable[[Record], Truth]:
    """Whether a payment is for none of some accounts."""
    return lambda payment: ~any_of(account.takes(payment) for account in accounts)


def _faults(receivable: Record, payers: tuple[Record, ...]) -> Iterator[Objection]:
    how, amount = receivable.value("how_liable"), receivable.value("amount")

    def fault(message: str, holds: Truth = Truth.NO, *missing: Missing) -> Objection:
        return Objection("receivable", receivable.id, "payer", message, holds, missing=missing)

    if how is UNKNOWN and len(payers) > 1:
        missing = Missing(receivable.id, "how_liable", TYPES["receivable"].held_by)
        yield fault(f"how its {len(payers)} payers are liable must be known", Truth.UNKNOWN, missing)
    if how == "alone" and len(payers) > 1:
        yield fault(f"one payer answers alone, and there are {len(payers)}")
    elif how in ("alternative", "joint") and len(payers) > 1 and _rank(payers[0]) == _rank(payers[1]):
        yield fault(f"two of its payers have rank {_rank(payers[0])}, and the debt is named under one of them")
    stated = [share for payer in payers if isinstance(share := payer.value("share"), Money)]
    uneven = len(stated) < len(payers) or (isinstance(amount, Money) and _sum(stated) != amount.minor)
    if how == "several" and stated and uneven:
        yield fault(f"the shares of its payers do not come to {amount}")
    for payer in payers:
        if payer.value("name") is UNKNOWN:
            missing = Missing(payer.id, "name", TYPES["payer"].held_by)
            yield fault(f"the name of its payer {payer.id} is not known", Truth.UNKNOWN, missing)


def _shares(amount: Money, payers: tuple[Record, ...]) -> list[Money]:
    stated = [share for payer in payers if isinstance(share := payer.value("share"), Money)]
    if stated or not payers:
        return stated
    return split(amount, [1] * len(payers))


def _sum(amounts: list[Money]) -> int:
    return sum(each.minor for each in amounts)


def _rank(payer: Record) -> int:
    rank = payer.value("rank")
    return int(str(rank)) if str(rank).isdigit() else 1
