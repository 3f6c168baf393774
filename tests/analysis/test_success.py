"""Did a run succeed? The bounds, on the mean of the last tenth of the log points."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gandiag.analysis.success import keeps, settled, succeeded
from gandiag.experiment.experiment import Rule
from gandiag.experiment.loading import read_experiment

DEVNAG = read_experiment("devnag-1d").success


def series(mean: float, std: float, points: int = 201) -> dict[str, list[float]]:
    return {"mean": [0.0] + [mean] * (points - 1), "std": [9.0] + [std] * (points - 1)}


@pytest.mark.parametrize(
    ("mean", "std", "outcome"),
    [
        (4.0, 1.25, True),
        (3.5, 0.75, True),
        (4.5, 1.75, True),
        (3.49, 1.25, False),
        (4.51, 1.25, False),
        (4.0, 0.74, False),
        (4.0, 1.76, False),
        (6.0, 0.6, False),
        (-11.0, 0.0, False),
        (math.nan, 1.25, False),
        (4.0, math.inf, False),
    ],
)
def test_devnags_rule_keeps_the_target_and_its_ends(mean: float, std: float, outcome: bool) -> None:
    assert succeeded(DEVNAG, series(mean, std), finished=True) is outcome


def test_a_run_that_ended_early_failed_however_good_it_looked() -> None:
    assert succeeded(DEVNAG, series(4.0, 1.25), finished=False) is False


@pytest.mark.parametrize("finished", [True, False])
def test_without_a_rule_nothing_is_known(finished: bool) -> None:
    assert succeeded((), {}, finished) is None


def test_only_the_last_tenth_counts() -> None:
    values = [100.0] * 180 + [4.0] * 20
    assert settled(values) == 4.0
    assert settled([*values, 4.0]) == 4.0
    assert settled([100.0] * 181 + [4.0] * 19) == pytest.approx(8.8)


@pytest.mark.parametrize(("n", "counted"), [(1, 1), (9, 1), (10, 1), (19, 1), (20, 2), (201, 20)])
def test_at_least_one_log_point_counts(n: int, counted: int) -> None:
    values = np.arange(n, dtype=float)
    assert settled(values) == pytest.approx(values[n - counted :].mean())


def test_one_nan_in_the_last_tenth_is_no_success() -> None:
    values = series(4.0, 1.25)
    values["std"][-7] = math.nan
    assert succeeded(DEVNAG, values, finished=True) is False


def test_a_nan_before_the_last_tenth_does_not_matter() -> None:
    values = series(4.0, 1.25)
    values["std"][5] = math.nan
    assert succeeded(DEVNAG, values, finished=True) is True


def test_a_run_without_a_log_point_is_no_success() -> None:
    assert math.isnan(settled([]))
    assert succeeded(DEVNAG, {"mean": [], "std": []}, finished=True) is False


def test_what_was_not_recorded_is_no_success() -> None:
    missing: Sequence[float | None] = [None] * 20
    values = {"mean": missing, "std": [1.25] * 20}
    assert succeeded(DEVNAG, values, finished=True) is False  # type: ignore[arg-type]


def test_a_bound_may_be_open_on_either_side() -> None:
    low, high = Rule(column="x", low=1.0), Rule(column="x", high=1.0)
    assert [keeps(low, x) for x in (0.9, 1.0, math.inf)] == [False, True, True]
    assert [keeps(high, x) for x in (-math.inf, 1.0, 1.1)] == [True, True, False]
    assert not keeps(low, math.nan)
    assert not keeps(high, math.nan)


@given(st.lists(st.floats(3.5, 4.5), min_size=1, max_size=50))
def test_a_series_that_never_leaves_the_bounds_succeeds(values: list[float]) -> None:
    rule = Rule(column="mean", low=3.5 - 1e-9, high=4.5 + 1e-9)
    assert succeeded([rule], {"mean": values}, finished=True) is True
