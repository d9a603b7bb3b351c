"""Every vector is a row of a pack, or stands in docs/internals/vectors.md with the reason why it cannot be one."""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from custodiet.audit.reconcile import Reconciliation, reconcile
from custodiet.policy.document import read_document
from custodiet.records import TYPES, read_cell
from custodiet.records.facts import Facts, Record
from tests.house import ROOT

VECTORS = ROOT.parent / "shared" / "data" / "rules" / "vectors.csv"
LISTED = ROOT / "docs" / "internals" / "vectors.md"

IDS = (
    *(f"T{number:02}" for number in range(1, 25)),
    *(f"C{number:02}" for number in range(1, 8)),
    *(f"R{number:02}" for number in range(1, 8)),
)


def shown() -> dict[str, list[str]]:
    """Per vector, the rows of all packs that show it, each as one text of its cells."""
    rows: dict[str, list[str]] = {}
    for path in sorted((ROOT / "packs").glob("*/policies/*.md")):
        read = read_document(path.read_text(encoding="utf-8"), path.name)
        for example in read.policy.examples if read.policy is not None else ():
            vector = re.match(r"[TCR]\d{2}(?= )", example.title)
            if vector:
                rows.setdefault(vector[0], []).append(
                    " ".join([example.title[4:], *(text for _, text, _ in example.cells)])
                )
    return rows


def listed() -> dict[str, tuple[str, list[Path]]]:
    """Per vector that no row can show, the reason and the files that keep it instead."""
    table: dict[str, tuple[str, list[Path]]] = {}
    for line in LISTED.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if re.fullmatch(r"[TCR]\d{2}", cells[0]):
            table[cells[0]] = cells[2], [ROOT / name for name in cells[3].split(", ")]
    return table


def numbers(text: str) -> set[Fraction]:
    """The numbers in a text; a comma groups, and 5/9 is one number."""
    found = re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?:/\d+)?(?!\w)", text)
    return {Fraction(each.replace(",", "")) for each in found}


def leaves(value: object) -> Iterator[str]:
    """Every single thing that a vector expects; yes and no say nothing that could be found in a text."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif not isinstance(value, bool):
        yield str(value)


def missing(expected: Iterable[str], text: str) -> list[str]:
    """What a vector expects and a text does not tell: numbers, dates, and names of places."""
    there = numbers(text)
    absent = []
    for leaf in expected:
        if re.fullmatch(r"\d+(?:\.\d+)?(?:/\d+)?", leaf):
            wanted = Fraction(leaf) in there
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", leaf):
            wanted = leaf in text
        else:
            wanted = all(name in text for name in re.findall(r"[A-Z][a-z]+", leaf))
        if not wanted:
            absent.append(leaf)
    return absent


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


@pytest.mark.skipif(not VECTORS.exists(), reason="the vectors as they were collected are not beside this tree")
def test_the_rows_tell_every_number_date_and_place_that_a_vector_expects() -> None:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        collected = list(csv.DictReader(file))
    assert tuple(row["id"] for row in collected) == IDS
    rows, elsewhere = shown(), listed()
    absent = {}
    for row in collected:
        texts = rows.get(row["id"]) or [path.read_text(encoding="utf-8") for path in elsewhere[row["id"]][1]]
        left = missing(leaves(json.loads(row["expected"])), " \n ".join(texts))
        if left:
            absent[row["id"]] = left
    assert absent == {}


def test_a_number_that_no_row_tells_is_found() -> None:
    told = "two cars: 1,500 left out, on 2019-07-01, from St. Louis to Seattle: 5/9"
    assert missing(["1500", "5/9", "2019-07-01", "St. Louis-Seattle"], told) == []
    assert missing(["500", "9", "2019-07-02", "St. Louis-Denver"], told) == [
        "500",
        "9",
        "2019-07-02",
        "St. Louis-Denver",
    ]


# ---- sums of reports, which no policy decides


def figure(id_: str, amount: str, **cells: str) -> Record:
    """A sum that a report prints."""
    said = {
        "about": id_, "amount": amount, "exactness": "exact", "scope": "the year", "excludes": "none",
        "standing": "reported by the press", "itemised": "no", "part_of": "none", "published_in": "paper", **cells,
    }  # fmt: skip
    definition = TYPES["published_figure"]
    return Record(
        "published_figure", id_, {name: read_cell(definition.field(name), text, "USD") for name, text in said.items()}
    )


def differences(*records: Record) -> tuple[Reconciliation, ...]:
    return reconcile(Facts(records))


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
