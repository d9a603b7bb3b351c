"""What a policy asks of a record, worked out before there is any (`analysis.plan`)."""

import shutil
from pathlib import Path

import pytest

from custodiet.base.dates import Days
from custodiet.cli.main import main
from custodiet.policy.analysis.plan import And, Atom, Exists, Holds, Members, Named, Not, Or, Plan, Plans, Route
from custodiet.policy.analysis.plan_shown import shown
from custodiet.policy.language.ast import Policy
from custodiet.records import core_types
from tests.house import ROOT
from tests.meaning import law

MEALS = law(
    """
    define
    trip.campaigned = any(event where sort = 'campaign')

    Rule 1
    in force 2024-01-01 ..
    when cost_class = 'meals' and trip.protectee is not none
    owes 0

    Rule 1a
    in force 2024-01-01 .. 2024-12-31
    exception to 1
    when trip.campaigned or not cost_class = 'meals' or all(trip.leg where purpose = 'campaign')
    owes paid / 2 from trip.answerable else 'the campaign', rest of paid from 'the city'

    Rule 2
    in force 2025-01-01 ..
    prevails over 1
    when count(trip.leg where purpose = 'campaign' or departed_on < 2024-06-01) >= 3
    owes min(sum(trip.voucher.paid where paid > 10), 100) from 'the campaign'
    """,
    for_each="voucher",
    on="incurred_on",
)

SHOWN = """\
policy small/law, for each voucher, on incurred_on
  [0] cost_class = 'meals'
  [1] trip.protectee is none
  [2 of event] sort = 'campaign'
  [3 of trip] any(event where [2])
  [4] trip.campaigned
  [5 of leg] purpose = 'campaign'
  [6] any(trip.leg where not [5])
  [7 of leg] departed_on < 2024-06-01
  [9] 3 <= count(trip.leg where [5] or [7])
  [10 of voucher] 10 < paid
  trip.campaigned = [3]
  rule 1, 2024-01-01 ..: when [0] and not [1], owes 0
  rule 1a, 2024-01-01 .. 2024-12-31: when [4] or not [0] or not [6], \
owes paid / 2 from trip.answerable else 'the campaign', rest of paid from 'the city'
  rule 2, 2025-01-01 ..: when [9], owes min(sum(trip.voucher.paid where [10]), 100) from 'the campaign'
  2024-01-01 .. 2024-12-31: rule 1a inside rule 1 displaces rule 1
  2025-01-01 ..: rule 2 displaces rule 1"""


def planned(policy: Policy) -> Plan:
    return Plans([policy], core_types()).of(policy)


def test_a_plan_is_printed_test_by_test_rule_by_rule_and_day_by_day() -> None:
    assert shown(planned(MEALS)) == SHOWN


def test_a_definition_is_linked_and_all_is_asked_as_not_any() -> None:
    plan = planned(MEALS)
    (campaigned,) = plan.definitions
    assert (campaigned.type, campaigned.name) == ("trip", "campaigned")
    up = (core_types()["voucher"].field("trip"),)
    match plan.versions[1].when:
        case Or((Atom(_, Holds(named)), _, Not(Atom(_, Exists(members))))):
            assert named == Named(Route(0, up, "trip", ("trip", "campaigned")), campaigned)
            assert members == Members(Route(0, up, "trip", ("trip", "leg")), "leg", "leg")
        case other:
            pytest.fail(str(other))


def test_the_same_test_is_one_wherever_it_is_asked_and_in_another_scope_another() -> None:
    policy = law(
        """
        Rule 1
        when on_duty and any(leg.seat where on_duty)
        permits

        Rule 2
        when not on_duty or role = 'crew'
        forbids
        """
    )
    tests = planned(policy).tests
    assert [(atom.number, scope) for atom, scope in tests if atom.test == tests[0][0].test] == [
        (0, ("seat",)), (1, ("seat", "seat")),
    ]  # fmt: skip
    assert [version.when for version in planned(policy).versions] == [
        And((tests[0][0], tests[2][0])), Or((Not(tests[0][0], tests[0][0].written), tests[3][0])),
    ]  # fmt: skip


def test_rules_are_laid_out_by_stretches_of_days() -> None:
    plan = planned(MEALS)
    assert [str(days) for days in plan.stretches_in()] == ["../2023-12-31", "2024-01-01/2024-12-31", "2025-01-01/.."]
    assert [str(days) for days in plan.stretches_in(Days.read("2024-12/2025-01"))] == [
        "2024-12-01/2024-12-31", "2025-01-01/2025-01-31",
    ]  # fmt: skip
    one_day = Days.read("2024-05-05")
    assert plan.stretches_in(one_day) == (one_day,)
    assert plan.layout(one_day) is plan.layout(Days.read("2024-06"))
    assert plan.layout(Days.read("2023")).places == ()


def test_check_prints_the_plans_of_a_pack_and_what_is_wrong_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT / "packs" / "model-code"), "--plan"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(
        "policy model-code/allowance-for-meals, for each travel_day, on date\n  [0] for_a_guest\n"
    )
    assert "\n\npolicy model-code/day-character, for each day, on date\n  [0 of event] sort = 'campaign'\n" in printed
    assert main(["check", str(ROOT / "packs" / "model-code"), "--plan", "--format", "json"]) == 2
    assert "leave out --format json" in capsys.readouterr().err


def test_a_plan_is_printed_where_an_example_fails_and_not_where_a_name_means_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(name: str, was: str, becomes: str) -> str:
        shutil.copytree(ROOT / "packs" / "model-code", tmp_path / name)
        document = tmp_path / name / "policies" / "recorded-in-time.md"
        text = document.read_text(encoding="utf-8")
        assert was in text
        document.write_text(text.replace(was, becomes), encoding="utf-8")
        assert main(["check", str(tmp_path / name), "--plan"]) == 1
        return capsys.readouterr().out

    same_evening = "| written the same evening | 2024-02-20 | 2024-02-20 | log written at the time | "
    printed = check("other-answer", f"{same_evening}in time |", f"{same_evening}late |")
    assert "policy model-code/recorded-in-time, for each leg, on " in printed
    assert check("other-name", "recorded_on <= departed_on + 7 days", "recorded_in <= departed_on + 7 days") == ""
