"""The page, the CSV and the Parquet file say the same, and every total can be added up again from its rows."""

import csv
import html
import re
from collections import defaultdict
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from custodiet.cli.main import main
from tests.audit.test_audits import FOLDER, audited, read
from tests.report_files import written

VOID = {"meta", "br", "link", "input"}


class Page(HTMLParser):
    """The page as a person with a screen reader meets it: headings, tables with captions, links and their targets."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[tuple[int, str]] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == [], "a tag is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))
        self.tags.append(tag)
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append((int(tag[1]), ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in {"h1", "h2", "h3", "h4"}:
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `audit --out` writes for a docket of three trips."""
    folder = tmp_path_factory.mktemp("report")
    audited(read(FOLDER / "totals-of-three-trips.md"), folder / "docket")
    assert main(["audit", str(folder / "docket"), "--out", str(folder / "out"), "--readers", "internal"]) == 0
    return folder / "out"


def page_of(out: Path) -> str:
    return (out / "report" / "index.html").read_text(encoding="utf-8")


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown_totals(text: str) -> dict[str, dict[str, tuple[Decimal, Decimal]]]:
    """By side and name: the total the page states, and the sum of the rows it opens to."""
    section = text[text.index('<h2 id="totals"') : text.index("<h3>What each policy answered")]
    found: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    for side in re.split(r"<h3>By ", section)[1:]:
        by = side[: side.index("<")]
        found[by] = {}
        for name, total, details in re.findall(
            r'<tr><th scope="row">([^<]*)</th><td class="number whole">([\d,.]+) EUR</td></tr>'
            r".*?<details(.*?)</details>",
            side,
            flags=re.DOTALL,
        ):
            rows = re.findall(r"<td>([\d,.]+) EUR from", details)
            found[by][name] = (amount(total), sum(map(amount, rows), Decimal(0)))
    return found


def shown_figures(text: str) -> dict[str, tuple[str, str]]:
    """Every figure of the page by its number: its value and its formula."""
    return {
        number: (html.unescape(value), html.unescape(re.sub(r"<[^>]+>", "`", formula)))
        for number, formula, value in re.findall(
            r'<details class="derivation" id="(fig-\d+)">.*?<strong>Formula\.</strong> (.*?)</p>'
            r".*?<dt>Result</dt><dd>(.*?)</dd>",
            text,
            flags=re.DOTALL,
        )
    }


def rows_by_figure(out: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(out):
        for number in filter(None, row["figures"].split("; ")):
            found[number].append(row)
    return found


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_every_total_of_the_page_is_the_sum_of_the_rows_it_opens_to(out: Path) -> None:
    totals = shown_totals(page_of(out))
    assert list(totals) == ["payer", "cost class", "character", "basis"]
    for side in totals.values():
        assert side
        for stated, summed in side.values():
            assert stated == summed


def test_every_total_of_the_page_can_be_added_up_again_from_the_csv(out: Path) -> None:
    totals = shown_totals(page_of(out))
    owed = [row for row in rows_of(out) if row["outcome"] == "owes"]
    for by, column in (("cost class", "cost_class"), ("character", "character"), ("basis", "basis")):
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for row in owed:
            sums[row[column]] += sum(map(Decimal, row["amounts"].split("; ")))
        assert {name: stated for name, (stated, _) in totals[by].items()} == sums
    payers: dict[str, Decimal] = defaultdict(Decimal)
    for row in owed:
        for payer, part in zip(row["payers"].split("; "), row["amounts"].split("; "), strict=True):
            payers[payer] += Decimal(part)
    assert {name: stated for name, (stated, _) in totals["payer"].items()} == payers


@pytest.mark.parametrize("readers", ["internal", "respondent", "public"])
def test_every_figure_follows_from_the_rows_of_the_csv_that_bear_its_number(readers: str, tmp_path: Path) -> None:
    out = written("model-city/complete", readers, tmp_path)
    figures, members = shown_figures(page_of(out)), rows_by_figure(out)
    assert list(figures) == [f"fig-{number}" for number in range(1, len(figures) + 1)]
    assert members.keys() <= figures.keys()
    checked = 0
    for number, (value, formula) in figures.items():
        rows = members[number]
        if formula.startswith("The number of rows"):
            assert int(value.replace(",", "")) == len(rows)
            checked += 1
        elif formula.startswith("The sum of the amounts"):
            payer = re.search(r"`payers` has (.*)\.$", formula)
            assert amount(value.removesuffix(" EUR")) == sum(owed_of(row, payer and payer.group(1)) for row in rows)
            checked += 1
    assert checked > 50


def owed_of(row: dict[str, str], payer: str | None) -> Decimal:
    """What a row says is owed, by one payer or by all."""
    if "payers" not in row:
        return Decimal(row["amount"]) if payer in (None, row["payer"]) else Decimal(0)
    pairs = zip(row["payers"].split("; "), row["amounts"].split("; "), strict=True)
    return sum((Decimal(part) for name, part in pairs if payer in (None, name)), Decimal(0))


def test_each_figure_has_a_working_paper(out: Path) -> None:
    text = page_of(out)
    papers = re.findall(r'<dl class="paper">(.*?)</dl>', text, flags=re.DOTALL)
    assert len(papers) == len(shown_figures(text)) > 10
    for paper in papers:
        told = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", paper)
        assert [name for name, _ in told] == ["Purpose", "Source", "Scope", "Result", "Prepared by", "Reviewed by"]
        assert all(words for _, words in told)
        assert told[-2:] == [("Prepared by", "clerk-1"), ("Reviewed by", "not recorded")]


def test_no_chart_says_what_the_table_after_it_does_not(out: Path) -> None:
    text = page_of(out)
    charts = re.findall(r"<figure class=\"chart\">(.*?)</figure>(.*?)<h[23]", text, flags=re.DOTALL)
    assert len(charts) >= 4
    for chart, after in charts:
        assert 'role="img" aria-label="' in chart
        assert re.findall(r'width="([\d.]+)%"', chart).count("100.00") >= 1
        for label in re.findall(r'<text x="0" y="\d+">(.*?)</text>', chart):
            assert label.removesuffix("…") in after


def test_the_real_case_says_first_that_its_total_cannot_be_derived_and_keeps_its_sums_apart(tmp_path: Path) -> None:
    text = page_of(written("nyc-2019", "public", tmp_path))
    first = re.search(r"<p[^>]*>(.*?)</p>", text[text.index("</h1>") :], flags=re.DOTALL)
    assert first is not None
    assert "The published total cannot be derived again from public rows" in first.group(1)
    assert "No trip is recorded in this docket, and none is invented." in text
    values = {re.sub(", at .*", "", name): value for name, value in re.findall(
        r'<tr><th scope="row">([^<]*)</th><td class="number whole">([\d,.]+) USD</td></tr>', text
    )}  # fmt: skip
    # 31 counts of 5,000.00 and the payment of the gain; the settlement; its first payment; what is left of it.
    assert values["Ordered"] == "474,794.20"
    assert values["Settled"] == "329,794.20"
    assert values["Paid"] == "100,000.00"
    assert values["Scheduled"] == "229,794.20"
    assert "31 counts × 5,000.00 USD = 155,000.00 USD" in text


@pytest.mark.parametrize(
    ("docket", "readers"),
    [("model-city/complete", "internal"), ("model-city/as-found", "internal"), ("nyc-2019", "public")],
)
def test_a_report_is_one_file_under_three_megabytes(docket: str, readers: str, tmp_path: Path) -> None:
    page = written(docket, readers, tmp_path) / "report" / "index.html"
    assert [path.name for path in page.parent.iterdir()] == ["index.html"]
    assert 50_000 < page.stat().st_size < 3_000_000


def test_the_parquet_file_holds_the_same_rows_with_exact_amounts(out: Path) -> None:
    with duckdb.connect() as connection:
        parquet = connection.execute(
            'SELECT record, outcome, payers, amounts, "or", missing, greatest FROM read_parquet(?)',
            [str(out / "results.parquet")],
        ).fetchall()
    rows = rows_of(out)
    assert [(row["record"], row["outcome"]) for row in rows] == [row[:2] for row in parquet]
    by_record = {row[0]: row[1:] for row in parquet}
    assert by_record["V3"][1:3] == (["campaign committee", "mayor"], [Decimal("16.67"), Decimal("16.66")])
    assert by_record["V4"][4] == [{"record": "T3", "field": "event", "held_by": "the protectee's office"}]
    assert by_record["V4"][5] == Decimal(200)


def test_the_same_docket_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    audited(read(FOLDER / "totals-of-three-trips.md"), tmp_path / "elsewhere")
    assert main(["audit", str(tmp_path / "elsewhere"), "--out", str(tmp_path / "out"), "--readers", "internal"]) == 0
    files = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    assert [str(path) for path in files] == ["audit.zip", "report/index.html", "results.csv", "results.parquet"]
    for path in files:
        assert (out / path).read_bytes() == (tmp_path / "out" / path).read_bytes()


def test_the_page_needs_no_network_and_runs_nothing(out: Path) -> None:
    text = page_of(out)
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
    assert "http" not in re.sub(r'http-equiv="[^"]*"', "", text)
    assert "url(" not in text
    assert not [name for _, names in page.attributes for name in names if name.startswith("on")]


def test_the_page_can_be_read_with_a_screen_reader(out: Path) -> None:
    text = page_of(out)
    page = Page(text)
    assert dict(page.attributes)["html"]["lang"] == "en"
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.tags.count("table") == page.tags.count("caption") > 0
    assert all(names.get("scope") in {"row", "col"} for tag, names in page.attributes if tag == "th")
    ids = [names["id"] for _, names in page.attributes if "id" in names]
    assert len(ids) == len(set(ids))
    targets = {str(names["href"])[1:] for tag, names in page.attributes if tag == "a"}
    assert targets <= set(ids)
    assert page.tags.count("summary") == page.tags.count("details") > 0
    assert ":focus-visible" in text
    assert "@media print" in text


def test_the_page_says_what_it_is_and_from_what_it_was_computed(out: Path) -> None:
    text = page_of(out)
    assert "Computed, not decided." in text
    assert "Internal edition" in text
    assert re.search(r"<code>[0-9a-f]{64}</code>", text)
    assert "custodiet 0." in text
    assert "Nobody vouches that the register of vouchers is complete" in text
    assert "whether every event of T3 is recorded" in text
    assert "Small Law, art. 2(2)" in text
    assert "The campaign committee repays the cost of a campaign trip" in text


def test_what_a_record_holds_cannot_become_markup(tmp_path: Path) -> None:
    case = read(FOLDER / "totals-of-three-trips.md")
    case.tables["voucher"][0]["id"] = "<script>alert(1)</script>"
    audited(case, tmp_path / "docket")
    assert main(["audit", str(tmp_path / "docket"), "--out", str(tmp_path / "out"), "--readers", "internal"]) == 0
    text = page_of(tmp_path / "out")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_page_names_references_that_lead_nowhere_and_rows_set_aside(tmp_path: Path) -> None:
    case = read(FOLDER / "a-row-that-cannot-be-read.md")
    case.tables["voucher"][1]["trip"] = "T9"
    audited(case, tmp_path / "docket")
    assert main(["audit", str(tmp_path / "docket"), "--out", str(tmp_path / "out"), "--readers", "internal"]) == 1
    text = page_of(tmp_path / "out")
    assert "<li>trip of V2: the trip T9</li>" in text
    assert '<th scope="row">records/voucher.csv</th><td class="number">2</td><td>paid</td><td>1,200.00</td>' in text
    Page(text)
