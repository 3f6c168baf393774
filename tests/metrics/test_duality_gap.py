"""The duality gap: the bilinear game's closed form, monotonicity, unmodified snapshots."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandiag.metrics import Estimate, duality_gap

few_examples = settings(max_examples=25, deadline=None, derandomize=True)

D_LIMIT, G_LIMIT = 1.0, 2.0


def bilinear(psi: float, theta: float, steps: int, rate: float = 0.1) -> Estimate:
    """The Dirac-WGAN M = theta psi, |psi| <= c and |theta| <= C, by projected gradient steps."""
    return duality_gap(
        loss=lambda d, g: d * g,
        d=psi,
        g=theta,
        d_step=lambda d, g: float(np.clip(d + rate * g, -D_LIMIT, D_LIMIT)),
        g_step=lambda d, g: float(np.clip(g - rate * d, -G_LIMIT, G_LIMIT)),
        steps=steps,
    )


@given(psi=st.floats(-D_LIMIT, D_LIMIT), theta=st.floats(-G_LIMIT, G_LIMIT))
@few_examples
def test_the_bilinear_game_has_its_closed_form(psi: float, theta: float) -> None:
    found = bilinear(psi, theta, 40, rate=1e6)
    small = 1e6 * 40 * min(abs(psi), abs(theta)) < G_LIMIT + D_LIMIT
    expected = D_LIMIT * abs(theta) + G_LIMIT * abs(psi)
    assert found.value == pytest.approx(expected, abs=1e-4 if small else 1e-9)
    assert (found.floor, found.se) == (0, None)


def test_small_steps_reach_the_closed_form_too() -> None:
    assert bilinear(0.5, -0.8, 100).value == pytest.approx(D_LIMIT * 0.8 + G_LIMIT * 0.5)


def test_the_equilibrium_has_no_gap() -> None:
    assert bilinear(0.0, 0.0, 50).value == 0


def test_it_rises_with_the_steps_and_stays_below_the_true_gap() -> None:
    found = [bilinear(0.5, 1.0, steps).value for steps in range(0, 90, 3)]
    assert found == sorted(found)
    assert found[0] == 0
    assert 0 < found[1] < found[5]
    assert found[-1] == pytest.approx(2)


def test_the_best_value_counts_and_not_the_last() -> None:
    found = [
        duality_gap(
            loss=lambda d, g: -((d - 1) ** 2) + 0 * g,
            d=0.0,
            g=0.0,
            d_step=lambda d, g: d + 0.5,
            g_step=lambda d, g: g,
            steps=steps,
        ).value
        for steps in (1, 2, 8)
    ]
    assert found == [0.75, 1, 1]


def test_diverging_steps_are_skipped() -> None:
    def away(d: float, g: float) -> float:
        return d + 0.5 if d < 0.4 else math.nan

    found = duality_gap(
        loss=lambda d, g: d - g, d=0.0, g=0.0, d_step=away, g_step=lambda d, g: math.inf, steps=4
    )
    assert found.value == 0.5


def test_a_diverged_snapshot_gives_nan() -> None:
    found = duality_gap(
        loss=lambda d, g: np.array([d, g]),
        d=math.nan,
        g=0.0,
        d_step=lambda d, g: d,
        g_step=lambda d, g: g,
        steps=2,
    )
    assert math.isnan(found.value)
    assert math.isnan(found.se)


def test_in_place_steps_do_not_modify_the_snapshot() -> None:
    d, g = {"weights": np.array([0.3]), "slots": [np.zeros(1)]}, {"weights": np.array([0.7])}

    def d_step(d: dict, g: dict) -> dict:
        d["weights"] += 0.1 * g["weights"]
        d["slots"][0] += 1
        g["weights"] *= 2  # a careless step
        return d

    def g_step(d: dict, g: dict) -> dict:
        g["weights"] -= 0.1 * d["weights"]
        return g

    gaps = [
        duality_gap(
            loss=lambda d, g: d["weights"] * g["weights"],
            d=d,
            g=g,
            d_step=d_step,
            g_step=g_step,
            steps=5,
        ).value
        for _ in range(2)
    ]
    assert gaps[0] == gaps[1] > 0
    assert (d["weights"][0], d["slots"][0][0], g["weights"][0]) == (0.3, 0, 0.7)


def gap_of(x: np.ndarray) -> Estimate:
    """D is a shift of at most 1 that E[d x - d^2 / 2] is played over; G scales it from 1 to 2."""
    return duality_gap(
        loss=lambda d, g: g * (d * x - d * d / 2),
        d=0.0,
        g=1.0,
        d_step=lambda d, g: d + 0.2 * (0.6 - d),
        g_step=lambda d, g: g,
        steps=30,
    )


def test_the_standard_error_is_that_of_paired_differences() -> None:
    rng = np.random.default_rng(1)
    found = [gap_of(rng.normal(0.6, 1, 200)) for _ in range(800)]
    observed = np.std([f.value for f in found])
    assert np.mean([f.se for f in found]) == pytest.approx(observed, rel=0.1)
    assert np.mean([f.value for f in found]) == pytest.approx(0.18, abs=0.005)
    assert found[0].n == 200


def test_torch_modules_are_supported() -> None:
    torch = pytest.importorskip("torch")
    d, g = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    z, real = torch.randn(64, 1), torch.randn(64, 1) + 3

    def loss(d: torch.nn.Module, g: torch.nn.Module) -> torch.Tensor:
        return d(real)[:, 0] - d(g(z))[:, 0]

    def stepped(which: str, sign: float):
        def step(d: torch.nn.Module, g: torch.nn.Module) -> torch.nn.Module:
            player = d if which == "d" else g
            slopes = torch.autograd.grad(loss(d, g).mean(), list(player.parameters()))
            with torch.no_grad():
                for weight, slope in zip(player.parameters(), slopes, strict=True):
                    weight += sign * 0.01 * slope
            return player

        return step

    before = [p.detach().clone() for p in (*d.parameters(), *g.parameters())]
    found = duality_gap(
        loss=loss, d=d, g=g, d_step=stepped("d", 1), g_step=stepped("g", -1), steps=3
    )
    assert found.value > 0
    assert found.se > 0
    for old, new in zip(before, (*d.parameters(), *g.parameters()), strict=True):
        assert torch.equal(old, new)


def test_negative_steps_are_rejected() -> None:
    with pytest.raises(ValueError, match="steps must be 0 or more"):
        bilinear(0.1, 0.1, -1)
