"""Who pays what an order asks: one payer by name for each sum, and nobody's money pays what another owes."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.base.money import Money
from custodiet.base.truth import Truth
from custodiet.cases.case import Case
from custodiet.cases.money import Balance, balances
from custodiet.cases.money_faults import money_faults
from custodiet.policy.evaluation.result import Bounds
from custodiet.records.record import Record
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


@pytest.mark.parametrize(
    ("paid_by", "expected"),
    [
        # 600.00 of the committee's money, and 1,100.00 of the mayor's, are beyond what each owes.
        (COMMITTEE, "1600.00 500.00 600.00"),
        (MAYOR, "1600.00 1000.00 1100.00"),
        # Who owes nothing pays for all: 1,600.00 of 1,000.00 and 500.00.
        ("an insurer", "1600.00 0.00 100.00"),
    ],
)
def test_a_payment_for_the_order_as_a_whole_pays_what_its_payer_owes(paid_by: str, expected: str) -> None:
    assert figures(*SPLIT, paid("P1", "1600.00", order="O1", paid_by_name=paid_by)) == expected


def test_a_payment_for_the_order_as_a_whole_of_an_unknown_payer_has_bounds_and_is_told() -> None:
    loose = paid("P1", "1600.00", order="O1")
    assert figures(*SPLIT, loose) == "1600.00 0.00..1500.00 0.00..1800.00"
    words = "it is not known who paid it, and each payer of order O1 owes a part; whose it pays is open"
    assert told(case(*SPLIT, loose)) == [("P1", words, Truth.UNKNOWN)]
    assert told(case(*SPLIT, paid("P1", "1600.00", receivable="R1"))) == []


def test_where_the_payer_of_the_fine_is_not_known_it_may_be_paid_with_what_the_committee_paid_too_much() -> None:
    nameless = (*SPLIT[:4], payer("R2", "unknown"))
    whole = paid("P1", "1700.00", order="O1", paid_by_name=COMMITTEE)
    assert figures(*nameless, whole) == "1700.00 0.00..500.00 200.00..700.00"


def test_a_payer_is_known_by_the_record_of_the_person_as_well_as_by_the_printed_name() -> None:
    split = (*SPLIT[:4], payer("R2", MAYOR, person="mayor"))
    by_person = paid("P1", "500.00", order="O1", paid_by="mayor", paid_by_name="Imre Valdane")
    assert figures(*split, by_person) == "500.00 1000.00 0.00"
    assert told(case(*split, by_person)) == []


def test_what_an_order_asks_beyond_its_receivables_is_owed_by_the_payer_it_names() -> None:
    # The gain has a receivable of the committee; the fine of 500.00 is left to the mayor, who pays 1,600.00 for it.
    order = record("order", "O1", made_on="2024-04-30", gain="1000.00", gain_basis="art. 5", fine_counts="2",
                   fine_per_count="250.00", fine_basis="art. 25", payable_by=MAYOR, due_on="2024-05-24")  # fmt: skip
    whole = paid("P1", "1600.00", order="O1", paid_by_name=MAYOR)
    assert figures(order, GAIN, payer("R1", COMMITTEE), whole) == "1600.00 1000.00 1100.00"


def test_of_a_debt_in_shares_each_payer_pays_one() -> None:
    shares = record("receivable", "R1", order="O1", kind="payment of a gain", amount="1000.00", how_liable="several",
                    due_on="2024-05-24")  # fmt: skip
    order = record("order", "O1", made_on="2024-04-30", gain="1000.00", gain_basis="art. 5", payable_by=COMMITTEE,
                   due_on="2024-05-24")  # fmt: skip
    world = (order, shares, payer("R1", COMMITTEE, share="600.00"), payer("R1", MAYOR, 2, share="400.00"))
    for named in ({"order": "O1"}, {"receivable": "R1"}):
        assert figures(*world, paid("P1", "900.00", paid_by_name=COMMITTEE, **named)) == "900.00 400.00 300.00"


def test_either_of_two_payers_of_one_debt_pays_all_of_it() -> None:
    debt = record("receivable", "R1", order="O1", kind="payment of a gain", amount="1000.00", how_liable="alternative")
    order = record("order", "O1", made_on="2024-04-30", gain="1000.00", gain_basis="art. 5", payable_by=COMMITTEE,
                   due_on="2024-05-24")  # fmt: skip
    world = (order, debt, payer("R1", COMMITTEE), payer("R1", MAYOR, 2))
    for paid_by in (COMMITTEE, MAYOR, "unknown"):
        whole = paid("P1", "1000.00", order="O1", paid_by_name=paid_by)
        assert figures(*world, whole) == "1000.00 0.00 0.00"
        assert told(case(*world, whole)) == []


def test_a_fine_paid_under_the_order_stays_the_fine_of_its_payer_once_the_debt_is_settled() -> None:
    agreed = record("settlement", "S1", made_on="2024-06-01", replaces="O1", total="1200.00", revives="none")
    parts = [
        record("receivable", id_, settlement="S1", kind=kind, amount=amount, due_on="2024-06-10", how_liable="alone")
        for id_, kind, amount in (("R3", "payment of a gain", "1000.00"), ("R4", "fine", "200.00"))
    ]
    fine = paid("P1", "500.00", receivable="R2", paid_by_name=MAYOR)
    # Of the mayor's 500.00, 200.00 pay the fine that was agreed, and none of the committee's 1,000.00.
    assert figures(*SPLIT, agreed, *parts, payer("R3", COMMITTEE), payer("R4", MAYOR), fine) == "500.00 1000.00 300.00"


def test_what_may_be_a_return_is_told_of_no_payer() -> None:
    first = paid("P1", "500.00", order="O1", paid_by_name=COMMITTEE)
    loose = paid("P2", "500.00", order="O1", paid_by_name="the bank", reverses="unknown")
    assert [message for id_, message, _ in told(case(ORDER, first, loose)) if "paid by" in message] == []


BY_ANOTHER = {
    "of an order": ((ORDER,), {"order": "O1", "paid_by_name": MAYOR},
                    "it was paid by the mayor, but order O1 is owed by the campaign committee; it is counted there"),
    "of a fine": (SPLIT, {"receivable": "R2", "paid_by_name": COMMITTEE},
                  "it was paid by the campaign committee, but receivable R2 is owed by the mayor; it is counted there"),
    "of two": (SPLIT, {"order": "O1", "paid_by_name": "an insurer"},
               ("it was paid by an insurer, but order O1 is owed by the campaign committee and the mayor; "
               "it is counted there")),
    "of a settlement": ((ORDER, record("settlement", "S1", made_on="2024-05-01", replaces="O1", total="900.00",
                                       revives="none")), {"settlement": "S1", "paid_by_name": MAYOR},
                        ("it was paid by the mayor, but settlement S1 is owed by the campaign committee; "
                        "it is counted there")),
}  # fmt: skip


@pytest.mark.parametrize("which", BY_ANOTHER)
def test_money_of_somebody_who_does_not_owe_what_it_is_for_counts_and_is_told(which: str) -> None:
    records, cells, message = BY_ANOTHER[which]
    assert told(case(*records, paid("P1", "500.00", **cells))) == [("P1", message, Truth.UNKNOWN)]
    assert figures(*records, paid("P1", "500.00", **cells)).split()[0] == "500.00"


Way = tuple[str, str, int]
"""What a payment names, who paid, and how much in cents."""
WAYS = st.lists(
    st.tuples(st.sampled_from(["R1", "R2", "none"]), st.sampled_from([COMMITTEE, MAYOR, "an insurer"]),
              st.integers(0, 180_000)), max_size=5)  # fmt: skip


def paid_in(ways: list[Way], *, forgotten: frozenset[int] = frozenset()) -> list[Record]:
    return [
        paid(f"P{at}", f"{cents // 100}.{cents % 100:02}", order="O1",
             receivable="unknown" if 2 * at in forgotten else named,
             paid_by_name="unknown" if 2 * at + 1 in forgotten else who)
        for at, (named, who, cents) in enumerate(ways)
    ]  # fmt: skip


def by_hand(ways: list[Way]) -> tuple[int, int]:
    """What is due and what goes back, one purse for each payer and one for everybody else."""
    purses = {COMMITTEE: 0, MAYOR: 0, "an insurer": 0}
    for named, who, cents in ways:
        purses[{"R1": COMMITTEE, "R2": MAYOR}.get(named, who)] += cents
    too_much = max(0, purses[COMMITTEE] - 100_000) + max(0, purses[MAYOR] - 50_000)
    left = 150_000 - (sum(purses.values()) - too_much)
    return max(0, left), too_much + max(0, -left)


@settings(max_examples=100, deadline=None)
@given(WAYS, st.frozensets(st.integers(0, 9), max_size=4), st.sampled_from([{}, {"R1"}, {"R2"}, {"R1", "R2"}]))
def test_each_payer_pays_one_part_and_what_is_forgotten_only_widens_it(
    ways: list[Way], forgotten: frozenset[int], nameless: set[str]
) -> None:
    known = balance_of(*SPLIT, *paid_in(ways))
    names = {of: "unknown" if of in nameless else name for of, name in (("R1", COMMITTEE), ("R2", MAYOR))}
    split = (*SPLIT[:3], *(payer(of, name) for of, name in names.items()))
    loose = balance_of(*split, *paid_in(ways, forgotten=forgotten))
    due, back = by_hand(ways)
    for cents, found, around in ((due, known.outstanding, loose.outstanding), (back, known.overpaid, loose.overpaid)):
        assert found.low == found.high == Money(cents, CURRENCY)
        assert around.low is not None
        assert around.high is not None
        assert around.low.minor <= cents <= around.high.minor


@pytest.mark.parametrize(("receivable", "due", "back"), [("R1", 500, 200), ("R2", 1000, 700), ("none", 300, 0)])
def test_a_payment_for_an_unknown_receivable_leaves_open_whose_sum_it_pays(
    receivable: str, due: int, back: int
) -> None:
    # 1,200.00 of 1,000.00 for the gain and 500.00 for the fine: what one payer pays too much comes back.
    told = paid("P1", "1200.00", receivable=receivable, order="O1", paid_by_name="an insurer")
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
         "O1", "it names the campaign committee as payer, but none of its receivables is owed under that name",
         Truth.UNKNOWN),
        ((*SPLIT, payer("R2", COMMITTEE, 2)), "R2", "one payer answers alone, but there are 2", Truth.NO),
        ((*SPLIT[:2], record("receivable", "R2", order="O1", kind="fine", amount="500.00", how_liable="joint"),
          payer("R1", COMMITTEE), payer("R2", MAYOR), payer("R2", COMMITTEE)),
         "R2", "two of its payers have rank 1, but the debt is named under one of them", Truth.NO),
        ((*SPLIT[:4], payer("R2", "unknown")),
         "R2", "the name of its payer Y-R2-1-unknown is not known", Truth.UNKNOWN),
        ((*SPLIT[:1], GAIN, record("receivable", "R2", order="O1", kind="payment of a gain", amount="500.00"),
          payer("R1", COMMITTEE), payer("R2", MAYOR)),
         "O1", "its receivables of the kind payment of a gain add up to 1,500.00 EUR, but it asks for 1,000.00 EUR",
         Truth.NO),
    ],
)  # fmt: skip
def test_what_the_payers_of_an_order_contradict_is_told(
    records: tuple[Record, ...], record_id: str, message: str, holds: Truth
) -> None:
    assert (record_id, message, holds) in told(case(*records))
