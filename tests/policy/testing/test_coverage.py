"""`custodiet test`: examples and claims, and what no example of a policy shows."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodiet.base.truth import Truth, truth
from custodiet.cli.main import main
from custodiet.policy.analysis.plan import And, Atom, Condition, Fact, Holds, Not, Or, Route
from custodiet.policy.language.ast import Path as Named
from custodiet.policy.language.ast import Policy, Version
from custodiet.policy.packs.pack import read_pack
from custodiet.policy.testing.coverage import ALWAYS_WANTED, Coverage, Point, coverage
from custodiet.policy.testing.criteria import Part, turning
from custodiet.policy.testing.examples import run_examples
from tests.house import ROOT, every_type
from tests.policy_documents import pack_of

HEAD = """---
policy:        p/fare
question:      What does a passenger owe for this seat?
for each:      seat
on:            leg.departed_on
jurisdiction:  Model Republic (fictional)
currency:      EUR
rounding:      cent, half up
---
"""
RULES = """
## Rule 1 — Whoever travels pays
> A passenger pays the fare.
```rule
cite      Fare Law, art. 1
in force  2024-01-01 ..
owes      leg.full_coach_fare from occupant
```
## Rule 2 — Officers at work do not
> An officer of the detail who is on duty pays nothing.
```rule
cite          Fare Law, art. 2
in force      2024-01-01 ..
exception to  1
when          role = 'detail' and on_duty
owes          0
```
"""
COLUMNS = "role | on_duty | leg.departed_on | leg.full_coach_fare | owes | because"


def table(*rows: str, columns: str = COLUMNS) -> str:
    """An example table of some rows."""
    lines = [f"example | {columns}", "|".join("-" for _ in f"x|{columns}".split("|")), *rows]
    return "\n## Examples\n\n" + "\n".join(f"| {line} |" for line in lines) + "\n"


GUEST = "a guest | guest | no | 2024-05-02 | 180 | 180 | 1"
OFFICER = "an officer at work | detail | yes | 2024-05-02 | 180 | 0 | 2"
OFF_DUTY = "an officer off duty | detail | no | 2024-05-02 | 180 | 180 | 1"
AIDE = "an aide at work | city staff | yes | 2024-05-02 | 180 | 180 | 1"


@pytest.fixture
def of(tmp_path: Path) -> Callable[..., Coverage]:
    """What the examples of a document show."""
    written = iter(range(100))

    def covered(document: str, tables: dict[str, bytes] | None = None) -> Coverage:
        pack = pack_of(tmp_path / str(next(written)), "p", {"fare.md": document}, tables or {})
        (policy,) = pack.policies
        return coverage(policy, [each for each in pack.policies if each.gives], every_type())

    return covered


def told(covered: Coverage, *sorts: str) -> list[str]:
    """What is not shown, of some sorts or of all."""
    return [point.what for point in covered.not_shown if not sorts or point.sort in sorts]


def test_the_examples_of_a_good_document_show_all_of_it(of: Callable[..., Coverage]) -> None:
    covered = of(HEAD + RULES + table(GUEST, OFFICER, OFF_DUTY, AIDE))
    assert told(covered, *ALWAYS_WANTED) == []
    assert covered.complete
    assert {sort: covered.shown(sort) for sort in ("rule", "exception", "rank", "condition")} == {
        "rule": 2,
        "exception": 1,
        "rank": 0,
        "condition": 4,
    }


def test_without_examples_nothing_is_shown_and_no_row_is_proposed(of: Callable[..., Coverage]) -> None:
    covered = of(HEAD + RULES)
    assert told(covered, *ALWAYS_WANTED) == [
        "rule 1 deciding",
        "rule 2 deciding",
        "rule 2 displacing rule 1",
        "rule 2 turning on `role = 'detail'` holding",
        "rule 2 turning on `role = 'detail'` not holding",
        "rule 2 turning on `on_duty` holding",
        "rule 2 turning on `on_duty` not holding",
    ]
    assert covered.rows == {}


def test_an_officer_off_duty_is_missed_and_a_row_is_proposed(of: Callable[..., Coverage]) -> None:
    """Both examples come out, and a rule that said `role = 'detail'` and no more would let them come out too."""
    covered = of(HEAD + RULES + table(GUEST, OFFICER, AIDE))
    assert told(covered, "condition") == ["rule 2 turning on `on_duty` not holding"]
    (point,) = (each for each in covered.not_shown if each.sort == "condition")
    assert (
        covered.problem(point)
        .shown()
        .splitlines()[0]
        .endswith("fare.md:24: no example shows rule 2 turning on `on_duty` not holding")
    )
    assert covered.rows[point.key].in_words == "a row like “a guest” with role = detail"


@pytest.mark.parametrize(
    "row",
    [
        "an officer at work | detail | yes | 2024-05-02 | 180 | 180 | 1",  # the law says 0
        "an officer at work | detail | yes | 2024-05-02 | 180 | | ",  # nothing is expected
        "an officer at work, perhaps | detail | unknown | 2024-05-02 | 180 | undetermined | ",
        "an officer at work, some day | detail | yes | 2023-12/2024-01 | 180 | undetermined | ",
    ],
)
def test_an_example_that_fails_or_expects_nothing_or_leaves_it_open_shows_no_rule(
    of: Callable[..., Coverage], row: str
) -> None:
    assert "rule 2 deciding" in told(of(HEAD + RULES + table(GUEST, row)))


def test_each_version_of_a_rule_needs_an_example_of_its_own(of: Callable[..., Coverage]) -> None:
    amended = RULES.replace("2024-01-01 ..\nowes      leg", "2024-01-01 .. 2024-06-30\nowes      leg", 1).replace(
        "\n## Rule 2",
        "\n```rule\ncite x\nin force 2024-07-01 ..\nowes leg.full_coach_fare * 2 from occupant\n```\n## Rule 2",
    )
    covered = of(HEAD + amended + table(GUEST, OFFICER, OFF_DUTY, AIDE))
    assert told(covered, "rule") == ["rule 1 (in force since 2024-07-01) deciding"]
    assert told(covered, "period") == [
        "2023-12-31, the last day before the law changes",
        "2024-01-01, the day on which the law changes",
        "2024-06-30, the last day before the law changes",
        "2024-07-01, the day on which the law changes",
    ]


RANKED = (
    RULES
    + """
## Rule 3 — The crew
> Notwithstanding article 1 nothing is due for the crew.
```rule
cite           Fare Law, art. 3
in force       2024-01-01 ..
prevails over  1
when           role = 'crew' or on_duty
owes           0
```
"""
)


def test_what_displaces_a_rule_together_with_another_is_not_shown_to_displace_it(
    of: Callable[..., Coverage],
) -> None:
    """On an officer at work rule 3 is there as well, and rule 1 would yield to it without rule 2."""
    officer = "an officer at work | detail | yes | 2024-05-02 | 180 | 0 | 3"
    covered = of(HEAD + RANKED + table(GUEST, officer))
    assert told(covered, "rule", "exception", "rank") == ["rule 2 deciding", "rule 2 displacing rule 1"]


def test_a_rank_is_shown_where_the_other_rule_would_answer_without_it(of: Callable[..., Coverage]) -> None:
    pilot = "the pilot | crew | no | 2024-05-02 | 180 | 0 | 3"
    assert told(of(HEAD + RANKED + table(GUEST)), "rank") == ["rule 3 prevailing over rule 1"]
    assert told(of(HEAD + RANKED + table(GUEST, pilot)), "rank") == []


def test_what_always_yields_to_another_rule_is_never_shown_and_gets_no_row(of: Callable[..., Coverage]) -> None:
    """Whoever is on duty falls under rule 3, which outranks all that rule 2 is inside of."""
    covered = of(HEAD + RANKED + table(GUEST, "the pilot | crew | no | 2024-05-02 | 180 | 0 | 3"))
    (rule,) = (point for point in covered.not_shown if point.what == "rule 2 deciding")
    assert rule.key not in covered.rows


def test_a_guard_is_shown_by_the_record_it_guards_against(of: Callable[..., Coverage]) -> None:
    """Where `certified_on` is none the comparison fails too; the two cannot be told apart, and need not be."""
    rules = RULES.replace(
        "role = 'detail' and on_duty", "leg.certified_on is not none and leg.certified_on < leg.departed_on"
    )
    columns = COLUMNS.replace("on_duty", "leg.certified_on")
    never = "never certified | guest | none | 2024-05-02 | 180 | 180 | 1"
    before = "certified before | guest | 2024-05-01 | 2024-05-02 | 180 | 0 | 2"
    late = "certified too late | guest | 2024-05-02 | 2024-05-02 | 180 | 180 | 1"
    assert told(of(HEAD + rules + table(never, before, late, columns=columns)), "condition") == []
    assert told(of(HEAD + rules + table(never, before, columns=columns)), "condition") == [
        "rule 2 turning on `leg.certified_on < leg.departed_on` not holding"
    ]


DEFINED = (
    HEAD
    + "```define\nseat.at_work = role = 'detail' and on_duty\n```\n"
    + RULES.replace("role = 'detail' and on_duty", "at_work")
)


def test_a_named_fact_is_shown_by_a_row_that_works_it_out_and_not_by_one_that_states_it(
    of: Callable[..., Coverage],
) -> None:
    stated = table(
        "at work | yes | 2024-05-02 | 180 | 0 | 2",
        "not at work | no | 2024-05-02 | 180 | 180 | 1",
        columns="at_work | leg.departed_on | leg.full_coach_fare | owes | because",
    )
    assert told(of(DEFINED + stated), "definition") == ["`seat.at_work` worked out"]
    assert told(of(DEFINED + table(GUEST, OFFICER, OFF_DUTY, AIDE)), *ALWAYS_WANTED) == []


def test_a_fact_about_a_set_of_records_is_beyond_any_row(of: Callable[..., Coverage]) -> None:
    defined = DEFINED.replace("role = 'detail' and on_duty\n", "any(leg.seat where role = 'detail')\n", 1)
    covered = of(defined + table(GUEST))
    assert [(point.what, point.beyond) for point in covered.beyond] == [
        ("`seat.at_work` worked out", "it asks about a set of records, and a row holds none")
    ]
    assert "definition" not in {point.sort for point in covered.not_shown}


def test_a_question_about_a_set_in_a_rule_needs_a_name_first(of: Callable[..., Coverage]) -> None:
    rules = RULES.replace("role = 'detail' and on_duty", "any(leg.seat where role = 'crew')")
    points = [point for point in of(HEAD + rules + table(GUEST)).not_shown if point.sort == "condition"]
    assert [point.what for point in points] == [
        "rule 2 turning on `any(leg.seat where role = 'crew')` holding",
        "rule 2 turning on `any(leg.seat where role = 'crew')` not holding",
    ]
    assert all("a `define` box" in point.wanted for point in points)


def test_one_test_in_two_rules_is_named_in_the_words_and_at_the_place_of_each(of: Callable[..., Coverage]) -> None:
    """That all of a set are on duty is asked as whether any is not, which another rule asks in other words."""
    rules = RANKED.replace("role = 'detail' and on_duty", "any(leg.seat where not on_duty) and role != 'crew'")
    rules = rules.replace("role = 'crew' or on_duty", "all(leg.seat where on_duty) or not role = 'crew'")
    points = [point for point in of(HEAD + rules).not_shown if point.sort == "condition"]
    assert [(point.what, point.span.line, point.span.column) for point in points[::2]] == [
        ("rule 2 turning on `any(leg.seat where not on_duty)` holding", 24, 15),
        ("rule 2 turning on `role != 'crew'` holding", 24, 51),
        ("rule 3 turning on `all(leg.seat where on_duty)` holding", 34, 16),
        ("rule 3 turning on `role != 'crew'` holding", 34, 47),
    ]
    assert [point.key[2:] == other.key[2:] for point, other in zip(points[:4], points[4:], strict=True)] == [
        False, False, True, True,
    ]  # fmt: skip


def test_a_judgment_is_shown_by_both_its_answers(of: Callable[..., Coverage]) -> None:
    box = "```judgment\nsettles  seat.needed\nasks     Was this seat needed?\nof       the ethics counsel\n```\n"
    rules = HEAD + box + RULES.replace("role = 'detail' and on_duty", "needed")
    columns = COLUMNS.replace("role | on_duty", "needed")
    needed, open_ = "needed | yes | 2024-05-02 | 180 | 0 | 2", "open | unknown | 2024-05-02 | 180 | undetermined | "
    assert told(of(rules + table(needed, open_, columns=columns)), "judgment") == ["`seat.needed` answered no"]


def test_a_row_of_a_rate_is_shown_by_a_rule_that_decides_with_it(of: Callable[..., Coverage]) -> None:
    rates = {
        "fare.csv": b"role,in force,fare,cite\nguest,2024-01-01 ..,90.00 EUR,L1\npress,2024-01-01 ..,99.00 EUR,L2\n"
    }
    rules = RULES.replace("leg.full_coach_fare from", "rate(fare.fare for role on leg.departed_on) from")
    rows = ("a guest | guest | no | 2024-05-02 | 90 | 1", OFFICER.replace(" 180 |", ""))
    covered = of(HEAD + rules + table(*rows, columns=COLUMNS.replace("leg.full_coach_fare | ", "")), rates)
    assert told(covered, "rate") == ["fare for role 'press', in force since 2024-01-01, looked up by p/fare"]
    assert covered.complete == (told(covered, *ALWAYS_WANTED) == [])


# What it rests on

ASKED = {
    name: Atom(
        number, Holds(Fact(Route(0, (), "seat", (name,)), every_type()["seat"].field("on_duty"))), Named((name,))
    )
    for number, name in enumerate("abcd")
}
PARTS = {name: Part(asked.number, opposite=False, condition=asked) for name, asked in ASKED.items()}
conditions = st.recursive(
    st.sampled_from("abcd").map(ASKED.__getitem__),
    lambda inner: st.one_of(
        inner.map(lambda part: Not(part, part.written if isinstance(part, Atom | Not) else Named(("joined",)))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=6,
)


def holds(condition: Condition, world: dict[str, bool]) -> bool:
    """A condition over fields that are known, in two values."""
    match condition:
        case And(parts):
            return all(holds(part, world) for part in parts)
        case Or(parts):
            return any(holds(part, world) for part in parts)
        case Not(part):
            return not holds(part, world)
        case Atom(number):
            return world["abcd"[number]]


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(conditions)
def test_a_condition_turns_on_a_field_if_it_comes_out_otherwise_with_the_field_turned(condition: Condition) -> None:
    names = [name for name in "abcd" if f"'{name}'" in repr(condition)]
    for values in product((True, False), repeat=len(names)):
        world = dict(zip(names, values, strict=True))
        truths = {PARTS[name]: truth(value) for name, value in world.items()}
        turned = {
            name for name in names if holds(condition, world) != holds(condition, {**world, name: not world[name]})
        }
        assert {(str(part.condition.written), held) for part, held in turning(condition, truths)} == {
            (name, world[name]) for name in turned
        }


def test_a_condition_that_is_open_turns_on_nothing() -> None:
    both, a, b = And((ASKED["a"], ASKED["b"])), PARTS["a"], PARTS["b"]
    assert list(turning(both, {a: Truth.YES, b: Truth.UNKNOWN})) == []
    assert list(turning(both, {a: Truth.NO, b: Truth.UNKNOWN})) == [(a, False)]


MODEL_CODE = read_pack(ROOT / "packs" / "model-code")
GIVING = [policy for policy in MODEL_CODE.policies if policy.gives]


def without(policy: Policy, point: Point) -> Policy:
    """A policy with a version, one of its exceptions or one of its ranks left out."""
    number = point.key[1]
    version = policy.versions[number] if isinstance(number, int) else None
    kept: dict[str, tuple[Version, ...]] = {}
    for rule in policy.rules:
        each = [other for other in rule.versions if other is not version or point.sort != "rule"]
        cut = [
            replace(
                other,
                exception_to=tuple(
                    base for base in other.exception_to if (point.sort, base) != ("exception", point.key[2])
                ),
                prevails_over=tuple(low for low in other.prevails_over if (point.sort, low) != ("rank", point.key[2])),
            )
            if other is version and point.sort != "rule"
            else other
            for other in each
        ]
        kept[rule.number] = tuple(cut)
    # An exception that has lost its only base would cover everywhere: it goes as a whole.
    alone = point.sort == "exception" and version is not None and len(version.exception_to) == 1
    if alone and version is not None:
        kept[version.rule] = tuple(other for other in policy.rule(version.rule).versions if other is not version)
    return replace(policy, rules=tuple(replace(rule, versions=kept[rule.number]) for rule in policy.rules))


@pytest.mark.parametrize("policy", MODEL_CODE.policies, ids=lambda policy: policy.name)
def test_an_example_that_shows_something_fails_without_it(policy: Policy) -> None:
    covered = coverage(policy, GIVING, every_type())
    points = [
        point
        for point in covered.points
        if point.sort in ("rule", "exception", "rank") and point.key in covered.shown_by
    ]
    assert points
    for point in points:
        cut = replace(without(policy, point), examples=(covered.shown_by[point.key],))
        assert run_examples(cut, GIVING, every_type())[0].failed == 1, point.what


@pytest.mark.parametrize("pack", ["model-code", "nyc-conflicts"])
def test_the_examples_of_a_pack_show_all_of_its_rules(pack: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(ROOT / "packs" / pack), "--require-coverage"]) == 0, capsys.readouterr().out


def test_a_row_that_is_proposed_shows_what_it_is_proposed_for(of: Callable[..., Coverage]) -> None:
    """Each proposed row is added with what the rules answer; then nothing is left of what it was proposed for."""
    document = HEAD + RULES + table(GUEST)
    covered = of(document)
    columns = COLUMNS.split(" | ")
    assert len(covered.rows) == len(covered.not_shown) == 8
    for key, row in covered.rows.items():
        asked = [row.cells.get(column, "") for column in columns]
        asked[columns.index("owes")] = "123456.78"
        (failed,) = of(f"{document}| asked | {' | '.join(asked)} |\n").ran[-1].problems
        asked[columns.index("owes")] = failed.message.rpartition("the rules say ")[2]
        assert key in of(f"{document}| answered | {' | '.join(asked)} |\n").shown_by, row.in_words
