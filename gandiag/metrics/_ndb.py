"""The share of bins in which generated and real samples differ in number (NDB/K)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.bins import Bins, binned
from gandiag.metrics.estimate import Estimate


def ndb(
    *,
    real: Bins | ArrayLike,
    fake: ArrayLike,
    bins: int = 100,
    alpha: float = 0.05,
    seed: int = 0,
) -> Estimate:
    """The share of bins whose numbers differ significantly: NDB/K (Richardson and Weiss 2018).

    K-means on the real samples makes the bins. In each, the share p of fake samples is held
    against the share q of real ones by a two-proportion test: |p - q| over
    sqrt(r (1 - r) (1 / n + 1 / m)), r the pooled share, beyond the normal quantile of
    1 - alpha / 2. A bin without any sample is not tested.

    The floor is alpha, the share of tests that err. For that one half of the real samples
    makes the bins and the other is counted; with the same samples for both, as in the paper,
    agreement reads .04 in 2 dimensions and .02 in 32. The standard error is
    sqrt(v (1 - v) / K) for a value v; against the scatter seen it reads .9 to 1.2.

    How to read it: 0.3 says that in 30 % of the cells of the data there are too many or too
    few samples; a lost mode is a group of cells with too few. It misleads when n changes:
    every true difference becomes significant as n grows, so compare at one n only, or see
    `bin_divergence`. It is blind to what happens inside a bin, and a sample far off
    counts where it is nearest.

    Args:
        real: Real samples [m, ...], or their `Bins`, to use at many checkpoints.
        fake: The generator's samples [n, ...].
        bins: How many bins at most; there are not more than m / 20.
        alpha: The level of each test.
        seed: Where k-means starts from.

    Returns:
        An estimate between 0 and 1; NaN where a fake sample is not finite.

    Raises:
        ValueError: There are too few real samples, some are not finite, or the widths differ.

    >>> real = np.random.default_rng(0).normal(size=(2000, 2))
    >>> ndb(real=real, fake=np.abs(real)).value > 0.8
    True
    """
    known, made = binned(real=real, fake=fake, bins=bins, seed=seed)
    n = len(made)
    if not np.isfinite(made).all():
        return Estimate(math.nan, math.nan, alpha, n)
    differs = _differs(known.counts, known.count(made), alpha)
    value = float(differs.mean())
    return Estimate(value, math.sqrt(value * (1 - value) / len(differs)), alpha, n)


def _differs(real: NDArray[Any], fake: NDArray[Any], alpha: float) -> NDArray[np.bool_]:
    from scipy.special import ndtri

    m, n = real.sum(), fake.sum()
    used = real + fake > 0
    p, q, pooled = fake[used] / n, real[used] / m, (real + fake)[used] / (m + n)
    limit = ndtri(1 - alpha / 2) * np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return np.asarray(np.abs(p - q) > limit)
