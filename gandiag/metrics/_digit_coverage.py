"""The classes of the generated images according to a classifier."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gandiag.arrays import to_numpy
from gandiag.metrics._kullback_leibler import divergence
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import normalized, proportion, reached, share_covariance
from gandiag.metrics.samples import Floats, vectors


@dataclass(frozen=True, eq=False)
class DigitCoverage:
    """How the generated samples are distributed over the classes.

    Attributes:
        digits: The number of classes with at least 1 % of the samples.
        histogram: The share of each class [C].
        kl: The divergence KL(histogram || frequencies), in nats.
        score: The classifier score exp(E KL(p(y|x) || p(y))), from 1 to C.
    """

    digits: Estimate
    histogram: Estimate
    kl: Estimate
    score: Estimate


@np.errstate(all="ignore")
def digit_coverage(
    *,
    probabilities: ArrayLike,
    frequencies: ArrayLike | None = None,
    confusion: ArrayLike | None = None,
) -> DigitCoverage:
    """The number of classes among the samples, their histogram, and the classifier score.

    A sample's class is the likeliest one. With a confusion matrix M the histogram is the h that
    solves h M = observed shares, clipped at 0 and normalized to sum 1. The floor of the
    divergence is (C - 1) / (2 n), .0018 for ten digits at n = 2500, propagated through M if
    given; that of the score is exp(entropy of the frequencies) minus its bias, the score of the
    data under a certain and correct classifier. The score (Salimans et al. 2016, there with
    Inception) has the delta method's standard error.

    How to read it: ``kl`` is relative to the data's frequencies, so 0 is correct for classes of
    unequal size too. It misleads where the classifier errs: one sample in a hundred in a wrong
    class makes a lost digit look present; pass its confusion matrix. The score is blind within a
    class: one image per class has score C.

    Args:
        probabilities: A classifier's probabilities for the generator's images [n, C], rows of sum
            1.
        frequencies: The classes' shares of the training data [C]; None for equal ones.
        confusion: How often the classifier assigns the true class (row) to each class (column) on
            held-out data [C, C], counts or shares.

    Returns:
        Four estimates, all NaN if a probability is NaN.

    Raises:
        ValueError: Rows that are not probabilities, shapes that do not match, or a confusion matrix
            that is not invertible.

    >>> result = digit_coverage(probabilities=[[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.0, 1.0]])
    >>> result.digits.value, result.histogram.value, result.kl.value
    (2.0, array([0.5, 0.5]), 0.0)
    """
    rows = vectors(probabilities, "probabilities")
    n, classes = rows.shape
    reference = normalized(frequencies, "frequencies", classes)
    inverse = np.eye(classes) if confusion is None else _inverse(confusion, classes)
    if not np.isfinite(rows).all():
        return _all_nan(reference, n)
    if rows.min() < 0 or np.abs(rows.sum(axis=1) - 1).max() > 1e-3:
        raise ValueError(
            "probabilities must be rows [n, C] that are not negative and sum to one; "
            "put logits through a softmax first"
        )
    counts = np.bincount(rows.argmax(axis=1), minlength=classes).astype(np.float64)
    shares = np.maximum(counts / n @ inverse, 0.0)
    shares /= shares.sum()
    noise = inverse.T @ share_covariance(counts / n, n) @ inverse
    value, se = divergence(shares, reference, noise)
    null = (
        inverse.T
        @ share_covariance(np.maximum(reference @ np.linalg.inv(inverse), 0.0), n)
        @ inverse
    )
    histogram = proportion(counts, n, reference)
    if confusion is not None:
        histogram = Estimate(shares, np.sqrt(np.diag(noise)), reference, n)
    return DigitCoverage(
        digits=reached(
            shares * n, np.full(classes, max(math.ceil(0.01 * n - 1e-9), 1.0)), reference, n
        ),
        histogram=histogram,
        kl=Estimate(value, se, float((np.diag(null) / reference).sum()) / 2, n),
        score=_score(rows, reference),
    )


def _inverse(confusion: ArrayLike, classes: int) -> Floats:
    """The inverse of the confusion matrix with rows of sum 1."""
    table = to_numpy(confusion).astype(np.float64)
    if table.shape != (classes, classes) or not (table.sum(axis=-1) > 0).all():
        raise ValueError(
            f"confusion must be counts [{classes}, {classes}] with a row for every true class, "
            f"not of shape {table.shape}"
        )
    table = table / table.sum(axis=1, keepdims=True)
    if not np.linalg.cond(table) < 1e6:
        raise ValueError("confusion is not invertible: the classifier treats two classes alike")
    return np.asarray(np.linalg.inv(table))


def _score(rows: Floats, reference: Floats) -> Estimate:
    n, classes = rows.shape
    logs = np.log(np.where(rows > 0, rows, 1.0))
    mean = rows.mean(axis=0)
    # The influence of a sample on the log of the score is its own divergence minus the mean.
    divergences = (rows * (logs - np.log(np.where(mean > 0, mean, 1.0)))).sum(axis=1)
    value = math.exp(divergences.mean())
    best = float(reference @ -np.log(reference)) - (classes - 1) / (2 * n)
    return Estimate(value, value * float(divergences.std()) / math.sqrt(n), math.exp(best), n)


def _all_nan(reference: Floats, n: int) -> DigitCoverage:
    nan = Estimate(math.nan, math.nan, n=n)
    nans = np.full_like(reference, np.nan)
    return DigitCoverage(nan, Estimate(nans, nans, reference, n), nan, nan)
