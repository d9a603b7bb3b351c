"""The money of a case: nothing is lost, nothing is asked for twice, and nothing erases what was ordered."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.base.errors import Refused
from custodiet.base.money import Money, Range, split
from custodiet.cases.case import Case
from custodiet.cases.money import Balance, balances, payments_known_until
from custodiet.cases.order import faults_of, sums_of
from custodiet.cases.payers import who_answers
from custodiet.policy.evaluation.result import Bounds
from custodiet.records.record import Record
from tests.case_records import CURRENCY, case, record

ORDER = record("order", "O1", made_on="2023-06-15", reimbursement="319794.20", reimbursement_basis="art. 1",
               fine_counts="31", fine_per_count="5000.00", fine_basis="art. 2", due_on="2023-07-15")  # fmt: skip
SETTLEMENT = record("settlement", "S1", made_on="2025-05-14", replaces="O1", total="329794.20",
                    on_default="the order revives", payments_count="yes")  # fmt: skip
DOWN = record("instalment", "I1", settlement="S1", amount="100000.00", due_on="2025-05-14")
REST = record("instalment", "I2", settlement="S1", amount="229794.20", due_on="2025-05-15/2029-05-14")
PAID = record("payment", "P1", settlement="S1", amount="100000.00", paid_on="2025-05-14")
AGREED = (ORDER, SETTLEMENT, DOWN, REST, PAID)


def at(of: Case, day: str) -> Balance:
    found = balances(of, date.fromisoformat(day), CURRENCY)
    assert len(found) == 1
    return found[0]


def shown(bounds: Bounds | None) -> str:
    """One sum, or two with `..` between them and nothing for no bound."""
    if bounds is None:
        return "none"
    low, high = ("" if end is None else end.digits for end in (bounds.low, bounds.high))
    return low if low == high else f"{low}..{high}"


def figures(of: Case, day: str, *names: str) -> list[str]:
    balance = at(of, day)
    return [shown(getattr(balance, name)) for name in names]


FIVE = ("ordered", "settled", "paid", "scheduled", "outstanding")


# ---- the figures of a large case, worked by hand


def test_an_order_is_the_sum_of_its_kinds_and_a_fine_is_its_counts() -> None:
    # 31 × 5,000.00 = 155,000.00, and 319,794.20 + 155,000.00 = 474,794.20.
    kinds = [(each.kind, each.amount, each.legal_basis) for each in sums_of(ORDER)]
    reimbursement = Range.point(Money.read("319794.20", CURRENCY).exact)
    assert kinds == [("reimbursement", reimbursement, "art. 1"), ("fine", Range.point(155_000), "art. 2")]
    assert figures(case(ORDER, complete="payment"), "2023-06-15", "ordered") == ["474794.20"]


def test_ordered_settled_paid_scheduled_and_outstanding_are_five_numbers() -> None:
    # 329,794.20 - 100,000.00 = 229,794.20, all of it due later than the day of the agreement.
    figures_then = figures(case(*AGREED, complete="payment"), "2025-05-14", *FIVE)
    assert figures_then == ["474794.20", "329794.20", "100000.00", "229794.20", "0.00"]


def test_before_the_settlement_the_order_is_due_from_its_day_on() -> None:
    world = case(*AGREED, complete="payment")
    assert figures(world, "2023-06-14", *FIVE) == ["0.00", "none", "0.00", "0.00", "0.00"]
    assert figures(world, "2023-07-14", *FIVE) == ["474794.20", "none", "0.00", "474794.20", "0.00"]
    assert figures(world, "2023-07-15", *FIVE) == ["474794.20", "none", "0.00", "0.00", "474794.20"]


def test_where_later_payments_are_unknown_the_balance_says_so_and_gives_no_one_number() -> None:
    world = case(*AGREED, complete="payment", period="2023-06-15/2025-05-14")
    assert payments_known_until(world, date(2023, 6, 15)) == date(2025, 5, 14)
    assert not at(world, "2025-05-14").later_payments_unknown
    later = at(world, "2029-06-01")
    assert later.later_payments_unknown
    assert [shown(getattr(later, name)) for name in FIVE] == [
        "474794.20", "329794.20", "100000.00..", "0.00", "0.00..229794.20",
    ]  # fmt: skip


def test_a_part_whose_day_is_known_only_to_a_period_is_between_scheduled_and_outstanding() -> None:
    found = figures(case(*AGREED, complete="payment"), "2027-01-01", "scheduled", "outstanding")
    assert found == ["0.00..229794.20", "0.00..229794.20"]


# ---- default


def default_on(day: str) -> Record:
    return record("default", "X1", settlement="S1", made_on=day)


@pytest.mark.parametrize(
    ("cells", "owed", "outstanding", "not_counted"),
    [
        # The order, less what was paid: 474,794.20 - 100,000.00.
        ({"on_default": "the order revives", "payments_count": "yes"}, "474794.20", "374794.20", "0.00"),
        ({"on_default": "the order revives", "payments_count": "no"}, "474794.20", "474794.20", "100000.00"),
        ({"on_default": "a stated sum revives", "revives": "400000", "payments_count": "yes"},
         "400000.00", "300000.00", "0.00"),
        ({"on_default": "the rest falls due at once"}, "329794.20", "229794.20", "0.00"),
        ({"on_default": "nothing is agreed"}, "329794.20", "0.00", "0.00"),
        ({"on_default": "the order revives", "payments_count": "unknown"},
         "474794.20", "374794.20..474794.20", "0.00..100000.00"),
    ],
)  # fmt: skip
def test_on_default_exactly_what_was_agreed_revives(
    cells: dict[str, str], owed: str, outstanding: str, not_counted: str
) -> None:
    agreed = record("settlement", "S1", made_on="2025-05-14", replaces="O1", total="329794.20", **cells)
    rest = record("instalment", "I2", settlement="S1", amount="229794.20", due_on="2029-05-14")
    world = case(ORDER, agreed, DOWN, rest, PAID, default_on("2025-09-01"), complete="payment")
    assert figures(world, "2025-08-31", "owed", "outstanding") == ["329794.20", "0.00"]
    found = figures(world, "2025-09-01", "ordered", "settled", "paid", "owed", "outstanding", "not_counted")
    assert found == ["474794.20", "329794.20", "100000.00", owed, outstanding, not_counted]


def test_a_missed_instalment_is_no_default_until_somebody_records_one() -> None:
    missed = case(ORDER, SETTLEMENT, DOWN, record("instalment", "I2", settlement="S1", amount="229794.20",
                  due_on="2025-08-14"), PAID, complete="payment")  # fmt: skip
    assert figures(missed, "2026-01-01", "owed", "outstanding") == ["329794.20", "229794.20"]


def test_what_is_agreed_on_default_and_unknown_leaves_everything_that_is_possible() -> None:
    agreed = record("settlement", "S1", made_on="2025-05-14", replaces="O1", total="329794.20", payments_count="yes")
    world = case(ORDER, agreed, DOWN, REST, PAID, default_on("2025-09-01"), complete="payment")
    assert figures(world, "2025-09-01", "ordered", "paid") == ["474794.20", "100000.00"]
    assert figures(world, "2025-09-01", "outstanding")[0].startswith("0.00..")


# ---- review


def review(**cells: str) -> Record:
    return record("review", "V1", order="O1", asked_on="2023-07-01", **cells)


DEPOSIT = record("payment", "P2", order="O1", amount="50000.00", paid_on="2023-07-10")


def test_a_payment_while_a_review_is_open_is_a_deposit_and_a_payment_once_the_order_is_confirmed() -> None:
    confirmed = review(stays_payment="no", decided_on="2025-01-20", result="confirmed")
    world = case(ORDER, confirmed, DEPOSIT, complete="payment")
    # 474,794.20 - 50,000.00 = 424,794.20
    names = ("paid", "deposited", "outstanding", "overpaid")
    assert figures(world, "2024-01-01", *names) == ["0.00", "50000.00", "424794.20", "0.00"]
    assert figures(world, "2025-01-20", *names) == ["50000.00", "0.00", "424794.20", "0.00"]


def test_what_was_deposited_under_an_order_that_is_overturned_is_given_back_and_the_order_stays_told() -> None:
    overturned = review(stays_payment="no", decided_on="2025-01-20", result="overturned")
    names = ("ordered", "owed", "paid", "outstanding", "overpaid")
    found = figures(case(ORDER, overturned, DEPOSIT, complete="payment"), "2025-01-20", *names)
    assert found == ["474794.20", "0.00", "50000.00", "0.00", "50000.00"]


@pytest.mark.parametrize(
    ("stays", "stayed", "outstanding"),
    [("yes", "474794.20", "0.00"), ("no", "0.00", "474794.20"), ("unknown", "0.00..474794.20", "0.00..474794.20")],
)
def test_a_stay_stops_demands_while_the_review_is_open(stays: str, stayed: str, outstanding: str) -> None:
    world = case(ORDER, review(stays_payment=stays, decided_on="2025-01-20", result="confirmed"), complete="payment")
    assert figures(world, "2024-01-01", "stayed", "outstanding") == [stayed, outstanding]
    assert figures(world, "2025-01-20", "stayed", "outstanding") == ["0.00", "474794.20"]


def test_a_changed_order_is_owed_as_the_order_in_its_place_says() -> None:
    changed = review(stays_payment="no", decided_on="2025-01-20", result="changed")
    assert figures(case(ORDER, changed, complete="payment"), "2025-01-20", "ordered", "owed") == ["474794.20", "0.00.."]
    new = record("order", "O2", made_on="2025-01-20", replaces="O1", reimbursement="300000", due_on="2025-02-20")
    world = case(ORDER, changed, new, DEPOSIT, complete="payment")
    names = ("ordered", "owed", "paid", "scheduled")
    assert figures(world, "2025-01-20", *names) == ["300000.00", "300000.00", "50000.00", "250000.00"]
    assert at(world, "2025-01-20").acts == ("O1", "O2")


def test_an_order_of_unknown_day_comes_before_the_settlement_in_its_place() -> None:
    undated = record("order", "O1", made_on="unknown", reimbursement="474794.20", due_on="2023-07-15")
    found = figures(case(undated, *AGREED[1:], complete="payment", period="1900/2199"), "2025-05-14", *FIVE)
    assert found == ["474794.20", "329794.20", "100000.00..", "0.00..229794.20", "0.00"]


# ---- interest, reversal, several debts


def test_interest_is_owed_only_by_a_rule_that_is_cited() -> None:
    cells = {"order": "O1", "kind": "reimbursement", "amount": "319794.20", "due_on": "2023-07-15", "interest": "500",
             "interest_on": "2023-08-01"}  # fmt: skip
    bare = record("receivable", "R1", **cells)
    cited = record("receivable", "R1", **cells, interest_basis="art. 9")
    world = case(ORDER, bare, complete="payment")
    assert figures(world, "2023-08-01", "owed", "interest") == ["474794.20", "0.00"]
    assert [each.rule for each in faults_of(world, ORDER)] == ["sums", "interest"]
    world = case(ORDER, cited, complete="payment")
    assert figures(world, "2023-07-31", "owed", "interest") == ["474794.20", "0.00"]
    assert figures(world, "2023-08-01", "owed", "interest") == ["475294.20", "500.00"]


def test_a_payment_taken_back_is_as_if_it_had_not_come_and_both_entries_stay() -> None:
    back = record("payment", "P9", reverses="P1", amount="100000.00", paid_on="2025-05-20")
    world = case(*AGREED, back, complete="payment")
    assert figures(world, "2025-05-19", "paid") == ["100000.00"]
    assert figures(world, "2025-05-20", "paid", "owed") == ["0.00", "329794.20"]
    assert len(world.of("payment")) == 2


def test_two_orders_are_two_debts_and_a_payment_that_names_neither_may_be_for_either() -> None:
    first, second = (
        record("order", name, made_on="2024-01-01", reimbursement="100", due_on="2024-02-01") for name in ("O1", "O2")
    )
    loose = record("payment", "P1", amount="30", paid_on="2024-02-01", receivable="unknown")
    named = record("payment", "P2", amount="100", paid_on="2024-02-01", order="O2")
    found = balances(case(first, second, loose, named, complete="payment"), date(2024, 2, 1), CURRENCY)
    assert [(each.acts, shown(each.paid), shown(each.outstanding)) for each in found] == [
        (("O1",), "0.00..30.00", "70.00..100.00"),
        (("O2",), "100.00..130.00", "0.00"),
    ]


def test_an_act_whose_day_is_unknown_leaves_both_ways_open() -> None:
    agreed = record("settlement", "S1", made_on="2025", replaces="O1", total="329794.20")
    found = figures(case(ORDER, agreed, complete="payment"), "2025-06-01", "ordered", "settled", "owed")
    assert found == ["474794.20", "0.00..329794.20", "329794.20..474794.20"]


# ---- kinds, and who answers


def test_three_kinds_have_three_legal_bases() -> None:
    assert list(faults_of(case(ORDER), ORDER)) == []
    one = record("order", "O1", reimbursement="1", reimbursement_basis="art. 1", gain="2", gain_basis="art. 1")
    assert [each.rule for each in faults_of(case(one), one)] == ["legal basis"]
    uncited = record("order", "O1", reimbursement="1", reimbursement_basis="unknown")
    assert ["cites no law" in each.message for each in faults_of(case(uncited), uncited)] == [True]


def test_instalments_and_receivables_come_to_what_they_are_parts_of() -> None:
    assert list(faults_of(case(*AGREED), SETTLEMENT)) == []
    short = record("instalment", "I2", settlement="S1", amount="229794.19", due_on="2029-05-14")
    assert [each.rule for each in faults_of(case(ORDER, SETTLEMENT, DOWN, short), SETTLEMENT)] == ["sums"]
    other = record("settlement", "S1", replaces="O1", total="1", on_default="the order revives", revives="475000")
    assert [each.rule for each in faults_of(case(ORDER, other), other)] == ["what revives"]


def owed_by(how: str, *payers: dict[str, str]) -> Case:
    told = [record("payer", f"Y{place}", receivable="R1", **cells) for place, cells in enumerate(payers)]
    return case(record("receivable", "R1", amount="100.00", how_liable=how), *told)


@pytest.mark.parametrize("how", ["alternative", "joint"])
def test_one_debt_of_two_payers_is_one_debt_named_under_the_first(how: str) -> None:
    world = owed_by(how, {"name": "the official", "rank": "2"}, {"name": "the committee", "rank": "1"})
    answers = who_answers(world, world.find("receivable", "R1"))
    assert [(each.name, each.at_most.digits, each.rank) for each in answers] == [
        ("the committee", "100.00", 1),
        ("the official", "100.00", 2),
    ]


def test_several_payers_answer_for_shares_that_add_up_to_the_cent() -> None:
    equal = owed_by("several", *({"name": name, "rank": "1"} for name in "abc"))
    assert [each.at_most.digits for each in who_answers(equal, equal.find("receivable", "R1"))] == [
        "33.34", "33.33", "33.33",
    ]  # fmt: skip
    wrong = owed_by("several", {"name": "a", "rank": "1", "share": "60"}, {"name": "b", "rank": "2", "share": "41"})
    with pytest.raises(Refused, match=r"do not add up to 100\.00 EUR"):
        who_answers(wrong, wrong.find("receivable", "R1"))


# ---- properties


@given(st.integers(0, 10**12), st.integers(1, 400))
def test_equal_shares_sum_to_the_cent_and_differ_by_no_more(minor: int, count: int) -> None:
    parts = [part.minor for part in split(Money(minor, CURRENCY), [1] * count)]
    assert sum(parts) == minor
    assert max(parts) - min(parts) <= 1
    assert len(parts) == count


DAY = date(2024, 1, 1)


@dataclass
class World:
    """One order with all that can follow it, on days counted from the order's."""

    ordered: int
    due: int
    settled: tuple[int, int, list[int]] | None
    """The day, the sum, and the days of its instalments."""
    default: tuple[int, str, bool, int] | None
    """The day, what revives, whether payments count, and the stated sum."""
    payments: list[tuple[int, int, int | None]]
    """The day, the cents, and the day on which they are taken back."""
    review: tuple[int, int, str, bool] | None


# Few days, so that what can meet does meet.
days = st.integers(0, 12)
cents = st.integers(1, 50_000)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    settled = draw(st.none() | st.tuples(st.integers(1, 6), cents, st.lists(days, min_size=1, max_size=4)))
    broken = st.sampled_from(
        ["the order revives", "a stated sum revives", "the rest falls due at once", "nothing is agreed"]
    )
    default = draw(st.none() | st.tuples(st.integers(7, 12), broken, st.booleans(), cents)) if settled else None
    payments = draw(st.lists(st.tuples(days, cents, st.none() | st.integers(1, 8)), max_size=5))
    review = draw(
        st.none()
        | st.tuples(st.integers(1, 6), st.integers(1, 12), st.sampled_from(["confirmed", "overturned"]), st.booleans())
    )
    return World(
        draw(cents), draw(days), settled, default,
        [(day, amount, None if back is None else day + back) for day, amount, back in payments], review,
    )  # fmt: skip


def on(day: int) -> str:
    return (DAY + timedelta(days=day)).isoformat()


def text(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"


def told(world: World) -> Case:
    """The world as records."""
    records = [
        record("order", "O1", made_on=on(0), reimbursement=text(world.ordered), due_on=on(world.due)),
    ]
    if world.settled:
        day, total, parts = world.settled
        way, count, stated = world.default[1:] if world.default else ("nothing is agreed", True, 1)
        records.append(record("settlement", "S1", made_on=on(day), replaces="O1", total=text(total), on_default=way,
                              payments_count="yes" if count else "no", revives=text(stated)))  # fmt: skip
        shares = split(Money(total, CURRENCY), [1] * len(parts))
        records += [
            record("instalment", f"I{place}", settlement="S1", amount=share.digits, due_on=on(due))
            for place, (share, due) in enumerate(zip(shares, parts, strict=True))
        ]
    if world.default:
        records.append(record("default", "X1", settlement="S1", made_on=on(world.default[0])))
    if world.review:
        asked, lasts, result, stays = world.review
        records.append(record("review", "V1", order="O1", asked_on=on(asked), decided_on=on(asked + lasts),
                              result=result, stays_payment="yes" if stays else "no"))  # fmt: skip
    for place, (day, amount, back) in enumerate(world.payments):
        to = "settlement" if world.settled and day >= world.settled[0] else "order"
        cells = {to: "S1" if to == "settlement" else "O1"}
        records.append(record("payment", f"P{place}", amount=text(amount), paid_on=on(day), **cells))
        if back is not None:
            records.append(record("payment", f"B{place}", reverses=f"P{place}", amount=text(amount), paid_on=on(back)))
    return case(*records, complete="payment")


def by_hand(world: World, day: int) -> dict[str, int]:
    """The same figures, one purse at a time, in whole cents: an independent computation."""
    open_review = bool(world.review and world.review[0] <= day < world.review[0] + world.review[1])
    purse, held, under = 0, 0, 0
    for paid_on, amount, back in world.payments:
        if paid_on > day or (back is not None and back <= day):
            continue
        if world.settled and paid_on >= world.settled[0]:
            purse, under = purse + amount, under + amount
        elif open_review and world.review and paid_on >= world.review[0]:
            held += amount
        else:
            purse += amount
    annulled = world.review is not None and world.review[2] == "overturned" and day >= sum(world.review[:2])
    order = 0 if annulled else world.ordered
    owed, due, lost, stay = order, order if day >= world.due else 0, 0, open_review
    if world.settled and day >= world.settled[0]:
        total, parts = world.settled[1:]
        each, odd = divmod(total, len(parts))
        due = sum(each + (place < odd) for place, part in enumerate(parts) if part <= day)
        owed, stay = total, False
        if world.default and day >= world.default[0]:
            way, count, stated = world.default[1:]
            if way == "the rest falls due at once":
                due = total
            elif way != "nothing is agreed":
                owed = due = order if way == "the order revives" else stated
                stay = open_review and way == "the order revives"
                lost = 0 if count else under
    met = purse - lost + held
    asked = max(0, due - met)
    stays = stay and world.review is not None and world.review[3]
    return {
        "owed": owed,
        "paid": purse,
        "deposited": held,
        "not_counted": lost,
        "overpaid": max(0, met - owed),
        "outstanding": 0 if stays else asked,
        "stayed": asked if stays else 0,
        "scheduled": max(0, owed - max(met, due)),
    }


def minor(bounds: Bounds | None) -> int:
    assert bounds is not None
    assert bounds.low is not None
    assert bounds.low == bounds.high
    return bounds.low.minor


@settings(max_examples=300, deadline=None)
@given(worlds(), st.integers(0, 20))
def test_a_balance_is_what_an_independent_computation_says(world: World, day: int) -> None:
    balance = at(told(world), on(day))
    expected = by_hand(world, day)
    assert {name: minor(getattr(balance, name)) for name in expected} == expected


@settings(max_examples=300, deadline=None)
@given(worlds(), st.integers(0, 20))
def test_nothing_is_lost_and_nothing_is_counted_twice(world: World, day: int) -> None:
    balance = at(told(world), on(day))
    here = sum(minor(getattr(balance, name)) for name in ("owed", "overpaid", "not_counted"))
    there = sum(minor(getattr(balance, name)) for name in ("paid", "deposited", "outstanding", "scheduled", "stayed"))
    assert here == there
    received = sum(cents for paid, cents, back in world.payments if paid <= day and (back is None or back > day))
    assert minor(balance.paid) + minor(balance.deposited) == received
    assert minor(balance.ordered) == world.ordered


@settings(deadline=None)
@given(worlds(), st.integers(0, 20))
def test_what_is_not_vouched_for_only_widens_the_bounds(world: World, day: int) -> None:
    known, loose = at(told(world), on(day)), at(case(*all_records(told(world))), on(day))
    for name in ("paid", "outstanding", "scheduled", "stayed", "overpaid"):
        inside, around = minor(getattr(known, name)), getattr(loose, name)
        assert around.low is None or around.low.minor <= inside
        assert around.high is None or inside <= around.high.minor


def all_records(of: Case) -> list[Record]:
    types = ("order", "settlement", "instalment", "default", "review", "payment")
    return [each for name in types for each in of.of(name)]
