"""The pre-training of a discriminator: a regression on the density of the data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.testing.reference import reference_program
from gandiag.training.players import Discriminator
from gandiag.training.pretraining import Points, Pretrain, Pretraining, PretrainProgram


class Half:
    """The uniform distribution on (0, 2)."""

    def density(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where((x > 0) & (x < 2), 0.5, 0.0)


def phase(**settings: Any) -> Pretrain:
    start = {"kind": "normal", "std": 1.0}
    judge = Discriminator.model_validate(
        {
            "layers": [{"kind": "dense", "units": 1}],
            "weights": start,
            "biases": start,
            "optimizer": {"kind": "sgd", "learning_rate": 1.0},
            "sees": {"kind": "samples"},
        }
        | settings
    )
    return Pretrain(Pretraining(iterations=1, batch=8, low=-1.0, high=3.0), judge, Half())


def test_points_are_uniform_between_the_ends_with_the_density_beside_them() -> None:
    out = np.empty((3, 2, 4000), np.float32)
    Points(Half(), -1.0, 3.0).fill(np.random.default_rng(0), out)
    assert out[:, 0].min() >= -1
    assert out[:, 0].max() < 3
    assert out[:, 0].mean() == pytest.approx(1, abs=0.05)
    assert np.array_equal(out[:, 1], Half().density(out[:, 0].astype(np.float64)))


@pytest.mark.parametrize("target", [0.1, 0.9])
def test_an_update_moves_the_answers_towards_the_density_of_the_data(target: float) -> None:
    regression = phase()
    program = reference_program(regression)
    assert isinstance(program, PretrainProgram)
    x = np.linspace(-1, 1, 8)
    points = np.stack([x, np.full(8, target)])[None]  # [lane, 2, batch]
    state = regression.initial(np.zeros((1, 2)))
    after: Any = program.iterate(state, {"points": points[None]}, 1)
    weight, bias = after["d"]["weights"][0]
    answers = 1 / (1 + np.exp(-(weight * x + bias)))
    assert np.abs(answers - target).max() < 0.36  # 0.4 before
    # In closed form: d(mean (sigmoid(b) - t)²)/db = 2 (1/2 - t) / 4 at b = 0.
    assert bias == pytest.approx(-(0.5 - target) / 2, rel=1e-6)
    assert weight == pytest.approx(0, abs=1e-9)
    assert after["d"]["loss_sum"] == pytest.approx((0.5 - target) ** 2)
