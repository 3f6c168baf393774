"""The report in a real browser: nothing is loaded, nothing overflows, everybody can read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import gandiag_html

WIDTHS = (320, 375, 1400)

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def texts(synthetic_stores: Any) -> dict[str, str]:
    """Reports of a few stores."""
    endings = ("good", "concave", "spike", "diverged", "at once", "crashed", "running", "pending")
    stores = {
        "ten": synthetic_stores.ten(),
        "every ending": synthetic_stores.of(*endings),
        "fifty": synthetic_stores.of(*(["good"] * 7 + ["concave", "spike", "crashed"]) * 5),
    }
    return {name: gandiag_html.render(results) for name, results in stores.items()}


def test_it_requests_nothing_and_logs_no_errors(texts: dict[str, str], opened: Open) -> None:
    for text in texts.values():
        page = opened(text)
        assert [url for url in page.requests if not url.startswith("file:")] == []
        assert len(page.requests) == 1
        assert page.messages == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(texts: dict[str, str], opened: Open, width: int) -> None:
    for text in texts.values():
        page = opened(text, viewport={"width": width, "height": 800})
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_is_readable_without_javascript(texts: dict[str, str], opened: Open) -> None:
    page = opened(texts["ten"], java_script_enabled=False)
    verdict = page.locator("#stability").inner_text()
    assert "8 of 10" in verdict
    assert "Seed 4 ended with mean" in verdict
    assert page.locator("figure:not(.screen) svg").count() == 16
    assert page.locator("main tbody tr").count() == 11


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_accessibility_violations(
    texts: dict[str, str], opened: Open, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page = opened(
        texts["every ending"], color_scheme=scheme, viewport={"width": 375, "height": 800}
    )
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_policy_blocks_an_injected_script(texts: dict[str, str], opened: Open) -> None:
    page = opened(texts["ten"].replace("</main>", "<script>document.title = 'in'</script></main>"))
    assert page.title() == "devnag-1d · gandiag"


def test_light_and_dark_colours_differ_in_the_pictures_too(
    texts: dict[str, str], opened: Open
) -> None:
    colour = "getComputedStyle(document.querySelector('.charts text')).fill"
    light, dark = (
        opened(texts["ten"], color_scheme=scheme).evaluate(colour) for scheme in ("light", "dark")
    )
    assert light != dark
