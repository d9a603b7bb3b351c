"""What only a person can settle: who is asked, what was answered, and that nothing is settled before."""

from pathlib import Path

import pytest

from custodiet.base.errors import Problem
from custodiet.base.source import Text
from custodiet.cli.main import main
from custodiet.policy.analysis.check import check
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Missing, Outcome, Result
from custodiet.policy.language.ast import Policy
from custodiet.policy.language.document import read_document
from custodiet.policy.language.parser import Unreadable, claim
from custodiet.records import core_types
from tests.first_docket import answer, change
from tests.meaning import EVERYTHING_KNOWN, document, world
from tests.policy_documents import pack_of

COUNSEL = "the ethics counsel"
ASKED = "Was the trip made mainly for official business?"
BOX = f"""```judgment
settles  trip.mainly_official
asks     Was the trip made
         mainly for official business?
of       {COUNSEL}
```
"""
RULES = """
Rule 1
when leg.trip.mainly_official
owes 0

Rule 2
when not leg.trip.mainly_official
owes 100 from occupant
"""


def judged(*answers: str) -> Result:
    """What the seat owes after some judgments, each written as `answer on a day`."""
    lines = [
        f"judgment J{number}: about = T1, question = {ASKED}, answer = {said}, answered_on = {day}"
        for number, (said, _, day) in enumerate(each.partition(" on ") for each in answers)
    ]
    facts = world("\n".join([EVERYTHING_KNOWN, *lines]))
    return Evaluator((POLICY,), facts).decide(POLICY, facts.find("seat", "S1"))


def test_an_unanswered_judgment_leaves_the_answer_open_and_says_who_is_asked() -> None:
    result = judged()
    assert result.outcome is Outcome.UNDETERMINED
    assert result.missing == (Missing("T1", "mainly_official", COUNSEL),)
    assert result.unsettled == ("1", "2")


@pytest.mark.parametrize(
    ("answers", "owes"),
    [
        (("yes on 2023-06-01",), "0"),
        (("no on 2023-06-01",), "100.00"),
        (("yes on unknown",), "0"),
        (("none on none",), "open"),
        (("unknown on unknown",), "open"),
        (("yes on 2023-06-01", "none on none"), "0"),
        (("yes on 2023-06-01", "no on 2023-06-02"), "100.00"),
        (("no on 2023-06-02", "yes on 2023-06-01"), "100.00"),
        (("yes on 2023-06-01", "no on 2023-06-01"), "open"),
        (("yes on 2023-06-01", "no on unknown"), "open"),
        (("yes on 2023-06-01", "yes on unknown"), "0"),
        (("yes on 2023-05", "no on 2023-06"), "100.00"),
        (("yes on 2023", "no on 2023-06-01"), "open"),
        (("yes on 2023-06-01", "no on 2023-06-02", "yes on 2023-06-03"), "0"),
        (("yes on 2023-06-01", "no on unknown", "no on 2023-06-02"), "100.00"),
        (("yes on 2023-06-01", "unknown on 2023-06-02"), "open"),
        (("yes on 2023-06-01", "unknown on 2023-06-01"), "open"),
        (("yes on 2023-06-01", "unknown on unknown"), "open"),
        (("yes on 2023-06-02", "unknown on 2023-06-01"), "0"),
        (("yes on 2023-06-01", "unknown on 2023-06-02", "no on 2023-06-03"), "100.00"),
    ],
)
def test_of_several_answers_the_later_holds_and_answers_at_odds_settle_nothing(
    answers: tuple[str, ...], owes: str
) -> None:
    result = judged(*answers)
    if owes == "open":
        assert result.outcome is Outcome.UNDETERMINED
        assert result.missing == (Missing("T1", "mainly_official", COUNSEL),)
    else:
        assert [debt.amount.digits for debt in result.debts] == ([] if owes == "0" else [owes])
        assert result.missing == ()


def test_a_judgment_about_another_trip_or_another_question_answers_nothing() -> None:
    other = f"judgment J1: about = T2, question = {ASKED}, answer = yes, answered_on = 2023-06-01\n"
    other += "judgment J2: about = T1, question = Was it raining?, answer = yes, answered_on = 2023-06-01"
    facts = world(f"{EVERYTHING_KNOWN}\n{other}")
    assert Evaluator((POLICY,), facts).decide(POLICY, facts.find("seat", "S1")).outcome is Outcome.UNDETERMINED


def test_a_judgment_is_one_fact_that_turns_out_the_same_in_every_rule() -> None:
    policy = law_with_judgment(
        "Rule 1\nowes 5 from occupant\n\nRule 2\nwhen leg.trip.mainly_official\nowes 5 from occupant"
    )
    facts = world(EVERYTHING_KNOWN)
    result = Evaluator((policy,), facts).decide(policy, facts.find("seat", "S1"))
    assert (result.outcome, [debt.amount.digits for debt in result.debts]) == (Outcome.OWES, ["5.00"])


def test_a_judgment_may_not_take_the_name_of_a_field_or_of_a_definition() -> None:
    taken = "\n\n".join(["define\ntrip.long = count(day) > 3", RULES.replace("mainly_official", "long")])
    for name, kind in (("purpose", "definition_taken"), ("long", "definition_twice")):
        settles = {"purpose": "leg.purpose", "long": "trip.long"}[name]
        text = with_box(document(taken), BOX.replace("trip.mainly_official", settles))
        assert [problem.code for problem in problems(text)] == [kind]


def test_two_policies_may_ask_the_same_and_only_the_same(tmp_path: Path) -> None:
    one = with_box(document(RULES, policy="small/one"))
    two = with_box(document(RULES, policy="small/two"))
    agreed = pack_of(tmp_path / "agreed", "small", {"one.md": one, "two.md": two})
    assert agreed.problems == ()
    asked_of_another = two.replace(COUNSEL, "the governor")
    at_odds = pack_of(tmp_path / "odds", "small", {"one.md": one, "two.md": asked_of_another})
    assert [problem.code for problem in at_odds.problems] == ["judgment_otherwise"]


# The command line

REQUIRED = "Did the city's business require it?"


@pytest.fixture
def asked(docket: Path) -> Path:
    """The first docket, whose law leaves to counsel which use is official."""
    law_page = docket / "pack" / "policies" / "seat-fare.md"
    change(law_page, "when      leg.purpose = 'official'", "when      leg.official_use")
    change(law_page, "when      leg.purpose != 'official'", "when      not leg.official_use")
    box = f"```judgment\nsettles  leg.official_use\nasks     {REQUIRED}\nof       {COUNSEL}\n```\n"
    change(law_page, "## Rule 1", f"{box}\n## Rule 1")
    text = law_page.read_text(encoding="utf-8")
    law_page.write_text(text.partition("## Examples")[0], encoding="utf-8")
    return docket


def test_whoever_asks_before_a_use_is_sent_to_the_person_who_judges(
    asked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use = ("role=guest", "on_duty=no", "leg.departed_on=2024-05-09", "leg.full_coach_fare=412", "occupant=g7")
    said = answer(capsys, "ask", str(asked / "pack"), "--for", "seat", *use)
    assert said["answer"] == f"unknown: ask {COUNSEL} for leg.official_use"
    settled = answer(capsys, "ask", str(asked / "pack"), "--for", "seat", *use, "leg.official_use=no")
    assert settled["answer"] == "proceed, g7 pays about 412.00 EUR"


def test_an_audit_asks_the_person_who_judges_in_the_words_of_the_question(
    asked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(asked)]) == 0
    told = capsys.readouterr()
    assert f"ask {COUNSEL} for official_use of leg-2: {REQUIRED}" in told.out + told.err
    assert f"{COUNSEL}: official_use of these legs: {REQUIRED} (3 results)" in told.out + told.err


def test_an_explanation_shows_the_question_and_the_entry_that_answered_it(
    asked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_now = answer(capsys, "explain", str(asked), "seat-2")
    assert open_now["answers"][0]["missing"] == [{"record": "leg-2", "field": "official_use", "held_by": COUNSEL}]

    table = "id,about,question,answer,answered_on,source\n"
    row = f"j-1,leg-2,{REQUIRED},no,2024-06-01,motor-log.md#9 May\n"
    (asked / "records" / "judgment.csv").write_text(table + row, encoding="utf-8")
    [said] = answer(capsys, "explain", str(asked), "seat-2")["answers"]

    assert (said["outcome"], said["missing"]) == ("owes", [])
    [fact] = [fact for fact in said["read"] if fact["field"] == "official_use"]
    assert (fact["record"], fact["value"]) == ("leg-2", "no")
    assert [entry["source"] for entry in fact["entries"]] == ["records/judgment.csv#2"]
    [rule] = said["because"]
    assert rule["definitions"] == [f"leg.official_use: {COUNSEL} is asked: {REQUIRED}"]


# Claims on one line


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("role = 'guest' never owes", "unexpected `role`"),
        ("when role = 'guest' owes", "unexpected `owes`"),
        ("never owed", "unexpected `owed`"),
        ("never owes != 3", "unexpected `!=`"),
        ("always is campaign", "unexpected `campaign`"),
        ("never", "the expression ends too early"),
    ],
)
def test_a_line_that_claims_nothing_is_told_what_was_expected(line: str, wrong: str) -> None:
    with pytest.raises(Unreadable) as said:
        claim(Text(line, "claim", (line,), 1, 1))
    assert said.value.problem.message == wrong


def test_a_claim_says_of_which_records_what_comes_out_for_all_or_none() -> None:
    line = "when role = 'detail' and on_duty always owes <= leg.full_coach_fare from 'city'"
    read = claim(Text(line, "claim", (line,), 1, 1))
    assert (read.always, read.outcome, read.operator, str(read.amount), str(read.payer)) == (
        True, "owes", "<=", "leg.full_coach_fare", "city",
    )  # fmt: skip
    assert read.when is not None
    assert read.says == line


def with_box(text: str, box: str = BOX) -> str:
    """A document with a box before its first rule."""
    before, heading, after = text.partition("## Rule 1")
    return f"{before}{box}\n{heading}{after}"


def problems(text: str) -> tuple[Problem, ...]:
    read = read_document(text, "law.md")
    return read.problems if read.policy is None else check(read.policy, (), core_types())


def law_with_judgment(rules: str) -> Policy:
    text = with_box(document(rules))
    assert problems(text) == ()
    policy = read_document(text, "law.md").policy
    assert policy is not None
    return policy


POLICY = law_with_judgment(RULES)
