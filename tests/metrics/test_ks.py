"""Kolmogorov-Smirnov: closed forms, oracles, floor and standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats

from gandiag.data import Normal, Point
from gandiag.metrics import Empirical, ks

UNIT = Normal(kind="normal", mean=0.0, std=1.0)


@pytest.mark.parametrize("shift", [-1.0, 0.2, 2.0])
def test_a_shifted_normal_has_the_gap_half_way_between_the_means(shift: float) -> None:
    x = shift + UNIT.quantile((np.arange(10_000) + 0.5) / 10_000)
    expected = math.erf(abs(shift) / 2 / math.sqrt(2))
    assert ks(fake=x, real=UNIT).value == pytest.approx(expected, abs=2e-4)


def test_an_exact_target_gives_scipys_one_sample_statistic() -> None:
    x = np.random.default_rng(1).normal(0.1, 1.2, (20, 90))
    expected = [scipy.stats.kstest(lane, "norm").statistic for lane in x]
    np.testing.assert_allclose(ks(fake=Empirical(x), real=UNIT).value, expected)


@pytest.mark.parametrize(("n", "m"), [(50, 50), (50, 80), (80, 50), (1, 7)])
@pytest.mark.parametrize("ties", [False, True])
def test_samples_give_scipys_two_sample_statistic(n: int, m: int, ties: bool) -> None:
    rng = np.random.default_rng(2)
    for _ in range(10):
        x, y = rng.normal(size=n), rng.normal(0.5, size=m)
        if ties:
            x, y = x.round(), y.round()
        expected = scipy.stats.ks_2samp(x, y, method="asymp").statistic
        assert ks(fake=x, real=y).value == pytest.approx(expected)


def test_a_point_has_the_larger_probability_of_the_two_sides() -> None:
    point = Point(kind="point", at=0.0)
    lanes = Empirical([[-1, 0, 0, 0], [-1, 0, 1, 1], [1, 1, 1, 1], [0, 0, 0, 0]])
    found = ks(fake=lanes, real=point)
    np.testing.assert_array_equal(found.value, [0.25, 0.5, 1, 0])
    assert np.all(found.floor == 0)


def test_an_atom_met_by_one_lane_changes_that_lane_only() -> None:
    lanes = Empirical([[-1.0, 0.0, 0.0], [0.5, 0.6, 0.7]])
    found = ks(fake=lanes, real=[0.0, 0.0, 0.0, 3.0])
    np.testing.assert_allclose(found.value, [1 / 3, 0.75])


def test_the_floor_matches_simulation() -> None:
    x = np.random.default_rng(3).normal(size=(2000, 900))
    found = ks(fake=Empirical(x), real=UNIT)
    assert found.value.mean() == pytest.approx(found.floor[0], rel=0.03)
    assert found.floor[0] == pytest.approx(0.869 / 30, rel=1e-3)


def test_the_floor_counts_the_noise_of_real_samples() -> None:
    rng = np.random.default_rng(4)
    found = [ks(fake=rng.normal(size=900), real=rng.normal(size=600)) for _ in range(600)]
    assert np.mean([each.value for each in found]) == pytest.approx(found[0].floor, rel=0.05)


@pytest.mark.parametrize("shift", [0.5, 1.5])
def test_with_one_largest_gap_the_standard_error_matches_simulation(
    shift: float,
) -> None:
    x = np.random.default_rng(5).normal(shift, 1, (1500, 1000))
    found = ks(fake=Empirical(x), real=UNIT)
    assert found.se.mean() == pytest.approx(found.value.std(), rel=0.08)


@pytest.mark.parametrize("std", [0.5, 1.0])
def test_with_several_largest_gaps_the_standard_error_is_an_upper_bound(std: float) -> None:
    x = np.random.default_rng(6).normal(0, std, (1500, 500))
    found = ks(fake=Empirical(x), real=UNIT)
    assert 1.1 < found.se.mean() / found.value.std() < 2.0


def test_the_standard_error_counts_the_noise_of_real_samples() -> None:
    rng = np.random.default_rng(7)
    found = [ks(fake=rng.normal(size=400), real=rng.normal(1, 1, 250)) for _ in range(800)]
    observed = np.std([each.value for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(observed, rel=0.12)
