"""Cells that contain the same share of the data, in which samples are counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVELS = {1: 5, 2: 4}
"""How often the cells are halved at most, by the number of coordinates: 32 cells on the line, and
16 in the plane, so that a good ring of eight modes is not judged by what is within a mode."""

PER_CELL = 20
"""Real samples in a cell, at least."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of equal data: halved at the median, along one coordinate after the other.

    They do not depend on the scale of a coordinate.

    Attributes:
        real: Real samples [m, d] with few coordinates.
    """

    real: NDArray[Any]

    @cached_property
    def levels(self) -> int:
        """How often the cells are halved."""
        filled = int(np.log2(max(len(self.real) / PER_CELL, 1)))
        return min(LEVELS.get(self.real.shape[1], 4), filled)

    @cached_property
    def expected(self) -> Indices:
        """The number of real samples in each cell."""
        return self.count(self.real)

    def count(self, samples: NDArray[Any]) -> Indices:
        """The number of samples [n, d] in each cell."""
        cell = np.zeros(len(samples), dtype=np.intp)
        for level, bounds in enumerate(self._bounds):
            cell = 2 * cell + (samples[:, level % samples.shape[1]] > bounds[cell])
        return np.bincount(cell, minlength=2**self.levels)

    @cached_property
    def _bounds(self) -> list[NDArray[np.float64]]:
        """Where the cells of each level are cut [level][cell]: what is greater is above."""
        cell, found = np.zeros(len(self.real), dtype=np.intp), []
        for level in range(self.levels):
            along = self.real[:, level % self.real.shape[1]].astype(np.float64)
            bounds = np.array([_cut(along[cell == k]) for k in range(2**level)])
            found.append(bounds)
            cell = 2 * cell + (along > bounds[cell])
        return found


def _cut(values: NDArray[np.float64]) -> float:
    """The median; of repeated values the one below it, if that cuts them more evenly."""
    if not len(values):
        return 0.0
    middle = float(np.median(values))
    below = values[values < middle]
    if abs(len(below) / len(values) - 0.5) < abs(float((values <= middle).mean()) - 0.5):
        return float(below.max(initial=-np.inf))
    return middle
