"""Wasserstein-1: closed forms, oracles, floor and standard error."""

from __future__ import annotations

import math
import types
import warnings
from collections.abc import Callable

import numpy as np
import pytest
import scipy.stats

from gandiag.data import Normal, Point
from gandiag.metrics import Empirical, wasserstein

UNIT = Normal(kind="normal", mean=0.0, std=1.0)


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """POT, without its optional frameworks."""
    for backend in ("PYTORCH", "TENSORFLOW", "JAX", "CUPY"):
        monkeypatch.setenv(f"POT_BACKEND_DISABLE_{backend}", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("ot")


def ideal(mean: float, std: float, n: int = 10_000) -> np.ndarray:
    """The midpoint quantiles of a normal distribution."""
    distribution = Normal(kind="normal", mean=mean, std=std)
    return distribution.quantile((np.arange(n) + 0.5) / n)


@pytest.mark.parametrize("shift", [-2.0, 0.0, 0.3])
def test_wasserstein_of_a_shifted_normal_equals_the_shift(shift: float) -> None:
    assert wasserstein(fake=ideal(shift, 1), real=UNIT).value == pytest.approx(abs(shift))


@pytest.mark.parametrize("std", [0.1, 0.5, 3.0])
def test_wasserstein_of_a_rescaled_normal_is_proportional_to_the_difference_of_stds(
    std: float,
) -> None:
    expected = abs(std - 1) * math.sqrt(2 / math.pi)
    assert wasserstein(fake=ideal(0, std), real=UNIT).value == pytest.approx(expected, rel=1e-3)


def test_the_distance_of_a_point_is_the_mean_distance_to_it() -> None:
    x = np.random.default_rng(1).normal(size=(4, 60))
    found = wasserstein(fake=Empirical(x), real=Point(kind="point", at=0.2))
    np.testing.assert_allclose(found.value, np.abs(x - 0.2).mean(-1))
    np.testing.assert_allclose(found.se, np.abs(x - 0.2).std(-1) / math.sqrt(60))
    assert np.all(found.floor == 0)


@pytest.mark.parametrize(("n", "m"), [(50, 50), (50, 80), (80, 50), (1, 7), (64, 48)])
def test_it_equals_scipys_and_pots_distance(n: int, m: int, transport: types.ModuleType) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=n), rng.gamma(2, size=m)
    found = wasserstein(fake=x, real=y).value
    assert found == pytest.approx(scipy.stats.wasserstein_distance(x, y))
    assert found == pytest.approx(transport.wasserstein_1d(x, y))


def test_the_midpoint_rule_approximates_the_integral_between_the_cdfs() -> None:
    x = np.sort(np.random.default_rng(3).normal(0.4, 1.3, 300))
    t = np.linspace(-8, 8, 200_001)
    gap = np.abs(np.searchsorted(x, t, side="right") / 300 - UNIT.cdf(t))
    integral = (gap[1:] + gap[:-1]).sum() / 2 * (t[1] - t[0])
    assert wasserstein(fake=x, real=UNIT).value == pytest.approx(integral, rel=0.01)


def test_the_floor_matches_simulation() -> None:
    rng = np.random.default_rng(4)
    target = Normal(kind="normal", mean=4.0, std=0.5)
    found = wasserstein(fake=Empirical(rng.normal(4, 0.5, (3000, 400))), real=target)
    assert found.value.mean() == pytest.approx(found.floor[0], rel=0.03)
    assert found.floor[0] == pytest.approx(1.288 * 0.5 / 20, rel=1e-3)


@pytest.mark.parametrize("m", [400, 200])
def test_the_floor_counts_the_noise_of_real_samples(m: int) -> None:
    rng = np.random.default_rng(5)
    found = [wasserstein(fake=rng.normal(size=400), real=rng.normal(size=m)) for _ in range(800)]
    floor = np.mean([each.floor for each in found])
    assert np.mean([each.value for each in found]) == pytest.approx(floor, rel=0.05)
    assert floor == pytest.approx(1.288 * math.sqrt(1 / 400 + 1 / m), rel=0.05)


Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
DISTRIBUTIONS: dict[str, Draw] = {
    "shifted": lambda rng, shape: rng.normal(0.5, 1, shape),
    "narrow": lambda rng, shape: rng.normal(0, 0.5, shape),
    "wide": lambda rng, shape: rng.normal(0, 1.5, shape),
    "skewed": lambda rng, shape: rng.gamma(4, 1, shape),
    "two modes": lambda rng, shape: rng.normal(0, 0.2, shape) + np.sign(rng.random(shape) - 0.3),
}


@pytest.mark.parametrize("distribution", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS.keys())
def test_far_from_the_floor_the_standard_error_matches_simulation(distribution: Draw) -> None:
    x = distribution(np.random.default_rng(6), (1500, 800))
    found = wasserstein(fake=Empirical(x), real=UNIT)
    assert found.value.mean() > 5 * found.floor[0]
    assert found.se.mean() == pytest.approx(found.value.std(), rel=0.08)


@pytest.mark.parametrize("m", [300, 200])
def test_the_standard_error_counts_the_noise_of_real_samples(m: int) -> None:
    rng = np.random.default_rng(7)
    found = [wasserstein(fake=rng.gamma(4, 1, 300), real=rng.normal(3, 1, m)) for _ in range(800)]
    observed = np.std([each.value for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(observed, rel=0.1)


def test_the_standard_error_equals_the_jackknifes() -> None:
    rng = np.random.default_rng(8)
    x, y = rng.gamma(4, 1, 250), rng.normal(3, 1, 150)
    found = wasserstein(fake=x, real=y)
    fakes = [scipy.stats.wasserstein_distance(np.delete(x, i), y) for i in range(250)]
    reals = [scipy.stats.wasserstein_distance(x, np.delete(y, i)) for i in range(150)]
    jackknife = math.sqrt(249 * np.var(fakes) + 149 * np.var(reals))
    assert found.se == pytest.approx(jackknife, rel=0.02)


def slow_standard_error(x: np.ndarray, y: np.ndarray) -> float:
    """The influence from its definition: the integral of sign(G - F) up to each sample."""
    t = np.union1d(x, y)
    g, f = (np.searchsorted(np.sort(z), t, side="right") / len(z) for z in (x, y))
    above = g - f
    sign = np.where(np.abs(above) < 1e-12, 0, np.sign(above))
    influence = np.concatenate([[0], np.cumsum(sign[:-1] * np.diff(t))])
    at_x, at_y = (influence[np.searchsorted(t, samples)] for samples in (x, y))
    return math.sqrt(at_x.var() / len(x) + at_y.var() / len(y))


@pytest.mark.parametrize(("n", "m"), [(40, 40), (40, 60), (7, 50)])
@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_the_standard_error_equals_a_direct_computation(n: int, m: int, shift: float) -> None:
    rng = np.random.default_rng(9)
    x, y = rng.normal(shift, 1, n), rng.normal(size=m)
    assert wasserstein(fake=x, real=y).se == pytest.approx(slow_standard_error(x, y))


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_the_standard_error_against_an_exact_target_equals_a_direct_computation(
    shift: float,
) -> None:
    x = np.random.default_rng(10).normal(shift, 1, 30)
    # So many real samples that their noise is negligible.
    assert wasserstein(fake=x, real=UNIT).se == pytest.approx(
        slow_standard_error(x, ideal(0, 1, 60_000)), rel=0.01
    )
