"""What is proved of records of which a rate is missing, a divisor zero or another policy without an answer."""

import json
from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.language.ast import Policy
from custodiet.policy.packs.pack import Pack
from custodiet.policy.testing.examples import imagine
from custodiet.proofs import pack_proofs as proved
from custodiet.proofs.counterexamples import shown
from custodiet.proofs.impact import Whether, turnings
from custodiet.proofs.prove import CameOut, Proof, Proving
from tests.house import every_type
from tests.meaning import document
from tests.policy_documents import pack_of
from tests.proving import claim
from tests.small_law import docket

DAY = {"for_each": "travel_day", "on": "date"}
ALBANY = {"t.csv": b"place,in force,v,cite\nAlbany,2020-01-01 ..,5.00 EUR,Annex\n"}
RATE = "rate(t.v for place on date)"
AT_HOME = f"""
Rule 1
when place != 'Gotham'
owes paid from 'x'

Rule 2
exception to 1
when paid > {RATE}
owes {RATE} from 'x'
"""
IN_GOTHAM = "\nRule {}\nwhen place = 'Gotham'\nowes {} from 'x'\n"


def pack(folder: Path, **rules: str) -> Pack:
    """A pack in which only Albany has a rate."""
    heads = {name: {"gives": "travel_day.character"} if name == "character" else {} for name in rules}
    texts = {f"{name}.md": document(text, policy=f"p/{name}", **DAY, **heads[name]) for name, text in rules.items()}
    read = pack_of(folder, "p", texts, ALBANY, ["travel_day"])
    assert read.problems == ()
    return read


def proofs(read: Pack, policy: Policy, *lines: str) -> list[Proof]:
    return list(Proving(policy, read.policies, every_type(), claims=[claim(line) for line in lines]).all())


def refuted(read: Pack, *lines: str) -> list[tuple[str, tuple[str, ...], str]]:
    """What is refuted of the pack's last policy; nothing may be undecided."""
    found = proofs(read, read.policies[-1], *lines)
    assert {proof.came_out for proof in found} <= {CameOut.PROVED, CameOut.REFUTED}
    return [(proof.kind, proof.rules, shown(proof)) for proof in found if proof.came_out is CameOut.REFUTED]


def outcome(read: Pack, **cells: str) -> Outcome:
    world = imagine(read.policies[::-1], "travel_day", cells, every_type())
    return Evaluator(read.policies, world.facts).decide(read.policies[-1], world.record).outcome


def test_a_day_in_a_town_without_a_rate_is_not_passed_over_where_its_answer_does_not_turn_on_the_rate(
    tmp_path: Path,
) -> None:
    read = pack(tmp_path, law=AT_HOME + IN_GOTHAM.format(3, 1))

    assert outcome(read, place="Gotham", paid="3", date="2024-01-01") is Outcome.OWES
    assert [kind for kind, _, _ in refuted(read)] == []
    (told,) = refuted(read, "when place = 'Gotham' never owes")
    assert told[0] == "claim"
    assert "place = 'Gotham'" in told[2]


def test_a_gap_a_contradiction_and_an_amount_below_zero_are_found_in_a_town_without_a_rate(tmp_path: Path) -> None:
    gap = refuted(pack(tmp_path / "gap", law=AT_HOME))
    assert [(kind, "place = 'Gotham'" in example) for kind, _, example in gap] == [("gap", True)]

    at_odds = refuted(pack(tmp_path / "conflict", law=AT_HOME + IN_GOTHAM.format(3, 1) + IN_GOTHAM.format(4, 2)))
    assert [(kind, rules) for kind, rules, _ in at_odds] == [("conflict", ("3", "4"))]

    less = refuted(pack(tmp_path / "less", law=AT_HOME + IN_GOTHAM.format(3, "paid - 5")))
    assert [(kind, rules) for kind, rules, _ in less] == [("negative amount", ("3",))]


def test_what_turns_on_a_missing_rate_is_said_of_no_record(tmp_path: Path) -> None:
    """In Olbia nobody knows what is owed, so nothing that is said of what is owed there can be refuted."""
    read = pack(tmp_path, law=f"Rule 1\nowes {RATE} from 'x'")

    assert outcome(read, place="Olbia", date="2024-01-01") is Outcome.UNDETERMINED
    lines = ("never owes > 5", "when place = 'Olbia' never owes = 7", "when place = 'Olbia' never owes")
    assert refuted(read, *lines) == []


def test_what_the_solver_cannot_follow_is_undecided_and_never_proved(tmp_path: Path) -> None:
    """Whatever the rate is, 5 are owed: the evaluator goes through both ways, the solver sees no rule surely stand."""
    either = f"Rule 1\nwhen paid > {RATE}\nowes 5 from 'x'\n\nRule 2\nwhen not (paid > {RATE})\nowes 5 from 'x'"
    read = pack(tmp_path, law=either)

    assert outcome(read, place="Olbia", paid="3", date="2024-01-01") is Outcome.OWES
    policy = read.policies[-1]
    (proof,) = [each for each in proofs(read, policy, "when place = 'Olbia' never owes") if each.kind == "claim"]
    assert proof.came_out is CameOut.UNDECIDED
    assert "a rate that is in no row" in proof.why


def test_another_policy_without_an_answer_leaves_open_only_what_turns_on_it(tmp_path: Path) -> None:
    character = f"Rule 1\nwhen paid > {RATE}\nis 'official'\n\nRule 2\nwhen paid <= {RATE}\nis 'campaign'"
    rules = IN_GOTHAM.format(1, 1) + IN_GOTHAM.format(2, 2) + (
        "\nRule 3\nwhen place != 'Gotham' and character = 'official'\nowes 0\n"
        "\nRule 4\nwhen place != 'Gotham' and character != 'official'\nowes 0\n"
    )  # fmt: skip
    told = refuted(pack(tmp_path, character=character, law=rules))

    assert [(kind, rules) for kind, rules, _ in told] == [("conflict", ("1", "2"))]


def test_a_claim_speaks_of_days_before_the_first_rule_too(tmp_path: Path) -> None:
    read = pack(tmp_path, law="Rule 1\nin force 2020-01-01 ..\nowes 5 from 'x'")

    (told,) = refuted(read, "when date < 2020-01-01 always owes")
    assert told[0] == "claim"
    assert refuted(read, "when date >= 2020-01-01 always owes") == []


def test_a_claim_that_speaks_of_no_record_is_said_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack(tmp_path, law="Rule 1\nowes 5 from 'x'")

    assert main(["prove", str(tmp_path), "law: when place = 'Olbia' and place = 'Gotham' never owes"]) == 1
    assert capsys.readouterr().out.startswith("said of nothing: p/law: ")
    assert main(["prove", str(tmp_path), "law: when place = 'Olbia' never owes = 0"]) == 0
    assert capsys.readouterr().out.startswith("proved: p/law: ")


@pytest.mark.parametrize("steps", ["0", "-5", "many", "1.5"])
def test_a_solver_takes_at_least_one_step(tmp_path: Path, steps: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["check", str(tmp_path), f"--steps={steps}"])
    assert left.value.code == 2
    assert "write a whole number from 1 up" in capsys.readouterr().err


def test_a_rate_that_has_ended_takes_an_answer_away_and_that_is_a_change(tmp_path: Path) -> None:
    old = pack(tmp_path / "old", law=f"Rule 1\nowes {RATE} from 'x'")
    ended = {"t.csv": ALBANY["t.csv"].replace(b"2020-01-01 ..", b"2020-01-01 .. 2023-12-31")}
    new = pack_of(tmp_path / "new", "p", {"law.md": (tmp_path / "old/policies/law.md").read_bytes()}, ended)

    (found,) = turnings(old, new)
    assert found.whether is Whether.CHANGES
    assert found.before is not None
    assert found.after is not None
    assert {found.before.outcome, found.after.outcome} == {Outcome.OWES, Outcome.UNDETERMINED}
    assert dict(found.example)["date"] >= "2024-01-01"


@pytest.mark.parametrize(
    ("before", "after", "whether"),
    [
        (f"min(0, {RATE})", f"min(1, {RATE})", Whether.UNDECIDED),
        (RATE, f"min(5, {RATE})", Whether.UNDECIDED),
        (RATE, f"{RATE} / 2 * 2", Whether.SAME),
    ],
)
def test_where_both_laws_turn_on_a_missing_rate_no_change_is_not_said_of_laws_that_may_answer_otherwise(
    tmp_path: Path, before: str, after: str, whether: Whether
) -> None:
    """Gotham has no rate. Of min(0, rate) the evaluator knows that it is 0 all the same, of min(1, rate) nothing."""
    rules = "Rule 1\nwhen place != 'Gotham'\nowes 1 from 'x'\n\nRule 2\nwhen place = 'Gotham'\nowes {} from 'x'"
    old, new = pack(tmp_path / "old", law=rules.format(before)), pack(tmp_path / "new", law=rules.format(after))

    (found,) = turnings(old, new)
    assert found.whether is whether
    assert ("a rate that is in no row" in found.why) == (whether is Whether.UNDECIDED)


def test_another_person_made_liable_is_a_change(tmp_path: Path) -> None:
    old = pack(tmp_path / "old", law="Rule 1\nowes 5 from 'x'")
    new = pack(tmp_path / "new", law="Rule 1\nowes 5 from 'x' else 'y'")

    (found,) = turnings(old, new)
    assert found.whether is Whether.CHANGES
    assert [debt.liable for debt in (*found.before.debts, *found.after.debts)] == ["", "y"]  # type: ignore[union-attr]


def test_no_record_refers_to_itself_over_another_whether_that_one_is_read_or_not(tmp_path: Path) -> None:
    first = "trip.continues is not none and trip.continues.continues is not none"
    text = document(
        f"Rule 1\npermits\n\nRule 2\nexception to 1\nwhen {first} and trip.continues.continues = trip\nforbids",
        policy="p/law", for_each="voucher", on="incurred_on",
    )  # fmt: skip
    read = pack_of(tmp_path, "p", {"law.md": text}, {})

    assert [(kind, rules) for kind, rules, _ in refuted(read)] == [("dead exception", ("2",))]


def test_a_doubt_about_a_divisor_ends_where_the_solver_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reader cannot see that another rule takes every leg of one seat away; the solver can."""
    share = "Rule 1\nowes leg.operating_cost / (leg.seats - 1) from occupant"
    guarded = f"{share}\n\nRule 2\nexception to 1\nwhen leg.seats = 1\nowes 0"
    for name, rules, codes in (("never", guarded, []), ("sometimes", share, ["division"])):
        read = pack_of(tmp_path / name, "p", {"law.md": document(rules, policy="p/law")}, {})
        assert [problem.code for problem in read.problems] == ["division"]
        assert main(["check", str(tmp_path / name), "--format", "json"]) == len(codes)
        told = json.loads(capsys.readouterr().out)
        assert [problem["kind"] for problem in told["problems"]] == codes
        assert all(problem["example"]["leg.seats"] == "1" for problem in told["problems"])


EXAMPLES = """
## Examples

| example | leg.operating_cost | leg.seats | leg.departed_on | owes |
|---|---|---|---|---|
| half of it | 100 | 3 | 2024-05-02 | {owes} |
"""


def test_a_doubt_about_a_divisor_keeps_no_example_from_being_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guarded = (
        "Rule 1\nowes leg.operating_cost / (leg.seats - 1) from occupant\n\n"
        "Rule 2\nexception to 1\nwhen leg.seats = 1\nowes 0"
    )
    for name, owes, ran in (
        ("right", "50.00", {"passed": 1, "failed": 0}),
        ("wrong", "99999", {"passed": 0, "failed": 1}),
    ):
        text = document(guarded, policy="p/law") + EXAMPLES.format(owes=owes)
        pack = pack_of(tmp_path / name, "p", {"law.md": text}, {})
        assert main(["check", str(tmp_path / name), "--format", "json"]) == ran["failed"]
        assert json.loads(capsys.readouterr().out)["examples"] == ran
        assert [each.kind for each in pack.refusable] == ["example"] * ran["failed"]


def test_no_docket_is_decided_by_a_pack_whose_example_fails_beside_a_doubt_about_a_divisor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    share = document("Rule 1\nowes leg.operating_cost / (leg.seats - 1) from occupant", policy="p/law")
    pack_of(tmp_path / "p", "p", {"law.md": share + EXAMPLES.format(owes="99999")}, {})
    docket(tmp_path / "d", "A docket", {}, pack="../p")

    assert main(["audit", str(tmp_path / "d")]) == 3
    assert "the example says owes 99999; the rules say 50.00" in capsys.readouterr().err


def test_without_the_solver_a_doubt_about_a_divisor_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(proved, "find_spec", lambda _: None)
    share = "Rule 1\nowes leg.operating_cost / (leg.seats - 1) from occupant"
    pack_of(tmp_path, "p", {"law.md": document(share, policy="p/law")}, {})

    assert main(["check", str(tmp_path), "--format", "json"]) == 1
    assert [problem["kind"] for problem in json.loads(capsys.readouterr().out)["problems"]] == ["division"]


def test_what_is_undecided_is_told_to_other_tools_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = document(
        "Rule 1\nwhen count(leg.seat) = 9\npermits\n\nRule 2\nwhen count(leg.seat) != 9\npermits", policy="p/law"
    )
    pack_of(tmp_path, "p", {"law.md": text}, {})

    assert main(["check", str(tmp_path), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (open_,) = told["undecided"]
    assert (told["proved"], open_["policy"], open_["kind"], open_["rules"]) == (False, "p/law", "dead rule", ["1"])
    assert "records of one set" in open_["why"]


def test_a_rule_that_an_example_shows_to_decide_is_not_undecided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody searches legs of nine seats; one that an example tells of is enough."""
    rules = (
        "define\nleg.crowd = count(seat)\n\nRule 1\nwhen leg.crowd = 9\npermits\n\nRule 2\nwhen leg.crowd != 9\npermits"
    )
    rows = "\n## Examples\n\n| example | leg.crowd | leg.departed_on | because |\n|---|---|---|---|\n"
    for name, more, rule in (("without", "", ["1"]), ("with", rows + "| nine | 9 | 2024-05-02 | 1 |\n", [])):
        pack_of(tmp_path / name, "p", {"law.md": document(rules, policy="p/law") + more}, {})
        assert main(["check", str(tmp_path / name), "--format", "json"]) == 0
        assert [each["rules"] for each in json.loads(capsys.readouterr().out)["undecided"]] == [rule] * len(rule)


def test_an_undecided_claim_is_told_by_its_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    box = (
        "\n```claim\nsays   Nine seats are never taken for nothing.\nwhen   count(leg.seat) = 9\nnever  owes = 0\n```\n"
    )
    text = document("Rule 1\nowes leg.full_coach_fare from occupant", policy="p/law") + box
    pack_of(tmp_path, "p", {"law.md": text}, {})

    assert main(["check", str(tmp_path)]) == 0
    assert "undecided: p/law, claim “Nine seats are never taken for nothing.”: " in capsys.readouterr().out
    assert main(["check", str(tmp_path), "--format", "json"]) == 0
    (undecided,) = json.loads(capsys.readouterr().out)["undecided"]
    assert undecided["claim"] == "Nine seats are never taken for nothing."


def test_a_change_is_shown_though_the_evaluator_settles_what_the_solver_leaves_open(tmp_path: Path) -> None:
    """Whoever was paid nothing gives nothing back, whatever the rate: there both laws say the same."""
    new = f"Rule 1\nowes max(paid - {RATE}, 0) from traveller"
    old = f"{new}\n\nRule 2\nexception to 1\nwhen by_ship\nowes 0"
    (found,) = turnings(pack(tmp_path / "old", day=old), pack(tmp_path / "new", day=new))
    assert found.whether is Whether.CHANGES
    assert dict(found.example).items() >= {"by_ship": "yes", "place": "Albany", "paid": "6.00"}.items()
    assert (found.before and found.before.outcome, found.after and found.after.outcome) == (
        Outcome.NOTHING_DUE,
        Outcome.OWES,
    )
