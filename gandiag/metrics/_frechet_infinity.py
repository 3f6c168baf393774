"""The Fréchet distance extrapolated to infinitely many samples."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics._frechet import HUGE
from gandiag.metrics.bures import Gaussian, distance_and_influences, second_order_variance
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, both_sides

SMALLEST = 4
"""The smallest subsets have this fraction of the samples: one quarter."""


def frechet_infinity(
    *, real: ArrayLike, fake: ArrayLike, sizes: int = 12, seed: int = 0
) -> Estimate:
    """The Fréchet distance without its small-sample bias, by extrapolation.

    The bias of the distance between n and m samples is proportional to 1 / n + 1 / m. The distance
    is computed for subsets of both sides in ``sizes`` sizes, from all samples down to a quarter,
    evenly in 1 / n; the intercept of a least-squares line is the value at n = m = infinity (Chong
    and Forsyth 2020, who use subsets of the fake side only). Each size uses as many disjoint
    subsets as fit, in a random order. The standard error sums the influence of every sample on all
    subsets, and is within 15 % of the observed sd with light tails; at the floor it is 1.1 to 1.5
    times it, and .3 of it or more with long tails.

    The floor is 0: the value scatters about the true distance and may be negative.

    How to read it: like `frechet`, but comparable between different n. It misleads where the
    smallest subsets have fewer than some four samples per feature: the bias is not linear there,
    and the value is too low. It scatters more than `frechet`.

    Args:
        real: Real samples or their features [m] or [m, d], m >= 8.
        fake: The generator's [n] or [n, d], n >= 8.
        sizes: The number of sizes, at least 2.
        seed: The seed of the random order.

    Returns:
        An estimate, a single number, in the squared unit of the samples; NaN if a fake sample is
        not finite or beyond 1e150.

    Raises:
        ValueError: Too few samples or sizes, different numbers of coordinates, or real samples that
            are not finite.

    >>> rng = np.random.default_rng(1)
    >>> round(frechet_infinity(real=rng.normal(size=4000), fake=rng.normal(2, size=4000)).value)
    4
    """
    reals, fakes = both_sides(real=real, fake=fake, least=2 * SMALLEST)
    if sizes < 2:
        raise ValueError(f"sizes must be at least 2, to fit a line, not {sizes}")
    if not max(fakes.max(), -fakes.min()) < HUGE:
        return Estimate(np.nan, np.nan, 0.0, len(fakes))
    rng = np.random.default_rng(seed)
    x, y = rng.permutation(fakes), rng.permutation(reals)
    shares = 1 / np.linspace(1, SMALLEST, sizes)
    weights = _weights([1 / int(len(x) * s) + 1 / int(len(y) * s) for s in shares])
    value, of_fake, of_real = 0.0, np.zeros(len(x)), np.zeros(len(y))
    for share, weight in zip(shares, weights, strict=True):
        pairs = list(_subsets(len(x), len(y), share))
        for a, b in pairs:
            distance, left, right = distance_and_influences(Gaussian.of(x[a]), Gaussian.of(y[b]))
            value += weight / len(pairs) * distance
            of_fake[a] += weight / len(pairs) * len(x) / len(left) * (left - left.mean())
            of_real[b] += weight / len(pairs) * len(y) / len(right) * (right - right.mean())
    variance = of_fake.var() / len(x) + of_real.var() / len(y)
    second_order = (1 / len(x) + 1 / len(y)) ** 2 * second_order_variance(Gaussian.of(reals))
    second_order *= _second_order_factor(shares, weights)
    # As in `frechet`, the variance of the influences counts the second order twice.
    return Estimate(
        value, np.sqrt(max(variance - second_order, min(second_order, variance))), 0.0, len(x)
    )


def _weights(noise: list[float]) -> Floats:
    """The weight of each size in the intercept of a least-squares line."""
    deviations = np.array(noise) - np.mean(noise)
    return np.asarray(1 / len(noise) - np.mean(noise) * deviations / (deviations @ deviations))


def _second_order_factor(shares: Floats, weights: Floats) -> float:
    """The second-order variance of the weighted sum over all subsets, over that of the full sets.

    Subsets of shares a and b with a common share c have the covariance (c / (a b))^2.
    """
    counts = np.array([_subset_count(share) for share in shares])
    size, weight = np.repeat(shares, counts), np.repeat(weights / counts, counts)
    start = np.concatenate([np.arange(k) * s for k, s in zip(counts, shares, strict=True)])
    ends = np.minimum.outer(start + size, start + size)
    common = np.maximum(ends - np.maximum.outer(start, start), 0) / np.outer(size, size)
    return float(weight @ common**2 @ weight)


def _subset_count(share: float) -> int:
    return int(1 / share + 1e-9)


def _subsets(n: int, m: int, share: float) -> Iterator[tuple[slice, slice]]:
    """The index ranges of the disjoint subsets of one size, on both sides."""
    size_n, size_m = int(n * share), int(m * share)
    for i in range(_subset_count(share)):
        yield slice(i * size_n, (i + 1) * size_n), slice(i * size_m, (i + 1) * size_m)
