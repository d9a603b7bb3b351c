"""What two states of a law say differently, in words."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from custodiet.policy.language.ast import Policy, Rule
from custodiet.policy.packs.diff import Change, How, difference
from custodiet.policy.packs.pack import Pack
from custodiet.policy.testing.examples import Tally
from custodiet.records import core_types
from tests.oracle.chance import Chance, cases
from tests.oracle.strategies import RIDE_WORDS, TOUR_WORDS, policy_of
from tests.small_law import OFFICERS, PERSONAL, law

LATER = (
    PERSONAL.replace("in force  2024-01-01 ..", "in force  2024-01-01 .. 2024-12-31")
    + """
```rule
cite      Code, art. 1, as amended
in force  2025-01-01 ..
when      leg.purpose = 'personal'
owes      leg.full_coach_fare / 2 from occupant
```
"""
)
DEFINED = "```define\nleg.private = purpose = 'personal'\n```\n"
ASKED = "```judgment\nsettles  leg.needed\nasks     Was this leg needed?\nof       the ethics counsel\n```\n"
RATES = "place,in force,meals,cite\nAlbany,2024-01-01 .. 2024-12-31,64.00 EUR,Table 1\n"


def changes(folder: Path, old: str, new: str) -> tuple[Change, ...]:
    """What becomes of a law of these boxes."""
    return difference(law(folder / "old", old), law(folder / "new", new))


def only(found: tuple[Change, ...]) -> Change:
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("old", "new", "part", "before", "after"),
    [
        (
            "leg.purpose = 'personal'",
            "leg.purpose = 'political'",
            "condition",
            "where leg.purpose is 'personal'",
            "where leg.purpose is 'political'",
        ),
        (
            "owes      leg.full_coach_fare from",
            "owes      leg.full_coach_fare / 2 from",
            "amount",
            "the occupant owes leg.full_coach_fare",
            "the occupant owes leg.full_coach_fare divided by 2",
        ),
        (
            "from occupant",
            "from 'city'",
            "amount",
            "the occupant owes leg.full_coach_fare",
            "the city owes leg.full_coach_fare",
        ),
        (
            "from occupant",
            "from 'occupant'",
            "amount, as written",
            "leg.full_coach_fare from occupant",
            "leg.full_coach_fare from 'occupant'",
        ),
        ("in force  2024-01-01 ..", "in force  2023-01-01 ..", "period", "since 2024-01-01", "since 2023-01-01"),
        ("Code, art. 1", "Code, art. 1(a)", "citation", "Code, art. 1", "Code, art. 1(a)"),
        (
            "Whoever travels for a personal purpose",
            "Whoever does",
            "text",
            "Whoever travels for a personal purpose repays the coach fare.",
            "Whoever does repays the coach fare.",
        ),
        ("Personal travel is repaid", "Paying", "title", "Personal travel is repaid", "Paying"),
        ("owes      leg", "permits\nowes      leg", "permission", "", "permitted"),
    ],
)
def test_a_changed_part_of_a_rule_is_told_as_it_read_and_as_it_reads(
    tmp_path: Path, old: str, new: str, part: str, before: str, after: str
) -> None:
    assert old in PERSONAL
    change = only(changes(tmp_path, PERSONAL, PERSONAL.replace(old, new)))
    assert (change.policy, change.sort, change.name, change.how) == ("city/seat", "rule", "1", How.CHANGED)
    assert [(each.name, each.before, each.after) for each in change.parts] == [(part, before, after)]


def test_what_a_rule_is_an_exception_to_and_what_it_prevails_over_are_parts_of_it(tmp_path: Path) -> None:
    otherwise = OFFICERS.replace("exception to  1", "prevails over 1")
    change = only(changes(tmp_path, PERSONAL + OFFICERS, PERSONAL + otherwise))
    assert [(each.name, each.before, each.after) for each in change.parts] == [
        ("exception to", "rule 1", ""),
        ("prevails over", "", "rule 1"),
    ]


def test_a_rule_that_was_added_stands_whole_with_its_citation_and_period(tmp_path: Path) -> None:
    change = only(changes(tmp_path, PERSONAL, PERSONAL + OFFICERS))
    assert (change.name, change.how, change.cite, change.in_force) == (
        "2",
        How.ADDED,
        "Code, art. 2",
        "since 2024-01-01",
    )
    assert change.before == ()
    law, _, reading = change.after[0].partition(": ")
    assert law == "Rule 2 (Code, art. 2, in force since 2024-01-01), an exception to rule 1"
    assert reading == "where role is 'detail' and on_duty, nothing is due."


def test_a_rule_that_was_removed_stands_as_it_was(tmp_path: Path) -> None:
    change = only(changes(tmp_path, PERSONAL + OFFICERS, PERSONAL))
    assert (change.name, change.how, change.after) == ("2", How.REMOVED, ())
    assert change.before[0].startswith("Rule 2 (Code, art. 2, in force since 2024-01-01)")


def test_a_new_version_of_a_rule_ends_the_one_before_it(tmp_path: Path) -> None:
    """The old box gets its last day, and a box that begins on the next day stands beside it."""
    change = only(changes(tmp_path, PERSONAL, LATER))
    ended, added = change.parts
    assert (ended.name, ended.before, ended.after) == ("period", "since 2024-01-01", "from 2024-01-01 to 2024-12-31")
    assert ended.version == "from 2024-01-01 to 2024-12-31"
    assert (added.name, added.before) == ("version", "")
    assert added.after.startswith("Rule 1 (Code, art. 1, as amended, in force since 2025-01-01)")
    assert len(change.before) == 1
    assert len(change.after) == 2


def test_a_change_in_one_of_two_versions_says_in_which(tmp_path: Path) -> None:
    change = only(changes(tmp_path, LATER, LATER.replace("/ 2", "/ 3")))
    assert [(each.name, each.version) for each in change.parts] == [("amount", "since 2025-01-01")]
    assert only(changes(tmp_path / "back", LATER, PERSONAL)).parts[-1].after == ""


def test_definitions_and_judgments_are_law_too(tmp_path: Path) -> None:
    found = changes(tmp_path / "a", PERSONAL, DEFINED + ASKED + PERSONAL)
    assert [(each.sort, each.name, each.how) for each in found] == [
        ("definition", "leg.private", How.ADDED),
        ("judgment", "leg.needed", How.ADDED),
    ]
    assert found[0].after == ("leg.private: purpose is 'personal'.",)
    assert found[1].after == ("leg.needed: the ethics counsel is asked: Was this leg needed?",)
    asked_of_others = ASKED.replace("the ethics counsel", "the ethics board")
    change = only(changes(tmp_path / "b", ASKED + PERSONAL, asked_of_others + PERSONAL))
    assert [(each.name, each.before, each.after) for each in change.parts] == [
        ("of", "the ethics counsel", "the ethics board")
    ]


def test_a_rate_that_changed_is_told_by_its_table_its_place_and_its_day(tmp_path: Path) -> None:
    raised = RATES.replace("64.00", "68.50") + "Albany,2025-01-01 ..,70.00 EUR,Table 2\n"
    old = law(tmp_path / "old", PERSONAL, rates={"per_diem": RATES})
    new = law(tmp_path / "new", PERSONAL, rates={"per_diem": raised})
    changed, added = difference(old, new)
    assert (changed.sort, changed.name, changed.how) == ("rate", "per_diem for Albany", How.CHANGED)
    assert (changed.cite, changed.in_force) == ("Table 1", "from 2024-01-01 to 2024-12-31")
    assert [(each.name, each.before, each.after) for each in changed.parts] == [("meals", "64 EUR", "68.5 EUR")]
    assert added.after == ("per_diem for Albany (Table 2, in force since 2025-01-01): meals 70 EUR.",)


def test_a_question_that_nobody_asked_before_is_told_with_all_it_says(tmp_path: Path) -> None:
    old = law(tmp_path / "old", PERSONAL)
    new = replace(old, policies=(*old.policies, replace(old.policies[0], name="city/load", question="And a load?")))
    change = only(difference(old, new))
    assert (change.sort, change.name, change.how) == ("question", "city/load", How.ADDED)
    assert change.after[0] == "And a load?"
    assert change.after[1].startswith("Rule 1 (Code, art. 1, ")
    assert only(difference(new, old)).how is How.REMOVED


def test_another_head_is_another_question(tmp_path: Path) -> None:
    old = law(tmp_path / "old", PERSONAL)
    asked = replace(old.policies[0], question="Who pays?", step=100)
    change = only(difference(old, replace(old, policies=(asked,))))
    assert [(each.name, each.before, each.after) for each in change.parts] == [
        ("question", "What does a passenger owe for this seat?", "Who pays?"),
        ("rounding", "cent, half up", "unit, half up"),
    ]


def test_a_pack_under_another_name_is_compared_file_by_file(tmp_path: Path) -> None:
    old, new = law(tmp_path / "old", PERSONAL), law(tmp_path / "new", PERSONAL, name="town")
    assert difference(old, new) == ()


def test_examples_and_commentary_are_no_law(tmp_path: Path) -> None:
    rows = "| example | leg.purpose | owes |\n|---|---|---|\n| nobody knows | unknown | undetermined |\n"
    assert changes(tmp_path, PERSONAL, f"{PERSONAL}\n# Notes\n\n## Examples\n{rows}") == ()


def packed(policy: Policy) -> Pack:
    """A pack of one policy."""
    return Pack("small", "Small", "", "nowhere", "en", "CC0-1.0", core_types(), "", (), (policy,), (), Tally(), ())


def two_laws(chance: Chance) -> tuple[Policy, Policy]:
    """A policy, and one that has some of its rules and definitions and some of its own."""
    words = chance.one((RIDE_WORDS, TOUR_WORDS))
    old, other = (policy_of(chance, words, measured=True, counted=True) for _ in range(2))
    theirs = {rule.number: rule for rule in other.rules}
    rules = [theirs.get(rule.number, rule) if chance.coin() else rule for rule in old.rules]
    dropped = tuple(rule for rule in rules if chance.between(0, 4))
    added = tuple(rule for number, rule in theirs.items() if number not in {each.number for each in old.rules})
    definitions = chance.one((old.definitions, other.definitions))
    return old, replace(old, rules=(*dropped, *added), definitions=definitions)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(cases(two_laws))
def test_exactly_what_differs_is_told_and_the_way_back_tells_the_opposite(laws: tuple[Policy, Policy]) -> None:
    old, new = laws
    told = difference(packed(old), packed(new))
    rules = [{rule.number: rule for rule in each.rules} for each in (old, new)]
    expected = {number: how_of(rules[0].get(number), rules[1].get(number)) for number in {*rules[0], *rules[1]}}
    assert {each.name: each.how for each in told if each.sort == "rule"} == {
        number: how for number, how in expected.items() if how is not None
    }
    assert any(each.sort == "definition" for each in told) == (old.definitions != new.definitions)
    assert difference(packed(old), packed(old)) == ()

    opposite = {How.ADDED: How.REMOVED, How.REMOVED: How.ADDED, How.CHANGED: How.CHANGED}
    back = {(each.sort, each.name): each for each in difference(packed(new), packed(old))}
    for change in told:
        other = back.pop((change.sort, change.name))
        assert (other.how, other.before, other.after) == (opposite[change.how], change.after, change.before)
    assert back == {}


def how_of(old: Rule | None, new: Rule | None) -> How | None:
    if old is None:
        return How.ADDED
    if new is None:
        return How.REMOVED
    return How.CHANGED if old != new else None
