"""Projection of samples onto a plane: the first two principal axes of the real samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gandiag.data.samples import Samples

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Projection:
    """A projection onto a plane.

    Attributes:
        centre: The point that becomes the origin [d].
        axes: The two orthonormal directions [d, 2].
        description: The plane, for a note to the reader; empty if it is the whole space.
    """

    centre: Floats
    axes: Floats
    description: str

    def of(self, samples: Floats) -> Floats:
        """Projects samples [n, d] onto the plane [n, 2]."""
        return np.asarray((samples - self.centre) @ self.axes)


def first_coordinates(size: int) -> Projection:
    """The projection onto the first two coordinates."""
    description = f"the first two of {size} coordinates" if size > 2 else ""
    return Projection(np.zeros(size), np.eye(size)[:, :2], description)


def principal_axes(data: Samples) -> Projection:
    """The projection onto the first two principal axes, or onto the coordinates if there are two.

    Each axis is signed so that its largest component is positive: the sign means nothing, but it
    must be the same in every report.
    """
    values = data.values.astype(np.float64)
    if data.size <= 2 or len(values) < 3:
        return first_coordinates(data.size)
    centre = values.mean(axis=0)
    _, singular_values, rows = np.linalg.svd(values - centre, full_matrices=False)
    axes = rows[:2].T
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    part = (
        (singular_values[:2] ** 2).sum() / (singular_values**2).sum()
        if singular_values.any()
        else 0.0
    )
    description = (
        f"the first two principal axes of the real samples, which explain {100 * part:.0f} % of "
        f"the variance in {data.size} coordinates"
    )
    return Projection(centre, axes, description)
