"""Lines through windows, against SciPy's and against simulated random walks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gandiag.analysis.series import trend
from gandiag.analysis.window_trends import WALK, rising_windows


def test_every_window_rises_as_its_own_least_squares_line():
    y = np.random.default_rng(1).normal(size=200).cumsum() / 10
    rise, _ = rising_windows(np.arange(200), y, 50, 7)
    starts = range(0, 151, 7)
    slow = [stats.linregress(np.arange(50), y[a : a + 50]).slope * 49 for a in starts]
    assert rise == pytest.approx(slow)


def test_the_t_of_a_noisy_window_is_that_of_the_shared_trend():
    y = np.linspace(0, 1, 80) + np.random.default_rng(2).normal(size=80)
    _, p = rising_windows(np.arange(80), y, 80, 5)
    line = trend(y)
    x = np.arange(80) - 39.5
    residuals = y - line.level - line.change / 79 * x
    r = residuals[1:] @ residuals[:-1] / (residuals @ residuals)
    r = min(max(r + (1 + 4 * r) / 80, 0.0), 0.99)
    df = 80 * (1 - r) / (1 + r) - 2
    assert p[0] == pytest.approx(stats.t.sf(line.t, df), rel=1e-6)


def test_a_fall_is_no_rise():
    _, p = rising_windows(np.arange(60), -np.linspace(0, 1, 60), 60, 5)
    assert p[0] == 1.0


def test_a_constant_rises_by_nothing_and_surely_so():
    rise, p = rising_windows(np.arange(60), np.full(60, 0.3), 60, 5)
    assert abs(rise[0]) < 1e-12
    assert p[0] > 0.4


def test_a_smooth_curve_is_significant_despite_autocorrelated_residuals():
    _, p = rising_windows(np.arange(120), np.linspace(0, 1, 120) ** 2, 120, 5)
    assert p[0] < 0.01


def test_lines_explain_as_much_of_random_walks_as_in_the_table():
    walks = np.random.default_rng(3).normal(size=(4000, 90)).cumsum(axis=1)
    x = np.arange(90) - 44.5
    y = walks - walks.mean(axis=1, keepdims=True)
    straight = (y @ x) ** 2 / ((y * y).sum(axis=1) * (x @ x))
    for explained, often in WALK.T[1:9]:
        assert (straight > explained).mean() == pytest.approx(often, abs=0.03)


def test_a_window_over_a_hole_as_long_as_itself_is_not_significant():
    at = np.r_[np.arange(30), np.arange(100, 130)]
    _, p = rising_windows(at, np.linspace(0, 1, 60), 60, 5)
    assert p[0] == 1.0
