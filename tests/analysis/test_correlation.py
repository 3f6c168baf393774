"""Correlations of series with a memory, against SciPy and against known effective sample sizes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.signal import lfilter

from gandiag.analysis.correlation import correlation, effective_n, rank_correlation, ranks


def noise(memory: float, n: int, runs: int, seed: int) -> np.ndarray:
    """AR(1) series [run, point]."""
    shocks = np.random.default_rng(seed).normal(size=(runs, n + 300))
    return lfilter([1], [1, -memory], shocks, axis=1)[:, 300:]


def test_ranks_are_those_of_scipy_ties_included():
    values = np.array([3.0, 1.0, 3.0, -2.0, 1.0, 1.0])
    assert ranks(values).tolist() == stats.rankdata(values).tolist()


def test_independent_pairs_are_tested_as_by_scipy():
    a, b = np.random.default_rng(0).normal(size=(2, 12))
    found, oracle = rank_correlation(a, b), stats.spearmanr(a, b)
    assert (found.value, found.p) == pytest.approx((oracle.statistic, oracle.pvalue))


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.9, 0.95])
def test_the_effective_number_of_ar1_series_is_the_known_one(memory):
    n, truth = 4000, (1 - memory**2) / (1 + memory**2)
    pairs = zip(noise(memory, n, 30, 1), noise(memory, n, 30, 2), strict=True)
    assert np.mean([effective_n(a, b) for a, b in pairs]) / n == pytest.approx(truth, rel=0.08)


@pytest.mark.parametrize("memory", [0.5, 0.9, 0.95])
def test_one_in_twenty_pairs_of_unrelated_series_is_called_related(memory):
    pairs = zip(noise(memory, 400, 300, 3), noise(memory, 400, 300, 4), strict=True)
    called = sum(correlation(a, b).p < 0.05 for a, b in pairs)
    assert 4 <= called <= 26  # 15 are due; beyond is a chance of 1 in 500


def test_related_series_are_found_related_through_their_memory():
    common, own = noise(0.9, 600, 1, 5)[0], noise(0.9, 600, 1, 6)[0]
    found = correlation(common, common + own)
    assert found.value > 0.5
    assert found.p < 0.01
    assert found.effective < 200
    low, high = found.interval
    assert low < found.value < high


def test_what_is_missing_of_either_is_left_out():
    a, b = noise(0.5, 300, 2, 7)
    holes = a.copy()
    holes[::7] = np.nan
    assert correlation(holes, b).value == pytest.approx(correlation(a, b).value, abs=0.15)


@pytest.mark.parametrize(
    "values", [np.empty(0), np.ones(1), np.ones(50), np.full(50, np.nan), np.arange(3.0)]
)
def test_too_little_is_no_correlation(values):
    assert correlation(values, np.arange(float(len(values)))) is None


def test_the_interval_of_a_perfect_correlation_contains_it():
    low, high = correlation(np.arange(50.0), np.arange(50.0)).interval
    assert low <= 1.0 <= high
