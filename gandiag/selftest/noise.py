"""Noise as training makes it: with a memory, and now and then with heavy tails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MEMORIES = (0.0, 0.5, 0.8, 0.9, 0.95)
"""The lag-1 autocorrelations that are simulated; of the mean of healthy runs of devnag-1d it is -.2
to .93, of ring8 -.2 to .3, about a line through the second half."""

FORGOTTEN = 200
"""Values thrown away, so that the series begins in its stationary law: .95 ** 200 is 4e-5."""


@dataclass(frozen=True)
class Noise:
    """A stationary AR(1) series of mean 0 and standard deviation 1.

    Attributes:
        memory: Its autocorrelation at lag 1, from 0 to below 1; at lag k it is its power k.
        heavy: Whether its innovations have Student's law with three degrees of freedom, and not
            the normal one; the series itself is then the nearer to normal, the longer its memory.

    Raises:
        ValueError: The memory is not in [0, 1).
    """

    memory: float
    heavy: bool

    def __post_init__(self) -> None:
        """Refuses a series that has no stationary law."""
        if not 0 <= self.memory < 1:
            raise ValueError(f"a memory lies in [0, 1), not at {self.memory}")

    def draw(self, rng: np.random.Generator, n: int, several: int | None = None) -> Floats:
        """A series of n values [n], or independent ones [n, several]."""
        from scipy.signal import lfilter

        shape = (n + FORGOTTEN,) if several is None else (n + FORGOTTEN, several)
        if self.heavy:
            innovations = rng.standard_t(3, shape) / np.sqrt(3)  # of variance 3
        else:
            innovations = rng.standard_normal(shape)
        fresh = np.sqrt(1 - self.memory**2) * innovations
        series: Floats = lfilter([1.0], [1.0, -self.memory], fresh, axis=0)[FORGOTTEN:]
        return series
