"""Cells of equal data: closed forms of what falls into them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from gandiag.measure.cells import LEVELS, PER_CELL, Cells
from gandiag.metrics import total_variation


def between(real, fake):
    cells = Cells(real)
    return total_variation(previous=cells.expected, current=cells.count(fake))


@pytest.mark.parametrize(("m", "levels"), [(1, 0), (39, 0), (40, 1), (200, 3), (640, 5), (9999, 5)])
@pytest.mark.parametrize("size", [1, 2])
def test_there_are_as_many_cells_as_the_data_fill(m, levels, size):
    cells = Cells(np.random.default_rng(0).normal(size=(m, size)))
    levels = min(levels, LEVELS[size])
    assert cells.levels == levels
    assert len(cells.expected) == 2**levels
    assert cells.expected.sum() == m
    assert cells.expected.min() >= min(PER_CELL - 1, m)


@pytest.mark.parametrize("size", [1, 2])
def test_the_data_fill_every_cell_alike_whatever_their_distribution(size):
    for draw in ("normal", "standard_cauchy", "lognormal"):
        real = getattr(np.random.default_rng(1), draw)(size=(2000, size))
        assert np.ptp(Cells(real).expected) <= 2


@pytest.mark.parametrize("shift", [0.0, 1 / 3, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("size", [1, 2])
def test_the_total_variation_of_two_normals_is_that_of_the_formula(shift, size):
    """2 Phi(shift / 2) - 1 for densities; cells lose a little of it, and the draw adds some."""
    rng = np.random.default_rng(2)
    real, fake = rng.normal(size=(20_000, size)), rng.normal(size=(20_000, size))
    fake[:, 0] += shift
    found, exact = between(real, fake), 2 * norm.cdf(shift / 2) - 1
    cells = 32 if size == 1 else 4  # along the first axis, where alone there is a difference
    edges = norm.ppf(np.arange(1, cells) / cells)
    shares = np.diff(np.r_[0, norm.cdf(edges - shift), 1])
    assert found.value == pytest.approx(0.5 * np.abs(shares - 1 / cells).sum(), abs=0.03)
    assert found.value < exact + 0.03
    assert size == 2 or found.value > exact - 0.03


def test_correlation_is_seen_that_no_column_shows():
    rng = np.random.default_rng(3)
    rho, n = 0.9, 20_000
    real = rng.normal(size=(n, 2))
    tied = np.stack([real[:, 0], rho * real[:, 0] + np.sqrt(1 - rho**2) * rng.normal(size=n)], 1)
    assert between(tied, rng.normal(size=(n, 2))).value > 0.35
    assert between(tied, -tied).value < 0.03


def test_the_unit_of_a_column_does_not_matter():
    rng = np.random.default_rng(4)
    real, fake = rng.normal(size=(500, 2)), 0.3 + rng.normal(size=(300, 2))
    unit = np.array([1e6, 1e-6])
    np.testing.assert_array_equal(Cells(real).count(fake), Cells(real * unit).count(fake * unit))


@pytest.mark.parametrize("kind", [np.int64, np.float32, bool])
def test_few_distinct_values_leave_cells_empty_and_nothing_breaks(kind):
    rng = np.random.default_rng(5)
    real = (rng.random(size=(1000, 1)) < 0.7).astype(kind)
    cells = Cells(real)
    assert cells.expected.sum() == 1000
    assert between(real, real).value == 0
    assert between(real, np.zeros_like(real)).value == pytest.approx(real.mean(), abs=1e-6)


def test_constant_data_are_one_cell():
    real = np.full((1000, 2), 4.0)
    assert between(real, real).value == 0
    assert between(real, real + 1).value == 1
