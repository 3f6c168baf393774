"""The coordinates in which samples of any data are compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.metrics.samples import Floats

FEW = 3
"""Up to this number of coordinates a sample is compared as it is, without principal components."""

COMPONENTS = 16
"""The most principal components."""

COLUMNS = 64
"""Up to this number of coordinates, each is compared as well."""

SAMPLES_PER_COMPONENT = 20
"""Real samples for each principal component, so that it is one of the data and not of the draw."""

FAR = 3.0
"""The standard deviations from which on distances are compressed."""

HALF = 1.349
"""The length of the shortest interval with half of a normal distribution, in its standard
deviations. Of separate modes it is within one of them, so that they stay apart."""

ONE_SD = (0.15866, 0.84134)
"""The quantiles that lie one standard deviation from the median of a normal distribution."""


@dataclass(frozen=True, eq=False)
class Space:
    """Coordinates made from real samples, for data of any number of columns and any scale.

    Every column is centred on its median and divided by the length of the shortest interval with
    half of the data; far values are compressed (asinh), so that outliers do not decide. The
    columns of images have one scale. Of more than three columns there are principal components,
    found on one half of the real samples; the other half represents the data, since the first one
    fits its own components too well.

    Attributes:
        real: Real samples [m, size], all finite.
        image: Whether the columns are the pixels of an image.
    """

    real: NDArray[Any]
    image: bool = False

    @property
    def size(self) -> int:
        """The number of columns."""
        return int(self.real.shape[1])

    @property
    def has_rest(self) -> bool:
        """Whether the last coordinate of `components` is the size of what they leave out."""
        return self.size > FEW and self._axes[1].shape[1] < self.size

    @cached_property
    def reference(self) -> NDArray[Any]:
        """The real samples that represent the data [m, size]."""
        return self.real if self.size <= FEW or len(self.real) < 4 else self.real[1::2]

    def standardized(self, samples: NDArray[Any]) -> Floats:
        """The columns of samples [n, size] on robust scales."""
        middle, scale = self._scale
        return FAR * np.arcsinh((samples.astype(np.float64) - middle) / (FAR * scale))

    def components(self, samples: NDArray[Any]) -> Floats:
        """The principal components of samples [n, c], and last the size of what they leave out.

        The latter only where there are more columns than components.
        """
        centre, axes = self._axes
        rest = self.standardized(samples) - centre
        along = rest @ axes
        if not self.has_rest:
            return along
        rest -= along @ axes.T
        size = np.sqrt(np.einsum("ij,ij->i", rest, rest))
        return np.hstack([along, size[:, None]])

    def place(self, samples: NDArray[Any]) -> Floats:
        """The coordinates [n, d] in which neighbours are searched."""
        if self.size <= COMPONENTS and not self.image:
            return self.standardized(samples)
        return self.components(samples)

    def directions(self, samples: NDArray[Any]) -> Floats:
        """What is compared one by one [d, n]: columns, unless there are many, and components."""
        parts = [samples.astype(np.float64)] if self.size <= COLUMNS else []
        parts += [self.components(samples)] if self.size > FEW else []
        return np.hstack(parts).T

    @cached_property
    def _scale(self) -> tuple[Floats, Floats]:
        """The centre and the scale of every column [size]."""
        real = self.real.astype(np.float64)
        low, middle, high = np.quantile(real, (ONE_SD[0], 0.5, ONE_SD[1]), axis=0)
        ordered, half = np.sort(real, axis=0), (len(real) + 1) // 2
        scale = (ordered[half - 1 :] - ordered[: len(real) - half + 1]).min(axis=0) / HALF
        scale = np.where(scale > 0, scale, (high - low) / 2)
        # Where most values are equal, the others decide; a constant column has no scale.
        scale = np.where(scale > 0, scale, real.std(axis=0))
        if self.image:
            scale = np.full(self.size, np.quantile(scale, 0.75))
        return middle, np.where(scale > 0, scale, 1.0)

    @cached_property
    def _axes(self) -> tuple[Floats, Floats]:
        """The centre [size] and the principal axes [size, c] of the first half."""
        half = self.standardized(self.real[::2])
        centre = half.mean(axis=0)
        half -= centre
        m = len(half)
        count = max(1, min(COMPONENTS, self.size, m // SAMPLES_PER_COMPONENT))
        if self.size <= m:
            axes = np.linalg.eigh(half.T @ half)[1][:, ::-1][:, :count]
            return centre, axes
        values, vectors = np.linalg.eigh(half @ half.T)
        kept = vectors[:, ::-1][:, :count] / np.sqrt(np.maximum(values[::-1][:count], 1e-300))
        return centre, half.T @ kept
