"""Who answers for a receivable, by name, and for how much: one debt is asked for once, and nobody pays another's."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.base.money import Money, Range, split
from custodiet.base.text import escaped
from custodiet.base.truth import Truth
from custodiet.cases.case import Case
from custodiet.cases.objection import Objection
from custodiet.cases.order import interest_of, receivables_of, sums_of, total_of
from custodiet.cases.uncertain_amounts import FROM_ZERO, added, from_zero, range_of, where
from custodiet.policy.evaluation.result import Missing
from custodiet.records import NONE, UNKNOWN, Value, core_types
from custodiet.records.record import Record


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
        missing = (Missing(act.id, "payable_by", core_types()["order"].held_by),)
        message = f"it does not name who is to pay its {' and its '.join(untold)}"
        yield Objection("order", act.id, "payer", message, Truth.UNKNOWN, missing=missing)
    answering = [name for each in receivables for name in named_payers(case, each, act)]
    if isinstance(named, str) and answering and not untold and named not in answering:
        message = f"it names {escaped(named)} as payer, but none of its receivables is owed under that name"
        yield Objection("order", act.id, "payer", message, Truth.UNKNOWN)


Known = frozenset[tuple[str, str]]
"""As whom somebody is known: by a printed name, by a person's record, or by both."""


def known_as(name: Value, person: Value = NONE) -> Known:
    """As whom somebody is known.

    >>> known_as(UNKNOWN, "mayor")
    frozenset({('person', 'mayor')})
    """
    return frozenset((of, told) for of, told in (("name", name), ("person", person)) if isinstance(told, str))


def payer_of(payment: Record) -> Known:
    """Who paid; nobody where that is not known."""
    return known_as(payment.value("paid_by_name"), payment.value("paid_by"))


def owing(case: Case, act: Record, receivable: Record | None) -> tuple[tuple[str, ...], Known]:
    """Who owes a receivable, else anything of what an order or a settlement asks: as printed, and as whom known.

    A settlement whose receivables name nobody is owed by the payers of the order that it replaces; nobody is
    returned where some name is not known.
    """
    payers = [
        (each.value("name"), each.value("person"))
        for owed in (receivables_of(case, act) if receivable is None else (receivable,))
        for each in payers_of(case, owed)
    ]
    if not payers and act.type == "settlement":
        replaced = act.value("replaces")
        return owing(case, case.find("order", replaced), None) if isinstance(replaced, str) else ((), frozenset())
    if not payers or (receivable is None and act.type == "order"):
        payers.append((act.value("payable_by"), NONE))
    names = tuple(dict.fromkeys(name for name, _ in payers if isinstance(name, str)))
    if any(name is UNKNOWN for name, _ in payers):
        return (), frozenset()
    return names, frozenset().union(*(known_as(name, person) for name, person in payers))


@dataclass(frozen=True, slots=True)
class Account:
    """What one payer is asked for, where an order or a settlement asks several."""

    receivables: frozenset[str]
    """Those that are owed under its name; none for what an order asks beyond its receivables."""
    payer: Known
    """Nobody where the name is not known: it may be any of the others, or somebody else."""
    others: Known
    """Who answers for some of it beside or after the payer."""
    asks: Range


def accounts_of(case: Case, act: Record, on: Days) -> tuple[Account, ...]:
    """What an order or a settlement asks by payer; none where one payer owes it all."""
    receivables, total = receivables_of(case, act), total_of(act)
    owed: dict[Value, list[Account]] = defaultdict(list)
    for each in receivables:
        for name, part in _owed(case, each, act, on):
            owed[name].append(part)
    covered = added(range_of(each.value("amount")) for each in receivables)
    if covered != total:
        payer = act.value("payable_by")
        owed[payer].append(Account(frozenset(), known_as(payer), frozenset(), from_zero(total - covered)))
    if len({(name, each.others) for name, parts in owed.items() for each in parts}) <= 1:
        return ()
    return tuple(
        Account(
            frozenset().union(*(each.receivables for each in parts)),
            frozenset().union(*(each.payer for each in parts)),
            frozenset().union(*(each.others for each in parts)),
            added(each.asks for each in parts),
        )
        for parts in owed.values()
    )


def taken_by(accounts: tuple[Account, ...], payment: Record) -> Mapping[Account, Truth]:
    """The accounts that a payment is for, or may be; none of them where it is set against all of the debt.

    Its receivable says so. What is for the debt as a whole, or for a receivable of which each payer owes a share, is
    for the account of who paid, and where the payer answers for several, or is not known, for any of these.
    """
    named, paid_by = payment.value("receivable"), payer_of(payment)
    among = tuple(each for each in accounts if named in each.receivables)
    if len(among) == 1:
        return {among[0]: Truth.YES}
    answering = [each for each in among or accounts if not paid_by.isdisjoint(each.payer | each.others)]
    untold = not answering and (among or payment.value("paid_by_name") is UNKNOWN)
    if named is UNKNOWN or untold:
        return dict.fromkeys(among or accounts, Truth.UNKNOWN)
    if not answering:
        return {each: Truth.UNKNOWN for each in accounts if not each.payer}
    own = len(answering) == 1 and not paid_by.isdisjoint(answering[0].payer)
    return dict.fromkeys(answering, Truth.YES if own else Truth.UNKNOWN)


def _owed(case: Case, receivable: Record, act: Record, on: Days) -> Iterator[tuple[Value, Account]]:
    """By whom a receivable is owed: a share by each of several payers, else all of it by the one it is named under.

    A payer without a name goes by the id of its record: no two of these are known to be one.
    """
    payers, interest, id_ = payers_of(case, receivable), interest_of(receivable, on), frozenset({receivable.id})
    people = [known_as(each.value("name"), each.value("person")) for each in payers]
    # Where there is no payer's record, the one whom the act names owes it.
    names = [
        payers[place].id if payers and name is UNKNOWN else name
        for place, name in enumerate(named_payers(case, receivable, act))
    ]
    if len(names) > 1:
        for name, payer, share in zip(names, people, _possible_shares(receivable, payers), strict=True):
            # Nothing says by whom the interest on a debt in shares is owed.
            yield name, Account(id_, payer, frozenset(), share + where(Truth.UNKNOWN, interest))
        return
    amount = range_of(receivable.value("amount")) + interest
    payer, others = (people[0], people[1:]) if people else (known_as(names[0]), [])
    yield names[0], Account(id_, payer, frozenset().union(*others), amount)


def _possible_shares(receivable: Record, payers: tuple[Record, ...]) -> list[Range]:
    amount, told = receivable.value("amount"), [payer.value("share") for payer in payers]
    if isinstance(amount, Money) and all(share is NONE for share in told):
        return [range_of(share) for share in split(amount, [1] * len(payers))]
    return [range_of(share) if isinstance(share, Money) else FROM_ZERO for share in told]


def _faults(receivable: Record, payers: tuple[Record, ...]) -> Iterator[Objection]:
    how, amount = receivable.value("how_liable"), receivable.value("amount")

    def fault(message: str, holds: Truth = Truth.NO, *missing: Missing) -> Objection:
        return Objection("receivable", receivable.id, "payer", message, holds, missing=missing)

    if how is UNKNOWN and len(payers) > 1:
        missing = Missing(receivable.id, "how_liable", core_types()["receivable"].held_by)
        yield fault(f"how its {len(payers)} payers are liable must be known", Truth.UNKNOWN, missing)
    if how == "alone" and len(payers) > 1:
        yield fault(f"one payer answers alone, but there are {len(payers)}")
    elif how in ("alternative", "joint") and len(payers) > 1 and _rank(payers[0]) == _rank(payers[1]):
        yield fault(f"two of its payers have rank {_rank(payers[0])}, but the debt is named under one of them")
    stated = [share for payer in payers if isinstance(share := payer.value("share"), Money)]
    uneven = len(stated) < len(payers) or (isinstance(amount, Money) and _sum(stated) != amount.minor)
    if how == "several" and stated and uneven:
        yield fault(f"the shares of its payers do not add up to {amount}")
    for payer in payers:
        if payer.value("name") is UNKNOWN:
            missing = Missing(payer.id, "name", core_types()["payer"].held_by)
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
