"""The Jensen-Shannon divergence over bins: its definition, its floor and its standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from gandiag.metrics import Bins, bin_divergence


def test_it_equals_the_square_of_scipys_distance() -> None:
    rng = np.random.default_rng(1)
    bins = Bins(rng.normal(size=(1000, 2)), bins=25)
    fake = np.abs(rng.normal(0.5, 1, (400, 2)))
    expected = jensenshannon(bins.count(fake) / 400, bins.counts / 500) ** 2
    assert bin_divergence(real=bins, fake=fake).value == pytest.approx(expected)


@pytest.mark.parametrize(("k", "expected"), [(1, 0.4969), (4, 0.2158), (7, 0.0454), (8, 0.0)])
def test_lost_modes_give_the_values_of_the_table(k: int, expected: float) -> None:
    modes = np.repeat(np.arange(8.0), 2500)
    found = bin_divergence(real=modes, fake=modes[modes < k], bins=8)
    assert found.value == pytest.approx(expected, abs=0.004)


@pytest.mark.parametrize(("m", "n", "bins"), [(4000, 2000, 40), (4000, 500, 20)])
def test_the_floor_matches_simulation(m: int, n: int, bins: int) -> None:
    rng = np.random.default_rng(2)
    found = [
        bin_divergence(real=rng.normal(size=(m, 2)), fake=rng.normal(size=(n, 2)), bins=bins)
        for _ in range(100)
    ]
    observed = np.mean([each.value for each in found])
    assert observed == pytest.approx(np.mean([each.floor for each in found]), rel=0.1)


def test_away_from_the_floor_the_standard_error_matches_simulation() -> None:
    rng = np.random.default_rng(3)
    found = [
        bin_divergence(real=rng.normal(size=(2000, 2)), fake=rng.normal(0.7, 1, (1000, 2)), bins=50)
        for _ in range(100)
    ]
    observed = np.std([each.value for each in found])
    assert found[0].value > 5 * found[0].floor
    assert np.mean([each.se for each in found]) == pytest.approx(observed, rel=0.18)


def test_disjoint_samples_give_log_2_and_nan_samples_nan() -> None:
    real = np.concatenate([np.random.default_rng(4).normal(size=500), [50.0] * 40])
    bins = Bins(real, 5)
    empty = bins.counts.copy()
    assert 0 <= bin_divergence(real=bins, fake=real).value < 0.01
    assert bin_divergence(real=bins, fake=np.full(99, 1e9)).value < math.log(2)
    object.__setattr__(bins, "counts", np.where(bins.centres[:, 0] > 40, 0, empty))
    assert bin_divergence(real=bins, fake=np.full(99, 1e9)).value == pytest.approx(math.log(2))
    assert math.isnan(bin_divergence(real=bins, fake=np.full(99, math.nan)).value)
