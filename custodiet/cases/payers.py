"""Who answers for a receivable, and for how much: one debt is never asked for twice."""

from dataclasses import dataclass

from custodiet.base.errors import Refused
from custodiet.base.money import Money, split
from custodiet.cases.case import Case
from custodiet.records import Value
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

    Raises Refused where the amount or the way of answering is unknown, or shares do not add up.
    """
    amount, how = receivable.value("amount"), receivable.value("how_liable")
    payers = sorted(_payers(case, receivable), key=lambda each: (_rank(each), each.id))
    if not isinstance(amount, Money) or not isinstance(how, str):
        raise Refused(f"receivable {receivable.id}: its amount and how its payers are liable must be known")
    if how == "alone" and len(payers) > 1:
        raise Refused(f"receivable {receivable.id}: one payer answers alone, and there are {len(payers)}")
    shares = _shares(receivable, amount, payers) if how == "several" else [amount] * len(payers)
    return tuple(
        Answer(payer.id, payer.value("name"), share, _rank(payer)) for payer, share in zip(payers, shares, strict=True)
    )


def _shares(receivable: Record, amount: Money, payers: list[Record]) -> list[Money]:
    stated = [share for payer in payers if isinstance(share := payer.value("share"), Money)]
    if not stated:
        return split(amount, [1] * len(payers)) if payers else []
    if len(stated) < len(payers) or sum(share.minor for share in stated) != amount.minor:
        raise Refused(f"receivable {receivable.id}: the shares of its payers do not come to {amount}")
    return stated


def _payers(case: Case, receivable: Record) -> list[Record]:
    return [payer for payer in case.of("payer") if payer.value("receivable") == receivable.id]


def _rank(payer: Record) -> int:
    rank = payer.value("rank")
    return int(str(rank)) if str(rank).isdigit() else 1
