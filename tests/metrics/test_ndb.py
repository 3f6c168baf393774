"""NDB/K: its floor, its tests one by one, and planted differences."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import Bins, ndb


@pytest.mark.parametrize(("d", "m", "n"), [(2, 2000, 2000), (16, 2000, 500)])
def test_the_floor_matches_simulation(d: int, m: int, n: int) -> None:
    rng = np.random.default_rng(d)
    found = [
        ndb(real=rng.normal(size=(m, d)), fake=rng.normal(size=(n, d)), bins=50) for _ in range(100)
    ]
    values = [each.value for each in found]
    assert found[0].floor == 0.05
    assert np.mean(values) == pytest.approx(0.05, abs=0.008)
    assert np.mean([each.se for each in found]) == pytest.approx(np.std(values), rel=0.25)


def test_the_level_is_the_floor() -> None:
    rng = np.random.default_rng(1)
    found = [
        ndb(real=rng.normal(size=(2000, 2)), fake=rng.normal(size=(2000, 2)), bins=50, alpha=0.2)
        for _ in range(40)
    ]
    assert np.mean([each.value for each in found]) == pytest.approx(found[0].floor, rel=0.12)


def test_each_bin_is_tested_as_a_table_of_two_by_two() -> None:
    rng = np.random.default_rng(2)
    bins = Bins(rng.normal(size=(1000, 2)), bins=30)
    fake = rng.normal(0.4, 1, (700, 2))
    differ = 0
    for x, y in zip(bins.counts, bins.count(fake), strict=True):
        table = [[x, 500 - x], [y, 700 - y]]
        # The chi-square without correction is the square of the two-proportion z.
        differ += scipy.stats.chi2_contingency(table, correction=False).pvalue < 0.05
    found = ndb(real=bins, fake=fake)
    assert found.value == pytest.approx(differ / 30)
    assert 0 < differ < 30


def test_lost_modes_give_different_bins() -> None:
    rng = np.random.default_rng(3)
    angles = 2 * np.pi * np.arange(8) / 8
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    real = ring[rng.integers(0, 8, 4000)] + 0.02 * rng.normal(size=(4000, 2))
    fake = ring[rng.integers(0, 4, 2000)] + 0.02 * rng.normal(size=(2000, 2))
    assert ndb(real=real, fake=fake, bins=40).value > 0.8
    assert ndb(real=real, fake=real[:2000], bins=40).value < 0.1


def test_a_larger_shift_gives_a_larger_value() -> None:
    real, noise = np.random.default_rng(4).normal(size=(2, 2000, 2))
    bins = Bins(real, 40)
    read = [ndb(real=bins, fake=noise + s).value for s in (0.0, 0.2, 0.5, 2.0)]
    assert read == sorted(read)
    assert read[0] < 0.2 < 0.9 < read[-1]


def test_away_from_the_floor_the_standard_error_matches_simulation() -> None:
    rng = np.random.default_rng(5)
    found = [
        ndb(real=rng.normal(size=(2000, 2)), fake=rng.normal(0.3, 1, (1000, 2))) for _ in range(60)
    ]
    observed = np.std([each.value for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(observed, rel=0.25)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.floats(-1e3, 1e3), st.floats(0.01, 100))
def test_it_is_invariant_to_order_shift_and_scale(seed: int, shift: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    real, fake = rng.normal(size=(400, 2)), rng.gamma(2, 1, (300, 2))
    bins = Bins(real, 10)
    assert ndb(real=bins, fake=rng.permutation(fake)).value == ndb(real=bins, fake=fake).value
    moved = Bins(real * scale + shift, 10)
    assert ndb(real=moved, fake=fake * scale + shift).value == ndb(real=bins, fake=fake).value


def test_collapse_divergence_and_constant_samples_give_valid_values() -> None:
    real = np.random.default_rng(6).normal(size=(1000, 3))
    assert ndb(real=real, fake=np.zeros((500, 3))).value > 0.5
    assert ndb(real=np.ones((100, 3)), fake=np.ones((50, 3))).value == 0
    diverged = ndb(real=real, fake=real * math.inf)
    assert math.isnan(diverged.value)
    assert math.isnan(diverged.se)
    with pytest.raises(ValueError, match="coordinates"):
        ndb(real=real, fake=real[:, :2])
    with pytest.raises(ValueError, match="n >= 40"):
        ndb(real=real[:30], fake=real)


def test_with_few_bins_the_standard_error_at_the_floor_is_the_observed_scatter() -> None:
    rng = np.random.default_rng(9)
    found = [
        ndb(real=rng.gamma(2, size=(160, 2)), fake=rng.gamma(2, size=(300, 2))) for _ in range(100)
    ]
    observed = np.std([each.value for each in found])
    assert 0.7 < np.median([each.se for each in found]) / observed < 1.3
