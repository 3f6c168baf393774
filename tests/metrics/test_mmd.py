"""The maximum mean discrepancy: closed forms, direct computation, bandwidths, floor and error."""

from __future__ import annotations

import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import mmd

few_examples = settings(max_examples=25, deadline=None, derandomize=True)


def between_normals(shift: float, std: float, d: int, width: float) -> float:
    """MMD^2 of N(shift, std^2 I) and N(0, I), with one Gaussian kernel."""

    def mean_kernel(gap: float, variance: float) -> float:
        total = width**2 + variance
        return (width**2 / total) ** (d / 2) * np.exp(-d * gap**2 / (2 * total))

    own, cross = mean_kernel(0, 2 * std**2), mean_kernel(shift, std**2 + 1)
    return own + mean_kernel(0, 2) - 2 * cross


def slow_mmd(x: np.ndarray, y: np.ndarray, widths: list[float]) -> float:
    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        square = ((a[:, None] - b[None]) ** 2).sum(-1)
        return np.mean([np.exp(-square / (2 * h**2)) for h in widths], axis=0)

    n, m = len(x), len(y)
    own = (kernel(x, x).sum() - n) / (n * (n - 1))
    return own + (kernel(y, y).sum() - m) / (m * (m - 1)) - 2 * kernel(x, y).mean()


@pytest.mark.parametrize("widths", [[1.0], [4.0, 2.0, 1.0], [0.5, 3.0, 1.1]])
@pytest.mark.parametrize("d", [1, 3, 20])
def test_it_is_the_mean_over_distinct_pairs(d: int, widths: list[float]) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.gamma(2, size=(31, d)), rng.normal(size=(24, d))
    expected = slow_mmd(x, y, widths)
    assert mmd(real=y, fake=x, bandwidths=widths).value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("d", [2, 12])
def test_the_bandwidths_are_multiples_of_the_median_distance(d: int) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(1, 3, (40, d)), rng.normal(size=(50, d))
    apart = np.sqrt(((y[:, None] - y[None]) ** 2).sum(-1))[np.triu_indices(50, 1)]
    median = float(np.median(apart))
    given = mmd(real=y, fake=x, bandwidths=[median / 2, median, 2 * median])
    found = mmd(real=y, fake=x)
    assert found.value == pytest.approx(given.value, rel=1e-9)
    assert found.se == pytest.approx(given.se, rel=1e-9)


def test_with_many_real_samples_the_median_uses_a_subset() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(1, 1, (50, 1)), rng.normal(size=(5000, 1))
    median = 0.9539  # of |Z - Z'|, two standard normals: sqrt(2) times the .75 quantile
    expected = mmd(real=y, fake=x, bandwidths=[median / 2, median, 2 * median]).value
    assert mmd(real=y, fake=x).value == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize(
    ("shift", "std", "d"), [(0.0, 1.0, 2), (0.5, 1.0, 1), (0.3, 0.5, 4), (0.2, 1.5, 10)]
)
def test_the_distance_of_normals_equals_the_closed_form(shift: float, std: float, d: int) -> None:
    rng = np.random.default_rng(4)
    found = [
        mmd(
            real=rng.normal(size=(150, d)),
            fake=rng.normal(shift, std, (200, d)),
            bandwidths=[1.0, 2.0],
        )
        for _ in range(150)
    ]
    values = np.array([each.value for each in found])
    expected = np.mean([between_normals(shift, std, d, width) for width in (1.0, 2.0)])
    assert values.mean() == pytest.approx(expected, abs=4 * values.std() / np.sqrt(150))
    ratio = np.mean([each.se for each in found]) / values.std()
    assert 0.85 < ratio < (1.4 if shift == 0 else 1.15)


def test_a_perfect_generator_scatters_about_zero() -> None:
    rng = np.random.default_rng(5)
    found = [mmd(real=rng.normal(size=100), fake=rng.normal(size=80)) for _ in range(400)]
    values = np.array([each.value for each in found])
    assert abs(values.mean()) < 4 * values.std() / 20
    assert 0.5 < (values < 0).mean() < 0.8
    assert found[0].floor == 0


@given(seed=st.integers(0, 2**32 - 1), d=st.sampled_from([1, 2, 12]))
@few_examples
def test_it_is_invariant_to_order_rotation_shift_and_unit(seed: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.gamma(2, size=(30, d)), rng.normal(size=(25, d))
    turn, _ = np.linalg.qr(rng.normal(size=(d, d)))
    expected = mmd(real=y, fake=x)
    for a, b in [
        (rng.permutation(x), rng.permutation(y)),
        (x @ turn, y @ turn),
        (x + 50, y + 50),
        (7 * x, 7 * y),
    ]:
        found = mmd(real=b, fake=a)
        assert found.value == pytest.approx(expected.value, rel=1e-6, abs=1e-10)
        assert found.se == pytest.approx(expected.se, rel=1e-6, abs=1e-10)


@given(seed=st.integers(0, 2**32 - 1))
@few_examples
def test_with_given_bandwidths_it_is_symmetric(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.gamma(2, size=(30, 2)), rng.normal(size=(25, 2))
    one, other = mmd(real=y, fake=x, bandwidths=[1]), mmd(real=x, fake=y, bandwidths=[1])
    assert (one.value, one.se) == pytest.approx((other.value, other.se), rel=1e-9)


@pytest.mark.parametrize("d", [1, 12])
def test_larger_shifts_and_collapses_give_larger_distances(d: int) -> None:
    y = np.random.default_rng(6).normal(size=(200, d))
    shifts = [mmd(real=y, fake=y + s).value for s in (0, 0.2, 0.5, 1, 2)]
    widths = [mmd(real=y, fake=y * s).value for s in (1, 0.8, 0.5, 0.1, 0)]
    assert np.all(np.diff(shifts) > 0)
    assert np.all(np.diff(widths) > 0)


@pytest.mark.parametrize("d", [1, 12])
@pytest.mark.parametrize("at", [0.0, 3.0, 1e8])
def test_a_collapsed_generator_has_the_distance_of_its_point(d: int, at: float) -> None:
    y = np.random.default_rng(7).normal(size=(40, d))
    found = mmd(real=y, fake=np.full((30, d), at), bandwidths=[2.0])
    assert found.value == pytest.approx(slow_mmd(np.full((30, d), at), y, [2.0]), rel=1e-9)
    assert np.isfinite(found.se)


def test_equal_real_samples_have_a_bandwidth() -> None:
    assert mmd(real=np.zeros(9), fake=np.zeros(9)).value == 0
    assert mmd(real=np.zeros(9), fake=np.ones(9)).value > 0.5
    most = np.r_[np.zeros(50), 1.0, 1.0, 1.0]
    expected = mmd(real=most, fake=np.ones(9), bandwidths=[0.5, 1, 2]).value
    assert mmd(real=most, fake=np.ones(9)).value == pytest.approx(expected)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_not_finite_gives_nan_without_warning(bad: float) -> None:
    fake = np.zeros((9, 2))
    fake[3, 1] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mmd(real=np.eye(2), fake=fake)
    assert np.isnan([found.value, found.se]).all()


@pytest.mark.parametrize("bandwidths", [[], [0.0], [-1.0, 1.0], [np.nan], [np.inf]])
def test_invalid_bandwidths_are_rejected(bandwidths: list[float]) -> None:
    with pytest.raises(ValueError, match="bandwidths must be one or more positive numbers, not"):
        mmd(real=[0.0, 1.0], fake=[0.0, 1.0], bandwidths=bandwidths)


def test_one_sample_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"fake must be samples .* n >= 2"):
        mmd(real=[0.0, 1.0], fake=[0.0])


@pytest.mark.parametrize("d", [1, 64])
def test_memory_does_not_grow_with_the_number_of_pairs(d: int) -> None:
    x = np.random.default_rng(8).normal(size=(6000, d)).astype(np.float32)
    tracemalloc.start()
    mmd(real=x[3000:], fake=x[:3000])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # All pairs of either side would be 72 MB; those of the median's 2000 samples are 16 MB.
    assert most < 45e6
