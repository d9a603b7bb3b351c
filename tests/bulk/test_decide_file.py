"""`custodiet decide`: a flat table in, answers out, as single records get them; bad tables are refused."""

import csv
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pytest

from custodiet.base.errors import Refused
from custodiet.bulk.decide_file import decide, policy_of
from custodiet.cli.main import main
from custodiet.policy.evaluation.evaluate import Evaluator
from custodiet.policy.evaluation.result import Outcome
from custodiet.policy.testing.examples import imagine
from custodiet.records.facts import Facts
from tests.house import ROOT
from tests.pack_answers import pack_of

CODE = pack_of("model-code")
FARE = policy_of(CODE, "seat-fare")
CELLS: Mapping[str, Sequence[str]] = {
    "occupant": ("p1", "p2", ""),
    "role": ("guest", "protectee", "detail", "press", "unknown"),
    "on_duty": ("yes", "no", ""),
    "leg.purpose": ("personal", "official", "campaign", "political", "mixed", ""),
    "leg.departed_on": ("2024-01-14", "2024-01-15", "2024-05-02", "2025-07-01", ""),
    "leg.certified_on": ("none", "2024-05-01", "2024-05-02", ""),
    "leg.full_coach_fare": ("412", "0.01", "99.99", ""),
    "leg.operating_cost": ("6000", "6000.55", ""),
    "leg.seats": ("1", "3", "20", ""),
    "leg.vehicle.sort": ("car", "aircraft", ""),
    "leg.vehicle.owner": ("city", "hired", ""),
}
"""Cells of each path that the policy reads; a blank and `unknown` are what nobody recorded."""


def rows(number: int) -> list[dict[str, str]]:
    """So many rows of these cells, each known three times out of four, and the same every time."""
    chance = random.Random(7)  # noqa: S311 - no secret
    return [
        {"id": f"s{place}", **{path: chance.choice((*cells[:-1], *cells)) for path, cells in CELLS.items()}}
        for place in range(number)
    ]


def written(file: Path, told: Sequence[Mapping[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(told[0]))
        writer.writeheader()
        writer.writerows(told)
    return file


def read(file: Path) -> dict[str, dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return {row["record"]: row for row in csv.DictReader(opened)}


def test_a_table_gets_the_answers_that_its_rows_get_one_by_one(tmp_path: Path) -> None:
    told = rows(150)
    decide(CODE, FARE, written(tmp_path / "seats.csv", told), tmp_path / "answers.csv")
    answers = read(tmp_path / "answers.csv")
    seen, evaluator = set(), Evaluator(CODE.policies, Facts((), CODE.types))
    for row in told:
        cells = {path: cell or "unknown" for path, cell in row.items() if path != "id"}
        world = imagine(CODE.policies, "seat", cells, CODE.types)
        assert world.problems == ()
        alone = evaluator.among(world.facts).decide(FARE, world.record)
        answer = answers[row["id"]]
        seen.add(alone.outcome)
        assert answer["outcome"] == alone.outcome.value, row
        assert answer["because"] == "; ".join(alone.because), row
        assert answer["unsettled"] == "; ".join(alone.unsettled), row
        owed = sum(debt.amount.minor for debt in alone.debts)
        assert answer["amount"] == (f"{owed // 100}.{owed % 100:02}" if alone.outcome is Outcome.OWES else ""), row
        assert bool(answer["missing"]) == bool(alone.missing), row
    assert {Outcome.OWES, Outcome.NOTHING_DUE, Outcome.UNDETERMINED, Outcome.NO_RULE} <= seen


def test_parquet_in_and_out_says_what_csv_says(tmp_path: Path) -> None:
    told = written(tmp_path / "seats.csv", rows(200))
    decide(CODE, FARE, told, tmp_path / "answers.csv")
    table = tmp_path / "seats.parquet"
    typed = """
        SELECT id, nullif(occupant, '') AS occupant, nullif(role, 'unknown') AS role,
            CASE on_duty WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE END AS on_duty,
            nullif("leg.purpose", '') AS "leg.purpose", try_cast("leg.departed_on" AS DATE) AS "leg.departed_on",
            try_cast("leg.certified_on" AS DATE) AS "leg.certified_on",
            "leg.certified_on" IS NOT DISTINCT FROM 'none' AS "leg.certified_on_is_none",
            try_cast("leg.full_coach_fare" AS DECIMAL(12, 2)) AS "leg.full_coach_fare",
            try_cast("leg.operating_cost" AS DECIMAL(12, 2)) AS "leg.operating_cost",
            try_cast("leg.seats" AS INTEGER) AS "leg.seats",
            nullif("leg.vehicle.sort", '') AS "leg.vehicle.sort", nullif("leg.vehicle.owner", '') AS "leg.vehicle.owner"
        FROM told"""
    with duckdb.connect() as connection:
        connection.read_csv(str(told), all_varchar=True, na_values=["\\N"]).create_view("told")
        connection.sql(typed).write_parquet(str(table))
    answers = decide(CODE, FARE, table, tmp_path / "answers.parquet")
    found = duckdb.execute(f"""
        SELECT record, outcome, coalesce(amount::VARCHAR, '') AS amount, coalesce(because::VARCHAR, '') AS because
        FROM '{tmp_path / "answers.parquet"}'""").fetchall()  # noqa: S608 - a path of pytest's
    by_csv = {
        (id_, row["outcome"], row["amount"], row["because"]) for id_, row in read(tmp_path / "answers.csv").items()
    }
    assert set(found) == by_csv
    assert answers.rows == sum(answers.by_outcome.values()) == 200


def test_a_relation_is_decided_as_its_file_is(tmp_path: Path) -> None:
    relation = duckdb.sql("SELECT 's1' AS id, 'guest' AS role, 'personal' AS \"leg.purpose\"")
    answers = decide(CODE, FARE, relation, tmp_path / "answers.csv")
    assert dict(answers.by_outcome) == {"undetermined": 1}
    assert "leg.departed_on: ask the protective unit" in read(tmp_path / "answers.csv")["s1"]["missing"]


def test_what_another_policy_gives_or_a_person_judges_is_a_column_like_others(tmp_path: Path) -> None:
    meals = policy_of(CODE, "allowance-for-meals")
    told = [
        {"id": "d1", "date": "2024-05-02", "for_a_guest": "yes"},
        {"id": "d2", "date": "2024-05-02", "for_a_guest": ""},
    ]
    decide(CODE, meals, written(tmp_path / "days.csv", told), tmp_path / "answers.csv")
    answers = read(tmp_path / "answers.csv")
    assert "for_a_guest" not in answers["d1"]["missing"]
    assert "for_a_guest: ask" in answers["d2"]["missing"]


GOOD = "SELECT 's1' AS id, 'guest' AS role, 412.00::DECIMAL(12, 2) AS \"leg.full_coach_fare\""
BAD = {
    "id twice": (f"{GOOD} UNION ALL {GOOD}", "id s1, in 2 rows"),
    "no id": ("SELECT 's1' AS seat, 'guest' AS role", "has no column `id`"),
    "blank id": ("SELECT NULL::VARCHAR AS id, 'guest' AS role", "rows without an id"),
    "a column nobody defines": ("SELECT 's1' AS id, 'guest' AS rol", "did you mean `role`?"),
    "a float for money": ("SELECT 's1' AS id, 412.1::DOUBLE AS \"leg.full_coach_fare\"", "does not hold cents exactly"),
    "more digits than cents": ("SELECT 's1' AS id, 1.005 AS \"leg.full_coach_fare\"", "more than 2 digits"),
    "money below zero": ("SELECT 's1' AS id, -5 AS \"leg.full_coach_fare\"", "id s1, leg.full_coach_fare '-5'"),
    "a value off its list": ("SELECT 's1' AS id, 'gest' AS role", "id s1, role 'gest'"),
    "a time for a day": ("SELECT 's1' AS id, now() AS \"leg.departed_on\"", "CAST(leg.departed_on AS DATE)"),
    "none and a value": (
        "SELECT 's1' AS id, DATE '2024-05-01' AS \"leg.certified_on\", TRUE AS \"leg.certified_on_is_none\"",
        "leg.certified_on is none and has a value",
    ),
    "a blank mark": (
        "SELECT 's1' AS id, NULL::BOOLEAN AS \"leg.certified_on_is_none\"",
        "write yes or no in every row",
    ),
    "a mark of what is never none": ("SELECT 's1' AS id, TRUE AS role_is_none", "role is never none"),
    "a period upside down": (
        "SELECT 's1' AS id, DATE '2024-05-02' AS \"leg.departed_on\", DATE '2024-05-01' AS \"leg.departed_on_last\"",
        "leg.departed_on ends before it begins",
    ),
}


@pytest.mark.parametrize("why", sorted(BAD))
def test_a_bad_table_is_refused_with_the_rows_that_show_it_and_nothing_is_written(why: str, tmp_path: Path) -> None:
    query, told = BAD[why]
    with pytest.raises(Refused) as refused:
        decide(CODE, FARE, duckdb.sql(query), tmp_path / "answers.csv")
    assert told in str(refused.value)
    assert "help: " in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_column_said_to_be_known_is_refused_where_it_is_blank(tmp_path: Path) -> None:
    table = duckdb.sql("SELECT unnest(['s1', 's2']) AS id, unnest(['guest', NULL]) AS role")
    with pytest.raises(Refused, match="role is said to be known, and is blank") as refused:
        decide(CODE, FARE, table, tmp_path / "answers.csv", known=["role"])
    assert "  id s2" in str(refused.value)
    assert "  id s1" not in str(refused.value)


def test_a_bad_cell_of_a_csv_file_is_shown_with_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "seats.csv").write_text("id,role,leg.seats\ns1,guest,3\ns2,guest,three\n", encoding="utf-8")
    packs = str(ROOT / "packs" / "model-code" / "seat-fare")
    assert main(["decide", packs, str(tmp_path / "seats.csv"), "--out", str(tmp_path / "a.csv")]) == 3
    said = capsys.readouterr().err
    assert "id s2, leg.seats 'three'" in said
    assert "help: write a whole number of seats" in said
    assert not (tmp_path / "a.csv").exists()


def test_a_column_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seats.csv").write_text("id,role,role\ns1,guest,guest\n", encoding="utf-8")
    with pytest.raises(Refused, match="'role' is there twice"):
        decide(CODE, FARE, tmp_path / "seats.csv", tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "has no column `id`; it has no columns"),
        (b"role\nguest\n", "has no column `id`; it has 'role'"),
        (b"id,role\ns1,guest,extra\n", "cannot be read"),
        (b"\xff\xfe\x00", "is not text in UTF-8"),
    ],
)
def test_a_csv_file_of_which_nothing_can_be_made_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "seats.csv").write_bytes(content)
    with pytest.raises(Refused) as refused:
        decide(CODE, FARE, tmp_path / "seats.csv", tmp_path / "a.csv")
    assert told in str(refused.value)


def test_semicolons_separate_columns_too(tmp_path: Path) -> None:
    (tmp_path / "seats.csv").write_text("id;role\ns1;guest\n", encoding="utf-8")
    assert decide(CODE, FARE, tmp_path / "seats.csv", tmp_path / "a.csv").rows == 1


def test_a_policy_about_a_set_is_refused_by_the_name_of_the_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "trips.csv").write_text("id\nt1\n", encoding="utf-8")
    packs = str(ROOT / "packs" / "model-code" / "trip-character")
    assert main(["decide", packs, str(tmp_path / "trips.csv"), "--out", str(tmp_path / "a.csv")]) == 3
    assert "asks about the set `trip.day`" in capsys.readouterr().err


def test_a_policy_or_a_file_that_is_not_there_is_named_with_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = ROOT / "packs" / "model-code", str(tmp_path / "a.csv")
    assert main(["decide", str(code / "seat-fair"), "seats.csv", "--out", out]) == 2
    assert "did you mean `seat-fare`?" in capsys.readouterr().err
    assert main(["decide", str(code / "seat-fare"), "no.csv", "--out", out]) == 2
    assert "there is no such file" in capsys.readouterr().err
    assert main(["decide", str(code / "seat-fare"), "seats.xlsx", "--out", out]) == 2
    assert "ends with .parquet or .csv" in capsys.readouterr().err


def test_the_answer_on_stdout_is_a_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "seats.csv").write_text("id,role\ns1,guest\n", encoding="utf-8")
    out = str(tmp_path / "a.parquet")
    asked = [str(ROOT / "packs" / "model-code" / "seat-fare"), str(tmp_path / "seats.csv"), "--out", out]
    assert main(["decide", *asked, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "policy": "model-code/seat-fare",
        "pack": {"hash": CODE.hash},
        "rows": 1,
        "by_outcome": {"undetermined": 1},
        "explanations": 1,
        "out": out,
    }
