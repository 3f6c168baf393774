"""The spread of many coordinates: closed forms, and its standard error against simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import moments, spread

RNG = np.random.default_rng(3)


def test_in_one_dimension_it_is_the_std_with_its_standard_error() -> None:
    x = RNG.gamma(3.0, size=400)
    found, known = spread(fake=x), moments(fake=x).std
    assert found.value == pytest.approx(known.value)
    assert found.se == pytest.approx(known.se)


def test_it_is_the_root_of_the_mean_variance() -> None:
    x = RNG.normal(size=(200, 6)) * np.arange(1, 7)
    assert spread(fake=x).value == pytest.approx(np.sqrt(x.var(axis=0).mean()))
    assert spread(fake=x.reshape(200, 2, 3)).value == pytest.approx(spread(fake=x).value)


def test_the_floor_is_the_spread_of_the_data() -> None:
    real = RNG.normal(size=(300, 4))
    assert spread(real=real, fake=real[:5]).floor == pytest.approx(spread(fake=real).value)


def test_the_standard_error_matches_simulation() -> None:
    found = [spread(fake=RNG.gamma(4.0, size=(300, 5))) for _ in range(800)]
    values = np.array([each.value for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(values.std(), rel=0.08)


@pytest.mark.parametrize("at", [0.1, 1e6])
def test_a_point_has_spread_0(at: float) -> None:
    found = spread(fake=np.full((50, 7), at))
    assert (found.value, found.se) == (0, 0)


@given(share=st.floats(0.01, 0.99), scale=st.floats(0.01, 100), seed=st.integers(0, 2**31))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_it_scales_with_the_samples(share: float, scale: float, seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=(40, 3))
    whole = spread(fake=x).value
    assert spread(fake=share * x).value == pytest.approx(share * whole)
    assert spread(fake=scale * x + 5).value == pytest.approx(scale * whole)
    assert spread(fake=x[::-1] @ np.linalg.qr(np.eye(3) + x[:3])[0]).value == pytest.approx(whole)


def test_a_sample_that_is_not_finite_gives_nan_without_warning() -> None:
    x = RNG.normal(size=(30, 2))
    x[4, 1] = np.inf
    found = spread(fake=x, real=np.zeros((3, 2)))
    assert np.isnan(found.value)
    assert np.isnan(found.se)
    assert found.floor == 0
