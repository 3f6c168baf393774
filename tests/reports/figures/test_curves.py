"""Curves of many seeds: failures are labelled, many successes become a band."""

from __future__ import annotations

import re

import numpy as np
import pytest

from gandiag_html.figures.curves import MOST_LINES, Background, Curve, chart
from gandiag_html.figures.drawing import report_style

X = np.arange(0.0, 101.0, 10.0)


def drawn(*curves: Curve, **background: float) -> str:
    """A chart of some curves."""
    with report_style():
        return str(chart(curves, Background(end=100, **background), key="k", label="l"))  # type: ignore[arg-type]


def curve(seed: int, kind: str, y: float = 1.0, *, stopped_early: bool = False) -> Curve:
    """A constant curve."""
    return Curve(seed, kind, X, np.full(len(X), y), stopped_early)  # type: ignore[arg-type]


def test_only_failed_seeds_are_labelled() -> None:
    text = drawn(curve(0, "reached"), curve(1, "failed", 3.0))
    assert re.findall(r">(seed \d)", text) == ["seed 1"]


def test_of_runs_without_a_rule_those_far_from_the_median_are_labelled() -> None:
    text = drawn(*(curve(seed, "ended", 1.0) for seed in range(4)), curve(4, "ended", 5.0))
    assert re.findall(r">(seed \d)<", text) == ["seed 4"]


@pytest.mark.parametrize(("seeds", "lines"), [(MOST_LINES, MOST_LINES), (MOST_LINES + 1, 1)])
def test_many_successful_seeds_become_a_median_and_a_band(seeds: int, lines: int) -> None:
    text = drawn(*(curve(seed, "reached", 1 + 0.1 * seed) for seed in range(seeds)))
    assert len(re.findall(r'<path[^>]*class="stroke-reached"', text)) == lines


def test_a_run_that_stopped_early_gets_a_cross_and_a_blow_up_an_arrow() -> None:
    text = drawn(curve(0, "reached"), curve(1, "failed", 1e30, stopped_early=True))
    assert "seed 1 \N{UPWARDS ARROW}" in text
    assert "<use" in text


def test_a_curve_without_values_and_a_single_value_can_be_drawn() -> None:
    empty = Curve(0, "unfinished", X[:0], X[:0], False)
    single = Curve(1, "reached", X[:1], X[:1], False)
    assert drawn(empty, single, reference=2.0).startswith("<svg")
