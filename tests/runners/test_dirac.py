"""The Dirac-GAN's orbits are those that theory says (Mescheder et al. 2018), in both frameworks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.framework

Values = dict[str, NDArray[Any]]

STEP = 0.2
SLOPE = {"gan": 0.5, "wgan": 1.0}


def radii(orbit: NDArray[Any]) -> NDArray[Any]:
    """Distances from the equilibrium, [iteration]."""
    return np.hypot(orbit[:, 0], orbit[:, 1])


def angles(orbit: NDArray[Any]) -> NDArray[Any]:
    """The angle of every step, without its sign, [iteration - 1]."""
    turned = np.unwrap(np.arctan2(orbit[:, 1], orbit[:, 0]))
    return np.abs(np.diff(turned))


@pytest.mark.parametrize("game", ["gan", "wgan"])
def test_simultaneous_descent_grows_by_the_known_factor(values: Values, game: str) -> None:
    orbit = values[f"dirac/{game}"][:60]
    a = STEP * SLOPE[game]
    growth = radii(orbit)[1:] / radii(orbit)[:-1]
    # The GAN's game is linear only near 0; the orbit starts at .1.
    assert growth[:10] == pytest.approx(math.sqrt(1 + a**2), rel=1e-4 if game == "gan" else 1e-12)


@pytest.mark.parametrize("game", ["gan", "wgan"])
def test_simultaneous_descent_turns_by_the_known_angle(values: Values, game: str) -> None:
    orbit = values[f"dirac/{game}"][:11]
    expected = math.atan(STEP * SLOPE[game])
    assert angles(orbit) == pytest.approx(expected, rel=5e-3 if game == "gan" else 1e-12)


def test_alternating_descent_keeps_its_distance_and_has_the_known_period(values: Values) -> None:
    orbit = values["dirac/alternating"]
    a = STEP / 2
    assert radii(orbit).max() < 0.1 * 1.06
    assert radii(orbit).min() > 0.1 * 0.94
    assert angles(orbit).mean() == pytest.approx(math.acos(1 - a**2 / 2), rel=2e-3)


def test_nsgan_settles_on_a_circle_of_radius_root_2h(values: Values) -> None:
    settled = radii(values["dirac/nsgan"])[-60:]  # of the last 600 iterations
    assert settled.mean() == pytest.approx(math.sqrt(2 * STEP), rel=0.02)
    assert settled.max() / settled.min() < 1.03


def test_r1_converges(values: Values) -> None:
    radius = radii(values["dirac/r1"])
    # The map of one alternating step has the determinant 1 - h·gamma.
    assert (radius[500] / radius[100]) ** (1 / 400) == pytest.approx(
        math.sqrt(1 - STEP * 0.3), abs=1e-3
    )
    assert radius[500] < 1e-7


def test_the_loss_oscillates_twice_as_fast_as_the_players(values: Values) -> None:
    theta, psi = values["dirac/alternating"].T
    assert zero_crossings(theta * psi) == pytest.approx(2 * zero_crossings(theta), abs=1)


def zero_crossings(series: NDArray[Any]) -> int:
    """How often a series changes its sign."""
    return int(np.sum(np.diff(np.sign(series)) != 0))
