"""The steps of a case: nobody is judged unheard, in the dark, or by the hand that accuses them."""

import shutil
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.base.money import Range
from custodiet.base.truth import Truth
from custodiet.cases.case import Case
from custodiet.cases.deadlines import Deadline, deadlines
from custodiet.cases.mandates import actors
from custodiet.cases.notice import last_day_to_answer
from custodiet.cases.steps import objections, objections_to, refuse_unfounded
from custodiet.cli.main import main
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from custodiet.policy.packs.pack import read_pack
from custodiet.policy.packs.procedure import COLUMNS, Procedure, read_procedure
from custodiet.records.record import Record
from tests.case_records import case, record
from tests.first_docket import change
from tests.house import ROOT

HEADER = ",".join(COLUMNS)
TABLE = f"""{HEADER}
draft finding,none,no,none,none,none,none,investigator,none,art. 1
notice,draft finding,yes,10,draft_finding.made_on,none,none,investigator,none,art. 2
response,notice,no,20,notice.served_on,none,none,respondent,none,art. 3
finding,notice,yes,60,notice.served_on,preponderance,investigator,investigator,decider,art. 4
determination,finding,yes,30,finding.made_on,clear and convincing,prosecutor,decider,prosecutor,art. 5
order,determination,no,none,none,none,none,decider,prosecutor,art. 6
review,order,no,30,order.made_on,none,none,respondent,none,art. 7
"""


def procedure(table: str = TABLE) -> Procedure:
    read = read_procedure(table.encode())
    assert [problem.shown() for problem in read.problems] == []
    return read


INVESTIGATOR = record("mandate", "M1", person="P1", name="investigator 1", case_role="investigator",
                      appointed_by="the council", from_on="2024-01-01")  # fmt: skip
DECIDER = record("mandate", "M2", name="the board", case_role="decider", appointed_by="the mayor", from_on="2020-01-01")
DRAFT = record("draft_finding", "D1", made_on="2024-02-28", made_by="P1")
NOTICE = record("notice", "N1", ahead_of="finding", draft_finding="D1", served_on="2024-03-01", days_to_answer="20",
                made_by="P1")  # fmt: skip
FINDING = record("finding", "F1", draft_finding="D1", outcome="substantiated", standard_of_proof="preponderance",
                 made_on="2024-03-22", made_by="P1")  # fmt: skip
ANSWER = record("response", "A1", notice="N1", form="response", made_on="2024-03-10")
SILENCE = record("response", "A1", notice="N1", form="silence", made_on="2024-03-22", recorded_by="P1")
DETERMINATION = record("determination", "T1", finding="F1", standard_of_proof="clear and convincing",
                       made_on="2024-04-21", made_by_body="the board")  # fmt: skip
HEARD = (INVESTIGATOR, DECIDER, DRAFT, NOTICE)


def changed(of: Record, **cells: str) -> Record:
    told = record(of.type, of.id, **cells)
    return replace(of, values={**of.values, **{name: told.values[name] for name in cells}})


def against(step: Record, of: Case, *results: Result) -> list[tuple[str, Truth]]:
    return [(each.rule, each.holds) for each in objections_to(of, procedure(), step, results)]


# ---- notice and time to answer


def test_a_finding_made_after_notice_and_the_time_to_answer_stands() -> None:
    # Served on 1 March, 20 days: 21 March is the last day to answer, so 22 March is the first day for a finding.
    assert against(FINDING, case(*HEARD, FINDING)) == []
    refuse_unfounded(case(*HEARD, FINDING), procedure())


def test_a_finding_on_the_last_day_to_answer_is_refused() -> None:
    early = changed(FINDING, made_on="2024-03-21")
    assert against(early, case(*HEARD, early)) == [("time to answer", Truth.NO)]
    with pytest.raises(Refused, match=r"finding F1: notice had not been served and the time to answer over \(art. 4\)"):
        refuse_unfounded(case(*HEARD, early), procedure())


def test_a_finding_before_the_time_has_run_stands_once_the_respondent_has_answered() -> None:
    early = changed(FINDING, made_on="2024-03-11")
    assert against(early, case(*HEARD, ANSWER, early)) == []
    assert against(early, case(*HEARD, changed(SILENCE, made_on="2024-03-10"), early)) == [("time to answer", Truth.NO)]


@pytest.mark.parametrize(
    ("served_on", "holds"), [("none", Truth.NO), ("unknown", Truth.UNKNOWN), ("2024-03-23", Truth.NO)]
)
def test_a_finding_whose_notice_was_not_served_before_or_not_shown_to_be_is_refused(
    served_on: str, holds: Truth
) -> None:
    notice = changed(NOTICE, served_on=served_on)
    found = against(FINDING, case(INVESTIGATOR, DRAFT, notice, FINDING))
    assert found == [("order of steps", holds), ("time to answer", holds)]


def test_the_notice_of_another_draft_is_no_notice() -> None:
    other = changed(NOTICE, draft_finding="D2")
    assert against(FINDING, case(INVESTIGATOR, DRAFT, other, FINDING)) == [("order of steps", Truth.NO)]
    unsaid = changed(NOTICE, draft_finding="unknown")
    assert against(FINDING, case(INVESTIGATOR, DRAFT, unsaid, FINDING))[0] == ("order of steps", Truth.UNKNOWN)


def test_a_notice_gives_no_less_time_than_the_law_and_may_give_more() -> None:
    short, long = changed(NOTICE, days_to_answer="10"), changed(NOTICE, days_to_answer="30")
    assert against(short, case(*HEARD[:3], short)) == [("days to answer", Truth.NO)]
    assert against(long, case(*HEARD[:3], long)) == []
    assert last_day_to_answer(long, procedure()) == Days.read("2024-03-31")
    assert against(FINDING, case(*HEARD[:3], long, FINDING)) == [("time to answer", Truth.NO)]


def test_silence_is_recorded_when_the_time_is_over_and_not_before() -> None:
    assert against(SILENCE, case(*HEARD, SILENCE)) == []
    soon = changed(SILENCE, made_on="2024-03-21")
    assert against(soon, case(*HEARD, soon)) == [("silence", Truth.NO)]


# ---- how sure, and on whom it falls to show it


def test_a_finding_states_the_standard_of_proof_of_the_procedure() -> None:
    unsaid, lower = (
        changed(FINDING, standard_of_proof="unknown"),
        changed(FINDING, standard_of_proof="reasonable cause"),
    )
    assert against(unsaid, case(*HEARD, unsaid)) == [("standard of proof", Truth.UNKNOWN)]
    assert against(lower, case(*HEARD, lower)) == [("standard of proof", Truth.NO)]


@pytest.mark.parametrize("response", [ANSWER, SILENCE], ids=["answered", "silent"])
@pytest.mark.parametrize("outcome", ["substantiated", "partially substantiated"])
def test_a_missing_fact_never_shifts_the_burden(response: Record, outcome: str) -> None:
    finding = changed(FINDING, rests_on="S1; S2", outcome=outcome)
    missing = (Missing("S1", "occupant", "the protective unit"),)
    results = (
        Result("p/q", "seat", "S1", Outcome.UNDETERMINED, missing=missing),
        Result("p/q", "seat", "S2", Outcome.OWES),
        Result("p/q", "seat", "S3", Outcome.UNDETERMINED),
    )
    found = objections_to(case(*HEARD, response, finding), procedure(), finding, results)
    assert [(each.rule, each.holds, each.missing) for each in found] == [("burden", Truth.NO, missing)]
    assert found[0].message.endswith("the burden stays with the investigator")


@pytest.mark.parametrize("outcome", ["not substantiated", "unfounded", "within the rules"])
def test_what_is_not_found_against_the_respondent_may_rest_on_missing_facts(outcome: str) -> None:
    finding = changed(FINDING, rests_on="S1", outcome=outcome)
    undetermined = Result("p/q", "seat", "S1", Outcome.UNDETERMINED)
    assert against(finding, case(*HEARD, finding), undetermined) == []


def test_a_finding_about_a_body_names_no_person_and_an_indeterminate_one_says_what_is_missing() -> None:
    body = changed(FINDING, outcome="control missing", about="P9")
    assert against(body, case(*HEARD, body)) == [("about a body", Truth.NO)]
    blind = changed(FINDING, outcome="indeterminate")
    assert against(blind, case(*HEARD, blind)) == [("what is missing", Truth.NO)]
    told = changed(blind, missing="the daily log, kept back by the unit")
    assert against(told, case(*HEARD, told)) == []


@pytest.mark.parametrize(
    ("happened_on", "holds"),
    [("2023-06-14", [("guidance", Truth.NO)]), ("2023-06-15", []), ("2023-06", [("guidance", Truth.UNKNOWN)])],
)
def test_guidance_in_which_an_order_ended_applies_only_from_its_date(
    happened_on: str, holds: list[tuple[str, Truth]]
) -> None:
    order = record("order", "O0", made_on="2023-06-15", guidance="G1")
    guidance = record("guidance", "G1", given_on="2023-06-15")
    finding = changed(FINDING, guidance="G1", happened_on=happened_on)
    assert against(finding, case(*HEARD, order, guidance, finding)) == holds


# ---- in whose hands


def test_whoever_prosecutes_does_not_decide() -> None:
    both = record("mandate", "M3", name="the board", case_role="prosecutor", from_on="2024-01-01")
    world = case(*HEARD, FINDING, DETERMINATION, both)
    found = [(each.type, each.record, each.rule) for each in objections(world, procedure())]
    assert ("determination", "T1", "who may not") in found
    assert ("mandate", "M2", "two parts") in found
    assert objections(case(*HEARD, FINDING, DETERMINATION), procedure()) == ()


def test_whoever_is_recused_takes_no_part_from_that_day() -> None:
    day_of, day_after = changed(DECIDER, recused_on="2024-04-21"), changed(DECIDER, recused_on="2024-04-22")
    facts = (INVESTIGATOR, DRAFT, NOTICE, FINDING, DETERMINATION)
    assert against(DETERMINATION, case(*facts, day_of)) == [("recusal", Truth.NO)]
    assert against(DETERMINATION, case(*facts, day_after)) == []


def test_a_mandate_that_no_entry_tells_of_is_unknown_until_somebody_vouches_for_the_register() -> None:
    facts = (INVESTIGATOR, DRAFT, NOTICE, FINDING, DETERMINATION)
    assert against(DETERMINATION, case(*facts)) == [("who may", Truth.UNKNOWN)]
    assert against(DETERMINATION, case(*facts, complete="mandate")) == [("who may", Truth.NO)]
    ended = changed(DECIDER, until_on="2024-04-20")
    assert against(DETERMINATION, case(*facts, ended, complete="mandate")) == [("who may", Truth.NO)]


def test_who_appointed_whom_and_recusals_can_be_printed() -> None:
    printed = actors(case(INVESTIGATOR, changed(DECIDER, recused_on="2024-04-22")))
    assert [(each.name, each.appointed_by, str(each.recused_on)) for each in printed] == [
        ("the board", "the mayor", "2024-04-22"),
        ("investigator 1", "the council", "Mark.NONE"),
    ]


def test_a_step_that_the_procedure_does_not_know_is_refused_and_a_payment_never() -> None:
    referral, payment = record("referral", "R1", made_on="2024-04-01"), record("payment", "Y1", paid_on="2024-04-01")
    assert against(referral, case(referral)) == [("no such step", Truth.NO)]
    assert against(payment, case(payment)) == []


# ---- deadlines


def only(step: str, of: Case, on: date | None = None) -> Deadline:
    found = [each for each in deadlines(of, procedure(), on) if each.step == step]
    assert len(found) == 1
    return found[0]


def test_a_deadline_counts_calendar_days_from_the_day_after() -> None:
    # 2024 is a leap year: ten days from 28 February are 9 March.
    kept = only("notice", case(DRAFT, NOTICE))
    assert (kept.last_day, kept.late, kept.days_late) == (Days.read("2024-03-09"), Truth.NO, Range.point(0))


def test_a_late_step_says_by_how_many_days_and_in_whose_hands_it_lay() -> None:
    # Thirty days from 22 March end on 21 April.
    assert only("determination", case(FINDING, DETERMINATION)).late is Truth.NO
    late = only("determination", case(FINDING, changed(DETERMINATION, made_on="2024-05-03")))
    assert (late.late, late.days_late, late.who) == (Truth.YES, Range.point(12), ("decider",))


def test_a_duty_nobody_did_is_late_only_where_the_register_is_vouched_complete() -> None:
    on = date(2024, 5, 1)
    assert only("determination", case(FINDING), on).late is Truth.UNKNOWN
    undone = only("determination", case(FINDING, complete="determination"), on)
    assert (undone.late, undone.days_late, undone.done) == (Truth.YES, Range.point(10), None)
    assert only("determination", case(FINDING, complete="determination"), date(2024, 4, 21)).late is Truth.NO
    assert only("determination", case(FINDING, complete="determination")).late is Truth.UNKNOWN


def test_who_may_answer_and_does_not_is_not_late() -> None:
    silent = only("response", case(NOTICE, SILENCE), date(2025, 1, 1))
    assert (silent.last_day, silent.late, silent.done) == (Days.read("2024-03-21"), Truth.NO, None)


def test_unknown_dates_give_unknown_deadlines() -> None:
    assert only("determination", case(changed(FINDING, made_on="unknown"))).last_day == Days(None, None)
    month = only("determination", case(changed(FINDING, made_on="2024-03"), DETERMINATION))
    assert (month.last_day, month.late) == (Days.read("2024-03-31/2024-04-30"), Truth.UNKNOWN)
    assert month.days_late == Range(Fraction(0), Fraction(21))
    unsaid = last_day_to_answer(changed(NOTICE, days_to_answer="unknown"), procedure())
    assert unsaid == Days(date(2024, 3, 21), None)


def test_the_review_of_one_order_keeps_no_deadline_of_another() -> None:
    orders = [record("order", f"O{number}", made_on="2024-05-01") for number in (1, 2)]
    review = record("review", "V1", order="O2", asked_on="2024-05-02")
    found = {each.counted_from.id: each.done for each in deadlines(case(*orders, review), procedure())}
    assert found == {"O1": None, "O2": review}


# ---- the table


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("finding,none,yes,none,none,none,investigator,investigator,none,a", "a finding needs a standard of proof"),
        (
            "finding,none,yes,none,none,preponderance,none,investigator,none,a",
            "needs somebody who bears the burden of proof",
        ),
        (
            "finding,none,yes,,none,preponderance,none,investigator,none,a",
            "`within_days` is blank, and nothing here has",
        ),
        ("findings,none,yes,none,none,none,none,investigator,none,a", "`findings` is not a value of `step`"),
        ("order,none,maybe,none,none,none,none,decider,none,a", "`maybe` is not a value of `must`"),
        ("order,none,no,ten,none,none,none,decider,none,a", "`ten` is not a number of days"),
        ("order,none,no,10,none,none,none,decider,none,a", "a time limit needs both its days and the date"),
        ("order,none,no,10,finding.made_at,none,none,decider,none,a", "`finding.made_at` is not a date"),
        ("order,none,no,10,finding.made_on,none,none,decider,none,a", "counts from `finding`, which does not come"),
        ("order,finding,no,none,none,none,none,decider,none,a", "comes after `finding`, which is not a step of this"),
        ("order,order,no,none,none,none,none,decider,none,a", "`order` comes after itself"),
        ("order,none,no,none,none,none,none,decider,decider,a", "decider both may and may not take the step"),
        ("order,none,no,none,none,none,none,none,none,a", "somebody must take the step"),
        ("order,none,no,none,none,sure,none,decider,none,a", "`sure` is not a value of `standard_of_proof`"),
        ("order,none,no", "the row cannot be read"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_line(row: str, message: str) -> None:
    problems = read_procedure(f"{HEADER}\n{row}\n".encode(), "pack/procedure.csv").problems
    assert message in problems[0].message
    assert problems[0].shown().startswith("pack/procedure.csv:2: ")


def test_a_step_stands_in_the_table_once_and_a_column_is_known() -> None:
    row = "order,none,no,none,none,none,none,decider,none,a\n"
    assert "appears twice" in read_procedure(f"{HEADER}\n{row}{row}".encode()).problems[0].message
    unknown = read_procedure(f"{HEADER},standards\n".encode()).problems[0]
    assert unknown.message == "unknown column `standards`"


def test_the_model_code_has_a_procedure_without_a_problem_and_it_is_part_of_the_pack() -> None:
    pack = read_pack(ROOT / "packs" / "model-code")
    read = pack.procedure
    assert read is not None
    assert read.problems == ()
    decides = read.step("determination")
    assert decides is not None
    assert (decides.standard_of_proof, decides.burden) == ("clear and convincing", "prosecutor")
    assert "prosecutor" in decides.not_by
    assert Path("procedure.csv").name not in pack.not_read


@pytest.mark.parametrize("command", [["audit"], ["case"], ["explain", "seat-1"], ["report", "--readers", "internal"]])
def test_a_pack_whose_procedure_has_a_bad_row_decides_nothing(
    docket: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    table = docket / "pack" / "procedure.csv"
    shutil.copy(ROOT / "packs" / "model-code" / "procedure.csv", table)
    change(table, "response,notice,no,20,", "response,notice,no,20240326,")
    out = ["--out", str(docket.parent / "page.html")] if command[0] == "report" else []
    assert main([command[0], str(docket), *command[1:], *out]) == 3
    told = capsys.readouterr()
    assert f"{table}:5: `20240326` is not a number of days" in told.err
    assert told.out == ""
    assert main(["check", str(docket / "pack")]) == 1
    assert f"{table}:5: `20240326` is not a number of days" in capsys.readouterr().err
