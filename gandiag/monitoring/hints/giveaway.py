"""Whether one column alone tells real samples from generated ones, and the training leaves it.

At the start an untrained generator may be off in any column; what counts is one that stays where it
is while the training moves others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.thresholds import GAP_CLOSES, HINT_STEPS, LEARNS
from gandiag.monitoring.hints.look import Look, Values

FEWEST = 5
"""Log points below which nothing is known about a direction."""


def giveaway_column(real: Values, looks: Sequence[Look]) -> str | None:
    """A sentence if a single column separates real from generated samples and stays separated.

    Args:
        real: Real samples [m, d].
        looks: The first log points with samples.
    """
    if real.shape[1] < 2 or len(looks) < FEWEST:
        return None
    if looks[-1].step - looks[0].step < HINT_STEPS:
        return None
    gaps = np.stack([_gaps(real, look.fake) for look in looks])
    apart = np.flatnonzero((gaps > 0).all(axis=0))
    if len(apart) != 1 or np.sum(gaps[-1] > 0) != 1:
        return None
    column = int(apart[0])
    if gaps[-1, column] < _usual_std(real):
        return None  # a constant column, which no generator's output meets exactly
    middle, last = looks[len(looks) // 2], looks[-1]
    closed = 1 - gaps[-1, column] / gaps[len(looks) // 2, column]
    if closed >= GAP_CLOSES or not _others_move(real, middle.fake, last.fake, column):
        return None
    theirs, ours = real[:, column], last.fake[:, column]
    return (
        f"column {column} (of 0 to {real.shape[1] - 1}) alone tells real from fake: real is from "
        f"{theirs.min():.4g} to {theirs.max():.4g} there and fake from {ours.min():.4g} to "
        f"{ours.max():.4g}, from the first log point on, and it does not come closer as others "
        "do. Is the column made alike, and scaled alike, in both?"
    )


def _gaps(real: Values, fake: Values) -> NDArray[np.float64]:
    """The distance [d] between the ranges of each column; negative where they overlap."""
    above = real.min(axis=0).astype(np.float64) - fake.max(axis=0)
    below = fake.min(axis=0).astype(np.float64) - real.max(axis=0)
    gaps: NDArray[np.float64] = np.maximum(above, below)
    return gaps


def _usual_std(real: Values) -> float:
    """The median standard deviation of the columns that vary."""
    std = real.std(axis=0)
    return float(np.median(std[std > 0])) if np.any(std > 0) else 0.0


def _others_move(real: Values, before: Values, after: Values, column: int) -> bool:
    """Whether the mean of another column changes by a part of its real standard deviation."""
    std = real.std(axis=0)
    moved = np.abs(after.mean(axis=0) - before.mean(axis=0))
    others = (np.arange(real.shape[1]) != column) & (std > 0)
    noise = 4 * after.std(axis=0) / np.sqrt(len(after))
    return bool(np.any(moved[others] > LEARNS * std[others] + noise[others]))
