"""The calibration of the discriminator's probabilities."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, scalars

BINS = 10
"""The number of bins of equal width."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """The discriminator's mean probabilities and their calibration error.

    Attributes:
        p_real: The mean probability of "real" that D gives to real samples.
        p_fake: The mean probability of "real" that D gives to generated samples.
        ece: The expected calibration error, from 0 to 1.
    """

    p_real: Estimate
    p_fake: Estimate
    ece: Estimate


@np.errstate(all="ignore")
def calibration(*, real: ArrayLike, fake: ArrayLike, logits: bool = True) -> Calibration:
    """D's mean probabilities of "real", and the expected calibration error.

    Real and fake samples have weight one half each, whatever their numbers. The error is the
    weighted sum of |mean probability - share of real samples| over ten bins of equal width
    (Naeini et al. 2015). Its floor is that of a calibrated D, sqrt(2 / pi) times the sum of
    the bins' standard errors; its own standard error is the delta method's.

    How to read it: two means at their floors of .5 are a D that cannot distinguish real from fake,
    as at the equilibrium. An error well above its floor says that D is not optimal for this
    generator, as the optimal D is calibrated. It misleads near the floor, where the standard
    error is too large; and a D that answers .5 to everything is calibrated, but useless.

    Args:
        real: D's answers to real samples [m]: logits, or probabilities with ``logits=False``.
        fake: D's answers to generated samples [n], likewise.
        logits: Whether the answers are logits, which a sigmoid turns into probabilities.

    Returns:
        Three estimates without unit; NaN if an answer of either side is NaN, as D has diverged
        then.

    Raises:
        ValueError: A side has no answer, or probabilities are not between 0 and 1.

    >>> result = calibration(real=[0.9, 0.7], fake=[0.1, 0.3], logits=False)
    >>> round(result.p_real.value, 3), round(result.ece.value, 3)
    (0.8, 0.2)
    """
    p, q = (_probabilities(x, name, logits) for x, name in ((real, "real"), (fake, "fake")))
    nan = Estimate(math.nan, math.nan, n=len(q))
    if np.isnan(p).any() or np.isnan(q).any():
        return Calibration(nan, nan, nan)
    return Calibration(_mean(p), _mean(q), _error(p, q))


def _probabilities(answers: ArrayLike, name: str, logits: bool) -> Floats:
    from scipy.special import expit

    array = scalars(answers, name).astype(np.float64)
    if logits:
        return np.asarray(expit(array))
    if array.size and (np.nanmin(array) < 0 or np.nanmax(array) > 1):
        raise ValueError(
            f"{name} must be probabilities from 0 to 1 with logits=False, not from "
            f"{np.nanmin(array)} to {np.nanmax(array)}; for raw scores leave logits=True"
        )
    return array


def _mean(p: Floats) -> Estimate:
    return Estimate(float(p.mean()), float(p.std()) / math.sqrt(len(p)), 0.5, len(p))


def _error(p: Floats, q: Floats) -> Estimate:
    """The calibration error from the probabilities for real [m] and fake [n] samples."""
    gaps, spread = np.zeros(BINS), np.zeros(BINS)
    sides = [(p, 1 - p), (q, -q)]
    bins = [np.minimum((x * BINS).astype(np.intp), BINS - 1) for x, _ in sides]
    for bin_, (_, excess) in zip(bins, sides, strict=True):
        mean = np.bincount(bin_, excess, BINS) / len(excess)
        square = np.bincount(bin_, excess**2, BINS) / len(excess)
        gaps += mean / 2
        spread += (square - mean**2) / (4 * len(excess))
    sign = np.sign(gaps)
    variance = sum(
        float((sign[bin_] * excess).var()) / (4 * len(excess))
        for bin_, (_, excess) in zip(bins, sides, strict=True)
    )
    floor = math.sqrt(2 / math.pi) * float(np.sqrt(np.maximum(spread, 0.0)).sum())
    return Estimate(float(np.abs(gaps).sum()), math.sqrt(variance), floor, len(q))
