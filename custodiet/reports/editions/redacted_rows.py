"""The results as rows of each edition: all of them, all with codes in them, or sums."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from custodiet.audit.context import Context, Contexts
from custodiet.base.money import Money
from custodiet.policy.evaluation.result import Debt, Missing, Outcome, Result
from custodiet.policy.packs.withholding import SINGLE
from custodiet.records.record import Record
from custodiet.reports.editions.disclosure import Disclosure, Edition
from custodiet.reports.result_table import AMOUNT, COLUMNS, Row, doubtful, rows

PUBLIC_COLUMNS: Mapping[str, str] = {
    "record": "VARCHAR",
    "trip": "VARCHAR",
    "character": "VARCHAR",
    "cost_class": "VARCHAR",
    "policy": "VARCHAR",
    "outcome": "VARCHAR",
    "payer": "VARCHAR",
    "liable": "VARCHAR",
    "amount": AMOUNT,
    "currency": "VARCHAR",
    "class": "VARCHAR",
    "permission": "VARCHAR",
    "because": "VARCHAR[]",
    "asks_amount": "BOOLEAN",
    "least": AMOUNT,
    "greatest": AMOUNT,
    "missing": "VARCHAR[]",
    "hindsight": "BOOLEAN",
    "doubtful": "VARCHAR[]",
}
"""Each column of the public results, which are of four sorts.

A row with a `record` is a result about a record that is open by itself. Of all the rest, a row of a trip has the money
by cost class, from `all payers`; a row of a payer has the same money once more, over `all trips`; a row of a policy has
its answers over `all trips`, with their rules and without money. A trip with no cost class named has its character.

Neither a rule nor a payer stands beside a trip: of seats they would count officers, and say what was visited ahead. How
many results a row adds up is not said either.
"""

ALL_TRIPS, ALL_COSTS, ALL_PAYERS = "all trips", "all costs", "all payers"
"""The words in a public row that adds up over every trip, cost class or payer."""


def columns(edition: Edition) -> Mapping[str, str]:
    """The columns of an edition's results, each with its type."""
    return PUBLIC_COLUMNS if edition is Edition.PUBLIC else COLUMNS


def edited_rows(disclosure: Disclosure) -> Iterator[Row]:
    """The results as an edition may show them."""
    match disclosure.edition:
        case Edition.INTERNAL:
            return rows(disclosure.audit)
        case Edition.RESPONDENT:
            return _with_codes(disclosure)
        case Edition.PUBLIC:
            return _added_up(disclosure)


# --- respondent: every result, with codes in it


def _with_codes(disclosure: Disclosure) -> Iterator[Row]:
    audit = disclosure.audit
    for result, row in zip(audit.results, rows(audit), strict=True):
        edited = row | {
            "payers": [disclosure.payer(debt.payer) for debt in result.debts],
            "liable": [disclosure.payer(debt.liable) if debt.liable else "" for debt in result.debts],
            "missing": [_missing(disclosure, fact) for fact in result.missing],
        }
        if not disclosure.shows_record(audit.view.facts.find(result.type, result.record)):
            edited["record"] = disclosure.withheld(SINGLE, result.type)
        if disclosure.tells_sealed_result(result):
            code = disclosure.withheld("sealed")
            edited |= {name: [code] for name in ("because", "displaced", "unsettled", "or", "doubtful") if edited[name]}
            edited |= {name: code for name in ("class", "permission") if edited[name]}
        yield edited


def _missing(disclosure: Disclosure, fact: Missing) -> dict[str, str]:
    facts = disclosure.audit.view.facts
    type_name = disclosure.audit.type_of(fact.record)
    seen = disclosure.shows_record(facts.find(type_name, fact.record)) if type_name in facts.types else False
    return {
        "record": fact.record if seen else disclosure.withheld(SINGLE, type_name),
        "field": _missing_field(disclosure, type_name, fact.field),
        "held_by": fact.held_by,
    }


def _missing_field(disclosure: Disclosure, type_name: str, name: str) -> str:
    """The name of a missing field, or of a register that is not vouched complete, unless it reveals a sealed one.

    A missing rate is named only by its table: the place and the day it is needed for are facts of the record.
    """
    rate, of_a_key, _ = name.partition(" ")
    if of_a_key:
        return rate
    return disclosure.withheld_field(type_name, name) if disclosure.is_sealed(type_name, name) else name


# --- public: records that are open anyway; of all others the money by trip and class, and by payer, and the answers


@dataclass(frozen=True, slots=True)
class _Group:
    """What the results of one public row have in common."""

    record: str = ""
    trip: str = ALL_TRIPS
    character: str = ""
    cost_class: str = ALL_COSTS
    policy: str = ""
    outcome: str = ""
    payer: str = ""
    liable: str = ""
    currency: str = ""
    classified: str = ""
    permission: str = ""
    hindsight: bool = False


@dataclass(slots=True)
class _Sum:
    """Their sums."""

    minor: int = 0
    owed: bool = False
    asked: bool = False
    least: int | None = 0
    greatest: int | None = 0
    because: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)


def _added_up(disclosure: Disclosure) -> Iterator[Row]:
    audit = disclosure.audit
    contexts = Contexts(audit)
    sums: dict[_Group, _Sum] = {}
    for result in audit.results:
        record = audit.view.facts.find(result.type, result.record)
        if disclosure.released(record):
            for group, debt, reasons in _groups(disclosure, result, record, contexts.of(result)):
                marked = replace(group, hindsight=result.hindsight)
                _add(disclosure, sums.setdefault(marked, _Sum()), result, debt, reasons=reasons)
    for group in sorted(sums, key=lambda each: tuple(getattr(each, name) for name in _Group.__slots__)):
        because = sorted(sums[group].because)
        yield _public_row(group, sums[group]) | {"doubtful": doubtful(audit, group.policy, because) if because else []}


def _groups(
    disclosure: Disclosure, result: Result, record: Record, context: Context
) -> Iterator[tuple[_Group, Debt | None, bool]]:
    """The rows that a result is in, with the debt that it adds there, and whether its reasons are shown there."""
    sealed = disclosure.tells_sealed(result.policy)
    trip = _Group(trip=context.trip, character=disclosure.character(context.character))
    if not sealed and disclosure.shows_record(record) and not disclosure.is_movement(record.type):
        whole = replace(trip, record=result.record, cost_class=context.cost_class)
        for debt in result.debts or (None,):
            yield _answer(whole, result, _payers(disclosure, debt)), debt, True
        return
    # Even an answer that asks for no money would reveal a sealed fact; the money itself stays exact in total.
    if not sealed:
        yield _answer(_Group(), result, _Group()), None, True
    if record.type == "trip":
        yield trip, None, False
    for debt in result.debts:
        owes, code, cost_class = Outcome.OWES.value, debt.amount.currency, context.cost_class
        of_trip = replace(trip, cost_class=cost_class, payer=ALL_PAYERS, outcome=owes, currency=code)
        yield of_trip, debt, False
        yield replace(_payers(disclosure, debt), outcome=owes), debt, False


def _answer(group: _Group, result: Result, payers: _Group) -> _Group:
    bounds = result.between
    ends = [each for each in ((bounds.low, bounds.high) if bounds else ()) if each]
    return replace(
        group,
        policy=result.policy,
        outcome=result.outcome.value,
        payer=payers.payer,
        liable=payers.liable,
        currency=payers.currency or (ends[0].currency if ends else ""),
        classified=result.classified or "",
        permission=result.permission or "",
    )


def _payers(disclosure: Disclosure, debt: Debt | None) -> _Group:
    if debt is None:
        return _Group()
    liable = disclosure.payer(debt.liable) if debt.liable else ""
    return _Group(payer=disclosure.payer(debt.payer), liable=liable, currency=debt.amount.currency)


def _add(disclosure: Disclosure, to: _Sum, result: Result, debt: Debt | None, *, reasons: bool) -> None:
    if debt is not None:
        to.owed = True
        to.minor += debt.amount.minor
    if not reasons:
        return
    if result.between is not None:
        to.asked = True
        low, high = result.between.low, result.between.high
        to.least = None if to.least is None or low is None else to.least + low.minor
        to.greatest = None if to.greatest is None or high is None else to.greatest + high.minor
    to.because |= set(result.because)
    for fact in result.missing:
        type_name = disclosure.audit.type_of(fact.record)
        name = _missing_field(disclosure, type_name, fact.field)
        to.missing.add(f"{name} of {type_name or 'a record'} ({fact.held_by})".replace("_", " "))


def _public_row(group: _Group, to: _Sum) -> Row:
    def digits(minor: int | None) -> str | None:
        return None if minor is None or not group.currency else Money(minor, group.currency).digits

    return {
        "record": group.record or None,
        "trip": group.trip,
        "character": group.character or None,
        "cost_class": group.cost_class,
        "policy": group.policy or None,
        "outcome": group.outcome or None,
        "payer": group.payer or None,
        "liable": group.liable or None,
        "amount": digits(to.minor) if to.owed else None,
        "currency": group.currency or None,
        "class": group.classified or None,
        "permission": group.permission or None,
        "because": sorted(to.because),
        "asks_amount": to.asked,
        "least": digits(to.least) if to.asked else None,
        "greatest": digits(to.greatest) if to.asked else None,
        "missing": sorted(to.missing),
        "hindsight": group.hindsight,
    }
