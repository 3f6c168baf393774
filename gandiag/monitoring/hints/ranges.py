"""Whether real and generated samples are scaled differently, in a way no training repairs.

An untrained generator is narrow and off, and that is no bug. What counts is an output that ends
sharply at -1, 0 or 1, as tanh, a sigmoid or clipping make it, where the data go on or never come.
Other scales are not told: a slow training is as far from wide data for long.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gandiag.analysis.thresholds import (
    BEYOND_EDGE,
    EDGE_LOOKS,
    EDGE_SHARE,
    MANY_COORDINATES,
    MANY_NEGATIVE,
    NEAR_EDGE,
    NEGATIVE,
    REACHING_LOOKS,
    SOLID_EDGE,
    WIDE,
)
from gandiag.monitoring.hints.look import Look, Values

EDGES = ((-1.0, "low"), (0.0, "low"), (1.0, "high"))
"""Where the usual output functions end."""
TANH = ((-1.0, "low"), (1.0, "high"))
ROUNDED = 1e-6
"""How far float32 may be beyond an edge."""
BYTE = 255


def differing_ranges(real: Values, looks: Sequence[Look]) -> str | None:
    """A sentence with both ranges if they cannot become one.

    Args:
        real: Real samples [m, d].
        looks: The first log points with samples.
    """
    if not any(
        differ(real, looks) for differ in (_cut_off, _within_tanh, _within_sigmoid, _of_bytes)
    ):
        return None
    fake = looks[-1].fake
    return (
        f"real has values from {real.min():.4g} to {real.max():.4g} and fake from "
        f"{fake.min():.4g} to {fake.max():.4g}, which this training does not mend. Scale "
        "both alike, and let the generator's last layer cover the range of the data"
    )


def ends_at(values: Values, edge: float, side: str) -> bool:
    """Whether values end at an edge with many of them there, as an output that saturates does."""
    inward = (values - edge) if side == "low" else (edge - values)
    if inward.min() < -ROUNDED:
        return False
    solid = SOLID_EDGE if edge else ROUNDED  # an untrained generator may be narrow near 0
    if np.mean(inward <= solid) >= 0.5:
        return True
    width = float(inward.max() - inward.min())
    near = int(np.sum(inward <= NEAR_EDGE * width))
    next_to_it = int(np.sum(inward <= 2 * NEAR_EDGE * width)) - near
    return width >= WIDE and near >= max(10, EDGE_SHARE * values.size, 2 * next_to_it)


def _cut_off(real: Values, looks: Sequence[Look]) -> bool:
    """Whether generated values end at an edge that many real ones are beyond."""
    margin = 0.1 * float(real.max() - real.min())
    for edge, side in EDGES:
        beyond = real < edge - margin if side == "low" else real > edge + margin
        if beyond.mean() >= BEYOND_EDGE and _ends(looks, edge, side, EDGE_LOOKS):
            return True
    return False


def _within_tanh(real: Values, looks: Sequence[Look]) -> bool:
    """Whether generated values are within [-1, 1] as by tanh, and the data scaled to [0, 1]."""
    if real.min() < -ROUNDED or not 0.5 <= real.max() <= 1 + ROUNDED:
        return False
    if any(np.abs(look.fake).max() > 1 + ROUNDED for look in looks):
        return False
    negative = [look for look in looks if look.fake.min() <= NEGATIVE]
    return len(negative) >= REACHING_LOOKS and any(
        _ends(negative, edge, side, REACHING_LOOKS) for edge, side in TANH
    )


def _within_sigmoid(real: Values, looks: Sequence[Look]) -> bool:
    """Whether no generated value is negative, and many real ones are, in many coordinates."""
    if real.shape[1] < MANY_COORDINATES or len(looks) < REACHING_LOOKS:
        return False
    within = all(look.fake.min() >= 0 and look.fake.max() <= 1 + ROUNDED for look in looks)
    return within and float(np.mean(real < NEGATIVE)) >= MANY_NEGATIVE


def _of_bytes(real: Values, looks: Sequence[Look]) -> bool:
    """Whether generated values are in [0, 255], and the data within [-1, 1]."""
    if np.abs(real).max() > 1 + ROUNDED or real.shape[1] < MANY_COORDINATES:
        return False
    return len(looks) >= EDGE_LOOKS and all(
        look.fake.min() >= 0 and 100 <= look.fake.max() <= BYTE for look in looks
    )


def _ends(looks: Sequence[Look], edge: float, side: str, needed: int) -> bool:
    """Whether no value of any log point is beyond an edge, and at enough of them many are at it."""
    if side == "low" and min(look.fake.min() for look in looks) < edge - ROUNDED:
        return False
    if side == "high" and max(look.fake.max() for look in looks) > edge + ROUNDED:
        return False
    if sum(ends_at(look.fake, edge, side) for look in looks) >= needed:
        return True
    return sum(_reaches(look.fake, edge, side) for look in looks) >= REACHING_LOOKS


def _reaches(values: Values, edge: float, side: str) -> bool:
    """Whether values spread widely and come near an edge."""
    low, high = float(values.min()), float(values.max())
    return high - low >= WIDE and abs((low if side == "low" else high) - edge) <= NEAR_EDGE
