"""The birthday test on known supports."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import birthday


def test_the_support_follows_from_the_number_of_pairs() -> None:
    # Two pairs and a triple, which is three pairs: 5 among 10 samples.
    x = [0, 0, 1, 1, 2, 2, 2, 3, 4, 5]
    assert birthday(fake=x).value == pytest.approx(45 / 5)
    assert birthday(fake=np.eye(10)[x]).value == pytest.approx(45 / 5)


def test_without_duplicates_only_the_lower_end_is_finite() -> None:
    found = birthday(fake=np.arange(100.0))
    assert found.value == math.inf
    assert found.interval[0] == pytest.approx(100 * 99 / 2 / 3.689, rel=1e-3)
    assert found.interval[1] == math.inf


def test_the_interval_of_few_pairs_is_the_exact_poisson_interval() -> None:
    x = np.r_[np.arange(90.0), np.arange(10.0)]
    low, high = birthday(fake=x).interval
    # For 10 events: 4.795 to 18.39.
    assert low == pytest.approx(4950 / 18.390, rel=1e-3)
    assert high == pytest.approx(4950 / 4.795, rel=1e-3)


def test_a_collapse_has_support_1() -> None:
    found = birthday(fake=np.full((50, 4), 0.1))
    assert found.value == 1
    assert found.interval[0] == 1


@pytest.mark.parametrize(("support", "s"), [(1000, 50), (1000, 200), (1000, 3000), (100, 1000)])
def test_the_interval_covers_a_uniform_support(support: int, s: int) -> None:
    rng = np.random.default_rng(support + 2 * s)
    found = [birthday(fake=rng.integers(0, support, s)) for _ in range(400)]
    held = [low <= support <= high for low, high in (each.interval for each in found)]
    assert np.mean(held) > 0.93
    inverse = np.mean([1 / each.value for each in found])
    assert 1 / inverse == pytest.approx(support, rel=0.12)
    if s >= 1000:
        observed = np.std([each.value for each in found])
        assert np.mean([each.se for each in found]) == pytest.approx(observed, rel=0.15)


@pytest.mark.parametrize("s", [50, 200, 1000])
def test_an_uneven_support_gives_the_inverse_sum_of_squares(s: int) -> None:
    rng = np.random.default_rng(s)
    p = 1 / np.arange(1, 1001)
    p /= p.sum()
    truth = 1 / float(p @ p)
    found = [birthday(fake=rng.choice(1000, s, p=p)) for _ in range(400)]
    assert truth < 40
    assert 1 / np.mean([1 / each.value for each in found]) == pytest.approx(truth, rel=0.05)
    held = [low <= truth <= high for low, high in (each.interval for each in found)]
    assert np.mean(held) > 0.88


@pytest.mark.parametrize("d", [2, 30])
def test_a_distance_defines_duplicates(d: int) -> None:
    rng = np.random.default_rng(d)
    places = 10 * rng.normal(size=(50, d))
    which = rng.integers(0, 50, 300)
    x = places[which] + 1e-4 * rng.normal(size=(300, d))
    assert birthday(fake=x).value == math.inf
    assert birthday(fake=x, duplicate=0.01).value == birthday(fake=which).value


def test_a_key_function_defines_duplicates() -> None:
    x = np.random.default_rng(1).uniform(0, 10, 400)
    found = birthday(fake=x, duplicate=lambda samples: np.floor(samples[:, 0]))
    assert found.value == birthday(fake=np.floor(x)).value
    assert found.interval[0] < 10 < found.interval[1]


def test_the_floor_is_the_value_of_the_real_samples() -> None:
    rng = np.random.default_rng(2)
    real, fake = rng.integers(0, 500, 400), rng.integers(0, 50, 300)
    found = birthday(real=real, fake=fake)
    assert found.floor == birthday(fake=real).value
    assert found.value < 100 < found.floor
    assert birthday(fake=fake).floor is None


def test_samples_whose_squares_overflow_are_no_duplicates() -> None:
    x = np.random.default_rng(3).normal(size=(30, 12)) * 1e200
    assert birthday(fake=x, duplicate=0.1).value == math.inf


def test_minus_zero_equals_zero() -> None:
    assert birthday(fake=[0.0, -0.0]).value == 1


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 8), min_size=2, max_size=40), st.randoms())
def test_counts_equal_those_of_a_loop_in_any_order(x: list[int], random: object) -> None:
    pairs = sum(x[i] == x[j] for i in range(len(x)) for j in range(i))
    expected = len(x) * (len(x) - 1) / 2 / pairs if pairs else math.inf
    random.shuffle(x)  # type: ignore[attr-defined]
    for duplicate in (0.0, 0.5):
        found = birthday(fake=x, duplicate=duplicate)
        assert found.value == pytest.approx(expected)
        assert found.interval[0] <= found.value <= found.interval[1]


def test_invalid_arguments_are_rejected() -> None:
    diverged = birthday(fake=[1.0, math.nan], real=[1.0, 1.0])
    assert math.isnan(diverged.value)
    assert math.isnan(diverged.interval[1])
    with pytest.raises(ValueError, match="n >= 2"):
        birthday(fake=[1.0])
    with pytest.raises(ValueError, match="not a distance"):
        birthday(fake=[1.0, 2.0], duplicate=-1)
    with pytest.raises(ValueError, match="real has"):
        birthday(fake=[1.0, 2.0], real=[1.0, math.nan])
