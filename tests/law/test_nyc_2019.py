"""The docket of New York City, 2019: the public record's figures, one debt, and no name that is not public."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from custodiet.audit.json_contract import contract
from custodiet.audit.reconcile import Kind, Reconciliation
from custodiet.audit.run import Audit, audit
from custodiet.base.dates import Days
from custodiet.base.money import Money
from custodiet.cases.case import Case
from custodiet.cases.money import balances, payments_known_until
from custodiet.cli.main import main
from custodiet.intake.docket import read_docket
from custodiet.intake.import_docket import bring_in
from custodiet.ledger.log import Ledger
from custodiet.ledger.view import view
from custodiet.policy.evaluation.result import Bounds, Outcome
from custodiet.policy.packs.pack import read_pack
from custodiet.records import UNKNOWN
from custodiet.records.facts import Facts
from custodiet.reports.editions.disclosure import Disclosure, Edition
from custodiet.reports.report.figures import Figures
from custodiet.reports.report.findings import findings
from custodiet.reports.report.money import money
from custodiet.reports.report.reader import Reader
from custodiet.reports.report.timeline import timeline
from tests.house import ROOT, every_type
from tests.report_files import copied

DOCKET = ROOT / "dockets" / "nyc-2019"
PACK = ROOT / "packs" / "nyc-conflicts"
SEEDS = ROOT.parent / "shared" / "seeds"

# The first 12 hexadecimal digits of SHA-256 of names, in small letters, of relatives, officers, staff and counsel, and
# of a school and a place: this file does not name them either.
NOT_PUBLIC = frozenset(
    {
        "910f70df3c56",
        "0cec6e9edda0",
        "fbd785fa01c0",
        "16814e8cd706",
        "3f780370dcef",
        "1934d8bfaed5",
        "d2641888ed64",
        "719c6066ba9b",
        "e36734ddf114",
        "87e63f89ed14",
        "35580c025440",
        "fd663c99944a",
        "6cf8af3b9b10",
        "327263530523",
        "552bdf4bbc93",
        "0bdd5f970575",
        "a8a78b09ff1e",
        "ee5e62e9b1a7",
        "535e4d3c6a02",
        "6144482c99c5",
        "1c325aa7008f",
        "3035353cb4c8",
        "96afe4098335",
        "d2653ff7cbb2",
        "b905a2a59cc7",
        "63866302165d",
        "511350b0dca9",
    }
)
MIRRORS = re.compile(
    r"100percentbronx|nohib|sivertimes|indochinaairlines|rooseveltislanddaily|maxm\.news|peer2peernews|beliknews"
    r"|casinowinning|newyorkinquisitor|frumspeak|theconnectingnewspaper|readkong|newyorkdawn|manhattandaily|nylifemag"
    r"|newspub|allthingsnewyork|711web|fastseoul|mirtesen|capitoilette|bouncing2wellness",
    re.IGNORECASE,
)
RUN_OF_WORDS = 8


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    docket = read_docket(DOCKET)
    with Ledger.open(tmp_path_factory.mktemp("nyc") / "ledger", every_type()) as ledger:
        bring_in(docket, ledger)
        return audit(docket.title, docket.currency, read_pack(docket.pack), view(ledger, docket.currency))


@pytest.fixture(scope="module")
def facts(done: Audit) -> Facts:
    return done.view.facts


def usd(text: str) -> Money:
    return Money.read(f"{text} USD")


def exactly(text: str) -> Bounds:
    return Bounds(usd(text), usd(text))


def texts() -> Iterator[Path]:
    """Every file of ours about the case."""
    for folder in (PACK, DOCKET):
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and ".custodiet" not in path.parts)


# ---- what is judged


def test_exactly_one_debt_comes_out_and_it_is_the_total_that_the_order_adopts(done: Audit) -> None:
    [owing] = done.with_outcome(Outcome.OWES)
    [debt] = owing.debts
    assert (owing.type, owing.record, owing.because) == ("published_figure", "F01", ("1.2",))
    assert (debt.payer, debt.liable, debt.amount) == ("mayor", "", usd("319794.20"))


def test_the_order_names_the_mayor_alone_and_the_committee_owes_nothing_of_it(done: Audit, public: Reader) -> None:
    order = done.policy("nyc-conflicts/detail-travel-cost").rule("1.2").versions[0]
    assert order.owes is not None
    assert "campaign committee" not in str(order.owes)
    assert {debt.payer for result in done.results for debt in result.debts} == {"mayor"}
    told = money(public, Figures(public))
    assert all("committee" not in each.legal_basis for each in told.asked)


def test_the_advice_and_the_order_are_both_cited_with_their_dates(done: Audit) -> None:
    rules = [
        done.policy("nyc-conflicts/campaign-voucher").rule("4.2"),
        done.policy("nyc-conflicts/detail-travel-cost").rule("1.2"),
    ]
    cites = [rule.versions[0].cite for rule in rules]
    assert "§ 2604(b)(2) and (3)" in cites[0], "what the advice rested on, as the judgment tells"
    assert "(3)" not in cites[1], "what the order finds"
    assert "advice of 15 May 2019" in cites[0]
    assert "order of 15 June 2023" in cites[1]
    assert [rule.versions[0].in_force.first for rule in rules] == [date(2019, 5, 15), date(2023, 6, 15)]


def test_every_other_figure_is_answered_by_no_rule(done: Audit, facts: Facts) -> None:
    figures = {result.record: result.outcome for result in done.results if result.type == "published_figure"}
    assert len(figures) == len(facts.of("published_figure")) == 37
    assert {id_ for id_, outcome in figures.items() if outcome is not Outcome.NO_RULE} == {"F01"}


def test_rides_relatives_errands_and_loads_are_answered_by_no_rule(done: Audit, facts: Facts) -> None:
    sorts = {each.id: each.value("sort") for each in facts.of("allegation")}
    outcomes = {(sorts[result.record], result.outcome) for result in done.results if result.type == "allegation"}
    assert outcomes == {
        ("campaign travel", Outcome.CLASSIFIED),
        *((sort, Outcome.NO_RULE) for sort in ("seats given", "relatives", "errands", "loads", "obstruction")),
        *((sort, Outcome.NO_RULE) for sort in ("no written rules", "records not kept")),
    }


def test_no_doubt_is_cast_on_the_charge_for_no_source_says_that_it_was_late(done: Audit) -> None:
    assert done.with_outcome(Outcome.UNDETERMINED) == ()
    assert "charge" not in {result.type for result in done.results}


def test_the_one_charge_is_told_with_the_day_it_was_brought_and_no_limit_is_made_up(facts: Facts) -> None:
    [charge] = facts.of("charge")
    assert charge.value("allegation") == "A07", "of nothing else was anybody charged, as far as was read"
    assert charge.value("brought_on") == Days.read("2022-04-14")
    assert charge.value("limit_ends_on") is UNKNOWN


def test_the_contract_questions_one_sum_and_leaves_nothing_undetermined(done: Audit) -> None:
    told = json.loads(json.dumps(contract(done)))
    assert told["questioned"] == [{"payer": "mayor", "currency": "USD", "amount": "319794.20"}]
    # 37 figures, of which one owes, and 10 allegations, of which one is classified.
    assert told["by_outcome"] == {"no rule": 45, "owes": 1, "classified": 1}
    assert (told["undetermined_total"], told["set_aside"]) == (0, 0)
    # 9 explained and 4 unexplained differences of figures; 6 contradictions, and 11 facts told of side by side.
    assert len(told["reconciliations"]) == 30


def test_no_trip_leg_seat_day_or_voucher_is_invented(facts: Facts) -> None:
    assert [name for name in ("trip", "day", "leg", "seat", "load", "voucher", "event") if facts.of(name)] == []
    assert not done_by_clock(facts)


def done_by_clock(facts: Facts) -> list[str]:
    """Records that are said to be a log written at the time: the public record holds none."""
    return [
        record.id
        for name in facts.types
        for record in facts.of(name)
        if record.value("basis") == "log written at the time"
    ]


# ---- the figures of the record


def test_the_part_of_the_total_is_two_trips_of_the_spouse(facts: Facts) -> None:
    part = facts.find("published_figure", "F03")
    assert (part.value("amount"), part.value("part_of")) == (usd("7981.37"), "F01")


def amount(facts: Facts, id_: str) -> Money:
    value = facts.find("published_figure", id_).value("amount")
    assert isinstance(value, Money)
    return value


def test_a_fine_for_each_of_31_trips_and_the_total_come_to_what_was_ordered(facts: Facts) -> None:
    trips = facts.find("published_figure", "F21").value("count")
    assert trips == 31
    imposed, sought = amount(facts, "F27"), amount(facts, "F28")
    assert (imposed, sought) == (usd("5000.00"), usd("25000.00"))
    assert 31 * imposed.exact == amount(facts, "F29").exact == 155_000
    assert 31 * sought.exact == amount(facts, "F30").exact == 775_000
    assert amount(facts, "F01") + amount(facts, "F29") == amount(facts, "F31") == usd("474794.20")
    assert amount(facts, "F01") + amount(facts, "F34") == amount(facts, "F33") == usd("329794.20")
    assert amount(facts, "F35") == usd("100000.00")


def test_no_reference_leads_to_a_record_that_nobody_tells_of(done: Audit) -> None:
    assert done.view.dangling == ()


def test_the_order_comes_to_474794_20_and_nothing_is_due_before_its_day(facts: Facts) -> None:
    [balance] = balances(Case(facts), date(2023, 6, 15), "USD")
    assert balance.ordered == balance.owed == balance.scheduled == exactly("474794.20")
    assert balance.settled is None


def test_on_14_may_2025_a_hundred_thousand_was_paid_and_the_rest_scheduled(facts: Facts) -> None:
    [balance] = balances(Case(facts), date(2025, 5, 14), "USD")
    assert balance.ordered == exactly("474794.20"), "nothing erases what was ordered"
    assert balance.settled == balance.owed == exactly("329794.20")
    assert (balance.paid, balance.scheduled) == (exactly("100000.00"), exactly("229794.20"))
    assert balance.outstanding == balance.interest == exactly("0.00")
    assert not balance.later_payments_unknown


def test_there_is_no_present_balance_because_later_payments_are_unknown(facts: Facts) -> None:
    [balance] = balances(Case(facts), date(2026, 11, 20), "USD")
    assert balance.later_payments_unknown
    assert balance.paid.high is None
    assert payments_known_until(Case(facts), date(2023, 6, 15)) == date(2025, 5, 14)


# ---- differences


def differences(done: Audit, kind: Kind) -> dict[str, Reconciliation]:
    return {each.id: each for each in done.reconciliations if each.kind is kind}


def said(each: Reconciliation) -> list[tuple[str, str]]:
    return [(value.exactness, value.value) for value in each.values]


def test_differences_of_scope_and_rounding_are_explained(done: Audit) -> None:
    found = differences(done, Kind.EXPLAINED)
    assert {id_: (said(each), each.difference, each.chosen) for id_, each in found.items()} == {
        "F01-F02": ([("exact", "319794.20"), ("approximately", "319794.20")], "0.00", "319794.20"),
        "F01-F04": ([("exact", "319794.20"), ("exact", "319794.00")], "0.20", "319794.20"),
        "F01-F05": ([("exact", "319794.20"), ("nearly", "320000.00")], "205.80", "319794.20"),
        "F01-F06": ([("exact", "319794.20"), ("more than", "300000.00")], "19794.20", "319794.20"),
        "F01-F07": ([("exact", "319794.20"), ("exact", "300000.00")], "19794.20", "319794.20"),
        "F01-F20": ([("exact", "319794.20"), ("approximately", "243195.00")], "76599.20", None),
        "F21-F22": ([("exact", "31"), ("approximately", "21")], "10", None),
        "F23-F24": ([("approximately", "60"), ("exact", "51")], "9", None),
        "F31-F32": ([("exact", "474794.20"), ("approximately", "475000.00")], "205.80", "474794.20"),
    }


def test_differences_that_no_source_explains_stay_open(done: Audit) -> None:
    found = differences(done, Kind.UNEXPLAINED)
    assert {id_: (said(each), each.difference, each.chosen) for id_, each in found.items()} == {
        "F01-F08": ([("exact", "319794.20"), ("approximately", "358000.00")], "38205.80", "319794.20"),
        "F08-parts": ([("approximately", "358000.00"), ("exact", "353425.00")], "4575.00", None),
        "F13-parts": ([("exact", "52454.00"), ("exact", "52284.00")], "170.00", None),
        "F25-F26": ([("exact", "49"), ("exact", "47")], "2", None),
    }
    assert "353,425.00 USD" in found["F01-F08"].why


def test_statements_contradict_each_other_in_six_places(done: Audit) -> None:
    found = differences(done, Kind.CONTRADICTING)
    assert {id_: ([value.value for value in each.values], each.chosen) for id_, each in found.items()} == {
        "W01-W02": (["travel of officers of the detail", "carrying members of the campaign"],
                    "travel of officers of the detail"),
        "W03-W04": (["from the official residence", "to the official residence"], None),
        "W05-W06": (['"impeded" an "inquiry"', '"obstructed" an "investigation"'], None),
        "W11-W53": (["he was never given any", "he was told exactly how to proceed"], None),
        "W48-W49": (["he was not in the car", "it was while driving the mayor"], None),
        "W56-W57": (["it did, once", "he has no evidence of it; the relative went with him"], None),
    }  # fmt: skip


def test_what_can_be_true_together_stands_side_by_side_and_none_is_chosen(done: Audit) -> None:
    found = differences(done, Kind.SIDE_BY_SIDE)
    assert [value.value for value in found["W10-W11-W12-W13-W53"].values] == [
        "he followed it",
        "he was never given any",
        "it was there to be read",
        "it was given in writing on 15 May 2019",
        "he was told exactly how to proceed",
    ]
    can_both_be_true = {"W69-W70", "W72-W73", "W74-W75", "W97-W98", "W60-W61-W62-W90-W91", "W03-W04-W47"}
    others = {"W15-W16-W17", "W18-W19", "W36-W64", "W48-W49-W50", *can_both_be_true}
    assert set(found) == {"W10-W11-W12-W13-W53", *others}
    assert {each.chosen for each in found.values()} == {None}


def test_both_sides_stand_beside_each_allegation(facts: Facts) -> None:
    stances: dict[object, set[object]] = {}
    for each in facts.of("statement"):
        stances.setdefault(each.value("allegation"), set()).add(each.value("stance"))
    answered = {id_ for id_, found in stances.items() if "answers" in found}
    unanswered = {each.id for each in facts.of("allegation")} - answered
    assert unanswered == {"A10"}, "of the police on records none was read"


def test_what_supports_an_allegation_an_admission_and_a_note_are_no_answers(facts: Facts) -> None:
    stances = {id_: facts.find("statement", id_).value("stance") for id_ in ("W11", "W13", "W35")}
    assert stances == {"W11": "says it happened", "W13": "neither", "W35": "neither"}
    answers = [str(each.value("words")) for each in facts.of("statement") if each.value("stance") == "answers"]
    assert not [words for words in answers if "was read" in words]


def test_of_each_precedent_stands_what_was_looked_for_and_of_two_nothing_was_found(facts: Facts) -> None:
    found = [(each.value("person"), each.value("evidence"), each.value("rule_then")) for each in facts.of("precedent")]
    assert found == [
        ("Ed Koch", "not found", UNKNOWN),
        ("Rudy Giuliani", "found in part", UNKNOWN),
        ("John Lindsay", "not found", UNKNOWN),
        ("other mayors, whom he does not name", "found in part", UNKNOWN),
    ]
    for each in facts.of("precedent"):
        assert str(each.value("evidence_read")).startswith("Looked for in December 2026"), each.id
        assert (each.value("done_and_paid") is UNKNOWN) is (each.value("evidence") == "not found"), each.id


def test_the_obstruction_is_told_only_as_far_as_it_was_read(facts: Facts) -> None:
    assert facts.find("finding", "FN08").value("outcome") is UNKNOWN, "of the inspector's own finding none was read"
    told = [("allegation", "A08", "words"), ("finding", "FN08", "says"), ("statement", "W30", "words")]
    for type_name, id_, field in told:
        assert str(facts.find(type_name, id_).value(field)).startswith("The inspector's report"), id_
    for type_name, id_, field in (("finding", "FN08", "says"), ("referral", "RF1", "asks")):
        words = str(facts.find(type_name, id_).value(field))
        assert "plea of guilty of 9 August 2023" in words, id_
        assert "the court's last entry was not read" in words, id_


def test_the_plea_is_told_as_outlets_report_it_and_nobody_reads_that_the_case_was_dismissed() -> None:
    """*Dismissed* is said of the officer; of the suit, that the court was asked to dismiss it."""
    for path in texts():
        text = " ".join(path.read_text(encoding="utf-8").split())
        for found in re.finditer(r"dismiss(?:ed|al)\b", text):
            before = text[max(0, found.start() - 60) : found.start()]
            after = text[found.end() : found.end() + 30]
            of_the_officer = re.search(r"officer|he had been|was $|guilty in August 2023, was", before)
            assert of_the_officer or "the board asked for its" in before, f"{path.name}: {before}{found[0]}{after}"
        assert "outcome was not read" not in text, path


def test_each_claim_against_the_mayor_has_a_word_of_his_side_beside_it(facts: Facts) -> None:
    """The specific answers that were read, and not only the general one."""
    answers = {
        id_: " ".join(
            str(each.value("words"))
            for each in facts.of("statement")
            if each.value("allegation") == id_ and each.value("stance") == "answers"
        )
        for id_ in ("A03", "A04", "A05", "A07")
    }
    assert "did not order officers to do anything for his children" in answers["A03"]
    assert "told him exactly how to proceed" in answers["A03"]
    assert "no evidence that it ever happened" in answers["A04"]
    assert "did not order officers to do anything for his children" in answers["A05"]
    assert "opinion of 2009" in answers["A07"]
    assert "two witnesses speak for him" in answers["A07"]
    assert "under appeal at the Conflicts of Interest Board" in answers["A07"]


# ---- the page


@pytest.fixture(scope="module")
def public(done: Audit) -> Reader:
    return Reader(Disclosure(done, Edition.PUBLIC))


def test_the_public_timeline_withholds_no_day_and_tells_causes_before_what_they_cause(public: Reader) -> None:
    steps = timeline(public).steps
    assert not [step for step in steps if "withheld" in f"{step.when} {step.who} {step.words}"]
    order = [(step.record, step.what) for step in steps]
    told = [
        ("W36", "statement"), ("W13", "statement"), ("W37", "statement"), ("W38", "statement"), ("W86", "statement"),
        ("RV1", "review asked for"), ("W39", "statement"), ("FN08", "finding"), ("RF1", "referral"),
        ("RF2", "referral"),
        ("W101", "statement"), ("W41", "statement"), ("W89", "statement"), ("DE1", "determination"), ("OR1", "order"),
        ("RV2", "review asked for"), ("W60", "statement"), ("W42", "statement"), ("W43", "statement"),
        ("RV2", "review decided"),
        ("SE1", "settlement"), ("PY1", "payment"), ("W44", "statement"),
    ]  # fmt: skip
    assert [each for each in order if each in told] == told
    when = {each: step.when for each, step in zip(order, steps, strict=True)}
    assert when["RV2", "review asked for"] == "15 June 2023"
    assert when["RV2", "review decided"] == "January 2025"
    assert when["W13", "statement"] == "15 May 2019"


def test_the_determined_finding_shows_the_determination_the_order_and_no_silence(public: Reader) -> None:
    found = {each.found[0].record: each.found[0] for each in findings(public, ()).alleged}
    assert "Determination DE1 of 15 June 2023" in found["FN07"].says
    assert "Order OR1 of 15 June 2023" in found["FN07"].says
    # No notice with a duty to answer was read, so none is said to have gone without an answer.
    assert not [id_ for id_, each in found.items() if each.answers or each.notified]


def test_a_source_is_told_with_its_publishers_address(public: Reader) -> None:
    [step] = [step for step in timeline(public).steps if step.record == "W42"]
    assert "THE CITY, title not read, 22 November 2023, read, www.thecity.nyc/2023/11/22/" in step.words


def test_the_money_tells_what_was_agreed_and_no_instalment_day_that_was_not_read(public: Reader) -> None:
    told = money(public, Figures(public))
    [debt] = told.debts
    assert [figure.name for figure in debt.figures] == [
        "Ordered", "Settled", "Paid, at 14 May 2025", "Scheduled, at 14 May 2025",
    ]  # fmt: skip
    rows = {row.name: row.what for figure in debt.figures for row in figure.rows}
    assert rows["IN2"] == "instalment, its days were not read"
    [(_, terms)] = told.terms
    assert "quarterly instalments over four years; the schedule was not read" in terms
    assert "What is not known was not read in the act itself; others report about it:" in terms
    assert "About 475,000 is reported to revive on default [secondary source]" in terms
    assert all("the order names as payer: Bill de Blasio" in each.legal_basis for each in told.asked)


# ---- sources and names


def test_every_row_has_a_source_of_the_list(done: Audit, facts: Facts) -> None:
    known = {each.id for each in facts.of("source")}
    for name in facts.types:
        for record in facts.of(name):
            if name != "source":
                places = {origin.place for origin in done.view.origins(record.id, "basis")}
                assert {place.partition("#")[2] for place in places} <= known
                assert places, record.id
            for field in ("told_in", "published_in"):
                assert record.value(field) in {UNKNOWN, *known}


def test_no_title_is_made_up_and_no_copys_address_is_a_link(facts: Facts) -> None:
    for source in facts.of("source"):
        assert source.value("title") is UNKNOWN
        if source.value("read_as") in ("read in a copy", "known second-hand"):
            assert not str(source.value("address")).startswith("http")
    for path in texts():
        assert MIRRORS.search(path.read_text(encoding="utf-8")) is None, path


def test_nobody_is_named_who_is_neither_elected_nor_the_signer_of_an_act() -> None:
    for path in texts():
        for word in set(re.findall(r"[a-z]+", f"{path.name} {path.read_text(encoding='utf-8')}".lower())):
            assert hashlib.sha256(word.encode()).hexdigest()[:12] not in NOT_PUBLIC, f"{path.name}: {word}"


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[place : place + RUN_OF_WORDS]) for place in range(len(found) - RUN_OF_WORDS + 1)}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the articles are no part of the project")
def test_no_sentence_of_an_article_is_copied() -> None:
    articles = set().union(*(runs(path.read_text(encoding="utf-8")) for path in SEEDS.glob("*.txt")))
    assert articles
    for path in texts():
        assert runs(path.read_text(encoding="utf-8")) & articles == set(), path


def test_the_audit_says_first_that_the_cost_cannot_be_rederived(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(copied("nyc-2019", tmp_path))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "47 results, computed, not decided: 45 no rule, 1 owes, 1 classified"
    assert lines[3].startswith("Public facts, each with its source and date")
    assert "cannot be derived again from public rows" in " ".join(lines[2:6])
