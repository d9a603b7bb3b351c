"""What a person and a program get from the command line: answers, exit codes, and errors that say what to do."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.cli.progress import Bar
from tests.first_docket import answer, change
from tests.house import commands


def outcomes(capsys: pytest.CaptureFixture[str], docket: Path, *words: str, code: int = 0) -> object:
    return answer(capsys, "audit", str(docket), *words, code=code)["by_outcome"]


# --- the first docket ---


def test_the_first_docket_has_ten_rows_and_four_kinds_of_result(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = sum(len(table.read_text().splitlines()) - 1 for table in (docket / "records").iterdir())
    assert rows == 10
    assert outcomes(capsys, docket) == {"undetermined": 1, "no rule": 1, "owes": 1, "nothing due": 1}


def test_the_first_docket_has_a_key_of_its_own(docket: Path, tmp_path: Path) -> None:
    key = docket / "salt.key"
    assert re.fullmatch(r"[0-9a-f]{64}\n", key.read_text())
    assert key.stat().st_mode & 0o077 == 0
    assert main(["init", str(tmp_path / "second")]) == 0
    assert key.read_text() != (tmp_path / "second" / "salt.key").read_text()


def test_the_first_pack_has_no_problem_and_its_examples_pass(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "check", str(docket / "pack")) == {
        "policies": 1,
        "rules": 3,
        "examples": {"passed": 5, "failed": 0},
        "proved": True,
        "problems": [],
        "undecided": [],
    }


def test_init_writes_into_no_folder_that_holds_something(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(docket.rglob("*"))
    assert main(["init", str(docket)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert sorted(docket.rglob("*")) == before


def test_a_changed_cell_changes_the_result_and_the_earlier_state_can_still_be_asked_for(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answer(capsys, "audit", str(docket))
    change(docket / "records" / "leg.csv", "leg-3,none,unknown", "leg-3,none,official")
    after = answer(capsys, "audit", str(docket))
    assert after["by_outcome"] == {"no rule": 1, "owes": 1, "nothing due": 2}
    assert answer(capsys, "audit", str(docket), "--as-of", str(before["as_of"]["size"])) == before


# --- contracts ---


def test_the_audit_keeps_the_contract_key_by_key(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = answer(capsys, "audit", str(docket))
    assert list(said) == [
        "docket", "pack", "as_of", "results", "by_outcome", "questioned", "undetermined_total", "undetermined",
        "reconciliations", "set_aside",
    ]  # fmt: skip
    pack, as_of = said["pack"], said["as_of"]
    assert said["docket"] == "A first docket"
    assert pack["name"] == "first-law"
    assert list(pack) == ["name", "hash"]
    assert re.fullmatch(r"[0-9a-f]{64}", pack["hash"])
    assert list(as_of) == ["size", "root", "recorded_at"]
    assert as_of["recorded_at"] == "2024-06-03"
    assert re.fullmatch(r"[0-9a-f]{64}", as_of["root"])
    assert said["results"] == 4
    assert said["questioned"] == [{"payer": "guest-1", "currency": "EUR", "amount": "412.00"}]
    assert said["undetermined_total"] == 1
    assert said["undetermined"] == [
        {
            "record": "seat-3",
            "policy": "first-law/seat-fare",
            "between": ["0.00", "95.50"],
            "or": [],
            "missing": [{"record": "leg-3", "field": "purpose", "held_by": "the protective unit"}],
        }
    ]
    assert said["reconciliations"] == []
    assert said["set_aside"] == 0


def test_the_answer_is_on_stdout_and_everything_else_on_stderr(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(docket.parent / "out"), "--readers", "internal"]
    assert main(["audit", str(docket), "--format", "csv", *out]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0].startswith("record,type,policy,outcome,payers,amounts,")
    assert [line.split(",")[0] for line in lines[1:]] == ["seat-1", "seat-2", "seat-3", "seat-4"]
    assert said.out == (docket.parent / "out" / "results.csv").read_text(encoding="utf-8")
    assert "index.html" in said.err


def test_the_table_names_what_is_questioned_under_which_rule_and_whom_to_ask(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", str(docket)]) == 0
    said = capsys.readouterr().out
    assert "computed, not decided" in said
    assert "412.00 EUR  guest-1 (1 result)" in said
    assert "first-law/seat-fare 2 Personal travel is repaid: 1 result (First Law, art. 2)" in said
    assert "ask the protective unit for purpose of leg-3" in said


# --- explain ---


def test_an_explanation_has_the_rule_its_text_and_where_each_fact_stands(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = answer(capsys, "explain", str(docket), "seat-2")
    [policy] = said["answers"]
    assert policy["outcome"] == "owes"
    [rule] = policy["because"]
    assert (rule["rule"], rule["cite"]) == ("2", "First Law, art. 2")
    assert rule["text"].startswith("Whoever sits in an official vehicle")
    read = {(each["record"], each["field"]): each for each in policy["read"]}
    purpose = read["leg-2", "purpose"]
    assert purpose["value"] == "personal"
    [entry] = purpose["entries"]
    assert (entry["source"], entry["exhibit"]) == ("records/leg.csv#3", "motor-log.md#9 May")
    assert (entry["by"], entry["recorded_at"]) == ("clerk-1", "2024-06-03")


def test_an_explanation_shows_an_amended_field_with_both_tellings(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (docket / "amendments.csv").open("a", encoding="utf-8") as file:
        file.write("leg-3,purpose,official,the log was completed,clerk-1,2024-06-10\n")
    said = answer(capsys, "explain", str(docket), "seat-3")
    [policy] = said["answers"]
    assert policy["outcome"] == "nothing due"
    [purpose] = [each for each in policy["read"] if each["field"] == "purpose"]
    assert [(each["value"], each["why"]) for each in purpose["entries"]] == [
        ("unknown", None),
        ("official", "the log was completed"),
    ]
    earlier = answer(capsys, "explain", str(docket), "seat-3", "--as-of", "2024-06-03")
    assert [each["outcome"] for each in earlier["answers"]] == ["undetermined"]


def test_the_table_explains_what_is_missing_and_on_which_rules_the_answer_turns(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(docket), "seat-3"]) == 0
    said = capsys.readouterr().out
    assert "the answer turns on" in said
    assert "missing: ask the protective unit for purpose of leg-3" in said
    assert said.index("1 Official use is free") < said.index("2 Personal travel is repaid")


def test_a_record_that_no_policy_speaks_of_is_shown_with_its_fields(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(docket), "mayor"]) == 0
    said = capsys.readouterr().out
    assert "No policy of this pack asks a question about a person" in said
    assert "post of mayor: Mayor" in said


def test_an_unknown_record_is_a_wrong_call_with_the_nearest_id(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(docket), "seat-22"]) == 2
    assert "did you mean `seat-2`?" in capsys.readouterr().err


# --- import ---


def test_an_import_run_again_adds_nothing(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = answer(capsys, "import", str(docket))
    assert (first["added"], first["exhibits"], first["set_aside"]) == (10, 1, [])
    assert main(["import", str(docket)]) == 0
    assert re.search(r"added +0 rows", capsys.readouterr().out)


def test_a_row_that_cannot_be_read_is_told_with_its_place_and_the_exit_code_says_so(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(docket / "records" / "leg.csv", "2024-05-16", "2024-02-30")
    said = answer(capsys, "import", str(docket), code=1)
    [row] = said["set_aside"]
    assert (row["file"], row["row"], row["column"], row["value"]) == (
        "records/leg.csv", 4, "departed_on", "2024-02-30",
    )  # fmt: skip
    assert "2024-02-30" in row["expected"]
    assert main(["audit", str(docket)]) == 1
    assert "records/leg.csv:4: set aside, column departed_on holds '2024-02-30'" in capsys.readouterr().err


# --- wrong calls and refused input ---


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["audit", "{docket}/nowhere"], "there is no such folder"),
        (
            ["audit", "{docket}/pack"],
            "is not a docket: it has no docket.toml; it is a pack, and the docket.toml of a docket",
        ),
        (["check", "{docket}"], "is not a pack: it has no pack.toml; it is a docket, and its docket.toml"),
        (["check", "{docket}/docket.toml"], "docket.toml is a file; name the folder of a pack"),
        (["check", "{docket}/records"], "it has no pack.toml; `custodiet init --pack` writes a first pack"),
        (["audit", "{docket}/records"], "it has no docket.toml; `custodiet init` writes a first docket"),
        (["audit", "{docket}", "--as-of", "yesterday"], "`yesterday` is not a state of the ledger; write a number"),
        (["audit", "{docket}", "--as-of", "999"], "the ledger never had 999 entries; write a number from 0 to 7"),
    ],
)
def test_a_wrong_call_says_what_to_name_instead(
    docket: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main([word.format(docket=docket) for word in words]) == 2
    spoken = capsys.readouterr()
    assert said in spoken.err
    assert spoken.out == ""


def test_an_option_of_another_command_is_answered_with_what_this_one_takes(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", str(docket), "--law-of", "2024-06-01"])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("usage: custodiet audit ")
    assert "unrecognized arguments: --law-of 2024-06-01" in said


def test_a_call_without_a_command_is_wrong() -> None:
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 2


def test_a_docket_that_cannot_be_read_is_refused_with_the_line(
    docket: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(docket / "docket.toml", "currency", "curency")
    assert main(["audit", str(docket)]) == 3
    said = capsys.readouterr().err
    assert "did you mean `currency`?" in said
    assert said.count("unknown key `curency`") == 1


def test_a_docket_without_its_pack_is_refused(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(docket / "docket.toml", 'pack = "pack"', 'pack = "law"')
    assert main(["audit", str(docket)]) == 3
    assert re.search(r"docket\.toml: its pack is not at .*/law;", capsys.readouterr().err)


def test_a_broken_law_is_listed_by_check_and_refused_by_audit(docket: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(docket / "pack" / "policies" / "seat-fare.md", "leg.full_coach_fare from", "leg.full_coach_fair from")
    assert main(["check", str(docket / "pack")]) == 1
    said = capsys.readouterr().err
    assert re.search(r"seat-fare\.md:\d+: .*full_coach_fair", said)
    assert "^^^" in said
    assert "full_coach_fare" in said
    problem = answer(capsys, "check", str(docket / "pack"), code=1)["problems"]
    assert set(problem[0]) == {"kind", "policy", "rules", "example", "message", "file", "line"}
    assert (problem[0]["kind"], problem[0]["policy"], problem[0]["rules"]) == ("name", "first-law/seat-fare", ["2"])
    for words in (
        ["audit", str(docket)],
        ["explain", str(docket), "seat-1"],
        ["ask", str(docket / "pack"), "--for", "seat"],
    ):
        assert main(words) == 3
        spoken = capsys.readouterr()
        assert "full_coach_fair" in spoken.err
        assert spoken.out == ""


# --- what can happen to a command ---


def test_whoever_reads_only_the_first_line_gets_no_complaint(docket: Path) -> None:
    command = [sys.executable, "-m", "custodiet.cli.main", "audit", str(docket), "--format", "csv"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        complaint = run.stderr.read()
    assert complaint == b""


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert re.fullmatch(r"custodiet \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize("name", commands())
def test_every_command_shows_an_example_in_its_help(name: str) -> None:
    assert f"example:\n  custodiet {name.split(maxsplit=1)[0]}" in commands()[name].format_help()


class Terminal(io.StringIO):
    """A screen that somebody watches."""

    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_only_after_a_second_and_only_for_who_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for screen in (Terminal(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", screen)
        now = 100.0
        with Bar("deciding") as progress:
            progress(1, 10)
            assert screen.getvalue() == ""
            now = 101.5
            progress(5, 10)
            assert ("50 %  deciding" in screen.getvalue()) is screen.isatty()
        assert not screen.getvalue() or screen.getvalue().endswith("\r\x1b[K")


LONG = "a" * 100_000
"""What somebody pastes into a call by mistake."""


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "DOCKET", LONG], ["audit", "DOCKET", "--as-of", LONG], ["audit", "DOCKET", "--as-of", "9" * 5_000],
        ["audit", "DOCKET", "--law-of", LONG], ["audit", "DOCKET", "--format", LONG], ["audit", "DOCKET", f"--{LONG}"],
        ["ask", "PACK", "--for", LONG], ["ask", "PACK", "--for", "seat", LONG],
        ["ask", "PACK", "--for", "seat", f"{LONG}=1"],
        ["ask", "PACK", "--for", "seat", f"leg.{LONG}=1"],
        ["ask", "PACK", "--for", "seat", "role=guest", f"role={LONG}"],
        ["prove", "PACK", LONG], ["prove", "PACK", f"seat-fare: {LONG}"], ["verify", LONG], [LONG],
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_on_one_screen(docket: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    places = {"DOCKET": str(docket), "PACK": str(docket / "pack")}
    code: str | int | None
    try:
        code = main([places.get(word, word) for word in words])
    except SystemExit as ended:
        code = ended.code
    told = capsys.readouterr()
    assert (code, told.out) == (2, "")
    assert "custodiet" in told.err
    assert len(told.err) < 2_500
    assert "Exceeds the limit" not in told.err
