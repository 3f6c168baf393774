"""The NumPy reference: its gradients are derivatives, and a small training moves as it should."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gandiag.experiment.loading import read_experiment
from gandiag.testing.agreement import SMALL
from gandiag.testing.reference import gradient, is_comparable, reference_program


def test_the_gradient_of_a_cube_and_of_its_gradient() -> None:
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    value, slope = gradient(lambda a: (a**3).sum(axis=1))(x)
    assert value == pytest.approx((x**3).sum(axis=1))
    assert slope == pytest.approx(3 * x**2, rel=1e-8)
    curvature = gradient(lambda a: gradient(lambda b: (b**3).sum(axis=1))(a)[1].sum(axis=1))(x)[1]
    assert curvature == pytest.approx(6 * x, rel=1e-4)


def test_an_update_of_the_dirac_gan_is_its_closed_form() -> None:
    settings = {"objective.generator": "minimax", "schedule.updates": "simultaneous"}
    game = read_experiment("dirac", settings).game
    state = game.initial(np.array([[0.7]]), np.array([[-0.4]]))
    noise = {name: np.zeros((d.count, 1, d.size, d.batch)) for name, d in game.draws.items()}
    after: Any = reference_program(game).iterate(state, noise, np.array(1))
    rate, pull = game.generator.optimizer.learning_rate, 1 / (1 + np.exp(-0.7 * -0.4))
    assert after["d"]["weights"][0, 0] == pytest.approx(-0.4 - rate * pull * 0.7)
    assert after["g"]["weights"][0, 0] == pytest.approx(0.7 + rate * pull * -0.4)


def test_what_differences_cannot_compute_is_not_comparable() -> None:
    assert is_comparable(read_experiment("ring8", SMALL))
    assert not is_comparable(read_experiment("ring8"))  # 34,000 weights
    spectral = SMALL | {
        "discriminator.layers": [
            {"kind": "dense", "units": 4, "spectral_norm": True},
            {"kind": "dense", "units": 1},
        ]
    }
    assert not is_comparable(read_experiment("ring8", spectral))
