"""How much a generator listens to its latent."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gandiag.measure.moves import moves


def test_of_a_linear_generator_it_is_the_norm_of_its_matrix_over_root_k() -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(30, 8))
    directions = rng.normal(size=(2, 8, 4000))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    exact = np.linalg.norm(matrix) / math.sqrt(8)
    for lane in moves(matrix @ directions):
        found = lane["latent_sensitivity"]
        assert found.value == pytest.approx(exact, rel=0.02)
        assert found.value == pytest.approx(exact, abs=4 * float(found.se or 0))
        assert found.floor == 0


def test_a_generator_that_does_not_listen_reads_nought_and_a_lost_one_nan() -> None:
    moved = np.ones((3, 5, 10))
    moved[0], moved[1, 2, 3] = 0, np.nan
    values = [float(lane["latent_sensitivity"].value) for lane in moves(moved)]
    assert values[0] == 0
    assert math.isnan(values[1])
    assert values[2] == pytest.approx(math.sqrt(5))
