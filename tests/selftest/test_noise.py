"""Noise has the memory, the width and the tails that it says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gandiag.selftest.noise import MEMORIES, Noise

N, SEVERAL = 4_000, 50


@pytest.mark.parametrize("heavy", [False, True])
@pytest.mark.parametrize("memory", MEMORIES)
def test_the_autocorrelation_at_lag_k_is_the_memory_to_the_kth(memory: float, heavy: bool) -> None:
    series = Noise(memory, heavy).draw(np.random.default_rng(1), N, SEVERAL)
    for lag in (1, 3):
        products = (series[lag:] * series[:-lag]).mean(axis=0)
        assert products.mean() == pytest.approx(
            memory**lag, abs=4 * products.std() / np.sqrt(SEVERAL) + 1e-3
        )


@pytest.mark.parametrize("memory", MEMORIES)
def test_the_standard_deviation_is_one_from_the_first_value_on(memory: float) -> None:
    series = Noise(memory, heavy=False).draw(np.random.default_rng(2), 2, 20_000)
    assert series.std(axis=1) == pytest.approx([1.0, 1.0], abs=0.02)
    assert series.mean(axis=1) == pytest.approx([0.0, 0.0], abs=0.03)


def test_heavy_tails_are_those_of_students_law_with_three_degrees_of_freedom() -> None:
    values = Noise(0.0, heavy=True).draw(np.random.default_rng(3), 100_000) * np.sqrt(3)
    assert stats.kstest(values, stats.t(3).cdf).pvalue > 1e-3
    assert stats.kstest(values, stats.norm(0, np.sqrt(3)).cdf).pvalue < 1e-9


def test_series_drawn_together_are_independent() -> None:
    series = Noise(0.5, heavy=False).draw(np.random.default_rng(4), 20_000, 2)
    assert abs(np.corrcoef(series.T)[0, 1]) < 0.05


@pytest.mark.parametrize("memory", [1.0, -0.1])
def test_what_has_no_stationary_law_is_refused(memory: float) -> None:
    with pytest.raises(ValueError, match="memory lies in"):
        Noise(memory, heavy=False)
