"""Balls about samples that reach to the k-th nearest neighbour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import InitVar, dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.samples import Floats, both_sides, vectors

TREE_WIDTH = 8
"""Up to this many coordinates a k-d tree is faster than computing all distances."""

BLOCK = 4_000_000
"""The number of distances in memory at a time: 32 MB."""

TIE = 1e-12
"""The rounding error of a squared distance, relative to the squared length."""


@dataclass(frozen=True, eq=False)
class Balls:
    """Closed balls about samples, each reaching to the k-th nearest other sample.

    A point on the edge is inside, so that balls of radius 0 about repeated samples contain these
    samples. `precision_recall` and `density_coverage` accept one in place of the real samples, to
    avoid searching the neighbours again.

    Args:
        samples: The samples [n, ...], all finite, n > k.

    Attributes:
        centres: The samples as vectors [n, d].
        k: The number of the neighbour that a ball reaches to.

    Raises:
        ValueError: Too few samples, samples that are not finite, or k below 1.

    >>> Balls([0.0, 1.0, 3.0], 1).radii.round(3)
    array([1., 1., 2.])
    """

    samples: InitVar[ArrayLike]
    k: int = 5
    centres: Floats = field(init=False)

    def __post_init__(self, samples: ArrayLike) -> None:
        """Flattens the samples to vectors."""
        if self.k < 1:
            raise ValueError(f"k = {self.k} is not a neighbour; it must be 1 or more, usually 5")
        centres = vectors(samples, "the centres of balls", least=self.k + 1)
        if not np.isfinite(centres).all():
            raise ValueError("the centres of balls have samples that are NaN or infinite")
        object.__setattr__(self, "centres", centres)

    @cached_property
    def radii(self) -> Floats:
        """The radius of each ball [n], in the unit of the samples."""
        # The tolerance keeps ties inside despite the rounding of matrix products.
        tolerance = TIE * _lengths(self._centred)
        return np.sqrt(np.maximum(self._squared_reach(), 0.0) + tolerance)

    def holding(self, points: Floats) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """The number of balls around each point [m], and whether each ball contains any [n]."""
        counts = np.zeros(len(points), dtype=np.intp)
        nonempty = np.zeros(len(self.centres), dtype=np.bool_)
        for rows, excess in _blocks(points - self._middle, self._centred, self.radii**2):
            inside = excess <= 0
            counts[rows] = np.count_nonzero(inside, axis=1)
            nonempty |= inside.any(axis=0)
        return counts, nonempty

    @cached_property
    def reach(self) -> float:
        """The probability that a new sample of the same distribution lies in some ball.

        A sample lies in a ball of the others, built without it, if and only if it lies in one
        built with it; so it is the share of samples inside the ball about another one.
        """
        return float(np.mean(self.holding(self.centres)[0] > 1))

    @cached_property
    def _middle(self) -> Floats:
        return np.asarray(self.centres.mean(axis=0))

    @cached_property
    def _centred(self) -> Floats:
        return self.centres - self._middle

    def _squared_reach(self) -> Floats:
        """The squared distance to the k-th neighbour; neighbour 0 is the sample itself."""
        if self.centres.shape[1] <= TREE_WIDTH:
            from scipy.spatial import cKDTree

            neighbours = cKDTree(self._centred).query(self._centred, k=[self.k + 1])
            return np.asarray(neighbours[0])[:, 0] ** 2
        squares = np.empty(len(self.centres))
        for rows, distances in _blocks(self._centred, self._centred, np.zeros_like(squares)):
            distances.partition(self.k, axis=1)
            squares[rows] = distances[:, self.k]
        return squares


def balls_and_vectors(*, real: Balls | ArrayLike, fake: ArrayLike, k: int) -> tuple[Balls, Floats]:
    """The balls about the real samples, and the fake samples as vectors [n, d].

    Args:
        real: The real samples [m, ...], or balls about them.
        fake: The generator's samples [n, ...].
        k: The number of the neighbour that a ball reaches to.

    Raises:
        ValueError: A side has k samples or fewer, the balls have another k, or `both_sides`
            rejects the samples.

    >>> balls_and_vectors(real=[0.0, 1.0, 3.0], fake=[2.0, 2.0], k=1)[0].radii.round(3)
    array([1., 1., 2.])
    """
    if isinstance(real, Balls) and real.k != k:
        raise ValueError(f"the balls reach to neighbour {real.k}, not to k = {k}; give k={real.k}")
    samples = real.centres if isinstance(real, Balls) else real
    reals, fakes = both_sides(real=samples, fake=fake, least=k + 1)
    return real if isinstance(real, Balls) else Balls(reals, k), fakes


def count_within(samples: Floats, distance: float) -> NDArray[np.intp]:
    """The number of samples [n, d] within a distance of each, including itself [n].

    >>> count_within(np.array([[0.0], [1.0], [3.0]]), 1.0)
    array([2, 2, 1])
    """
    centred = samples - samples.mean(axis=0)
    squared_radii = distance**2 * (1 + TIE) + TIE * _lengths(centred)
    counts = [
        np.count_nonzero(excess <= 0, axis=1)
        for _, excess in _blocks(centred, centred, squared_radii)
    ]
    # Squares that overflow compare false; a sample is near itself even then.
    return np.asarray(np.maximum(np.concatenate(counts), 1))


def _blocks(
    points: Floats, centres: Floats, squared_radii: Floats
) -> Iterator[tuple[slice, Floats]]:
    """Blocks of the squared distances from points to centres, minus a number per centre."""
    # |p|^2 + |c|^2 - 2 p.c - less as one product, which saves three passes over a block.
    offset = _lengths(centres) - squared_radii
    columns = np.vstack([-2 * centres.T, offset, np.ones_like(offset)])
    step = max(1, BLOCK // len(centres))
    for start in range(0, len(points), step):
        block = points[start : start + step]
        columns_of_block = [block, np.ones((len(block), 1)), _lengths(block)[:, None]]
        yield slice(start, start + len(block)), np.hstack(columns_of_block) @ columns


def _lengths(x: Floats) -> Floats:
    """The squared length of each row."""
    return np.asarray(np.einsum("ij,ij->i", x, x))
