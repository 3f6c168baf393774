"""Turning, growth and distance, against the Dirac-GAN (Mescheder et al. 2018), known exactly."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.signal import lfilter

from gandiag.analysis.dynamics import angles, dynamics
from gandiag.analysis.orbit import orbit
from gandiag.analysis.record import Expected, Record
from gandiag.analysis.spectrum import dirac_period

LN2 = math.log(2)
H, START = 0.2, 0.1
SLOPES = {"gan": 0.5, "nsgan": 0.5, "wgan": 1.0}


def sigmoid(t: float) -> float:
    return 1 / (1 + math.exp(-t))


def field(game: str, theta: float, psi: float, *, r1: float, noise: float) -> np.ndarray:
    """How G (theta) and D (score psi · x) descend."""
    g = {"gan": sigmoid(psi * theta), "nsgan": sigmoid(-psi * theta), "wgan": 1.0}[game]
    d = 1.0 if game == "wgan" else sigmoid(psi * theta)
    # The noise's term is that of the expected loss, to second order in psi.
    return np.array([psi * g, -theta * d - r1 * psi - noise**2 * psi / 2])


def dirac(
    game: str, updates: str, steps: int, *, h: float = H, h_g: float | None = None, **more: float
) -> Record:
    """A run of the Dirac-GAN from (.1, 0); ``more`` is r1, noise or consensus."""
    consensus = more.pop("consensus", 0.0)
    terms = {"r1": 0.0, "noise": 0.0} | more
    rates = np.array([h if h_g is None else h_g, h])
    at = np.array([START, 0.0])
    path = [at]
    for _ in range(steps):
        if updates == "alternating":
            at = at + rates * field(game, *at, **terms) * [0, 1]
            at = at + rates * field(game, *at, **terms) * [1, 0]
        else:
            move = field(game, *at, **terms)
            if consensus:
                move = move - consensus * gradient_of_half_square(game, at, terms)
            at = at + rates * move
        path.append(at)
    return recorded(game, *np.array(path).T)


def gradient_of_half_square(game: str, at: np.ndarray, terms: dict[str, float]) -> np.ndarray:
    """The gradient of |field|² / 2, by central differences."""
    step = 1e-5 * np.eye(2)
    squares = [
        [
            field(game, *(at + sign * e), **terms) @ field(game, *(at + sign * e), **terms)
            for e in step
        ]
        for sign in (1, -1)
    ]
    return np.subtract(*map(np.array, squares)) / 4e-5


def recorded(game: str, theta: np.ndarray, psi: np.ndarray) -> Record:
    told = psi * theta
    if game == "wgan":
        losses, expected = (told, -told), (0.0, 0.0)
        answers = (np.zeros_like(told), told)
    else:
        g = np.log1p(np.exp(-told)) if game == "nsgan" else -np.log1p(np.exp(told))
        losses, expected = (LN2 + np.log1p(np.exp(told)), g), (2 * LN2, g[0])
        answers = (np.full_like(told, 0.5), 1 / (1 + np.exp(-told)))
    columns = {
        "mean": theta,
        "wasserstein": np.abs(theta),
        "d_loss": losses[0],
        "g_loss": losses[1],
        "d_real": answers[0],
        "d_fake": answers[1],
    }
    target = Expected(np.zeros(1), np.zeros(1), d_loss=expected[0], g_loss=expected[1])
    return Record(np.arange(len(theta)), columns, target)


def turns(game: str, count: float, h: float = H) -> int:
    """The steps of so many turns."""
    return round(count * 2 * math.pi / (SLOPES[game] * h))


@pytest.mark.parametrize("h", [0.1, 0.2, 0.5])
@pytest.mark.parametrize("game", ["gan", "wgan"])
def test_simultaneous_descent_runs_away_at_the_analytic_rate_and_period(game, h):
    a = SLOPES[game] * h
    found = dynamics(dirac(game, "simultaneous", turns(game, 3.7, h), h=h))
    assert found["growth"].value == pytest.approx(math.sqrt(1 + a * a), rel=1e-3)
    assert found["period"].value == pytest.approx(2 * math.pi / math.atan(a), rel=0.02)
    assert found["rotation"].value == pytest.approx(-math.atan(a), rel=0.02)
    assert "diverging" in found["growth"].sentence
    assert found["growth"].interval[0] > 1


@pytest.mark.parametrize("h", [0.1, 0.2, 0.5])
@pytest.mark.parametrize("game", ["gan", "wgan"])
def test_alternating_descent_circles_at_its_start_for_the_analytic_period(game, h):
    a = SLOPES[game] * h
    found = dynamics(dirac(game, "alternating", turns(game, 8, h), h=h))
    assert found["period"].value == pytest.approx(2 * math.pi / math.acos(1 - a * a / 2), rel=1e-3)
    assert found["growth"].value == pytest.approx(1, abs=1e-4)
    assert found["growth"].evidence["radius"] == pytest.approx(START, rel=0.06)
    assert "orbits at a constant radius of" in found["growth"].sentence
    assert "clockwise" in found["rotation"].sentence


def test_the_published_periods_come_out():
    """The periods in closed form: 62.806 of the GAN and 31.363 of the WGAN at h = .2."""
    for game, due in (("gan", 62.806), ("wgan", 31.363)):
        found = dynamics(dirac(game, "alternating", turns(game, 8)))
        assert found["period"].value == pytest.approx(due, rel=1e-4)


@pytest.mark.parametrize("game", ["gan", "wgan"])
def test_the_loss_has_half_the_period_of_the_players(game):
    run = dirac(game, "alternating", turns(game, 8))
    loss = orbit(run.iteration, run.columns["d_loss"], run.expected.d_loss)
    due = dynamics(run)["period"].value / 2
    assert loss.period[0] == pytest.approx(due, rel=0.02)


@pytest.mark.parametrize("h", [0.1, 0.2])
def test_the_nonsaturating_game_settles_on_a_circle_of_the_known_radius(h):
    """√(2h), under simultaneous updates; averaged over a period to 2 %."""
    run = dirac("nsgan", "simultaneous", round(1600 / h), h=h)
    found = dynamics(run, (h, h))
    assert found["period"].evidence["radius"] == pytest.approx(math.sqrt(2 * h), rel=0.02)
    assert found["period"].value == pytest.approx(2 * math.pi / math.atan(h / 2), rel=0.02)
    assert found["learning_rates"].value == pytest.approx(1, rel=0.02)
    assert "orbits" in found["growth"].sentence


@pytest.mark.parametrize("r1", [0.1, 0.3])
def test_r1_converges_while_it_rotates(r1):
    """Of the alternating map near 0 the determinant is 1 - h r1, so √ of it a step."""
    found = dynamics(dirac("gan", "alternating", 500, r1=r1))
    matrix = np.array([[1, H / 2], [0, 1]]) @ np.array([[1, 0], [-H / 2, 1 - H * r1]])
    eigenvalue = np.linalg.eigvals(matrix)[0]
    assert found["growth"].value == pytest.approx(abs(eigenvalue), rel=1e-4)
    assert abs(found["rotation"].value) == pytest.approx(abs(np.angle(eigenvalue)), rel=5e-3)
    assert "converging" in found["growth"].sentence


def test_instance_noise_draws_in_at_its_eigenvalue():
    """-σ²/4 ± √(σ⁴/16 - 1/4) of the flow; at h = .02 the map is the flow to .1 %."""
    found = dynamics(dirac("gan", "simultaneous", 5000, h=0.02, noise=1.0))
    eigenvalue = -0.25 + 1j * math.sqrt(0.25 - 1 / 16)
    assert math.log(found["growth"].value) / 0.02 == pytest.approx(eigenvalue.real, rel=0.02)
    assert abs(found["rotation"].value) / 0.02 == pytest.approx(eigenvalue.imag, rel=0.02)


def test_consensus_draws_in_at_its_eigenvalue():
    """-γ/4 ± i/2 of the flow."""
    found = dynamics(dirac("gan", "simultaneous", 3000, h=0.02, consensus=0.4))
    assert math.log(found["growth"].value) / 0.02 == pytest.approx(-0.1, rel=0.06)
    assert abs(found["rotation"].value) / 0.02 == pytest.approx(0.5, rel=0.02)


def test_beyond_critical_r1_the_players_converge_without_rotation():
    found = dynamics(dirac("gan", "alternating", 500, r1=1.5))
    assert math.isnan(found["period"].value)
    assert found["growth"].value == pytest.approx(
        math.exp(H * (-0.75 + math.sqrt(0.3125))), rel=0.01
    )
    assert found["growth"].sentence.startswith("the players do not rotate, converging")


def test_the_period_follows_the_geometric_mean_of_the_learning_rates():
    run = dirac("gan", "alternating", 900, h=0.4, h_g=0.1)
    found = dynamics(run, (0.4, 0.1), updates="alternating")["learning_rates"]
    assert found.value == pytest.approx(1, rel=0.01)
    assert found.evidence["due"] == pytest.approx(dirac_period((0.2, 0.2), updates="alternating"))


def test_the_direction_is_read_off_the_loss_where_no_answers_were_recorded():
    run = dirac("gan", "alternating", 500)
    columns = {k: v for k, v in run.columns.items() if not k.startswith(("d_real", "d_fake"))}
    found = dynamics(Record(run.iteration, columns, run.expected))["rotation"]
    assert found.evidence["lead"] < -0.9


def test_without_d_the_direction_is_unknown():
    run = dirac("gan", "alternating", 500)
    found = dynamics(Record(run.iteration, {"mean": run.columns["mean"]}, run.expected))
    assert "in an unknown direction" in found["rotation"].sentence


def test_reversed_time_rotates_in_the_other_direction():
    run = dirac("gan", "alternating", 500)
    columns = {name: values[::-1] for name, values in run.columns.items()}
    found = dynamics(Record(run.iteration, columns, run.expected))["rotation"]
    assert found.value == pytest.approx(math.acos(1 - 0.005), rel=1e-3)
    assert "anticlockwise" in found.sentence


def test_gradient_noise_leaves_the_period_in_its_interval_of_two_per_cent():
    rng = np.random.default_rng(0)
    at, path = np.array([0.5, 0.0]), []
    for _ in range(1500):
        path.append(at)
        at = at + H * (field("gan", *at, r1=0, noise=0) + 0.03 * rng.normal(size=2)) * [0, 1]
        at = at + H * (field("gan", *at, r1=0, noise=0) + 0.03 * rng.normal(size=2)) * [1, 0]
    found = dynamics(recorded("gan", *np.array(path).T))["period"]
    assert found.value == pytest.approx(62.8, rel=0.05)
    assert found.interval[0] < found.value < found.interval[1]


def test_a_coarse_cadence_gives_the_same_period_in_iterations():
    run = dirac("gan", "alternating", 800)
    coarse = Record(
        run.iteration[::7],
        {name: values[::7] for name, values in run.columns.items()},
        run.expected,
    )
    found = dynamics(coarse)["period"]
    assert found.value == pytest.approx(62.806, rel=0.01)
    assert found.evidence["shortest"] == 28


@pytest.mark.parametrize("memory", [0.5, 0.9, 0.95, 0.99])
def test_noise_is_hardly_ever_an_orbit(memory):
    shocks = np.random.default_rng(1).normal(size=(200, 1200))
    series = lfilter([1], [1, -memory], shocks, axis=1)[:, 200:]
    assert sum(orbit(np.arange(1000), each) is not None for each in series) <= 10


def test_the_distance_is_that_of_the_means_and_of_ds_loss():
    n = 200
    columns = {"mean_0": np.full(n, 4.0), "mean_1": np.full(n, 1.0), "d_loss": np.full(n, LN2)}
    target = Expected(np.array([1.0, 1.0]), np.array([1.0, 1.0]), d_loss=2 * LN2)
    found = dynamics(Record(np.arange(n), columns, target))["distance"]
    g = 3 / math.sqrt(2)
    assert (found.evidence["g"], found.evidence["d"]) == pytest.approx((g, 0.5))
    assert found.value == pytest.approx(math.hypot(g, 0.5))


def test_gaps_do_not_change_the_period():
    run = dirac("gan", "alternating", 800)
    theta = np.where(np.arange(801) % 5 == 0, np.nan, run.columns["mean"])
    theta[300:310] = np.inf
    found = dynamics(Record(run.iteration, dict(run.columns) | {"mean": theta}, run.expected))
    assert found["period"].value == pytest.approx(62.806, rel=0.01)


POINT = Expected(np.zeros(1), np.zeros(1), d_loss=2 * LN2)
NOTHING = {
    "no point": Record(np.empty(0, int), {"mean": np.empty(0), "d_loss": np.empty(0)}, POINT),
    "one point": Record(np.arange(1), {"mean": np.ones(1), "d_loss": np.ones(1)}, POINT),
    "three points": Record(np.arange(3), {"mean": np.ones(3), "d_loss": np.ones(3)}, POINT),
    "no column": Record(np.arange(99), {}, POINT),
    "nothing finite": Record(
        np.arange(99), {"mean": np.full(99, np.nan), "d_loss": np.full(99, np.inf)}, POINT
    ),
    "a restarted counter": Record(np.arange(99), {"mean": np.ones(99)}, POINT, trouble="again"),
}


@pytest.mark.parametrize("bad", NOTHING.values(), ids=NOTHING)
def test_too_few_data_are_reported_without_an_error(bad):
    for found in dynamics(bad, (0.1, 0.1)).values():
        assert math.isnan(found.value)
        assert found.sentence.startswith("not enough data: ")


@pytest.mark.parametrize("value", [0.0, 1.0, 1e305, 1e-300])
def test_players_that_do_not_move_do_not_rotate(value):
    flat = np.full(300, value)
    found = dynamics(Record(np.arange(300), {"mean": flat, "d_loss": flat}, POINT))
    assert math.isnan(found["period"].value)
    assert not found["growth"].value < 1


def test_a_run_with_one_far_log_point_costs_no_memory():
    at = np.r_[np.arange(100), 10**15]
    theta = np.sin(np.arange(101.0))
    assert orbit(at, theta) is None


@pytest.mark.parametrize("low", [0.0, -1.0, -1e-300])
def test_the_angle_has_no_upper_bound_where_the_period_may_be_zero(low):
    assert angles((low, 10.0)) == (pytest.approx(math.pi / 5), math.inf)
    least, most = angles((5.0, 10.0))
    assert (least, most) == pytest.approx((math.pi / 5, 2 * math.pi / 5))
