"""The part of the data that is lost along one direction."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from gandiag.measure.bins import Bins, few_of


@pytest.mark.parametrize("lost", [0.1, 0.2, 0.5])
def test_a_tail_that_is_cut_off_is_lost(lost: float) -> None:
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(5, 2000)), rng.normal(size=(5, 4000))
    cut = fake[0] < np.quantile(fake[0], 1 - lost)
    estimate = Bins(real).lost(fake[:, cut][:, :1000])
    assert estimate.value == pytest.approx(lost, abs=0.03)


@pytest.mark.parametrize("n", [60, 300, 2500])
@pytest.mark.parametrize("d", [1, 12, 80])
def test_of_samples_of_the_data_hardly_anything_is_lost(n: int, d: int) -> None:
    rng = np.random.default_rng(n + d)
    for law in (rng.standard_normal, rng.standard_exponential, lambda s: rng.standard_t(2, s)):
        values = [float(Bins(law((d, 1200))).lost(law((d, n))).value) for _ in range(5)]
        assert np.mean(values) < 0.03


def test_a_value_of_a_binary_column_may_be_lost() -> None:
    real = np.repeat([0.0, 1.0], [700, 300])[None]
    assert float(Bins(real).lost(np.zeros((1, 500))).value) == pytest.approx(0.3)
    assert float(Bins(real).lost(np.repeat([0.0, 1.0], [350, 150])[None]).value) == 0.0


@pytest.mark.parametrize(("n", "share", "directions"), [(1000, 0.025, 1), (300, 0.05, 20)])
def test_few_samples_are_rare_among_all_bins(n: int, share: float, directions: int) -> None:
    most = few_of(n, share, directions)
    assert most <= 0.2 * n * share
    assert binom.cdf(most, n, share) <= 0.1 / (40 * directions)


def test_too_few_samples_tell_nothing() -> None:
    assert np.isnan(float(Bins(np.arange(100.0)[None]).lost(np.arange(10.0)[None]).value))
