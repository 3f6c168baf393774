"""The classifier two-sample test: how well a classifier separates real and generated samples."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, both_sides

ALL_PRODUCTS = 8
"""Up to this many coordinates all products of two are features, beyond it only the squares."""

FAR = 10.0
"""Standardized coordinates are clipped here, in standard deviations of the data."""


def c2st(
    *,
    real: ArrayLike,
    fake: ArrayLike,
    folds: int = 5,
    classifier: Any = None,
    seed: int = 0,
) -> Estimate:
    """The area under the ROC curve (AUC) of a classifier on held-out samples.

    The samples are split into folds; each is scored by a classifier fitted to the others, and
    the AUCs of the folds are averaged (after Lopez-Paz and Oquab 2017, who take the
    accuracy). The AUC is the probability that a fake sample scores higher than a real one.

    The classifier is a logistic regression on the coordinates, their squares and, up to 8
    coordinates, their products: it detects shifts, scales and, in low dimensions,
    correlations. It does not detect differences without effect on mean and covariance, such as
    skewness or lost modes of a ring; pass another classifier to detect those.

    The floor is .5. The variance is that of DeLong et al. (1988) within the folds, times
    1 + (a - v) / (a - .5) for a value v and an AUC a on the training samples: folds share training
    samples, which doubles the variance where the classifier only fits noise. The standard error is
    .9 to 1.1 times the observed scatter.

    How to read it: .5 is indistinguishable, 1 perfectly separable. N(delta, 1) against N(0, 1) has
    Phi(delta / sqrt 2) at best. It misleads when it is .5: that is a statement about this
    classifier at this n. It saturates: far away is 1, and so is twice as far.

    Args:
        real: Real samples [m, ...].
        fake: The generator's samples [n, ...].
        folds: The number of folds, 2 or more.
        classifier: An object with ``fit(x, y)``, y being 1 for fake samples, and
            ``decision_function(x)`` or ``predict_proba(x)``. It is cloned if possible.
        seed: The seed of the assignment to folds.

    Returns:
        An estimate between 0 and 1; NaN where a fake sample is not finite.

    Raises:
        ValueError: Fewer than two samples per fold, real samples that are not finite, different
            numbers of coordinates, or a classifier without scores.

    >>> x = np.random.default_rng(0).normal(size=(2, 500, 3))
    >>> 0.4 < c2st(real=x[0], fake=x[1]).value < 0.6 < c2st(real=x[0], fake=x[1] + 1).value
    True
    """
    if folds < 2:
        raise ValueError(f"folds = {folds} leaves no training samples; it must be 2 or more")
    reals, fakes = both_sides(real=real, fake=fake, least=2 * folds)
    if not np.isfinite(fakes).all():
        return Estimate(math.nan, math.nan, 0.5, len(fakes))
    rng = np.random.default_rng(seed)
    parts = [np.array_split(rng.permutation(len(x)), folds) for x in (reals, fakes)]
    areas, variances, training_areas = [], [], []
    for held_out_real, held_out_fake in zip(*parts, strict=True):
        x = np.concatenate([np.delete(reals, held_out_real, 0), np.delete(fakes, held_out_fake, 0)])
        y = np.arange(len(x)) >= len(reals) - len(held_out_real)
        score = _fit(x, y.astype(np.intp), classifier)
        scores = score(x)
        training_areas.append(_area(real=scores[~y], fake=scores[y])[0])
        area, variance = _area(real=score(reals[held_out_real]), fake=score(fakes[held_out_fake]))
        areas.append(area)
        variances.append(variance)
    value, training_area = float(np.mean(areas)), float(np.mean(training_areas))
    inflation = (training_area - value) / (training_area - 0.5) if training_area > 0.5 else 1.0
    se = math.sqrt(sum(variances) * (1 + min(max(inflation, 0.0), 1.0))) / folds
    return Estimate(value, se, 0.5, len(fakes))


def _area(*, real: Floats, fake: Floats) -> tuple[float, float]:
    """The area under the ROC curve of scores, and its variance."""
    below, above = _share_below(fake, real), 1 - _share_below(real, fake)
    return float(below.mean()), float(below.var(ddof=1) / len(fake) + above.var(ddof=1) / len(real))


def _share_below(x: Floats, others: Floats) -> Floats:
    """The share of the others below each x [n]; ties count as half."""
    others = np.sort(others)
    rank_sums = np.searchsorted(others, x, "left") + np.searchsorted(others, x, "right")
    return np.asarray(rank_sums / (2 * len(others)))


def _fit(x: Floats, y: NDArray[np.intp], classifier: Any) -> Any:
    """Fits the classifier; gives its score function, from samples [n, d] to [n], high for fake."""
    if classifier is None:
        return _quadratic(x, y)
    from sklearn.base import clone

    model = clone(classifier, safe=False)
    model.fit(x, y)
    for name in ("decision_function", "predict_proba"):
        if hasattr(model, name):
            return lambda samples: _one_score(getattr(model, name)(samples))
    raise ValueError(
        f"{type(model).__name__} has neither decision_function nor predict_proba; "
        "pass a classifier with scores"
    )


def _one_score(scores: Any) -> Floats:
    scores = np.asarray(scores, dtype=np.float64)
    return np.asarray(scores[:, -1] if scores.ndim > 1 else scores)


def _quadratic(x: Floats, y: NDArray[np.intp]) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    real = x[y == 0]
    middle, spread = real.mean(axis=0), real.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)

    def features(samples: Floats) -> Floats:
        return _powers(np.clip((samples - middle) / spread, -FAR, FAR))

    model = LogisticRegression(max_iter=1000)
    with warnings.catch_warnings():
        # A fit that stops at max_iter is a classifier like any other: held-out samples judge it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features(x), y)
    return lambda samples: model.decision_function(features(samples))


def _powers(z: Floats) -> Floats:
    if z.shape[1] > ALL_PRODUCTS:
        return np.hstack([z, z**2])
    i, j = np.triu_indices(z.shape[1])
    return np.hstack([z, z[:, i] * z[:, j]])
