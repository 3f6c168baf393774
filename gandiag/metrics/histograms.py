"""What the metrics over modes and classes share: counts, laws, and the noise of a histogram."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gandiag.arrays import to_numpy
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats

QUANTILE = 1.959963984540054
"""The 97.5 % point of the standard normal law."""


def counted(counts: ArrayLike, name: str) -> Floats:
    """Counts [K] as float64; NaN passes, for a generator that diverges is an outcome.

    Raises:
        ValueError: They are not one row of counts.

    >>> counted([3, 0, 1], "counts")
    array([3., 0., 1.])
    """
    array = to_numpy(counts).astype(np.float64)
    if array.ndim != 1 or not array.size or np.any(array < 0):
        raise ValueError(
            f"{name} must be counts [K] that are not negative, not of shape {array.shape} with "
            f"the least {array.min(initial=np.inf)}; hand over one histogram"
        )
    return array


def law(weights: ArrayLike | None, name: str, size: int) -> Floats:
    """Weights [K] brought to the sum one; the uniform law for None.

    Raises:
        ValueError: They are of another number, or one is not positive.

    >>> law([1, 3], "weights", 2)
    array([0.25, 0.75])
    """
    if weights is None:
        return np.full(size, 1 / size)
    array = to_numpy(weights).astype(np.float64)
    if array.shape != (size,) or not (np.isfinite(array).all() and array.min() > 0):
        raise ValueError(
            f"{name} must be {size} positive numbers, one a class, not {array}; leave out a class "
            "that the data do not have"
        )
    return np.asarray(array / array.sum())


def scatter(shares: Floats, n: float) -> Floats:
    """The covariance [K, K] of the shares that n samples of a law [K] fall into.

    >>> scatter(np.array([0.5, 0.5]), 10)
    array([[ 0.025, -0.025],
           [-0.025,  0.025]])
    """
    return np.asarray((np.diag(shares) - np.outer(shares, shares)) / n)


def error(slope: Floats, curvature: Floats, noise: Floats) -> float:
    """The standard error of a smooth function of shares, far from its minimum and at it.

    By the delta method to second order: the variance of the tangent, whose excess of
    tr (H C H C) at the minimum is taken off, and half of tr (H C H C), that of the curve.

    Args:
        slope: The gradient [K].
        curvature: The diagonal of the Hessian H [K].
        noise: The covariance C of the shares [K, K].

    >>> share = np.array([0.5, 0.5])
    >>> round(error(np.log(share), 1 / share, scatter(share, 100)), 6)  # sqrt((K - 1) / 2) / n
    0.007071
    """
    turned = noise * curvature
    bend = float(np.sum(turned * turned.T))
    tangent = float(slope @ noise @ slope)
    return math.sqrt(max(tangent - bend, 0.0) + bend / 2)


@np.errstate(all="ignore")
def proportion(hits: Floats | float, n: int, floor: Floats | float) -> Estimate:
    """Shares of n samples, each with its binomial error and Wilson's 95 % interval.

    Args:
        hits: How many samples were hits, a number or [K].
        n: Of how many; the shares of none are NaN.
        floor: What to expect.

    >>> low, high = proportion(8, 10, 1.0).interval
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    share = np.asarray(hits) / n if n else np.full(np.shape(hits), np.nan)
    return Estimate(share, np.sqrt(share * (1 - share) / n), floor, n, wilson(share, n))


def wilson(share: Floats, n: int) -> tuple[Floats, Floats]:
    """Wilson's 95 % interval of a share seen among n samples, which serves at 0 and 1 too.

    >>> low, high = wilson(np.array(0.0), 10)
    >>> round(float(low), 3), round(float(high), 3)
    (0.0, 0.278)
    """
    wide = QUANTILE**2 / n if n else math.nan
    middle = (share + wide / 2) / (1 + wide)
    half = np.sqrt(wide * share * (1 - share) + wide**2 / 4) / (1 + wide)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def reached(counts: Floats, least: Floats, expected: Floats, n: int) -> Estimate:
    """How many classes hold at least the samples that they need.

    The standard error and the floor take the counts as independent binomials: the former with
    the shares seen, the latter with those expected. The error is 0 where every class is far
    from its bound.

    Args:
        counts: The samples in each class [K].
        least: How many each needs, whole numbers from 1 on [K].
        expected: The probability of each class if nothing is wrong [K]; the sum may be below 1.
        n: The number of samples in all.

    >>> some, need = np.array([40.0, 0.0]), np.array([1.0, 1.0])
    >>> reached(some, need, expected=np.array([0.5, 0.5]), n=40).value
    1.0
    """
    from scipy.special import betainc

    def chance(share: Floats) -> Floats:
        """That a binomial count is not below what is needed."""
        return np.asarray(betainc(least, n - least + 1, share))

    doubt = chance(counts / n)
    se = math.sqrt(float(np.sum(doubt * (1 - doubt))))
    return Estimate(float(np.sum(counts >= least)), se, float(chance(expected).sum()), n)
