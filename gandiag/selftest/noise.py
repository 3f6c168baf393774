"""Autocorrelated noise as in training series, optionally with heavy tails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AUTOCORRELATIONS = (0.0, 0.5, 0.8, 0.9, 0.95)
"""The simulated lag-1 autocorrelations. In the presets, that of the mean about a line through the
second half of healthy runs is -.2 to .93 (devnag-1d) and -.2 to .3 (ring8)."""

BURN_IN = 200
"""Discarded first values; the rest is in the stationary distribution, as .95 ** 200 is 4e-5."""


@dataclass(frozen=True)
class Noise:
    """A stationary AR(1) series of mean 0 and standard deviation 1.

    Attributes:
        autocorrelation: The autocorrelation r at lag 1, 0 <= r < 1; at lag k it is r^k.
        heavy_tailed: Whether the innovations follow Student's t distribution with three degrees of
            freedom instead of the normal one; the larger r, the closer to normal the series is.

    Raises:
        ValueError: The autocorrelation is not in [0, 1).
    """

    autocorrelation: float
    heavy_tailed: bool

    def __post_init__(self) -> None:
        """Checks that a stationary distribution exists."""
        if not 0 <= self.autocorrelation < 1:
            raise ValueError(f"autocorrelation must be in [0, 1), not {self.autocorrelation}")

    def draw(self, rng: np.random.Generator, n: int, several: int | None = None) -> Floats:
        """A series of n values [n], or several independent ones [n, several]."""
        from scipy.signal import lfilter

        shape = (n + BURN_IN,) if several is None else (n + BURN_IN, several)
        if self.heavy_tailed:
            innovations = rng.standard_t(3, shape) / np.sqrt(3)  # of variance 3
        else:
            innovations = rng.standard_normal(shape)
        scaled = np.sqrt(1 - self.autocorrelation**2) * innovations
        series: Floats = lfilter([1.0], [1.0, -self.autocorrelation], scaled, axis=0)[BURN_IN:]
        return series
