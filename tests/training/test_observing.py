"""What is seen of a game at a log point, of nets small enough to compute by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.training import numpy_operations as ops
from gandiag.training.game import Game
from gandiag.training.losses import Losses
from gandiag.training.observing import STEP, Observer
from gandiag.training.process import Tools

LINE = [{"kind": "dense", "units": 2, "bias": False}]
JUDGE = [{"kind": "dense", "units": 1, "bias": False}]
RNG = np.random.default_rng(3)
REAL, LATENT = RNG.standard_normal((2, 1, 2, 8))
G, OTHER, D = (RNG.standard_normal((1, n)) for n in (4, 4, 2))

Floats = NDArray[np.float64]
Small = Callable[..., Experiment]


def seen(game: Game, g: Any, d: Any, **more: Floats) -> dict[str, Any]:
    """What an observer sees of two players, looking at REAL and LATENT."""
    tools: Any = Tools(ops, None, None, None)  # type: ignore[arg-type]
    observer = Observer(game, Losses(game, tools))
    shown = {"real": REAL, "latent": LATENT, "probe": {}} | more
    state = game.initial(g, d) | {"failed_at": np.array([-1])}
    slopes = (np.array([[3.0, 4.0]]), np.array([[6.0, 8.0]]))
    with np.errstate(invalid="ignore"):  # NumPy warns of NaN, which the frameworks pass on
        return observer.observe(state, observer.prepare(shown), *slopes)


def made(weights: Floats, latent: Floats = LATENT) -> Floats:
    return weights.reshape(2, 2) @ latent


def answers(x: Floats, weights: Floats = D) -> Floats:
    return 1 / (1 + np.exp(-(weights @ x)[:, 0]))


def test_samples_answers_and_norms_are_those_of_the_players(small: Small) -> None:
    found = seen(small({"generator.layers": LINE, "discriminator.layers": JUDGE}).game, G, D)
    assert found["samples"] == pytest.approx(made(G))
    assert found["d_real_answers"] == pytest.approx(answers(REAL))
    assert found["d_fake_answers"] == pytest.approx(answers(made(G)))
    assert found["d_real"] == pytest.approx(answers(REAL).mean(1))
    assert found["d_fake"] == pytest.approx(answers(made(G)).mean(1))
    right = np.concatenate([answers(REAL) > 0.5, answers(made(G)) < 0.5], axis=1)
    assert found["d_accuracy"] == pytest.approx(right.mean(1))
    assert (found["d_grad_norm"], found["g_grad_norm"]) == (5.0, 10.0)
    assert found["d_weight_norm"] == pytest.approx(np.linalg.norm(D))


def test_samples_come_from_the_moving_average_of_the_weights(small: Small) -> None:
    nets = {"generator.layers": LINE, "discriminator.layers": JUDGE}
    game = small(nets | {"generator.average": 0.9}).game
    state = game.initial(G, D) | {"failed_at": np.array([-1])}
    state["g"]["average"] = OTHER  # type: ignore[index]
    tools: Any = Tools(ops, None, None, None)  # type: ignore[arg-type]
    observer = Observer(game, Losses(game, tools))
    shown = observer.prepare({"real": REAL, "latent": LATENT, "probe": {}})
    found = observer.observe(state, shown, D, G)
    assert found["samples"] == pytest.approx(made(OTHER))
    assert found["g_weight_norm"] == pytest.approx(np.linalg.norm(G))


def test_every_generator_makes_its_part_of_the_samples(small: Small) -> None:
    nets = {"generator.layers": LINE, "discriminator.layers": JUDGE, "generator.members": 2}
    found = seen(small(nets).game, np.concatenate([G, OTHER], axis=1), D)
    assert found["samples"][..., :4] == pytest.approx(made(G)[..., :4])
    assert found["samples"][..., 4:] == pytest.approx(made(OTHER)[..., 4:])


def test_the_answer_of_a_team_is_the_mean_of_its_members(small: Small) -> None:
    nets = {"generator.layers": LINE, "discriminator.layers": JUDGE, "discriminator.members": 2}
    found = seen(small(nets).game, G, np.concatenate([D, -3 * D], axis=1))
    expected = (answers(REAL) + answers(REAL, -3 * D)) / 2
    assert found["d_real_answers"] == pytest.approx(expected)


def test_samples_are_normalised_by_the_moving_averages(small: Small) -> None:
    normed = [*LINE, {"kind": "batch-norm", "epsilon": 1e-3}]
    game = small({"generator.layers": normed, "discriminator.layers": JUDGE}).game
    buffers = np.array([[1.0, -2.0, 4.0, 0.25]])
    weights = np.concatenate([G, [[1.0, 1.0, 0.0, 0.0]]], axis=1)
    found = seen(game, (weights, buffers), D)
    mean, variance = buffers.reshape(2, 1, 2, 1)
    assert found["samples"] == pytest.approx((made(G) - mean) / np.sqrt(variance + 1e-3))


def test_a_critic_has_scores_and_no_accuracy(small: Small) -> None:
    nets = {"generator.layers": LINE, "discriminator.layers": JUDGE}
    found = seen(small(nets | {"objective": {"game": "hinge"}}).game, G, D)
    assert found["d_real"] == pytest.approx((D @ REAL)[:, 0].mean(1))
    assert "d_accuracy" not in found


def test_the_plane_has_the_answers_at_its_points(small: Small) -> None:
    points = RNG.standard_normal((1, 2, 9))
    nets = {"generator.layers": LINE, "discriminator.layers": JUDGE}
    found = seen(small(nets).game, G, D, plane=points)
    assert found["plane"] == pytest.approx(answers(points))


def test_the_moves_of_a_linear_generator_are_its_matrix_along_the_directions(small: Small) -> None:
    along = RNG.standard_normal((1, 2, 4))
    ends = np.concatenate([LATENT[..., :4] + STEP * along, LATENT[..., :4] - STEP * along], axis=2)
    nets = {"generator.layers": LINE, "discriminator.layers": JUDGE}
    found = seen(small(nets).game, G, D, latent_ends=ends)
    assert found["latent_moves"] == pytest.approx(made(G, along))


@pytest.mark.parametrize(("weight", "share"), [(0.0, 0.5), (np.nan, np.nan)])
def test_accuracy_is_half_for_equal_scores_and_nan_for_nan_scores(
    small: Small, weight: float, share: float
) -> None:
    nets = {"generator.layers": LINE, "discriminator.layers": JUDGE}
    found = seen(small(nets).game, G, np.full_like(D, weight))
    assert found["d_accuracy"] == pytest.approx([share], nan_ok=True)
