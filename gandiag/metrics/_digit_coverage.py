"""Which classes of labelled images the generator makes, as a classifier sees them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gandiag.arrays import to_numpy
from gandiag.metrics._kullback_leibler import divergence
from gandiag.metrics.estimate import Estimate
from gandiag.metrics.histograms import law, proportion, reached, scatter
from gandiag.metrics.samples import Floats, vectors


@dataclass(frozen=True, eq=False)
class DigitCoverage:
    """What the generator makes of the classes.

    Attributes:
        digits: How many classes have at least 1 % of the samples.
        histogram: The share of each class [C].
        kl: KL(histogram || frequencies), in nats.
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
    """Counts the classes among the samples, and scores how sure and how varied they are.

    A sample's class is its likeliest. With a confusion matrix M the histogram is the h that
    solves h M = the shares seen, cut at 0 and brought to the sum one. The floor of the
    divergence is (C - 1) / (2 n), .0018 for ten digits at n = 2500, or what M makes of it; that
    of the score is exp(entropy of the frequencies), less its bias, which a classifier that is
    sure and right gives the data. The score (Salimans et al. 2016, there with Inception) has
    the delta method's error.

    How to read it: ``kl`` is to the data's frequencies, so 0 is right for classes of unequal
    size too. It misleads where the classifier errs: one sample in a hundred in a wrong class
    makes a lost digit look alive; hand over its confusion. The score is blind within a class:
    one image a class scores C.

    Args:
        probabilities: What a classifier answers to the generator's images [n, C], rows of sum 1.
        frequencies: The classes' shares of the training data [C]; None for equal ones.
        confusion: How often the classifier takes the true class (row) for another (column) on
            data that it was not trained on [C, C], counts or shares.

    Returns:
        Four estimates; NaN throughout where a probability is NaN.

    Raises:
        ValueError: The rows are no probabilities, or a shape does not fit, or the confusion
            cannot be undone.

    >>> found = digit_coverage(probabilities=[[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.0, 1.0]])
    >>> found.digits.value, found.histogram.value, found.kl.value
    (2.0, array([0.5, 0.5]), 0.0)
    """
    rows = vectors(probabilities, "probabilities")
    n, classes = rows.shape
    due = law(frequencies, "frequencies", classes)
    undo = np.eye(classes) if confusion is None else _inverse(confusion, classes)
    if not np.isfinite(rows).all():
        return _lost(due, n)
    if rows.min() < 0 or np.abs(rows.sum(axis=1) - 1).max() > 1e-3:
        raise ValueError(
            "probabilities must be rows [n, C] that are not negative and sum to one; "
            "put logits through a softmax first"
        )
    counts = np.bincount(rows.argmax(axis=1), minlength=classes).astype(np.float64)
    shares = np.maximum(counts / n @ undo, 0.0)
    shares /= shares.sum()
    noise = undo.T @ scatter(counts / n, n) @ undo
    value, se = divergence(shares, due, noise)
    null = undo.T @ scatter(np.maximum(due @ np.linalg.inv(undo), 0.0), n) @ undo
    histogram = proportion(counts, n, due)
    if confusion is not None:
        histogram = Estimate(shares, np.sqrt(np.diag(noise)), due, n)
    return DigitCoverage(
        digits=reached(shares * n, np.full(classes, max(math.ceil(0.01 * n - 1e-9), 1.0)), due, n),
        histogram=histogram,
        kl=Estimate(value, se, float((np.diag(null) / due).sum()) / 2, n),
        score=_score(rows, due),
    )


def _inverse(confusion: ArrayLike, classes: int) -> Floats:
    """The inverse of the confusion with rows of sum one."""
    table = to_numpy(confusion).astype(np.float64)
    if table.shape != (classes, classes) or not (table.sum(axis=-1) > 0).all():
        raise ValueError(
            f"confusion must be counts [{classes}, {classes}] with every true class in a row, "
            f"not of shape {table.shape}"
        )
    table = table / table.sum(axis=1, keepdims=True)
    if not np.linalg.cond(table) < 1e6:
        raise ValueError("confusion cannot be undone: two classes are answered alike")
    return np.asarray(np.linalg.inv(table))


def _score(rows: Floats, due: Floats) -> Estimate:
    n, classes = rows.shape
    logs = np.log(np.where(rows > 0, rows, 1.0))
    mean = rows.mean(axis=0)
    # The influence of a sample on the log of the score is its own divergence, less the mean.
    each = (rows * (logs - np.log(np.where(mean > 0, mean, 1.0)))).sum(axis=1)
    value = math.exp(each.mean())
    best = float(due @ -np.log(due)) - (classes - 1) / (2 * n)
    return Estimate(value, value * float(each.std()) / math.sqrt(n), math.exp(best), n)


def _lost(due: Floats, n: int) -> DigitCoverage:
    lost = Estimate(math.nan, math.nan, n=n)
    none = np.full_like(due, np.nan)
    return DigitCoverage(lost, Estimate(none, none, due, n), lost, lost)
