"""Properties of every distance: lanes, NaN, invariances; and the allowed imports."""

from __future__ import annotations

import ast
import doctest
import importlib
import pkgutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gandiag.metrics
from gandiag.data import Normal, Point
from gandiag.metrics import Empirical, Estimate, energy, ks, moments, wasserstein

Distance = Callable[..., Estimate]
DISTANCES = [energy, ks, wasserstein]
NORMAL = Normal(kind="normal", mean=0.3, std=1.5)
REALS = {
    "exact": NORMAL,
    "point": Point(kind="point", at=0.3),
    "same-size": np.random.default_rng(8).normal(0.3, 1.5, 40),
    "other-size": np.random.default_rng(9).normal(0.3, 1.5, 56),
    "ties": np.random.default_rng(9).integers(-2, 3, 56),
}
MODULES = [m.name for m in pkgutil.iter_modules(gandiag.metrics.__path__, "gandiag.metrics.")]

each_distance = pytest.mark.parametrize("distance", DISTANCES, ids=lambda f: f.__name__)
each_real = pytest.mark.parametrize("real", REALS.values(), ids=REALS.keys())
few_examples = settings(max_examples=25, deadline=None, derandomize=True)


@pytest.fixture
def lanes() -> np.ndarray:
    """Samples of 2 x 3 lanes, one of them with ties, one shifted."""
    x = np.random.default_rng(1).normal(size=(2, 3, 40)).astype(np.float32)
    x[0, 1] = x[0, 1].round()
    x[1, 2] += 4
    return x


def parts(estimate: Estimate) -> np.ndarray:
    return np.array([estimate.value, estimate.se, estimate.floor])


@each_distance
@each_real
def test_lanes_are_independent(distance: Distance, real: object, lanes: np.ndarray) -> None:
    together = parts(distance(fake=Empirical(lanes), real=real))
    for lane in np.ndindex(2, 3):
        alone = parts(distance(fake=lanes[lane], real=real))
        np.testing.assert_allclose(together[(slice(None), *lane)], alone, rtol=1e-12, atol=1e-14)


@each_distance
@each_real
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_lane_that_is_not_finite_is_nan_and_changes_no_other(
    distance: Distance, real: object, bad: float, lanes: np.ndarray
) -> None:
    spoiled = lanes.copy()
    spoiled[0, 2, 7] = bad
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, whole = (parts(distance(fake=Empirical(x), real=real)) for x in (spoiled, lanes))
    assert np.isnan(found[:2, 0, 2]).all()
    found[:, 0, 2] = whole[:, 0, 2]
    np.testing.assert_array_equal(found, whole)


@each_distance
@each_real
def test_empirical_gives_the_same_as_the_samples(
    distance: Distance, real: object, lanes: np.ndarray
) -> None:
    shared = real if not isinstance(real, np.ndarray) else Empirical(real)
    for lane in lanes.reshape(6, 40):
        np.testing.assert_array_equal(
            parts(distance(fake=Empirical(lane), real=shared)),
            parts(distance(fake=lane, real=real)),
        )


@each_distance
@each_real
def test_an_estimate_is_of_the_leading_shape_and_of_floats(
    distance: Distance, real: object, lanes: np.ndarray
) -> None:
    many, one = distance(fake=Empirical(lanes), real=real), distance(fake=lanes[0, 0], real=real)
    assert parts(many).shape == (3, 2, 3)
    assert [type(x) for x in (one.value, one.se, one.floor)] == [float] * 3
    assert (many.n, one.n) == (40, 40)


@each_distance
@each_real
@given(seed=st.integers(0, 2**32 - 1))
@few_examples
def test_the_order_of_the_samples_does_not_matter(
    distance: Distance, real: object, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    x = rng.standard_t(3, 30)
    np.testing.assert_array_equal(
        parts(distance(fake=x, real=real)), parts(distance(fake=rng.permutation(x), real=real))
    )


@each_distance
@given(
    seed=st.integers(0, 2**32 - 1),
    shift=st.floats(-50, 50),
    scale=st.floats(0.05, 20),
    exact=st.booleans(),
)
@few_examples
def test_shift_and_scale_of_both_sides_only_change_the_unit(
    distance: Distance, seed: int, shift: float, scale: float, exact: bool
) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.gamma(2, size=30), rng.normal(0.3, 1.5, 41)
    moved = Normal(kind="normal", mean=0.3 * scale + shift, std=1.5 * scale)
    before = distance(fake=x, real=NORMAL if exact else y)
    after = distance(fake=scale * x + shift, real=moved if exact else scale * y + shift)
    unit = 1.0 if distance is ks else scale
    np.testing.assert_allclose(parts(after), parts(before) * unit, rtol=1e-6, atol=1e-9 * unit)


@each_distance
@given(
    steps=st.lists(st.floats(0.01, 1), min_size=2, max_size=6),
    sign=st.sampled_from([-1, 1]),
    exact=st.booleans(),
)
@few_examples
def test_a_larger_shift_gives_a_larger_distance(
    distance: Distance, steps: list[float], sign: int, exact: bool
) -> None:
    ideal = NORMAL.quantile((np.arange(400) + 0.5) / 400)
    shifted = ideal + sign * np.cumsum(steps)[:, None]
    value = distance(fake=Empirical(shifted), real=NORMAL if exact else ideal).value
    assert np.all(np.diff(value) > 0)


@each_distance
def test_the_distance_of_equal_samples_is_zero(distance: Distance) -> None:
    x = np.random.default_rng(2).normal(size=50)
    assert distance(fake=x, real=x).value == pytest.approx(0, abs=1e-14)


@each_distance
@pytest.mark.parametrize("at", [0.3, -1.0])
def test_a_collapsed_generator_has_standard_error_0(distance: Distance, at: float) -> None:
    found = distance(fake=Empirical(np.full((2, 20), at)), real=REALS["point"])
    np.testing.assert_allclose([found.se, found.floor], 0, atol=1e-15)
    assert np.all((found.value > 0) == (at != 0.3))


@each_distance
@each_real
def test_one_sample_is_enough(distance: Distance, real: object) -> None:
    assert distance(fake=[0.5], real=real).value > 0


@each_distance
@each_real
def test_a_column_gives_the_same_as_the_samples(
    distance: Distance, real: object, lanes: np.ndarray
) -> None:
    column = real[:, None] if isinstance(real, np.ndarray) else real
    found = distance(fake=lanes[0, 1][:, None], real=column)
    assert isinstance(found.value, float)
    np.testing.assert_array_equal(parts(found), parts(distance(fake=lanes[0, 1], real=real)))


@each_distance
@each_real
@pytest.mark.parametrize("shape", [(5, 3), (1, 3), (2, 5, 1), (0,), (0, 1), ()])
def test_more_than_one_coordinate_is_rejected(
    distance: Distance, real: object, shape: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"fake must be samples of one coordinate") as caught:
        distance(fake=np.zeros(shape), real=real)
    assert f"not of shape {shape}" in str(caught.value)
    assert "sliced_wasserstein, mmd and frechet" in str(caught.value)


@each_distance
def test_a_custom_target_is_supported(distance: Distance) -> None:
    class Coin:
        """0 or 1 with equal probability."""

        self_distance = 0.5

        def cdf(self, x: np.ndarray) -> np.ndarray:
            return 0.5 * (x >= 0) + 0.5 * (x >= 1)

        def quantile(self, p: np.ndarray) -> np.ndarray:
            return np.where(p <= 0.5, 0.0, 1.0)

        def mean_distance(self, x: np.ndarray) -> np.ndarray:
            return 0.5 * np.abs(x) + 0.5 * np.abs(x - 1)

    x = np.random.default_rng(3).integers(0, 3, 30)
    mine, same = distance(fake=x, real=Coin()), distance(fake=x, real=[0, 1])
    assert mine.value == pytest.approx(same.value)


@pytest.mark.parametrize("name", MODULES)
def test_the_doctests_pass(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_all_is_sorted_and_complete() -> None:
    assert gandiag.metrics.__all__ == sorted(gandiag.metrics.__all__)
    assert all(hasattr(gandiag.metrics, name) for name in gandiag.metrics.__all__)
    assert moments.__module__ == "gandiag.metrics._moments"


OURS = ("numpy.", "gandiag.metrics.", "gandiag.arrays.")
IN_A_FUNCTION = ("scipy.", "sklearn.")
NEVER = ("scipy.stats.",)


def imported(node: ast.AST) -> list[str]:
    """The names that a statement imports, each followed by a dot."""
    if isinstance(node, ast.Import):
        return [f"{alias.name}." for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        return [f"{module}.{alias.name}." for alias in node.names]
    return []


def strangers(source: str) -> set[str]:
    """The forbidden imports of a source, and those outside a function."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    late = {id(node) for function in functions for node in ast.walk(function)}
    found = set()
    for node in ast.walk(tree):
        allowed = (*OURS, *IN_A_FUNCTION) if id(node) in late else OURS
        found |= {
            name.rstrip(".")
            for name in imported(node)
            if name.split(".")[0] not in sys.stdlib_module_names
            and (name.startswith(NEVER) or not name.startswith(allowed))
        }
    return found


@pytest.mark.parametrize("name", ["gandiag.arrays", "gandiag.metrics", *MODULES])
def test_modules_import_only_numpy_and_scipy_inside_functions(name: str) -> None:
    path = importlib.import_module(name).__file__
    assert path is not None
    assert strangers(Path(path).read_text()) == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n    import scipy.stats", {"scipy.stats"}),
        ("def f():\n    from scipy import stats", {"scipy.stats"}),
        ("def f():\n    from scipy.stats import norm", {"scipy.stats.norm"}),
        ("def f():\n    from gandiag.data import Normal", {"gandiag.data.Normal"}),
        ("def f():\n    import torch", {"torch"}),
        ("class A:\n    def f(self):\n        import jax.numpy", {"jax.numpy"}),
        ("import scipy.special", {"scipy.special"}),
        ("from sklearn.cluster import KMeans", {"sklearn.cluster.KMeans"}),
        ("if True:\n    from scipy import spatial", {"scipy.spatial"}),
        ("from . import samples", {"..samples"}),
        ("def f():\n    from scipy.special import ndtr\n    import sklearn.cluster", set()),
        ("import math, numpy.linalg\nfrom gandiag.arrays import to_numpy", set()),
    ],
)
def test_the_import_test_can_fail(source: str, found: set[str]) -> None:
    assert strangers(source) == found


def test_importing_the_metrics_loads_no_heavy_module() -> None:
    code = (
        "import sys, gandiag.metrics; "
        "print([m for m in sys.modules if m.split('.')[0] in ('scipy', 'sklearn', 'torch')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
