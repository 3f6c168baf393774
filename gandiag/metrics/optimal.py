"""The losses and the accuracy of an optimal discriminator: is D behind, or is G bad?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import as_counts, normalized, share_covariance, standard_error


def optimal_d_loss(*, divergence: Estimate) -> Estimate:
    """The smallest loss that a discriminator can have: 2 log 2 - 2 JSD (Goodfellow et al. 2014).

    The loss is the sum of the two cross-entropies, on real and on fake samples. The floor is
    computed from that of the divergence.

    How to read it: a discriminator whose loss is well above it lags behind; if it is near it, the
    discriminator is optimal and the generator is to blame. It misleads where the divergence does.

    Args:
        divergence: The Jensen-Shannon divergence in nats, from `jensen_shannon`.

    Returns:
        An estimate in nats, 1.386 for a perfect generator and 0 for one without any overlap.

    >>> from gandiag.metrics import jensen_shannon
    >>> round(optimal_d_loss(divergence=jensen_shannon(fake=[100, 0])).value, 4)
    0.9548
    """
    return _affine(divergence, 2 * math.log(2), -2.0)


def optimal_accuracy(*, variation: Estimate) -> Estimate:
    """The best balanced accuracy that a discriminator can have: (1 + TV) / 2.

    How to read it: .5 for a perfect generator, 1 for one that shares no class with the data;
    compare it with `balanced_accuracy`. It misleads where the total variation does.

    Args:
        variation: The total variation between data and generator, from `total_variation`.

    Returns:
        An estimate from .5 to 1, without unit.

    >>> from gandiag.metrics import total_variation
    >>> estimate = total_variation(previous=[50, 50], current=[100, 0])
    >>> optimal_accuracy(variation=estimate).value
    0.75
    """
    return _affine(variation, 0.5, 0.5)


def optimal_g_loss(*, real: ArrayLike | None = None, fake: ArrayLike) -> Estimate:
    """The non-saturating loss E[-log D(G(z))] of a generator against the optimal discriminator.

    With p and q the data's and the generator's shares of the classes, D = p / (p + q) and the loss
    is the sum of q log(1 + q / p): log(1 + K / k) for a perfect generator of k of K equal
    modes. The floor is log 2 + 3 (K - 1) / (8 n).

    How to read it: .693 for a perfect generator, more for one that drops modes. It misleads where
    samples lie between the modes: there an optimal discriminator is more certain.

    Args:
        real: The data's shares of the classes [K], normalized to sum 1; None for equal shares.
        fake: The generator's samples in each class, counts [K].

    Returns:
        An estimate in nats; NaN if there is no sample or a count is NaN.

    Raises:
        ValueError: The counts are not one-dimensional, or ``real`` has another number of classes.

    >>> round(optimal_g_loss(fake=[100, 0]).value, 4)  # log 3
    1.0986
    """
    counts = as_counts(fake, "fake")
    p = normalized(real, "real", len(counts))
    n = float(counts.sum())
    if not n > 0 or math.isinf(n):
        return Estimate(math.nan, math.nan, math.nan)
    q = counts / n
    loss = np.log1p(q / p)
    curvature = 1 / (p + q) + p / (p + q) ** 2
    se = standard_error(loss + q / (p + q), curvature, share_covariance(q, n))
    floor = math.log(2) + 3 * (len(p) - 1) / (8 * n)
    return Estimate(float(q @ loss), se, floor, round(n))


def _affine(estimate: Estimate, offset: float, factor: float) -> Estimate:
    """The estimate of ``offset + factor * value``."""
    se = None if estimate.se is None else abs(factor) * estimate.se
    floor = None if estimate.floor is None else offset + factor * estimate.floor
    ends = (
        None
        if estimate.interval is None
        else sorted(offset + factor * end for end in estimate.interval)
    )
    interval = None if ends is None else (ends[0], ends[1])
    value = offset + factor * estimate.value
    return replace(estimate, value=value, se=se, floor=floor, interval=interval)
