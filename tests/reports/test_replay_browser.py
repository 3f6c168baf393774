"""The replay in a real browser: a reader goes through the frames, on a phone and in the dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

Texts = dict[str, str]
Open = Callable[..., Any]


def test_frames_can_be_selected_without_javascript(replays: Texts, opened: Open) -> None:
    page = opened(replays["chivers"], java_script_enabled=False)
    visible = page.locator(".tab .tab:visible")
    assert visible.count() == 1
    assert "iteration 20" in visible.locator("svg").first.get_attribute("aria-label")
    page.locator("#replay label:visible", has_text=re.compile(r"^30$")).click()
    assert "iteration 30" in visible.locator("svg").first.get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    assert visible.count() == 1
    assert "iteration 40" in visible.locator("svg").first.get_attribute("aria-label")
    page.locator('label[for="g0-replay-1"]').click()
    assert visible.count() == 1
    assert "seed 1 at" in visible.locator("svg").first.get_attribute("aria-label")


def test_a_field_lies_within_its_axes(replays: Texts, opened: Open) -> None:
    page = opened(replays["chivers"])
    place = (
        "(e => {const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]})"
    )
    field = page.locator(".screen-field:visible .raster").first.evaluate(place)
    svg = page.locator(".screen-field:visible svg").first.evaluate(place)
    scale = (svg[2] - svg[0]) / 250
    want = [svg[0] + 36 * scale, svg[1] + 8 * scale, svg[2] - 12 * scale, svg[3] - 28 * scale]
    assert field == pytest.approx(want, abs=0.5)


@pytest.mark.parametrize("width", [320, 375, 1400])
def test_the_page_never_scrolls_sideways(replays: Texts, opened: Open, width: int) -> None:
    for text in replays.values():
        page = opened(text, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.messages == []
        assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize(
    ("name", "scheme"), [("chivers", "light"), ("chivers", "dark"), ("ring", "light")]
)
def test_the_page_has_no_accessibility_violations(
    replays: Texts, opened: Open, scheme: str, name: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page = opened(replays[name], color_scheme=scheme, viewport={"width": 375, "height": 800})
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
