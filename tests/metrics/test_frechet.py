"""The Fréchet distance: closed forms, oracles, degenerate sides, floor and standard error."""

from __future__ import annotations

import math
import types
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import frechet


@pytest.fixture
def transport_library(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """POT, without its optional frameworks."""
    for backend in ("PYTORCH", "TENSORFLOW", "JAX", "CUPY"):
        monkeypatch.setenv(f"POT_BACKEND_DISABLE_{backend}", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("ot")


def skewed(rng: np.random.Generator, n: int, d: int) -> np.ndarray:
    """Correlated, skewed coordinates of different std."""
    mix = np.random.default_rng(99).normal(size=(d, d))
    return (rng.gamma(3, size=(n, d)) @ mix) / np.arange(1, d + 1)


@pytest.mark.parametrize(("n", "m"), [(60, 60), (40, 90), (2, 3)])
def test_in_one_dimension_it_follows_from_means_and_stds(n: int, m: int) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.gamma(2, size=n), rng.normal(size=m)
    expected = (x.mean() - y.mean()) ** 2 + (x.std(ddof=1) - y.std(ddof=1)) ** 2
    assert frechet(real=y, fake=x).value == pytest.approx(expected, rel=1e-12)


def test_with_commuting_covariances_it_follows_from_stds_along_the_axes() -> None:
    rng = np.random.default_rng(2)
    y = skewed(rng, 300, 5)
    _, axes = np.linalg.eigh(np.cov(y.T))
    scales = np.array([0.1, 0.5, 1, 2, 3])
    centre = y.mean(0)
    x = (y - centre) @ axes * scales @ axes.T + centre + 0.3
    stds = ((y - centre) @ axes).std(0, ddof=1)
    expected = 5 * 0.09 + np.sum((stds * (scales - 1)) ** 2)
    assert frechet(real=y, fake=x).value == pytest.approx(expected, rel=1e-10)


def test_it_equals_the_square_of_pots_distance(transport_library: types.ModuleType) -> None:
    rng = np.random.default_rng(3)
    x, y = skewed(rng, 200, 6), rng.normal(size=(150, 6))
    expected = transport_library.gaussian.bures_wasserstein_distance(
        x.mean(0), y.mean(0), np.cov(x.T), np.cov(y.T)
    )
    assert frechet(real=y, fake=x).value == pytest.approx(expected**2, rel=1e-8)


@pytest.mark.parametrize("d", [3, 32])
def test_it_equals_torchmetrics_distance(d: int) -> None:
    torch = pytest.importorskip("torch")
    image = pytest.importorskip("torchmetrics.image.fid")
    rng = np.random.default_rng(4)
    x, y = skewed(rng, 400, d), rng.normal(size=(300, d))
    parts = [z for s in (x, y) for z in (s.mean(0), np.cov(s.T))]
    expected = image._compute_fid(*(torch.from_numpy(part) for part in parts)).item()
    assert frechet(real=y, fake=x).value == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("n", [5, 12, 20, 21])
def test_fewer_samples_than_coordinates_are_exact(n: int) -> None:
    # The span of all samples contains both covariances.
    rng = np.random.default_rng(5)
    x, y = rng.normal(1, 2, (n, 20)), rng.normal(size=(13, 20))
    found = frechet(real=y, fake=x)
    basis, _ = np.linalg.qr(np.concatenate([x, y, np.ones((1, 20))]).T)
    small, wide = frechet(real=y @ basis, fake=x @ basis), 60
    padded = frechet(real=np.pad(y, [(0, 0), (0, wide)]), fake=np.pad(x, [(0, 0), (0, wide)]))
    for each in (small, padded):
        assert each.value == pytest.approx(found.value, rel=1e-9)
        assert each.se == pytest.approx(found.se, rel=1e-6)
        assert each.floor == pytest.approx(found.floor, rel=1e-6)


def test_it_equals_a_computation_with_matrix_roots() -> None:
    rng = np.random.default_rng(6)
    x, y = skewed(rng, 80, 4), skewed(rng, 70, 4) + 0.2
    s, t = np.cov(x.T), np.cov(y.T)

    def root(matrix: np.ndarray) -> np.ndarray:
        values, vectors = np.linalg.eigh(matrix)
        return vectors * np.sqrt(np.clip(values, 0, None)) @ vectors.T

    cross = np.trace(root(root(s) @ t @ root(s)))
    expected = np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(s) + np.trace(t) - 2 * cross
    assert frechet(real=y, fake=x).value == pytest.approx(expected, rel=1e-9)


Draw = Callable[[np.random.Generator, int], np.ndarray]
DISTRIBUTIONS: dict[str, Draw] = {
    "round": lambda rng, n: rng.normal(size=(n, 4)),
    "uneven": lambda rng, n: rng.normal(size=(n, 4)) * [1, 0.5, 0.2, 0.1],
    "uniform": lambda rng, n: rng.random((n, 4)),
    "clipped": lambda rng, n: np.maximum(rng.normal(size=(n, 4)) @ np.tri(4), 0),
    "one constant": lambda rng, n: np.c_[rng.normal(size=(n, 3)), np.ones(n)],
}


@pytest.mark.parametrize("distribution", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS.keys())
@pytest.mark.parametrize(("n", "m"), [(300, 300), (200, 1000)])
def test_the_floor_matches_simulation(distribution: Draw, n: int, m: int) -> None:
    rng = np.random.default_rng(8)
    found = [frechet(real=distribution(rng, m), fake=distribution(rng, n)) for _ in range(600)]
    values = np.array([each.value for each in found])
    floor = np.mean([each.floor for each in found])
    assert floor == pytest.approx(values.mean(), rel=0.02, abs=3 * values.std() / math.sqrt(600))


@pytest.mark.parametrize("d", [1, 2, 20])
def test_for_isotropic_normals_the_floor_is_the_closed_form(d: int) -> None:
    n = 40_000 // d
    rng = np.random.default_rng(9)
    found = frechet(real=rng.normal(size=(n, d)), fake=np.zeros((n, d)))
    assert found.floor == pytest.approx(2 * d / n + d * (d + 1) / (2 * n), rel=0.02)


@pytest.mark.parametrize(("n", "low"), [(96, 0.85), (256, 0.97), (512, 0.98)])
def test_with_few_samples_per_feature_the_floor_is_little_too_low(n: int, low: float) -> None:
    rng = np.random.default_rng(10)
    found = [
        frechet(real=rng.normal(size=(n, 32)), fake=rng.normal(size=(n, 32))) for _ in range(20)
    ]
    values = np.array([each.value for each in found])
    assert low < np.mean([each.floor for each in found]) / values.mean() < 1.02


@pytest.mark.parametrize(
    ("shift", "scale"), [(0.0, 1.0), (0.1, 1.0), (0.5, 1.0), (0.0, 1.3), (0.0, 0.5), (0.3, 0.3)]
)
@pytest.mark.parametrize("d", [2, 8])
def test_the_standard_error_is_valid_at_the_floor_and_away_from_it(
    d: int, shift: float, scale: float
) -> None:
    rng = np.random.default_rng(11)
    found = [
        frechet(real=rng.normal(size=(200, d)), fake=rng.normal(shift, scale, (250, d)))
        for _ in range(500)
    ]
    ratio = np.mean([each.se for each in found]) / np.std([each.value for each in found])
    assert 0.85 < ratio < (1.3 if (shift, scale) == (0, 1) else 1.15)


def test_far_from_the_floor_it_is_valid_for_other_distributions_too() -> None:
    rng = np.random.default_rng(12)
    found = [
        frechet(real=rng.uniform(size=(300, 3)), fake=rng.gamma(4, 0.3, (300, 3)))
        for _ in range(500)
    ]
    observed = np.std([each.value for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(observed, rel=0.1)


@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(0.01, 100))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_it_is_symmetric_invariant_to_shifts_and_in_the_squared_unit(
    seed: int, scale: float
) -> None:
    rng = np.random.default_rng(seed)
    x, y = skewed(rng, 30, 4), rng.normal(size=(25, 4))
    turn, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    expected = frechet(real=y, fake=x).value
    assert frechet(real=x, fake=y).value == pytest.approx(expected, rel=1e-9)
    found = frechet(real=rng.permutation(y), fake=rng.permutation(x))
    assert found.value == pytest.approx(expected, rel=1e-9)
    whole, one = (
        frechet(real=y @ turn * scale + 9, fake=x @ turn * scale + 9),
        frechet(real=y, fake=x),
    )
    for part in ("value", "se"):
        assert getattr(whole, part) == pytest.approx(getattr(one, part) * scale**2, rel=1e-6)


def test_larger_shifts_and_collapses_give_larger_distances() -> None:
    y = skewed(np.random.default_rng(14), 200, 5)
    assert np.all(np.diff([frechet(real=y, fake=y + s).value for s in (0, 0.1, 0.5, 2)]) > 0)
    assert np.all(np.diff([frechet(real=y, fake=y * s).value for s in (1, 0.9, 0.5, 0.1, 0)]) > 0)


@pytest.mark.parametrize("d", [1, 4, 50])
def test_the_distance_of_equal_samples_is_zero(d: int) -> None:
    x = np.random.default_rng(15).normal(5, 1, (40, d)).astype(np.float32)
    found = frechet(real=x, fake=x)
    assert found.value == pytest.approx(0, abs=1e-11)
    assert found.value >= 0


@pytest.mark.parametrize("d", [1, 4, 50])
@pytest.mark.parametrize("at", [0.0, 0.1, 1e6])
def test_a_collapsed_generator_has_the_distance_of_its_point(d: int, at: float) -> None:
    y = np.random.default_rng(16).normal(size=(40, d))
    found = frechet(real=y, fake=np.full((30, d), at))
    expected = np.sum((y.mean(0) - at) ** 2) + y.var(0, ddof=1).sum()
    assert found.value == pytest.approx(expected, rel=1e-9)
    influence = np.sum((y - y.mean(0) + 2 * (y.mean(0) - at)) * (y - y.mean(0)), axis=1)
    first = influence.var() / 40
    assert found.se <= math.sqrt(first) * (1 + 1e-6)
    assert found.se == pytest.approx(math.sqrt(first), rel=0.3)


def test_two_points_have_standard_error_0() -> None:
    found = frechet(real=np.zeros((5, 3)), fake=np.ones((4, 3)))
    assert (found.value, found.se, found.floor) == (3, 0, 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e200])
def test_a_sample_that_is_not_finite_gives_nan_without_warning_and_keeps_the_floor(
    bad: float,
) -> None:
    rng = np.random.default_rng(17)
    y, fake = rng.normal(size=(20, 2)), np.zeros((9, 2))
    whole = frechet(real=y, fake=fake)
    fake[3, 1] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = frechet(real=y, fake=fake)
    assert np.isnan([found.value, found.se]).all()
    assert found.floor == whole.floor


def test_one_sample_is_rejected() -> None:
    with pytest.raises(ValueError, match=r"fake must be samples .* n >= 2"):
        frechet(real=[0.0, 1.0], fake=[0.0])


@pytest.mark.parametrize(("n", "d"), [(60, 256), (100, 256), (60, 64)])
@pytest.mark.parametrize("law", ["uniform", "gamma"])
def test_with_fewer_samples_than_features_the_floor_matches_simulation(
    n: int, d: int, law: str
) -> None:
    rng = np.random.default_rng(8)

    def draw() -> np.ndarray:
        return rng.uniform(size=(n, d)) if law == "uniform" else rng.gamma(3, size=(n, d))

    found = [frechet(real=draw(), fake=draw()) for _ in range(10)]
    mean = np.mean([each.value for each in found])
    assert np.mean([each.floor for each in found]) == pytest.approx(mean, rel=0.13)
