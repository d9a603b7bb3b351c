"""The smallest record whose answer a change of the law changes, or the proof that there is none."""

from pathlib import Path

import pytest

from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.packs.pack import Pack
from custodiet.policy.testing.examples import imagine
from custodiet.proofs import impact as turning
from custodiet.proofs.impact import Turning, Whether, turnings
from custodiet.records import core_types
from tests.policy_documents import pack_of
from tests.small_law import HEAD, OFFICERS, PERSONAL, law

TRIP = """---
policy:        city/trip
question:      What was this trip for?
for each:      trip
on:            departed_on
gives:         trip.character
jurisdiction:  Model Republic (fictional)
---
## Rule T1 — The campaign
> A trip to Seaholm is the campaign's.
```rule
cite      Code, art. 5
in force  2024-01-01 ..
when      destination = 'Seaholm'
is        'campaign'
```
## Rule T2 — The rest
> Any other trip is the city's.
```rule
cite      Code, art. 6
in force  2024-01-01 ..
when      not destination = 'Seaholm'
is        'official'
```
"""
READS_TRIP = PERSONAL.replace("leg.purpose = 'personal'", "leg.trip.character = 'campaign'")


def asked(old: Pack, new: Pack, steps: int | None = None) -> Turning:
    """What comes of the one question on which two laws read otherwise."""
    (found,) = turnings(old, new, steps=steps)
    return found


def test_a_change_that_touches_somebody_is_shown_by_a_record_that_both_laws_answer(tmp_path: Path) -> None:
    """Officers on duty owed nothing, and by the new law they owe: the record must be one of an officer on duty."""
    old, new = law(tmp_path / "old", PERSONAL, OFFICERS), law(tmp_path / "new", PERSONAL)
    found = asked(old, new)
    assert found.whether is Whether.CHANGES
    example = dict(found.example)
    assert (example["role"], example["on_duty"], example["leg.purpose"]) == ("detail", "yes", "personal")
    for pack, told in ((old, found.before), (new, found.after)):
        world = imagine(pack.policies, "seat", example, core_types())
        assert world.problems == ()
        result = Evaluator(pack.policies, world.facts).decide(pack.policies[0], world.record)
        assert told is not None
        assert (result.outcome, result.because) == (told.outcome, told.because)
    assert found.before is not None
    assert found.after is not None
    assert (found.before.outcome.value, found.after.outcome.value) == ("nothing due", "owes")


def test_the_same_in_other_words_is_proved(tmp_path: Path) -> None:
    """What is not another purpose than the personal one is personal."""
    twice = PERSONAL.replace("when      leg.purpose = 'personal'", "when      not (leg.purpose != 'personal')")
    assert asked(law(tmp_path / "old", PERSONAL), law(tmp_path / "new", twice)).whether is Whether.SAME


def test_a_law_that_begins_later_changes_the_answer_of_the_days_between(tmp_path: Path) -> None:
    found = asked(law(tmp_path / "old", PERSONAL), law(tmp_path / "new", PERSONAL.replace("2024-01", "2025-01")))
    assert found.whether is Whether.CHANGES
    assert "2024-01-01" <= dict(found.example)["leg.departed_on"] <= "2024-12-31"


def test_a_question_that_reads_another_policys_answer_changes_with_it(tmp_path: Path) -> None:
    """Rule 1 stays word for word, and trips to Port Alder are now the campaign's too."""
    seat = HEAD.format(policy="city/seat") + READS_TRIP
    wider = TRIP.replace("destination = 'Seaholm'", "destination in ('Seaholm', 'Port Alder')")
    old = pack_of(tmp_path / "old", "city", {"seat.md": seat, "trip.md": TRIP}, {})
    new = pack_of(tmp_path / "new", "city", {"seat.md": seat, "trip.md": wider}, {})
    assert [problem.message for pack in (old, new) for problem in pack.problems] == []
    found = {each.policy: each.whether for each in turnings(old, new)}
    assert found == {"city/seat": Whether.CHANGES, "city/trip": Whether.CHANGES}
    assert (
        dict(next(each for each in turnings(old, new) if each.policy == "city/trip").example)["destination"]
        == "Port Alder"
    )


def test_nothing_is_asked_of_the_solver_where_the_law_reads_the_same(tmp_path: Path) -> None:
    """Another text, and rates that no rule reads, decide nothing."""
    rates = "place,in force,meals,cite\nAlbany,2024-01-01 ..,64.00 EUR,Table 1\n"
    other = PERSONAL.replace("repays the coach fare", "repays it")
    assert turnings(law(tmp_path / "old", PERSONAL), law(tmp_path / "new", other, rates={"per_diem": rates})) == ()


def test_rates_that_a_rule_reads_change_its_answers(tmp_path: Path) -> None:
    rates = "in force,meals,cite\n2024-01-01 ..,64.00 EUR,Table 1\n"
    meals = PERSONAL.replace("leg.full_coach_fare from", "rate(per_diem.meals on leg.departed_on) from")
    old = law(tmp_path / "old", meals, rates={"per_diem": rates})
    new = law(tmp_path / "new", meals, rates={"per_diem": rates.replace("64.00", "70.00")})
    found = asked(old, new)
    assert found.before is not None
    assert found.after is not None
    assert [debt.amount.digits for each in (found.before, found.after) for debt in each.debts] == ["64.00", "70.00"]


def test_two_questions_about_different_records_are_not_compared(tmp_path: Path) -> None:
    old = law(tmp_path / "old", PERSONAL)
    about_legs = HEAD.format(policy="city/seat").replace("seat\non:            leg.", "leg\non:            ")
    legs = about_legs + PERSONAL.replace("leg.", "").replace("from occupant", "from 'city'")
    new = pack_of(tmp_path / "new", "city", {"seat.md": legs}, {})
    assert [problem.message for problem in new.problems] == []
    found = asked(old, new)
    assert (found.whether, found.why) == (Whether.UNDECIDED, turning.OTHER_RECORDS)


def test_without_the_solver_nothing_is_proved_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turning, "find_spec", lambda _: None)
    found = asked(law(tmp_path / "old", PERSONAL, OFFICERS), law(tmp_path / "new", PERSONAL))
    assert (found.whether, found.example) == (Whether.NOT_PROVED, ())
    assert "custodiet[prove]" in found.why


def test_with_too_little_effort_it_is_undecided_and_says_why(tmp_path: Path) -> None:
    found = asked(law(tmp_path / "old", PERSONAL, OFFICERS), law(tmp_path / "new", PERSONAL), steps=1)
    assert found.whether is Whether.UNDECIDED
    assert found.why
