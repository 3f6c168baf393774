"""Both players' losses are their formulas, and their slopes those of the losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.framework

Values = dict[str, NDArray[Any]]
Floats = NDArray[np.float64]
LANE = 1


@pytest.fixture
def losses(backend: str, computed: Callable[[str, str], Values]) -> Values:
    """The losses of the games of losses.py on one backend."""
    found = computed("strategies", backend)
    return {k.removeprefix("loss/"): v for k, v in found.items() if k.startswith("loss/")}


def minus_log(p: Floats) -> Floats:
    return -np.log(p)


def probability(scores: Floats) -> Floats:
    return 1 / (1 + np.exp(-scores))


def clipped(p: Floats) -> Floats:
    return np.clip(p, 1e-5, 1)


Scores = Callable[[Floats], Floats]

SURPRISE: Scores = lambda s: minus_log(probability(s))  # noqa: E731
OPPOSITE: Scores = lambda s: minus_log(1 - probability(s))  # noqa: E731

FORMULAS: dict[str, tuple[Scores, Scores, Scores]] = {
    "non-saturating": (SURPRISE, OPPOSITE, SURPRISE),
    "minimax": (SURPRISE, OPPOSITE, lambda s: -OPPOSITE(s)),
    "probabilities": (SURPRISE, OPPOSITE, SURPRISE),
    "clipped": (
        lambda s: minus_log(clipped(probability(s))),
        lambda s: minus_log(clipped(1 - probability(s))),
        lambda s: minus_log(clipped(probability(s))),
    ),
    "smoothing": (lambda s: 0.8 * SURPRISE(s) + 0.2 * OPPOSITE(s), OPPOSITE, SURPRISE),
    "wasserstein": (lambda s: -s, lambda s: s, lambda s: -s),
    "least-squares": (
        lambda s: (s - 1) ** 2 / 2,
        lambda s: s**2 / 2,
        lambda s: (s - 1) ** 2 / 2,
    ),
    "hinge": (lambda s: np.maximum(1 - s, 0), lambda s: np.maximum(1 + s, 0), lambda s: -s),
    "instance-noise": (SURPRISE, OPPOSITE, SURPRISE),
    "normed": (SURPRISE, OPPOSITE, SURPRISE),
    "conditional": (SURPRISE, OPPOSITE, SURPRISE),
    "teams": (SURPRISE, OPPOSITE, SURPRISE),
}
"""What a real and a generated sample cost D, and a generated one G."""


def mean(costs: Floats) -> Floats:
    """Over members and answers."""
    return costs.mean(axis=(1, 2))


@pytest.mark.parametrize("name", FORMULAS)
def test_a_loss_is_the_mean_of_its_formula_over_the_batch(losses: Values, name: str) -> None:
    real, fake, g = FORMULAS[name]
    d_loss = mean(real(losses[f"{name}/d_real_scores"])) + mean(
        fake(losses[f"{name}/d_fake_scores"])
    )
    assert losses[f"{name}/d_loss"] == pytest.approx(d_loss, rel=1e-12)
    l2 = losses.get(f"{name}/g_l2", 0.0)
    g_loss = mean(g(losses[f"{name}/g_fake_scores"])) + l2
    assert losses[f"{name}/g_loss"] == pytest.approx(g_loss, rel=1e-12)


def test_stacked_rows_halve_the_discriminator_s_loss(losses: Values) -> None:
    assert losses["stacked/d_loss"] == pytest.approx(losses["non-saturating/d_loss"] / 2)
    assert losses["stacked/d_gradient"] == pytest.approx(losses["non-saturating/d_gradient"] / 2)
    assert losses["stacked/g_loss"] == pytest.approx(losses["non-saturating/g_loss"])


@pytest.mark.parametrize("name", ["zero-sum", "zero-sum-stacked"])
def test_a_zero_sum_game_sums_to_zero_with_the_gradient_of_minimax(
    losses: Values, name: str
) -> None:
    assert losses[f"{name}/d_loss"] == pytest.approx(-losses[f"{name}/g_loss"], rel=1e-12)
    scale = 0.5 if "stacked" in name else 1.0
    assert losses[f"{name}/g_gradient"] == pytest.approx(
        scale * losses["minimax/g_gradient"], rel=1e-9
    )


def test_two_classes_are_a_softmax_over_the_stacked_rows(losses: Values) -> None:
    own = losses["two-classes/own_cross_entropy"]
    assert losses["two-classes/d_loss"] == pytest.approx(own, rel=1e-12)


def test_r1_is_half_the_mean_squared_gradient_at_the_real_samples(losses: Values) -> None:
    for name, answers in (("r1", 6), ("packed-r1", 3), ("moments-r1", 1)):
        plain = mean(SURPRISE(losses[f"{name}/d_real_scores"])) + mean(
            OPPOSITE(losses[f"{name}/d_fake_scores"])
        )
        squares = (losses[f"{name}/input_gradients"] ** 2).sum() / answers
        penalty = losses[f"{name}/d_loss"][LANE] - plain[LANE]
        assert penalty == pytest.approx(0.7 / 2 * squares, rel=1e-7)


@pytest.mark.parametrize("name", ["gradient-penalty", "penalised-team"])
def test_the_gradient_penalty_is_the_squared_distance_of_gradient_norms_from_one(
    losses: Values, name: str
) -> None:
    plain = mean(losses[f"{name}/d_fake_scores"]) - mean(losses[f"{name}/d_real_scores"])
    lengths = np.linalg.norm(losses[f"{name}/input_gradients"], axis=0)
    assert len(lengths) == (12 if "team" in name else 6)
    penalty = losses[f"{name}/d_loss"][LANE] - plain[LANE]
    assert penalty == pytest.approx(3 * ((lengths - 1) ** 2).mean(), rel=1e-7)


def test_a_pack_has_one_gradient_norm(losses: Values) -> None:
    name = "penalised-pack"
    plain = mean(losses[f"{name}/d_fake_scores"]) - mean(losses[f"{name}/d_real_scores"])
    slopes = losses[f"{name}/input_gradients"].reshape(
        2, 2, 3, 2
    )  # coordinate, generator, place, pack
    lengths = np.sqrt((slopes**2).sum(axis=(0, 2)))
    penalty = losses[f"{name}/d_loss"][LANE] - plain[LANE]
    assert penalty == pytest.approx(3 * ((lengths - 1) ** 2).mean(), rel=1e-7)


def test_l2_is_half_the_weighted_sum_of_squares_without_biases(losses: Values) -> None:
    for who, weight, shapes in (
        ("d", -0.2, [(8, True), (4, False), (4, True), (1, False)]),
        ("g", 0.3, [(6, True), (3, False), (6, True), (2, False)]),
    ):
        row = losses["l2/weights" if who == "d" else "l2/g_weights"]
        pieces = np.split(row, np.cumsum([count for count, _ in shapes])[:-1], axis=1)
        squares = sum(
            (piece**2).sum(1) for piece, (_, weighs) in zip(pieces, shapes, strict=True) if weighs
        )
        assert losses[f"l2/{who}_l2"] == pytest.approx(weight / 2 * squares, rel=1e-12)
        without = losses[f"non-saturating/{who}_loss"]
        with_l2 = losses[f"l2/{who}_loss"]
        assert with_l2 - without == pytest.approx(weight / 2 * squares, rel=1e-9)


def test_a_pairing_weights_the_opponents_of_every_member(losses: Values) -> None:
    # Lane, discriminator, generator; pairing[generator][discriminator].
    pairing = np.array([[1.0, 0.5], [0.0, 2.0]])
    fake = OPPOSITE(losses["paired/d_fake_scores"]).reshape(2, 2, 2, -1).mean(-1)
    by_d = np.einsum("ldg,gd->ld", fake, pairing / pairing.sum(0))
    real = SURPRISE(losses["paired/d_real_scores"]).mean(-1)
    assert losses["paired/d_loss"] == pytest.approx((by_d + real).mean(1), rel=1e-12)
    fooled = SURPRISE(losses["paired/g_fake_scores"]).reshape(2, 2, 2, -1).mean(-1)
    by_g = np.einsum("ldg,gd->lg", fooled, pairing / pairing.sum(1, keepdims=True))
    assert losses["paired/g_loss"] == pytest.approx(by_g.mean(1), rel=1e-12)


MEMBERS = {
    "teams": {"d": 3, "g": 2},
    "paired": {"d": 2, "g": 2},
    "penalised-team": {"g": 2},
    "penalised-pack": {"g": 2},
}
"""Every member descends its own loss, of which the recorded one is the mean."""


def test_every_gradient_agrees_with_central_differences(losses: Values) -> None:
    names = [n for n in losses if n.endswith("_differences")]
    assert len(names) == 54
    for name in names:
        game, who = name.split("/")[0], name.split("/")[1][0]
        members = MEMBERS.get(game, {}).get(who, 1)
        slope = losses[name.replace("_differences", "_gradient")][LANE]
        assert np.abs(slope).max() > 1e-3, name
        assert slope == pytest.approx(members * losses[name], rel=1e-6, abs=2e-8), name


def test_unrolling_changes_the_generator_s_gradient_and_no_loss_of_d(losses: Values) -> None:
    plain = losses["non-saturating/g_gradient"]
    for name in ("unrolled", "unrolled-adam"):
        assert np.abs(losses[f"{name}/g_gradient"] - plain).max() > 0.01
        assert losses[f"{name}/d_loss"] == pytest.approx(losses["non-saturating/d_loss"])


def test_d_s_averages_move_with_the_real_and_then_with_the_generated_batch(losses: Values) -> None:
    affine, kept = losses["normed/weights"][:, :9], 0.9
    for lane in range(len(affine)):
        matrix, biases = affine[lane, :6].reshape(3, 2), affine[lane, 6:, None]
        average = np.array([0.2] * 3 + [0.5] * 3)
        for what in ("real", "d_fake"):
            seen = matrix @ losses[f"normed/{what}"][lane] + biases
            now = np.concatenate([seen.mean(1), seen.var(1)])
            average = kept * average + (1 - kept) * now
        assert losses["normed/d_memory"][lane] == pytest.approx(average, rel=1e-12)
