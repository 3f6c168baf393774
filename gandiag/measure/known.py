"""What is known of the data, with which generated samples are compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gandiag.data import Array, Data, Function, Mnist, StackedMnist
from gandiag.measure.bins import Bins
from gandiag.measure.cells import Cells
from gandiag.measure.space import Space
from gandiag.metrics import Empirical, Moments, Neighbourhoods, Target, moments, spread
from gandiag.metrics.scores import NormalScores
from gandiag.metrics.slices import Projected

MOST_REAL = 2500
"""The most real samples that represent the data, the same at every log point of every run."""

MOST_ON_A_LINE = 10_000
"""The same for samples of one coordinate, which are only sorted once."""

MOST_NEIGHBOURS = 1000
"""The most real samples whose neighbours are searched."""

DIRECTIONS = 16
"""The number of directions of the sliced Wasserstein distance."""


@dataclass(frozen=True, eq=False)
class KnownModes:
    """The modes of a user's data, of equal width along every axis.

    Attributes:
        centres: Their centres [K, d].
        std: Their standard deviation along each axis.
        shares: Their shares [K], which sum to 1.
    """

    centres: NDArray[np.float64]
    std: float
    shares: NDArray[np.float64]

    def drawn(self, n: int) -> NDArray[np.float32]:
        """Samples of the mixture of normal distributions [n, d], always the same."""
        rng = np.random.default_rng(0)
        centres = self.centres[rng.choice(len(self.centres), n, p=self.shares)]
        return np.asarray(centres + self.std * rng.standard_normal(centres.shape), np.float32)


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of the data.

    Attributes:
        size: The number of coordinates of a sample.
        data: The definition of the data, where gandiag has it.
        samples: Real samples [m, size], if they were given.
        image: Whether a sample is an image.
        modes: The modes of a user's data, if they were given.
    """

    size: int
    data: Data | None = None
    samples: NDArray[Any] | None = None
    image: bool = False
    modes: KnownModes | None = None

    @property
    def exact(self) -> Target | None:
        """The exact distribution of one coordinate, where it is known."""
        return self.data if isinstance(self.data, Target) else None

    @property
    def by_samples_only(self) -> bool:
        """Whether there is no formula for the data, so that floors come from real samples."""
        return self.data is None or isinstance(self.data, Array | Function)

    @cached_property
    def real(self) -> NDArray[Any] | None:
        """The real samples [m, size] that represent the data; None where there are none.

        None for digits too: the classifier has its own reference images.
        """
        if self.samples is not None or self.data is None or is_handwritten(self.data):
            return self.samples
        return self.data.real(most_of(self.size))

    @cached_property
    def projected(self) -> Projected | None:
        """The real samples of several coordinates, projected and sorted once."""
        if self.real is None:
            return None
        return Projected(self.real.astype(np.float64), DIRECTIONS)

    @cached_property
    def sorted(self) -> Empirical | None:
        """The real samples of one coordinate, sorted once."""
        return None if self.real is None else Empirical(self.real[:, 0])

    @cached_property
    def space(self) -> Space:
        """The coordinates in which samples are compared with the real ones; there must be some."""
        assert self.real is not None
        return Space(self.real, self.image)

    @cached_property
    def neighbourhoods(self) -> Neighbourhoods | None:
        """The neighbourhoods of real samples; None where there are too few."""
        real = _every(self.space.reference, MOST_NEIGHBOURS)
        return Neighbourhoods(self.space.place(real)) if len(real) > 1 else None

    @cached_property
    def cells(self) -> Cells:
        """Cells of equal data, of few coordinates."""
        return Cells(self.space.reference)

    @cached_property
    def bins(self) -> Bins:
        """Bins of equal data along every direction."""
        return Bins(self.space.directions(self.space.reference))

    @cached_property
    def scores(self) -> list[tuple[NormalScores, Empirical]]:
        """The normal scores along every direction, and those of the real samples."""
        along = self.space.directions(self.space.reference)
        pairs = ((NormalScores(values), values) for values in along)
        return [(score, Empirical(score(values))) for score, values in pairs]

    @cached_property
    def moments(self) -> Moments | None:
        """The moments of the real samples [size], where there is no formula."""
        if not self.by_samples_only or self.real is None:
            return None
        return moments(fake=Empirical(np.ascontiguousarray(self.real.T)))

    @cached_property
    def spread(self) -> float | None:
        """The spread of the real samples, where there is no formula."""
        if not self.by_samples_only or self.real is None:
            return None
        return float(spread(fake=self.real.astype(np.float64)).value)


def is_handwritten(data: Data | None) -> bool:
    """Whether the digit classifier applies; not every 28 x 28 image is a digit."""
    return isinstance(data, Mnist | StackedMnist)


@lru_cache(maxsize=4)
def known_of(data: Data) -> Known:
    """What is known of the data of an experiment."""
    return Known(data.size, data, image=len(data.shape) > 1)


def _every(samples: NDArray[Any], most: int) -> NDArray[Any]:
    """Every k-th sample, so that there are not too many."""
    return samples[:: -(-len(samples) // most)]


def most_of(size: int) -> int:
    """The most real samples that are used, for samples of that many coordinates."""
    return MOST_ON_A_LINE if size == 1 else MOST_REAL
