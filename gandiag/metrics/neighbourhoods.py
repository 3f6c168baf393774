"""The neighbourhoods of real samples, found once for many comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import InitVar, dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.samples import Floats, vectors

TREE_WIDTH = 8
"""Up to this many coordinates a k-d tree is faster than computing all distances."""

BLOCK = 2_000_000
"""The number of distances in memory at a time: 16 MB."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """Real samples and the distances to their nearest neighbours.

    `reach` accepts one in place of the real samples, to search the neighbours only once.

    Args:
        samples: The real samples [m, ...], all finite, m > 1.

    Attributes:
        points: The samples as vectors [m, d].

    Raises:
        ValueError: Fewer than two samples, or samples that are not finite.

    >>> Neighbourhoods([0.0, 1.0, 3.0]).distances(2)
    array([[1., 3.],
           [1., 2.],
           [2., 3.]])
    """

    samples: InitVar[ArrayLike]
    points: Floats = field(init=False)

    def __post_init__(self, samples: ArrayLike) -> None:
        """Flattens the samples to vectors."""
        points = vectors(samples, "real", least=2)
        if not np.isfinite(points).all():
            raise ValueError("real has samples that are NaN or infinite; drop them first")
        object.__setattr__(self, "points", points)

    def __len__(self) -> int:
        return len(self.points)

    def distances(self, k: int) -> Floats:
        """The distances of each sample to its k nearest other samples [m, k], ascending."""
        if self._distances.shape[1] < k:
            self.__dict__["_distances"] = _nearest(self.points, self.points, k + 1)[0][:, 1:]
        return self._distances[:, :k]

    @cached_property
    def nearest(self) -> Indices:
        """The index of the nearest other sample of each [m]; of equal ones any."""
        indices = _nearest(self.points, self.points, 2)[1]
        own = indices[:, 0] == np.arange(len(self))
        return np.where(own, indices[:, 1], indices[:, 0])

    def to(self, others: Floats) -> tuple[Floats, Indices, Floats, Indices]:
        """The neighbours on the other side.

        Args:
            others: Other samples [n, d], n > 1, all finite.

        Returns:
            The distance of each other sample to the nearest real one [n] and the index of that
            one [n]; of each real sample the distances to the two nearest others [m, 2] and the
            index of the nearest [m].
        """
        if self.points.shape[1] <= TREE_WIDTH:
            to_real, of_real = _nearest(others, self.points, 1)
            to_others, of_others = _nearest(self.points, others, 2)
            return to_real[:, 0], of_real[:, 0], to_others, of_others[:, 0]
        return self._by_blocks(others)

    def holding(self, others: Floats, radii: Floats) -> Indices:
        """How many other samples [n, d] are in the ball about each real one [m], edge included."""
        counts = np.zeros(len(self), dtype=np.intp)
        if self.points.shape[1] <= TREE_WIDTH:
            from scipy.spatial import cKDTree

            tree = cKDTree(others)
            counts += tree.query_ball_point(self.points, radii, return_length=True)
            return counts
        for _, squares in _blocks(others, self.points):
            counts += np.count_nonzero(squares <= radii**2, axis=0)
        return counts

    def members(self, others: Floats, radii: Floats, which: NDArray[np.bool_]) -> Indices:
        """In how many of the balls ``which`` [m] each of the other samples is [n]."""
        counts = np.zeros(len(others), dtype=np.intp)
        if which.any():
            for rows, squares in _blocks(others, self.points[which], self.points.mean(axis=0)):
                counts[rows] = np.count_nonzero(squares <= radii[which] ** 2, axis=1)
        return counts

    @cached_property
    def _distances(self) -> Floats:
        return np.empty((len(self), 0))

    def _by_blocks(self, others: Floats) -> tuple[Floats, Indices, Floats, Indices]:
        """Both directions from one product, so that no distance is computed twice."""
        n, m = len(others), len(self)
        to_real, of_real = np.empty(n), np.empty(n, dtype=np.intp)
        best, second = np.full(m, np.inf), np.full(m, np.inf)
        of_others = np.zeros(m, dtype=np.intp)
        for rows, squares in _blocks(others, self.points):
            of_real[rows] = squares.argmin(axis=1)
            to_real[rows] = squares[np.arange(len(squares)), of_real[rows]]
            first = squares.argmin(axis=0)
            least = squares[first, np.arange(m)]
            squares[first, np.arange(m)] = np.inf
            second = np.minimum(np.maximum(best, least), np.minimum(second, squares.min(axis=0)))
            of_others = np.where(least < best, rows.start + first, of_others)
            best = np.minimum(best, least)
        return to_real**0.5, of_real, np.stack([best, second], 1) ** 0.5, of_others


def _nearest(points: Floats, centres: Floats, k: int) -> tuple[Floats, Indices]:
    """The distances to the k nearest centres [n, k], ascending, and their indices."""
    if centres.shape[1] <= TREE_WIDTH:
        from scipy.spatial import cKDTree

        distances, indices = cKDTree(centres).query(points, k=range(1, k + 1))
        return np.asarray(distances), np.asarray(indices)
    distances, indices = np.empty((len(points), k)), np.empty((len(points), k), dtype=np.intp)
    for rows, squares in _blocks(points, centres):
        few = np.argpartition(squares, min(k, len(centres)) - 1, axis=1)[:, :k]
        near = np.take_along_axis(squares, few, axis=1)
        order = np.argsort(near, axis=1)
        distances[rows] = np.sqrt(np.take_along_axis(near, order, axis=1))
        indices[rows] = np.take_along_axis(few, order, axis=1)
    return distances, indices


def _blocks(
    points: Floats, centres: Floats, middle: Floats | None = None
) -> Iterator[tuple[slice, Floats]]:
    """Blocks of the squared distances from points to centres; rounding is small near a middle."""
    middle = centres.mean(axis=0) if middle is None else middle
    points, centres = points - middle, centres - middle
    lengths = np.einsum("ij,ij->i", centres, centres)
    step = max(1, BLOCK // len(centres))
    for start in range(0, len(points), step):
        block = points[start : start + step]
        of_block = np.einsum("ij,ij->i", block, block)[:, None]
        squares = of_block + lengths - 2 * (block @ centres.T)
        # Equal samples have distance 0 in spite of the rounding of matrix products.
        squares[squares < 1e-12 * (of_block + lengths)] = 0.0
        yield slice(start, start + len(block)), squares
