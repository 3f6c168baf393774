"""Samples as the data: what a generator is compared with where no distribution is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 2500
"""The most real samples that a run keeps for its report."""

MOST_BYTES = 2**20
"""The most bytes that they take."""


@dataclass(frozen=True, eq=False)
class Samples:
    """Real samples, or the knowledge that there are none.

    Attributes:
        values: The samples [m, d], float32; m = 0 where nothing is known of the data.
        shape: The shape of one sample, e.g. ``(28, 28)`` for images laid out flat in ``values``.
        eight_bit: Whether they came as 8-bit integers: such images are of another scale than
            a generator's.
    """

    values: NDArray[np.float32]
    shape: tuple[int, ...] = ()
    eight_bit: bool = False

    def __post_init__(self) -> None:
        """Gives samples without a shape the one that they have."""
        if not self.shape:
            object.__setattr__(self, "shape", self.values.shape[1:])

    @property
    def size(self) -> int:
        """The number of coordinates."""
        return math.prod(self.shape)

    @property
    def images(self) -> bool:
        """Whether a sample is a picture: [height, width], or with channels first or last."""
        return len(self.shape) in (2, 3) and min(sorted(self.shape)[-2:]) > 1

    def subset(self) -> Samples:
        """As many of them as a run keeps, taken evenly."""
        most = min(MOST, max(16, MOST_BYTES // (4 * max(self.size, 1))))
        if len(self.values) <= most:
            return self
        stride = -(-len(self.values) // most)
        return Samples(self.values[::stride], self.shape, self.eight_bit)
