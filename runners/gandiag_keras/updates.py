"""Counts the updates of D and G, by a model's optimizers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

OPTIMIZERS = {
    "d": ("d_optimizer", "disc_optimizer", "discriminator_optimizer", "critic_optimizer"),
    "g": ("g_optimizer", "gen_optimizer", "generator_optimizer"),
}
"""The attributes of a model for its players' optimizers, as Keras' own examples name them."""


class Updates:
    """Counts updates.

    Args:
        model: The model with the optimizers.
        declared: The updates of each player in a batch, if the user has passed them.
    """

    def __init__(self, model: keras.Model, declared: Mapping[str, int | None]) -> None:
        self._model, self._declared = model, declared
        self._totals = self._read_totals()

    def since_last_call(self, batches: int) -> dict[str, int]:
        """The updates since the last call, ``batches`` ago, as arguments of ``Monitor.log``."""
        before, self._totals = self._totals, self._read_totals()
        read = {player: total - before[player] for player, total in self._totals.items()}
        declared = {p: n * batches for p, n in self._declared.items() if n is not None}
        return {f"{player}_updates": count for player, count in (read | declared).items()}

    def _read_totals(self) -> dict[str, int]:
        """All updates that each player's optimizer has made."""
        totals = {}
        for player, names in OPTIMIZERS.items():
            optimizers: list[Any] = [getattr(self._model, name, None) for name in names]
            for optimizer in [o for o in optimizers if o is not None][:1]:
                totals[player] = int(optimizer.iterations)
        return totals
