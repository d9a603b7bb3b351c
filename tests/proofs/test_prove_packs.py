"""Packs held to their word: the ones of the repository, and what the commands tell of any."""

import json
from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.policy.packs.pack import read_pack
from custodiet.proofs import pack_proofs as proved
from custodiet.proofs.pack_proofs import NOT_INSTALLED, prove_pack
from tests.house import ROOT
from tests.policy_documents import POLICIES, pack_of

PACKS = sorted(path.parent for path in (ROOT / "packs").glob("*/pack.toml"))


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_every_pack_of_the_repository_is_proved_and_its_gaps_are_those_it_lists(folder: Path) -> None:
    pack = read_pack(folder)
    came_out = prove_pack(pack)

    assert [problem.shown() for problem in (*pack.problems, *came_out.problems)] == []
    assert came_out.undecided == ()
    assert came_out.questions >= 2 * len(pack.policies)


def test_without_the_solver_nothing_is_proved_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(proved, "find_spec", lambda _: None)

    assert main(["check", str(ROOT / "packs" / "nyc-conflicts")]) == 0
    assert f"not proved: {NOT_INSTALLED}" in capsys.readouterr().out
    assert main(["check", str(ROOT / "packs" / "nyc-conflicts"), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["proved"] is False


def test_a_check_tells_other_tools_what_is_wrong_and_gives_an_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gap = (POLICIES / "bad" / "gap.md").read_text(encoding="utf-8")
    pack_of(tmp_path, "bad", {"gap.md": gap})

    assert main(["check", str(tmp_path), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (problem,) = told["problems"]
    assert told["proved"] is True
    assert (problem["kind"], problem["policy"], problem["rules"]) == ("gap", "bad/gap", [])
    assert problem["example"] == {"leg.purpose": "mixed", "leg.departed_on": "2020-01-01"}


def test_a_listed_gap_is_no_problem_and_one_that_is_listed_and_gone_is(tmp_path: Path) -> None:
    gap = (POLICIES / "bad" / "gap.md").read_text(encoding="utf-8")
    box = "## gap\n\nMixed flights.\n\n```gap\nwhen  leg.purpose = '{}'\n```\n\nReason: by hand.\n"
    for purpose, codes in (("mixed", []), ("campaign", ["gap", "gap_gone"])):
        folder = tmp_path / purpose
        pack_of(folder, "bad", {"gap.md": gap})
        (folder / "open.md").write_text(box.format(purpose), encoding="utf-8")
        pack = read_pack(folder)
        assert [problem.code for problem in (*pack.problems, *prove_pack(pack).problems)] == codes


def test_a_box_that_speaks_of_every_record_hides_no_gap_and_names_the_rules_that_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack_of(tmp_path, "bad", {"gap.md": (POLICIES / "bad" / "gap.md").read_text(encoding="utf-8")})
    box = "## gap\n\nAll.\n\n```gap\nwhen  leg.departed_on >= 1900-01-01\n```\n\nReason: none.\n"
    (tmp_path / "open.md").write_text(box, encoding="utf-8")

    assert main(["check", str(tmp_path), "--format", "json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["kind"], problem["policy"]) == ("gap", "bad/gap")
    (rule,) = problem["rules"]
    assert problem["example"]["leg.purpose"] in {"4.1": ("official",), "4.2": ("personal",)}[rule]


def test_a_claim_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    pack = str(ROOT / "packs" / "model-code")

    assert main(["prove", pack, "seat-fare: when role = 'detail' and on_duty never owes from occupant"]) == 0
    assert capsys.readouterr().out.startswith("proved: model-code/seat-fare: ")
    assert main(["prove", pack, "seat-fare: when role = 'detail' never owes", "--format", "json"]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["came_out"], told["example"]["role"]) == ("refuted", "detail")
    assert told["comes_out"] == "campaign committee owes 1.00 EUR, for which occupant is liable too under rule 4.5"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("seat-fair: never owes", "did you mean `seat-fare`?"),
        ("never owes", "write a policy, a colon and a claim"),
        (": never owes", "no policy is named"),
        ("seat-fare: when on_duty", "help: continue with `never` or `always`"),
        ("seat-fare: never", "help: continue with `owes`, `is`, `permitted`, `forbidden`, `no rule` or `conflict`"),
        ("seat-fare: never ows", "unexpected `ows`"),
        ("seat-fare: when roel = 'crew' never owes", "did you mean `role`?"),
    ],
)
def test_a_claim_that_cannot_be_read_is_a_wrong_call(typed: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", str(ROOT / "packs" / "model-code"), typed]) == 2
    assert said in capsys.readouterr().err
