"""How a series stops: at a stroke, by coming to rest, by a jump, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.halts import came_to_rest, constant_since, jumped, vanished_abruptly

WALK = np.random.default_rng(0).normal(size=200).cumsum()


def stopped(values, at, level=None):
    return np.where(np.arange(len(values)) < at, values, values[at] if level is None else level)


def test_the_first_constant_log_point_is_found_and_gaps_are_no_change():
    held = stopped(WALK, 120)
    held[130:150] = np.nan
    assert constant_since(held) == 120
    assert constant_since(WALK) == 199
    assert constant_since(np.array([1.0])) is None


@pytest.mark.parametrize("tau", [2, 5, 10])
def test_what_slows_down_before_it_stops_came_to_rest(tau):
    resting = 5 + np.exp(-np.arange(400) / tau)
    assert came_to_rest(resting, constant_since(resting))
    assert not came_to_rest(stopped(WALK, 120), 120)
    assert not came_to_rest(np.full(50, 1.0), 0)


def test_a_jump_is_a_step_beyond_those_before():
    assert jumped(stopped(WALK, 120, 99.0), 120)
    assert not jumped(stopped(WALK, 120), 120)
    assert not jumped(np.full(50, 1.0), 0)


def test_a_gradient_vanishes_abruptly_from_its_usual_size_alone():
    assert vanished_abruptly(stopped(np.full(200, 0.2), 120, 0.0))
    assert not vanished_abruptly(0.2 * np.exp(-np.arange(200) / 5))
