"""A point mass: the data of the Dirac-GAN (Mescheder et al. 2018)."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from gandiag.data.dataset import Dataset


class Point(Dataset):
    """All of the probability at one point of the line."""

    kind: Literal["point"]
    at: float = 0.0
    """Where it is."""
    shape: ClassVar = (1,)
    classes: ClassVar = 0

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Writes the point into ``out`` [..., 1, batch]; nothing is random."""
        out[...] = self.at

    def cdf(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The cumulative distribution function, a step, at ``x``."""
        return np.asarray(x >= self.at, dtype=np.float64)

    def quantile(self, p: NDArray[np.float64]) -> NDArray[np.float64]:
        """The point, for every probability."""
        return np.full(np.shape(p), self.at)

    def mean_distance(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """|at - x|."""
        return np.abs(np.asarray(x, dtype=np.float64) - self.at)

    @property
    def self_distance(self) -> float:
        """E|X - X'|: two draws are the same point."""
        return 0.0
