"""How much a histogram has changed between two checkpoints."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import as_counts
from gandiag.metrics.samples import Floats


@np.errstate(all="ignore")
def total_variation(*, previous: ArrayLike, current: ArrayLike) -> Estimate:
    """The total variation sum |p_i - q_i| / 2 between two histograms of counts.

    The floor is that of two samples of the pooled distribution r, each difference taken as normal:
    sqrt(2 / pi) / 2 times the sum of sqrt(r_i (1 - r_i) (1 / n + 1 / m)). The standard error is
    the delta method's: the influence of a sample is half the sign of its class's difference.

    How to read it: the share of the samples that changed class, from 0 to 1; above .5 with few
    modes covered, the generator hops between modes. Against samples of the data it is the mass on
    the wrong modes, 1 - k / K for k of K equal ones. It misleads near the floor, where the standard
    error is 1.6 times the observed scatter; it is correct from twice the floor on. The floor is too
    high for classes of one or two samples.

    Args:
        previous: The number of samples in each class at the earlier checkpoint [K].
        current: The number of samples in each class now [K].

    Returns:
        An estimate without unit; NaN if a histogram has no sample or is not finite.

    Raises:
        ValueError: The two are not one-dimensional, or have different numbers of classes.

    >>> total_variation(previous=[50, 50, 0], current=[0, 50, 50]).value
    0.5
    """
    counts_before, counts = as_counts(previous, "previous"), as_counts(current, "current")
    if counts_before.shape != counts.shape:
        raise ValueError(
            f"previous has {len(counts_before)} classes and current {len(counts)}; "
            "the two must be histograms over the same modes"
        )
    n, m = float(counts.sum()), float(counts_before.sum())
    if not (n > 0 and m > 0 and math.isfinite(n + m)):
        return Estimate(math.nan, math.nan, math.nan)
    p, q = counts_before / m, counts / n
    sign = np.sign(q - p)
    variance = _score_variance(p, sign) / m + _score_variance(q, sign) / n
    pooled = (counts_before + counts) / (n + m)
    deviations = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)).sum()
    floor = math.sqrt(2 / math.pi) * float(deviations) / 2
    value = float(np.abs(p - q).sum()) / 2
    return Estimate(value, math.sqrt(max(variance, 0.0)) / 2, floor, round(n))


def _score_variance(shares: Floats, score: Floats) -> float:
    """The variance of a score [K] of the classes under their shares [K]."""
    return float(shares @ score**2 - (shares @ score) ** 2)
