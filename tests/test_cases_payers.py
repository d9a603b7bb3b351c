"""Who pays what an order asks: one payer by name for each sum, and nobody's money pays what another owes."""

from datetime import date

import pytest

from custodiet.base.truth import Truth
from custodiet.cases.case import Case
from custodiet.cases.money import Balance, balances
from custodiet.cases.money_faults import money_faults
from custodiet.policy.result import Bounds
from custodiet.records.facts import Record
from tests.case_records import CURRENCY, case, record

COMMITTEE, MAYOR = "the campaign committee", "the mayor"
ORDER = record("order", "O1", made_on="2024-04-30", gain="1000.00", gain_basis="art. 5", fine_counts="2",
               fine_per_count="250.00", fine_basis="art. 25", payable_by=COMMITTEE, due_on="2024-05-24")  # fmt: skip
GAIN = record("receivable", "R1", order="O1", kind="payment of a gain", amount="1000.00", due_on="2024-05-24",
              how_liable="alone")  # fmt: skip
FINE = record("receivable", "R2", order="O1", kind="fine", amount="500.00", due_on="2024-05-24", how_liable="alone")


def payer(of: str, name: str, rank: int = 1, **cells: str) -> Record:
    return record("payer", f"Y-{of}-{rank}-{name}", receivable=of, name=name, rank=str(rank), **cells)


SPLIT = (ORDER, GAIN, FINE, payer("R1", COMMITTEE), payer("R2", MAYOR))


def paid(id_: str, amount: str, **cells: str) -> Record:
    return record("payment", id_, amount=amount, paid_on="2024-05-20", **cells)


def figures(*records: Record) -> str:
    """What is paid, due and to be given back in the end."""

    def shown(bounds: Bounds) -> str:
        low, high = ("" if end is None else end.digits for end in (bounds.low, bounds.high))
        return low if low == high else f"{low}..{high}"

    balance = balance_of(*records)
    return " ".join(shown(each) for each in (balance.paid, balance.outstanding, balance.overpaid))


def balance_of(*records: Record) -> Balance:
    [balance] = balances(case(*records, complete="payment"), date(2024, 7, 1), CURRENCY)
    return balance


def told(of: Case) -> list[tuple[str, str, Truth]]:
    return [(each.record, each.message, each.holds) for each in money_faults(of)]


def test_what_one_payer_pays_too_much_does_not_pay_the_fine_of_another() -> None:
    # The committee pays 1,600.00 for the gain of 1,000.00: 600.00 are its own, and the fine of 500.00 is not paid.
    assert figures(*SPLIT, paid("P1", "1600.00", receivable="R1")) == "1600.00 500.00 600.00"
    assert figures(*SPLIT, paid("P1", "1600.00", receivable="R1"), paid("P2", "500.00", receivable="R2")) == (
        "2100.00 0.00 600.00"
    )


def test_what_one_payer_of_everything_pays_is_set_against_everything() -> None:
    alone = (ORDER, GAIN, FINE, payer("R1", COMMITTEE), payer("R2", COMMITTEE))
    assert figures(*alone, paid("P1", "1600.00", receivable="R1")) == "1600.00 0.00 100.00"
    assert figures(ORDER, GAIN, FINE, paid("P1", "1600.00", receivable="R1")) == "1600.00 0.00 100.00"


def test_a_payment_for_the_order_as_a_whole_is_set_against_all_its_sums() -> None:
    assert figures(*SPLIT, paid("P1", "1600.00", order="O1")) == "1600.00 0.00 100.00"


@pytest.mark.parametrize(("receivable", "due", "back"), [("R1", 500, 200), ("R2", 1000, 700), ("none", 300, 0)])
def test_a_payment_for_an_unknown_receivable_leaves_open_whose_sum_it_pays(
    receivable: str, due: int, back: int
) -> None:
    # 1,200.00 of 1,000.00 for the gain and 500.00 for the fine: what one payer pays too much comes back.
    told = paid("P1", "1200.00", receivable=receivable, order="O1")
    assert figures(*SPLIT, told) == f"1200.00 {due}.00 {back}.00"
    open_ = balance_of(*SPLIT, paid("P1", "1200.00", receivable="unknown", order="O1"))
    for bounds, cents in ((open_.outstanding, due * 100), (open_.overpaid, back * 100)):
        assert bounds.low is not None
        assert bounds.high is not None
        assert bounds.low.minor <= cents <= bounds.high.minor


def test_the_fine_of_another_is_not_paid_where_only_the_gain_has_a_receivable() -> None:
    order = record("order", "O1", made_on="2024-04-30", gain="1000.00", gain_basis="art. 5", fine_counts="2",
                   fine_per_count="250.00", fine_basis="art. 25", payable_by=MAYOR, due_on="2024-05-24")  # fmt: skip
    assert figures(order, GAIN, payer("R1", COMMITTEE), paid("P1", "1600.00", receivable="R1")) == (
        "1600.00 500.00 600.00"
    )


def test_an_order_whose_receivables_name_their_payers_is_in_order() -> None:
    assert told(case(*SPLIT)) == []


@pytest.mark.parametrize(
    ("records", "record_id", "message", "holds"),
    [
        ((record("order", "O1", gain="5.00", gain_basis="art. 5"),),
         "O1", "it does not name who is to pay its payment of a gain", Truth.UNKNOWN),
        ((ORDER, GAIN, FINE, payer("R1", "somebody"), payer("R2", MAYOR)),
         "O1", "it names the campaign committee as payer, and none of its receivables is owed under that name",
         Truth.UNKNOWN),
        ((*SPLIT, payer("R2", COMMITTEE, 2)), "R2", "one payer answers alone, and there are 2", Truth.NO),
        ((*SPLIT[:2], record("receivable", "R2", order="O1", kind="fine", amount="500.00", how_liable="joint"),
          payer("R1", COMMITTEE), payer("R2", MAYOR), payer("R2", COMMITTEE)),
         "R2", "two of its payers have rank 1, and the debt is named under one of them", Truth.NO),
        ((*SPLIT[:4], payer("R2", "unknown")),
         "R2", "the name of its payer Y-R2-1-unknown is not known", Truth.UNKNOWN),
        ((*SPLIT[:1], GAIN, record("receivable", "R2", order="O1", kind="payment of a gain", amount="500.00"),
          payer("R1", COMMITTEE), payer("R2", MAYOR)),
         "O1", "its receivables of the kind payment of a gain come to 1,500.00 EUR, and it asks for 1,000.00 EUR", Truth.NO),
    ],
)  # fmt: skip
def test_what_the_payers_of_an_order_contradict_is_told(
    records: tuple[Record, ...], record_id: str, message: str, holds: Truth
) -> None:
    assert (record_id, message, holds) in told(case(*records))
