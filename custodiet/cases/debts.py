"""The debts of a case, each with its acts, and which debt a payment is for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from custodiet.base.dates import ANY_DAY
from custodiet.base.truth import Truth, truth
from custodiet.cases.case import Case, when
from custodiet.policy.packs.procedure import STEPS
from custodiet.records import NONE, UNKNOWN, Value
from custodiet.records.record import Record

_ACTS = ("order", "settlement", "default")


def debts_of(case: Case) -> tuple[tuple[Record, ...], ...]:
    """The acts of each debt: an order, the orders and settlements in its place, and their defaults, in their order.

    An act comes after the one it follows, whether or not their days are known.
    """
    acts = {act.id: act for act in case.timeline if act.type in _ACTS}
    trails = {id_: trail_of(acts, id_) for id_ in acts}
    debt_of: dict[str, str] = {}
    for id_ in sorted(acts, key=lambda each: _place(acts, trails[each])):
        first = debt_of.get(trails[id_][0], trails[id_][0])
        for each in trails[id_]:
            debt_of.setdefault(each, first)
    debts: dict[str, list[Record]] = {}
    for each, first in debt_of.items():
        debts.setdefault(first, []).append(acts[each])
    return tuple(tuple(debt) for debt in debts.values())


def follows(act: Record) -> Value:
    """The order that an act replaces, or the settlement of which it records the default."""
    return act.value("settlement" if act.type == "default" else "replaces")


def trail_of(acts: Mapping[str, Record], id_: str) -> tuple[str, ...]:
    """An act and those it follows, the first of them first; a circle is cut where it closes."""
    trail = [id_]
    while isinstance(above := follows(acts[trail[-1]]), str) and above in acts and above not in trail:
        trail.append(above)
    return tuple(reversed(trail))


def _place(acts: Mapping[str, Record], trail: tuple[str, ...]) -> tuple[date, int, int, str]:
    days = [(when(acts[id_]) or ANY_DAY).first for id_ in trail]
    return max((day for day in days if day), default=date.max), len(trail), STEPS.index(acts[trail[-1]].type), trail[-1]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a payment is for: an order or a settlement; neither, if it is voluntary; or it is not recorded."""

    order: Value
    settlement: Value
    beside: frozenset[str] = frozenset()
    """The recorded acts that are named beside one that is not recorded: it may be for these all the same."""

    @property
    def act(self) -> str:
        """The settlement that is named, else the order; empty if neither is."""
        return next((each for each in (self.settlement, self.order) if isinstance(each, str)), "")

    @property
    def unsaid(self) -> bool:
        """Whether nothing is named and something is unknown."""
        return not self.act and UNKNOWN in (self.order, self.settlement)

    def within(self, acts: Iterable[Record]) -> Truth:
        """Whether it is one of some acts. A kind of act that nobody recorded may be any act of that kind.

        >>> order = Record("order", "O1")
        >>> [Purpose(named, NONE).within([order]) for named in ("O1", UNKNOWN, NONE)]
        [Truth.YES, Truth.UNKNOWN, Truth.NO]
        """
        if self.act:
            ids = {act.id for act in acts}
            return truth(self.act in ids) | (truth(not self.beside.isdisjoint(ids)) & Truth.UNKNOWN)
        named = {"order": self.order, "settlement": self.settlement}
        return truth(any(named.get(act.type) is UNKNOWN for act in acts)) & Truth.UNKNOWN

    def under(self, settlement: Record) -> Truth:
        """Whether it is a settlement; an order may be named beside one that is unknown."""
        if isinstance(self.settlement, str):
            return truth(self.settlement == settlement.id)
        return truth(self.settlement is UNKNOWN) & Truth.UNKNOWN


def purpose_of(case: Case, payment: Record) -> Purpose:
    """What a payment is for, according to its receivable, or else to the payment itself."""
    receivable = payment.value("receivable")
    named = case.find("receivable", receivable) if isinstance(receivable, str) else None
    purpose = Purpose(_named(payment, named, "order"), _named(payment, named, "settlement"))
    recorded = acts_named(case, payment)
    return purpose if not purpose.act or purpose.act in recorded else replace(purpose, beside=recorded)


def acts_named(case: Case, payment: Record) -> frozenset[str]:
    """The recorded orders and settlements that a payment names, and those that its receivable names."""
    receivable = payment.value("receivable")
    sources = [payment, *([case.find("receivable", receivable)] if isinstance(receivable, str) else [])]
    named = ((name, each.value(name)) for each in sources for name in ("order", "settlement"))
    return frozenset(act for name, act in named if isinstance(act, str) and case.facts.tells_of(name, act))


def _named(payment: Record, receivable: Record | None, name: str) -> Value:
    own = payment.value(name)
    above = payment.value("receivable") if receivable is None else receivable.value(name)
    if isinstance(above, str):
        return above
    return own if isinstance(own, str) or payment.value("receivable") is NONE else above
