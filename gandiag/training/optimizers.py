"""Optimisers and their learning rates, lane by lane, each with its own place for epsilon.

``update`` takes the state of a player (``weights`` [lane, parameters], ``steps`` [lane, 1] and the
optimiser's own slots) and returns the same keys; nothing is changed in place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Annotated, Literal

from pydantic import Field

from gandiag.spec import Spec
from gandiag.training.operations import Array, Operations

Rate = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, lt=1)]
OptimizerState = Mapping[str, Array]

Root = Callable[[Array], Array]

TINY = 1e-36
"""Its root is 1e-18: negligible next to any epsilon."""


class Decay(Spec):
    """The learning rate times ``factor`` for every ``every`` updates made."""

    factor: Annotated[float, Field(gt=0, le=1)]
    """The factor, in (0, 1]."""
    every: Annotated[int, Field(ge=1)]
    """The number of updates."""
    staircase: bool = True
    """Whether the rate falls in steps, or a little at every update."""

    def apply(self, ops: Operations, steps: Array) -> Array:
        """The factor after ``steps`` updates."""
        periods = steps / self.every
        return ops.power(self.factor, ops.floor(periods) if self.staircase else periods)


class _Optimizer(Spec):
    learning_rate: Rate
    """The learning rate at the start."""
    decay: Decay | None = None
    """How it falls, if it does."""
    optimistic: bool = False
    """Whether the step extrapolates (Daskalakis et al. 2018): twice the step less the one before,
    which the bilinear game needs to converge.
    """

    @property
    def slots(self) -> tuple[str, ...]:
        """The names of the arrays it keeps, each of the weights' shape."""
        return (*self._own_slots, "last_step") if self.optimistic else self._own_slots

    @property
    def _own_slots(self) -> tuple[str, ...]:
        return ()

    def update(
        self, ops: Operations, state: OptimizerState, gradient: Array, differentiable: bool = False
    ) -> dict[str, Array]:
        """One step; an optimistic one is twice this step minus the one before.

        Args:
            ops: The array operations.
            state: The state of the player.
            gradient: The gradient [lane, parameters].
            differentiable: Whether a gradient will be taken through this step.
        """
        step, kept = self._step(
            ops, state, gradient, _safe_root(ops) if differentiable else ops.sqrt
        )
        kept["steps"] = state["steps"] + 1
        if not self.optimistic:
            return kept | {"weights": state["weights"] + step}
        moved = state["weights"] + (2 * step - state["last_step"])
        return kept | {"weights": moved, "last_step": step}

    def _step(
        self, ops: Operations, state: OptimizerState, gradient: Array, root: Root
    ) -> tuple[Array, dict[str, Array]]:
        """What is added to the weights, and the slots after it."""
        raise NotImplementedError

    def rate(self, ops: Operations, steps: Array) -> Array | float:
        """The learning rate of the next update, where ``steps`` were made."""
        if self.decay is None:
            return self.learning_rate
        return self.learning_rate * self.decay.apply(ops, steps)


class SGD(_Optimizer):
    """Gradient descent, with momentum."""

    kind: Literal["sgd"]
    momentum: Share = 0.0
    """0 for none."""
    momentum_form: Literal["torch", "keras"] = "torch"
    """Where the learning rate enters: ``"torch"`` w -= rate · v, or ``"keras"`` v = momentum · v -
    rate · g. They differ only while the rate changes.
    """

    @property
    def _own_slots(self) -> tuple[str, ...]:
        return ("velocity",) if self.momentum else ()

    def _step(
        self, ops: Operations, state: OptimizerState, gradient: Array, root: Root
    ) -> tuple[Array, dict[str, Array]]:
        rate = self.rate(ops, state["steps"])
        if not self.momentum:
            return -rate * gradient, {}
        if self.momentum_form == "keras":
            velocity = self.momentum * state["velocity"] - rate * gradient
            return velocity, {"velocity": velocity}
        velocity = self.momentum * state["velocity"] + gradient
        return -rate * velocity, {"velocity": velocity}


class RMSprop(_Optimizer):
    """Division by a running root mean square (Tieleman & Hinton 2012)."""

    kind: Literal["rmsprop"]
    rho: Share = 0.9
    """How much of the mean square is kept."""
    epsilon: Rate = 1e-8
    """The safeguard of the division."""
    epsilon_form: Literal["torch", "keras"] = "torch"
    """``"torch"`` sqrt(v) + epsilon, or ``"keras"`` sqrt(v + epsilon)."""

    @property
    def _own_slots(self) -> tuple[str, ...]:
        return ("mean_square",)

    def _step(
        self, ops: Operations, state: OptimizerState, gradient: Array, root: Root
    ) -> tuple[Array, dict[str, Array]]:
        square = self.rho * state["mean_square"] + (1 - self.rho) * gradient * gradient
        if self.epsilon_form == "torch":
            scale = root(square) + self.epsilon
        else:
            scale = ops.sqrt(square + self.epsilon)
        return -self.rate(ops, state["steps"]) * gradient / scale, {"mean_square": square}


class Adam(_Optimizer):
    """Adaptive moments (Kingma & Ba 2015)."""

    kind: Literal["adam"]
    beta1: Share = 0.9
    """How much of the mean is kept."""
    beta2: Share = 0.999
    """How much of the mean square is kept."""
    epsilon: Rate = 1e-8
    """The safeguard of the division."""
    epsilon_form: Literal["torch", "keras"] = "torch"
    """``"torch"`` adds it after the bias correction of the root; ``"keras"`` before (the paper's
    "epsilon hat").
    """

    @property
    def _own_slots(self) -> tuple[str, ...]:
        return ("first_moment", "second_moment")

    def _step(
        self, ops: Operations, state: OptimizerState, gradient: Array, root: Root
    ) -> tuple[Array, dict[str, Array]]:
        steps = state["steps"] + 1
        first = self.beta1 * state["first_moment"] + (1 - self.beta1) * gradient
        second = self.beta2 * state["second_moment"] + (1 - self.beta2) * gradient * gradient
        bias1 = 1 - ops.power(self.beta1, steps)
        root_bias2 = ops.sqrt(1 - ops.power(self.beta2, steps))
        rate = self.rate(ops, state["steps"]) / bias1
        if self.epsilon_form == "torch":
            step = rate * first / (root(second) / root_bias2 + self.epsilon)
        else:
            step = rate * root_bias2 * first / (root(second) + self.epsilon)
        return -step, {"first_moment": first, "second_moment": second}


def _safe_root(ops: Operations) -> Root:
    """A square root whose gradient at 0 is 0, where the true one has none."""
    return lambda square: ops.sqrt(ops.clip(square, TINY, math.inf))


Optimizer = Annotated[SGD | RMSprop | Adam, Field(discriminator="kind")]
