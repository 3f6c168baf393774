"""Projections onto random directions, against SciPy and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from gandiag.metrics import sliced_wasserstein
from gandiag.metrics.slices import (
    Projected,
    blocks,
    directions,
    potentials,
    sorted_projections,
    wasserstein_powers,
)


def test_directions_have_length_1_are_uniform_and_depend_on_the_seed() -> None:
    axes = directions(3, 4000, 1)
    np.testing.assert_allclose(np.linalg.norm(axes, axis=1), 1)
    np.testing.assert_allclose(axes.T @ axes / 4000, np.eye(3) / 3, atol=0.02)
    np.testing.assert_array_equal(axes, directions(3, 4000, 1))
    assert not np.allclose(axes, directions(3, 4000, 2))


def test_projections_are_sorted_and_know_their_samples() -> None:
    samples = np.random.default_rng(1).normal(size=(30, 3))
    axes = directions(3, 5, 0)
    values, order = sorted_projections(samples, axes)
    assert (np.diff(values) >= 0).all()
    for axis, row, indices in zip(axes, values, order, strict=True):
        np.testing.assert_allclose(samples[indices] @ axis, row)


def test_blocks_are_the_directions_in_order() -> None:
    axes = directions(2, 100, 0)
    parts = list(blocks(axes, 2**14))
    assert [len(part) for part in parts] == [16] * 6 + [4]
    np.testing.assert_array_equal(np.concatenate(parts), axes)


@pytest.mark.parametrize(("n", "m"), [(20, 20), (20, 33)])
def test_the_first_power_equals_scipys_distance(n: int, m: int) -> None:
    rng = np.random.default_rng(2)
    x, y = np.sort(rng.normal(size=(2, n))), np.sort(rng.gamma(2, size=(2, m)))
    expected = [wasserstein_distance(a, b) for a, b in zip(x, y, strict=True)]
    np.testing.assert_allclose(wasserstein_powers(x, y, 1), expected)


@pytest.mark.parametrize("p", [1, 2])
def test_a_potential_is_the_change_without_the_sample(p: int) -> None:
    rng = np.random.default_rng(3)
    x, y = np.sort(rng.normal(size=(1, 300))), np.sort(rng.normal(1, 2, (1, 200)))
    value = wasserstein_powers(x, y, p)
    change = [
        299 * float((value - wasserstein_powers(np.delete(x, i, axis=1), y, p))[0])
        for i in range(300)
    ]
    potential = potentials(x, y, p)[0]
    inner = slice(10, -10)  # the formula is a derivative, and the gaps in the tails are large
    np.testing.assert_allclose(change[inner], potential[inner], atol=0.05 * potential.std())


@pytest.mark.parametrize(("n", "p"), [(200, 1), (300, 1), (300, 2)])
def test_projected_real_samples_give_the_same_numbers(n: int, p: int) -> None:
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(300, 3)), rng.normal(1.0, 1.0, size=(n, 3))
    known = Projected(real, 16)
    for _ in range(2):
        got = sliced_wasserstein(real=known, fake=fake, projections=16, p=p)
        expected = sliced_wasserstein(real=real, fake=fake, projections=16, p=p)
        assert (got.value, got.se, got.floor) == (expected.value, expected.se, expected.floor)


def test_other_directions_than_those_of_the_projection_are_refused() -> None:
    known = Projected(np.zeros((5, 2)), 16)
    with pytest.raises(ValueError, match="other directions"):
        sliced_wasserstein(real=known, fake=np.zeros((5, 2)), projections=8)
