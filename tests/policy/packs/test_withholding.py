import pytest

from custodiet.policy.packs.withholding import COLUMNS, DELAY_DAYS, WithholdingTable, read_withholding
from custodiet.records import core_types
from tests.house import ROOT

HEADER = ",".join(COLUMNS)


def problems(*lines: str) -> list[str]:
    text = "\n".join([HEADER, *lines]) + "\n"
    return [problem.shown() for problem in read_withholding(text.encode(), "withholding.csv", core_types())[1]]


def test_the_most_particular_row_holds() -> None:
    text = f"{HEADER}\nA,internal,l,b,e,o\nB,seat,l,b,e,o\nC,seat.occupant; load.owner,l,b,e,o\n"
    table, wrong = read_withholding(text.encode(), "w", core_types())
    assert wrong == ()
    found = [
        table.of(*names) for names in (("seat.occupant", "seat", "internal"), ("seat.role", "seat"), ("internal",))
    ]
    assert [row.code for row in found if row] == ["C", "B", "A"]
    assert table.of("sealed") is None


def test_the_delay_is_ninety_days_unless_the_table_says_otherwise() -> None:
    assert WithholdingTable().delay_days == DELAY_DAYS == 90
    table, _ = read_withholding(f"{HEADER}\nA,delay,l,b,30 days after the trip,o\n".encode(), "w", core_types())
    assert table.delay_days == 30


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("A,seat.ocupant,l,b,e,o", "withholding.csv:2: `seat.ocupant` is not a field, a type or a class"),
        ("A,internal,,b,e,o", "withholding.csv:2: `law and paragraph` is blank"),
        ("A,internal,l,b,e", "withholding.csv:2: the row cannot be read"),
        ("A 1,internal,l,b,e,o", "withholding.csv:2: `A 1` is not a code"),
        ("A,delay,l,b,soon,o", "withholding.csv:2: the delay has no number of days"),
        ("A,internal,l,b,e,o\nA,sealed,l,b,e,o", "withholding.csv:3: line 2 already has the code `A`"),
        ("A,internal,l,b,e,o\nB,internal,l,b,e,o", "withholding.csv:3: line 2 already covers `internal`"),
        ('A,internal,"l,b,e,o', "withholding.csv:2: the row cannot be read"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_with_its_place(line: str, message: str) -> None:
    found = problems(*line.split("\n"))
    assert len(found) == 1
    assert found[0].startswith(message)


def test_a_wrong_name_gets_the_nearest_right_one() -> None:
    assert "did you mean `seat.occupant`?" in problems("A,seat.ocupant,l,b,e,o")[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "w:1: the column `code` is missing"),
        (b"code,law\n", "w:1: unknown column `law`"),
        (b"\xff\xfe", "w:1: the table is not text in UTF-8"),
    ],
)
def test_a_table_without_its_columns_says_which(text: bytes, message: str) -> None:
    table, wrong = read_withholding(text, "w", core_types())
    assert table.rows == ()
    assert [problem.shown().splitlines()[0] for problem in wrong] == [message]


@pytest.mark.parametrize("pack", sorted(path.name for path in (ROOT / "packs").iterdir()))
def test_every_pack_of_ours_has_a_code_for_every_class(pack: str) -> None:
    from custodiet.policy.packs.withholding import CLASSES

    table, wrong = read_withholding((ROOT / "packs" / pack / "withholding.csv").read_bytes(), "w", core_types())
    assert wrong == ()
    assert [name for name in CLASSES if table.of(name) is None] == []


def test_a_pack_with_a_wrong_withholding_table_cannot_be_used(tmp_path: object) -> None:
    import shutil
    from pathlib import Path

    from custodiet.policy.packs.pack import read_pack

    assert isinstance(tmp_path, Path)
    shutil.copytree(ROOT / "packs/model-code", tmp_path / "pack")
    (tmp_path / "pack/withholding.csv").write_text("code\n", encoding="utf-8")
    assert [problem.code for problem in read_pack(tmp_path / "pack").refusable] == ["withholding"]
