"""How a run's frames keep images: as bytes between two values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

USUAL = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0))
"""Ranges in which images are usually given."""

LOOKED_AT = 256
"""How many real images are looked at where their data do not say their range."""


class Drawn(Protocol):
    """What is asked of data."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a sample."""

    def preview(self, n: int, seed: int = 0) -> NDArray[np.float32]:
        """Some samples [n, size]."""


@dataclass(frozen=True)
class Images:
    """The form of a run's images.

    Attributes:
        shape: The shape of one, [channels, height, width].
        low: The value that the byte 0 stands for.
        high: The value that the byte 255 stands for, greater than ``low``.
    """

    shape: tuple[int, ...]
    low: float
    high: float

    def bytes_of(self, values: NDArray[np.floating]) -> NDArray[np.uint8]:
        """Finite values as bytes, of their shape; what is out of the range is cut."""
        share = (np.asarray(values, np.float64) - self.low) / (self.high - self.low)
        return np.asarray(np.rint(255 * share.clip(0, 1)), dtype=np.uint8)


def values_of(images: NDArray[np.uint8], low: float, high: float) -> NDArray[np.float32]:
    """The values that bytes stand for, of their shape."""
    return np.asarray(low + images * np.float32((high - low) / 255), dtype=np.float32)


def images_of(data: Drawn) -> Images | None:
    """The form of data that are images: the range they say, or the one their samples lie in.

    Returns:
        The form; None where a sample has no [channels, height, width].
    """
    if len(data.shape) != 3:
        return None
    if hasattr(data, "low") and hasattr(data, "high"):
        return Images(tuple(data.shape), float(data.low), float(data.high))
    return Images(tuple(data.shape), *_range(data.preview(LOOKED_AT)))


def _range(values: NDArray[np.float32]) -> tuple[float, float]:
    """The first of the usual ranges that holds all values, or else their own."""
    least, greatest = float(values.min()), float(values.max())
    for low, high in USUAL:
        if low <= least and greatest <= high:
            return low, high
    return least, greatest if greatest > least else least + 1.0
