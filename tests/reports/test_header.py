"""The head of a report, and the best log points: a changed preset is not the original."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pandas as pd

import gandiag_html
from gandiag.experiment.loading import experiment_from, read_experiment
from gandiag_html.header import header_of


def head(text: str) -> str:
    """The words of a report's head."""
    found = re.search("<header.*</header>", text, re.DOTALL)
    assert found is not None
    return " ".join(unescape(re.sub("<[^>]+>", " ", found[0])).split())


def test_an_unchanged_preset_has_its_title_and_outcome(synthetic_stores: Any) -> None:
    said = head(gandiag_html.render(synthetic_stores.of("good")))
    preset = read_experiment("devnag-1d")
    assert preset.title in said
    assert f"Published outcome of the original: {preset.outcome}." in said
    assert "Changed" not in said


def test_a_changed_preset_lists_its_changes_and_is_not_called_the_original(
    synthetic_stores: Any,
) -> None:
    changed = read_experiment("ring8", {"objective.r1": 2.5, "schedule.iterations": 400})
    said = head(gandiag_html.render(synthetic_stores.store([], {"": changed})))
    assert (
        "Changed from the preset ring8: objective.r1 2.5 (0), schedule.iterations 400 (25,000)."
    ) in said.replace(" :", ":")
    assert f"Published outcome of the original, which was changed here: {changed.outcome}" in said


def test_a_grid_lists_the_changes_shared_by_its_points(synthetic_stores: Any) -> None:
    points = {
        f"schedule.batch={n}": read_experiment("dirac", {"schedule.batch": n, "objective.r1": 9.0})
        for n in (2, 3)
    }
    found = header_of(synthetic_stores.store([], points))
    assert (found.changes, found.original) == ("objective.r1 9 (0)", False)
    points["as it is"] = read_experiment("dirac")
    found = header_of(synthetic_stores.store([], points))
    assert (found.preset, found.changes, found.original) == ("", "", True)


def test_the_title_of_a_preset_is_not_the_headline_of_another_experiment(
    synthetic_stores: Any,
) -> None:
    moons = experiment_from(read_experiment("ring8").resolved() | {"name": "moons"}, "the test")
    text = gandiag_html.render(synthetic_stores.store([], {"": moons}))
    assert "<h1>moons</h1>" in text
    assert "Changed" not in head(text)


def test_home_directories_are_redacted(synthetic_stores: Any) -> None:
    changed = read_experiment("ring8", {"success.0.column": "/home/ada/modes"})
    said = header_of(synthetic_stores.store([], {"": changed})).changes
    assert said == "success.0.column ~/modes (modes_robust)"


def test_the_table_of_runs_shows_the_best_log_point(synthetic_stores: Any) -> None:
    rule = {"stopping": {"column": "wasserstein", "goal": "low"}}
    best = {"best_at": 1200, "best_value": 0.0123, "best_column": "wasserstein"}
    runs = [
        synthetic_stores.run(0, "good", extra=best),
        synthetic_stores.run(1, "good", extra=best | {"best_at": 0}),
        synthetic_stores.run(2, "at once", extra={"best_at": pd.NA}),
    ]
    text = gandiag_html.render(
        synthetic_stores.store(runs, {"": read_experiment("devnag-1d", rule)})
    )
    assert "wasserstein 0.0123 at 1,200<" in text
    assert "wasserstein 0.0123 at 0, untrained<" in text
    assert "Best log point" not in gandiag_html.render(synthetic_stores.of("good"))
