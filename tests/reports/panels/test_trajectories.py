"""Metrics during training: which columns are drawn, and what they are compared with."""

from __future__ import annotations

from typing import Any

from gandiag_html.configurations import collect_configurations
from gandiag_html.figures.drawing import report_style
from gandiag_html.panels.trajectories import background_of, curves, legend, trajectories


def test_moments_are_compared_with_the_data_and_distances_with_the_floor(
    synthetic_stores: Any,
) -> None:
    configurations = collect_configurations(synthetic_stores.of("good", "concave"))
    with report_style():
        (shown,) = trajectories(configurations).context["configurations"]
    assert [(chart["title"], chart["against"]) for chart in shown["charts"]] == [
        ("Mean", "data"),
        ("Standard deviation", "data"),
        ("Wasserstein distance", "floor"),
    ]
    assert [chart["ruled"] for chart in shown["charts"]] == [True, True, False]


def test_the_band_of_a_column_is_its_success_rule(synthetic_stores: Any) -> None:
    (configuration,) = collect_configurations(synthetic_stores.of("good"))
    assert background_of(configuration, "mean", 4.0, "4").values == [4.0, 3.5, 4.5]
    assert background_of(configuration, "wasserstein", None, "").values == []
    assert [curve.seed for curve in curves(configuration, "mean")] == [0]


def test_the_legend_lists_only_lines_that_occur(synthetic_stores: Any) -> None:
    configurations = collect_configurations(synthetic_stores.of("good", "running"))
    keys = [key for key, _ in legend(configurations, target=False, band=True)]
    assert keys == ["reached", "unfinished", "rule"]
