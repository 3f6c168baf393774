"""The Jensen-Shannon divergence of class counts: an oracle, floor, standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from gandiag.metrics import jensen_shannon

few_examples = settings(max_examples=25, deadline=None, derandomize=True)
EVEN = np.full(8, 1 / 8)
DISTRIBUTIONS = {
    "near": EVEN + 0.02 * np.array([1, -1] * 4),
    "far": np.array([0.4, 0.3, 0.2, 0.06, 0.0125, 0.0125, 0.0075, 0.0075]),
    "some lost": np.array([0.4, 0.3, 0.2, 0.1, 0, 0, 0, 0]),
}


@given(
    counts=st.lists(st.integers(0, 50), min_size=5, max_size=5).filter(any),
    distribution=st.lists(st.floats(0.1, 5), min_size=5, max_size=5),
)
@few_examples
def test_it_equals_the_square_of_scipys_distance(
    counts: list[int], distribution: list[float]
) -> None:
    found = jensen_shannon(real=distribution, fake=counts).value
    assert found == pytest.approx(jensenshannon(counts, distribution) ** 2, abs=1e-10)
    assert 0 <= found <= math.log(2)


def test_the_floor_matches_simulation() -> None:
    rng = np.random.default_rng(1)
    found = [jensen_shannon(fake=rng.multinomial(1000, EVEN)) for _ in range(2000)]
    assert found[0].floor == 7 / 8000
    assert np.mean([f.value for f in found]) == pytest.approx(found[0].floor, rel=0.05)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS.values(), ids=DISTRIBUTIONS.keys())
def test_the_standard_error_matches_simulation(distribution: np.ndarray) -> None:
    rng = np.random.default_rng(2)
    found = [jensen_shannon(fake=rng.multinomial(1000, distribution)) for _ in range(1500)]
    observed = np.std([f.value for f in found])
    assert np.mean([f.se for f in found]) == pytest.approx(observed, rel=0.1)


@pytest.mark.parametrize("counts", [[0, 0, 0], [np.nan, 1, 2]])
def test_no_samples_and_nan_counts_give_nan(counts: list[float]) -> None:
    found = jensen_shannon(fake=counts)
    assert math.isnan(found.value)
    assert math.isnan(found.se)


def test_another_number_of_classes_is_rejected() -> None:
    with pytest.raises(ValueError, match="real must be 3 numbers"):
        jensen_shannon(real=[1.0, 2.0], fake=[1, 2, 3])


@pytest.mark.parametrize(
    ("fake", "expected"), [([0, 0, 100], math.log(2)), ([40, 40, 20], 0.0749), ([50, 50, 0], 0.0)]
)
def test_a_class_may_be_absent_on_the_real_side(fake: list[int], expected: float) -> None:
    found = jensen_shannon(real=[50, 50, 0], fake=fake)
    assert found.value == pytest.approx(expected, abs=5e-5)
    assert found.value == pytest.approx(jensenshannon(fake, [50, 50, 0]) ** 2, abs=1e-12)
    assert found.floor == 1 / 800  # two classes of the data


def test_the_standard_error_is_valid_with_a_class_absent_on_the_real_side() -> None:
    rng = np.random.default_rng(3)
    found = [
        jensen_shannon(real=[1, 1, 0], fake=rng.multinomial(500, [0.4, 0.4, 0.2]))
        for _ in range(1000)
    ]
    observed = np.std([f.value for f in found])
    assert np.mean([f.se for f in found]) == pytest.approx(observed, rel=0.1)
