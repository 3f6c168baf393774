"""Which windows of a series rise: the lines through them, and their p-values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.series import Floats

ROUNDING = 1e-24
"""The mean square about a line below which values of order 1 lie on it."""

WALK = np.array(
    [
        [0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 1.0],
        [1.0, 0.446, 0.255, 0.147, 0.091, 0.0393, 0.0228, 0.0102, 0.0055, 0.0025, 8e-4, 1e-4, 1e-5],
    ]
)
"""The part of a random walk's variance that a line explains, and how often one explains more: of
404,000 simulated walks of 60 to 600 steps, whose length does not matter."""


def rising_windows(at: NDArray[np.intp], y: Floats, width: int, step: int) -> tuple[Floats, Floats]:
    """How far the least-squares line through every window rises, and its one-sided p-value.

    The p-value is the lesser of two: of a line through AR(1) noise, whose t is that of
    `series.trend` with n / f - 2 degrees of freedom, f = (1 + r) / (1 - r); and of a line through
    a random walk, by the part of the variance that it explains. The second alone finds smooth
    curves, whose residuals are too strongly autocorrelated for the first.

    It misleads where a window contains part of a longer wave, which is a rise to both.

    Args:
        at: The log points of the values, increasing; not all need be there.
        y: The values, finite, and not much above 1.
        width: How many values a window has.
        step: How far apart windows begin.

    Returns:
        Rise and p, [window] each; p is 1 where half of a window's log points are missing.

    >>> rise, p = rising_windows(np.arange(40), np.linspace(0, 2, 40), 40, 5)
    >>> round(float(rise[0]), 9), bool(p[0] < 0.001)
    (2.0, True)
    """
    rows = np.lib.stride_tricks.sliding_window_view(np.stack([at, y]), width, axis=1)
    x, y = rows[:, ::step]
    span = x[:, -1] - x[:, 0]
    x, y = (each - each.mean(axis=1, keepdims=True) for each in (x, y))
    sxx = (x * x).sum(axis=1)
    slope = (x * y).sum(axis=1) / sxx
    rest = y - slope[:, None] * x
    power = (rest * rest).sum(axis=1) + ROUNDING * width
    r = (rest[:, 1:] * rest[:, :-1]).sum(axis=1) / power
    explained = slope * slope * sxx
    t = slope * np.sqrt(sxx * (width - 2) / power)
    p = np.minimum(_among_noise(t, r, width), _among_walks(slope, explained / (explained + power)))
    return slope * span, np.where(span < 2 * width, p, 1.0)


def _among_noise(t: Floats, r: Floats, n: int) -> Floats:
    from scipy.special import stdtr

    r = np.clip(r + (1 + 4 * r) / n, 0.0, 0.99)
    f = (1 + r) / (1 - r)
    df = n / f - 2
    p: Floats = np.where(df > 0, stdtr(np.maximum(df, 1e-3), -t / np.sqrt(f)), 1.0)
    return p


def _among_walks(slope: Floats, straight: Floats) -> Floats:
    p = 0.5 * np.exp(np.interp(straight, WALK[0], np.log(WALK[1])))
    return np.where(slope > 0, p, 1.0)
