"""Cycles: the Dirac-GAN's, whose periods and amplitudes are known; and of noise, hardly any."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.analysis.cycle import cycle

SLOPE = {"gan": 0.5, "wgan": 1.0}


@pytest.mark.parametrize("h", [0.1, 0.2, 0.5])
@pytest.mark.parametrize("game", ["gan", "wgan"])
def test_alternating_descent_has_the_analytic_period_and_its_loss_half_of_it(dirac, game, h):
    a = SLOPE[game] * h
    due = 2 * math.pi / math.acos(1 - a * a / 2)
    run = dirac(game, "alternating", round(8 * due), h=h)
    found = cycle(run.columns["mean"])
    assert found.period == pytest.approx(due, rel=0.02)
    assert found.amplitude == pytest.approx(0.1, rel=0.04)
    assert found.growth == pytest.approx(1, abs=0.02)
    assert cycle(run.columns["d_loss"]).period == pytest.approx(due / 2, rel=0.02)


@pytest.mark.parametrize("game", ["gan", "wgan"])
def test_simultaneous_descent_grows_at_the_analytic_rate(dirac, game):
    """By √(1 + a²) a step: over what lies between the first four turns and the last four."""
    h = 0.2 if game == "wgan" else 0.1
    a = SLOPE[game] * h
    turn = 2 * math.pi / math.atan(a)
    run = dirac(game, "simultaneous", round(8.2 * turn), h=h, start=0.02)
    found = cycle(run.columns["mean"])
    assert found.period == pytest.approx(turn, rel=0.02)
    grown = math.sqrt(1 + a * a) ** (4.2 * turn)
    assert found.growth == pytest.approx(grown, rel=0.2)  # a line through a spiral bends it
    assert found.latest > found.amplitude


@pytest.mark.parametrize("h", [0.1, 0.2])
def test_the_nonsaturating_game_has_its_limit_cycle_of_radius_root_two_h(dirac, h):
    run = dirac("nsgan", "simultaneous", round(2400 / h), h=h)
    turn = 2 * math.pi / math.atan(h / 2)
    late = run.columns["mean"][-round(20 * turn) :]
    found = cycle(late)
    assert found.period == pytest.approx(turn, rel=0.02)
    assert found.amplitude == pytest.approx(math.sqrt(2 * h), rel=0.02)
    assert found.latest == pytest.approx(math.sqrt(2 * h), rel=0.02)
    assert found.growth == pytest.approx(1, abs=0.02)


def test_a_contracting_spiral_falls(dirac):
    found = cycle(dirac("gan", "alternating", 500, r1=0.1).columns["mean"])
    assert found.growth < 0.2
    assert found.latest < found.amplitude / 5


@settings(max_examples=60)
@given(
    st.floats(5, 100),
    st.floats(-1e6, 1e6),
    st.sampled_from([1e-9, 1e-3, 1.0, 1e9]),
    st.floats(0, 6.28),
)
def test_a_sine_on_a_line_has_its_period_and_amplitude(period, slope, size, phase):
    n = round(max(8 * period, 60))
    x = np.arange(n)
    found = cycle(size * (np.sin(2 * np.pi * x / period + phase) + slope * (x / n - 0.5)))
    if abs(slope) > 1e3:
        return  # the line's rounding is as high as the sine
    assert found.period == pytest.approx(period, rel=0.02)
    assert found.amplitude == pytest.approx(size, rel=0.06)
    assert found.growth == pytest.approx(1, abs=0.15)


def test_gaps_do_not_hide_a_cycle():
    rng = np.random.default_rng(0)
    x = np.sin(2 * np.pi * np.arange(400) / 40)
    x[rng.random(400) < 0.3] = np.nan
    assert cycle(x).period == pytest.approx(40, rel=0.01)


@pytest.mark.parametrize("memory", [0.0, 0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("n", [30, 200])
def test_noise_has_hardly_a_cycle(memory, n, ar1):
    rng = np.random.default_rng(7)
    found = sum(cycle(ar1(rng, n, memory)) is not None for _ in range(200))
    assert found <= 0.03 * 200


def test_a_random_walk_has_hardly_a_cycle():
    rng = np.random.default_rng(8)
    found = sum(cycle(np.cumsum(rng.normal(size=300))) is not None for _ in range(200))
    assert found <= 0.03 * 200


@pytest.mark.parametrize("n", [0, 1, 2, 10, 23])
def test_too_few_log_points_have_no_cycle(n):
    assert cycle(np.sin(np.arange(n))) is None


@pytest.mark.parametrize(
    "values",
    [np.zeros(60), np.full(60, 0.1), np.full(60, 1e300), np.arange(60.0), np.full(60, np.nan)],
)
def test_what_does_not_swing_has_no_cycle(values):
    assert cycle(values) is None


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=60))
def test_any_floats_are_taken(values):
    with np.errstate(all="ignore"):
        found = cycle(np.array(values))
    assert found is None or (np.isfinite(found.period) and 3 <= found.period <= len(values) / 2)


def test_two_cycles_and_a_half_are_too_few():
    assert cycle(np.sin(2 * np.pi * np.arange(250) / 100)) is None
    assert cycle(np.sin(2 * np.pi * np.arange(400) / 100)) is not None
