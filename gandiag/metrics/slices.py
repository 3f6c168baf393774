"""Samples seen from one direction after the other, sorted, and how far two of them are apart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gandiag.metrics._wasserstein import coupling
from gandiag.metrics.samples import Floats

BLOCK = 2**18
"""Projected samples at a time: 2 MB, which stays in a core's cache."""


def directions(d: int, projections: int, seed: int) -> Floats:
    """Directions drawn evenly from the sphere, the same for the same arguments.

    Args:
        d: The number of coordinates.
        projections: The number of directions.
        seed: Of the draw.

    Returns:
        [projections, d], of length 1; on the line [1, 1], for there is but one.

    >>> directions(1, 128, 0)
    array([[1.]])
    """
    if d == 1:
        return np.ones((1, 1))
    drawn = np.random.default_rng(seed).normal(size=(projections, d))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True))


def blocks(along: Floats, n: int) -> Iterator[Floats]:
    """The directions [k, d] in parts, so few that n samples projected on them stay small."""
    step = max(BLOCK // n, 1)
    return (along[i : i + step] for i in range(0, len(along), step))


def slices(samples: Floats, along: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """The samples [n, d] seen along k directions [k, d]: ascending [k, n], and which each is."""
    seen = along @ samples.T
    which = np.argsort(seen, axis=-1)
    return np.take_along_axis(seen, which, axis=-1), which


def powers(x: Floats, y: Floats, p: int) -> Floats:
    """W_p^p, p = 1 or 2, of ascending samples [k, n] and [k, m]: [k]."""
    n, m = x.shape[-1], y.shape[-1]
    if n == m:
        return np.asarray(_power(x - y, p).mean(axis=-1))
    i, j, length = coupling(n, m)
    return np.asarray(_power(x[:, i] - y[:, j], p) @ length)


def _power(gaps: Floats, p: int) -> Floats:
    return np.abs(gaps, out=gaps) if p == 1 else np.square(gaps, out=gaps)


def potentials(x: Floats, y: Floats, p: int) -> Floats:
    """The influence of every sample of ``x`` on W_p^p, less its mean.

    Between two samples the cdf of x is i / n, and mass there is matched with the quantile q of
    y: from one to the next the potential rises by |end - q|^p - |start - q|^p. Where q is an
    interval, it is the mean over its ends.

    Args:
        x: Ascending samples [k, n].
        y: Ascending samples [k, m].
        p: 1 or 2.

    Returns:
        [k, n].

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
    found = np.zeros_like(x)
    np.cumsum(rise, axis=-1, out=found[:, 1:])
    found -= found.mean(axis=-1, keepdims=True)
    return found
