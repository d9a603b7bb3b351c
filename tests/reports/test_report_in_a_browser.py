"""The three reports in a real Chromium: for everybody, on narrow screens, on paper, without script and network.

Run by `python3 go.py check --browser`, which installs what they need; nothing here skips.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.report_files import written

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

REPORTS = {"model-city/complete": "internal", "model-city/as-found": "internal", "nyc-2019": "public"}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The pages are our own files, and a test may run as root, whom Chromium's sandbox refuses.
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module", params=REPORTS)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of one report."""
    out = written(request.param, REPORTS[request.param], tmp_path_factory.mktemp("report"))
    return out / "report" / "index.html"


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    found = browser.new_page(viewport={"width": 1280, "height": 900})
    found.goto(report.as_uri())
    yield found
    found.close()


@pytest.mark.parametrize("opened", [False, True])
def test_axe_finds_nothing_against_the_report(page: Page, *, opened: bool) -> None:
    if opened:
        page.evaluate("[...document.querySelectorAll('details')].slice(0, 40).forEach(each => { each.open = true })")
    found: dict[str, Any] = axe(page)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
    # What axe cannot measure are the words over the bars of a chart: it does not look behind SVG.
    unsure = [node["html"] for each in found["incomplete"] for node in each["nodes"]]
    assert [html for html in unsure if not html.startswith("<text")] == []
    assert len(found["passes"]) > 20


def axe(page: Page) -> dict[str, Any]:
    from axe_playwright_python.sync_playwright import Axe

    answer: dict[str, Any] = Axe().run(page, options={"runOnly": WCAG}).response
    return answer


def test_the_words_over_the_bars_have_the_contrast_of_the_text(page: Page) -> None:
    colours = "[...document.querySelectorAll('svg text')].map(each => getComputedStyle(each).fill)"
    text = page.evaluate("getComputedStyle(document.body).color")
    assert set(page.evaluate(colours)) == {text}


@pytest.mark.parametrize("width", [320, 380, 1280])
def test_the_page_is_never_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_every_word_is_there_without_script_and_nothing_is_fetched(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    asked: list[str] = []
    bare.on("request", lambda request: asked.append(request.url))
    bare.goto(report.as_uri())
    assert asked == [report.as_uri()]
    assert bare.locator("h1").is_visible()
    bare.locator("summary").first.click()
    assert bare.locator("details[open] .paper").first.is_visible()
    context.close()


def test_a_keyboard_opens_a_figure_to_its_working_paper(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#fig-1 summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#fig-1 .paper").is_visible()


def test_on_paper_the_rules_are_open_and_no_page_is_a_menu(page: Page) -> None:
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("#summary").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
