"""The position of the two players, as far as recorded: G's by its means, D's by its advantage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gandiag.analysis.record import Record, Series
from gandiag.analysis.series import mask_overflow


def unit(record: Record) -> tuple[float, str]:
    """The data's standard deviation, over the axes the root mean square, and what to call it.

    Of a point of data it is 1, in the data's own unit.
    """
    std = record.expected.std
    if len(std) and (std > 0).any():
        return float(np.sqrt(np.mean(std**2))), " standard deviations"
    return 1.0, ""


def offsets(record: Record) -> NDArray[np.float64]:
    """The generated means less their targets, in units of `unit`.

    Returns:
        [axis, log point]; no axis where the target is unknown or no mean was recorded.
    """
    axes, targets = record.axes, record.expected.mean
    if not axes or len(targets) != len(axes):
        return np.empty((0, len(record)))
    means = np.stack([record.columns[f"mean{axis}"] for axis in axes])
    return mask_overflow((mask_overflow(means) - targets[:, None]) / unit(record)[0])


def advantage(record: Record) -> Series:
    """By how much D's answers to real samples exceed those to generated ones [log point].

    It is the difference of its answers; where they were not recorded, how far its loss is below
    its equilibrium; NaN where neither is known.
    """
    real, fake = record.series("d_real"), record.series("d_fake")
    if real is not None and fake is not None:
        return mask_overflow(mask_overflow(real) - mask_overflow(fake))
    loss, level = record.series("d_loss"), record.expected.d_loss
    return (
        np.full(len(record), np.nan)
        if loss is None or level is None
        else level - mask_overflow(loss)
    )


def lead(distance: Series, advantage: Series) -> float:
    """The correlation of D's advantage with the growth of the squared distance [log point].

    Below 0 samples come closer while D's advantage is large, as under gradient descent; 0 where
    nothing is known or nothing moves.
    """
    growth = np.diff(distance**2)
    between = (advantage[1:] + advantage[:-1]) / 2
    known = np.isfinite(growth) & np.isfinite(between)
    x, y = growth[known], between[known]
    if len(x) < 3 or x.std() <= 1e-12 * np.abs(x).max() or y.std() <= 1e-12 * np.abs(y).max():
        return 0.0
    x, y = x / np.abs(x).max(), y / np.abs(y).max()
    return float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))
