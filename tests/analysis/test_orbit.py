"""Orbits of sines, whose period, radius and growth are known."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.orbit import orbit

AT = np.arange(0, 2000, 2)


def test_a_growing_sine_has_its_period_and_its_growth():
    wave = np.exp(1e-3 * AT) * np.sin(2 * np.pi * AT / 126)
    found = orbit(AT, wave, 0.0)
    assert found.period[0] == pytest.approx(126, rel=1e-3)
    assert found.growth[0] == pytest.approx(1e-3, rel=0.02)
    assert found.turns == pytest.approx(2000 / 126, abs=1)


def test_the_radius_is_that_of_the_last_period_about_the_own_mean():
    found = orbit(AT, 5 + 0.7 * np.sin(2 * np.pi * AT / 100))
    assert found.centre == pytest.approx(5, abs=0.01)
    assert found.radius == pytest.approx(0.7, rel=0.01)


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).normal(size=len(AT)).cumsum(),
        np.sin(2 * np.pi * AT / 1500),
        np.full(len(AT), np.nan),
    ],
    ids=["a random walk", "less than two periods", "nothing finite"],
)
def test_what_does_not_repeat_evenly_is_no_orbit(values):
    assert orbit(AT, values) is None


def test_gaps_leave_the_period_as_it_is():
    wave = np.sin(2 * np.pi * AT / 126)
    wave[np.random.default_rng(1).random(len(AT)) < 0.3] = np.nan
    assert orbit(AT, wave, 0.0).period[0] == pytest.approx(126, rel=2e-3)
