"""Recorded eigenvalues, and the Dirac-GAN's period against its map's eigenvalues."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.analysis.record import Record
from gandiag.analysis.spectrum import dirac_period, eigenvalues, jacobian


@pytest.mark.parametrize("rates", [(0.2, 0.2), (0.05, 0.4), (1.0, 1.0)])
@pytest.mark.parametrize("gradient", [0.5, 1.0])
def test_the_period_is_the_angle_of_the_maps_eigenvalues(rates, gradient):
    d, g = (gradient * rate for rate in rates)
    simultaneous = np.array([[1, g], [-d, 1]])
    alternating = np.array([[1, g], [0, 1]]) @ np.array([[1, 0], [-d, 1]])
    for updates, matrix in (("simultaneous", simultaneous), ("alternating", alternating)):
        angle = abs(np.angle(np.linalg.eigvals(matrix)[0]))
        found = dirac_period(rates, updates=updates, gradient=gradient)
        assert found == pytest.approx(2 * math.pi / angle)


def test_beyond_a_step_of_two_alternating_players_do_not_rotate():
    assert dirac_period((5.0, 5.0), updates="alternating") == math.inf
    assert dirac_period((0.0, 0.1)) == math.inf


def record(*values: complex) -> Record:
    columns = {}
    for k, value in enumerate(values):
        columns[f"eigenvalue_{k}_real"] = np.array([np.nan, 9.0, value.real, np.nan])
        columns[f"eigenvalue_{k}_imag"] = np.array([np.nan, 9.0, value.imag, np.nan])
    return Record(np.arange(4), columns)


def test_the_last_recorded_eigenvalues_are_looked_at():
    assert eigenvalues(record(-1 + 2j, -1 - 2j)).tolist() == [-1 + 2j, -1 - 2j]
    assert eigenvalues(record()) is None


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((-0.1 + 0.5j, -0.1 - 0.5j), "converges"),
        ((0.2 + 0j, -0.3 + 0j), "diverges"),
        ((0.5j, -0.5j), "orbits"),
    ],
)
def test_the_greatest_real_part_decides(values, says):
    found = jacobian(record(*values))
    assert says in found.sentence
    assert found.value == max(value.real for value in values)


def test_the_period_of_a_pair_is_reported():
    assert "with period 12.6 in units" in jacobian(record(0.5j, -0.5j)).sentence
    assert "without rotation" in jacobian(record(-1 + 0j)).sentence


def test_without_eigenvalues_there_are_not_enough_data():
    assert jacobian(record()).sentence.startswith("not enough data: ")
