"""What whoever plans a use is told before it: proceed, who pays, who must authorize, or what is not known."""

import io
import re
import sys
from pathlib import Path

import pytest

from custodiet.cli.main import main
from tests.first_docket import answer, change
from tests.house import ROOT
from tests.meaning import document
from tests.policy_documents import pack_of

LAW = str(ROOT / "tests" / "audits" / "law")
USE = ("role=guest", "on_duty=no", "leg.departed_on=2024-05-09", "leg.full_coach_fare=412")


def test_whoever_asks_learns_who_pays_about_how_much(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answer(capsys, "ask", str(docket / "pack"), "--for", "seat", *USE, "leg.purpose=personal", "occupant=g7")
    assert said["answer"] == "proceed, g7 pays about 412.00 EUR"
    [policy] = said["answers"]
    [rule] = policy["rules"]
    assert (rule["rule"], rule["cite"]) == ("2", "First Law, art. 2")
    assert "repays the full coach fare" in rule["text"]


def test_where_the_rules_name_nobody_to_pay_nobody_is_advised_to_proceed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    law = document("Rule 1\nowes 10 from occupant, rest of 30 from leg.trip.protectee")
    pack_of(tmp_path / "small", "small", {"law.md": law})
    use = ("--for", "seat", "leg.departed_on=2024-05-02", "occupant=P1", "leg.trip=none")
    said = answer(capsys, "ask", str(tmp_path / "small"), *use)
    nobody = "the rules name nobody to pay about 20.00 EUR: there is no `leg.trip.protectee`"
    assert said["answer"] == f"unknown: {nobody}"
    [policy] = said["answers"]
    assert (policy["outcome"], [each["payer"] for each in policy["pays"]]) == (
        "owes",
        ["P1", "nobody (leg.trip.protectee)"],
    )


def test_a_use_that_costs_nobody_anything_may_proceed(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answer(capsys, "ask", str(docket / "pack"), "--for", "seat", *USE, "leg.purpose=official")
    assert said["answer"] == "proceed"


def test_a_use_that_is_not_protection_needs_an_authorization(capsys: pytest.CaptureFixture[str]) -> None:
    said = answer(capsys, "ask", LAW, "--for", "load", "served=a person", "leg.departed_on=2024-05-09")
    assert said["answer"] == "not protection: the protective unit must authorize"


def test_a_missing_fact_is_named_with_whom_to_ask(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answer(capsys, "ask", str(docket / "pack"), "--for", "seat", *USE)
    assert said["answer"] == "unknown: ask the protective unit for leg.purpose"
    bare = answer(capsys, "ask", str(docket / "pack"), "--for", "seat")
    assert "leg.departed_on" in str(bare["answer"])


def test_what_no_rule_speaks_of_may_proceed_and_is_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    said = answer(capsys, "ask", LAW, "--for", "load", "served=the campaign", "leg.departed_on=2024-05-09")
    assert said["answer"] == "no rule of this pack applied on that day: proceed and record it"
    [policy] = said["answers"]
    assert policy["outcome"] == "no rule"


def test_the_character_of_a_planned_trip_can_be_stated(capsys: pytest.CaptureFixture[str]) -> None:
    use = ("cost_class=meals", "incurred_on=2024-05-09", "paid=80")
    open_now = answer(capsys, "ask", LAW, "--for", "voucher", *use, "trip.departed_on=2024-05-09")
    assert open_now["answer"] == "unknown: ask the protectee's office for trip.character"
    said = answer(capsys, "ask", LAW, "--for", "voucher", *use, "trip.character=campaign")
    assert said["answer"] == "proceed, campaign committee pays about 80.00 EUR"
    shared = answer(capsys, "ask", LAW, "--for", "voucher", *use, "trip.character=mixed", "trip.answerable=mayor")
    assert shared["answer"] == "proceed, campaign committee pays about 40.00 EUR and mayor pays about 40.00 EUR"


def test_what_a_register_would_show_can_be_stated_as_the_law_defines_it(capsys: pytest.CaptureFixture[str]) -> None:
    use = ("ask", LAW, "--for", "trip", "departed_on=2024-05-09", "returned_on=2024-05-10")
    open_now = answer(capsys, *use)
    assert open_now["answer"] == (
        "proceed and record it: what this pack asks about a trip can be answered once more is known"
    )
    assert open_now["answers"] == [], "nobody is asked for what only classifies a trip"
    said = answer(capsys, *use, "campaigned=no")
    assert said["answer"] == "proceed"
    assert said["answers"][0]["note"] == "it counts as official"


def test_where_the_rules_conflict_guidance_is_asked_for(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    law = docket / "pack" / "policies" / "seat-fare.md"
    change(law, "leg.purpose = 'official'\nowes      0", "leg.purpose != 'campaign'\nowes      0")
    change(law, "| to the coast |", "| to the sea |")
    text = law.read_text(encoding="utf-8")
    law.write_text(text[: text.index("## Examples")], encoding="utf-8")
    said = answer(capsys, "ask", str(docket / "pack"), "--for", "seat", *USE, "leg.purpose=personal")
    assert said["answer"] == (
        "unknown: ask the ethics board for guidance, as rules 1 and 2 of first-law/seat-fare conflict"
    )
    assert answer(capsys, "audit", str(docket))["by_outcome"]["conflict"] == 1


@pytest.mark.parametrize("words", [("--for", "seat", *USE), ("--for", "seat"), ("--for", "seat", "role=protectee")])
def test_no_answer_refuses_protection(docket: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    assert main(["ask", str(docket / "pack"), *words]) == 0
    said = capsys.readouterr().out
    assert said.endswith("Whether a person is protected is decided by the unit, before and without this program.\n")


class Person(io.StringIO):
    """Someone who sits at the terminal and answers."""

    def isatty(self) -> bool:
        return True


def test_a_person_at_the_terminal_is_asked_only_for_what_matters(
    docket: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Person("2024-13-01\n2024-05-09\n412\npersonal\nno\n"))
    assert main(["ask", str(docket / "pack"), "--for", "seat"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("proceed, the occupant pays about 412.00 EUR")
    assert "write a valid date; 2" in said.err
    asked = re.findall(r"^([\w.]+): ", said.err, flags=re.MULTILINE)
    assert asked == ["leg.departed_on", "leg.full_coach_fare", "leg.purpose", "on_duty"]


def test_a_person_who_does_not_know_gets_an_answer_all_the_same(
    docket: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Person("unknown\n" * 10))
    assert main(["ask", str(docket / "pack"), "--for", "seat"]) == 0
    assert capsys.readouterr().out.startswith("unknown: ask the protective unit for leg.departed_on")


# --- rules about planned legs, loads and seats ---

PACK = """\
name = "trial"
jurisdiction = "Trial Land (fictional)"
language = "en"
licence = "Apache-2.0"
"""
ERRANDS = """\
---
policy:        trial/errands
question:      Is this load within the rules?
for each:      load
on:            leg.departed_on
jurisdiction:  Trial Land (fictional)
---

```define
leg.permitted = authorization.in_writing = yes
```

## Rule 1 — Loads for others

> Nothing is carried for a person.

```rule
cite      Trial Act, art. 1
in force  2024-01-01 ..
when      served = 'a person'
forbids
```

## Rule 2 — By permission

> Unless it was authorized in writing.

```rule
cite          Trial Act, art. 2
in force      2024-01-01 ..
exception to  1
when          leg.permitted
permits
```

## Rule 3 — The city's own

> What is carried for the city is within the rules.

```rule
cite      Trial Act, art. 3
in force  2024-01-01 ..
when      served = 'the city'
permits
```
"""
IN_TIME = """\
---
policy:        trial/in-time
question:      Was this load recorded in time?
for each:      load
on:            leg.departed_on
jurisdiction:  Trial Land (fictional)
---

## Rule 1 — In time

> A load is recorded on the day, or it is late.

```rule
cite      Trial Act, art. 4
in force  2024-02-01 ..
when      recorded_on <= leg.departed_on
is        'in time'
```

```rule
cite      Trial Act, art. 4 (as first made)
in force  2024-01-01 .. 2024-01-31
is        'not asked'
```

## Rule 2 — Late

> Otherwise it is late.

```rule
cite      Trial Act, art. 5
in force  2024-02-01 ..
when      recorded_on > leg.departed_on
is        'late'
```
"""


@pytest.fixture
def trial(tmp_path: Path) -> str:
    """A pack of two policies about loads: one forbids and permits, one only classifies."""
    for name, text in {"pack.toml": PACK, "policies/errands.md": ERRANDS, "policies/in-time.md": IN_TIME}.items():
        path = tmp_path / "trial" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(tmp_path / "trial")


def test_a_planned_load_gets_an_answer_without_what_is_written_down_afterwards(
    trial: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answer(capsys, "ask", trial, "--for", "load", "served=the city", "leg.departed_on=2024-05-09")
    assert said["answer"] == "proceed"
    assert [each["policy"] for each in said["answers"]] == ["trial/errands"]


def test_what_only_classifies_is_told_once_what_is_stated_determines_it(
    trial: str, capsys: pytest.CaptureFixture[str]
) -> None:
    use = ("ask", trial, "--for", "load", "served=the city")
    for day, more, note in (
        ("2024-01-15", (), "it counts as not asked"),
        ("2024-05-09", ("recorded_on=2024-05-10",), "it counts as late"),
    ):
        said = answer(capsys, *use, f"leg.departed_on={day}", *more)
        notes = {each["policy"]: each["note"] for each in said["answers"]}
        assert notes == {"trial/errands": None, "trial/in-time": note}


def test_a_use_outside_the_rules_unless_authorized_names_who_must_authorize_and_the_rule(
    trial: str, capsys: pytest.CaptureFixture[str]
) -> None:
    use = ["ask", trial, "--for", "load", "served=a person", "leg.departed_on=2024-05-09"]
    said = answer(capsys, *use)
    assert said["answer"] == "not protection: the protective unit must authorize"
    assert [each["fact"] for each in said["answers"][0]["ask"]] == ["leg.authorization"]
    assert main(use) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "not protection: the protective unit must authorize"
    assert "    1 Loads for others (Trial Act, art. 1)" in lines
    assert "      “Nothing is carried for a person.”" in lines


def test_an_authorized_use_may_proceed(trial: str, capsys: pytest.CaptureFixture[str]) -> None:
    use = ("served=a person", "leg.departed_on=2024-05-09", "leg.authorization.in_writing=yes")
    assert answer(capsys, "ask", trial, "--for", "load", *use)["answer"] == "proceed"


def test_of_several_questions_the_gravest_answer_comes_first_and_silence_of_the_rules_is_told(
    trial: str, capsys: pytest.CaptureFixture[str]
) -> None:
    use = ("ask", trial, "--for", "load")
    silent = answer(capsys, *use, "served=the city", "leg.departed_on=2023-05-09")
    assert silent["answer"] == "no rule of this pack applied on that day: proceed and record it"
    part = answer(capsys, *use, "served=the campaign", "leg.departed_on=2024-01-15")
    assert part["answer"] == ("proceed and record it: for 1 of 2 questions, no rule of this pack applied on that day")
    forbidden = answer(capsys, *use, "served=a person", "leg.departed_on=2024-01-15", "leg.authorization=none")
    assert [each["advice"] for each in forbidden["answers"]] == ["not protection", "proceed"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--for", "sest"], "did you mean `seat`?"),
        (["--for", "seat", "role"], "`role` is not a fact; write one as role=guest"),
        (["--for", "seat", "role=king"], "one of protectee, relative"),
        (["--for", "seat", "role=guest", "role=crew"], "`role` is stated twice, as `guest` and as `crew`"),
        (["--for", "seat", "roel=guest"], "a seat has no `roel`; a seat has basis, leg, occupant, on_duty"),
        (["--for", "seat", "roel=guest"], "did you mean `role`?"),
        (["--for", "seat", "leg.purpos=official"], "did you mean `leg.purpose`?"),
        (["--for", "seat", "owes=5"], "a seat has no `owes`; a seat has basis"),
        (["--for", "seat", "role.name=5"], "`role` of a seat does not lead to a single record"),
        (["--for", "seat", "leg.seat=5"], "the seat records of a leg are not a single fact"),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_followed_says_what_can_be_stated(
    docket: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["ask", str(docket / "pack"), *words]) == 2
    spoken = capsys.readouterr()
    assert said in spoken.err
    assert "example, owes, from" not in spoken.err
    assert spoken.out == ""
