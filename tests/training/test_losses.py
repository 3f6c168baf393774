"""Both players' losses and gradients, against formulas and a linear game.

The gradients here are central differences; those of the engines are in ``tests/runners``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.testing.reference import TOOLS
from gandiag.training.losses import Losses

Small = Callable[..., Experiment]

LINE = {
    "generator.layers": [{"kind": "dense", "units": 2, "bias": False}],
    "discriminator.layers": [{"kind": "dense", "units": 1, "bias": False}],
}
RNG = np.random.default_rng(3)
REAL, LATENT = RNG.standard_normal((2, 1, 2, 12))
G, D = RNG.standard_normal((1, 4)), RNG.standard_normal((1, 2))
FAKE = G.reshape(1, 2, 2) @ LATENT
BATCH = {"real": REAL, "latent": LATENT}


def sigmoid(x: NDArray[Any]) -> NDArray[Any]:
    return 1 / (1 + np.exp(-x))


def score(x: NDArray[Any], d: NDArray[Any] = D) -> NDArray[Any]:
    """Of a linear discriminator, [n]."""
    return (d @ x)[0, 0]


def losses(small: Small, **settings: Any) -> Losses:
    """Of two linear players; settings are written with two underscores for a dot."""
    more = {name.replace("__", "."): value for name, value in settings.items()}
    return Losses(small(LINE | more).game, TOOLS)


def test_the_losses_of_linear_players_and_their_gradients_are_the_formulas(small: Small) -> None:
    both = losses(small)
    d = both.d_gradient({"weights": D}, {"weights": G}, BATCH)
    surprise = -np.log(sigmoid(score(REAL))).mean() - np.log(sigmoid(-score(FAKE))).mean()
    assert d["loss"] == pytest.approx([surprise], rel=1e-12)
    gradient = (sigmoid(score(FAKE)) * FAKE[0] - sigmoid(-score(REAL)) * REAL[0]).mean(1)
    assert d["gradient"][0] == pytest.approx(gradient, rel=1e-6)
    g = both.g_gradient({"weights": G}, {"weights": D}, BATCH)
    assert g["loss"] == pytest.approx([-np.log(sigmoid(score(FAKE))).mean()], rel=1e-12)
    gradient = -np.einsum("n,i,jn->ij", sigmoid(-score(FAKE)), D[0], LATENT[0]) / 12
    assert g["gradient"][0] == pytest.approx(gradient.ravel(), rel=1e-6)


def test_penalties_of_a_linear_critic_are_functions_of_its_weights(small: Small) -> None:
    size = np.linalg.norm(D)
    wasserstein = {"game": "wasserstein"}
    plain, _ = losses(small, objective=wasserstein).d_loss({"weights": D}, REAL, FAKE)
    assert plain == pytest.approx([score(FAKE).mean() - score(REAL).mean()], rel=1e-12)
    for settings, penalty in (
        ({"r1": 3.0}, 3 / 2 * size**2),
        ({"gradient_penalty": 3.0}, 3 * (size - 1) ** 2),
    ):
        mix = {"mix": RNG.random((1, 1, 12))}
        found, _ = losses(small, objective=wasserstein | settings).d_loss(
            {"weights": D}, REAL, FAKE, mix
        )
        assert found - plain == pytest.approx([penalty], rel=1e-6)


def test_the_l2_term_is_in_the_loss_and_returned_separately(small: Small) -> None:
    plain, with_l2 = (
        losses(small, discriminator__l2=weight).d_gradient({"weights": D}, {"weights": G}, BATCH)
        for weight in (0.0, 0.4)
    )
    penalty = 0.4 / 2 * (D**2).sum(1)
    assert "l2" not in plain
    assert with_l2["l2"] == pytest.approx(penalty)
    assert with_l2["loss"] - plain["loss"] == pytest.approx(penalty)
    assert with_l2["gradient"] - plain["gradient"] == pytest.approx(0.4 * D, rel=1e-6)


def test_a_pairing_weights_the_opponents_and_every_member_has_its_own_gradient(
    small: Small,
) -> None:
    teams = {"generator__members": 2, "discriminator__members": 2}
    # Each generator has a discriminator of its own, so two games are played side by side.
    both = losses(small, **teams, objective__pairing=[[1.0, 0.0], [0.0, 1.0]])
    other_g, other_d = G + 1, D - 1
    teams_g, teams_d = (
        {"weights": np.concatenate(pair, axis=1)} for pair in ((G, other_g), (D, other_d))
    )
    found = both.d_gradient(teams_d, teams_g, BATCH), both.g_gradient(teams_g, teams_d, BATCH)
    one = losses(small)
    for k, who in enumerate("dg"):
        alone = [
            (one.d_gradient, one.g_gradient)[k](
                *({"weights": w} for w in ((d, g) if who == "d" else (g, d))), BATCH
            )
            for g, d in ((G, D), (other_g, other_d))
        ]
        assert found[k]["loss"] == pytest.approx((alone[0]["loss"] + alone[1]["loss"]) / 2)
        gradients = np.concatenate([each["gradient"] for each in alone], axis=1)
        assert found[k]["gradient"] == pytest.approx(gradients, rel=1e-5, abs=1e-9)


def test_an_unrolled_generator_meets_the_discriminator_after_its_steps(small: Small) -> None:
    rate = 0.25
    sgd = {"kind": "sgd", "learning_rate": rate}
    critic = {"objective": {"game": "wasserstein", "unrolled": 2}, "discriminator__optimizer": sgd}
    both = losses(small, **critic)
    d = both.game.discriminator.init_state(D)
    found = both.g_gradient({"weights": G}, d, BATCH)
    later = D - 2 * rate * (FAKE - REAL).mean(2)
    assert found["loss"] == pytest.approx([-score(FAKE, later).mean()], rel=1e-6)
