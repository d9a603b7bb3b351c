"""Payments of a case: what comes in, goes back and comes again, and money that no order asked for."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.base.truth import Truth
from custodiet.cases.case import Case
from custodiet.cases.money import Balance, balances
from custodiet.cases.money_faults import money_faults
from custodiet.cases.payments import ForNoDebt, received_for_no_debt
from custodiet.cases.receipts import Receipts
from custodiet.policy.evaluation.result import Bounds
from custodiet.records.record import Record
from tests.case_records import CURRENCY, case, record

ORDER = record("order", "O1", made_on="2024-04-30", reimbursement="1000.00", reimbursement_basis="art. 5(1)",
               payable_by="the campaign committee", due_on="2024-05-24")  # fmt: skip
OTHER = record("order", "O2", made_on="2024-04-30", reimbursement="300.00", reimbursement_basis="art. 5(1)",
               payable_by="the campaign committee", due_on="2024-05-24")  # fmt: skip
LATER = date(2024, 7, 1)


def paid(id_: str, amount: str, day: str, **cells: str) -> Record:
    return record("payment", id_, amount=amount, paid_on=day, **cells)


def shown(bounds: Bounds) -> str:
    """One sum, or two with `..` between them and nothing for no bound."""
    low, high = ("" if end is None else end.digits for end in (bounds.low, bounds.high))
    return low if low == high else f"{low}..{high}"


def figures(*records: Record, on: date = LATER, of: str = "O1") -> str:
    """What is paid, due and to be given back of one debt."""
    balance = balance_of(case(*records, complete="payment"), of, on)
    return " ".join(shown(each) for each in (balance.paid, balance.outstanding, balance.overpaid))


def balance_of(of: Case, order: str, on: date) -> Balance:
    [balance] = [each for each in balances(of, on, CURRENCY) if order in each.acts]
    return balance


def elsewhere(*records: Record, on: date = LATER, complete: str = "payment") -> ForNoDebt:
    return received_for_no_debt(Receipts(case(*records, complete=complete)), on, CURRENCY)


def against(*records: Record) -> list[tuple[str, str, Truth]]:
    return [(each.record, each.message, each.holds) for each in money_faults(case(*records))]


# ---- what is taken back


CHEQUE = paid("P1", "1000.00", "2024-05-02", order="O1")
RETURNED = paid("P2", "1000.00", "2024-05-06", order="O1", reverses="P1")
BACK_AGAIN = paid("P3", "1000.00", "2024-05-08", order="O1", reverses="P2")


def test_a_cheque_returned_in_error_is_paid_again_once_the_return_is_taken_back() -> None:
    days = [date(2024, 5, day) for day in (1, 2, 6, 8)]
    found = [figures(ORDER, CHEQUE, RETURNED, BACK_AGAIN, on=day) for day in days]
    assert [each.split()[0] for each in found] == ["0.00", "1000.00", "0.00", "1000.00"]
    assert figures(ORDER, CHEQUE, RETURNED, BACK_AGAIN) == "1000.00 0.00 0.00"
    assert against(ORDER, CHEQUE, RETURNED, BACK_AGAIN) == []


@pytest.mark.parametrize("length", [1, 2, 3, 4, 999, 1000])
def test_a_chain_of_reversals_of_any_length_counts_by_its_last_entry(length: int) -> None:
    chain = [paid(f"R{place:04}", "1000.00", "2024-05-03", reverses=f"R{place - 1:04}" if place > 1 else "P1")
             for place in range(1, length + 1)]  # fmt: skip
    assert figures(ORDER, CHEQUE, *chain) == ("0.00 1000.00 0.00" if length % 2 else "1000.00 0.00 0.00")


def test_what_goes_back_in_parts_is_subtracted_part_by_part() -> None:
    parts = [paid("P2", "300.00", "2024-05-06", reverses="P1"), paid("P3", "250.50", "2024-05-07", reverses="P1"),
             paid("P4", "50.50", "2024-05-08", reverses="P3")]  # fmt: skip
    # 1,000.00 - 300.00 - (250.50 - 50.50) = 500.00
    assert figures(ORDER, CHEQUE, *parts) == "500.00 500.00 0.00"


def test_what_goes_back_beyond_what_came_in_is_due_again_and_told() -> None:
    first = paid("P1", "400.00", "2024-05-02", order="O1")
    back = [paid("P2", "400.00", "2024-05-06", reverses="P1"), paid("P3", "50.00", "2024-05-07", reverses="P1")]
    # 400.00 - 400.00 - 50.00 = -50.00, and 1,000.00 + 50.00 are to be asked for.
    assert figures(ORDER, first, *back) == "-50.00 1050.00 0.00"
    assert against(ORDER, first, *back) == [
        ("P1", "450.00 EUR of it was reversed, but its amount is 400.00 EUR", Truth.NO)
    ]


def test_a_return_of_unknown_amount_leaves_no_lower_bound() -> None:
    assert figures(ORDER, CHEQUE, paid("P2", "unknown", "2024-05-06", reverses="P1")) == "..1000.00 0.00.. 0.00"


def test_a_return_on_a_day_known_to_a_period_shows_that_the_money_had_come_in() -> None:
    came = paid("P1", "1000.00", "2024-05", order="O1")
    back = paid("P2", "400.00", "2024-05-10", reverses="P1")
    assert figures(ORDER, came, on=date(2024, 5, 12)) == "0.00..1000.00 0.00 0.00"
    assert figures(ORDER, came, back, on=date(2024, 5, 12)).split()[0] == "600.00"


WRONG = {
    "of itself": ([paid("P2", "10.00", "2024-05-03", order="O1", reverses="P2")],
                  {"P2": "it reverses itself; it is counted nowhere"}),
    "in a circle": ([paid("P2", "10.00", "2024-05-03", reverses="P3"), paid("P3", "10.00", "2024-05-03", reverses="P2"),
                     paid("P4", "10.00", "2024-05-04", reverses="P3")],
                    {"P2": "not lead back to a payment", "P3": "not lead back to a payment", "P4": "counted nowhere"}),
    "of nothing": ([paid("P2", "10.00", "2024-05-03", order="O1", reverses="P77")],
                   {"P2": "it names payment P77 in `reverses`, which is not recorded; it is counted nowhere"}),
    "of what reverses nothing": ([paid("P2", "10.00", "2024-05-03", reverses="P77"),
                                  paid("P3", "10.00", "2024-05-04", reverses="P2")],
                                 {"P2": "P77", "P3": "does not lead back to a payment"}),
    "before it came": ([paid("P2", "0.00", "2024-05-01", reverses="P1")], {"P2": "before payment P1 of 2024-05-02"}),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_reversal_that_takes_back_no_money_received_is_told_and_changes_no_balance(wrong: str) -> None:
    reversals, expected = WRONG[wrong]
    assert figures(ORDER, CHEQUE, *reversals) == "1000.00 0.00 0.00"
    told = {id_: message for id_, message, holds in against(ORDER, CHEQUE, *reversals) if holds is Truth.NO}
    assert told.keys() == expected.keys()
    assert all(words in told[id_] for id_, words in expected.items())


def test_a_reversal_that_names_another_order_follows_the_payment_and_is_told() -> None:
    back = paid("P2", "1000.00", "2024-05-06", order="O2", reverses="P1")
    assert figures(ORDER, OTHER, CHEQUE, back) == "0.00 1000.00 0.00"
    assert figures(ORDER, OTHER, CHEQUE, back, of="O2") == "0.00 300.00 0.00"
    [(id_, message, holds)] = against(ORDER, OTHER, CHEQUE, back)
    assert (id_, holds) == ("P2", Truth.NO)
    assert message == "it names O2, but reverses payment P1, received for O1; it is counted there"


def test_a_chain_that_comes_to_name_another_order_is_told_of_the_payment_that_each_entry_takes_back() -> None:
    first = paid("P1", "100.00", "2024-05-02")
    second, third = (paid(f"P{at}", "100.00", "2024-05-06", order="O1", reverses=f"P{at - 1}") for at in (2, 3))
    assert [message for _, message, _ in against(ORDER, first, second, third)] == [
        "it names O1, but reverses payment P1, received for no order; it is counted there",
        (
            "it names O1, but reverses payment P2, which leads back to payment P1, received for no order; "
            "it is counted there"
        ),
    ]


def test_a_reversal_under_a_settlement_of_the_same_debt_is_in_order() -> None:
    agreed = record("settlement", "S1", made_on="2024-05-04", replaces="O1", total="1000.00", revives="none")
    back = paid("P2", "1000.00", "2024-05-06", settlement="S1", reverses="P1")
    assert [each for each in against(ORDER, agreed, CHEQUE, back) if each[0] == "P2"] == []


def test_a_payment_of_which_nobody_says_whether_it_takes_another_back_may_do_either() -> None:
    loose = paid("P2", "200.00", "2024-05-06", order="O1", reverses="unknown")
    assert figures(ORDER, CHEQUE, loose).split()[0] == "800.00..1200.00"
    assert [(id_, holds) for id_, _, holds in against(ORDER, CHEQUE, loose)] == [("P2", Truth.UNKNOWN)]
    alone = paid("P1", "1000.00", "2024-05-02", order="O1", reverses="unknown")
    assert figures(ORDER, alone) == "1000.00 0.00 0.00"
    assert against(ORDER, alone) == []


# ---- what a payment is for


VOLUNTARY = paid("P1", "52320.00", "2024-04-26")


def test_money_for_no_order_is_set_against_none_and_given_back_by_nobody() -> None:
    assert figures(ORDER, VOLUNTARY) == "0.00 1000.00 0.00"
    found = elsewhere(ORDER, VOLUNTARY)
    assert [shown(each.amount) for each in (found.in_all, found.for_no_order, found.unsaid)] == [
        "52320.00",
        "52320.00",
        "0.00",
    ]
    assert shown(elsewhere(VOLUNTARY).for_no_order.amount) == "52320.00"
    assert (
        shown(elsewhere(VOLUNTARY, paid("P2", "320.00", "2024-05-01", reverses="P1")).for_no_order.amount) == "52000.00"
    )
    assert shown(elsewhere(VOLUNTARY, complete="").for_no_order.amount) == "52320.00.."


@pytest.mark.parametrize("day", ["2024-04-26", "2024-04-30", "2024-05-20"])
@pytest.mark.parametrize("blank", ["receivable", "order", "receivable order settlement"])
def test_a_payment_of_which_nothing_says_for_what_may_be_for_the_order_whatever_its_day(day: str, blank: str) -> None:
    loose = paid("P1", "400.00", day, **dict.fromkeys(blank.split(), "unknown"))
    assert figures(ORDER, loose) == "0.00..400.00 600.00..1000.00 0.00"
    assert shown(elsewhere(ORDER, loose).unsaid.amount) == "400.00"


def test_a_payment_for_an_unknown_settlement_is_for_no_debt_without_one() -> None:
    assert figures(ORDER, paid("P1", "400.00", "2024-05-20", settlement="unknown")) == "0.00 1000.00 0.00"


def test_a_payment_for_what_is_not_recorded_is_in_no_balance_and_told() -> None:
    stray = paid("P1", "400.00", "2024-05-20", order="O9")
    assert figures(ORDER, stray) == "0.00 1000.00 0.00"
    assert shown(elsewhere(ORDER, stray).not_recorded.amount) == "400.00"
    assert against(ORDER, stray) == [("P1", "it names order O9 in `order`, which is not recorded", Truth.NO)]


def test_a_payment_for_what_is_not_recorded_beside_a_recorded_order_may_be_for_that_order() -> None:
    stray = paid("P1", "400.00", "2024-05-20", order="O1", settlement="S9")
    assert figures(ORDER, stray) == "0.00..400.00 600.00..1000.00 0.00"
    assert shown(elsewhere(ORDER, stray).not_recorded.amount) == "0.00..400.00"
    not_recorded = "it names settlement S9 in `settlement`, which is not recorded"
    assert against(ORDER, stray) == [("P1", not_recorded, Truth.NO)]
    back = paid("P2", "400.00", "2024-05-21", order="O1", reverses="P1")
    assert figures(ORDER, stray, back) == "0.00 1000.00 0.00"
    assert against(ORDER, stray, back) == [("P1", not_recorded, Truth.NO)]


def test_a_payment_for_a_receivable_of_what_is_not_recorded_may_be_for_the_order_it_names() -> None:
    owed = record("receivable", "R1", order="O9", kind="reimbursement", amount="300.00")
    stray = paid("P1", "300.00", "2024-05-20", order="O1", receivable="R1")
    assert figures(ORDER, OTHER, owed, stray) == "0.00..300.00 700.00..1000.00 0.00"
    assert figures(ORDER, OTHER, owed, stray, of="O2") == "0.00 300.00 0.00"
    assert [id_ for id_, _, _ in against(ORDER, OTHER, owed, stray)] == ["R1"]


@pytest.mark.parametrize(("day", "early"), [("2024-04-29", True), ("2024-04-30", False), ("2024-04", False)])
def test_money_named_for_an_order_that_did_not_exist_yet_is_counted_and_told(day: str, *, early: bool) -> None:
    back = paid("P2", "0.00", day, order="O1", reverses="P1")
    assert figures(ORDER, paid("P1", "1000.00", day, order="O1"), back) == "1000.00 0.00 0.00"
    words = f"it is dated {day}, before order O1 of 2024-04-30, for which it was received; it is counted there"
    told = against(ORDER, paid("P1", "1000.00", day, order="O1"), back)
    assert told == ([("P1", words, Truth.NO)] if early else [])


def test_a_payment_that_names_two_debts_is_counted_once_and_told() -> None:
    owed = record("receivable", "R1", order="O2", kind="reimbursement", amount="300.00")
    both = paid("P1", "300.00", "2024-05-20", order="O1", receivable="R1")
    assert figures(ORDER, OTHER, owed, both) == "0.00 1000.00 0.00"
    assert figures(ORDER, OTHER, owed, both, of="O2") == "300.00 0.00 0.00"
    assert against(ORDER, OTHER, owed, both) == [
        ("P1", "it names O1 and O2, which are different debts; it is counted for O2", Truth.NO)
    ]


def test_what_may_have_been_paid_under_a_broken_settlement_may_not_count() -> None:
    agreed = record("settlement", "S1", made_on="2024-05-01", replaces="O1", total="800.00", payments_count="no",
                    on_default="the order revives", revives="none")  # fmt: skip
    broken = record("default", "X1", settlement="S1", made_on="2024-06-01")
    before = paid("P1", "100.00", "2024-04-30", order="O1")
    loose = paid("P2", "200.00", "2024-05-20", settlement="unknown", order="O1")
    # 1,000.00 less 100.00, and less 200.00 if these were not paid under the settlement.
    assert figures(ORDER, agreed, broken, before, loose) == "300.00 700.00..900.00 0.00"


def test_a_review_of_which_nobody_says_of_what_may_stay_the_order() -> None:
    loose = record("review", "V1", order="unknown", asked_on="2024-05-10", stays_payment="yes")
    of_finding = record("review", "V2", order="unknown", finding="F1", asked_on="2024-05-10", stays_payment="yes")
    assert figures(ORDER, loose) == "0.00 0.00..1000.00 0.00"
    assert figures(ORDER, of_finding) == "0.00 1000.00 0.00"


def test_an_act_that_may_follow_another_is_told_as_a_debt_of_its_own() -> None:
    agreed = record("settlement", "S1", made_on="2024-05-01", replaces="unknown", total="800.00", revives="none")
    second = record("order", "O2", made_on="2024-05-01", replaces="unknown")
    broken = record("default", "X1", made_on="2024-06-01")
    assert against(agreed) == []
    assert [(id_, holds) for id_, _, holds in against(ORDER, agreed)] == [("S1", Truth.UNKNOWN)]
    assert [(id_, holds) for id_, _, holds in against(ORDER, second)] == [("O2", Truth.UNKNOWN)]
    told = [message for id_, message, _ in against(agreed, broken) if id_ == "X1"]
    assert told == ["it is not known which settlement was not kept; it is counted as a debt of its own"]


def test_an_act_dated_before_what_it_follows_is_told_and_the_balance_takes_it_at_its_word() -> None:
    agreed = record("settlement", "S1", made_on="2024-04-01", replaces="O1", total="800.00", revives="none")
    balance = balance_of(case(ORDER, agreed, complete="payment"), "S1", date(2024, 4, 15))
    assert shown(balance.owed) == "800.00"
    told = [message for id_, message, _ in against(ORDER, agreed) if id_ == "S1"]
    assert told == ["it is dated 2024-04-01, before order O1 of 2024-04-30, which it follows"]


def test_orders_that_replace_each_other_are_one_debt_and_told() -> None:
    first, second = (
        record("order", name, made_on="2024-04-30", reimbursement="1.00", reimbursement_basis="art. 1",
               payable_by="the mayor", replaces=other)
        for name, other in (("O1", "O2"), ("O2", "O1"))
    )  # fmt: skip
    assert len(balances(case(first, second), LATER, CURRENCY)) == 1
    assert ["lead back to itself" in message for _, message, _ in against(first, second)] == [True, True]


def test_many_acts_of_unknown_days_are_worked_out_at_once() -> None:
    chain = [
        record("order", f"O{place:02}", made_on="2024", reimbursement="5.00", due_on="2024-12-31",
               replaces=f"O{place - 1:02}" if place else "none")
        for place in range(14)
    ]  # fmt: skip
    [balance] = balances(case(*chain, complete="payment"), LATER, CURRENCY)
    assert shown(balance.owed) == "0.00..5.00"


# ---- properties over random histories, against a reckoning of its own


@dataclass(frozen=True)
class Entry:
    """A payment: cents, days and what it is for; None is unknown, and the empty text is none."""

    order: str | None
    cents: int | None
    first: int
    last: int
    reverses: int | None
    """The place of an earlier entry; -1 for none."""


DAY = date(2024, 5, 1)
OWED = {"O1": 1_000, "O2": 300}
SOME_CENTS = (0, 7, 2_000)
"""What an unknown amount is tried as."""


def entries(*, known: bool) -> st.SearchStrategy[list[Entry]]:
    @st.composite
    def build(draw: st.DrawFn) -> list[Entry]:
        told: list[Entry] = []
        for place in range(draw(st.integers(1, 7 if known else 4))):
            above = draw(st.integers(-1, place - 1))
            last = draw(st.integers(0, 6))
            first = last if known else draw(st.integers(max(0, last - 2), last))
            if above >= 0:  # What takes back comes no earlier than what it takes back.
                first, last = max(first, told[above].first), max(last, told[above].last)
            order = draw(st.sampled_from(["O1", "O2", "", *([] if known else [None])]))
            cents = draw(st.integers(0, 900) if known else st.integers(0, 900) | st.none())
            told.append(
                Entry(order, cents, first, last, above if known else draw(st.sampled_from([above, above, None])))
            )
        return told

    return build()


def on(day: int) -> date:
    return DAY + timedelta(days=day)


def told(history: list[Entry], *, upside_down: bool = False) -> Case:
    def cell(value: object) -> str:
        return "unknown" if value is None else str(value)

    orders = [
        record("order", name, made_on=on(0).isoformat(), reimbursement=f"{owed // 100}.{owed % 100:02}",
               reimbursement_basis="art. 1", due_on=on(0).isoformat())
        for name, owed in OWED.items()
    ]  # fmt: skip
    payments = [
        paid(f"P{place}", "unknown" if each.cents is None else f"{each.cents // 100}.{each.cents % 100:02}",
             f"{on(each.first)}/{on(each.last)}", order=cell(each.order) or "none",
             reverses="unknown" if each.reverses is None else f"P{each.reverses}" if each.reverses >= 0 else "none")
        for place, each in enumerate(history)
    ]  # fmt: skip
    records = [*orders, *payments]
    return case(*(reversed(records) if upside_down else records), complete="payment")


def completions(history: list[Entry]) -> Iterator[list[Entry]]:
    """Every way in which what is unknown may have been, a few amounts and all days."""
    ways = [
        [
            replace(each, order=order, cents=cents, first=day, last=day, reverses=above)
            for order in (("O1", "O2", "") if each.order is None else (each.order,))
            for cents in (SOME_CENTS if each.cents is None else (each.cents,))
            for day in range(each.first, each.last + 1)
            for above in (range(-1, len(history)) if each.reverses is None else (each.reverses,))
        ]
        for each in history
    ]
    for way in itertools.product(*ways):
        if all(_comes_from_money(list(way), place) for place in range(len(way))):
            yield list(way)


def _comes_from_money(way: list[Entry], place: int) -> bool:
    seen = {place}
    while (above := way[place].reverses) is not None and above >= 0:
        if above in seen or way[above].first > way[place].first:
            return False
        seen.add(above)
        place = above
    return True


def by_hand(way: list[Entry], day: int) -> dict[str, int]:
    """What is in each purse, in cents: it adds an even number of steps from the money, and else it takes."""
    purses = {"O1": 0, "O2": 0, "": 0}
    for entry in way:
        sign, root = 1, entry
        while root.reverses is not None and root.reverses >= 0:
            sign, root = -sign, way[root.reverses]
        if entry.first <= day:
            purses[str(root.order)] += sign * (entry.cents or 0)
    return purses


def contains(bounds: Bounds, cents: int) -> bool:
    low, high = bounds.low, bounds.high
    return (low is None or low.minor <= cents) and (high is None or cents <= high.minor)


@settings(max_examples=150, deadline=None)
@given(entries(known=True), st.integers(0, 7))
def test_every_payment_is_counted_once_and_every_balance_closes(history: list[Entry], day: int) -> None:
    purses, world = by_hand(history, day), told(history)
    rest = received_for_no_debt(Receipts(world), on(day), CURRENCY)
    for name, owed in OWED.items():
        balance = balance_of(world, name, on(day))
        paid_in, due, back = (_cents(each) for each in (balance.paid, balance.outstanding, balance.overpaid))
        assert paid_in == purses[name]
        assert owed - paid_in - due + back == 0
        assert min(due, back) == 0
    assert _cents(rest.for_no_order.amount) == purses[""]
    assert _cents(rest.in_all.amount) == sum(purses.values())
    assert balances(told(history, upside_down=True), on(day), CURRENCY) == balances(world, on(day), CURRENCY)


@settings(max_examples=100, deadline=None)
@given(entries(known=True), st.integers(0, 7), st.data())
def test_taking_back_and_taking_that_back_leaves_every_balance_as_it_was(
    history: list[Entry], day: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(history) - 1))
    back = replace(history[place], reverses=place)
    again = replace(back, reverses=len(history))
    assert balances(told([*history, back, again]), on(day), CURRENCY) == balances(told(history), on(day), CURRENCY)


@settings(max_examples=150, deadline=None)
@given(entries(known=False), st.integers(0, 7))
def test_bounds_contain_every_way_in_which_the_unknown_may_have_been(history: list[Entry], day: int) -> None:
    world = told(history)
    found = {name: balance_of(world, name, on(day)) for name in OWED}
    rest = received_for_no_debt(Receipts(world), on(day), CURRENCY)
    for way in itertools.islice(completions(history), 3_000):
        purses = by_hand(way, day)
        assert contains(rest.in_all.amount, sum(purses.values()))
        for name, owed in OWED.items():
            assert contains(found[name].paid, purses[name])
            assert contains(found[name].outstanding, max(0, owed - purses[name]))
            assert contains(found[name].overpaid, max(0, purses[name] - owed))


def _cents(bounds: Bounds) -> int:
    assert bounds.low is not None
    assert bounds.low == bounds.high
    return bounds.low.minor
