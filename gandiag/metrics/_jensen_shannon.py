"""The Jensen-Shannon divergence of a histogram from a known law."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import counted, error, law, scatter


def jensen_shannon(*, real: ArrayLike | None = None, fake: ArrayLike) -> Estimate:
    """The mean divergence KL(p || r) / 2 + KL(q || r) / 2 of p and q from r = (p + q) / 2.

    It is what the optimal discriminator's loss measures (Goodfellow et al. 2014), see
    `optimal_d_loss`. The floor is (K - 1) / (8 n); the standard error is the delta method's to
    second order, which reads up to a quarter high where all the classes held are equal.

    How to read it: 0 is agreement and log 2 = .693 a law that shares no class with the data;
    half the modes lost read .216. It misleads where samples lie between the modes: what the
    histogram leaves out, the discriminator sees.

    Args:
        real: The law of the data over the classes [K], brought to the sum one; None for the
            uniform law.
        fake: The generator's samples in each class, counts [K].

    Returns:
        An estimate in nats; NaN where there is no sample or a count is NaN.

    Raises:
        ValueError: The counts are not one row, or the law has another number of classes.

    >>> round(jensen_shannon(fake=[250, 250, 250, 250, 0, 0, 0, 0]).value, 4)
    0.2158
    """
    counts = counted(fake, "fake")
    p = law(real, "real", len(counts))
    n = float(counts.sum())
    if not n > 0 or math.isinf(n):
        return Estimate(math.nan, math.nan, math.nan)
    q = counts / n
    seen = q > 0
    away = np.log(2 * q[seen] / (p + q)[seen])
    value = float(q[seen] @ away + p @ np.log(2 * p / (p + q))) / 2
    curvature = (p / (q + p))[seen] / (2 * q[seen])
    se = error(away / 2, curvature, scatter(q, n)[np.ix_(seen, seen)])
    return Estimate(max(value, 0.0), se, (len(p) - 1) / (8 * n), round(n))
