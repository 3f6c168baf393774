"""The optimisers' steps in closed form; ``tests/runners`` compares them with the frameworks'."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gandiag.training import numpy_operations as ops
from gandiag.training.optimizers import SGD, Adam, Decay, RMSprop

GRADIENTS = np.random.default_rng(0).standard_normal((5, 2, 3))


def path(optimizer: Any, gradients: NDArray[Any] = GRADIENTS) -> NDArray[Any]:
    """The steps that an optimiser makes from 0, [update, lane, parameter]."""
    start = np.zeros(gradients.shape[1:])
    state = {"weights": start, "steps": np.zeros((len(start), 1))}
    state |= dict.fromkeys(optimizer.slots, start)
    places = [start]
    for gradient in gradients:
        before, state = state, optimizer.update(ops, state, gradient)
        assert state.keys() == before.keys()
        places.append(state["weights"])
    return np.diff(places, axis=0)


def test_momentum_sums_the_gradients_geometrically() -> None:
    found = path(SGD(kind="sgd", learning_rate=0.5, momentum=0.9))
    for k in range(5):
        velocity = sum(0.9 ** (k - j) * GRADIENTS[j] for j in range(k + 1))
        assert found[k] == pytest.approx(-0.5 * velocity, rel=1e-12)


def test_the_forms_of_momentum_differ_only_once_the_rate_falls() -> None:
    falls: dict[str, Any] = {"learning_rate": 0.5, "momentum": 0.9}
    falls["decay"] = Decay(factor=0.1, every=3)
    torch, keras = (
        path(SGD(kind="sgd", momentum_form=form, **falls)) for form in ("torch", "keras")
    )
    assert torch[:3] == pytest.approx(keras[:3], rel=1e-12)
    # With "keras" the velocity has the rate in it, and so keeps the one of its time.
    assert keras[3] == pytest.approx(0.9 * keras[2] - 0.05 * GRADIENTS[3], rel=1e-12)
    assert torch[3] == pytest.approx(0.1 * 0.9 * torch[2] - 0.05 * GRADIENTS[3], rel=1e-12)


FORGETFUL = [
    RMSprop(kind="rmsprop", learning_rate=0.1, rho=0.0),
    Adam(kind="adam", learning_rate=0.1, beta1=0.0, beta2=0.0),
]


@pytest.mark.parametrize("optimizer", FORGETFUL, ids=lambda optimizer: optimizer.kind)
def test_without_memory_the_step_is_the_rate_against_the_sign(optimizer: Any) -> None:
    assert path(optimizer) == pytest.approx(-0.1 * np.sign(GRADIENTS), rel=1e-6)


def test_adam_s_first_step_is_the_rate_whatever_the_betas() -> None:
    for beta1, beta2 in ((0.9, 0.999), (0.5, 0.9)):
        found = path(Adam(kind="adam", learning_rate=0.1, beta1=beta1, beta2=beta2))
        assert found[0] == pytest.approx(-0.1 * np.sign(GRADIENTS[0]), rel=1e-6)


def test_epsilon_is_where_each_form_puts_it() -> None:
    g = np.full((1, 1, 1), 0.3)
    root = np.sqrt(0.1) * 0.3  # of the mean square after one update
    for form, expected in (("torch", root + 0.5), ("keras", np.sqrt(root**2 + 0.5))):
        found = path(RMSprop(kind="rmsprop", learning_rate=1.0, epsilon=0.5, epsilon_form=form), g)
        assert found.item() == pytest.approx(-0.3 / expected)
    for form, expected in (("torch", 0.3 + 0.5), ("keras", 0.3 + 0.5 / np.sqrt(0.001))):
        found = path(Adam(kind="adam", learning_rate=1.0, epsilon=0.5, epsilon_form=form), g)
        assert found.item() == pytest.approx(-0.3 / expected)


def test_an_optimistic_step_is_twice_this_one_less_the_last() -> None:
    plain, optimistic = (
        path(Adam(kind="adam", learning_rate=0.1, optimistic=flag)) for flag in (False, True)
    )
    assert optimistic[0] == pytest.approx(2 * plain[0], rel=1e-12)
    assert optimistic[1:] == pytest.approx(2 * plain[1:] - plain[:-1], rel=1e-12)


@pytest.mark.parametrize(("staircase", "powers"), [(True, [0, 0, 0, 0, 1]),
                                                   (False, [0, 0.25, 0.5, 0.75, 1])])  # fmt: skip
def test_the_rate_falls_by_the_factor_every_few_updates(
    staircase: bool, powers: list[float]
) -> None:
    decay = Decay(factor=0.5, every=4, staircase=staircase)
    found = path(SGD(kind="sgd", learning_rate=1.0, decay=decay), np.ones((5, 1, 1)))
    assert found.ravel() == pytest.approx([-(0.5**power) for power in powers])
