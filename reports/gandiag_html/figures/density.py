"""A kernel density estimate of real samples, for data whose density is not known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FACTORS = (1.0, 0.5, 0.25, 0.125, 0.0625)
"""Candidate bandwidths, in multiples of Silverman's, which suits a single normal distribution and
oversmooths several narrow modes."""
MOST_TRIED = 800
"""Samples used to choose the bandwidth."""


def kernel_density(samples: Floats) -> Callable[[Floats], Floats] | None:
    """Estimates a density with Gaussian kernels.

    The bandwidth is the one of five candidates with the highest leave-one-out likelihood
    (Habbema, Hermans and van den Broek 1974).

    Args:
        samples: Finite samples, shape [n].

    Returns:
        The density as a function of points; None if there are fewer than two distinct samples.
    """
    if len(samples) < 2 or samples.min() == samples.max():
        return None
    low, high = np.quantile(samples, [0.25, 0.75])
    deviation = float(samples.std())
    silverman = 0.9 * min(deviation, (high - low) / 1.34 or deviation) * len(samples) ** -0.2
    subset = samples[:: -(-len(samples) // MOST_TRIED)]
    width = silverman * max(FACTORS, key=lambda factor: _likelihood(subset, factor * silverman))
    return lambda x: _kernels(x, samples, width).mean(axis=-1)


def _likelihood(samples: Floats, width: float) -> float:
    """The mean leave-one-out log density of the samples."""
    kernels = _kernels(samples, samples, width)
    np.fill_diagonal(kernels, 0.0)
    # A sample far from all others must not decide alone.
    return float(np.log(kernels.mean(axis=1) + 1e-12 / width).mean())


def _kernels(x: Floats, samples: Floats, width: float) -> Floats:
    """The kernel around each sample [n] at points [m], shape [m, n]."""
    z = (np.asarray(x)[:, None] - samples) / width
    return np.asarray(np.exp(-0.5 * z * z) / (width * math.sqrt(2 * math.pi)))
