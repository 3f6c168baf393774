"""Covariances against NumPy, and their standard errors against simulation."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from gandiag.metrics import covariance, moments


def test_the_values_are_those_of_numpy() -> None:
    x = np.random.default_rng(1).gamma(2, size=(4, 3, 200)).astype(np.float32)
    found = covariance(fake=x)
    assert (np.shape(found.value), found.n, found.floor) == ((4, 3, 3), 200, None)
    for lane, value in zip(x, found.value, strict=True):
        np.testing.assert_allclose(value, np.cov(lane.astype(float), ddof=0))


@pytest.mark.parametrize("law", ["normal", "gamma"])
def test_the_standard_errors_are_those_seen_over_many_samples(law: str) -> None:
    rng = np.random.default_rng(2)
    x = (
        rng.standard_normal((1500, 2, 600))
        if law == "normal"
        else rng.gamma(4, size=(1500, 2, 600))
    )
    x[:, 1] += 0.7 * x[:, 0]
    found = covariance(fake=x)
    np.testing.assert_allclose(found.se.mean(0), found.value.std(0), rtol=0.07)


def test_the_diagonal_agrees_with_the_moments() -> None:
    x = np.random.default_rng(3).gamma(2, size=(1, 300))
    std, found = moments(fake=x).std, covariance(fake=x)
    np.testing.assert_allclose(found.value[0, 0], std.value**2)
    np.testing.assert_allclose(found.se[0, 0], 2 * std.value * std.se)


def test_a_constant_coordinate_is_exactly_without_covariance() -> None:
    x = np.random.default_rng(4).normal(size=(2, 30))
    x[1] = 0.1
    found = covariance(fake=x)
    assert np.all(found.value[1] == 0)
    assert np.all(found.se[1] == 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_lost_lane_is_nan_in_silence_and_leaves_the_others_alone(bad: float) -> None:
    x = np.random.default_rng(5).normal(size=(3, 2, 30))
    spoiled = x.copy()
    spoiled[1, 0, 4] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, whole = covariance(fake=spoiled), covariance(fake=x)
    lost = np.array([[True, True], [True, False]])
    np.testing.assert_array_equal(np.isnan(found.value[1]), lost)
    np.testing.assert_array_equal(np.isnan(found.se[1]), lost)
    np.testing.assert_array_equal(found.value[[0, 2]], whole.value[[0, 2]])


@pytest.mark.parametrize("fake", [[1.0, 2.0], np.zeros((2, 0))])
def test_samples_without_coordinates_are_refused(fake: object) -> None:
    with pytest.raises(ValueError, match=r"last two axes \[\.\.\., d, n\]"):
        covariance(fake=fake)
