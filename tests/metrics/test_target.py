"""Targets, and the constants of the floors."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

from gandiag.data import Normal, Point
from gandiag.metrics import Empirical, Target, wasserstein
from gandiag.metrics.target import empirical_and_target, inverse_sizes, spread

NORMAL = Normal(kind="normal", mean=4.0, std=0.5)


def test_the_data_sets_are_targets_and_arrays_are_not() -> None:
    assert isinstance(NORMAL, Target)
    assert isinstance(Point(kind="point"), Target)
    assert not isinstance(np.zeros(3), Target)


def test_a_pandas_series_is_samples_although_it_has_quantiles() -> None:
    assert wasserstein(fake=[1.0], real=pd.Series([3.0])).value == 2


@pytest.mark.parametrize(
    ("real", "message"),
    [
        (
            np.zeros((2, 3)),
            r"real must be samples of one coordinate \[n\] or \[n, 1\].* not of shape",
        ),
        (np.zeros((1, 3)), r"real must be samples of one coordinate .* not of shape \(1, 3\)"),
        (1.0, r"real must be samples of one coordinate \[n\].* not of shape \(\)"),
        ([], r"real must be samples of one coordinate \[n\].* n >= 1, not of shape \(0,\)"),
        (object(), r"real must be a hashable target .* or one sample \[m\], not object"),
        (Empirical(np.zeros((2, 3))), r"real must be one sample \[m\], not of shape \(2, 3\)"),
    ],
    ids=["a matrix", "a row", "a number", "nothing", "an object", "many lanes"],
)
def test_neither_a_target_nor_one_sample_is_rejected(real: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        empirical_and_target(fake=[1.0], real=real)


def test_columns_are_samples_and_lanes_stay_lanes() -> None:
    fake, real = empirical_and_target(fake=[[2.0], [1.0]], real=np.array([[4.0], [3.0]]))
    np.testing.assert_array_equal(fake.values, [1, 2])
    np.testing.assert_array_equal(real.values, [3, 4])
    lanes = Empirical(np.zeros((2, 3)))
    assert empirical_and_target(fake=lanes, real=fake) == (lanes, fake)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_real_samples_must_be_finite(bad: float) -> None:
    with pytest.raises(ValueError, match="real has samples that are NaN or infinite"):
        empirical_and_target(fake=[1.0], real=[1.0, bad])


def test_spread_is_an_integral_over_the_line() -> None:
    def root(x: float) -> float:
        f = float(NORMAL.cdf(np.array(x)))
        return math.sqrt(f * (1 - f))

    assert spread(NORMAL) == pytest.approx(quad(root, 0, 8)[0], rel=1e-5)
    assert spread(NORMAL) == pytest.approx(1.6147 * 0.5, rel=1e-4)
    assert spread(Point(kind="point", at=3.0)) == 0


def test_the_spread_of_samples_converges_to_that_of_their_distribution() -> None:
    ideal = NORMAL.quantile((np.arange(20_000) + 0.5) / 20_000)
    assert spread(Empirical(ideal)) == pytest.approx(spread(NORMAL), rel=0.01)


def test_noise_counts_both_samples() -> None:
    fake = Empirical(np.zeros((3, 10)))
    assert inverse_sizes(fake=fake, real=NORMAL) == pytest.approx(0.1)
    assert inverse_sizes(fake=fake, real=Empirical(np.zeros(20))) == pytest.approx(0.15)
