"""A player of the game: its network, its optimiser, and what it holds while it trains."""

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

Holding = dict[str, Array]
"""What a player holds: weights [lane, parameters], steps [lane, 1], the optimiser's slots
[lane, parameters], what its layers remember ("memory" [lane, n]) and a moving average of its
weights ("average"), where there are such, and the tally of its losses since the last log point,
each [lane]."""

Body = Mapping[str, Array]
"""What of a holding a network is run with: weights, and memory where there is one."""

EMPTY_TALLY = {
    "loss_sum": 0.0,
    "loss_count": 0.0,
    "loss_min": np.inf,
    "loss_max": -np.inf,
    "loss_last": np.nan,
    "l2_sum": 0.0,
}
"""The tally at a log point, before any update."""

Floats = NDArray[np.floating]


class Player(Network):
    """A network and the optimiser that trains it."""

    optimizer: Optimizer
    """The optimiser, with every constant."""
    members: Annotated[int, Field(ge=1)] = 1
    """How many networks of this shape play this part, each with weights of its own: several
    generators make a part of the samples each, several discriminators judge all.
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
    """How much is kept at each update by a moving average of its weights, which then makes the
    samples that are looked at; 0 for none.
    """

    def hold(self, weights: Floats, memory: Floats | None = None) -> dict[str, Floats]:
        """What the player holds before its first update.

        Args:
            weights: [lane, parameters], member after member.
            memory: What its layers remember [lane, n], or None for nothing.
        """
        lanes, kind = len(weights), weights.dtype
        held = {"weights": weights, "steps": np.zeros((lanes, 1), kind)}
        held |= {slot: np.zeros_like(weights) for slot in self.optimizer.slots}
        if memory is not None and memory.shape[1]:
            held["memory"] = memory
        if self.average:
            held["average"] = weights.copy()
        names = [name for name in EMPTY_TALLY if self.l2 or name != "l2_sum"]
        return held | {name: np.full(lanes, EMPTY_TALLY[name], kind) for name in names}

    def draw(self, inputs: int, rng: np.random.Generator, classes: int = 0) -> NDArray[np.float32]:
        """Draws the weights of one lane, member after member, shape [parameters]."""
        return np.concatenate([self.initial(inputs, rng, classes) for _ in range(self.members)])

    def draw_memory(
        self, inputs: int, rng: np.random.Generator, classes: int = 0
    ) -> NDArray[np.float32]:
        """Draws what one lane remembers at the start, member after member."""
        drawn = [self.initial_memory(inputs, rng, classes) for _ in range(self.members)]
        return np.concatenate(drawn)

    def body(self, held: Holding) -> Body:
        """What of a holding its networks are run with."""
        return {name: held[name] for name in ("weights", "memory") if name in held}

    def run(self, body: Body, x: Array, how: Pass) -> Array:
        """Maps x [lane, inputs, batch] to [lane, members, outputs, batch]."""
        ops, members = how.ops, self.members
        if members == 1:
            y = self.apply(body["weights"], x, how)
            return y[:, None]
        labels = None if how.labels is None else _for_each(ops, how.labels, members)
        inner = Pass(ops, _folded(ops, how.memory, members), labels, how.batches, how.sampling)
        y = self.apply(_folded(ops, body["weights"], members), _for_each(ops, x, members), inner)
        if inner.memory is not None:
            how.memory = ops.reshape(inner.memory, (-1, members * inner.memory.shape[1]))
        return ops.reshape(y, (-1, members, *y.shape[1:]))

    def penalty(self, ops: Operations, weights: Array, inputs: int, classes: int) -> Array:
        """The L2 term of its loss, a mean over the members, [lane]."""
        folded = _folded(ops, weights, self.members)
        squares = self.squares(ops, folded, inputs, classes)
        per_member = ops.reshape(squares, (-1, self.members))
        return ops.sum(per_member, 1) * (0.5 * self.l2 / self.members)

    def learn(
        self,
        ops: Operations,
        held: Holding,
        found: Mapping[str, Array],
        seen_through: bool = False,
    ) -> Holding:
        """One update.

        Args:
            ops: The array operations.
            held: What the player holds.
            found: ``"loss"`` [lane], its ``"slope"`` [lane, parameters], and where there are such
                its part ``"l2"`` [lane] and the ``"memory"`` after the run.
            seen_through: Whether a gradient will go through this update.
        """
        slope = found["slope"]
        if self.clip_gradient is not None:
            length = ops.sqrt(ops.sum(slope * slope, 1) + 1e-24)[:, None]
            slope = slope * ops.clip(self.clip_gradient / length, 0.0, 1.0)
        after = dict(self.optimizer.update(ops, held, slope, seen_through))
        if self.clip_weights is not None:
            after["weights"] = ops.clip(after["weights"], -self.clip_weights, self.clip_weights)
        if self.average:
            kept = self.average * held["average"]
            after["average"] = kept + (1 - self.average) * after["weights"]
        if "memory" in held:
            after["memory"] = found["memory"]
        after |= _tallied(ops, held, found)
        return {name: after[name] for name in held}


class Discriminator(Player):
    """A player that is shown something of the samples."""

    sees: View
    """What it is shown."""

    @property
    def judges_batches(self) -> bool:
        """Whether an answer depends on more than the samples it is about."""
        return self.sees.whole_batch or self.by_batch


def _tallied(ops: Operations, held: Holding, found: Mapping[str, Array]) -> Holding:
    """The tally with one more loss."""
    loss = found["loss"]
    tally = {
        "loss_sum": held["loss_sum"] + loss,
        "loss_count": held["loss_count"] + 1,
        "loss_min": ops.minimum(held["loss_min"], loss),
        "loss_max": ops.maximum(held["loss_max"], loss),
        "loss_last": loss,
    }
    if "l2_sum" in held:
        tally["l2_sum"] = held["l2_sum"] + found["l2"]
    return tally


def _folded(ops: Operations, rows: Array | None, members: int) -> Array | None:
    """Rows [lane, members · n] as [lane · members, n]."""
    if rows is None or members == 1:
        return rows
    return ops.reshape(rows, (-1, rows.shape[1] // members))


def _for_each(ops: Operations, x: Array, members: int) -> Array:
    """The same x [lane, n, batch] for every member, [lane · members, n, batch]."""
    return ops.reshape(ops.concat([x[:, None]] * members, 1), (-1, *x.shape[1:]))
