"""The normal distributions against scipy.stats, quadrature and their own samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy import integrate, stats

from gandiag.data import MultivariateNormal, Normal
from gandiag.metrics import Target
from gandiag.running.streams import draw_lanes, generator
from gandiag.training.process import Draw

LAWS = [(4.0, 1.25), (4.0, 0.5), (-11.0, 1e-3), (0.0, 30.0)]


def normal(mean: float, std: float, order: str = "drawn") -> Normal:
    return Normal.model_validate({"kind": "normal", "mean": mean, "std": std, "order": order})


def grid(mean: float, std: float) -> NDArray[np.float64]:
    return mean + std * np.linspace(-8, 8, 41)


@pytest.mark.parametrize(("mean", "std"), LAWS)
def test_density_and_cdf_are_those_of_scipy(mean: float, std: float) -> None:
    distribution, truth, x = normal(mean, std), stats.norm(mean, std), grid(mean, std)
    assert distribution.density(x) == pytest.approx(truth.pdf(x), rel=1e-12)
    assert distribution.cdf(x) == pytest.approx(truth.cdf(x), rel=1e-12)


@pytest.mark.parametrize(("mean", "std"), LAWS)
def test_the_quantile_is_that_of_scipy_and_inverts_the_cdf(mean: float, std: float) -> None:
    distribution = normal(mean, std)
    p = np.array([1e-9, 0.01, 0.25, 0.5, 0.9, 1 - 1e-9])
    assert distribution.quantile(p) == pytest.approx(stats.norm(mean, std).ppf(p), rel=1e-12)
    assert distribution.cdf(distribution.quantile(p)) == pytest.approx(p, rel=1e-9)
    assert distribution.quantile(np.array([0.0, 1.0])).tolist() == [-math.inf, math.inf]


@pytest.mark.parametrize(("mean", "std"), LAWS)
def test_the_mean_distance_is_the_integral(mean: float, std: float) -> None:
    distribution, truth = normal(mean, std), stats.norm(mean, std)
    for x in grid(mean, std)[::5]:

        def gap(y: float, x: float = x) -> float:
            return float(abs(y - x) * truth.pdf(y))

        ends = (mean - 40 * std, mean + 40 * std)
        found, _ = integrate.quad(gap, *ends, points=[x, mean], limit=200)
        assert float(distribution.mean_distance(x)) == pytest.approx(found, rel=1e-8)


@pytest.mark.parametrize(("mean", "std"), LAWS)
def test_the_self_distance_is_the_mean_of_the_mean_distance(mean: float, std: float) -> None:
    distribution = normal(mean, std)
    ends = (mean - 12 * std, mean + 12 * std)
    found, _ = integrate.quad(
        lambda x: float(distribution.mean_distance(x) * distribution.density(x)), *ends
    )
    assert distribution.self_distance == pytest.approx(found, rel=1e-8)


def test_the_normal_distribution_is_exact() -> None:
    assert isinstance(normal(4.0, 1.25), Target)


@given(st.floats(-50, 50), st.floats(0.01, 50), st.floats(-200, 200))
def test_the_mean_distance_is_never_below_the_distance_of_the_mean(
    mean: float, std: float, x: float
) -> None:
    assert float(normal(mean, std).mean_distance(x)) >= abs(x - mean) * (1 - 1e-12)


@pytest.mark.parametrize("order", ["drawn", "sorted"])
def test_a_hundred_thousand_draws_are_normal(order: str) -> None:
    draw = Draw(normal(4.0, 1.25, order), 100, 1, 1000)
    drawn = draw_lanes([3], "train/real", draw).astype(np.float64).ravel()
    assert stats.kstest(drawn, stats.norm(4.0, 1.25).cdf).pvalue > 1e-3


def test_sorting_orders_every_batch_and_changes_nothing_else() -> None:
    drawn, ordered = (
        draw_lanes([3, 4], "train/real", Draw(normal(4.0, 0.5, order), 5, 1, 12), length=3)
        for order in ("drawn", "sorted")
    )
    assert (np.diff(ordered, axis=-1) >= 0).all()
    assert (np.diff(drawn, axis=-1) < 0).any()
    assert np.array_equal(np.sort(drawn, axis=-1), ordered)


COVARIANCE = ((1.0, 0.8, 0.0), (0.8, 2.0, -0.3), (0.0, -0.3, 0.5))


def plane() -> MultivariateNormal:
    return MultivariateNormal(
        kind="multivariate-normal", means=(1.0, -2.0, 0.5), covariance=COVARIANCE
    )


def test_samples_have_the_configured_mean_and_covariance() -> None:
    n = 200_000
    out = np.empty((2, 3, n), dtype=np.float32)
    plane().fill(generator(1, "train/real"), out)
    for batch in out.astype(np.float64):
        assert batch.mean(1) == pytest.approx((1.0, -2.0, 0.5), abs=6 * math.sqrt(2 / n))
        assert np.cov(batch) == pytest.approx(np.asarray(COVARIANCE), abs=6 * math.sqrt(8 / n))


def test_the_batches_of_one_call_differ() -> None:
    out = np.empty((2, 3, 8), dtype=np.float32)
    plane().fill(generator(1, "train/real"), out)
    assert not np.isin(out[0], out[1]).any()


@pytest.mark.parametrize(
    ("covariance", "message"),
    [
        (((1.0, 0.5), (0.4, 1.0)), "symmetric and positive definite"),
        (((1.0, 2.0), (2.0, 1.0)), "symmetric and positive definite"),
        (((1.0, 0.0), (0.0, 0.0)), "symmetric and positive definite"),
        (((1.0, 0.0), (0.0,)), r"square matrix, not rows of \[2, 1\]"),
    ],
)
def test_an_invalid_covariance_is_refused(
    covariance: tuple[tuple[float, ...], ...], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        MultivariateNormal(kind="multivariate-normal", means=(0.0, 0.0), covariance=covariance)


@pytest.mark.parametrize("std", [0.0, -1.0])
def test_a_std_that_is_not_positive_is_refused(std: float) -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        normal(0.0, std)
