"""How well the discriminator tells the two sides apart."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import wilson
from gandiag.metrics.samples import Floats, line


@np.errstate(all="ignore")
def balanced_accuracy(*, real: ArrayLike, fake: ArrayLike, threshold: float = 0.0) -> Estimate:
    """The mean of the shares of real and of fake samples that are judged rightly.

    Real is right above the threshold, fake at or below it; a score of the threshold itself is
    half right on either side. The standard error is that of two independent shares, the
    interval Newcombe's (1998) of two of Wilson's, which serves at 0 and 1 too. The floor is .5,
    a discriminator that sees no difference.

    How to read it: .5 is a discriminator that is blind or faces a perfect generator, above .95
    one that overpowers it; `optimal_accuracy` says how good it could be. It misleads where D
    is biased: one that calls everything real is at .5 too, and a Wasserstein critic has no
    threshold.

    Args:
        real: D's scores of real samples [m]: logits, or probabilities with ``threshold=0.5``.
        fake: D's scores of generated samples [n].
        threshold: The score from which on D says "real".

    Returns:
        An estimate from 0 to 1; NaN where a score of either side is NaN, for then D diverged.

    Raises:
        ValueError: One side has no score, or more than one a sample.

    >>> balanced_accuracy(real=[1.0, 2.0, -1.0, 3.0], fake=[-1.0, 0.0]).value
    0.75
    """
    known, made = line(real, "real"), line(fake, "fake")
    if np.isnan(known).any() or np.isnan(made).any():
        return Estimate(math.nan, math.nan, 0.5, len(made), (math.nan, math.nan))
    right = np.array([_above(known, threshold), _above(-made, -threshold)])
    low, high = np.transpose([wilson(a, len(x)) for a, x in zip(right, (known, made), strict=True)])
    variance = _variance(known, threshold) / len(known) + _variance(made, threshold) / len(made)
    value = float(right.mean())
    interval = (
        value - float(np.linalg.norm(right - low)) / 2,
        value + float(np.linalg.norm(high - right)) / 2,
    )
    return Estimate(value, math.sqrt(variance) / 2, 0.5, len(made), interval)


def _above(scores: Floats, threshold: float) -> float:
    """The share of the scores above; one at the threshold counts as half."""
    return float(np.mean(scores > threshold) + np.mean(scores >= threshold)) / 2


def _variance(scores: Floats, threshold: float) -> float:
    """Of a sample's being right, which is 0, 1/2 or 1."""
    return float(np.sign(scores - threshold).var()) / 4
