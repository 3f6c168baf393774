"""Samples of many coordinates in a plane: the two directions in which the real ones differ most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.data.samples import Samples

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Projection:
    """Where samples are looked at.

    Attributes:
        centre: What becomes the origin [d].
        axes: The two directions, of length one [d, 2].
        words: Which plane it is, as the end of a sentence; empty where it is all there is.
    """

    centre: Floats
    axes: Floats
    words: str

    def of(self, samples: Floats) -> Floats:
        """The samples [n, d] in the plane [n, 2]."""
        return np.asarray((samples - self.centre) @ self.axes)


def first_coordinates(size: int) -> Projection:
    """The plane of the first two coordinates."""
    words = f"the first two of {size} coordinates" if size > 2 else ""
    return Projection(np.zeros(size), np.eye(size)[:, :2], words)


def principal_axes(data: Samples) -> Projection:
    """The plane in which the real samples lie the widest; the first two coordinates of one or two.

    A direction is turned so that its greatest part is positive: which way an axis points says
    nothing, but it is to be the same in every report.
    """
    values = data.values.astype(np.float64)
    if data.size <= 2 or len(values) < 3:
        return first_coordinates(data.size)
    centre = values.mean(axis=0)
    _, widths, rows = np.linalg.svd(values - centre, full_matrices=False)
    axes = rows[:2].T
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    part = (widths[:2] ** 2).sum() / (widths**2).sum() if widths.any() else 0.0
    words = (
        f"the two directions, of {data.size}, in which the real samples vary the most (their "
        f"principal axes, which hold {100 * part:.0f} % of the variance)"
    )
    return Projection(centre, axes, words)
