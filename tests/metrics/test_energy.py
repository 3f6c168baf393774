"""The squared energy distance: closed forms, oracles, floor and standard error."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import scipy.stats

from gandiag.data import Normal, Point
from gandiag.metrics import Empirical, energy

UNIT = Normal(kind="normal", mean=0.0, std=1.0)


def between_normals(shift: float, std: float) -> float:
    """The squared distance of N(shift, std) from N(0, 1)."""
    both = math.hypot(1, std)
    z = shift / both
    cross = both * (z * math.erf(z / math.sqrt(2)) + math.sqrt(2 / math.pi) * math.exp(-z * z / 2))
    return 2 * cross - 2 * (1 + std) / math.sqrt(math.pi)


def test_the_closed_form_used_here_is_correct_for_a_shift() -> None:
    m = 0.7
    phi = math.erfc(m / 2) / 2
    cross = 2 / math.sqrt(math.pi) * math.exp(-m * m / 4) + m * (1 - 2 * phi)
    assert between_normals(m, 1) == pytest.approx(2 * cross - 4 / math.sqrt(math.pi))


@pytest.mark.parametrize(("shift", "std"), [(0.0, 1.0), (0.7, 1.0), (0.0, 0.2), (-2.0, 3.0)])
def test_the_distance_of_a_normal_equals_the_closed_form(shift: float, std: float) -> None:
    distribution = Normal(kind="normal", mean=shift, std=std)
    x = distribution.quantile((np.arange(20_000) + 0.5) / 20_000)
    expected = between_normals(shift, std)
    assert energy(fake=x, real=UNIT).value == pytest.approx(expected, abs=2e-4)


def test_it_equals_the_square_of_scipys_distance() -> None:
    rng = np.random.default_rng(1)
    for n, m in [(50, 50), (50, 80), (1, 7)]:
        x, y = rng.normal(size=n), rng.gamma(2, size=m)
        expected = scipy.stats.energy_distance(x, y) ** 2
        assert energy(fake=x, real=y).value == pytest.approx(expected)


def test_it_is_twice_the_integral_of_the_squared_gap() -> None:
    x = np.sort(np.random.default_rng(2).normal(0.4, 1.3, 200))
    t = np.linspace(-8, 8, 400_001)
    square = (np.searchsorted(x, t, side="right") / 200 - UNIT.cdf(t)) ** 2
    integral = 2 * square.sum() * (t[1] - t[0])
    assert energy(fake=x, real=UNIT).value == pytest.approx(integral, rel=1e-3)


def test_the_distance_of_a_point_equals_the_mean_over_pairs() -> None:
    x = np.random.default_rng(3).normal(size=40)
    pairs = np.abs(x - x[:, None]).mean()
    found = energy(fake=x, real=Point(kind="point", at=1.5))
    assert found.value == pytest.approx(2 * np.abs(x - 1.5).mean() - pairs)
    assert found.floor == 0


def test_it_is_never_negative() -> None:
    x = np.random.default_rng(4).normal(size=(500, 20))
    assert np.all(energy(fake=Empirical(x), real=UNIT).value > 0)


def test_the_floor_matches_simulation() -> None:
    target = Normal(kind="normal", mean=4.0, std=0.5)
    x = np.random.default_rng(5).normal(4, 0.5, (6000, 200))
    found = energy(fake=Empirical(x), real=target)
    assert found.floor[0] == pytest.approx(1.128 * 0.5 / 200, rel=1e-3)
    assert found.value.mean() == pytest.approx(found.floor[0], rel=0.05)


def test_the_floor_counts_the_noise_of_real_samples() -> None:
    rng = np.random.default_rng(6)
    found = [energy(fake=rng.normal(size=300), real=rng.normal(size=200)) for _ in range(1500)]
    floor = np.mean([each.floor for each in found])
    assert np.mean([each.value for each in found]) == pytest.approx(floor, rel=0.07)


Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
DISTRIBUTIONS: dict[str, Draw] = {
    "shifted": lambda rng, shape: rng.normal(0.5, 1, shape),
    "narrow": lambda rng, shape: rng.normal(0, 0.5, shape),
    "skewed": lambda rng, shape: rng.gamma(4, 1, shape),
    "two modes": lambda rng, shape: rng.normal(0, 0.2, shape) + np.sign(rng.random(shape) - 0.3),
}


@pytest.mark.parametrize("distribution", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS.keys())
def test_far_from_the_floor_the_standard_error_matches_simulation(distribution: Draw) -> None:
    x = distribution(np.random.default_rng(7), (1500, 800))
    found = energy(fake=Empirical(x), real=UNIT)
    assert found.value.mean() > 20 * found.floor[0]
    assert found.se.mean() == pytest.approx(found.value.std(), rel=0.08)


def test_the_standard_error_counts_the_noise_of_real_samples() -> None:
    rng = np.random.default_rng(8)
    found = [energy(fake=rng.gamma(4, 1, 300), real=rng.normal(3, 1, 200)) for _ in range(800)]
    observed = np.std([each.value for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(observed, rel=0.1)


def test_the_standard_error_equals_the_jackknifes() -> None:
    rng = np.random.default_rng(9)
    x, y = rng.gamma(4, 1, 200), rng.normal(2, 1, 150)
    fakes = [scipy.stats.energy_distance(np.delete(x, i), y) ** 2 for i in range(200)]
    reals = [scipy.stats.energy_distance(x, np.delete(y, i)) ** 2 for i in range(150)]
    jackknife = math.sqrt(199 * np.var(fakes) + 149 * np.var(reals))
    assert energy(fake=x, real=y).se == pytest.approx(jackknife, rel=0.02)
