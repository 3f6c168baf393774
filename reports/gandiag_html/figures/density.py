"""A smooth density of real samples, to be drawn where no law is known."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FACTORS = (1.0, 0.5, 0.25, 0.125, 0.0625)
"""Of Silverman's bandwidth, which suits one normal law and smears several narrow modes."""
MOST_TRIED = 800


def kernel_density(samples: Floats) -> Callable[[Floats], Floats] | None:
    """The density of samples: normal kernels about each, of the width that suits them best.

    Of five widths it takes the one under which every sample is the most likely, given the others
    (Habbema, Hermans and van den Broek 1974).

    Args:
        samples: Finite samples, shape [n].

    Returns:
        The density at points; None where there are fewer than two different samples.
    """
    if len(samples) < 2 or samples.min() == samples.max():
        return None
    low, high = np.quantile(samples, [0.25, 0.75])
    deviation = float(samples.std())
    wide = 0.9 * min(deviation, (high - low) / 1.34 or deviation) * len(samples) ** -0.2
    some = samples[:: -(-len(samples) // MOST_TRIED)]
    width = wide * max(FACTORS, key=lambda factor: _likelihood(some, factor * wide))
    return lambda x: _kernels(x, samples, width).mean(axis=-1)


def _likelihood(samples: Floats, width: float) -> float:
    """The mean log density at each sample, made of the others."""
    each = _kernels(samples, samples, width)
    np.fill_diagonal(each, 0.0)
    # What lies apart from all others is not to decide alone.
    return float(np.log(each.mean(axis=1) + 1e-12 / width).mean())


def _kernels(x: Floats, samples: Floats, width: float) -> Floats:
    """The kernel about each sample [n] at points [m], shape [m, n]."""
    z = (np.asarray(x)[:, None] - samples) / width
    return np.asarray(np.exp(-0.5 * z * z) / (width * math.sqrt(2 * math.pi)))
