"""What nobody recorded widens a balance and never moves it: the true figures stay within its bounds."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.cases.money import Balance, balances
from custodiet.policy.evaluation.result import Bounds
from custodiet.records import UNKNOWN
from custodiet.records.record import Record
from tests.case_records import CURRENCY, case
from tests.cases.test_money import World, all_records, on, told, worlds

FORGETTABLE = {
    "order": ("made_on", "reimbursement", "due_on"),
    "settlement": ("made_on", "total", "on_default", "revives", "payments_count"),
    "instalment": ("amount", "due_on"),
    "default": ("made_on",),
    "review": ("order", "asked_on", "decided_on", "result", "stays_payment"),
    "payment": ("amount", "paid_on", "order", "settlement", "receivable", "reverses"),
}
FIGURES = (
    "ordered", "settled", "owed", "interest", "paid", "deposited", "not_counted", "scheduled", "outstanding", "stayed",
    "overpaid",
)  # fmt: skip


def balance_of(records: list[Record], day: str) -> Balance:
    found = balances(case(*records, complete="payment"), date.fromisoformat(day), CURRENCY)
    return next(each for each in found if "O1" in each.acts)


def holds(around: Bounds | None, inside: Bounds | None) -> bool:
    """Whether bounds hold a known sum; a sum of nothing that was agreed is zero."""
    if around is None or inside is None:
        return around is None or (around.low is not None and around.low.minor <= 0)
    assert inside.low is not None
    low = around.low is None or around.low.minor <= inside.low.minor
    return low and (around.high is None or inside.low.minor <= around.high.minor)


@settings(max_examples=200, deadline=None)
@given(worlds(), st.integers(0, 20), st.data())
def test_a_forgotten_cell_leaves_the_true_figures_within_the_bounds(
    world: World, day: int, data: st.DataObject
) -> None:
    records = all_records(told(world))
    cells = [(each.id, name) for each in records for name in FORGETTABLE[each.type]]
    forgotten = set(data.draw(st.lists(st.sampled_from(cells), max_size=4)))
    left = [
        replace(each, values={**each.values, **{name: UNKNOWN for id_, name in forgotten if id_ == each.id}})
        for each in records
    ]
    known, loose = balance_of(records, on(day)), balance_of(left, on(day))
    assert [name for name in FIGURES if not holds(getattr(loose, name), getattr(known, name))] == []
