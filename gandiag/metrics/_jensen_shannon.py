"""The Jensen-Shannon divergence of a histogram from a known distribution."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import as_counts, share_covariance, shares_of, standard_error


def jensen_shannon(*, real: ArrayLike | None = None, fake: ArrayLike) -> Estimate:
    """The mean divergence KL(p || r) / 2 + KL(q || r) / 2 of p and q from r = (p + q) / 2.

    It is what the optimal discriminator's loss measures (Goodfellow et al. 2014), see
    `optimal_d_loss`. A class may be absent on either side. The floor is (K - 1) / (8 n), K the
    classes of the data; the standard error is the delta method's to second order, up to a quarter
    too large if all the classes hit are equally frequent. Both need some twenty samples per class:
    with 2 to 6 the floor is .75 to .93 of the truth and the error .6 to 1.2 of the observed sd.

    How to read it: 0 is agreement and log 2 = .693 a distribution that shares no class with the
    data; with half the modes lost it is .216. It misleads where samples lie between the modes: a
    discriminator sees these, the histogram does not.

    Args:
        real: The data's shares of the classes [K], normalized to sum 1, some may be 0; None for
            equal shares.
        fake: The generator's samples in each class, counts [K].

    Returns:
        An estimate in nats; NaN if there is no sample or a count is NaN.

    Raises:
        ValueError: The counts are not one-dimensional, ``real`` has another number of classes,
            or one of its shares is negative.

    >>> round(jensen_shannon(fake=[250, 250, 250, 250, 0, 0, 0, 0]).value, 4)
    0.2158
    """
    counts = as_counts(fake, "fake")
    p = shares_of(real, "real", len(counts))
    n = float(counts.sum())
    if not n > 0 or math.isinf(n):
        return Estimate(math.nan, math.nan, math.nan)
    q = counts / n
    nonzero = q > 0
    log_ratio = np.log(2 * q[nonzero] / (p + q)[nonzero])
    known = p > 0
    of_real = float(p[known] @ np.log(2 * p[known] / (p + q)[known]))
    value = (float(q[nonzero] @ log_ratio) + of_real) / 2
    curvature = p[nonzero] / (q + p)[nonzero] / (2 * q[nonzero])
    se = standard_error(log_ratio / 2, curvature, share_covariance(q, n)[np.ix_(nonzero, nonzero)])
    return Estimate(max(value, 0.0), se, (np.count_nonzero(p) - 1) / (8 * n), round(n))
