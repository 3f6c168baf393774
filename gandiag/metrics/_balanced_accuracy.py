"""The balanced accuracy of the discriminator."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import wilson
from gandiag.metrics.samples import Floats, scalars


@np.errstate(all="ignore")
def balanced_accuracy(*, real: ArrayLike, fake: ArrayLike, threshold: float = 0.0) -> Estimate:
    """The mean of the shares of real and of fake samples that D classifies correctly.

    Real is correct above the threshold, fake below it; a score equal to the threshold counts as
    half correct on either side. The standard error is that of two independent proportions, the
    interval Newcombe's (1998) from two Wilson intervals, which is valid at 0 and 1 too. The floor
    is .5, a discriminator that detects no difference.

    How to read it: .5 is a discriminator that is blind or faces a perfect generator, above .95
    one that overpowers it; `optimal_accuracy` says what the best D would reach. It misleads where D
    is biased: one that classifies everything as real has .5 too, and a Wasserstein critic has no
    threshold.

    Args:
        real: D's scores of real samples [m]: logits, or probabilities with ``threshold=0.5``.
        fake: D's scores of generated samples [n].
        threshold: The score above which D says "real".

    Returns:
        An estimate from 0 to 1; NaN where a score of either side is NaN, because D has
            diverged.

    Raises:
        ValueError: A side has no score, or more than one per sample.

    >>> balanced_accuracy(real=[1.0, 2.0, -1.0, 3.0], fake=[-1.0, 0.0]).value
    0.75
    """
    reals, fakes = scalars(real, "real"), scalars(fake, "fake")
    if np.isnan(reals).any() or np.isnan(fakes).any():
        return Estimate(math.nan, math.nan, 0.5, len(fakes), (math.nan, math.nan))
    correct = np.array([_above(reals, threshold), _above(-fakes, -threshold)])
    low, high = np.transpose(
        [wilson(a, len(x)) for a, x in zip(correct, (reals, fakes), strict=True)]
    )
    variance = _variance(reals, threshold) / len(reals) + _variance(fakes, threshold) / len(fakes)
    value = float(correct.mean())
    interval = (
        value - float(np.linalg.norm(correct - low)) / 2,
        value + float(np.linalg.norm(high - correct)) / 2,
    )
    return Estimate(value, math.sqrt(variance) / 2, 0.5, len(fakes), interval)


def _above(scores: Floats, threshold: float) -> float:
    """The share of scores above the threshold; one at the threshold counts as half."""
    return float(np.mean(scores > threshold) + np.mean(scores >= threshold)) / 2


def _variance(scores: Floats, threshold: float) -> float:
    """The variance of a sample's correctness, which is 0, 1/2 or 1."""
    return float(np.sign(scores - threshold).var()) / 4
