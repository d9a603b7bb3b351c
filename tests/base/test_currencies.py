"""Currencies are those of their day, and a hint never names another currency than the one that was meant."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodiet.base.currencies import CURRENCIES, LAST_DAYS, meant_currency, minor_digits
from custodiet.base.dates import shifted
from custodiet.base.money import Money
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import view
from custodiet.policy.language.rate_tables import read_rates
from custodiet.policy.testing.examples import imagine
from custodiet.records import core_types
from tests.meaning import document, law
from tests.policy_documents import problems_of
from tests.proving import dead
from tests.ten_rows import DOCKET, Case


def in_currency(folder: Path, currency: str) -> Case:
    case = Case(folder / "docket")
    case.write("docket.toml", DOCKET.replace('"EUR"', f'"{currency}"'))
    return case


def test_an_amount_is_read_in_the_currency_of_its_day_and_told_on_a_later_one(tmp_path: Path) -> None:
    case = in_currency(tmp_path, "HRK")
    days = ("2022-12-31", "2023-01-01", "2022-12/2023-01", "unknown")
    rows = "".join(f"V{place},{day},95.50 HRK\n" for place, day in enumerate(days))
    case.write("records/voucher.csv", f"id,incurred_on,paid\n{rows}")
    [aside] = case.bring_in().set_aside
    assert (aside.row, aside.column, aside.value) == (3, "paid", "95.50 HRK")
    assert aside.expected == ("write an amount in the currency of 2023-01-01; HRK was in use until 2022-12-31")
    with Ledger.open(case.folder / ".custodiet", core_types()) as ledger:
        assert view(ledger, "HRK").facts.find("voucher", "V0").value("paid") == Money(9550, "HRK")


@pytest.mark.parametrize(
    ("currency", "last"),
    [
        ("DEM", "2002-02-28"), ("ITL", "2002-02-28"), ("SIT", "2006-12-31"), ("CYP", "2007-12-31"),
        ("MTL", "2007-12-31"), ("SKK", "2008-12-31"), ("EEK", "2010-12-31"), ("LVL", "2013-12-31"),
        ("LTL", "2014-12-31"), ("HRK", "2022-12-31"), ("BGN", "2025-12-31"), ("BYR", "2016-12-31"),
        ("TRL", "2005-12-31"), ("ZMK", "2012-12-31"), ("VEF", "2018-08-19"), ("ZWL", "2024-08-31"),
    ],
)  # fmt: skip
def test_the_last_day_of_a_currency_is_its_last(currency: str, last: str) -> None:
    law_of_the_day = law("Rule 1\nin force .. 2000-01-01\nwhen leg.full_coach_fare > 0\nowes 0", currency=currency)
    ends = date.fromisoformat(last)
    cells = {"leg.full_coach_fare": "100"}
    for day, good in ((ends, True), (shifted(ends, 1), False)):
        problems = imagine([law_of_the_day], "seat", {**cells, "leg.departed_on": str(day)}, core_types()).problems
        assert [problem.kind for problem in problems] == ([] if good else ["example"])


def test_a_rule_owes_nothing_in_a_currency_that_is_gone() -> None:
    fare = "Rule 1\nin force 2015-01-01 .. {}\nwhen leg.purpose = 'personal'\nowes leg.full_coach_fare from occupant"
    assert problems_of(document(fare.format("2022-12-31"), currency="HRK")) == ()
    for end in ("2023-01-01", ""):
        [problem] = problems_of(document(fare.format(end), currency="HRK"))
        assert (problem.kind, problem.message) == (
            "period", "rule 1 is in force after 2022-12-31, the last day of HRK",
        )  # fmt: skip
    assert problems_of(document(fare.format(""), currency="EUR")) == ()


def test_the_proofs_speak_of_no_amount_in_a_currency_that_is_gone() -> None:
    cases = (("2023-01-01", "HRK", True), ("2022-12-31", "HRK", False), ("2023-01-01", "EUR", False))
    for day, currency, never in cases:
        late = f"Rule 1\nwhen leg.departed_on >= {day} and leg.full_coach_fare > 100\nowes 0"
        assert dead(law(late, currency=currency)) == (["1"] if never else [])


def test_a_row_of_rates_holds_no_longer_than_its_currency() -> None:
    table = "in force,car,cite\n.. 2025-12-31,0.50 BGN,Annex 1\n2026-01-01 ..,0.30 BGN,Annex 1\n"
    [problem] = read_rates(table.encode(), "rates/mileage.csv").problems
    assert (problem.span.line, problem.message) == (3, "the row is in force after 2025-12-31, the last day of BGN")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("EURO", "EUR"), ("euros", "EUR"), ("€", "EUR"), ("usd", "USD"), ("Hrk", "HRK"), (" GBP ", "GBP")],
)
def test_a_hint_names_the_currency_that_was_surely_meant(written: str, meant: str) -> None:
    assert meant_currency(written) == f"did you mean `{meant}`?"


@pytest.mark.parametrize("written", ["BGM", "HRD", "EUD", "DOLLAR", "GELD", "XBA", "kn", "Fr.", "", "SFR"])
def test_a_code_that_is_merely_alike_is_no_hint(written: str) -> None:
    assert meant_currency(written) == ""
    [problem] = problems_of(document("Rule 1\nowes 0", currency=written or "?"))
    assert (problem.code, "did you mean" in problem.help) == ("currency", False)


@given(st.text(min_size=1, max_size=6))
def test_a_hint_names_nothing_that_is_not_written_there(text: str) -> None:
    hint = meant_currency(text)
    named = hint.split("`")[1:2]
    assert all(code in CURRENCIES and (text.strip().upper() == code or code in ("EUR", "USD", "GBP")) for code in named)


def test_every_currency_has_its_digits_and_money_is_read_in_it() -> None:
    assert LAST_DAYS.keys() < CURRENCIES
    assert {code for code in LAST_DAYS if minor_digits(code) == 0} >= {"ITL", "ESP", "BEF", "PTE", "TRL", "BYR"}
    assert all(Money.read("7", code).exact == 7 for code in CURRENCIES)
