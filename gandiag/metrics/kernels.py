"""The maximum mean discrepancy for any kernel, over all pairs, one tile at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats

Kernel = Callable[[Floats, Floats], Floats]
"""Takes samples [a, d] and [b, d] and returns a new array [a, b]."""

TILE = 512
"""The number of rows and columns of a tile: 2 MB, which fits into a core's cache."""


@np.errstate(all="ignore")
def kernel_distance(*, real: Floats, fake: Floats, kernel: Kernel) -> Estimate:
    """The unbiased squared maximum mean discrepancy of two samples.

    MMD^2 = E k(X, X') + E k(Y, Y') - 2 E k(X, Y), every mean over distinct pairs (Gretton et
    al. 2012, eq. 3). Its variance is that of Hoeffding's decomposition, with both orders: the
    variance of the row means is the first order plus twice the second.

    Args:
        real: Real samples [m, d], m >= 2, finite.
        fake: The generator's samples [n, d], n >= 2.
        kernel: The kernel.

    Returns:
        An estimate, a single number, with floor 0; NaN if a fake sample is not finite.

    >>> kernel_distance(real=np.zeros((2, 1)), fake=np.ones((3, 1)), kernel=lambda a, b: a @ b.T)
    Estimate(value=1.0, se=0.0, floor=0.0, n=3, interval=None)
    """
    n, m = len(fake), len(real)
    if not np.isfinite(fake).all():
        return Estimate(np.nan, np.nan, 0.0, n)
    of_fake, fake_square = _within(fake, kernel)
    of_real, real_square = _within(real, kernel)
    to_real, to_fake, cross_square = _between(fake, real, kernel)
    value = of_fake.mean() + of_real.mean() - 2 * to_real.mean()
    both_orders = 4 * _var(of_fake - to_real) / n + 4 * _var(of_real - to_fake) / m
    second_order = 2 * _interaction(fake_square, of_fake, of_fake) / (n * (n - 1))
    second_order += 2 * _interaction(real_square, of_real, of_real) / (m * (m - 1))
    second_order += 4 * _interaction(cross_square, to_real, to_fake) / (n * m)
    # The variance of the row means has the second order twice; the total is never below it.
    return Estimate(value, np.sqrt(max(both_orders - second_order, second_order)), 0.0, n)


def _var(rows: Floats) -> float:
    return float(rows.var(ddof=1))


def _interaction(square: float, rows: Floats, columns: Floats) -> float:
    """The variance of the kernel's interaction term, beyond the effects of rows and columns."""
    return max(square - float(np.square(rows.mean())) - _var(rows) - _var(columns), 0.0)


def _within(x: Floats, kernel: Kernel) -> tuple[Floats, float]:
    """Every sample's mean kernel with the others [n], and the mean square over all pairs."""
    n = len(x)
    sums, squares = np.zeros(n), 0.0
    for a in _tiles(n):
        for b in _tiles(n, a.start):
            k = kernel(x[a], x[b])
            if b == a:
                np.fill_diagonal(k, 0.0)
            else:
                sums[b] += k.sum(axis=0)
            sums[a] += k.sum(axis=1)
            squares += (1 if b == a else 2) * float(np.vdot(k, k))
    return sums / (n - 1), squares / (n * (n - 1))


def _between(x: Floats, y: Floats, kernel: Kernel) -> tuple[Floats, Floats, float]:
    """The mean kernels of the rows [n] and columns [m], and the mean square over all pairs."""
    n, m = len(x), len(y)
    of_x, of_y, squares = np.zeros(n), np.zeros(m), 0.0
    for a in _tiles(n):
        for b in _tiles(m):
            k = kernel(x[a], y[b])
            of_x[a] += k.sum(axis=1)
            of_y[b] += k.sum(axis=0)
            squares += float(np.vdot(k, k))
    return of_x / m, of_y / n, squares / (n * m)


def _tiles(n: int, start: int = 0) -> list[slice]:
    return [slice(i, min(i + TILE, n)) for i in range(start, n, TILE)]
