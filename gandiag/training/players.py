"""A player of the game: its network, its optimiser, and its state in training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from gandiag.training.layers import Pass
from gandiag.training.network import Network
from gandiag.training.operations import Array, Operations
from gandiag.training.optimizers import Optimizer
from gandiag.training.views import View

TrainState = dict[str, Array]
"""The state of a player in training: ``weights`` [lane, parameters], ``steps`` [lane, 1], the
optimiser's slots [lane, parameters], and where there are such the buffers of its layers (``memory``
[lane, n]) and a moving average of its weights (``average``); and statistics of its losses since the
last log point, each [lane]. The keys are the names in a checkpoint."""

Variables = Mapping[str, Array]
"""What a network is run with: ``weights``, and the buffers (``memory``) where there are any."""

EMPTY_LOSS_STATISTICS = {
    "loss_sum": 0.0,
    "loss_count": 0.0,
    "loss_min": np.inf,
    "loss_max": -np.inf,
    "loss_last": np.nan,
    "l2_sum": 0.0,
}
"""The statistics at a log point, before any update."""

Floats = NDArray[np.floating]


class Player(Network):
    """A network and the optimiser that trains it."""

    optimizer: Optimizer
    """The optimiser, with every constant."""
    members: Annotated[int, Field(ge=1)] = 1
    """How many networks of this shape the player has, each with weights of its own: several
    generators make a part of the samples each, several discriminators judge all samples.
    """
    l2: float = 0.0
    """The weight of half the sum of its squared weights, biases apart, in its loss; a negative one
    rewards large weights.
    """
    clip_gradient: Annotated[float, Field(gt=0)] | None = None
    """The largest Euclidean norm of its gradient; a longer one is shortened."""
    clip_weights: Annotated[float, Field(gt=0)] | None = None
    """What its weights are cut at after each update, both ways (Wasserstein GAN)."""
    average: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """How much is kept at each update by a moving average of its weights, which then generates
    the samples that are recorded; 0 for none.
    """

    def init_state(self, weights: Floats, buffers: Floats | None = None) -> dict[str, Floats]:
        """The state before the first update.

        Args:
            weights: [lane, parameters], member after member.
            buffers: The buffers of its layers [lane, n], or None for nothing.
        """
        lanes, kind = len(weights), weights.dtype
        state = {"weights": weights, "steps": np.zeros((lanes, 1), kind)}
        state |= {slot: np.zeros_like(weights) for slot in self.optimizer.slots}
        if buffers is not None and buffers.shape[1]:
            state["memory"] = buffers
        if self.average:
            state["average"] = weights.copy()
        names = [name for name in EMPTY_LOSS_STATISTICS if self.l2 or name != "l2_sum"]
        return state | {name: np.full(lanes, EMPTY_LOSS_STATISTICS[name], kind) for name in names}

    def draw(self, inputs: int, rng: np.random.Generator, classes: int = 0) -> NDArray[np.float32]:
        """Draws the weights of one lane, member after member, shape [parameters]."""
        return np.concatenate([self.initial(inputs, rng, classes) for _ in range(self.members)])

    def draw_buffers(
        self, inputs: int, rng: np.random.Generator, classes: int = 0
    ) -> NDArray[np.float32]:
        """Draws the first buffers of one lane, member after member."""
        drawn = [self.initial_buffers(inputs, rng, classes) for _ in range(self.members)]
        return np.concatenate(drawn)

    def variables(self, state: TrainState) -> Variables:
        """The part of the state that its networks are run with."""
        return {name: state[name] for name in ("weights", "memory") if name in state}

    def run(self, variables: Variables, x: Array, context: Pass) -> Array:
        """Maps x [lane, inputs, batch] to [lane, members, outputs, batch]."""
        ops, members = context.ops, self.members
        if members == 1:
            y = self.apply(variables["weights"], x, context)
            return y[:, None]
        labels = None if context.labels is None else _for_each(ops, context.labels, members)
        inner = Pass(
            ops, _folded(ops, context.buffers, members), labels, context.batches, context.sampling
        )
        y = self.apply(
            _folded(ops, variables["weights"], members), _for_each(ops, x, members), inner
        )
        if inner.buffers is not None:
            context.buffers = ops.reshape(inner.buffers, (-1, members * inner.buffers.shape[1]))
        return ops.reshape(y, (-1, members, *y.shape[1:]))

    def penalty(self, ops: Operations, weights: Array, inputs: int, classes: int) -> Array:
        """The L2 term of its loss, a mean over the members, [lane]."""
        folded = _folded(ops, weights, self.members)
        squares = self.squares(ops, folded, inputs, classes)
        per_member = ops.reshape(squares, (-1, self.members))
        return ops.sum(per_member, 1) * (0.5 * self.l2 / self.members)

    def update(
        self,
        ops: Operations,
        state: TrainState,
        result: Mapping[str, Array],
        differentiable: bool = False,
    ) -> TrainState:
        """One update.

        Args:
            ops: The array operations.
            state: The state before it.
            result: ``"loss"`` [lane], its ``"gradient"`` [lane, parameters], and where there are
                such its part ``"l2"`` [lane] and ``"memory"``, the buffers after the run.
            differentiable: Whether a gradient will be taken through this update.
        """
        gradient = result["gradient"]
        if self.clip_gradient is not None:
            length = ops.sqrt(ops.sum(gradient * gradient, 1) + 1e-24)[:, None]
            gradient = gradient * ops.clip(self.clip_gradient / length, 0.0, 1.0)
        after = dict(self.optimizer.update(ops, state, gradient, differentiable))
        if self.clip_weights is not None:
            after["weights"] = ops.clip(after["weights"], -self.clip_weights, self.clip_weights)
        if self.average:
            kept = self.average * state["average"]
            after["average"] = kept + (1 - self.average) * after["weights"]
        if "memory" in state:
            after["memory"] = result["memory"]
        after |= _updated_loss_statistics(ops, state, result)
        return {name: after[name] for name in state}


class Discriminator(Player):
    """The player that judges samples."""

    sees: View
    """What it is given of the samples."""

    @property
    def depends_on_batch(self) -> bool:
        """Whether an answer about a sample depends on other samples."""
        return self.sees.whole_batch or self.uses_batch_statistics


def _updated_loss_statistics(
    ops: Operations, state: TrainState, result: Mapping[str, Array]
) -> TrainState:
    """The statistics with one more loss."""
    loss = result["loss"]
    statistics = {
        "loss_sum": state["loss_sum"] + loss,
        "loss_count": state["loss_count"] + 1,
        "loss_min": ops.minimum(state["loss_min"], loss),
        "loss_max": ops.maximum(state["loss_max"], loss),
        "loss_last": loss,
    }
    if "l2_sum" in state:
        statistics["l2_sum"] = state["l2_sum"] + result["l2"]
    return statistics


def _folded(ops: Operations, rows: Array | None, members: int) -> Array | None:
    """Rows [lane, members · n] as [lane · members, n]."""
    if rows is None or members == 1:
        return rows
    return ops.reshape(rows, (-1, rows.shape[1] // members))


def _for_each(ops: Operations, x: Array, members: int) -> Array:
    """The same x [lane, n, batch] for every member, [lane · members, n, batch]."""
    return ops.reshape(ops.concat([x[:, None]] * members, 1), (-1, *x.shape[1:]))
