"""The reverse divergence of class counts: values, floors of the literature, standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import kullback_leibler

few_examples = settings(max_examples=25, deadline=None, derandomize=True)
rows = st.lists(st.integers(0, 50), min_size=6, max_size=6).filter(any)

EVEN = np.full(8, 1 / 8)
DISTRIBUTIONS = {
    "near": EVEN + 0.02 * np.array([1, -1] * 4),
    "far": np.array([0.4, 0.3, 0.2, 0.06, 0.0125, 0.0125, 0.0075, 0.0075]),
    "some lost": np.array([0.4, 0.3, 0.2, 0.1, 0, 0, 0, 0]),
}
# The digits of MNIST's 60,000 training images.
MNIST = np.array([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])


@given(counts=rows, distribution=st.lists(st.floats(0.1, 5), min_size=6, max_size=6))
@few_examples
def test_it_equals_scipys_entropy(counts: list[int], distribution: list[float]) -> None:
    found = kullback_leibler(counts=counts, frequencies=distribution).value
    assert found == pytest.approx(scipy.stats.entropy(counts, distribution), abs=1e-12)


@given(counts=rows)
@few_examples
def test_it_is_at_least_that_of_a_uniform_distribution_on_the_classes_hit(
    counts: list[int],
) -> None:
    bound = math.log(6 / np.count_nonzero(counts))
    assert kullback_leibler(counts=counts).value >= bound - 1e-12


@pytest.mark.parametrize(("k", "floor"), [(8, 0.0014), (25, 0.0048)])
def test_the_floor_matches_simulation(k: int, floor: float) -> None:
    rng = np.random.default_rng(1)
    found = [kullback_leibler(counts=rng.multinomial(2500, [1 / k] * k)) for _ in range(2000)]
    assert found[0].floor == pytest.approx(floor, abs=1e-12)
    assert np.mean([f.value for f in found]) == pytest.approx(floor, rel=0.05)


def test_real_stacked_mnist_has_the_floor_as_value() -> None:
    distribution = MNIST / MNIST.sum()
    stacked = np.einsum("i,j,k->ijk", distribution, distribution, distribution).ravel()
    rng = np.random.default_rng(2)
    found = [
        kullback_leibler(counts=rng.multinomial(26_000, stacked), expected=stacked)
        for _ in range(15)
    ]
    skewed = 3 * scipy.stats.entropy(distribution, np.full(10, 0.1))
    assert skewed == pytest.approx(0.0043, abs=5e-5)
    assert found[0].floor == pytest.approx(skewed + 999 / 52_000)
    assert found[0].floor == pytest.approx(0.0235, abs=5e-5)
    values = np.array([f.value for f in found])
    assert values.mean() == pytest.approx(0.0237, abs=0.0008)
    assert np.mean([f.se for f in found]) == pytest.approx(0.0011, rel=0.3)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS.keys())
def test_the_standard_error_matches_simulation(distribution: np.ndarray) -> None:
    rng = np.random.default_rng(3)
    found = [kullback_leibler(counts=rng.multinomial(1000, distribution)) for _ in range(1500)]
    observed = np.std([f.value for f in found])
    assert np.mean([f.se for f in found]) == pytest.approx(observed, rel=0.1)


def test_at_the_minimum_the_standard_error_is_slightly_too_large() -> None:
    rng = np.random.default_rng(4)
    found = [kullback_leibler(counts=rng.multinomial(1000, EVEN)) for _ in range(1500)]
    ratio = np.mean([f.se for f in found]) / np.std([f.value for f in found])
    assert 1 < ratio < 1.3


def test_one_class_has_standard_error_0() -> None:
    found = kullback_leibler(counts=[0, 70, 0, 0])
    assert found.value == pytest.approx(math.log(4))
    assert found.se == 0


@pytest.mark.parametrize("counts", [[0, 0, 0], [np.nan, 1, 2]])
def test_no_samples_and_nan_counts_give_nan_and_never_0(counts: list[float]) -> None:
    found = kullback_leibler(counts=counts)
    assert math.isnan(found.value)
    assert math.isnan(found.se)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"counts": [[1, 2]]}, r"counts must be counts \[K\]"),
        ({"counts": [1, 2], "frequencies": [1, 2, 3]}, "frequencies must be 2 numbers"),
        ({"counts": [1, 2], "frequencies": [0, 0]}, "not all 0"),
        ({"counts": [1, 2], "expected": [1, -1]}, "none negative"),
    ],
)
def test_mismatched_arguments_are_rejected(asked: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kullback_leibler(**asked)  # type: ignore[arg-type]


def test_a_class_that_the_reference_lacks_gives_infinity() -> None:
    found = kullback_leibler(counts=[40, 40, 20], frequencies=[50, 50, 0])
    assert found.value == math.inf
    assert math.isnan(found.se)
    assert found.floor == pytest.approx(1 / 200)


def test_a_class_absent_on_both_sides_counts_for_nothing() -> None:
    with_it = kullback_leibler(counts=[40, 60, 0], frequencies=[50, 50, 0])
    without = kullback_leibler(counts=[40, 60])
    assert with_it.value == pytest.approx(without.value, abs=1e-15)
    assert (with_it.se, with_it.floor) == pytest.approx((without.se, without.floor))
