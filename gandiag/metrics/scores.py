"""Normal scores: what a value would be if its place among the real ones were that of a normal."""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.samples import Floats

CONSTANT = 3.0
"""The score of a value beside a constant coordinate."""


@dataclass(frozen=True, eq=False)
class NormalScores:
    """The transformation of one coordinate after which the real samples are standard normal.

    A value at the p-quantile of the real samples becomes the p-quantile of the standard normal
    distribution (van der Waerden 1952), equal samples their common middle, and values between two
    samples are interpolated. Beyond the range of the real samples the score grows by the logarithm
    of the distance in half ranges, so that one sample far off counts little.

    How to read them: in standard deviations of the data, whatever the distribution of the data is,
    tails and outliers included. For normal data they are the values themselves, standardized. They
    mislead where the data have gaps: a gap is passed at once, so that samples within it look near.

    Args:
        real: The real values [m], all finite, m > 0.

    Attributes:
        values: The distinct real values [k], ascending.
        scores: Their scores [k].

    >>> normal = NormalScores(np.linspace(-1, 1, 999))
    >>> normal([-2.0, 0.0, 1.0]).round(2)
    array([-3.98,  0.  ,  3.29])
    """

    real: InitVar[ArrayLike]
    values: Floats = field(init=False)
    scores: Floats = field(init=False)

    def __post_init__(self, real: ArrayLike) -> None:
        """Ranks the real values."""
        from scipy.special import ndtri

        ordered = np.sort(np.asarray(real, dtype=np.float64))
        values, first, count = np.unique(ordered, return_index=True, return_counts=True)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "scores", ndtri((first + count / 2) / len(ordered)))

    def __call__(self, x: ArrayLike) -> Floats:
        """The scores of values, in their shape; NaN where a value is NaN."""
        x = np.asarray(x, dtype=np.float64)
        low, high = self.values[0], self.values[-1]
        if low == high:
            return np.asarray(np.sign(x - low) * CONSTANT)
        middle = np.interp(0.0, self.scores, self.values)
        inside = np.interp(x, self.values, self.scores)
        above = np.log1p(np.maximum(x - high, 0.0) / max(high - middle, 1e-300))
        below = np.log1p(np.maximum(low - x, 0.0) / max(middle - low, 1e-300))
        return np.asarray(inside + above - below)
