"""The classifier two-sample test: how well real and generated samples are told apart."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gandiag.metrics.estimate import Estimate
from gandiag.metrics.samples import Floats, both

ALL_PRODUCTS = 8
"""Up to so many coordinates every product of two is a feature, beyond that the squares only."""

FAR = 10.0
"""Beyond so many standard deviations of the data all is equally far."""


def c2st(
    *,
    real: ArrayLike,
    fake: ArrayLike,
    folds: int = 5,
    classifier: Any = None,
    seed: int = 0,
) -> Estimate:
    """The area under the ROC curve of a classifier on samples it was not fitted to.

    The samples are cut into folds; each is scored by a classifier fitted to the others, and
    the areas of the folds are averaged (after Lopez-Paz and Oquab 2017, who take the
    accuracy). The area is the probability that a fake sample scores higher than a real one.

    The classifier is a logistic regression on the coordinates, their squares and, up to 8
    coordinates, their products: it sees shifts, scales and, in low dimensions, correlations.
    It does not see what leaves mean and covariance alone, such as skewness or lost modes of a
    ring. Give another one to see more.

    The floor is .5. The variance is that of DeLong et al. (1988) within the folds, times
    1 + (a - v) / (a - .5) for a value v and an area a on the samples fitted to: folds share
    what they are fitted to, and that doubles the variance where the fit is all noise. Against
    the scatter seen the standard error reads .9 to 1.1.

    How to read it: .5, not told apart; 1, without error. N(delta, 1) against N(0, 1) reads
    Phi(delta / sqrt 2) at best. It misleads when it reads .5: that is a statement about this
    classifier at this n. It saturates: far off is 1, and so is twice as far.

    Args:
        real: Real samples [m, ...].
        fake: The generator's samples [n, ...].
        folds: In how many parts the samples are cut, 2 or more.
        classifier: Anything with ``fit(x, y)``, y being 1 for fake ones, and
            ``decision_function(x)`` or ``predict_proba(x)``. It is cloned where it can be.
        seed: Which samples share a fold.

    Returns:
        An estimate between 0 and 1; NaN where a fake sample is not finite.

    Raises:
        ValueError: There are less than two samples a fold, real ones are not finite, the
            widths differ, or the classifier gives no scores.

    >>> x = np.random.default_rng(0).normal(size=(2, 500, 3))
    >>> 0.4 < c2st(real=x[0], fake=x[1]).value < 0.6 < c2st(real=x[0], fake=x[1] + 1).value
    True
    """
    if folds < 2:
        raise ValueError(f"folds = {folds} leaves nothing to fit to; ask for 2 or more")
    known, made = both(real=real, fake=fake, least=2 * folds)
    if not np.isfinite(made).all():
        return Estimate(math.nan, math.nan, 0.5, len(made))
    rng = np.random.default_rng(seed)
    parts = [np.array_split(rng.permutation(len(x)), folds) for x in (known, made)]
    areas, errors, fitted = [], [], []
    for out_of_real, out_of_fake in zip(*parts, strict=True):
        x = np.concatenate([np.delete(known, out_of_real, 0), np.delete(made, out_of_fake, 0)])
        y = np.arange(len(x)) >= len(known) - len(out_of_real)
        score = _fitted(x, y.astype(np.intp), classifier)
        scores = score(x)
        fitted.append(_area(real=scores[~y], fake=scores[y])[0])
        area, variance = _area(real=score(known[out_of_real]), fake=score(made[out_of_fake]))
        areas.append(area)
        errors.append(variance)
    value, known_by_heart = float(np.mean(areas)), float(np.mean(fitted))
    noise = (known_by_heart - value) / (known_by_heart - 0.5) if known_by_heart > 0.5 else 1.0
    se = math.sqrt(sum(errors) * (1 + min(max(noise, 0.0), 1.0))) / folds
    return Estimate(value, se, 0.5, len(made))


def _area(*, real: Floats, fake: Floats) -> tuple[float, float]:
    """The area under the curve of scores, and its variance."""
    below, above = _share_below(fake, real), 1 - _share_below(real, fake)
    return float(below.mean()), float(below.var(ddof=1) / len(fake) + above.var(ddof=1) / len(real))


def _share_below(x: Floats, others: Floats) -> Floats:
    """The share of the others that is below each x, ties counted half."""
    others = np.sort(others)
    both_ends = np.searchsorted(others, x, "left") + np.searchsorted(others, x, "right")
    return np.asarray(both_ends / (2 * len(others)))


def _fitted(x: Floats, y: NDArray[np.intp], classifier: Any) -> Any:
    """A function from samples [n, d] to scores [n], the higher the more like fake ones."""
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
        "give a classifier that scores"
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
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features(x), y)
    return lambda samples: model.decision_function(features(samples))


def _powers(z: Floats) -> Floats:
    if z.shape[1] > ALL_PRODUCTS:
        return np.hstack([z, z**2])
    i, j = np.triu_indices(z.shape[1])
    return np.hstack([z, z[:, i] * z[:, j]])
