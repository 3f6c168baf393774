"""How much of a histogram has moved between two looks."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import counted
from gandiag.metrics.samples import Floats


@np.errstate(all="ignore")
def total_variation(*, previous: ArrayLike, current: ArrayLike) -> Estimate:
    """The total variation sum |p_i - q_i| / 2 between two histograms of counts.

    The floor is that of two samples of the pooled law r, each difference taken as normal:
    sqrt(2 / pi) / 2 times the sum of sqrt(r_i (1 - r_i) (1 / n + 1 / m)). The standard error is
    the delta method's: a sample counts for half the sign of its class's difference.

    How to read it: the share of the samples that changed class, from 0 to 1; above .5 while
    few modes are held, the generator hops between modes. Against samples of the data it is the
    mass on the wrong modes, 1 - k / K for k of K equal ones. It misleads near the floor, where
    the standard error reads 1.6 times the scatter seen; it holds from twice the floor on. The
    floor reads high for classes of one or two samples.

    Args:
        previous: The samples in each class at the look before [K].
        current: The samples in each class now [K].

    Returns:
        An estimate, no unit; NaN where one of the two has no sample or is not finite.

    Raises:
        ValueError: The two are not rows of one number of counts.

    >>> total_variation(previous=[50, 50, 0], current=[0, 50, 50]).value
    0.5
    """
    before, now = counted(previous, "previous"), counted(current, "current")
    if before.shape != now.shape:
        raise ValueError(
            f"previous has {len(before)} classes and current {len(now)}; "
            "the two must be histograms over the same modes"
        )
    n, m = float(now.sum()), float(before.sum())
    if not (n > 0 and m > 0 and math.isfinite(n + m)):
        return Estimate(math.nan, math.nan, math.nan)
    p, q = before / m, now / n
    sign = np.sign(q - p)
    variance = _scatter(p, sign) / m + _scatter(q, sign) / n
    pooled = (before + now) / (n + m)
    apart = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)).sum()
    floor = math.sqrt(2 / math.pi) * float(apart) / 2
    value = float(np.abs(p - q).sum()) / 2
    return Estimate(value, math.sqrt(max(variance, 0.0)) / 2, floor, round(n))


def _scatter(shares: Floats, score: Floats) -> float:
    """The variance of a score that every class has."""
    return float(shares @ score**2 - (shares @ score) ** 2)
