"""Normal scores against SciPy's quantiles, and what becomes of outliers and ties."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from gandiag.metrics.scores import CONSTANT, NormalScores

LAWS = {
    "normal": lambda rng: rng.normal(5, 2, 999),
    "lognormal": lambda rng: rng.lognormal(0, 2, 999),
    "cauchy": lambda rng: rng.standard_cauchy(999),
    "ties": lambda rng: rng.poisson(2, 999),
    "few": lambda rng: rng.integers(2, size=999),
}


@pytest.mark.parametrize("law", LAWS)
def test_real_samples_have_the_normal_quantiles_of_their_ranks(law):
    real = LAWS[law](np.random.default_rng(0))
    expected = norm.ppf((rankdata(real) - 0.5) / len(real))
    np.testing.assert_allclose(NormalScores(real)(real), expected, atol=1e-12)


def test_of_normal_data_they_are_the_standardized_values():
    real = norm.ppf((np.arange(20_000) + 0.5) / 20_000, loc=3, scale=2)
    x = np.array([-1.0, 1.0, 3.0, 5.0, 8.0])
    np.testing.assert_allclose(NormalScores(real)(x), (x - 3) / 2, atol=1e-3)


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("grow", [lambda x: 1e6 * x - 3, lambda x: 1e-6 * x])
def test_they_do_not_depend_on_the_scale(law, grow):
    rng = np.random.default_rng(1)
    real = LAWS[law](rng).astype(float)
    beyond = np.array([1.0, 10.0])
    x = np.concatenate([rng.choice(real, 50), real.min() - beyond, real.max() + beyond])
    np.testing.assert_allclose(
        NormalScores(grow(real))(grow(x)), NormalScores(real)(x), rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize("law", LAWS)
def test_they_rise_with_the_value_everywhere(law):
    real = LAWS[law](np.random.default_rng(2)).astype(float)
    wide = real.max() - real.min()
    x = np.linspace(real.min() - wide, real.max() + wide, 4001)
    assert (np.diff(NormalScores(real)(x)) >= 0).all()
    far = NormalScores(real)([real.min() - wide, real.max() + wide])
    ends = NormalScores(real)([real.min(), real.max()])
    assert far[0] < ends[0] < ends[1] < far[1]


def test_an_outlier_of_a_million_sd_changes_hardly_anything():
    real = np.random.default_rng(3).normal(size=2000)
    x = np.linspace(-2, 2, 9)
    np.testing.assert_allclose(
        NormalScores(np.append(real[1:], 1e6))(x), NormalScores(real)(x), atol=0.02
    )


def test_far_samples_count_by_the_logarithm_of_their_distance():
    scores = NormalScores(np.linspace(-1, 1, 101))
    far = scores([10.0, 1e3, 1e300])
    assert (np.diff(far) < [5, 700]).all()
    assert np.isfinite(far).all()


@pytest.mark.parametrize("real", [[4.0], [4.0] * 7])
def test_beside_a_constant_there_are_three_scores(real):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = NormalScores(real)([3.9, 4.0, 4.1, np.nan])
    np.testing.assert_array_equal(scores, [-CONSTANT, 0, CONSTANT, np.nan])


def test_what_is_not_finite_stays_so_and_the_shape_is_kept():
    scores = NormalScores([1.0, 2.0, 3.0])([[np.nan, np.inf], [-np.inf, 2.0]])
    assert scores.shape == (2, 2)
    np.testing.assert_array_equal(scores, [[np.nan, np.inf], [-np.inf, 0.0]])
