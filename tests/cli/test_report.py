"""``gandiag report``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import gandiag
from gandiag.store.results import Results

Call = Callable[..., CompletedProcess[str]]


def ids(store: Path) -> list[str]:
    return gandiag.load(store).runs["run"].tolist()  # type: ignore[no-any-return]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> list[Results]:
    """Replaces the report with a plain one that records its argument."""
    given: list[Results] = []

    def render(results: Results) -> str:
        given.append(results)
        return "<p>ä</p>"

    monkeypatch.setattr("gandiag.plugins.report", lambda kind: render)
    return given


def test_report_writes_into_the_store_and_prints_where(
    store: Path, call: Call, page: list[Results]
) -> None:
    done = call("report", str(store))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{store / 'report.html'}\n", "")
    assert (store / "report.html").read_bytes() == "<p>ä</p>".encode()
    assert [results.directory for results in page] == [store]


def test_report_writes_to_the_output_option(
    store: Path, call: Call, page: list[Results], tmp_path: Path
) -> None:
    place = tmp_path / "page.html"
    assert call("report", str(store), "-o", str(place)).stdout == f"{place}\n"
    assert place.exists()
    assert not (store / "report.html").exists()


def test_the_html_report_renders_a_store(store: Path, run: Call) -> None:
    done = run("report", str(store))
    assert (done.returncode, done.stderr) == (0, "")
    text = (store / "report.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") or text.startswith("<!DOCTYPE html>")
    for found in ids(store):
        assert found[:8] in text
