"""A training in NumPy, with gradients by central differences: slow, and right without a framework.

It runs the mathematics of `gandiag.training` over `gandiag.training.numpy_operations` in float64.
One evaluation of a loss is needed for each side of each weight, so it is for small networks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.experiment.experiment import Experiment
from gandiag.training import numpy_operations
from gandiag.training.layers.spectral import Normed
from gandiag.training.operations import PerLane
from gandiag.training.playing import bind
from gandiag.training.process import Process, Program, State, Tools

STEP = 1e-5
"""How far a weight is moved either way, in its own units."""

MOST_WEIGHTS = 300
"""Of both players together, times the updates of a player in an iteration."""

MOST_WEIGHTS_NESTED = 50
"""The same where the loss has a gradient in it (R1, unrolling): the cost is a product of two."""


def gradient(f: PerLane) -> Callable[[Any], tuple[Any, Any]]:
    """Turns f: [lane, ...] -> [lane] into x -> (f(x), df/dx), by central differences."""

    def transformed(x: NDArray[Any]) -> tuple[Any, Any]:
        differences = np.empty_like(x)
        for place in np.ndindex(x.shape[1:]):
            step = np.zeros_like(x)
            step[(slice(None), *place)] = STEP
            differences[(slice(None), *place)] = (f(x + step) - f(x - step)) / (2 * STEP)
        return f(x), differences  # f is called last, so that what it records is that at x

    return transformed


def repeat(count: int, body: Callable[[Any, State], State], state: State) -> State:
    """Applies ``state = body(k, state)`` for k below ``count``."""
    for k in range(count):
        state = body(k, state)
    return state


TOOLS: Any = Tools(numpy_operations, gradient, repeat, lambda update: update)


def reference_program(process: Process, tools: Tools = TOOLS) -> Program:
    """A phase of a training run that computes in NumPy; its arrays have to be of float64."""
    return bind(process, tools)


def is_comparable(experiment: Experiment) -> bool:
    """Whether an update can be computed by differences: few weights, no gradient that is cut.

    A spectral norm and the deviations of a batch hold some of their values constant in the
    gradient, which differences cannot.
    """
    game = experiment.game
    players = (
        (game.discriminator, game.d_inputs, game.d_classes),
        (game.generator, game.latent_size, game.g_classes),
    )
    weights = sum(p.members * p.count(inputs, classes) for p, inputs, classes in players)
    layers = [layer for player, _, _ in players for layer in player.layers]
    spectral = any(isinstance(layer, Normed) and layer.spectral_norm for layer in layers)
    if spectral or getattr(game.discriminator.sees, "deviations", False):
        return False
    loss = game.objective
    nested = loss.unrolled or loss.r1 or loss.gradient_penalty or loss.consensus
    weights *= max(game.schedule.d_steps, game.schedule.g_steps)
    return weights <= (MOST_WEIGHTS_NESTED if nested else MOST_WEIGHTS)


def as_float64(tree: Mapping[str, Any], lane: int, axis: int = 0) -> dict[str, Any]:
    """One lane of nested arrays, which keeps its axis; numbers that are not whole as float64."""
    return {
        name: as_float64(value, lane, axis)
        if isinstance(value, Mapping)
        else _float64(np.take(value, [lane], axis))
        for name, value in tree.items()
    }


def _float64(array: NDArray[Any]) -> NDArray[Any]:
    return array.astype(np.float64) if array.dtype.kind == "f" else array
