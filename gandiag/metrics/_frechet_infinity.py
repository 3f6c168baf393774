"""The Fréchet distance that infinitely many samples would have."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics._frechet import HUGE
from gandiag.metrics.bures import Ellipsoid, noise_variance, transport
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, both

SMALLEST = 4
"""The smallest subsets hold one in so many of the samples."""


def frechet_infinity(
    *, real: ArrayLike, fake: ArrayLike, sizes: int = 12, seed: int = 0
) -> Estimate:
    """The Fréchet distance with the bias of few samples taken off, by extrapolation.

    The distance of n from m samples is biased as 1 / n + 1 / m. It is taken of subsets of both
    sides, ``sizes`` of them from all samples down to a quarter, evenly in 1 / n; a straight line
    through these has its intercept at n = m = infinity (Chong and Forsyth 2020, who cut the fake
    side alone). At each size as many disjoint subsets count as the samples hold, in an order
    drawn from ``seed``. The standard error adds up the influence of every sample on all subsets,
    and lies within 15 % of the sd seen; at the floor it is 1.1 to 1.25 times it.

    The floor is 0: the value scatters about the true distance, and may be negative.

    How to read it: as `frechet`, but comparable between different n. It misleads where the
    smallest subsets have fewer than some four samples a feature: the bias is no straight line
    there, and the value reads low. It scatters more than `frechet` does.

    Args:
        real: Real samples or their features [m] or [m, d], m >= 8.
        fake: The generator's [n] or [n, d], n >= 8.
        sizes: The number of sizes, at least 2.
        seed: Of the subsets.

    Returns:
        An estimate, one number, in the squared unit of the samples; NaN where a fake sample is
        not finite, or past 1e150.

    Raises:
        ValueError: Too few samples or sizes, samples of different widths, or real ones that are
            not finite.

    >>> rng = np.random.default_rng(1)
    >>> round(frechet_infinity(real=rng.normal(size=4000), fake=rng.normal(2, size=4000)).value)
    4
    """
    known, made = both(real=real, fake=fake, least=2 * SMALLEST)
    if sizes < 2:
        raise ValueError(f"sizes must be at least 2, for a line to be drawn, not {sizes}")
    if not max(made.max(), -made.min()) < HUGE:
        return Estimate(np.nan, np.nan, 0.0, len(made))
    rng = np.random.default_rng(seed)
    x, y = rng.permutation(made), rng.permutation(known)
    shares = 1 / np.linspace(1, SMALLEST, sizes)
    weights = _weights([1 / int(len(x) * s) + 1 / int(len(y) * s) for s in shares])
    value, of_fake, of_real = 0.0, np.zeros(len(x)), np.zeros(len(y))
    for share, weight in zip(shares, weights, strict=True):
        pairs = list(_subsets(len(x), len(y), share))
        for a, b in pairs:
            found, left, right = transport(Ellipsoid.of(x[a]), Ellipsoid.of(y[b]))
            value += weight / len(pairs) * found
            of_fake[a] += weight / len(pairs) * len(x) / len(left) * (left - left.mean())
            of_real[b] += weight / len(pairs) * len(y) / len(right) * (right - right.mean())
    variance = of_fake.var() / len(x) + of_real.var() / len(y)
    second = (1 / len(x) + 1 / len(y)) ** 2 * noise_variance(Ellipsoid.of(known))
    second *= _shared(shares, weights)
    # As in `frechet`, the influences count the second order twice.
    return Estimate(value, np.sqrt(max(variance - second, min(second, variance))), 0.0, len(x))


def _weights(noise: list[float]) -> Floats:
    """What each size adds to the intercept of a straight line by least squares."""
    away = np.array(noise) - np.mean(noise)
    return np.asarray(1 / len(noise) - np.mean(noise) * away / (away @ away))


def _shared(shares: Floats, weights: Floats) -> float:
    """The variance of the weighted sum of all subsets' noise of second order, in full sets'.

    Two subsets that have a share c of the samples in common agree in (c / (a b))^2 of it.
    """
    counts = np.array([_copies(share) for share in shares])
    size, weight = np.repeat(shares, counts), np.repeat(weights / counts, counts)
    start = np.concatenate([np.arange(k) * s for k, s in zip(counts, shares, strict=True)])
    ends = np.minimum.outer(start + size, start + size)
    common = np.maximum(ends - np.maximum.outer(start, start), 0) / np.outer(size, size)
    return float(weight @ common**2 @ weight)


def _copies(share: float) -> int:
    return int(1 / share + 1e-9)


def _subsets(n: int, m: int, share: float) -> Iterator[tuple[slice, slice]]:
    """The disjoint subsets of one size, on both sides."""
    few, some = int(n * share), int(m * share)
    for i in range(_copies(share)):
        yield slice(i * few, (i + 1) * few), slice(i * some, (i + 1) * some)
