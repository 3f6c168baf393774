"""A player of the game: its network, its optimiser, and what it holds while it trains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.training.network import Network
from gandiag.training.operations import Array, Operations
from gandiag.training.optimizers import Optimizer
from gandiag.training.views import View

Holding = dict[str, Array]
"""What a player holds: weights [lane, parameters], steps [lane, 1], the optimiser's slots
[lane, parameters], and the tally of its losses since the last log point, each [lane]."""

EMPTY_TALLY = {"loss_sum": 0.0, "loss_min": np.inf, "loss_max": -np.inf, "loss_last": np.nan}
"""The tally at a log point, before any update."""


class Player(Network):
    """A network and the optimiser that trains it.

    Attributes:
        optimizer: The optimiser, with every constant.
    """

    optimizer: Optimizer

    def hold(self, weights: NDArray[np.floating]) -> dict[str, NDArray[np.floating]]:
        """What the player holds before its first update, from weights [lane, parameters]."""
        lanes = len(weights)
        slots = {slot: np.zeros_like(weights) for slot in self.optimizer.slots}
        tally = {name: np.full(lanes, v, weights.dtype) for name, v in EMPTY_TALLY.items()}
        return {"weights": weights, "steps": np.zeros((lanes, 1), weights.dtype)} | slots | tally

    def learn(self, ops: Operations, held: Holding, loss: Array, gradient: Array) -> Holding:
        """One update from a loss [lane] and its gradient [lane, parameters]."""
        tally = {
            "loss_sum": held["loss_sum"] + loss,
            "loss_min": ops.minimum(held["loss_min"], loss),
            "loss_max": ops.maximum(held["loss_max"], loss),
            "loss_last": loss,
        }
        after = self.optimizer.update(ops, held, gradient) | tally
        return {name: after[name] for name in held}


class Discriminator(Player):
    """A player that is shown something of the samples.

    Attributes:
        sees: What it is shown.
    """

    sees: View
