"""What the players minimise: values that are known, and what is refused."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy.optimize import minimize_scalar

from gandiag.training import numpy_operations as ops
from gandiag.training.objectives import Objective, gradient_penalty, r1_penalty

SCORES = np.linspace(-6, 6, 25)[None, None]

GAN = {"game": "gan"}
OBJECTIVES: dict[str, dict[str, Any]] = {
    **{f"{g}-{form}": {"generator": g, "form": form} for g, form in itertools.product(
        ("non-saturating", "minimax", "zero-sum"), ("logits", "probabilities", "clipped"))},
    "smoothed": {"smoothing": 0.1},
    "smoothed-minimax": {"smoothing": 0.3, "generator": "minimax"},
    "smoothed-zero-sum": {"smoothing": 0.3, "generator": "zero-sum"},
    "wasserstein": {"game": "wasserstein"},
    "least-squares": {"game": "least-squares"},
    "hinge": {"game": "hinge"},
}  # fmt: skip


def d_loss(objective: Objective, real: float, fake: float) -> float:
    """D's loss where it says one score of all real samples and one of all generated ones."""
    said = (np.full((1, 1, 3), score) for score in (real, fake))
    costs = [
        of(ops, scores).mean()
        for of, scores in zip((objective.real_loss, objective.fake_loss), said, strict=True)
    ]
    return float(sum(costs) * (0.5 if objective.stacked else 1.0))


def g_loss(objective: Objective, real: float, fake: float) -> float:
    """G's loss likewise."""
    if objective.zero_sum:
        return -d_loss(objective, real, fake)
    return float(objective.g_loss(ops, np.full((1, 1, 3), fake)).mean())


def best(objective: Objective) -> float:
    """The score that costs D the least where it cannot tell the two kinds apart."""
    if objective.game == "wasserstein":
        return 0.0  # every score costs the same
    found = minimize_scalar(
        lambda s: d_loss(objective, s, s), bounds=(-3, 3), method="bounded",
        options={"xatol": 1e-10},
    )  # fmt: skip
    return float(found.x)


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("name", OBJECTIVES)
def test_the_equilibrium_is_the_loss_of_the_best_d_on_equal_distributions(
    name: str, stacked: bool
) -> None:
    objective = Objective(**OBJECTIVES[name], stacked=stacked)
    # The hinge is flat between -1 and 1; 0 is the score that favours neither.
    score = 0.0 if name == "hinge" else best(objective)
    lost = (d_loss(objective, score, score), g_loss(objective, score, score))
    assert lost == pytest.approx(objective.equilibrium, abs=1e-7)


def test_the_known_equilibria() -> None:
    two = 2 * math.log(2)
    assert Objective().equilibrium == pytest.approx((two, math.log(2)))
    assert Objective(generator="minimax").equilibrium == pytest.approx((two, -math.log(2)))
    assert Objective(generator="zero-sum", stacked=True).equilibrium == pytest.approx(
        (math.log(2), -math.log(2))
    )
    assert Objective(game="least-squares").equilibrium == (0.25, 0.125)
    assert Objective(game="hinge").equilibrium == (2.0, 0.0)
    assert Objective(game="wasserstein").equilibrium == (0.0, 0.0)


@pytest.mark.parametrize("smoothing", [0.1, 0.3])
def test_a_smoothed_discriminator_answers_less_than_a_half_at_best(smoothing: float) -> None:
    objective = Objective(smoothing=smoothing)
    answer = 1 / (1 + math.exp(-best(objective)))
    assert answer == pytest.approx((1 - smoothing) / 2, abs=1e-6)


def test_smoothing_penalises_a_certain_discriminator() -> None:
    objective = Objective(smoothing=0.2)
    found = minimize_scalar(lambda s: d_loss(objective, s, -50.0), bracket=(0, 3))
    assert 1 / (1 + math.exp(-found.x)) == pytest.approx(0.8, abs=1e-6)


@pytest.mark.parametrize("part", ["real_loss", "fake_loss", "g_loss"])
def test_all_forms_are_the_same_number_where_nothing_overflows(part: str) -> None:
    forms = [
        getattr(Objective(form=form), part)(ops, SCORES)
        for form in ("logits", "probabilities", "clipped")
    ]
    assert forms[1] == pytest.approx(forms[0], rel=1e-9)
    assert forms[2] == pytest.approx(forms[0], rel=1e-9)


def lost_by_certainty(form: Any) -> NDArray[np.float64]:
    """What a wrong and certain discriminator loses: on a real and on a generated sample."""
    objective, far = Objective(form=form), np.full((1, 1, 1), 800.0)
    with np.errstate(divide="ignore"):
        lost = [objective.real_loss(ops, -far), objective.fake_loss(ops, far)]
    return np.concatenate(lost).ravel()


def test_the_loss_of_a_certain_and_wrong_discriminator_is_bounded_by_the_form() -> None:
    assert lost_by_certainty("logits").tolist() == [800, 800]
    assert lost_by_certainty("probabilities").tolist() == [np.inf, np.inf]
    assert lost_by_certainty("clipped") == pytest.approx([5 * math.log(10)] * 2)


def test_an_answer_is_a_probability_in_a_gan_and_a_score_in_another_game() -> None:
    assert Objective().answer(ops, SCORES) == pytest.approx(1 / (1 + np.exp(-SCORES)))
    assert np.array_equal(Objective(game="hinge").answer(ops, SCORES), SCORES)


def test_r1_is_half_the_mean_square_over_the_answers() -> None:
    slope = np.array([[[3.0, 0.0], [4.0, 1.0]]])
    assert r1_penalty(ops, slope, 0.5, 2) == pytest.approx([0.5 / 2 * 26 / 2])


def test_the_gradient_penalty_is_the_squared_distance_of_the_norm_from_one() -> None:
    slope = np.array([[[3.0, 0.0], [4.0, 1.0]], [[0.0, 0.6], [0.0, 0.8]]])
    assert gradient_penalty(ops, slope, 10.0) == pytest.approx([80.0, 5.0])


REFUSED = [
    ({"game": "hinge", "form": "clipped"}, "hinge game has scores and no probabilities"),
    ({"game": "wasserstein", "smoothing": 0.1}, "leave form and smoothing out"),
    ({"game": "hinge", "generator": "minimax"}, 'one generator loss: leave generator = "minimax"'),
    ({"game": "least-squares", "generator": "zero-sum"}, 'leave generator = "zero-sum" out'),
    ({"game": "wasserstein", "generator": "non-saturating"}, "one generator loss"),
    ({"smoothing": 0.5}, "less than 0.5"),
    ({"smoothing": -0.1}, "greater than or equal to 0"),
    ({"r1": -1.0}, "greater than or equal to 0"),
    ({"gradient_penalty": -1.0}, "greater than or equal to 0"),
    ({"instance_noise": -1.0}, "greater than or equal to 0"),
    ({"consensus": -1.0}, "greater than or equal to 0"),
    ({"unrolled": -1}, "greater than or equal to 0"),
    ({"pairing": ((1.0, -1.0),)}, "greater than or equal to 0"),
]


@pytest.mark.parametrize(("wrong", "message"), REFUSED)
def test_what_does_not_fit_the_game_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Objective(**wrong)


def test_a_wasserstein_generator_may_be_called_minimax_which_it_is() -> None:
    plain, named = (Objective(game="wasserstein", generator=g) for g in (None, "minimax"))
    assert np.array_equal(plain.g_loss(ops, SCORES), named.g_loss(ops, SCORES))
