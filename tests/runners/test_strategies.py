"""What the strategies do to the Dirac-GAN, against recursions of two numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.framework

Values = dict[str, NDArray[Any]]
Floats = NDArray[np.float64]
Move = Callable[[Floats, Floats], tuple[Floats, Floats]]

H, AT, SMALL = 0.2, 0.4, 3
"""The rate, where the data are, and the lane that starts near the equilibrium at 0."""


@pytest.fixture
def orbits(backend: str, computed: Callable[[str, str], Values]) -> Values:
    """The orbits of one backend."""
    found = computed("strategies", backend)
    return {k.removeprefix("orbit/"): v for k, v in found.items() if k.startswith("orbit/")}


def paths(orbits: Values, name: str) -> tuple[Floats, Floats]:
    """Theta and psi, [iteration, lane]."""
    return orbits[f"{name}/g/weights"][..., 0], orbits[f"{name}/d/weights"][..., 0]


def follows(orbits: Values, name: str, move: Move) -> bool:
    """Whether an orbit is that of a recursion from the same start, to nine digits."""
    theta, psi = paths(orbits, name)
    at, assert_close = (theta[0], psi[0]), True
    for k in range(1, len(theta)):
        at = move(*at)
        assert_close &= np.allclose(at, (theta[k], psi[k]), rtol=1e-9, atol=1e-12)
    return bool(assert_close and np.ptp(theta, axis=0).min() > 0)


def radius(orbits: Values, name: str) -> Floats:
    return np.hypot(*paths(orbits, name))


def sigmoid(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


def d_gradient(theta: Floats, psi: Floats, at: float = AT) -> Floats:
    """Of -log D at the data and -log(1 - D) at theta, where D = sigmoid(psi x)."""
    return theta * sigmoid(psi * theta) - at * sigmoid(-psi * at)


def g_gradient(theta: Floats, psi: Floats) -> Floats:
    """Of -log D at theta."""
    return -psi * sigmoid(-psi * theta)


def d_loss(theta: Floats, psi: Floats, at: float = AT) -> Floats:
    return np.log1p(np.exp(-psi * at)) + np.log1p(np.exp(psi * theta))


def g_loss(theta: Floats, psi: Floats) -> Floats:
    return np.log1p(np.exp(-psi * theta))


def test_consensus_follows_its_exact_map(orbits: Values) -> None:
    def move(theta: Floats, psi: Floats) -> tuple[Floats, Floats]:
        p = sigmoid(psi * theta)
        # Minimax at 0: the field is p·(theta, -psi), and half its square p²·(theta² + psi²)/2.
        turn, pull = p * p * (1 - p) * (theta**2 + psi**2), p * p
        return (
            theta - H * (-p * psi + 0.9 * (turn * psi + pull * theta)),
            psi - H * (p * theta + 0.9 * (turn * theta + pull * psi)),
        )

    assert follows(orbits, "consensus", move)


def linear_map(orbits: Values, name: str) -> Floats:
    """The matrix of one iteration near 0."""
    points = np.stack(paths(orbits, name), axis=-1)[:, SMALL]
    found, *_ = np.linalg.lstsq(points[:-1], points[1:], rcond=None)
    return found.T


def rates(orbits: Values, name: str) -> NDArray[np.complex128]:
    """The eigenvalues that a step of H makes of those of the continuous game."""
    found = np.linalg.eigvals((linear_map(orbits, name) - np.eye(2)) / H)
    return found[np.argsort(found.imag)]


def test_consensus_pulls_the_eigenvalues_to_the_left(orbits: Values) -> None:
    assert rates(orbits, "consensus") == pytest.approx(
        np.array([-0.225 - 0.5j, -0.225 + 0.5j]), abs=1e-6
    )


def test_instance_noise_pulls_the_eigenvalues_to_the_left(orbits: Values) -> None:
    root = np.sqrt(0.25 - 1 / 16)
    assert rates(orbits, "noise") == pytest.approx(
        np.array([-0.25 - 1j * root, -0.25 + 1j * root]), abs=1e-6
    )


def test_optimism_makes_the_bilinear_game_converge(orbits: Values) -> None:
    plain, optimistic = radius(orbits, "wasserstein"), radius(orbits, "optimistic")
    assert plain[1:] / plain[:-1] == pytest.approx(np.sqrt(1 + 0.3**2), rel=1e-12)
    assert (optimistic[-1] < 0.01 * optimistic[0]).all()


def test_optimistic_descent_follows_its_linear_recursion(orbits: Values) -> None:
    turn = 0.3 * np.array([[0.0, 1.0], [-1.0, 0.0]])  # what a step adds to (theta, psi)
    at = np.stack(paths(orbits, "optimistic"), axis=-1)[..., None]
    state, last = at[0], np.zeros_like(at[0])
    for k in range(1, len(at)):
        step = turn @ state
        state, last = state + 2 * step - last, step
        assert state == pytest.approx(at[k], rel=1e-9, abs=1e-13)
    whole = np.block([[np.eye(2) + 2 * turn, -np.eye(2)], [turn, np.zeros((2, 2))]])
    contraction = np.abs(np.linalg.eigvals(whole)).max()
    late = np.linalg.norm(at[60:, 0, :, 0], axis=1)
    assert (late[-1] / late[0]) ** (1 / (len(late) - 1)) == pytest.approx(contraction, rel=2e-3)


def test_the_gradient_penalty_follows_its_exact_map(orbits: Values) -> None:
    def move(theta: Floats, psi: Floats) -> tuple[Floats, Floats]:
        psi = psi - H * (theta + 2 * 0.7 * (np.abs(psi) - 1) * np.sign(psi))
        return theta + H * psi, psi

    theta, psi = paths(orbits, "gradient-penalty")
    for k in range(1, len(theta)):  # step by step: at a slope of 0 the penalty has a corner
        known = np.abs(psi[k - 1]) > 1e-6
        expected = move(theta[k - 1], psi[k - 1])
        assert theta[k][known] == pytest.approx(expected[0][known], rel=1e-9, abs=1e-12)
        assert psi[k][known] == pytest.approx(expected[1][known], rel=1e-9, abs=1e-12)
    settled = radius(orbits, "gradient-penalty")[-75:]
    assert settled.min() > 0.8
    assert settled.max() < 1.6


def test_an_unrolled_generator_sees_where_the_critic_goes(orbits: Values) -> None:
    def move(theta: Floats, psi: Floats) -> tuple[Floats, Floats]:
        psi = psi - H * theta
        # After two imagined steps the critic is psi - 2·h·theta, and G's loss -theta times that.
        return theta - H * (-psi + 4 * H * theta), psi

    assert follows(orbits, "unrolled", move)
    assert (radius(orbits, "unrolled")[-1] < 0.6 * radius(orbits, "unrolled")[0]).all()


@pytest.mark.parametrize("name", ["worse", "worse-stacked"])
def test_the_player_whose_loss_is_further_above_the_equilibrium_moves_alone(
    orbits: Values, name: str
) -> None:
    scale = 0.5 if name == "worse-stacked" else 1.0

    def move(theta: Floats, psi: Floats) -> tuple[Floats, Floats]:
        d_excess = scale * (d_loss(theta, psi) - 2 * np.log(2))
        d_moves = d_excess >= g_loss(theta, psi) - np.log(2)
        return (
            np.where(d_moves, theta, theta - H * g_gradient(theta, psi)),
            np.where(d_moves, psi - H * scale * d_gradient(theta, psi), psi),
        )

    assert follows(orbits, name, move)
    made = {who: orbits[f"{name}/{who}/steps"][..., 0] for who in "dg"}
    assert ((made["d"] + made["g"]) == np.arange(len(made["d"]))[:, None]).all()
    assert min(made["d"][-1].max(), made["g"][-1].max()) > 20
    for who in "dg":
        assert np.array_equal(orbits[f"{name}/{who}/loss_count"], made[who])


def test_clipped_gradients_move_no_farther_than_the_clip(orbits: Values) -> None:
    def move(theta: Floats, psi: Floats) -> tuple[Floats, Floats]:
        return (
            theta - H * np.clip(g_gradient(theta, psi), -0.05, 0.05),
            psi - H * np.clip(d_gradient(theta, psi), -0.1, 0.1),
        )

    assert follows(orbits, "clipped-gradient", move)
    theta, psi = paths(orbits, "clipped-gradient")
    assert np.abs(np.diff(theta, axis=0)).max() == pytest.approx(0.05 * H)
    assert np.abs(np.diff(psi, axis=0)).max() == pytest.approx(0.1 * H)


def test_clipped_weights_stay_within_the_bound_after_every_update(orbits: Values) -> None:
    def move(theta: Floats, psi: Floats) -> tuple[Floats, Floats]:
        for _ in range(2):
            psi = np.clip(psi - H * theta, -0.3, 0.3)
        return theta + H * psi, psi

    assert follows(orbits, "clipped-weights", move)
    _, psi = paths(orbits, "clipped-weights")
    assert np.abs(psi[1:]).max() == 0.3


def test_the_moving_average_is_a_recursion_over_the_updates(orbits: Values) -> None:
    weights, average = (orbits[f"average/g/{k}"] for k in ("weights", "average"))
    expected = weights[0]
    for k in range(1, len(weights)):
        expected = 0.9 * expected + 0.1 * weights[k]
        assert average[k] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("name", "whole"), [("staircase", np.floor), ("continuous", np.asarray)])
def test_the_rate_falls_with_the_updates_made(
    orbits: Values, name: str, whole: Callable[[float], float]
) -> None:
    theta, psi = paths(orbits, name)
    for k in range(len(theta) - 1):
        rate = H * 0.5 ** float(whole(k / 4))
        moved = theta[k] - rate * g_gradient(theta[k], psi[k])
        assert theta[k + 1] == pytest.approx(moved, rel=1e-9)


def test_l2_shrinks_or_grows_weights_and_is_recorded_separately(orbits: Values) -> None:
    def move(theta: Floats, psi: Floats) -> tuple[Floats, Floats]:
        return (
            theta - H * (g_gradient(theta, psi) - 0.1 * theta),
            psi - H * (d_gradient(theta, psi) + 0.5 * psi),
        )

    assert follows(orbits, "l2", move)
    theta, psi = paths(orbits, "l2")
    for who, weight, path in (("d", 0.5, psi), ("g", -0.1, theta)):
        expected = np.cumsum(weight / 2 * path[:-1] ** 2, axis=0)
        assert orbits[f"l2/{who}/l2_sum"][1:] == pytest.approx(expected, rel=1e-9)
        plain = (d_loss if who == "d" else g_loss)(theta, psi)[:-1].cumsum(0)
        told = orbits[f"l2/{who}/loss_sum"] - orbits[f"l2/{who}/l2_sum"]
        assert told[1:] == pytest.approx(plain, rel=1e-9)


@dataclass
class Tally:
    """The losses of one player, as they come."""

    losses: list[Floats]

    def check(self, orbits: Values, who: str, k: int) -> None:
        seen, told = np.array(self.losses), f"ratio/{who}/loss_"
        assert (orbits[told + "count"][k] == len(seen)).all()
        assert orbits[told + "sum"][k] == pytest.approx(seen.sum(0), rel=1e-9)
        assert orbits[told + "min"][k] == pytest.approx(seen.min(0), rel=1e-9)
        assert orbits[told + "max"][k] == pytest.approx(seen.max(0), rel=1e-9)
        assert orbits[told + "last"][k] == pytest.approx(seen[-1], rel=1e-9)


def test_two_updates_of_d_and_three_of_g_an_iteration_are_counted(
    orbits: Values,
) -> None:
    theta, psi = (path[0] for path in paths(orbits, "ratio"))
    d, g = Tally([]), Tally([])
    for k in range(1, len(orbits["ratio/d/steps"])):
        for _ in range(2):
            d.losses.append(d_loss(theta, psi))
            psi = psi - H * d_gradient(theta, psi)
        for _ in range(3):
            g.losses.append(g_loss(theta, psi))
            theta = theta - H * g_gradient(theta, psi)
        d.check(orbits, "d", k)
        g.check(orbits, "g", k)
        assert orbits["ratio/d/steps"][k] == pytest.approx(2 * k)
        assert orbits["ratio/g/steps"][k] == pytest.approx(3 * k)
        assert orbits["ratio/g/weights"][k, :, 0] == pytest.approx(theta, rel=1e-9)
