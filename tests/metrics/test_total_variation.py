"""The total variation between two histograms: values, floor, standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import total_variation

few_examples = settings(max_examples=25, deadline=None, derandomize=True)
rows = st.lists(st.integers(0, 50), min_size=6, max_size=6).filter(any)

EVEN = np.full(8, 1 / 8)
UNEVEN = np.array([0.4, 0.3, 0.2, 0.06, 0.0125, 0.0125, 0.0075, 0.0075])


@given(p=rows, q=rows)
@few_examples
def test_it_is_symmetric_from_0_to_1_and_half_the_sum_of_differences(
    p: list[int], q: list[int]
) -> None:
    found = total_variation(previous=p, current=q).value
    expected = sum(abs(a / sum(p) - b / sum(q)) for a, b in zip(p, q, strict=True)) / 2
    assert found == pytest.approx(expected)
    assert found == total_variation(previous=q, current=p).value
    assert 0 <= found <= 1 + 1e-12


@given(p=rows, q=rows, seed=st.integers(0, 99))
@few_examples
def test_the_order_of_the_classes_does_not_matter(p: list[int], q: list[int], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(6)
    one = total_variation(previous=p, current=q)
    other = total_variation(previous=np.array(p)[order], current=np.array(q)[order])
    assert other.value == pytest.approx(one.value)
    assert other.se == pytest.approx(one.se)
    assert other.floor == pytest.approx(one.floor)


def test_a_generator_that_hops_between_modes_gives_1() -> None:
    found = total_variation(previous=[100, 0, 0], current=[0, 100, 0])
    assert (found.value, found.se) == (1, 0)


def test_more_moved_mass_gives_a_larger_value() -> None:
    moved = [
        total_variation(previous=[500, 500], current=[500 - m, 500 + m]).value
        for m in (0, 1, 50, 200, 500)
    ]
    assert moved == pytest.approx([0, 0.001, 0.05, 0.2, 0.5])


@pytest.mark.parametrize(("n", "m"), [(2500, 2500), (400, 1000)])
def test_the_floor_matches_simulation_without_change(n: int, m: int) -> None:
    rng = np.random.default_rng(1)
    found = [
        total_variation(previous=rng.multinomial(m, EVEN), current=rng.multinomial(n, EVEN))
        for _ in range(1500)
    ]
    floor = np.mean([f.floor for f in found])
    assert np.mean([f.value for f in found]) == pytest.approx(floor, rel=0.03)
    assert floor == pytest.approx(math.sqrt(2 / math.pi * 7 * (1 / n + 1 / m)) / 2, rel=0.01)


@pytest.mark.parametrize(
    "distribution", [UNEVEN, EVEN + 0.02 * np.array([1, -1] * 4)], ids=["far", "near"]
)
def test_above_the_floor_the_standard_error_matches_simulation(
    distribution: np.ndarray,
) -> None:
    rng = np.random.default_rng(2)
    found = [
        total_variation(
            previous=rng.multinomial(2500, EVEN), current=rng.multinomial(1500, distribution)
        )
        for _ in range(1500)
    ]
    observed = np.std([f.value for f in found])
    assert np.mean([f.se for f in found]) == pytest.approx(observed, rel=0.12)


@pytest.mark.parametrize("bad", [[0, 0], [np.nan, 1.0]])
def test_no_samples_and_nan_counts_give_nan(bad: list[float]) -> None:
    for found in (
        total_variation(previous=bad, current=[1, 2]),
        total_variation(previous=[1, 2], current=bad),
    ):
        assert math.isnan(found.value)
        assert math.isnan(found.se)


def test_mismatched_arguments_are_rejected() -> None:
    with pytest.raises(ValueError, match="previous has 2 classes and current 3"):
        total_variation(previous=[1, 2], current=[1, 2, 3])
    with pytest.raises(ValueError, match="current must be counts"):
        total_variation(previous=[1, 2], current=[-1, 2])
