"""How frames keep images: as bytes that stand for values between two limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

USUAL_RANGES = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0))
"""Ranges in which images are usually given."""

RANGE_SAMPLES = 256
"""How many real images give the range, if the data do not name it."""


class ImageSource(Protocol):
    """Data with a shape, from which samples can be drawn."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a sample."""

    def preview(self, n: int, seed: int = 0) -> NDArray[np.float32]:
        """Some samples [n, size]."""


@dataclass(frozen=True)
class Images:
    """The format of a run's images.

    Attributes:
        shape: The shape of one, [channels, height, width].
        low: The value of the byte 0.
        high: The value of the byte 255, greater than ``low``.
    """

    shape: tuple[int, ...]
    low: float
    high: float

    def bytes_of(self, values: NDArray[np.floating]) -> NDArray[np.uint8]:
        """Finite values as bytes, of the same shape; values outside the range are clipped."""
        share = (np.asarray(values, np.float64) - self.low) / (self.high - self.low)
        return np.asarray(np.rint(255 * share.clip(0, 1)), dtype=np.uint8)


def values_of(images: NDArray[np.uint8], low: float, high: float) -> NDArray[np.float32]:
    """The values of bytes, of the same shape."""
    return np.asarray(low + images * np.float32((high - low) / 255), dtype=np.float32)


def images_of(data: ImageSource) -> Images | None:
    """The format of image data: the range that they name, or the one that covers their samples.

    Returns:
        The format; None if a sample has no shape [channels, height, width].
    """
    if len(data.shape) != 3:
        return None
    if hasattr(data, "low") and hasattr(data, "high"):
        return Images(tuple(data.shape), float(data.low), float(data.high))
    return Images(tuple(data.shape), *_range(data.preview(RANGE_SAMPLES)))


def _range(values: NDArray[np.float32]) -> tuple[float, float]:
    """The first of the usual ranges that covers all values, or else their own."""
    least, greatest = float(values.min()), float(values.max())
    for low, high in USUAL_RANGES:
        if low <= least and greatest <= high:
            return low, high
    return least, greatest if greatest > least else least + 1.0
