"""Balls about samples, each as wide as to its k-th neighbour: what a set of samples covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import InitVar, dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.samples import Floats, both, vectors

TREE_WIDTH = 8
"""Up to so many coordinates a tree finds neighbours faster than all distances do."""

BLOCK = 4_000_000
"""How many distances are held at once: 32 MB of them."""

TIE = 1e-12
"""What rounding may add to a squared distance, as a share of the squared length."""


@dataclass(frozen=True, eq=False)
class Balls:
    """Closed balls about samples, each reaching to the k-th nearest other sample.

    A point on the edge is inside, so that samples which repeat have balls of width 0 that
    still hold their own likes. `precision_recall` and `density_coverage` take one in place of
    the real samples and then do not look for their neighbours again.

    Args:
        samples: The samples [n, ...], all finite, n > k.

    Attributes:
        centres: The samples as vectors [n, d].
        k: Which neighbour a ball reaches to.

    Raises:
        ValueError: Too few samples, or some that are not finite; k is below 1.

    >>> Balls([0.0, 1.0, 3.0], 1).radii.round(3)
    array([1., 1., 2.])
    """

    samples: InitVar[ArrayLike]
    k: int = 5
    centres: Floats = field(init=False)

    def __post_init__(self, samples: ArrayLike) -> None:
        """Lays the samples out as vectors."""
        if self.k < 1:
            raise ValueError(f"k = {self.k} is no neighbour; it must be 1 or more, and 5 is usual")
        centres = vectors(samples, "the centres of balls", least=self.k + 1)
        if not np.isfinite(centres).all():
            raise ValueError("the centres of balls hold samples that are NaN or infinite")
        object.__setattr__(self, "centres", centres)

    @cached_property
    def radii(self) -> Floats:
        """The radius of each ball [n], in the unit of the samples."""
        # The slack keeps ties inside whatever the product of matrices rounds to.
        slack = TIE * _lengths(self._centred)
        return np.sqrt(np.maximum(self._reaches(), 0.0) + slack)

    def holding(self, points: Floats) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """How many balls hold each point [m], and whether each ball holds any of them [n]."""
        held = np.zeros(len(points), dtype=np.intp)
        met = np.zeros(len(self.centres), dtype=np.bool_)
        for rows, excess in _blocks(points - self._middle, self._centred, self.radii**2):
            inside = excess <= 0
            held[rows] = np.count_nonzero(inside, axis=1)
            met |= inside.any(axis=0)
        return held, met

    @cached_property
    def reach(self) -> float:
        """The probability that a fresh sample of the same law lies in some ball.

        A sample lies in a ball of the others, drawn without it, if and only if it lies in one
        drawn with it; so the share of the samples that are in the ball of another tells.
        """
        return float(np.mean(self.holding(self.centres)[0] > 1))

    @cached_property
    def _middle(self) -> Floats:
        return np.asarray(self.centres.mean(axis=0))

    @cached_property
    def _centred(self) -> Floats:
        return self.centres - self._middle

    def _reaches(self) -> Floats:
        """The squared distance to the k-th neighbour; a sample is its own, at 0."""
        if self.centres.shape[1] <= TREE_WIDTH:
            from scipy.spatial import cKDTree

            found = cKDTree(self._centred).query(self._centred, k=[self.k + 1])
            return np.asarray(found[0])[:, 0] ** 2
        squares = np.empty(len(self.centres))
        for rows, distances in _blocks(self._centred, self._centred, np.zeros_like(squares)):
            distances.partition(self.k, axis=1)
            squares[rows] = distances[:, self.k]
        return squares


def prepared(*, real: Balls | ArrayLike, fake: ArrayLike, k: int) -> tuple[Balls, Floats]:
    """The balls about the real samples, and the fake samples as vectors.

    Args:
        real: The real samples [m, ...], or balls about them.
        fake: The generator's samples [n, ...].
        k: Which neighbour a ball reaches to.

    Raises:
        ValueError: Either side has not more than k samples, or `both` refuses them, or the
            balls are of another k.

    >>> prepared(real=[0.0, 1.0, 3.0], fake=[2.0, 2.0], k=1)[0].radii.round(3)
    array([1., 1., 2.])
    """
    if isinstance(real, Balls) and real.k != k:
        raise ValueError(f"the balls reach to neighbour {real.k}, not to k = {k}; give k={real.k}")
    samples = real.centres if isinstance(real, Balls) else real
    known, made = both(real=samples, fake=fake, least=k + 1)
    return real if isinstance(real, Balls) else Balls(known, k), made


def number_within(samples: Floats, distance: float) -> NDArray[np.intp]:
    """How many of the samples [n, d] lie within a distance of each, itself included [n].

    >>> number_within(np.array([[0.0], [1.0], [3.0]]), 1.0)
    array([2, 2, 1])
    """
    centred = samples - samples.mean(axis=0)
    less = distance**2 * (1 + TIE) + TIE * _lengths(centred)
    counts = [
        np.count_nonzero(excess <= 0, axis=1) for _, excess in _blocks(centred, centred, less)
    ]
    # Squares that overflow compare as nothing; a sample is near itself even then.
    return np.asarray(np.maximum(np.concatenate(counts), 1))


def _blocks(points: Floats, centres: Floats, less: Floats) -> Iterator[tuple[slice, Floats]]:
    """Blocks of the squared distances from points to centres, less a number a centre."""
    # |p|^2 + |c|^2 - 2 p.c - less as one product, which saves three passes over a block.
    offset = _lengths(centres) - less
    columns = np.vstack([-2 * centres.T, offset, np.ones_like(offset)])
    step = max(1, BLOCK // len(centres))
    for start in range(0, len(points), step):
        block = points[start : start + step]
        sides = [block, np.ones((len(block), 1)), _lengths(block)[:, None]]
        yield slice(start, start + len(block)), np.hstack(sides) @ columns


def _lengths(x: Floats) -> Floats:
    """The squared length of each row."""
    return np.asarray(np.einsum("ij,ij->i", x, x))
