"""The share of statistically different bins (NDB/K)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.bins import Bins, bins_and_vectors
from gandiag.metrics.estimate import Estimate


def ndb(
    *,
    real: Bins | ArrayLike,
    fake: ArrayLike,
    bins: int = 100,
    alpha: float = 0.05,
    seed: int = 0,
) -> Estimate:
    """The share of bins with significantly different shares: NDB/K (Richardson and Weiss 2018).

    The bins are the k-means cells of real samples. In each, the share p of fake samples is compared
    with the share q of real ones by a two-proportion test: |p - q| over
    sqrt(r (1 - r) (1 / n + 1 / m)), r the pooled share, beyond the normal quantile of
    1 - alpha / 2. A bin without samples is not tested.

    The floor is alpha, the false positive rate of the tests. To reach it, one half of the real
    samples defines the bins and the other is counted; with the same samples for both, as in the
    paper, agreement gives .04 in 2 dimensions and .02 in 32. The standard error is
    sqrt(v (1 - v) / K) for a value v, or that of the floor if larger: about the observed scatter at
    the floor, and 1 to 1.4 times it away from the floor, where many bins differ for certain.

    How to read it: 0.3 means that 30 % of the bins have too many or too few samples; a lost mode
    is several bins with too few. It misleads when n changes: every true difference becomes
    significant as n grows, so compare at one n only, or use `bin_divergence`. It is blind to
    differences inside a bin, and a sample far away counts for the nearest bin.

    Args:
        real: Real samples [m, ...], or their `Bins`, to reuse at many checkpoints.
        fake: The generator's samples [n, ...].
        bins: The largest number of bins; there are at most m / 20.
        alpha: The level of each test.
        seed: The seed of k-means.

    Returns:
        An estimate between 0 and 1; NaN where a fake sample is not finite.

    Raises:
        ValueError: Too few real samples, real samples that are not finite, or different numbers of
            coordinates.

    >>> real = np.random.default_rng(0).normal(size=(2000, 2))
    >>> ndb(real=real, fake=np.abs(real)).value > 0.8
    True
    """
    real_bins, fakes = bins_and_vectors(real=real, fake=fake, bins=bins, seed=seed)
    n = len(fakes)
    if not np.isfinite(fakes).all():
        return Estimate(math.nan, math.nan, alpha, n)
    differs = _differs(real_bins.counts, real_bins.count(fakes), alpha)
    value = float(differs.mean())
    # With few bins none differs by chance, which does not make the error 0.
    variance = max(value * (1 - value), alpha * (1 - alpha))
    return Estimate(value, math.sqrt(variance / len(differs)), alpha, n)


def _differs(real: NDArray[Any], fake: NDArray[Any], alpha: float) -> NDArray[np.bool_]:
    from scipy.special import ndtri

    m, n = real.sum(), fake.sum()
    used = real + fake > 0
    p, q, pooled = fake[used] / n, real[used] / m, (real + fake)[used] / (m + n)
    limit = ndtri(1 - alpha / 2) * np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return np.asarray(np.abs(p - q) > limit)
