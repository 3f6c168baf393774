"""The distance of normal distributions: influences, and the constants of floor and error."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import sqrtm

from gandiag.metrics import frechet
from gandiag.metrics.bures import (
    Gaussian,
    bias_rate,
    distance_and_influences,
    normal_bias_rate,
    second_order_variance,
)


@pytest.mark.parametrize(("n", "d"), [(40, 3), (5, 8)])
def test_the_root_is_one_of_the_covariance(n: int, d: int) -> None:
    samples = np.random.default_rng(1).normal(size=(n, d)) * np.arange(1, d + 1)
    root = Gaussian.of(samples).root
    np.testing.assert_allclose(root @ root.T, np.cov(samples.T), atol=1e-12)


def test_the_squared_distance_equals_that_with_scipys_matrix_root() -> None:
    x, y = np.random.default_rng(2).normal(size=(2, 60, 4))
    y = y * [1.0, 2.0, 3.0, 0.1] + 0.3
    s, t = np.cov(x.T), np.cov(y.T)
    expected = np.trace(s + t - 2 * sqrtm(s @ t).real) + np.sum((x.mean(0) - y.mean(0)) ** 2)
    assert distance_and_influences(Gaussian.of(x), Gaussian.of(y))[0] == pytest.approx(expected)


@pytest.mark.parametrize("side", [0, 1])
def test_the_influence_of_a_sample_is_the_change_without_it(side: int) -> None:
    rng = np.random.default_rng(7)
    samples = [rng.gamma(3, size=(500, 3)) @ rng.normal(size=(3, 3)), rng.normal(0.5, 2, (400, 3))]
    value, *influences = distance_and_influences(*(Gaussian.of(each) for each in samples))
    n, influence = len(samples[side]), influences[side]
    change = []
    for i in range(50):
        rest = list(samples)
        rest[side] = np.delete(samples[side], i, axis=0)
        change.append(
            (value - distance_and_influences(*(Gaussian.of(each) for each in rest))[0]) * (n - 1)
        )
    expected = (influence - influence.mean())[:50]
    np.testing.assert_allclose(change, expected, atol=0.1 * np.std(expected))


def test_the_bias_rate_of_normal_samples_is_the_closed_form() -> None:
    gaussian = Gaussian.of(np.random.default_rng(3).normal(size=(20_000, 5)))
    assert bias_rate(gaussian) == pytest.approx(5 + 5 * 6 / 4, rel=0.02)
    assert normal_bias_rate(np.ones(5)) == pytest.approx(5 + 5 * 6 / 4)


def test_the_second_order_variance_matches_simulation_at_the_floor() -> None:
    rng = np.random.default_rng(13)
    widths = np.array([1, 0.7, 0.5, 0.5, 0.2, 0.1])
    values = [
        frechet(real=rng.normal(size=(500, 6)) * widths, fake=rng.normal(size=(500, 6)) * widths)
        for _ in range(1500)
    ]
    observed = np.var([each.value for each in values])
    gaussian = Gaussian.of(rng.normal(size=(50_000, 6)) * widths)
    assert (2 / 500) ** 2 * second_order_variance(gaussian) == pytest.approx(observed, rel=0.12)
