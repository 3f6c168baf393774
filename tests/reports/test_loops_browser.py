"""Reports of training loops in a browser: nothing overflows, and everybody can read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gandiag
import gandiag_html

MonitorStores = Any


def test_a_long_seed_does_not_widen_the_page(
    monitor_stores: MonitorStores, opened: Callable[..., Any]
) -> None:
    for seed in (20240601, 20240602):
        monitor = gandiag.Monitor(
            monitor_stores.directory / "long", seed=seed, success={"std": (1, None)}
        )
        monitor.log_samples(0, fake=np.array([0.0, 0.1 * (seed % 10)]))
        monitor.close()
    text = gandiag_html.render(gandiag.load(monitor_stores.directory / "long"))
    page = opened(text, viewport={"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("width", [320, 1400])
def test_the_page_never_scrolls_sideways(
    loop_reports: dict[str, str], opened: Callable[..., Any], width: int
) -> None:
    for text in loop_reports.values():
        page = opened(text, viewport={"width": width, "height": 800})
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_images_are_visible_and_nothing_is_requested(
    loop_reports: dict[str, str], opened: Callable[..., Any]
) -> None:
    for name in ("digits", "colours"):
        page = opened(loop_reports[name])
        widths = page.evaluate("[...document.images].map(image => image.naturalWidth)")
        assert min(widths) > 50
        assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []
        assert page.messages == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["digits", "in_the_plane", "on_the_line", "quiet"])
def test_the_page_has_no_accessibility_violations(
    loop_reports: dict[str, str], opened: Callable[..., Any], scheme: str, name: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page = opened(loop_reports[name], color_scheme=scheme, viewport={"width": 375, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
