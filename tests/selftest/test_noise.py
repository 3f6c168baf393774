"""Noise has the given autocorrelation, standard deviation 1 and the given tails."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gandiag.selftest.noise import AUTOCORRELATIONS, Noise

N, SERIES = 4_000, 50


@pytest.mark.parametrize("heavy", [False, True])
@pytest.mark.parametrize("autocorrelation", AUTOCORRELATIONS)
def test_the_autocorrelation_at_lag_k_is_its_kth_power(autocorrelation: float, heavy: bool) -> None:
    series = Noise(autocorrelation, heavy).draw(np.random.default_rng(1), N, SERIES)
    for lag in (1, 3):
        products = (series[lag:] * series[:-lag]).mean(axis=0)
        assert products.mean() == pytest.approx(
            autocorrelation**lag, abs=4 * products.std() / np.sqrt(SERIES) + 1e-3
        )


@pytest.mark.parametrize("autocorrelation", AUTOCORRELATIONS)
def test_the_standard_deviation_is_1_from_the_first_value_on(autocorrelation: float) -> None:
    series = Noise(autocorrelation, heavy_tailed=False).draw(np.random.default_rng(2), 2, 20_000)
    assert series.std(axis=1) == pytest.approx([1.0, 1.0], abs=0.02)
    assert series.mean(axis=1) == pytest.approx([0.0, 0.0], abs=0.03)


def test_heavy_tails_follow_students_t_with_three_degrees_of_freedom() -> None:
    values = Noise(0.0, heavy_tailed=True).draw(np.random.default_rng(3), 100_000) * np.sqrt(3)
    assert stats.kstest(values, stats.t(3).cdf).pvalue > 1e-3
    assert stats.kstest(values, stats.norm(0, np.sqrt(3)).cdf).pvalue < 1e-9


def test_series_drawn_together_are_independent() -> None:
    series = Noise(0.5, heavy_tailed=False).draw(np.random.default_rng(4), 20_000, 2)
    assert abs(np.corrcoef(series.T)[0, 1]) < 0.05


@pytest.mark.parametrize("autocorrelation", [1.0, -0.1])
def test_an_autocorrelation_of_1_or_below_0_is_refused(
    autocorrelation: float,
) -> None:
    with pytest.raises(ValueError, match="autocorrelation must be in"):
        Noise(autocorrelation, heavy_tailed=False)
