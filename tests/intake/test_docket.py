"""docket.toml: what it says, and what it says wrongly."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodiet.base.dates import Days
from custodiet.base.errors import Refused
from custodiet.intake.docket import read_docket, vouched_periods
from custodiet.records.facts import Vouched

GOOD = """\
title = "Model City"
pack = "../packs/model-code"
currency = "EUR"
recorded_by = "the inspector"
recorded_at = "2024-05-01"
"""


def docket(folder: Path, text: str) -> Path:
    (folder / "docket.toml").write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(Refused) as refused:
        read_docket(docket(folder, text))
    assert refused.value.problems
    return str(refused.value)


def test_a_docket_says_whose_case_it_is_and_under_which_law(tmp_path: Path) -> None:
    read = read_docket(
        docket(tmp_path, GOOD + '[complete]\nseat = "2024-01-01 .. 2024-04-30, vouched by the unit\'s log officer"\n')
    )
    assert (read.title, read.currency, read.recorded_by) == ("Model City", "EUR", "the inspector")
    assert read.recorded_at == "2024-05-01"
    assert read.pack == (tmp_path / "../packs/model-code").resolve()
    assert read.ledger_folder == tmp_path / ".custodiet"
    assert read.complete == (Vouched("seat", Days.read("2024-01-01/2024-04-30"), "the unit's log officer"),)


def test_a_pack_may_lie_anywhere(tmp_path: Path) -> None:
    text = GOOD.replace("../packs/model-code", str(tmp_path / "law"))
    assert read_docket(docket(tmp_path, text)).pack == tmp_path / "law"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"2024-05-01T12:00:00Z"', "2024-05-01T12:00:00Z"),
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00Z"),
        ("2024-05-01T12:00:00", "2024-05-01T12:00:00Z"),
    ],
)
def test_the_time_of_recording_is_a_date_or_a_time_in_utc(tmp_path: Path, written: str, read: str) -> None:
    assert read_docket(docket(tmp_path, GOOD.replace('"2024-05-01"', written))).recorded_at == read


def test_a_period_may_be_open_on_both_sides_and_there_may_be_several() -> None:
    first, second = vouched_periods(
        "leg", ".. 2024-01-31, vouched by A; 2024-03-01 .., vouched by the board, in writing"
    )
    assert first == Vouched("leg", Days(None, date(2024, 1, 31)), "A")
    assert second == Vouched("leg", Days(date(2024, 3, 1), None), "the board, in writing")
    assert vouched_periods("leg", "..,vouched by A") == [Vouched("leg", Days(None, None), "A")]
    assert [each.by for each in vouched_periods("leg", "2023 .. 2023; 2024-02 .. 2024-03, vouched by B")] == ["B", "B"]


DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(str)


@given(st.lists(st.tuples(DAYS, DAYS).map(sorted), min_size=1, max_size=4))
def test_every_period_that_is_written_is_read(periods: list[list[str]]) -> None:
    text = "; ".join(f"{first} .. {last}, vouched by the officer" for first, last in periods)
    assert [each.during for each in vouched_periods("seat", text)] == [Days.read("/".join(each)) for each in periods]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-01-01 .. 2024-04-30", "write a period and who vouches for it"),
        ("2024-01-01, vouched by A", "write a period and who vouches for it"),
        ("2024-01-01 .. 2024-04-30, A", "write a period and who vouches for it"),
        ("2024-01-01 .. 2024-02-30, vouched by A", "write a valid date; 2024-02-30 is not one"),
        ("2024-05-01 .. 2024-04-30, vouched by A", "ends before it begins; write the earlier day first"),
        ("", "write a period and who vouches for it"),
    ],
)
def test_a_period_nobody_vouches_for_is_refused(tmp_path: Path, written: str, expected: str) -> None:
    said = refusal(tmp_path, f'{GOOD}[complete]\nseat = "{written}"\n')
    assert expected in said
    assert "docket.toml:7:" in said


def test_an_unknown_key_is_refused_with_the_nearest_known_one(tmp_path: Path) -> None:
    said = refusal(tmp_path, GOOD.replace("currency", "currancy"))
    assert "docket.toml:3: unknown key `currancy`" in said
    assert "did you mean `currency`?" in said
    assert "`currency` is missing" in said


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ('"EUR"', '"EURO"', "`EURO` is not a currency"),
        ('"EUR"', '"eur"', "did you mean `EUR`?"),
        ('"the inspector"', '" "', "`recorded_by` is not a text"),
        ('"Model City"', "7", "`title` is not a text"),
        ('"2024-05-01"', '"yesterday"', "a date such as 2024-05-01, or a time"),
        ('"2024-05-01"', '"2024-02-30"', "2024-02-30 is not a time; write a date"),
        ('"2024-05-01"', "12:00:00", "`recorded_at` is not a text"),
        ('title = "Model City"\n', "", "`title` is missing"),
        ('"EUR"', '"EUR', "docket.toml:3:"),
    ],
)
def test_a_wrong_value_is_refused_with_what_was_expected(tmp_path: Path, was: str, becomes: str, expected: str) -> None:
    assert expected in refusal(tmp_path, GOOD.replace(was, becomes))


def test_a_register_that_does_not_exist_cannot_be_complete(tmp_path: Path) -> None:
    said = refusal(tmp_path, GOOD + '[complete]\nseats = ".., vouched by A"\n')
    assert "no register is called `seats`" in said
    assert "did you mean `seat`?" in said
    assert "no register is called `day`" in refusal(tmp_path, GOOD + '[complete]\nday = ".., vouched by A"\n')
    assert "`complete` is not a section" in refusal(tmp_path, GOOD + 'complete = "all"\n')


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_docket(docket(tmp_path, 'title = ""\ncolour = "red"\n'))
    assert len(refused.value.problems) == 6, "two that are wrong, four that are missing"


def test_a_folder_without_docket_toml_is_no_docket(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not a docket"):
        read_docket(tmp_path)


def test_a_docket_toml_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "docket.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(Refused, match="UTF-8"):
        read_docket(tmp_path)


def test_nothing_of_a_docket_lies_outside_its_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "docket", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    docket(outside, GOOD)
    (inside / "docket.toml").symlink_to(outside / "docket.toml")
    with pytest.raises(Refused, match="leads out of the docket"):
        read_docket(inside)
    (inside / "docket.toml").unlink()
    read = read_docket(docket(inside, GOOD))
    (inside / ".custodiet").symlink_to(outside)
    with pytest.raises(Refused, match="leads out of the docket"):
        _ = read.ledger_folder
