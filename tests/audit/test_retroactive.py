"""The law of one day over acts of another: what it would say, and where that is marked as hindsight."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from custodiet.audit.json_contract import contract
from custodiet.audit.retroactive import audit_by_law_of, law_of
from custodiet.audit.run import Audit, audit
from custodiet.cli.open_docket import open_records
from custodiet.policy.evaluation.english import result_in_words
from custodiet.policy.evaluation.result import EARLIER_LAW, HINDSIGHT, Result
from custodiet.policy.packs.pack import Pack
from custodiet.reports.editions.disclosure import Disclosure, Edition
from custodiet.reports.output.archive import results_csv
from custodiet.reports.output.html import page
from custodiet.reports.output.terminal import summary
from custodiet.reports.report.model import Report
from custodiet.reports.wording import answered
from tests.small_law import OFFICERS, PERSONAL, docket, law

TWO_YEARS = {
    "trip": ["id,departed_on,returned_on", "T1,2022-05-02,2022-05-03", "T2,2024-05-02,2024-05-03"],
    "leg": [
        "id,trip,purpose,departed_on,full_coach_fare",
        "before,T1,personal,2022-05-02,412.00",
        "after,T2,personal,2024-05-02,300.00",
        "some-day,unknown,personal,unknown,100.00",
    ],
    "seat": [
        "id,leg,occupant,role,on_duty",
        "old,before,guest-1,guest,no",
        "new,after,guest-1,guest,no",
        "undated,some-day,guest-1,guest,no",
        "officer,before,officer-1,detail,yes",
    ],
}
"""Seats on a leg before the law of 2024, on one after it began, and on one of a day that nobody wrote down."""


def results(folder: Path, pack: Pack, day: str | None) -> dict[str, Result]:
    """What a law answers for the seats above, by their ids: by the law of their day, or of one day."""
    return {result.record: result for result in audited(folder, pack, day).results}


def audited(folder: Path, pack: Pack, day: str | None) -> Audit:
    recorded = open_records(docket(folder / "docket", "Two years", TWO_YEARS))
    own = audit("Two years", "EUR", pack, recorded.view)
    return own if day is None else audit_by_law_of(date.fromisoformat(day), own)


def owed(result: Result) -> list[str]:
    return [debt.amount.digits for debt in result.debts]


def test_law_that_began_after_the_act_is_hindsight_there_and_plain_law_elsewhere(tmp_path: Path) -> None:
    """Of two acts alike, one was done before the law began.

    | seat | day        | by its own law | by the law of June 2024 |
    | old  | 2022-05-02 | no rule        | 412.00, hindsight       |
    | new  | 2024-05-02 | 300.00         | 300.00                  |
    """
    pack = law(tmp_path / "law", PERSONAL)
    own = results(tmp_path / "own", pack, None)
    laid = results(tmp_path / "laid", pack, "2024-06-01")
    assert own["old"].outcome.value == "no rule"
    assert (owed(laid["old"]), laid["old"].because, laid["old"].hindsight) == (["412.00"], ("1",), True)
    assert (owed(laid["new"]), laid["new"].hindsight) == (["300.00"], False)


def test_an_act_of_an_unknown_day_is_hindsight_unless_the_law_was_always_so(tmp_path: Path) -> None:
    """In which stretch the day lies is not known, so it is not sure that the law said so then."""
    since = law(tmp_path / "since", PERSONAL)
    always = law(tmp_path / "always", PERSONAL.replace("2024-01-01 ..", ".."))
    assert results(tmp_path / "a", since, "2024-06-01")["undated"].hindsight
    assert owed(results(tmp_path / "a2", since, "2024-06-01")["undated"]) == ["100.00"]
    assert not results(tmp_path / "b", always, "2024-06-01")["undated"].hindsight


def test_an_ordinary_audit_knows_no_hindsight(tmp_path: Path) -> None:
    done = audited(tmp_path, law(tmp_path / "law", PERSONAL), None)
    assert not any(result.hindsight for result in done.results)
    assert "hindsight" not in contract(done)
    assert "hindsight" not in summary(done)


def test_an_exception_that_was_repealed_since_makes_its_rule_hindsight_for_whom_it_spared(tmp_path: Path) -> None:
    """Rule 1 was in force in 2022, and so was the exception for officers, which ended in 2023.

    The rule that decides was in force when the act happened, but the law then did not say that the officer owes.
    """
    old_rule = PERSONAL.replace("2024-01-01 ..", "2020-01-01 ..")
    repealed = OFFICERS.replace("2024-01-01 ..", "2020-01-01 .. 2023-12-31")
    pack = law(tmp_path / "law", old_rule, repealed)
    own = results(tmp_path / "own", pack, None)
    laid = results(tmp_path / "laid", pack, "2024-06-01")
    assert own["officer"].outcome.value == "nothing due"
    assert (owed(laid["officer"]), laid["officer"].because) == (["412.00"], ("1",))
    assert laid["officer"].hindsight
    assert not laid["old"].hindsight


def test_another_version_of_the_rule_is_hindsight_even_if_it_comes_to_the_same(tmp_path: Path) -> None:
    reworded = f"""
{PERSONAL.replace("2024-01-01 ..", "2020-01-01 .. 2022-12-31")}
```rule
cite      Code, art. 1, as amended
in force  2023-01-01 ..
when      leg.purpose in ('personal', 'political')
owes      leg.full_coach_fare from occupant
```
"""
    laid = results(tmp_path, law(tmp_path / "law", reworded), "2024-06-01")
    assert (owed(laid["old"]), laid["old"].hindsight) == (["412.00"], True)
    assert not laid["new"].hindsight


def test_no_rule_then_and_no_rule_now_is_no_hindsight(tmp_path: Path) -> None:
    laid = results(tmp_path, law(tmp_path / "law", PERSONAL.replace("'personal'", "'mixed'")), "2024-06-01")
    assert {(each.outcome.value, each.hindsight) for each in laid.values()} == {("no rule", False)}


def test_law_that_ended_before_the_act_is_marked_too(tmp_path: Path) -> None:
    """A law of 2022 over an act of 2024: then, the law no longer said so."""
    laid = results(
        tmp_path, law(tmp_path / "law", PERSONAL.replace("2024-01-01 ..", "2020-01-01 .. 2022-12-31")), "2022-06-01"
    )
    assert (owed(laid["new"]), laid["new"].hindsight) == (["300.00"], True)
    assert (owed(laid["old"]), laid["old"].hindsight) == (["412.00"], False)


def test_an_older_law_is_told_as_that_and_not_as_hindsight(tmp_path: Path) -> None:
    rules = PERSONAL.replace("2024-01-01 ..", "2020-01-01 .. 2022-12-31")
    laid = audited(tmp_path, law(tmp_path / "law", rules), "2022-06-01")
    result = next(each for each in laid.results if each.record == "new")
    assert result_in_words(laid.pack.policies[0], result) == (
        "seat new: guest-1 owes 300.00 EUR under rule 1; "
        "a law of an earlier day: the law no longer said this when the act happened."
    )
    assert answered(result) == "owes 300.00 EUR from guest-1 (a law of an earlier day)"
    (told,) = [line for line in summary(laid).splitlines() if "a law of an earlier day" in line]
    assert told == f"1 result by {EARLIER_LAW}"


def test_a_pack_of_one_day_holds_what_was_in_force_on_it_and_its_rates(tmp_path: Path) -> None:
    rates = "in force,meals,cite\n.. 2023-12-31,50.00 EUR,Table 1\n2024-01-01 ..,64.00 EUR,Table 2\n"
    meals = PERSONAL.replace("leg.full_coach_fare from", "rate(per_diem.meals on leg.departed_on) from").replace(
        "2024-01-01 ..", ".."
    )
    pack = law(tmp_path / "law", meals, OFFICERS, rates={"per_diem": rates})
    early = law_of(pack, date(2022, 5, 2)).policies[0]
    assert [rule.number for rule in early.rules] == ["1"]
    assert [row.cite for row in early.rates[0].rows] == ["Table 1"]

    own = results(tmp_path / "own", pack, None)
    laid = results(tmp_path / "laid", pack, "2024-06-01")
    assert (owed(own["old"]), owed(own["new"])) == (["50.00"], ["64.00"])
    assert (owed(laid["old"]), laid["old"].hindsight) == (["64.00"], True)
    assert (owed(laid["new"]), laid["new"].hindsight) == (["64.00"], False)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """The seats above by the law of June 2024: three of four are hindsight."""
    folder = tmp_path_factory.mktemp("marked")
    done = audited(folder, law(folder / "law", PERSONAL, OFFICERS), "2024-06-01")
    assert sorted(result.record for result in done.results if result.hindsight) == ["officer", "old", "undated"]
    return done


def test_the_mark_is_in_the_sentence_about_a_result(marked: Audit) -> None:
    said = {each.record: result_in_words(marked.policy(each.policy), each) for each in marked.results}
    assert said["old"] == f"seat old: guest-1 owes 412.00 EUR under rule 1; {HINDSIGHT}."
    assert said["new"] == "seat new: guest-1 owes 300.00 EUR under rule 1."


def test_the_mark_is_in_the_json_of_an_audit(marked: Audit) -> None:
    assert contract(marked)["hindsight"] == [
        {"record": record, "policy": "city/seat"} for record in ("officer", "old", "undated")
    ]


def test_the_mark_is_on_the_screen_of_an_audit(marked: Audit) -> None:
    assert f"3 results by {HINDSIGHT}" in summary(marked).splitlines()


@pytest.mark.parametrize("edition", Edition)
def test_the_mark_is_in_the_rows_of_every_edition(marked: Audit, edition: Edition) -> None:
    table = list(csv.DictReader(io.StringIO(results_csv(Report(Disclosure(marked, edition))))))
    assert {row["hindsight"] for row in table} == {"yes", "no"}
    if edition is not Edition.PUBLIC:
        assert {row["hindsight"] for row in table if row["amounts"] == "412.00"} == {"yes"}
        assert {row["hindsight"] for row in table if row["amounts"] == "300.00"} == {"no"}


def test_public_sums_never_mix_hindsight_with_what_the_law_said(marked: Audit) -> None:
    """The seat on the leg without a known day is within no delay that has surely run, and so in no public sum."""
    table = list(csv.DictReader(io.StringIO(results_csv(Report(Disclosure(marked, Edition.PUBLIC))))))
    money = [row for row in table if row["payer"] == "all payers"]
    assert {(row["hindsight"], row["amount"]) for row in money} == {("yes", "412.00"), ("no", "300.00")}


@pytest.mark.parametrize("edition", Edition)
def test_the_mark_is_on_the_page_beside_the_figures_and_beside_the_answer(marked: Audit, edition: Edition) -> None:
    written = page(Report(Disclosure(marked, edition)))
    assert f"each marked so, by {HINDSIGHT}." in written
    assert "owes (hindsight)" in written
    plain = replace(marked, results=tuple(replace(each, hindsight=False) for each in marked.results))
    assert "hindsight" not in page(Report(Disclosure(plain, edition)))


def test_a_day_before_the_law_began_has_no_rule_for_anybody(tmp_path: Path) -> None:
    """For acts of 2024 the law of their own day had one, so that is marked."""
    laid = results(tmp_path, law(tmp_path / "law", PERSONAL, OFFICERS), "2019-01-01")
    assert {each.outcome.value for each in laid.values()} == {"no rule"}
    assert (laid["new"].hindsight, laid["old"].hindsight) == (True, False)
