"""The sliced Wasserstein distance: closed forms, oracles, floor and standard error."""

from __future__ import annotations

import math
import types
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import wasserstein_distance

from gandiag.metrics import sliced_wasserstein, slices, wasserstein
from gandiag.metrics.slices import directions

SIZES = [(50, 50), (50, 80), (80, 50), (1, 9), (64, 48)]
few_examples = settings(max_examples=25, deadline=None, derandomize=True)


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """POT, without its optional frameworks."""
    for backend in ("PYTORCH", "TENSORFLOW", "JAX", "CUPY"):
        monkeypatch.setenv(f"POT_BACKEND_DISABLE_{backend}", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("ot")


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize(("n", "m"), SIZES)
def test_it_equals_pots_distance_along_the_same_directions(
    n: int, m: int, p: int, transport: types.ModuleType
) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.gamma(2, size=(n, 3)), rng.normal(size=(m, 3))
    expected = transport.sliced_wasserstein_distance(x, y, p=p, projections=directions(3, 40, 5).T)
    found = sliced_wasserstein(real=y, fake=x, projections=40, p=p, seed=5)
    assert found.value == pytest.approx(expected, rel=1e-9)


def test_the_block_size_does_not_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.gamma(2, size=(50, 3)), rng.normal(size=(40, 3))
    found = []
    for size in (2**18, 50 * 7, 1):
        monkeypatch.setattr(slices, "BLOCK", size)
        one = sliced_wasserstein(real=y, fake=x, projections=20)
        found.append([one.value, one.se, one.floor])
    np.testing.assert_allclose(found, np.broadcast_to(found[0], (3, 3)), rtol=1e-12)


@pytest.mark.parametrize(("n", "m"), [*SIZES, (300, 100)])
def test_in_one_dimension_it_is_the_wasserstein_distance(n: int, m: int) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.gamma(2, size=n), rng.normal(size=m)
    found, line = sliced_wasserstein(real=y, fake=x, p=1), wasserstein(real=y, fake=x)
    assert found.value == pytest.approx(wasserstein_distance(x, y))
    for part in ("value", "se", "floor"):
        expected = pytest.approx(getattr(line, part), rel=1e-9, abs=1e-12, nan_ok=True)
        assert getattr(found, part) == expected
    assert math.isnan(found.se) == (n == 1)


@pytest.mark.parametrize(("n", "m"), SIZES)
def test_in_one_dimension_its_square_equals_pots(
    n: int, m: int, transport: types.ModuleType
) -> None:
    rng = np.random.default_rng(4)
    x, y = rng.gamma(2, size=n), rng.normal(size=m)
    expected = math.sqrt(transport.wasserstein_1d(x, y, p=2))
    assert sliced_wasserstein(real=y, fake=x).value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("d", [2, 5, 50])
def test_a_shift_has_its_mean_length_along_the_directions(d: int, p: int) -> None:
    rng = np.random.default_rng(5)
    y, shift = rng.normal(size=(60, d)), rng.normal(size=d)
    observed = np.abs(directions(d, 128, 0) @ shift)
    found = sliced_wasserstein(real=y, fake=y + shift, p=p).value
    assert found == pytest.approx(np.mean(observed**p) ** (1 / p), rel=1e-9)
    if p == 2:
        many = sliced_wasserstein(real=y, fake=y + shift, projections=3000).value
        assert many == pytest.approx(np.linalg.norm(shift) / math.sqrt(d), rel=0.05)


def test_a_rescaled_isotropic_normal_has_the_difference_of_stds() -> None:
    y = np.random.default_rng(6).normal(size=(4000, 3))
    assert sliced_wasserstein(real=y, fake=3 * y).value == pytest.approx(2, rel=0.03)


def slow_standard_error(x: np.ndarray, y: np.ndarray, p: int, **how: int) -> float:
    """The standard error of a jackknife over both sides."""
    variance = 0.0
    for side, samples in enumerate((x, y)):
        left = []
        for i in range(len(samples)):
            fake, real = (np.delete(s, i, 0) if k == side else s for k, s in enumerate((x, y)))
            left.append(sliced_wasserstein(real=real, fake=fake, p=p, **how).value)
        variance += (len(samples) - 1) * np.var(left)
    return math.sqrt(variance)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize(("n", "m"), [(90, 90), (100, 70)])
def test_the_standard_error_equals_the_jackknifes(n: int, m: int, p: int) -> None:
    rng = np.random.default_rng(7)
    x, y = rng.gamma(4, 1, (n, 2)), rng.normal(2, 1, (m, 2))
    found = sliced_wasserstein(real=y, fake=x, p=p, projections=12)
    assert found.se == pytest.approx(slow_standard_error(x, y, p, projections=12), rel=0.03)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize(
    ("shift", "scale", "d"), [(0.5, 1.0, 1), (0.5, 1.0, 4), (0.0, 0.5, 1), (0.0, 0.5, 4)]
)
@pytest.mark.parametrize(("n", "m"), [(300, 300), (350, 200)])
def test_far_from_the_floor_the_standard_error_matches_simulation(
    n: int, m: int, shift: float, scale: float, d: int, p: int
) -> None:
    rng = np.random.default_rng(8)
    found = [
        sliced_wasserstein(
            real=rng.normal(size=(m, d)),
            fake=rng.normal(shift, scale, (n, d)),
            projections=10,
            p=p,
        )
        for _ in range(300)
    ]
    observed = np.std([each.value for each in found])
    assert np.mean([each.value for each in found]) > 2.5 * found[0].floor
    assert np.mean([each.se for each in found]) == pytest.approx(observed, rel=0.17)


def ring(rng: np.random.Generator, n: int) -> np.ndarray:
    angle = rng.integers(0, 8, n) * np.pi / 4
    return np.c_[np.cos(angle), np.sin(angle)] + rng.normal(0, 0.01, (n, 2))


Draw = Callable[[np.random.Generator, int], np.ndarray]
DISTRIBUTIONS: dict[str, Draw] = {
    "round": lambda rng, n: rng.normal(size=(n, 4)),
    "on the line": lambda rng, n: rng.normal(size=(n, 1)),
    "uniform": lambda rng, n: rng.random((n, 2)),
    "ring": ring,
    "two modes": lambda rng, n: np.sign(rng.random((n, 1)) - 0.5) + rng.normal(0, 0.02, (n, 1)),
}


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("distribution", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS.keys())
@pytest.mark.parametrize(("n", "m"), [(200, 200), (800, 200), (200, 600)])
def test_the_floor_matches_simulation(distribution: Draw, n: int, m: int, p: int) -> None:
    rng = np.random.default_rng(9)
    found = [
        sliced_wasserstein(
            real=distribution(rng, m), fake=distribution(rng, n), projections=16, p=p
        )
        for _ in range(120)
    ]
    values = np.array([each.value for each in found])
    floor = np.mean([each.floor for each in found])
    noise = 3 * values.std() / math.sqrt(120)
    assert floor == pytest.approx(values.mean(), abs=noise + (0.03 if p == 1 else 0.1) * floor)


@pytest.mark.parametrize("p", [1, 2])
@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(0.01, 100), place=st.floats(-9, 9))
@few_examples
def test_it_is_symmetric_invariant_to_shifts_and_in_the_unit_of_the_samples(
    p: int, seed: int, scale: float, place: float
) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.gamma(2, size=(30, 3)), rng.normal(size=(25, 3))

    def value_and_se(fake: np.ndarray, real: np.ndarray) -> tuple[float, float]:
        found = sliced_wasserstein(real=real, fake=fake, p=p, projections=9)
        return found.value, found.se

    expected = value_and_se(x, y)
    assert value_and_se(y, x) == pytest.approx(expected, rel=1e-7)
    assert value_and_se(rng.permutation(x), rng.permutation(y)) == pytest.approx(expected, rel=1e-7)
    moved = value_and_se(scale * (x + place), scale * (y + place))
    assert moved == pytest.approx((expected[0] * scale, expected[1] * scale), rel=1e-7)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("d", [1, 3])
def test_larger_shifts_and_collapses_give_larger_distances(d: int, p: int) -> None:
    y = np.random.default_rng(10).normal(size=(100, d))

    def values(fakes: list[np.ndarray]) -> list[float]:
        return [sliced_wasserstein(real=y, fake=fake, p=p).value for fake in fakes]

    assert np.all(np.diff(values([y + s for s in (0, 0.1, 0.5, 1, 3)])) > 0)
    assert np.all(np.diff(values([y * s for s in (1, 0.9, 0.5, 0.1, 0)])) > 0)


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("d", [1, 3])
def test_a_collapsed_generator_has_the_distance_of_its_point(d: int, p: int) -> None:
    y = np.random.default_rng(11).normal(size=(40, d))
    observed = np.abs((y - 0.3) @ directions(d, 128, 0).T) ** p
    found = sliced_wasserstein(real=y, fake=np.full((30, d), 0.3), p=p)
    assert found.value == pytest.approx(observed.mean() ** (1 / p))
    power_se = observed.mean(1).std() / math.sqrt(40)
    assert found.se == pytest.approx(power_se / (p * found.value ** (p - 1)))


@pytest.mark.parametrize("p", [1, 2])
def test_the_distance_of_equal_samples_is_zero(p: int) -> None:
    x = np.random.default_rng(12).normal(size=(30, 2))
    assert sliced_wasserstein(real=x, fake=x, p=p).value == 0
    found = sliced_wasserstein(real=np.ones((20, 2)), fake=np.ones((9, 2)), p=p)
    assert (found.value, found.se, found.floor) == (0, 0, 0)


def test_the_seed_determines_the_result() -> None:
    x, y = np.random.default_rng(13).normal(size=(2, 50, 3))
    one, two, other = (sliced_wasserstein(real=y, fake=x, seed=seed) for seed in (1, 1, 2))
    assert (one.value, one.se, one.floor) == (two.value, two.se, two.floor)
    assert one.value != other.value


def test_few_real_samples_give_no_floor_for_p_2() -> None:
    assert sliced_wasserstein(real=np.arange(7.0), fake=[1.0]).floor is None
    assert sliced_wasserstein(real=np.arange(7.0), fake=[1.0], p=1).floor > 0
    assert sliced_wasserstein(real=np.arange(8.0), fake=[1.0]).floor > 0


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_not_finite_gives_nan_without_warning_and_keeps_the_floor(
    bad: float, p: int
) -> None:
    fake = np.zeros((9, 2))
    real = np.random.default_rng(14).normal(size=(20, 2))
    whole = sliced_wasserstein(real=real, fake=fake, p=p)
    fake[3, 1] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = sliced_wasserstein(real=real, fake=fake, p=p)
    assert np.isnan([found.value, found.se]).all()
    assert found.floor == whole.floor


@pytest.mark.parametrize("how", [{"p": 3}, {"p": 0}, {"projections": 0}])
def test_other_orders_and_no_projections_are_rejected(how: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="p must be 1 or 2 and projections at least 1, not"):
        sliced_wasserstein(real=np.eye(2), fake=np.eye(2), **how)
