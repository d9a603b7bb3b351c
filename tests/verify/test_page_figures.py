"""Whatever a reader reads of an audit, `verify` answers for: each figure, cell and sentence with a figure, in turn.

A forger changes one of them and closes the manifest over it again, so that every hash fits.
"""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from custodiet.cli.main import main
from custodiet.reports.editions.disclosure import Edition
from custodiet.reports.editions.redacted_rows import columns
from custodiet.reports.output.archive import CSV, PAGE, PARQUET
from custodiet.reports.output.csv_and_parquet import csv_of, write_parquet
from custodiet.reports.output.reproduction import tables
from custodiet.reports.output.stored_rows import Bounds, stored_rows
from custodiet.reports.result_table import FIGURES
from custodiet.verify.archive import read
from custodiet.verify.page.figures import check_page
from tests.audit.test_audits import FOLDER, audited
from tests.audit.test_audits import read as read_case
from tests.report_files import written
from tests.verify.test_archives import Files, built, closed

EDITIONS = ("internal", "respondent", "public")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
AMOUNT = re.compile(r"\d[\d,]*\.\d\d (?:EUR|USD)\b")


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    """A docket of three trips, with split debts, amounts that are open, and a record for which no rule is in force."""
    folder = tmp_path_factory.mktemp("page")
    audited(read_case(FOLDER / "totals-of-three-trips.md"), folder / "docket")
    return {readers: read(built(folder / "docket", readers)) for readers in EDITIONS}


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The public record of a real case: orders, payments, and sources that differ."""
    out = written("nyc-2019", "public", tmp_path_factory.mktemp("real"))
    return read((out / "audit.zip").read_bytes())


def wrong(files: Files) -> list[str]:
    return check_page(files, json.loads(files["audit.json"])).wrong


def another(number: str) -> str:
    """A number of the same length that is another one."""
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def with_page(files: Files, start: int, end: int, text: str) -> Files:
    page = files[PAGE].decode()
    return files | {PAGE: f"{page[:start]}{text}{page[end:]}".encode()}


def texts(page: str) -> Iterator[tuple[int, str]]:
    """Every text that a reader sees, with its place."""
    for found in re.finditer(r">([^<]+)<", page[page.index("</style>") :]):
        yield page.index("</style>") + found.start(1), found[1]


# --- what is true passes


@pytest.mark.parametrize("readers", EDITIONS)
def test_a_page_as_it_was_written_is_what_its_rows_add_up_to(archives: dict[str, Files], readers: str) -> None:
    checked = check_page(archives[readers], json.loads(archives[readers]["audit.json"]))
    assert checked.wrong == []
    [sentence] = checked.sentences
    figures = set(re.findall(r'id="(fig-\d+)"', archives[readers][PAGE].decode()))
    assert f"each of {len(figures)} figures is what the rows of results.csv that name it add up to" in sentence
    assert any("was not compared" in each for each in checked.not_compared)


def test_figures_that_are_read_from_records_are_told_apart(real: Files) -> None:
    checked = check_page(real, json.loads(real["audit.json"]))
    assert checked.wrong == []
    assert "19 figures are read from records of the case" in checked.not_compared[0]


# --- each figure, each amount


@pytest.mark.parametrize("readers", EDITIONS)
def test_no_amount_on_the_page_can_be_changed_alone(archives: dict[str, Files], readers: str) -> None:
    files = archives[readers]
    tried = 0
    for start, text in list(texts(files[PAGE].decode()))[::2]:
        for found in AMOUNT.finditer(text):
            amount = found[0].split(" ")[0]
            place = start + found.start()
            assert wrong(with_page(files, place, place + len(amount), another(amount))), text
            tried += 1
    assert tried > 10


def test_no_amount_of_the_real_case_can_be_changed_alone(real: Files) -> None:
    """But those in the words of a record, and in the reasons why one of two sources is read; every fifth of them."""
    page = real[PAGE].decode()
    sections = {name: page.index(f'<section aria-labelledby="{name}">') for name in ("timeline", "trips", "findings")}
    ordered, tried = page.index(">Ordered, by kind"), 0
    for start, text in list(texts(page))[::5]:
        if sections["timeline"] < start < sections["trips"] or sections["findings"] < start < ordered:
            continue
        for found in AMOUNT.finditer(text):
            amount = found[0].split(" ")[0]
            place = start + found.start()
            if text.startswith(". "):
                continue
            tried += 1
            assert wrong(with_page(real, place, place + len(amount), another(amount))), text
    assert tried > 10


@pytest.mark.parametrize("readers", EDITIONS)
def test_no_figure_can_be_changed_wherever_it_stands(archives: dict[str, Files], readers: str) -> None:
    """The value of one figure in its table, its chart, its derivation and its paper, all at once."""
    files = archives[readers]
    page = files[PAGE].decode()
    found = re.findall(r'<details class="derivation" id="(fig-\d+)">.*?<dt>Result</dt><dd>(.*?)</dd>', page, re.DOTALL)
    assert len(found) > 15
    for number, value in found[::2]:
        start = page.index(f'id="{number}"')
        before, after = page[:start], page[start:]
        place = before.rindex(f">{value}<")
        end = after.index("</details>")
        changed = re.sub(rf"(>|, ){re.escape(value)}<", r"\g<1>9,999.99 EUR<", after[:end])
        forged = f"{before[:place]}>9,999.99 EUR<{before[place + len(value) + 2 :]}{changed}{after[end:]}"
        assert changed != after[:end]
        assert wrong(files | {PAGE: forged.encode()}), number


# --- each sentence with a figure


@pytest.mark.parametrize("readers", EDITIONS)
@pytest.mark.parametrize(
    "sentence",
    [
        r"These figures are added up from <span[^>]*>(\d+)</span> results",
        r"By how that record is known: <span[^>]*>(\d+)</span>",
        r"Counts the (\d+) results? with an amount",
        r"Leaves out (\d+) undetermined results?",
        r"\(at most ([\d.]+) EUR more\)",
        r"(\d+) result for which no rule",
        r"Ledger</dt><dd>(\d+) entries",
        r"entries, as recorded at (2024)",
        r"Root of the ledger</dt><dd><code>[0-9a-f]*?(\d)[a-f]",
        r"SHA-256 of the pack</dt><dd><code>[0-9a-f]*?(\d)[a-f]",
        r"art\. \d+\(2\) · <span[^>]*>(\d+)</span> row",
        r"\(<span data-of=\"fig-1 rows\"[^>]*>(\d+)</span>\)",
        r"<tr><th scope=\"row\">owes</th><td>[^<]*</td><td class=\"number\">(\d+)<",
        r"the rows with fig-(1) in the column",
    ],
)
def test_no_sentence_with_a_figure_can_be_changed_alone(
    archives: dict[str, Files], readers: str, sentence: str
) -> None:
    files = archives[readers]
    page = files[PAGE].decode()
    found = re.search(sentence, page)
    if found is None:
        assert readers == "public", "the public reads fewer sentences"
        return
    assert wrong(with_page(files, *found.span(1), another(found[1])))


def test_words_of_a_figure_are_bound_too(archives: dict[str, Files]) -> None:
    files = archives["internal"]
    page = files[PAGE].decode()
    for old, new in (
        ("<code>outcome</code> is owes.", "<code>outcome</code> is permitted."),
        ("from campaign committee</td>", "from the mayor</td>"),
        ("Internal edition", "Public edition"),
        ("<h1>A case</h1>", "<h1>Another case</h1>"),
        ("<title>A case:", "<title>Another:"),
        ("<dt>Docket</dt><dd>A case", "<dt>Docket</dt><dd>Another"),
        ("<dt>Prepared by</dt><dd>clerk-1", "<dt>Prepared by</dt><dd>the mayor"),
        ('<strong data-of="row-', '<strong data-of="row-1'),
        ("The sum of the amounts", "The sum of some amounts"),
    ):
        assert old in page, old
        assert wrong(files | {PAGE: page.replace(old, new, 1).encode()}), old


def test_a_figure_that_is_only_hidden_or_left_out_is_missed(archives: dict[str, Files]) -> None:
    files = archives["public"]
    page = files[PAGE].decode()
    first = re.search(r"<dd>([\d.]+ EUR)</dd><dd>", page)
    assert first is not None
    for forged in (
        page.replace(first[0], f"<dd><!-- {first[1]} -->1.00 EUR</dd><dd>", 1),
        page.replace(first[0], f"<dd><script>{first[1]}</script></dd><dd>", 1),
        page.replace(first[0], f'<dd><img src="x">{first[1]}</dd><dd>', 1),
        page.replace(first[0], f"<dd>{first[1]}</dd><dd></dd><dd>", 1),
        page.replace('<details class="derivation" id="fig-1">', '<details id="fig-1">', 1),
        page.replace(first[0], f'<dd style="display: none">{first[1]}</dd><dd>', 1),
        page.replace(first[0], f'<dd><a href="elsewhere.html">{first[1]}</a></dd><dd>', 1),
        page.replace("</html>", ""),
        page + "<p>",
        "<div>" * 100 + page,
        "",
        "<p>" * 5_000_000,
    ):
        assert wrong(files | {PAGE: forged.encode()})
    assert wrong(files | {PAGE: b"\xff"})


# --- each cell


def rewritten(files: Files, edition: Edition, folder: Path, place: int, name: str, value: object) -> Files:
    """The two tables with one value changed in both."""
    names = {**columns(edition), **FIGURES}
    rows = list(stored_rows(files[PARQUET], names, Bounds.of(files[CSV])))
    rows[place] = {**rows[place], name: value}
    write_parquet(names, rows, folder / "forged.parquet")
    return files | {PARQUET: (folder / "forged.parquet").read_bytes(), CSV: csv_of(names, rows).encode()}


@pytest.mark.parametrize("readers", EDITIONS)
def test_no_cell_of_the_csv_can_be_changed_alone(archives: dict[str, Files], readers: str) -> None:
    files = archives[readers]
    table = list(csv.reader(io.StringIO(files[CSV].decode())))
    assert tables(files, Edition(readers)) == ""
    cells = {(row, row * 7 % len(table[0])) for row in range(len(table))} | {(1, each) for each in range(len(table[0]))}
    for row, column in cells:
        forged = [list(each) for each in table]
        forged[row][column] += "1"
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(forged)
        told = tables(files | {CSV: text.getvalue().encode()}, Edition(readers))
        assert told.startswith(f"results.csv, {f'row {row}' if row else 'its header'}: it holds"), told
    for lines in (files[CSV] + files[CSV].splitlines(keepends=True)[-1], files[CSV].rstrip(b"\n"), files[CSV] + b" "):
        assert tables(files | {CSV: lines}, Edition(readers))


@pytest.mark.parametrize("readers", EDITIONS)
def test_no_value_of_the_parquet_file_can_be_changed_alone(
    archives: dict[str, Files], readers: str, tmp_path: Path
) -> None:
    files, edition = archives[readers], Edition(readers)
    [first, *_] = stored_rows(files[PARQUET], {**columns(edition), **FIGURES}, Bounds.of(files[CSV]))
    for name, value in first.items():
        text = ["7.00"] if isinstance(value, list) else "7.00"
        changed: object = not value if isinstance(value, bool) else text
        if name == "missing" and readers != "public":
            changed = [{"record": "x", "field": "x", "held_by": "x"}]
        forged = rewritten(files, edition, tmp_path, 0, name, changed)
        assert tables(forged | {CSV: files[CSV]}, edition), name


@pytest.mark.parametrize("readers", EDITIONS)
def test_what_both_tables_say_falsely_is_not_what_the_page_says(
    archives: dict[str, Files], readers: str, tmp_path: Path
) -> None:
    """Both tables agree after the change; the figures of the page then do not follow from them."""
    files, edition = archives[readers], Edition(readers)
    names = {**columns(edition), **FIGURES}
    rows = list(stored_rows(files[PARQUET], names, Bounds.of(files[CSV])))
    owing = next(place for place, row in enumerate(rows) if row["outcome"] == "owes" and row["figures"] != [])
    amount = {"amount": "1.00"} if readers == "public" else {"amounts": ["1.00"] * len(rows[owing]["amounts"])}  # type: ignore[arg-type]
    for name, value in {**amount, "outcome": "permitted", "currency": "USD", "figures": [], "trip": "T9"}.items():
        forged = rewritten(files, edition, tmp_path, owing, name, value)
        assert tables(forged, edition) == ""
        assert wrong(forged), name


# --- nothing on the page acts, leads elsewhere or looks otherwise than the program writes it


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            '<meta name="referrer" content="no-referrer">',
            '<meta http-equiv="refresh" content="0;url=https://x.example">',
        ),
        ("<title>", '<base href="https://x.example/"><title>'),
        ("default-src 'none'", "default-src *"),
        ('charset="utf-8"', 'charset="utf-7"'),
        ("</style>", "dd{visibility:hidden}</style>"),
        ("</style>", 'dd::after{content:"1.00 EUR"}</style>'),
        ("</style>", "</style><style>p{display:none}</style>"),
        ('<main id="content">', '<main id="content"><style>p{display:none}</style>'),
        ('<main id="content">', '<main id="content"><meta charset="utf-7">'),
        ('<a href="#', '<a href="https://x.example/" href="#'),
        ('<a href="#', '<a HREF="https://x.example/" href="#'),
        ('<a href="#', '<a\u00a0href="https://x.example/" href="#'),
        ('<p class="kind">', '<p class="unseen" class="kind">'),
        ('<dl class="figures">', '<dl class="unseen">'),
        ('<tr data-row="', '<tr class="unseen" data-row="'),
        ('<p class="edition">', '<div class="edition">Certified</div><p class="edition">'),
        ('<p class="edition">', '<p class="edition">Internal edition</p><p class="edition">'),
        ("<main", "<p " + "class " * 1_000_000 + ">x</p><main"),
        ("<main", "<p " + " " * 1_000_000 + ">x</p><main"),
        ("<tbody>", "<tbody><p>5,000.00 EUR</p>"),
        ("</html>\n", "</html>\n<p>"),
    ],
)
def test_a_page_that_looks_or_leads_otherwise_is_not_a_reports_page(
    archives: dict[str, Files], old: str, new: str
) -> None:
    files = archives["public"]
    page = files[PAGE].decode()
    assert old in page
    [said] = wrong(files | {PAGE: page.replace(old, new, 1).encode()})
    assert "is not laid out as a report's page" in said


# --- what looks like a figure is one, and is called what it is


@pytest.mark.parametrize("readers", EDITIONS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<dl class="figures">', '<dl class="figures"><div><dt>Owed besides</dt><dd>5,000.00 EUR</dd></div>'),
        (r"<dt>Questioned[^<]*</dt>", "<dt>Taken</dt>"),
        (r"<dt>At stake in", "<dt>Owed in"),
        (r'<th scope="row">campaign committee</th>', '<th scope="row">the mayor</th>'),
        (r'(<text x="0" y="16">)[^<]*', r"\1Taken"),
        (r'x="0" y="16"', 'x="0" y="62"'),
        (r"<span data-of=[^>]*>(\d+)</span> row", r"777 row"),
        (r"<p class=\"limits\">[A-Z]", r'<p class="limits">7,000.00 EUR: '),
        (r"<p>The same amounts", "<p>9,000.00 EUR: the same amounts"),
        (r'(<tr data-row="\d+"><th scope="row">[^<]*</th><td>)', r"\1paid by the mayor, "),
        (r"</tr>\s*</tbody>", '</tr><tr><th scope="row">x</th><td></td><td>1 EUR from x</td><td>x</td></tr></tbody>'),
        (r'<td class="number"><span data-of="fig-1">', '<td class="number">9,000.00 EUR <span data-of="fig-1">'),
        (r'<span class="class"><span>[^<]*', '<span class="class"><span>gifts'),
        (r"</dd><dd>\s*<details", "</dd><dd>of which 5.00 EUR was paid <details"),
        (r" and working paper of [^<,]*", " and working paper of nothing"),
        (r'(<div class="opened" data-adds="amounts") data-where="[^"]*"', r"\1"),
        (r'(<div class="opened" data-adds=")amounts("[^>]*) data-where="[^"]*"', r"\1\2"),
        (r'data-where="\[\[[^"]*"', 'data-where="' + "[" * 5_000 + '"'),
        (r'data-where="\[\[[^"]*"', 'data-where="[[1, 2, 3]]"'),
        (r'data-where="\[\[[^"]*"', 'data-where="[[&#34;secret&#34;, &#34;is&#34;, &#34;x&#34;]]"'),
        (r'data-row="\d+"', 'data-row="' + "9" * 5_000 + '"'),
        (r'data-row="\d+"', 'data-row="-1"'),
        (r'data-row="\d+"', 'data-row="\u0661"'),
    ],
)  # fmt: skip
def test_what_looks_like_a_figure_is_bound_to_rows_and_called_by_its_name(
    archives: dict[str, Files], readers: str, old: str, new: str
) -> None:
    files = archives[readers]
    page = files[PAGE].decode()
    start = page.index("<body>")
    forged, changed = re.subn(old, new, page[start:], count=1)
    if not changed:
        assert readers == "public", "the public reads fewer sentences"
        return
    told = wrong(files | {PAGE: f"{page[:start]}{forged}".encode()})
    assert told
    assert not re.search(r"Error\(|sys\.|recursion", " ".join(told)), told


def test_a_total_over_rows_that_were_picked_by_hand_is_told(archives: dict[str, Files], tmp_path: Path) -> None:
    """All rows but one lose the figure's number, in both tables; on the page the sum is that of the one row."""
    files, edition = archives["public"], Edition.PUBLIC
    names = {**columns(edition), **FIGURES}
    rows = list(stored_rows(files[PARQUET], names, Bounds.of(files[CSV])))
    kept = next(place for place, row in enumerate(rows) if "fig-1" in row["figures"])  # type: ignore[operator]
    picked = [
        row | {"figures": [each for each in row["figures"] if each != "fig-1" or place == kept]}  # type: ignore[attr-defined]
        for place, row in enumerate(rows)
    ]
    write_parquet(names, picked, tmp_path / "picked.parquet")
    forged = files | {
        PARQUET: (tmp_path / "picked.parquet").read_bytes(),
        CSV: csv_of(tuple(names), picked).encode(),
    }
    page = files[PAGE].decode()
    whole = re.search(r"<dt>Questioned, [^<]*</dt><dd>([\d.,]+ EUR)<", page)
    assert whole is not None
    page = page.replace(whole[1], f"{rows[kept]['amount']} EUR")
    page = re.sub(r'(id="fig-1".*?data-adds="amounts") data-where="[^"]*"', r"\1", page, count=1, flags=re.DOTALL)
    assert tables(forged, edition) == ""
    assert any("no figure of its section is made as it is" in each for each in wrong(forged | {PAGE: page.encode()}))


# --- from the command line


def test_a_public_page_and_table_that_were_replaced_are_told_by_verify_with_and_without_again(
    archives: dict[str, Files], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = archives["public"]
    figure = re.search(r"<dt>Questioned, [^<]*</dt><dd>([\d.,]+) EUR", files[PAGE].decode())
    assert figure is not None
    page = files[PAGE].replace(figure[1].encode(), b"1.00")
    table = files[CSV].replace(b",owes,", b",permitted,")
    for forged in (files | {PAGE: page}, files | {CSV: table}, files | {PAGE: page, CSV: table}):
        (tmp_path / "audit.zip").write_bytes(closed(forged))
        for options in ([], ["--again"], ["--format", "json"]):
            assert main(["verify", str(tmp_path / "audit.zip"), *options]) == 1
    said = json.loads(capsys.readouterr().out.rpartition("\n{")[2].join(["{", ""]))
    assert said["whole"] is False
    assert any("results.csv, row" in each for each in said["wrong"])
    assert any(html.unescape("fig-1") in each for each in said["wrong"])


@pytest.mark.slow
@pytest.mark.parametrize("readers", EDITIONS)
def test_no_amount_of_a_whole_city_can_be_changed_alone(readers: str, tmp_path: Path) -> None:
    """But in the timeline, which tells what records say."""
    files = read((written("model-city/complete", readers, tmp_path) / "audit.zip").read_bytes())
    page = files[PAGE].decode()
    timeline = range(
        page.index('<section aria-labelledby="timeline">'), page.index('<section aria-labelledby="trips">')
    )
    places = [
        (start + found.start(), found[0].split(" ")[0])
        for start, text in texts(page)
        for found in AMOUNT.finditer(text)
        if start not in timeline
    ]
    assert len(places) > 200
    for place, amount in places[:: max(1, len(places) // 100)]:
        assert wrong(with_page(files, place, place + len(amount), another(amount))), page[place - 80 : place + 20]
