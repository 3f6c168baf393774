"""Fewer points for a curve, without losing its peaks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def downsample(
    x: NDArray[np.float64], y: NDArray[np.float64], limit: int = 480
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Reduces a series to the minimum and the maximum of each of many segments.

    Args:
        x: The positions, shape [point].
        y: The values, shape [point].
        limit: The greatest number of points returned.
    """
    if len(x) <= limit:
        return x, y
    indices = {0, len(x) - 1}
    for segment in np.array_split(np.arange(len(x)), (limit - 2) // 2):
        part = y[segment]
        if np.isfinite(part).any():
            indices |= {int(segment[np.nanargmin(part)]), int(segment[np.nanargmax(part)])}
        else:
            indices.add(int(segment[0]))
    chosen = sorted(indices)
    return x[chosen], y[chosen]
