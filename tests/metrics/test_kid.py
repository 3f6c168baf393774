"""The kernel inception distance: closed form, oracle, blindness, floor and errors."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import kid


def slow_kid(x: np.ndarray, y: np.ndarray) -> float:
    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return (a @ b.T / a.shape[1] + 1) ** 3

    n, m = len(x), len(y)
    xx, yy = kernel(x, x), kernel(y, y)
    own = (xx.sum() - np.trace(xx)) / (n * (n - 1))
    return own + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * kernel(x, y).mean()


def test_it_equals_torchmetrics_distance() -> None:
    torch = pytest.importorskip("torch")
    image = pytest.importorskip("torchmetrics.image.kid")
    rng = np.random.default_rng(1)
    x, y = rng.normal(0.1, 1, (200, 64)), rng.normal(size=(200, 64))
    expected = image.poly_mmd(torch.from_numpy(x), torch.from_numpy(y)).item()
    assert kid(real=y, fake=x).value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("d", [1, 5])
def test_it_is_the_mean_over_distinct_pairs(d: int) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.gamma(2, size=(31, d)), rng.normal(size=(24, d))
    assert kid(real=y, fake=x).value == pytest.approx(slow_kid(x, y), rel=1e-9)


@pytest.mark.parametrize("block_size", [None, 50])
def test_in_one_dimension_it_is_a_polynomial_of_three_moments(block_size: int | None) -> None:
    # Of N(m, s^2) against N(0, 1): raw moments m, m^2 + s^2, m^3 + 3 m s^2.
    m, s = 0.5, 1.2
    expected = (m**3 + 3 * m * s**2) ** 2 + 3 * (m**2 + s**2 - 1) ** 2 + 3 * m**2
    rng = np.random.default_rng(3)
    found = [
        kid(real=rng.normal(size=300), fake=rng.normal(m, s, 250), block_size=block_size)
        for _ in range(300)
    ]
    values = np.array([each.value for each in found])
    assert values.mean() == pytest.approx(expected, abs=4 * values.std() / math.sqrt(300))
    assert values.mean() == pytest.approx(expected, rel=0.15)
    tolerance = 0.1 if block_size is None else 0.2
    ratio = np.mean([each.se for each in found]) / values.std()
    assert ratio == pytest.approx(1, abs=tolerance)


def test_it_is_blind_to_kurtosis() -> None:
    # Three atoms, symmetric with variance 1 like a normal, but a fourth moment of 4 instead of 3.
    rng = np.random.default_rng(4)
    n = 4000
    shape = rng.choice([-2.0, 0.0, 2.0], n, p=[1 / 8, 3 / 4, 1 / 8])
    found = kid(real=rng.normal(size=n), fake=shape)
    assert abs(found.value) < 3 * found.se
    assert np.mean(shape**4) == pytest.approx(4, rel=0.1)
    assert kid(real=rng.normal(size=n), fake=1.3 * shape).value > 10 * found.se


@pytest.mark.parametrize(("d", "shift"), [(1, 0.0), (8, 0.0), (8, 0.1), (8, 0.5)])
def test_the_standard_error_is_valid_at_the_floor_and_away_from_it(d: int, shift: float) -> None:
    rng = np.random.default_rng(5)
    found = [
        kid(real=rng.normal(size=(100, d)), fake=rng.normal(shift, 1, (120, d))) for _ in range(800)
    ]
    values = np.array([each.value for each in found])
    ratio = np.mean([each.se for each in found]) / values.std()
    assert 0.85 < ratio < (1.4 if shift == 0 else 1.15)
    if shift == 0:
        assert abs(values.mean()) < 4 * values.std() / math.sqrt(800)
        assert found[0].floor == 0


def test_blocks_are_means_over_parts_in_a_random_order() -> None:
    rng = np.random.default_rng(6)
    x, y = np.sort(rng.normal(0.5, 1, 60)), np.sort(rng.normal(size=50))
    found = kid(real=y, fake=x, block_size=20, seed=3)
    draw = np.random.default_rng(3)
    known, made = draw.permutation(y), draw.permutation(x)
    parts = zip(np.array_split(made, 3), np.array_split(known, 3), strict=True)
    values = np.array([slow_kid(a[:, None], b[:, None]) for a, b in parts])
    assert found.value == pytest.approx(values.mean())
    assert found.se == pytest.approx(values.std(ddof=1) / math.sqrt(3))
    assert kid(real=y, fake=x, block_size=20, seed=4).value != found.value


def test_sorted_samples_do_not_bias_the_blocks() -> None:
    rng = np.random.default_rng(7)
    x, y = np.sort(rng.normal(size=400)), np.sort(rng.normal(size=400))
    sorted_, whole = kid(real=y, fake=x, block_size=50), kid(real=y, fake=x)
    assert abs(sorted_.value - whole.value) < 4 * sorted_.se


def test_one_block_is_all_pairs_without_standard_error() -> None:
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(2, 40, 3))
    found = kid(real=y, fake=x, block_size=40)
    assert found.value == pytest.approx(kid(real=y, fake=x).value, rel=1e-9)
    assert found.se is None


@pytest.mark.parametrize("block_size", [0, 1, 3])
def test_blocks_too_small_are_rejected(block_size: int) -> None:
    with pytest.raises(
        ValueError, match=rf"block_size {block_size} makes .* choose a larger block_size"
    ):
        kid(real=np.arange(5.0), fake=np.arange(12.0), block_size=block_size)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_it_is_symmetric_and_invariant_to_order_and_rotation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.gamma(2, size=(30, 4)), rng.normal(size=(25, 4))
    turn, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    expected = kid(real=y, fake=x)
    for b, a in [(x, y), (rng.permutation(y), rng.permutation(x)), (y @ turn, x @ turn)]:
        found = kid(real=b, fake=a)
        assert (found.value, found.se) == pytest.approx((expected.value, expected.se), rel=1e-6)


def test_larger_shifts_and_collapses_give_larger_distances() -> None:
    y = np.random.default_rng(9).normal(size=(200, 3))
    assert np.all(np.diff([kid(real=y, fake=y + s).value for s in (0, 0.2, 0.5, 1, 2)]) > 0)
    assert np.all(np.diff([kid(real=y, fake=y * s).value for s in (1, 0.8, 0.5, 0.1)]) > 0)


def test_a_collapsed_generator_has_the_distance_of_its_point() -> None:
    y = np.random.default_rng(10).normal(size=(40, 2))
    fake = np.full((30, 2), 0.7)
    found = kid(real=y, fake=fake)
    assert found.value == pytest.approx(slow_kid(fake, y))
    assert 0 < found.se < 1


@pytest.mark.parametrize("block_size", [None, 5])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_sample_that_is_not_finite_gives_nan_without_warning(
    bad: float, block_size: int | None
) -> None:
    fake = np.zeros((12, 2))
    fake[3, 1] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = kid(real=np.ones((12, 2)), fake=fake, block_size=block_size)
    assert np.isnan([found.value, found.se]).all()
    assert found.n == 12
