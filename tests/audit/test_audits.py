"""Audits as small Markdown tables: records in, results and totals expected; by a little law or by a pack named."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from custodiet.audit.json_contract import between
from custodiet.audit.run import Audit, audit
from custodiet.audit.totals import totals
from custodiet.cli.open_docket import open_docket
from tests.house import ROOT, every_type

FOLDER = ROOT / "tests" / "audits"
PACKS = ROOT / "packs"
CASES = sorted(FOLDER.glob("*.md"))

Table = list[dict[str, str]]


@dataclass
class Case:
    """One document: its law, its tables by heading, what is vouched complete, what totals must say they leave out."""

    tables: dict[str, Table]
    complete: list[str]
    leaves_out: list[str]
    pack: Path = FOLDER / "law"
    currency: str = "EUR"


def read(path: Path) -> Case:
    text = path.read_text(encoding="utf-8")
    sections = dict(section.split("\n", 1) for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:])
    said = dict(re.findall(r"^(pack|currency): (.*)$", text, flags=re.MULTILINE))
    return Case(
        {heading: table for heading, body in sections.items() if (table := rows_of(body))},
        re.findall(r"^complete: (.*)$", text, flags=re.MULTILINE),
        re.findall(r"^- (.*)$", sections.get("Leaves out", ""), flags=re.MULTILINE),
        PACKS / said["pack"] if "pack" in said else FOLDER / "law",
        said.get("currency", "EUR"),
    )


def rows_of(body: str) -> Table:
    lines = [line.strip().strip("|").split("|") for line in body.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


def audited(case: Case, folder: Path) -> Audit:
    """The audit of a docket written from a case's tables."""
    (folder / "records").mkdir(parents=True)
    (folder / "docket.toml").write_text(
        f'title = "A case"\npack = "{case.pack}"\ncurrency = "{case.currency}"\nrecorded_by = "clerk-1"\n'
        'recorded_at = "2024-06-03"\n\n[complete]\n' + "\n".join(case.complete) + "\n",
        encoding="utf-8",
    )
    (folder / "salt.key").write_text("ab" * 32 + "\n", encoding="ascii")
    for heading, table in case.tables.items():
        if heading in every_type():
            with (folder / "records" / f"{heading}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, fieldnames=list(table[0]))
                writer.writeheader()
                writer.writerows(table)
    opened = open_docket(folder)
    return audit(opened.docket.title, opened.docket.currency, opened.pack, opened.view)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_records_give_the_results_and_totals_that_the_tables_expect(path: Path, tmp_path: Path) -> None:
    case = read(path)
    done = audited(case, tmp_path / "docket")
    assert done.pack.problems == ()
    found = [
        {
            "record": result.record,
            "policy": result.policy,
            "outcome": result.outcome.value,
            "payers": "; ".join(debt.payer for debt in result.debts),
            "amounts": "; ".join(debt.amount.digits for debt in result.debts),
            "class": result.classified or "",
            "because": "; ".join(result.because),
        }
        for result in done.results
    ]
    assert found == case.tables["Results"]
    for side in totals(done):
        expected = case.tables.get(f"Totals by {side.by}")
        if expected is not None:
            assert [
                {"name": total.name, "amount": total.amount.digits, "results": str(total.results)}
                for total in side.totals
            ] == expected
        for sentence in case.leaves_out:
            assert sentence in side.leaves_out
    stakes = [(each.record, between(each.between)) for each in done.undetermined]
    expected_stakes = [(row["record"], bounds_of(row["between"])) for row in case.tables.get("Undetermined", [])]
    assert stakes == expected_stakes


def bounds_of(text: str) -> list[str | None] | None:
    """The bounds that a cell such as `0.00 ..` writes."""
    if not text:
        return None
    low, high = text.split("..")
    return [low.strip() or None, high.strip() or None]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_side_of_the_totals_comes_to_the_same_sum(path: Path, tmp_path: Path) -> None:
    done = audited(read(path), tmp_path / "docket")
    sums = {side.by: sum(total.amount.minor for total in side.totals) for side in totals(done)}
    assert set(sums) == {"payer", "trip", "cost class", "character", "basis"}
    owed = sum(debt.amount.minor for result in done.results if result.outcome.value == "owes" for debt in result.debts)
    assert set(sums.values()) == {owed}


def test_an_undetermined_result_names_the_fact_and_who_holds_it(tmp_path: Path) -> None:
    done = audited(read(FOLDER / "most-at-stake-first.md"), tmp_path / "docket")
    missing = {result.record: [(each.record, each.field, each.held_by) for each in result.missing]
               for result in done.undetermined}  # fmt: skip
    assert missing["V1"] == [("V1", "paid", "the comptroller")]
    assert missing["V2"] == [("V2", "cost_class", "the comptroller")]
    assert missing["V3"] == [("V3", "trip", "the comptroller")]
    assert missing["C1"] == [("C1", "served", "the protective unit")]
