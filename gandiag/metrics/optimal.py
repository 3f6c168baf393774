"""What an optimal discriminator would lose and tell apart: is D behind, or is G bad?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import counted, error, law, scatter


def optimal_d_loss(*, divergence: Estimate) -> Estimate:
    """The least loss that a discriminator can have: 2 log 2 - 2 JSD (Goodfellow et al. 2014).

    The loss is the sum of the two cross-entropies, on real and on fake samples. The floor is
    that of the divergence, brought over.

    How to read it: a discriminator whose loss is well above lags behind; one at it tells all
    there is to tell, and the generator is to blame. It misleads as the divergence does.

    Args:
        divergence: The Jensen-Shannon divergence in nats, as of `jensen_shannon`.

    Returns:
        An estimate in nats, 1.386 for a perfect generator and 0 for one that is nowhere near.

    >>> from gandiag.metrics import jensen_shannon
    >>> round(optimal_d_loss(divergence=jensen_shannon(fake=[100, 0])).value, 4)
    0.9548
    """
    return _line(divergence, 2 * math.log(2), -2.0)


def optimal_accuracy(*, variation: Estimate) -> Estimate:
    """The best balanced accuracy that a discriminator can have: (1 + TV) / 2.

    How to read it: .5 for a perfect generator, 1 for one that shares no class with the data;
    to compare with `balanced_accuracy`. It misleads as the total variation does.

    Args:
        variation: The total variation between data and generator, as of `total_variation`.

    >>> from gandiag.metrics import total_variation
    >>> found = total_variation(previous=[50, 50], current=[100, 0])
    >>> optimal_accuracy(variation=found).value
    0.75
    """
    return _line(variation, 0.5, 0.5)


def optimal_g_loss(*, real: ArrayLike | None = None, fake: ArrayLike) -> Estimate:
    """The non-saturating loss E[-log D(G(z))] of a generator before the optimal discriminator.

    With p the data's law and q the generator's over the classes, D = p / (p + q) and the loss
    is the sum of q log(1 + q / p): log(1 + K / k) for a perfect generator of k of K equal
    modes. The floor is log 2 + 3 (K - 1) / (8 n).

    How to read it: .693 for a perfect generator, more for one that drops modes. It misleads
    where samples lie between the modes: there an optimal discriminator is surer.

    Args:
        real: The law of the data over the classes [K], brought to the sum one; None for the
            uniform law.
        fake: The generator's samples in each class, counts [K].

    Returns:
        An estimate in nats; NaN where there is no sample or a count is NaN.

    Raises:
        ValueError: The counts are not one row, or the law has another number of classes.

    >>> round(optimal_g_loss(fake=[100, 0]).value, 4)  # log 3
    1.0986
    """
    counts = counted(fake, "fake")
    p = law(real, "real", len(counts))
    n = float(counts.sum())
    if not n > 0 or math.isinf(n):
        return Estimate(math.nan, math.nan, math.nan)
    q = counts / n
    loss = np.log1p(q / p)
    curvature = 1 / (p + q) + p / (p + q) ** 2
    se = error(loss + q / (p + q), curvature, scatter(q, n))
    floor = math.log(2) + 3 * (len(p) - 1) / (8 * n)
    return Estimate(float(q @ loss), se, floor, round(n))


def _line(found: Estimate, start: float, slope: float) -> Estimate:
    """A line through ``start``, taken at an estimate."""
    se = None if found.se is None else abs(slope) * found.se
    floor = None if found.floor is None else start + slope * found.floor
    ends = None if found.interval is None else sorted(start + slope * end for end in found.interval)
    interval = None if ends is None else (ends[0], ends[1])
    value = start + slope * found.value
    return replace(found, value=value, se=se, floor=floor, interval=interval)
