"""Histograms: intervals, covariances and standard errors against SciPy and simulation."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from gandiag.metrics.histograms import proportion, reached, share_covariance, standard_error, wilson


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (8, 10), (10, 10), (123, 2500)])
def test_wilsons_interval_equals_scipys(hits: int, n: int) -> None:
    expected = scipy.stats.binomtest(hits, n).proportion_ci(method="wilson")
    assert wilson(np.array(hits / n), n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_shares_of_no_samples_are_nan() -> None:
    found = proportion(np.zeros(3), 0, 0.5)
    assert np.isnan(found.value).all()
    assert np.isnan(found.se).all()
    assert found.interval is not None
    assert np.isnan(found.interval).all()


def test_the_covariance_is_that_of_the_multinomial() -> None:
    distribution = np.array([0.2, 0.3, 0.5])
    expected = scipy.stats.multinomial.cov(50, distribution) / 50**2
    np.testing.assert_allclose(share_covariance(distribution, 50), expected, atol=1e-15)


@pytest.mark.parametrize("shift", [0.0, 0.05, 1.0])
def test_the_standard_error_of_a_parabola_is_valid_at_its_minimum_and_away(shift: float) -> None:
    # A parabola with a known gradient lacks the bias of an estimated gradient.
    rng = np.random.default_rng(1)
    noise = np.diag([0.01, 0.02])
    found, errors = [], []
    for _ in range(4000):
        x = shift + rng.normal(size=2) * np.sqrt(np.diag(noise))
        found.append((x**2).sum() / 2)
        errors.append(standard_error(x, np.ones(2), noise))
    high = 1.25 if shift < 0.1 else 1.05
    assert 0.95 < np.mean(errors) / np.std(found) < high


def test_floor_and_standard_error_of_a_count_are_those_of_binomials() -> None:
    counts, least, due = np.array([5.0, 1.0, 0.0]), np.ones(3), np.array([0.5, 0.01, 0.01])
    found = reached(counts, least, due, 100)
    chance = scipy.stats.binom.sf(0, 100, due)
    doubt = scipy.stats.binom.sf(0, 100, counts / 100)
    assert found.value == 2
    assert found.floor == pytest.approx(chance.sum())
    assert found.se == pytest.approx(np.sqrt((doubt * (1 - doubt)).sum()))


def test_a_class_needs_its_required_number() -> None:
    found = reached(np.array([9.0, 10.0]), np.full(2, 10.0), np.full(2, 0.1), 100)
    assert found.value == 1
    assert found.floor == pytest.approx(2 * scipy.stats.binom.sf(9, 100, 0.1))
