"""The data and the game of a simulated run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gandiag.analysis.record import Expected
from gandiag.selftest.noise import Floats

DataKind = Literal["line", "modes", "features"]

MODE_STD = 0.02
"""The standard deviation within a mode, in standard deviations of the data."""

SAMPLES = 2500
"""How many samples are measured at every log point."""

EQUILIBRIA = {
    "gan": (2 * np.log(2), np.log(2)),
    "scaled": (np.log(2), np.log(2)),
    "wasserstein": (0.0, None),
}
"""D's and G's loss in every game when D cannot tell real from generated samples."""


@dataclass(frozen=True, eq=False)
class Target:
    """What the generator should learn, and the losses of the game.

    Attributes:
        kind: "line" is one dimension, "modes" a plane with known modes, "features" many dimensions
            without known modes.
        game: The losses: "gan", "scaled" (D's loss halved) or "wasserstein".
        scale: The standard deviation of the data along every axis.
        centre: The mean of the data along every axis.
        modes: The number of known modes; 0 if none are known.
    """

    kind: DataKind
    game: str
    scale: float
    centre: float
    modes: int = 0

    @property
    def centres(self) -> Floats:
        """The centres of the modes [mode, axis], of mean 0 and std 1: a ring, or a grid if 25."""
        if self.modes == 25:
            side = np.arange(5) - 2.0
            grid = np.stack(np.meshgrid(side, side, indexing="ij"), -1).reshape(-1, 2)
            return np.asarray(grid / np.sqrt(2.0))
        angle = 2 * np.pi * np.arange(self.modes) / max(self.modes, 1)
        return np.asarray(np.sqrt(2.0) * np.stack([np.cos(angle), np.sin(angle)], -1))

    @property
    def expected(self) -> Expected:
        """The expected values that the diagnosis knows."""
        d_loss, g_loss = EQUILIBRIA[self.game]
        if self.kind == "features":
            return Expected(spread=self.scale, d_loss=d_loss, g_loss=g_loss)
        if self.kind == "line":
            mean, std = np.array([self.centre]), np.array([self.scale])
            return Expected(mean, std, skew=0.0, kurtosis=0.0, d_loss=d_loss, g_loss=g_loss)
        return Expected(
            mean=np.full(2, self.centre),
            std=np.full(2, self.scale * np.hypot(1.0, MODE_STD)),
            modes=tuple(str(k) for k in range(self.modes)),
            shares=np.full(self.modes, 1 / self.modes),
            share_column="mode_share",
            d_loss=d_loss,
            g_loss=g_loss,
        )
