"""Histograms over modes or classes: counts, reference distributions, and sampling errors."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from gandiag.arrays import to_numpy
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats

QUANTILE = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""


def as_counts(counts: ArrayLike, name: str) -> Floats:
    """Counts [K] as float64; NaN is allowed, as a generator may diverge.

    Raises:
        ValueError: They are not one-dimensional, or one is negative.

    >>> as_counts([3, 0, 1], "counts")
    array([3., 0., 1.])
    """
    array = to_numpy(counts).astype(np.float64)
    if array.ndim != 1 or not array.size or np.any(array < 0):
        raise ValueError(
            f"{name} must be counts [K] that are not negative, not of shape {array.shape} and "
            f"minimum {array.min(initial=np.inf)}; pass a single histogram"
        )
    return array


def shares_of(weights: ArrayLike | None, name: str, size: int) -> Floats:
    """Weights [K] normalized to sum 1, some of which may be 0; equal ones for None.

    Raises:
        ValueError: There are not ``size`` of them, one is negative or not finite, or all are 0.

    >>> shares_of([1, 3, 0], "real", 3)
    array([0.25, 0.75, 0.  ])
    """
    if weights is None:
        return np.full(size, 1 / size)
    array = to_numpy(weights).astype(np.float64)
    total = array.sum()
    if array.shape != (size,) or not (0 < total < np.inf and array.min() >= 0):
        raise ValueError(
            f"{name} must be {size} numbers, one per class, none negative and not all 0, not "
            f"{array}"
        )
    return np.asarray(array / total)


def normalized(weights: ArrayLike | None, name: str, size: int) -> Floats:
    """Weights [K] normalized to sum 1, where none may be 0; equal ones for None.

    Raises:
        ValueError: There are not ``size`` of them, or one is not positive.

    >>> normalized([1, 3], "weights", 2)
    array([0.25, 0.75])
    """
    if weights is None:
        return np.full(size, 1 / size)
    array = to_numpy(weights).astype(np.float64)
    if array.shape != (size,) or not (np.isfinite(array).all() and array.min() > 0):
        raise ValueError(
            f"{name} must be {size} positive numbers, one per class, not {array}; omit classes "
            "without data"
        )
    return np.asarray(array / array.sum())


def share_covariance(shares: Floats, n: float) -> Floats:
    """The covariance [K, K] of the shares of n samples from a distribution [K].

    >>> share_covariance(np.array([0.5, 0.5]), 10)
    array([[ 0.025, -0.025],
           [-0.025,  0.025]])
    """
    return np.asarray((np.diag(shares) - np.outer(shares, shares)) / n)


def standard_error(gradient: Floats, curvature: Floats, noise: Floats) -> float:
    """The standard error of a smooth function of shares, valid at its minimum and away from it.

    It is the delta method's to second order: the variance of the linear term, minus its bias of
    tr (H C H C), plus the variance of the quadratic term, half of tr (H C H C).

    Args:
        gradient: The gradient [K].
        curvature: The diagonal of the Hessian H [K].
        noise: The covariance C of the shares [K, K].

    >>> share = np.array([0.5, 0.5])
    >>> covariance = share_covariance(share, 100)
    >>> round(standard_error(np.log(share), 1 / share, covariance), 6)  # sqrt((K - 1) / 2) / n
    0.007071
    """
    product = noise * curvature
    curvature_term = float(np.sum(product * product.T))
    tangent_variance = float(gradient @ noise @ gradient)
    return math.sqrt(max(tangent_variance - curvature_term, 0.0) + curvature_term / 2)


@np.errstate(all="ignore")
def proportion(hits: Floats | float, n: int, floor: Floats | float) -> Estimate:
    """Shares of n samples, with their binomial standard errors and Wilson's 95 % intervals.

    Args:
        hits: The number of hits, a number or [K].
        n: The number of samples; if it is 0, the shares are NaN.
        floor: The expected shares.

    >>> low, high = proportion(8, 10, 1.0).interval
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    share = np.asarray(hits) / n if n else np.full(np.shape(hits), np.nan)
    return Estimate(share, np.sqrt(share * (1 - share) / n), floor, n, wilson(share, n))


def wilson(share: Floats, n: int) -> tuple[Floats, Floats]:
    """Wilson's 95 % interval of an observed share of n samples, which is valid at 0 and 1 too.

    >>> low, high = wilson(np.array(0.0), 10)
    >>> round(float(low), 3), round(float(high), 3)
    (0.0, 0.278)
    """
    width = QUANTILE**2 / n if n else math.nan
    middle = (share + width / 2) / (1 + width)
    half = np.sqrt(width * share * (1 - share) + width**2 / 4) / (1 + width)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def reached(counts: Floats, least: Floats, expected: Floats, n: int) -> Estimate:
    """The number of classes with at least the required number of samples.

    The standard error and the floor treat the counts as independent binomials: the former with
    the observed shares, the latter with the expected ones. The error is 0 if every class is far
    from its bound.

    Args:
        counts: The number of samples in each class [K].
        least: The required number in each class [K], whole numbers from 1 on.
        expected: The probability of each class for a perfect generator [K]; the sum may be below 1.
        n: The total number of samples.

    >>> some, need = np.array([40.0, 0.0]), np.array([1.0, 1.0])
    >>> reached(some, need, expected=np.array([0.5, 0.5]), n=40).value
    1.0
    """
    from scipy.special import betainc

    def chance(share: Floats) -> Floats:
        """The probability that a binomial count reaches the required number."""
        return np.asarray(betainc(least, n - least + 1, share))

    probability = chance(counts / n)
    se = math.sqrt(float(np.sum(probability * (1 - probability))))
    return Estimate(float(np.sum(counts >= least)), se, float(chance(expected).sum()), n)
