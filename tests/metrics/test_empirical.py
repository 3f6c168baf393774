"""The empirical distribution of sorted samples."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.metrics import Empirical, Target
from gandiag.metrics.empirical import mean_distances, variance_of_real

SAMPLES = np.random.default_rng(4).integers(0, 9, 31).astype(float)
POINTS = np.array([-1.0, 0.0, 2.5, 3.0, 8.0, 20.0])


def test_it_is_a_target() -> None:
    assert isinstance(Empirical(SAMPLES), Target)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, np.int64, bool])
def test_lanes_of_any_type_are_sorted_in_double_precision(kind: type) -> None:
    x = np.random.default_rng(5).normal(size=(3, 20)).astype(kind)
    values = Empirical(x).values
    assert values.dtype == np.float64
    np.testing.assert_array_equal(values, np.sort(x.astype(float)))


def test_the_input_is_not_modified_and_the_values_are_read_only() -> None:
    x = np.array([2.0, np.nan, 1.0])
    found = Empirical(x)
    np.testing.assert_array_equal(x, [2.0, np.nan, 1.0])
    with pytest.raises(ValueError, match="read-only"):
        found.values[0] = 0


@pytest.mark.parametrize("samples", [1.0, [], np.zeros((3, 0))])
def test_no_samples_are_rejected(samples: object) -> None:
    with pytest.raises(ValueError, match=r"last axis \[\.\.\., n\] with n >= 1"):
        Empirical(samples)


def test_cdf_and_distances_are_means_over_the_samples() -> None:
    distribution = Empirical(SAMPLES)
    pairs = np.abs(SAMPLES - SAMPLES[:, None])
    np.testing.assert_allclose(distribution.cdf(POINTS), (POINTS[:, None] >= SAMPLES).mean(1))
    np.testing.assert_allclose(
        distribution.mean_distance(POINTS), np.abs(SAMPLES - POINTS[:, None]).mean(1), atol=1e-14
    )
    np.testing.assert_allclose(
        mean_distances(distribution.values), pairs.mean(0)[SAMPLES.argsort()]
    )
    assert distribution.self_distance == pytest.approx(pairs.mean())


def test_quantiles_equal_numpys_inverted_cdf() -> None:
    p = np.array([0.001, 0.2, 0.5, 0.77, 0.999])
    np.testing.assert_array_equal(
        Empirical(SAMPLES).quantile(p), np.quantile(SAMPLES, p, method="inverted_cdf")
    )


def test_an_exact_target_adds_no_variance() -> None:
    assert variance_of_real(lambda x, _: x, fake=Empirical(SAMPLES), real=object()) == 0
