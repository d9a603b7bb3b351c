"""Every claim of the docket of New York City, 2019, held against the notes on its source, point by point.

`nyc_2019_claims.csv` names for each record what it says and the point under its source that it rests on.
"""

import csv
import re
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from tests.house import ROOT

DOCKET = ROOT / "dockets" / "nyc-2019"
CLAIMS = Path(__file__).parent / "nyc_2019_claims.csv"
SAID_ON = "S54,statement only,2026-12,"
TOLD = (
    "statement", "allegation", "finding", "precedent", "determination", "charge", "complaint", "order", "settlement",
    "payment", "referral", "review", "recommendation", "instalment", "receivable",
)  # fmt: skip


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def in_one_line(text: str) -> str:
    return " ".join(text.split()).lower()


def notes(docket: Path) -> dict[str, str]:
    """What stands under each source in the list of sources, in one line and small letters."""
    page = (docket / "exhibits" / "sources.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (S\d\d)$", page.partition("## What was looked up again")[0], flags=re.MULTILINE)
    return {source: in_one_line(text) for source, text in zip(parts[1::2], parts[2::2], strict=True)}


def source_of(record: dict[str, str]) -> str:
    return record["source"].partition("#")[2]


def numbers(text: str) -> set[Fraction]:
    """Every number that is written in a text, with or without commas and cents."""
    found = re.findall(r"(?<![\d.,-])\d[\d,]*(?:\.\d+)?(?![\d-])", text)
    return {Fraction(each.rstrip(",").replace(",", "")) for each in found}


def wrong(docket: Path) -> Iterator[str]:
    """What in the tables rests on no point of its source, or on one that says otherwise."""
    under, claims = notes(docket), {row["record"]: row for row in table(CLAIMS)}
    for figure in table(docket / "records" / "published_figure.csv"):
        number = figure["amount"] if figure["amount"] != "none" else figure["count"]
        if source_of(figure) != figure["published_in"]:
            yield f"{figure['id']}: two sources"
        if Fraction(number) not in numbers(under.get(source_of(figure), "")):
            yield f"{figure['id']}: {number} is not among the points of {source_of(figure)}"
    for kind in TOLD:
        for record in table(docket / "records" / f"{kind}.csv"):
            claim = claims.get(record["id"])
            told = in_one_line(" ".join(value for name, value in record.items() if name != "source"))
            if claim is None:
                yield f"{record['id']}: no claim is listed"
            elif claim["says"] not in told:
                yield f"{record['id']} does not say: {claim['says']}"
            elif claim["point"] not in under.get(source_of(record), ""):
                yield f"{record['id']}: {source_of(record)} does not say: {claim['point']}"


def test_every_figure_and_every_claim_rests_on_a_point_under_its_source() -> None:
    assert list(wrong(DOCKET)) == []


def test_the_list_of_claims_names_no_record_that_is_not_there() -> None:
    ids = {record["id"] for kind in TOLD for record in table(DOCKET / "records" / f"{kind}.csv")}
    assert {row["record"] for row in table(CLAIMS)} == ids


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("published_figure.csv", "319794.20,0.01,none,none,exact", "319794.30,0.01,none,none,exact", "F01"),
        ("published_figure.csv", ",none,none,31,trips", ",none,none,32,trips", "F21"),
        ("statement.csv", "while driving the mayor.", "while the mayor was elsewhere.", "W49"),
        ("statement.csv", "to six counts;", "to seven counts;", "W60"),
        ("statement.csv", f"{SAID_ON}sources.md#S54", f"{SAID_ON}sources.md#S14", "W47"),
        ("statement.csv", f"{SAID_ON}sources.md#S54", SAID_ON, "W47"),
        ("review.csv", ",2021-07,", ",2021-06,", "RV1"),
        ("../exhibits/sources.md", "guilty on Wednesday, 9 August 2023", "on Wednesday, 9 August 2023", "W60"),
        ("../exhibits/sources.md", "9 August 2023, to six counts", "9 August 2023, to four counts", "W60"),
    ],
)  # fmt: skip
def test_a_claim_without_a_source_or_whose_source_says_otherwise_is_told(
    file: str, old: str, new: str, told: str, tmp_path: Path
) -> None:
    docket = tmp_path / "docket"
    shutil.copytree(DOCKET, docket, ignore=shutil.ignore_patterns(".custodiet"))
    path = docket / "records" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = list(wrong(docket))
    assert len(found) == 1
    assert found[0].startswith(told)


def test_each_source_has_a_note_of_what_was_read_in_it() -> None:
    page = (DOCKET / "exhibits" / "sources.md").read_text(encoding="utf-8")
    listed = {row["id"] for row in table(DOCKET / "records" / "source.csv")}
    assert set(notes(DOCKET)) == listed
    for source in listed:
        section = page.partition(f"## {source}\n")[2].partition("\n## ")[0]
        assert re.search(r"^- \S", section, flags=re.MULTILINE), source
