"""How many updates each player made, read off a model's optimizers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

OPTIMIZERS = {
    "d": ("d_optimizer", "disc_optimizer", "discriminator_optimizer", "critic_optimizer"),
    "g": ("g_optimizer", "gen_optimizer", "generator_optimizer"),
}
"""Where a model keeps the optimizers of its players, as Keras' own examples name them."""


class Updates:
    """Counts updates.

    Args:
        model: Whose optimizers.
        told: How many each player makes in a batch, where the user has said it.
    """

    def __init__(self, model: keras.Model, told: Mapping[str, int | None]) -> None:
        self._model, self._told = model, told
        self._counts = self._made()

    def of(self, batches: int) -> dict[str, int]:
        """The updates since the last call, as arguments of ``Monitor.log``."""
        before, self._counts = self._counts, self._made()
        made = {player: count - before[player] for player, count in self._counts.items()}
        told = {p: n * batches for p, n in self._told.items() if n is not None}
        return {f"{player}_updates": count for player, count in (made | told).items()}

    def _made(self) -> dict[str, int]:
        """The updates that each player's optimizer has ever made."""
        found = {}
        for player, names in OPTIMIZERS.items():
            held: list[Any] = [getattr(self._model, name, None) for name in names]
            for optimizer in [o for o in held if o is not None][:1]:
                found[player] = int(optimizer.iterations)
        return found
