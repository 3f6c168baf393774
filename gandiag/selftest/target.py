"""The data of a simulated run: their scale, their place, their modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gandiag.analysis.record import Expected
from gandiag.selftest.noise import Floats

Family = Literal["line", "modes", "features"]

WITHIN = 0.02
"""The standard deviation within a mode, in that of the data."""

SAMPLES = 2500
"""How many samples are measured at every log point."""

EQUILIBRIA = {
    "gan": (2 * np.log(2), np.log(2)),
    "scaled": (np.log(2), np.log(2)),
    "wasserstein": (0.0, None),
}
"""Of every game, D's and G's loss where D cannot tell the samples apart."""


@dataclass(frozen=True, eq=False)
class Target:
    """What the generator should learn, and the game that teaches it.

    Attributes:
        family: On a line, a plane of known modes, or features without known modes.
        game: The losses: of a GAN, the same with D's halved ("scaled"), or Wasserstein's.
        scale: The standard deviation of the data, an axis.
        centre: Their mean, on every axis.
        modes: How many modes they have; 0 where none are known.
    """

    family: Family
    game: str
    scale: float
    centre: float
    modes: int = 0

    @property
    def centres(self) -> Floats:
        """Where the modes lie [mode, axis]: standard deviation 1, mean 0; a ring or a grid."""
        if self.modes == 25:
            side = np.arange(5) - 2.0
            grid = np.stack(np.meshgrid(side, side, indexing="ij"), -1).reshape(-1, 2)
            return np.asarray(grid / np.sqrt(2.0))
        angle = 2 * np.pi * np.arange(self.modes) / max(self.modes, 1)
        return np.asarray(np.sqrt(2.0) * np.stack([np.cos(angle), np.sin(angle)], -1))

    @property
    def expected(self) -> Expected:
        """What is known of it where the run is diagnosed."""
        d_loss, g_loss = EQUILIBRIA[self.game]
        if self.family == "features":
            return Expected(spread=self.scale, d_loss=d_loss, g_loss=g_loss)
        if self.family == "line":
            mean, std = np.array([self.centre]), np.array([self.scale])
            return Expected(mean, std, skew=0.0, kurtosis=0.0, d_loss=d_loss, g_loss=g_loss)
        return Expected(
            mean=np.full(2, self.centre),
            std=np.full(2, self.scale * np.hypot(1.0, WITHIN)),
            modes=tuple(str(k) for k in range(self.modes)),
            shares=np.full(self.modes, 1 / self.modes),
            share_column="mode_share",
            d_loss=d_loss,
            g_loss=g_loss,
        )
