"""Sorted projections of samples onto directions, and the Wasserstein distances between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gandiag.metrics._wasserstein import coupling
from gandiag.metrics.samples import Floats

BLOCK = 2**18
"""The number of projected samples per block: 2 MB, which fits into a core's cache."""


def directions(d: int, projections: int, seed: int) -> Floats:
    """Random directions, uniform on the sphere and determined by the arguments.

    Args:
        d: The number of coordinates.
        projections: The number of directions.
        seed: The seed of the draw.

    Returns:
        Vectors [projections, d] of length 1; [1, 1] if d = 1, which has only one direction.

    >>> directions(1, 128, 0)
    array([[1.]])
    """
    if d == 1:
        return np.ones((1, 1))
    normals = np.random.default_rng(seed).normal(size=(projections, d))
    return np.asarray(normals / np.linalg.norm(normals, axis=1, keepdims=True))


def blocks(axes: Floats, n: int) -> Iterator[Floats]:
    """The directions [k, d] in blocks small enough for n projected samples to stay in cache."""
    step = max(BLOCK // n, 1)
    return (axes[i : i + step] for i in range(0, len(axes), step))


def sorted_projections(samples: Floats, axes: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Projections of samples [n, d] onto directions [k, d]: ascending [k, n], and their indices."""
    projected = axes @ samples.T
    order = np.argsort(projected, axis=-1)
    return np.take_along_axis(projected, order, axis=-1), order


@dataclass(frozen=True, eq=False)
class Projected:
    """Real samples with their sorted projections, to be compared with again and again.

    `sliced_wasserstein` accepts one in place of the real samples, and then neither projects nor
    sorts them again; the numbers are the same to the last bit.

    Attributes:
        samples: The samples [m, d], all finite.
        projections: The number of directions.
        seed: The seed of the directions.
    """

    samples: Floats
    projections: int
    seed: int = 0

    @cached_property
    def sorted(self) -> tuple[Floats, NDArray[np.intp]]:
        """Along every direction the sorted projections, and the order of the samples."""
        axes = directions(self.samples.shape[1], self.projections, self.seed)
        return sorted_projections(self.samples, axes)

    @cached_property
    def spread(self) -> float:
        """The sum over the directions of the integral of sqrt(F (1 - F)); see `spread_along`."""
        axes = directions(self.samples.shape[1], self.projections, self.seed)
        return spread_along(self.samples, axes)


def spread_along(samples: Floats, axes: Floats) -> float:
    """The integral of sqrt(F (1 - F)), F the distribution along an axis; the sum over axes."""
    m = len(samples)
    share = np.arange(1, m) / m
    weights = np.sqrt(share * (1 - share))
    return sum(
        float((np.diff(np.sort(block @ samples.T, axis=-1)) @ weights).sum())
        for block in blocks(axes, m)
    )


def wasserstein_powers(x: Floats, y: Floats, p: int) -> Floats:
    """W_p^p [k], p = 1 or 2, between ascending samples [k, n] and [k, m]."""
    n, m = x.shape[-1], y.shape[-1]
    if n == m:
        return np.asarray(_pth_power(x - y, p).mean(axis=-1))
    i, j, length = coupling(n, m)
    return np.asarray(_pth_power(x[:, i] - y[:, j], p) @ length)


def _pth_power(gaps: Floats, p: int) -> Floats:
    return np.abs(gaps, out=gaps) if p == 1 else np.square(gaps, out=gaps)


def potentials(x: Floats, y: Floats, p: int) -> Floats:
    """The influence of every sample of ``x`` on W_p^p, minus its mean.

    Between two neighbours the cdf of x is i / n, and mass there is matched with the quantile q of
    y: the potential rises by |end - q|^p - |start - q|^p between them. If q is an interval, it is
    the mean over its ends.

    Args:
        x: Ascending samples [k, n].
        y: Ascending samples [k, m].
        p: 1 or 2.

    Returns:
        The influences [k, n], in the p-th power of the unit of the samples.

    >>> potentials(np.array([[0.0, 1.0]]), np.array([[0.0, 3.0]]), 2)
    array([[ 1., -1.]])
    """
    n, m = x.shape[-1], y.shape[-1]
    lower, upper = y[:, :-1], y[:, 1:]
    if n != m:
        reached = np.arange(1, n) * m
        lower, upper = y[:, (reached - 1) // n], y[:, reached // n]
    start, end = x[:, :-1], x[:, 1:]
    if p == 1:
        rise = start + end - np.clip(lower, start, end) - np.clip(upper, start, end)
    else:
        rise = (end - start) * (start + end - lower - upper)
    potential = np.zeros_like(x)
    np.cumsum(rise, axis=-1, out=potential[:, 1:])
    potential -= potential.mean(axis=-1, keepdims=True)
    return potential
