"""Which player is updated when, and on which batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.testing.reference import TOOLS
from gandiag.training.playing import GameProgram, bind
from gandiag.training.pretraining import PretrainProgram

Small = Callable[..., Experiment]

RATE = 0.25
SGD = {"kind": "sgd", "learning_rate": RATE}
BILINEAR: dict[str, Any] = {
    "objective": {"game": "wasserstein"},
    "generator.optimizer": SGD,
    "discriminator.optimizer": SGD,
}


def dirac(**settings: Any) -> GameProgram:
    """The Dirac-GAN of a critic: D's loss is psi · theta, and G's the opposite."""
    named = {name.replace("__", "."): value for name, value in settings.items()}
    return GameProgram(read_experiment("dirac", BILINEAR | named).game, TOOLS)


def after(program: GameProgram, theta: list[float], psi: list[float]) -> list[NDArray[Any]]:
    """Theta and psi after one iteration, [lane] each."""
    game, lanes = program.game, len(theta)
    state: Any = game.initial(np.array(theta)[:, None], np.array(psi)[:, None])
    noise = {name: np.zeros((d.count, lanes, d.size, d.batch)) for name, d in game.draws.items()}
    moved = program.iterate(state, noise, np.array(1))
    return [moved[who]["weights"][:, 0] for who in ("g", "d")]


def test_simultaneous_players_answer_the_same_weights_and_alternating_ones_the_new() -> None:
    theta, psi = 0.7, -0.4
    both = after(dirac(schedule__updates="simultaneous"), [theta], [psi])
    assert np.concatenate(both) == pytest.approx([theta + RATE * psi, psi - RATE * theta])
    alternating = after(dirac(schedule__updates="alternating"), [theta], [psi])
    new = psi - RATE * theta
    assert np.concatenate(alternating) == pytest.approx([theta + RATE * new, new])


def test_an_iteration_has_the_updates_of_each_player_that_the_schedule_asks_for() -> None:
    steps = {"schedule__updates": "alternating", "schedule__d_steps": 3, "schedule__g_steps": 2}
    theta, psi = after(dirac(**steps), [0.7], [-0.4])
    assert psi == pytest.approx(-0.4 - 3 * RATE * 0.7)
    assert theta == pytest.approx(0.7 + 2 * RATE * psi)


def test_only_the_worse_player_moves_lane_by_lane() -> None:
    # D's loss is psi · theta, G's the opposite; both are 0 at the equilibrium.
    theta, psi = after(dirac(schedule__updates="worse"), [0.7, 0.7], [0.4, -0.4])
    assert theta == pytest.approx([0.7, 0.7 - RATE * 0.4])
    assert psi == pytest.approx([0.4 - RATE * 0.7, -0.4])


def test_the_field_is_the_negative_gradient_of_each_player() -> None:
    program = dirac()
    noise = {n: np.zeros((d.count, 1, d.size, d.batch)) for n, d in program.game.draws.items()}
    weights = np.array([[-0.4, 0.7]])  # D's before G's
    state: Any = program.game.initial(np.zeros((1, 1)), np.zeros((1, 1)))
    assert program.field(state, weights, noise) == pytest.approx(np.array([[-0.7, -0.4]]), rel=1e-6)


def test_g_s_updates_take_d_s_batches_in_turn_and_labels_are_split_off(small: Small) -> None:
    plan = {"schedule.d_steps": 2, "schedule.g_steps": 3, "schedule.latent": "fresh"}
    zero_sum = {"objective.generator": "zero-sum"}
    game = replace(small(plan | zero_sum).game, classes=2)
    program = GameProgram(game, TOOLS)
    noise = {n: np.random.default_rng(0).random((d.count, 1, d.size, d.batch))
             for n, d in game.draws.items()}  # fmt: skip
    for k, of_d in enumerate((0, 1, 0)):
        batch = program.g_batch(noise, k)
        assert np.array_equal(batch["latent"], noise["g_latent"][k])
        assert np.array_equal(batch["real"], noise["real"][of_d, :, :2])
        assert np.array_equal(batch["labels"], noise["real"][of_d, :, 2:])


def test_a_phase_is_bound_to_its_program_and_another_is_refused() -> None:
    aylien = read_experiment("aylien-1d")
    assert isinstance(bind(aylien.game, TOOLS), GameProgram)
    pretrain: Any = aylien.pretrain
    assert isinstance(bind(pretrain, TOOLS), PretrainProgram)
    other: Any = SimpleNamespace(name="posttrain")
    with pytest.raises(TypeError, match="posttrain is neither a game nor a pre-training"):
        bind(other, TOOLS)
