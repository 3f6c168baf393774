"""Covariances against NumPy, and their standard errors against simulation."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from gandiag.metrics import covariance, moments


def test_the_values_equal_numpys() -> None:
    for x in np.random.default_rng(1).gamma(2, size=(4, 200, 3)).astype(np.float32):
        found = covariance(fake=x)
        assert (np.shape(found.value), found.n, found.floor) == ((3, 3), 200, None)
        np.testing.assert_allclose(found.value, np.cov(x.T.astype(float), ddof=0))


@pytest.mark.parametrize("distribution", ["normal", "gamma"])
def test_the_standard_errors_match_simulation(distribution: str) -> None:
    rng = np.random.default_rng(2)
    shape = (1500, 600, 2)
    x = rng.standard_normal(shape) if distribution == "normal" else rng.gamma(4, size=shape)
    x[..., 1] += 0.7 * x[..., 0]
    found = [covariance(fake=each) for each in x]
    observed = np.std([each.value for each in found], axis=0)
    np.testing.assert_allclose(np.mean([each.se for each in found], axis=0), observed, rtol=0.07)


def test_the_diagonal_agrees_with_the_moments() -> None:
    x = np.random.default_rng(3).gamma(2, size=300)
    std, found = moments(fake=x).std, covariance(fake=x)
    np.testing.assert_allclose(found.value[0, 0], std.value**2)
    np.testing.assert_allclose(found.se[0, 0], 2 * std.value * std.se)


def test_a_constant_coordinate_has_covariance_exactly_0() -> None:
    x = np.random.default_rng(4).normal(size=(30, 2))
    x[:, 1] = 0.1
    found = covariance(fake=x)
    assert np.all(found.value[1] == 0)
    assert np.all(found.se[1] == 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_coordinate_that_is_not_finite_is_nan_and_changes_no_other(bad: float) -> None:
    x = np.random.default_rng(5).normal(size=(30, 3))
    spoiled = x.copy()
    spoiled[4, 0] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, whole = covariance(fake=spoiled), covariance(fake=x)
    lost = np.zeros((3, 3), dtype=bool)
    lost[0] = lost[:, 0] = True
    np.testing.assert_array_equal(np.isnan(found.value), lost)
    np.testing.assert_array_equal(np.isnan(found.se), lost)
    np.testing.assert_allclose(found.value[1:, 1:], whole.value[1:, 1:], rtol=1e-12)
    np.testing.assert_allclose(found.se[1:, 1:], whole.se[1:, 1:], rtol=1e-12)


@pytest.mark.parametrize("fake", [1.0, [], np.zeros((2, 0)), np.zeros((0, 2))])
def test_samples_without_coordinates_are_rejected(fake: object) -> None:
    with pytest.raises(ValueError, match=r"fake must be samples on the first axis \[n, \.\.\.\]"):
        covariance(fake=fake)


def test_numbers_are_vectors_of_one_coordinate() -> None:
    x = np.random.default_rng(6).normal(size=40)
    assert covariance(fake=x).value == pytest.approx(np.var(x))
    assert np.shape(covariance(fake=x).value) == np.shape(covariance(fake=x[:, None]).se) == (1, 1)
