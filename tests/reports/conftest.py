"""Stores for the tests of the report, and a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import gandiag_html
from gandiag.store.results import Results

from .recorded import MonitorStores, SweepStores
from .synthetic import SyntheticStores
from .training_loops import LOOPS

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def sweep_stores(tmp_path_factory: pytest.TempPathFactory) -> SweepStores:
    """Where the stores of our own experiments are made."""
    return SweepStores(tmp_path_factory.mktemp("sweep_stores"))


@pytest.fixture(scope="session")
def loop_stores(monitor_stores: MonitorStores) -> dict[str, Results]:
    """A store of every training loop."""
    return {name: loop(monitor_stores) for name, loop in LOOPS.items()}


@pytest.fixture(scope="session")
def loop_reports(loop_stores: dict[str, Results]) -> dict[str, str]:
    """The reports of the training loops."""
    return {name: gandiag_html.render(results) for name, results in loop_stores.items()}


@pytest.fixture(scope="session")
def replayed(sweep_stores: SweepStores) -> dict[str, Results]:
    """Short sweep_stores of a law in the plane with D's answers, and of a mixture."""
    return {
        "chivers": sweep_stores.of("chivers-2d", recording__frame_every=10),
        "ring": sweep_stores.of("ring8", data__points=500, recording__frames=20),
    }


@pytest.fixture(scope="session")
def replays(replayed: dict[str, Results]) -> dict[str, str]:
    """Their reports."""
    return {name: gandiag_html.render(results) for name, results in replayed.items()}


@pytest.fixture(scope="session")
def monitor_stores(tmp_path_factory: pytest.TempPathFactory) -> MonitorStores:
    """Where the stores of training loops are made."""
    return MonitorStores(tmp_path_factory.mktemp("monitor_stores"))


@pytest.fixture(scope="module")
def synthetic_stores(tmp_path_factory: pytest.TempPathFactory) -> SyntheticStores:
    """Where the stores of a test module are made."""
    return SyntheticStores(tmp_path_factory.mktemp("synthetic_stores"))


@pytest.fixture(scope="session")
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
def opened(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a report offline; messages and requests are noted on the page."""
    contexts = []

    def open_(text: str, **settings: Any) -> Any:
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        context = chromium.new_context(offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.messages, page.requests = [], []
        page.on("console", lambda message: page.messages.append(message.text))
        page.on("pageerror", lambda error: page.messages.append(str(error)))
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
