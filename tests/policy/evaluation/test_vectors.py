"""Every vector is a row of a pack, or stands in docs/internals/vectors.md with the reason why it cannot be one.

`vectors.csv` beside this file holds, per row that shows a vector, key facts that the row gives and what it expects,
and once per vector the numbers and dates that its source prints. A row's title proves nothing: only its cells count.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from custodiet.audit.reconcile import Reconciliation, reconcile
from custodiet.policy.language.document import read_document
from custodiet.records import core_types, read_cell
from custodiet.records.facts import Facts
from custodiet.records.record import Record
from tests.house import ROOT

VECTORS = ROOT / "tests" / "policy" / "evaluation" / "vectors.csv"
LISTED = ROOT / "docs" / "internals" / "vectors.md"
COLLECTED = ROOT.parent / "shared" / "data" / "rules" / "vectors.csv"
"""The vectors as they were collected; not everywhere beside this tree."""

IDS = (
    *(f"T{number:02}" for number in range(1, 25)),
    *(f"C{number:02}" for number in range(1, 8)),
    *(f"R{number:02}" for number in range(1, 8)),
)


@dataclass(frozen=True)
class Line:
    """A line of vectors.csv."""

    vector: str
    source: str
    policy: str
    given: dict[str, str]
    expected: dict[str, str]
    printed: tuple[str, ...]

    @property
    def cells(self) -> dict[str, str]:
        """All that a row of the policy has to say in its cells."""
        return {**self.given, **self.expected}


def pairs(text: str) -> dict[str, str]:
    return dict(each.split("=", 1) for each in text.split("; ") if each)


@cache
def lines() -> tuple[Line, ...]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Line(
                row["vector"], row["source"], row["policy"], pairs(row["given"]), pairs(row["expected"]),
                tuple(each for each in row["printed"].split("; ") if each),
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


@cache
def shown() -> dict[str, list[tuple[str, dict[str, str]]]]:
    """Per vector, the rows of all packs that show it: the policy and the cells."""
    rows: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for path in sorted((ROOT / "packs").glob("*/policies/*.md")):
        read = read_document(path.read_text(encoding="utf-8"), path.name)
        for example in read.policy.examples if read.policy is not None else ():
            vector = re.match(r"[TCR]\d{2}(?= )", example.title)
            if vector and read.policy is not None:
                cells = {column: text for column, text, _ in example.cells}
                rows.setdefault(vector[0], []).append((read.policy.name, cells))
    return rows


def listed() -> dict[str, tuple[str, list[Path]]]:
    """Per vector that no row can show, the reason and the files that keep it instead."""
    table: dict[str, tuple[str, list[Path]]] = {}
    by_no_row, _, in_part = LISTED.read_text(encoding="utf-8").partition("\n## Shown in part\n")
    assert in_part
    for line in by_no_row.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if re.fullmatch(r"[TCR]\d{2}", cells[0]):
            table[cells[0]] = cells[2], [ROOT / name for name in cells[3].split(", ")]
    return table


def number(text: str) -> Fraction | None:
    """The number that a whole cell is; 5/9 is one, a date and a name are none."""
    return Fraction(text.replace(",", "")) if re.fullmatch(r"\d[\d,]*(?:\.\d+)?(?:/\d+)?", text) else None


def same(one: str, other: str) -> bool:
    return one == other if number(one) is None else number(one) == number(other)


def says(row: dict[str, str], cells: dict[str, str]) -> bool:
    """Whether a row has all these cells."""
    return all(column in row and same(text, row[column]) for column, text in cells.items())


def told(printed: str, of: Iterable[Line]) -> bool:
    """Whether the cells of a vector's lines come to what its source prints.

    What is printed is a cell, or the share of an amount given that is expected, or the sum of a column over the lines
    on which nothing is owed.
    """
    every = list(of)
    if any(same(printed, cell) for line in every for cell in line.cells.values()):
        return True
    wanted = number(printed)
    shares = [
        Fraction(line.expected["owes"]) / whole
        for line in every
        for whole in map(number, line.given.values())
        if whole and "owes" in line.expected
    ]
    right = [line.given for line in every if line.expected.get("owes") == "0"]
    sums = [
        sum((number(given[column]) or Fraction(0) for given in right), Fraction(0))
        for column in (right[0] if right else ())
        if all(number(given.get(column, "")) is not None for given in right)
    ]
    return wanted is not None and (wanted in shares if "/" in printed else wanted in sums)


def test_every_vector_has_a_source_and_a_line() -> None:
    assert tuple(dict.fromkeys(line.vector for line in lines())) == IDS
    assert [line.vector for line in lines() if not line.source] == []


def test_every_vector_is_shown_by_a_pack_or_listed_with_a_reason() -> None:
    rows, reasons = shown(), listed()
    assert {each for each in IDS if each not in rows and each not in reasons} == set()
    assert set(rows) | set(reasons) == set(IDS)


def test_no_vector_that_a_pack_shows_is_listed_as_one_that_none_can_show() -> None:
    assert set(shown()) & set(listed()) == set()


@pytest.mark.parametrize("vector", sorted(listed()))
def test_a_listed_vector_has_a_reason_and_is_kept_where_the_page_says(vector: str) -> None:
    reason, files = listed()[vector]
    assert reason
    assert files
    assert [path for path in files if not path.is_file()] == []


@pytest.mark.parametrize("vector", [each for each in IDS if each not in listed()])
def test_the_rows_of_a_pack_give_and_expect_what_the_vector_says(vector: str) -> None:
    wanted = [line for line in lines() if line.vector == vector]
    assert wanted
    for line in wanted:
        assert line.expected, line
        assert any(policy == line.policy and says(row, line.cells) for policy, row in shown()[vector]), line


@pytest.mark.parametrize("vector", [each for each in IDS if each not in listed()])
def test_what_a_source_prints_stands_in_cells(vector: str) -> None:
    mine = [line for line in lines() if line.vector == vector]
    assert [printed for line in mine for printed in line.printed if not told(printed, mine)] == []


@pytest.mark.parametrize("vector", sorted(listed()))
def test_what_a_source_prints_stands_where_the_page_says(vector: str) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in listed()[vector][1])
    [line] = [line for line in lines() if line.vector == vector]
    assert line.printed
    assert [printed for printed in line.printed if Fraction(printed) not in numbers(text)] == []


def numbers(text: str) -> set[Fraction]:
    """The numbers in a text; a comma groups."""
    found = re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)", text)
    return {Fraction(each.replace(",", "")) for each in found}


def test_what_no_cell_comes_to_is_found() -> None:
    line = Line("T99", "a section", "p/fare", {"paid": "1800"}, {"owes": "1000"}, ())
    assert [told(each, [line]) for each in ("1000", "1,800", "5/9")] == [True, True, True]
    assert [told(each, [line]) for each in ("2800", "4/9", "2019-07-01")] == [False, False, False]
    days = [Line("T99", "a section", "p/day", {"paid": paid}, {"owes": "0"}, ()) for paid in ("53.25", "71.00")]
    assert [told(each, days) for each in ("124.25", "124.26")] == [True, False]
    assert says({"owes": "1000.00", "paid": "1800"}, line.cells)
    assert not says({"owes": "1000.01", "paid": "1800"}, line.cells)
    assert not says({"owes": "1000"}, line.cells)


def leaves(value: object) -> Iterator[str]:
    """Every single thing that a vector expects; yes and no are no number."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif not isinstance(value, bool):
        yield str(value)


@pytest.mark.skipif(not COLLECTED.exists(), reason="the vectors as they were collected are not beside this tree")
def test_the_vectors_print_what_was_collected() -> None:
    with COLLECTED.open(encoding="utf-8", newline="") as file:
        collected = {row["id"]: set(leaves(json.loads(row["expected"]))) for row in csv.DictReader(file)}
    assert tuple(collected) == IDS
    for vector, expected in collected.items():
        printed = {each for line in lines() if line.vector == vector for each in line.printed}
        assert printed == {each for each in expected if re.fullmatch(r"[\d./]+|\d{4}-\d{2}-\d{2}", each)}, vector


# ---- sums of reports, which no policy decides


def figure(id_: str, amount: str, **cells: str) -> Record:
    """A sum that a report prints."""
    said = {
        "about": id_, "amount": amount, "exactness": "exact", "scope": "the year", "excludes": "none",
        "standing": "reported by the press", "itemised": "no", "part_of": "none", "published_in": "paper", **cells,
    }  # fmt: skip
    definition = core_types()["published_figure"]
    return Record(
        "published_figure", id_, {name: read_cell(definition.field(name), text, "USD") for name, text in said.items()}
    )


def differences(*records: Record) -> tuple[Reconciliation, ...]:
    return reconcile(Facts(records, core_types()))


def by_parts(whole: str, parts: list[str], step: str) -> tuple[Reconciliation, ...]:
    """What is noted of a total that a report breaks down into these parts."""
    total = figure("total", whole, itemised="yes", step=step)
    return differences(total, *(figure(f"part {n}", each, part_of="total", step=step) for n, each in enumerate(parts)))


def test_c05_two_papers_break_one_total_down_by_persons_and_by_classes_of_cost() -> None:
    assert by_parts("463488.00", ["393699.00", "69789.00"], "0.01") == ()
    assert by_parts("463488.00", ["455665.00", "7823.00"], "0.01") == ()
    [found] = by_parts("463488.00", ["455665.00", "7824.00"], "0.01")
    assert found.difference == "1.00"


def test_c06_the_mansion_is_guarded_for_salaries_and_other_cost() -> None:
    assert by_parts("537068.00", ["512247.00", "24821.00"], "0.01") == ()


def test_c07_a_table_in_thousands_is_off_by_1_in_two_rows_and_nothing_is_noted() -> None:
    table = ((7499, 969, 8468), (3050, 2022, 5071), (18, 10, 29))
    assert [operating + temporary - said for operating, temporary, said in table] == [0, 1, -1]
    assert [sum(row[column] for row in table) for column in (0, 1)] == [10567, 3001]
    for operating, temporary, said in table:
        assert by_parts(f"{said}000.00", [f"{operating}000.00", f"{temporary}000.00"], "1000.00") == ()
    [found] = by_parts("5069000.00", ["3050000.00", "2022000.00"], "1000.00")
    assert found.difference == "3000.00"
