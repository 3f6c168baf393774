"""The report in a real browser: nothing is loaded, nothing overflows, everybody can read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import gandiag_html

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WIDTHS = (320, 375, 1400)

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for all tests here."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens a report offline; complaints and requests are noted on the page."""
    contexts = []

    def open_(text: str, **settings: Any) -> Any:
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        context = chromium.new_context(offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.complaints, page.requests = [], []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def texts(shelf: Any) -> dict[str, str]:
    """Reports of a few stores."""
    fates = ("good", "concave", "spike", "diverged", "at once", "crashed", "running", "pending")
    stores = {
        "ten": shelf.ten(),
        "every fate": shelf.of(*fates),
        "fifty": shelf.of(*(["good"] * 7 + ["concave", "spike", "crashed"]) * 5),
    }
    return {name: gandiag_html.render(results) for name, results in stores.items()}


def test_it_asks_for_nothing_and_complains_of_nothing(texts: dict[str, str], opened: Open) -> None:
    for text in texts.values():
        page = opened(text)
        assert [url for url in page.requests if not url.startswith("file:")] == []
        assert len(page.requests) == 1
        assert page.complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(texts: dict[str, str], opened: Open, width: int) -> None:
    for text in texts.values():
        page = opened(text, viewport={"width": width, "height": 800})
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_reads_without_javascript(texts: dict[str, str], opened: Open) -> None:
    page = opened(texts["ten"], java_script_enabled=False)
    verdict = page.locator("#stability").inner_text()
    assert "8 of 10" in verdict
    assert "Seed 4 ended with mean" in verdict
    assert page.locator("figure svg").count() == 14
    assert page.locator("tbody tr").count() == 11


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(texts: dict[str, str], opened: Open, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page = opened(texts["every fate"], color_scheme=scheme, viewport={"width": 375, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_policy_stops_a_script_that_got_in(texts: dict[str, str], opened: Open) -> None:
    page = opened(texts["ten"].replace("</main>", "<script>document.title = 'in'</script></main>"))
    assert page.title() == "devnag-1d · gandiag"


def test_light_and_dark_differ_and_the_pictures_follow(texts: dict[str, str], opened: Open) -> None:
    colour = "getComputedStyle(document.querySelector('.charts text')).fill"
    light, dark = (
        opened(texts["ten"], color_scheme=scheme).evaluate(colour) for scheme in ("light", "dark")
    )
    assert light != dark
